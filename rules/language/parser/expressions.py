"""Expressions by binding strength."""

from typing import Any

from rules.language import tree
from rules.language.errors import NotGroovy
from rules.language.parser.cursor import PRIMITIVES, RESERVED, Cursor
from rules.language.parser.tokens import GSTRING, NAME, NEWLINE, NUMBER, OP, STRING, Token

ASSIGNMENTS = {"=", "+=", "-=", "*=", "/=", "%=", "**=", "<<=", ">>=", ">>>=", "&=", "|=", "^=", "?="}
LEVELS: dict[str, int] = {}
for _level, _operators in enumerate(
    ("||", "&&", "|", "^", "&", "=~ ==~", "== != <=> === !==", "< > <= >= in !in", "instanceof !instanceof as",
     "<< >> >>> .. ..< <.. <..<", "+ -", "* / %")
):  # fmt: skip
    for _operator in _operators.split():
        LEVELS[_operator] = _level
NESTING = {"as", "instanceof", "!instanceof", "..", "..<", "<..", "<..<"}
FOLLOWS_NEWLINE = {".", "?.", "*.", ".&", ".@", "::"}


class Expressions(Cursor):
    """The expression half of the parser."""

    def expression(self) -> tree.Expression:
        """A whole expression, assignments included."""
        self.deeper()
        found = self.lambda_() or self.ternary()
        operator = self.assignment_operator()
        if operator is not None:
            at = self.token
            self.at += operator[1]
            self.skip_newlines()
            if not isinstance(found, tree.Name | tree.Property | tree.Index):
                message = f"a value stands in front of '{operator[0]}' that cannot be set"
                raise NotGroovy(message, at.line, at.column)
            found = tree.Assign(at.line, at.column, operator[0], found, self.expression())
        self.depth -= 1
        return found

    def assignment_operator(self) -> tuple[str, int] | None:
        if self.token.kind != OP:
            return None
        text, count = self.joined()
        return (text, count) if text in ASSIGNMENTS else None

    def joined(self) -> tuple[str, int]:
        """The operator here and how many tokens it takes: `>` is read singly because of generics."""
        text, count = self.token.value, 1
        while text in (">", ">>") or (text == "<.." and count == 1):
            following = self.peek(count)
            adjacent = following.kind == OP and following.start == self.peek(count - 1).end
            if not adjacent or following.value not in ((">", ">=") if text[0] == ">" else ("<",)):
                break
            text += following.value
            count += 1
        return text, count

    def lambda_(self) -> tree.Expression | None:
        """`x -> …` and `(a, b) -> …`."""
        token = self.token
        if self.no_lambda:
            return None
        if token.kind == NAME and token.value not in RESERVED and self.peek().value == "->" and self.peek().kind == OP:
            self.advance()
            parameters = [tree.Parameter(token.line, token.column, token.value)]
        elif token.value == "(" and token.kind == OP and self.tokens[token.partner + 1].value == "->":
            self.advance()
            parameters = self.parameters(")")
            self.expect(")")
        else:
            return None
        self.advance()
        return self.lambda_body(token, tuple(parameters))

    def lambda_body(self, token: Token, parameters: tuple[tree.Parameter, ...]) -> tree.Expression:
        self.skip_newlines()
        if self.is_op("{"):
            body = self.block()
        else:
            value = self.expression()
            body = tree.Block(value.line, value.column, (tree.ExpressionStatement(value.line, value.column, value),))
        return tree.ClosureLiteral(token.line, token.column, parameters, body, is_lambda=True)

    def parameters(self, end: str) -> list[tree.Parameter]:
        raise NotImplementedError

    def block(self) -> tree.Block:
        raise NotImplementedError

    def statements_until(self, *ends: str) -> tuple[tree.Statement, ...]:
        raise NotImplementedError

    def switch(self, *, is_value: bool) -> tree.Statement:
        raise NotImplementedError

    def ternary(self) -> tree.Expression:
        condition = self.binary(0)
        following = self.after_newlines()
        if following.kind != OP or following.value not in ("?", "?:"):
            return condition
        self.skip_newlines()
        at = self.advance()
        self.skip_newlines()
        if at.value == "?:":
            return tree.Elvis(at.line, at.column, condition, self.branch())
        outside, self.no_lambda = self.no_lambda, self.no_lambda
        yes = self.branch()
        self.no_lambda = outside
        self.expect(":")
        self.skip_newlines()
        return tree.Ternary(condition.line, condition.column, condition, yes, self.branch())

    def branch(self) -> tree.Expression:
        """What stands behind `?`, `:` and `?:`."""
        self.deeper()
        found = self.lambda_() or self.ternary()
        if self.assignment_operator() is not None and self.token.value == "=":
            raise self.unexpected()
        self.depth -= 1
        return found

    def operator_here(self) -> tuple[str, int, int]:
        """The binary operator ahead, how many tokens it takes, and how many line ends stand before it."""
        skipped = 0
        token = self.token
        if token.kind == NEWLINE:
            index = self.at
            while self.tokens[index].kind == NEWLINE:
                index += 1
            following = self.tokens[index]
            if following.kind not in (OP, NAME) or following.value not in LEVELS or following.value in ("+", "-"):
                return "", 0, 0
            skipped = index - self.at
            token = following
        outside, self.at = self.at, self.at + skipped
        text, count = self.word_operator(token) if token.kind == NAME or token.value == "!" else self.joined_or_none()
        self.at = outside
        return text, count, skipped

    def joined_or_none(self) -> tuple[str, int]:
        if self.token.kind != OP:
            return "", 0
        text, count = self.joined()
        return (text, count) if text in LEVELS else ("", 0)

    def word_operator(self, token: Token) -> tuple[str, int]:
        if token.kind == NAME:
            return (token.value, 1) if token.value in ("in", "instanceof", "as") else ("", 0)
        following = self.peek()
        if following.kind == NAME and following.value in ("in", "instanceof") and following.start == token.end:
            return "!" + following.value, 2
        return "", 0

    def binary(self, level: int) -> tree.Expression:
        """Operators of this binding strength and tighter ones, by climbing."""
        left = self.unary()
        return self.climb(left, level)

    def climb(self, left: tree.Expression, level: int) -> tree.Expression:
        """Operators of one strength in a row are kept in `links` and become one flat node."""
        links: list[tree.Link] = []
        strength = -1
        nested = 0
        while True:
            text, count, skipped = self.operator_here()
            mine = LEVELS.get(text, -1)
            if links and (mine != strength or text in NESTING):
                left, links = folded(left, links), []
            if mine < level:
                return left
            if text in ("&&", "||"):
                left = self.logical(left, text)
                continue
            self.at += skipped
            at = self.token
            self.at += count
            self.skip_newlines()
            if text in NESTING:
                nested += 1
                self.check_length(nested)
                left = self.nesting(left, text, at)
                continue
            right = self.climb(self.unary(), mine + 1)
            links.append(tree.Link(at.line, at.column, text, right))
            strength = mine

    def nesting(self, left: tree.Expression, text: str, at: Token) -> tree.Expression:
        """Operators that cannot be kept flat: types and ranges."""
        if ".." not in text:
            return self.typed(left, text, at)
        right = self.climb(self.unary(), LEVELS[text] + 1)
        return tree.RangeLiteral(
            at.line, at.column, left, right, excludes_last=text.endswith("<"), excludes_first=text.startswith("<")
        )

    def logical(self, left: tree.Expression, text: str) -> tree.Expression:
        operands = [left]
        level = LEVELS[text] + 1
        place = self.after_newlines()
        while True:
            following, _, skipped = self.operator_here()
            if following != text:
                break
            self.at += skipped + 1
            self.skip_newlines()
            operands.append(self.climb(self.unary(), level))
        return tree.Logical(place.line, place.column, text, tuple(operands))

    def typed(self, left: tree.Expression, text: str, at: Token) -> tree.Expression:
        type_ = self.type_ref()
        if text == "as":
            return tree.Cast(at.line, at.column, type_, left, is_as=True)
        return tree.InstanceOf(at.line, at.column, left, type_, negated=text[0] == "!")

    def type_ref(self) -> tree.TypeRef:
        start = self.token
        end = self.skip_type(self.at)
        if end < 0:
            raise self.unexpected("a type")
        name = self.type_name(self.at)
        dimensions = 0
        index = end
        while index - 2 >= self.at and self.tokens[index - 1].value == "]" and self.tokens[index - 2].value == "[":
            dimensions += 1
            index -= 2
        self.at = end
        return tree.TypeRef(start.line, start.column, name, dimensions)

    def unary(self) -> tree.Expression:
        token = self.token
        if token.kind == OP and token.value in ("!", "~", "-", "+", "++", "--"):
            self.deeper()
            found = self.prefixed(token)
            self.depth -= 1
            return found
        if token.kind == OP and token.value == "(" and self.is_cast():
            self.deeper()
            self.advance()
            type_ = self.type_ref()
            self.expect(")")
            found = tree.Cast(token.line, token.column, type_, self.unary(), is_as=False)
            self.depth -= 1
            return found
        return self.power(self.postfix())

    def prefixed(self, token: Token) -> tree.Expression:
        self.advance()
        if token.value in ("++", "--"):
            return tree.Increment(token.line, token.column, token.value, self.unary(), is_prefix=True)
        if token.value in ("-", "+"):
            operand = self.unary()
            if token.value == "-" and isinstance(operand, tree.Literal):
                return negative(operand, token)
            return tree.Unary(token.line, token.column, token.value, operand)
        # `!a ** b` negates a alone; `! ~` bind tighter than the power.
        return self.power(tree.Unary(token.line, token.column, token.value, self.tight()))

    def tight(self) -> tree.Expression:
        """The operand of `!` and `~`."""
        token = self.token
        if (token.kind == OP and token.value in ("!", "~", "-", "+", "++", "--")) or (
            token.kind == OP and token.value == "(" and self.is_cast()
        ):
            return self.unary()
        return self.postfix()

    def power(self, left: tree.Expression) -> tree.Expression:
        links: list[tree.Link] = []
        while self.is_op("**"):
            at = self.advance()
            self.skip_newlines()
            links.append(tree.Link(at.line, at.column, "**", self.power_operand()))
        return folded(left, links) if links else left

    def power_operand(self) -> tree.Expression:
        if self.is_op("-", "+", "!", "~"):
            token = self.token
            self.deeper()
            self.advance()
            found: tree.Expression = tree.Unary(token.line, token.column, token.value, self.power_operand())
            if token.value == "-" and isinstance(found, tree.Unary) and isinstance(found.operand, tree.Literal):
                found = negative(found.operand, token)
            self.depth -= 1
            return found
        return self.postfix()

    def is_cast(self) -> bool:
        """Whether the bracket here holds the type of a cast."""
        opening = self.at
        end = self.skip_type(opening + 1)
        partner = self.tokens[opening].partner
        if end < 0 or end != partner:
            return False
        name = self.type_name(opening + 1)
        following = self.tokens[partner + 1]
        if following.kind == NAME:
            fits = following.value not in RESERVED or following.value in ("new", "null", "true", "false", "switch")
        else:
            allowed = ("(", "[", "{", "!", "~") + (("-", "+", "++", "--") if name in PRIMITIVES else ())
            fits = following.kind in (NUMBER, STRING, GSTRING) or (following.kind == OP and following.value in allowed)
        last = name.rpartition(".")[2]
        return fits and (name in PRIMITIVES or last[:1].isupper())

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

    def primary(self) -> tree.Expression:
        token = self.token
        if token.kind == NUMBER:
            self.advance()
            return tree.Literal(token.line, token.column, token.value, token.number)
        if token.kind == STRING:
            self.advance()
            return tree.Literal(token.line, token.column, token.value, "string")
        if token.kind == GSTRING:
            return self.g_text(self.advance())
        if token.kind == NAME:
            return self.word(token)
        if token.kind == OP and token.value == "(":
            self.deeper()
            self.advance()
            outside, self.no_lambda = self.no_lambda, False
            self.skip_newlines()
            found = self.expression()
            self.no_lambda = outside
            self.expect(")")
            self.depth -= 1
            return found
        if token.kind == OP and token.value == "[":
            return self.collection()
        if token.kind == OP and token.value == "{":
            return self.closure()
        raise self.unexpected("a value")

    def word(self, token: Token) -> tree.Expression:
        text = token.value
        if text == "new":
            return self.new()
        if text == "switch" and self.peek().value == "(":
            return self.switch_value(token)
        if text in ("null", "true", "false"):
            self.advance()
            value = {"null": None, "true": True, "false": False}[text]
            return tree.Literal(token.line, token.column, value, "null" if value is None else "boolean")
        if text in RESERVED:
            raise self.unexpected("a value")
        self.advance()
        if text in PRIMITIVES and self.is_op("[") and self.peek().value == "]":
            self.at -= 1
            type_ = self.type_ref()
            return tree.Property(token.line, token.column, tree.Name(token.line, token.column, type_.name), "class")
        return tree.Name(token.line, token.column, text)

    def switch_value(self, token: Token) -> tree.Expression:
        body = self.switch(is_value=True)
        block = tree.Block(token.line, token.column, (body,))
        literal = tree.ClosureLiteral(token.line, token.column, (), block)
        return tree.CallValue(token.line, token.column, literal, ())

    def new(self) -> tree.Expression:
        token = self.advance()
        end = self.skip_type(self.at)
        start = self.token
        if start.kind != NAME:
            raise self.unexpected("a class name")
        if end < 0:
            raise self.unexpected("a class name")
        dimensions_before = self.at
        type_ = self.type_ref()
        if type_.dimensions and self.is_op("{"):
            return self.array_items(token, type_)
        if self.is_op("["):
            return self.array_sizes(token, type_)
        if not self.is_op("("):
            self.at = dimensions_before
            raise self.unexpected("a class name and its arguments")
        arguments = self.arguments()
        if self.is_op("{"):
            raise NotGroovy("anonymous classes are not part of rules", self.token.line, self.token.column)
        return tree.New(token.line, token.column, type_, arguments)

    def array_items(self, token: Token, type_: tree.TypeRef) -> tree.Expression:
        self.advance()
        items: list[tree.Expression] = []
        self.skip_newlines()
        while not self.is_op("}"):
            items.append(self.item())
            if not self.take(","):
                break
            self.skip_newlines()
        self.expect("}")
        return tree.NewArray(token.line, token.column, type_, (), tuple(items))

    def array_sizes(self, token: Token, type_: tree.TypeRef) -> tree.Expression:
        sizes = []
        dimensions = 0
        while self.is_op("["):
            self.advance()
            if not self.is_op("]"):
                sizes.append(self.expression())
            self.expect("]")
            dimensions += 1
        return tree.NewArray(
            token.line, token.column, tree.TypeRef(type_.line, type_.column, type_.name, dimensions), tuple(sizes)
        )

    def collection(self) -> tree.Expression:
        """`[…]` as a list or a map."""
        self.deeper()
        token = self.advance()
        outside, self.no_lambda = self.no_lambda, False
        found = self.collection_body(token)
        self.no_lambda = outside
        self.depth -= 1
        return found

    def collection_body(self, token: Token) -> tree.Expression:
        if self.is_op(":"):
            self.advance()
            self.expect("]")
            return tree.MapLiteral(token.line, token.column, ())
        entries: list[tree.MapEntry] = []
        items: list[tree.Expression] = []
        while not self.is_op("]"):
            entry = self.map_entry()
            if entry is not None:
                entries.append(entry)
            else:
                items.append(self.item())
            if not self.take(","):
                break
        self.expect("]")
        if entries and items:
            raise NotGroovy("a list and a map in one", token.line, token.column)
        if entries:
            return tree.MapLiteral(token.line, token.column, tuple(entries))
        return tree.ListLiteral(token.line, token.column, tuple(items))

    def closure(self) -> tree.ClosureLiteral:
        self.deeper()
        opening = self.expect("{")
        outside, self.no_lambda = self.no_lambda, False
        parameters: tuple[tree.Parameter, ...] | None = None
        if opening.arrow >= 0:
            self.skip_newlines()
            parameters = tuple(self.parameters("->"))
            self.expect("->")
        statements = self.statements_until("}")
        self.expect("}")
        self.no_lambda = outside
        self.depth -= 1
        block = tree.Block(opening.line, opening.column, statements)
        return tree.ClosureLiteral(opening.line, opening.column, parameters, block)

    def g_text(self, token: Token) -> tree.Expression:
        parts: list[str | tree.Expression] = []
        for part in token.value:
            parts.append(part if isinstance(part, str) else self.embedded(part))
        return tree.GText(token.line, token.column, tuple(part for part in parts if part != ""))

    def embedded(self, part: tuple[bool, list[Token]]) -> tree.Expression:
        is_closure, tokens = part
        inner = type(self)(tokens, self.depth)
        inner.deeper()
        if is_closure:
            return inner.closure()
        braces = inner.is_op("{")
        if braces:
            inner.advance()
        inner.skip_newlines()
        if braces and inner.is_op("}"):
            return tree.Literal(tokens[0].line, tokens[0].column, None, "null")
        found = inner.expression()
        inner.skip_newlines()
        if braces:
            inner.expect("}")
        return found


def folded(left: tree.Expression, links: list[tree.Link]) -> tree.Expression:
    """`left` with one or more operators behind it."""
    if len(links) == 1:
        return tree.Binary(links[0].line, links[0].column, links[0].op, left, links[0].right)
    return tree.Chain(left.line, left.column, left, tuple(links))


def negative(operand: tree.Literal, token: Token) -> tree.Expression:
    """A number with its sign."""
    value: Any = operand.value
    if operand.kind == "long" and value == 2**31:
        return tree.Literal(token.line, token.column, -value, "int")
    if operand.kind == "bigint" and value == 2**63:
        return tree.Literal(token.line, token.column, -value, "long")
    return tree.Unary(token.line, token.column, "-", operand)


def called(callee: tree.Expression, arguments: tuple[tree.Expression, ...]) -> tree.Expression:
    """A call of what stands in front of the brackets."""
    if isinstance(callee, tree.Property) and not callee.is_direct:
        return tree.Call(callee.line, callee.column, callee.target, callee.name, arguments, callee.safe, callee.spread)
    if isinstance(callee, tree.Name):
        return tree.Call(callee.line, callee.column, None, callee.name, arguments)
    return tree.CallValue(callee.line, callee.column, callee, arguments)


def _takes_closure(found: tree.Expression) -> bool:
    return isinstance(found, tree.Name | tree.Property | tree.Call | tree.CallValue | tree.Index)


def _may_take_block(found: tree.Expression, cursor: Cursor) -> bool:
    """A closure on the next line belongs to a call with brackets."""
    last = cursor.tokens[cursor.at - 1]
    return isinstance(found, tree.Call) and last.kind == OP and last.value == ")"
