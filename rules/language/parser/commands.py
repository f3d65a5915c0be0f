"""Expressions as statements: calls without brackets, such as `println x`, chains of words, several targets at once."""

from typing import Any

from rules.language import tree
from rules.language.parser.cursor import RESERVED
from rules.language.parser.expressions import Expressions
from rules.language.parser.paths import called
from rules.language.parser.tokens import GSTRING, NAME, NUMBER, OP, STRING, Token


class Commands(Expressions):
    """What may follow an expression where a statement or the value of an assignment ends."""

    def with_command(self, value: tree.Expression) -> tree.Expression:
        """The expression, called with what follows it on the line; of an assignment, its value."""
        innermost: tree.Expression = value
        holder = None
        while isinstance(innermost, tree.Assign):
            holder, innermost = innermost, innermost.value
        if not self.command_follows(innermost):
            return value
        call = self.command(innermost)
        if holder is None:
            return call
        holder.value = call
        return value

    def command_follows(self, value: tree.Expression) -> bool:
        """A name or path, then the start of a value on the same line."""
        if not isinstance(value, tree.Name | tree.Property):
            return False
        token = self.token
        if token.kind in (NUMBER, STRING, GSTRING):
            return True
        if token.kind == NAME:
            return token.value not in RESERVED or token.value in ("new", "null", "true", "false")
        return False

    def command(self, callee: tree.Expression) -> tree.Expression:
        """`name argument, …` and any number of words with arguments behind it."""
        found = called(callee, self.command_arguments())
        length = 0
        while self.token.kind == NAME and self.token.value not in RESERVED:
            name = self.advance()
            step = tree.Property(name.line, name.column, found, str(name.value))
            if self.is_op("("):
                found = self.call(step)
            elif self.command_follows(step):
                found = called(step, self.command_arguments())
            else:
                found = step
            length += 1
            self.check_length(length)
        if self.token.kind in (STRING, NUMBER, GSTRING):
            raise self.unexpected("the end of the statement")
        return found

    def command_arguments(self) -> tuple[tree.Expression, ...]:
        named: list[tree.MapEntry] = []
        plain: list[tree.Expression] = []
        start = self.token
        while True:
            entry = self.map_entry()
            if entry is not None:
                named.append(entry)
            else:
                plain.append(self.expression())
            if not self.take(","):
                break
            self.skip_newlines()
        arguments: tuple[Any, ...] = tuple(plain)
        if named:
            arguments = (tree.MapLiteral(start.line, start.column, tuple(named)), *plain)
        return arguments

    def expression_statement(self) -> tree.Statement:
        token = self.token
        if token.kind == OP and token.value == "(" and self._is_multi_assign(token):
            return self.multi_assign(token)
        value = self.with_command(self.expression())
        return tree.ExpressionStatement(value.line, value.column, value)

    def _is_multi_assign(self, token: Token) -> bool:
        following = self.tokens[token.partner + 1]
        if following.kind != OP or following.value != "=":
            return False
        return any(it.kind == OP and it.value == "," for it in self.tokens[self.at : token.partner])

    def multi_assign(self, token: Token) -> tree.Statement:
        self.advance()
        targets = [self.item()]
        while self.take(","):
            targets.append(self.item())
        self.expect(")")
        self.expect("=")
        self.skip_newlines()
        value = self.with_command(self.expression())
        found = tree.MultiAssign(token.line, token.column, tuple(targets), value)
        return tree.ExpressionStatement(token.line, token.column, found)
