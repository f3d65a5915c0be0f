"""What follows a value: properties, calls, indexes, and their arguments."""

from typing import Any

from rules.language import tree
from rules.language.parser.cursor import Cursor
from rules.language.parser.literals import Literals
from rules.language.parser.tokens import GSTRING, NAME, NEWLINE, NUMBER, OP, STRING, Token

FOLLOWS_NEWLINE = {".", "?.", "*.", ".&", ".@", "::"}


class Paths(Literals):
    """A value and every step behind it."""

    def postfix(self) -> tree.Expression:
        found = self.primary()
        length = 0
        while True:
            following = self.step(found)
            if following is None:
                return found
            found = following
            length += 1
            self.check_length(length)

    def step(self, found: tree.Expression) -> tree.Expression | None:
        """One more step of a path, None where it ends."""
        token = self.token
        if token.kind == NEWLINE:
            following = self.after_newlines()
            if following.kind == OP and following.value in FOLLOWS_NEWLINE:
                self.skip_newlines()
                return self.member(found)
            if following.kind == OP and following.value == "{" and _may_take_block(found, self):
                self.skip_newlines()
                return self.closure_argument(found)
            return None
        if token.kind != OP:
            return None
        if token.value in FOLLOWS_NEWLINE:
            return self.member(found)
        if token.value in ("[", "?["):
            return self.index(found)
        if token.value == "(":
            return self.call(found)
        if token.value == "{" and _takes_closure(found):
            return self.closure_argument(found)
        if token.value in ("++", "--"):
            self.advance()
            return tree.Increment(token.line, token.column, token.value, found, is_prefix=False)
        return None

    def member(self, target: tree.Expression) -> tree.Expression:
        operator = self.advance()
        self.skip_newlines()
        token = self.token
        if operator.value in (".&", "::"):
            name = self.advance()
            return tree.MethodPointer(name.line, name.column, target, str(name.value))
        safe, spread = operator.value == "?.", operator.value == "*."
        direct = operator.value == ".@" or self.take("@")
        name_: Any
        if self.is_op("*"):
            raise self.unexpected("a name")
        if token.kind == GSTRING:
            name_ = self.g_text(self.advance())
        elif token.kind in (NAME, STRING) and not direct:
            name_ = str(self.advance().value)
        elif self.is_op("("):
            self.advance()
            name_ = self.expression()
            self.expect(")")
        elif token.kind == NUMBER and token.number == "int":
            name_ = str(self.advance().value)
        else:
            token = self.token
            name_ = str(self.expect_name("a name after the point").value)
        return tree.Property(token.line, token.column, target, name_, safe, spread, bool(direct))

    def index(self, target: tree.Expression) -> tree.Expression:
        token = self.advance()
        items: list[tree.Expression] = []
        while not self.is_op("]"):
            items.append(self.item())
            if not self.take(","):
                break
        self.expect("]")
        return tree.Index(token.line, token.column, target, tuple(items), safe=token.value == "?[")

    def item(self) -> tree.Expression:
        """One of several values; `*x` is spread."""
        self.skip_newlines()
        token = self.token
        if self.is_op("*"):
            self.advance()
            found: tree.Expression = tree.SpreadArgument(token.line, token.column, self.expression())
        else:
            found = self.expression()
        self.skip_newlines()
        return found

    def call(self, callee: tree.Expression) -> tree.Expression:
        arguments = self.arguments()
        while self.is_op("{"):
            arguments = (*arguments, self.closure())
        return called(callee, arguments)

    def closure_argument(self, callee: tree.Expression) -> tree.Expression:
        argument = self.closure()
        if isinstance(callee, tree.Call) and not isinstance(callee.name, tree.Expression):
            callee.arguments = (*callee.arguments, argument)
            return callee
        if isinstance(callee, tree.CallValue):
            callee.arguments = (*callee.arguments, argument)
            return callee
        return called(callee, (argument,))

    def arguments(self) -> tuple[tree.Expression, ...]:
        """`(…)`: named ones become one map in front."""
        opening = self.expect("(")
        named: list[tree.MapEntry] = []
        plain: list[tree.Expression] = []
        self.skip_newlines()
        while not self.is_op(")"):
            entry = self.map_entry()
            if entry is not None:
                named.append(entry)
            else:
                plain.append(self.item())
            self.skip_newlines()
            if not self.take(","):
                break
            self.skip_newlines()
        self.expect(")")
        if named:
            return (tree.MapLiteral(opening.line, opening.column, tuple(named)), *plain)
        return tuple(plain)

    def map_entry(self) -> tree.MapEntry | None:
        """`key: value` where it stands here, else None and nothing is read."""
        token = self.token
        following = self.peek()
        has_colon = following.kind == OP and following.value == ":"
        if token.value == "*" and token.kind == OP and has_colon:
            self.at += 2
            self.skip_newlines()
            return tree.MapEntry(token.line, token.column, None, self.expression())
        key: tree.Expression
        if has_colon and token.kind in (NAME, STRING):
            self.advance()
            key = tree.Literal(token.line, token.column, str(token.value), "string")
        elif self._is_other_key(token, has_colon=has_colon):
            key = self.unary()
        else:
            return None
        self.expect(":")
        self.skip_newlines()
        return tree.MapEntry(token.line, token.column, key, self.expression())

    def _is_other_key(self, token: Token, *, has_colon: bool) -> bool:
        """A number, a text with values, `(any expression)` or a list as the key."""
        if token.kind in (NUMBER, GSTRING):
            return has_colon
        if token.kind != OP:
            return False
        if token.value in ("(", "["):
            return self._colon_after(token)
        third = self.peek(2)
        return token.value == "-" and self.peek().kind == NUMBER and third.kind == OP and third.value == ":"

    def _colon_after(self, token: Token) -> bool:
        following = self.tokens[token.partner + 1]
        return following.kind == OP and following.value == ":"


def called(callee: tree.Expression, arguments: tuple[tree.Expression, ...]) -> tree.Expression:
    """A call of what stands in front of the brackets."""
    if isinstance(callee, tree.Property) and not callee.is_direct:
        return tree.Call(callee.line, callee.column, callee.target, callee.name, arguments, callee.safe, callee.spread)
    if isinstance(callee, tree.Name):
        return tree.Call(callee.line, callee.column, None, callee.name, arguments)
    if isinstance(callee, tree.Literal) and isinstance(callee.value, str):
        return tree.Call(callee.line, callee.column, None, callee.value, arguments)
    if isinstance(callee, tree.GText):
        return tree.Call(callee.line, callee.column, None, callee, arguments)
    return tree.CallValue(callee.line, callee.column, callee, arguments)


def _takes_closure(found: tree.Expression) -> bool:
    return isinstance(found, tree.Name | tree.Property | tree.Call | tree.CallValue | tree.Index)


def _may_take_block(found: tree.Expression, cursor: Cursor) -> bool:
    """A closure on the next line belongs to a call with brackets, or to a method that was only named."""
    last = cursor.tokens[cursor.at - 1]
    if isinstance(found, tree.Property):
        return isinstance(found.name, str) and last.kind == NAME
    return isinstance(found, tree.Call) and last.kind == OP and last.value == ")"
