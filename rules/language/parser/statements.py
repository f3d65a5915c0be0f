"""Statements."""

from rules.language import tree
from rules.language.errors import NotGroovy
from rules.language.parser.cursor import MODIFIERS, RESERVED
from rules.language.parser.declarations import Declarations
from rules.language.parser.tokens import END, NAME, NEWLINE, OP, Token


class Statements(Declarations):
    """The statement half of the parser."""

    def block(self) -> tree.Block:
        self.deeper()
        opening = self.expect("{")
        statements = self.statements_until("}")
        self.expect("}")
        self.depth -= 1
        return tree.Block(opening.line, opening.column, statements)

    def statements_until(self, *ends: str) -> tuple[tree.Statement, ...]:
        found: list[tree.Statement] = []
        while True:
            while self.token.kind == NEWLINE or self.is_op(";"):
                self.advance()
            if self.token.kind == END or self.is_op("}") or self.is_word(*ends):
                return tuple(found)
            found.extend(self.statement())
            self.end_of_statement(ends)

    def end_of_statement(self, ends: tuple[str, ...]) -> None:
        token = self.token
        if token.kind in (NEWLINE, END) or self.is_op(";", "}") or self.is_word(*ends):
            return
        previous = self.tokens[self.at - 1]
        if previous.kind == OP and previous.value == "}":
            return
        raise self.unexpected("the end of the statement")

    def statement(self) -> list[tree.Statement]:
        """One statement; a declaration of several names is several."""
        self.deeper()
        outside, self.no_lambda = self.no_lambda, False
        token = self.token
        found: list[tree.Statement]
        if token.kind == NAME and token.value in _STARTS and not self._is_name_here(token):
            found = [getattr(self, _STARTS[token.value])(token)]
        elif token.kind == NAME and self.peek().value == ":" and self.peek().kind == OP and token.value not in RESERVED:
            found = [self.labeled(token)]
        elif token.kind == OP and token.value == "{" and token.arrow < 0 and not self._goes_on(token):
            found = [self.block()]
        else:
            found = self.declaration() or [self.expression_statement()]
        self.no_lambda = outside
        self.depth -= 1
        return found

    def _is_name_here(self, token: Token) -> bool:
        following = self.peek()
        if token.value in ("yield", "switch"):
            return following.kind == OP and following.value in ("=", ".", "(") and token.value == "yield"
        return False

    def _goes_on(self, token: Token) -> bool:
        """Whether a `{ … }` is no block but a closure of which something is asked at once."""
        following = self.tokens[token.partner + 1]
        return following.kind == OP and following.value in (".", "?.", "*.")

    def labeled(self, token: Token) -> tree.Statement:
        self.at += 2
        self.skip_newlines()
        inner = self.statement()
        if len(inner) != 1:
            raise NotGroovy("a label belongs to one statement", token.line, token.column)
        return tree.Labeled(token.line, token.column, token.value, inner[0])

    def body(self) -> tree.Block:
        """A block, or the one statement that stands for it."""
        self.skip_newlines()
        if self.is_op("{"):
            return self.block()
        token = self.token
        if self.take(";"):
            return tree.Block(token.line, token.column, ())
        return tree.Block(token.line, token.column, tuple(self.statement()))

    def condition(self) -> tree.Expression:
        self.expect("(")
        found = self.expression()
        self.expect(")")
        return found

    def if_(self, token: Token) -> tree.Statement:
        branches = []
        otherwise = None
        while True:
            at = self.advance()
            condition = self.condition()
            branches.append(tree.Branch(at.line, at.column, condition, self.body()))
            if not self._else_follows():
                break
            if not self.is_word("if"):
                otherwise = self.body()
                break
        return tree.If(token.line, token.column, tuple(branches), otherwise)

    def _else_follows(self) -> bool:
        """Go over `else`, over line ends and one `;` before it."""
        index = self.at
        while self.tokens[index].kind == NEWLINE or (self.tokens[index].value == ";" and index == self.at):
            index += 1
        if self.tokens[index].kind != NAME or self.tokens[index].value != "else":
            return False
        self.at = index + 1
        if self.token.kind == NEWLINE and self.after_newlines().value in ("{", "if"):
            self.skip_newlines()
        return True

    def while_(self, token: Token) -> tree.Statement:
        self.advance()
        condition = self.condition()
        return tree.While(token.line, token.column, condition, self.body())

    def do(self, token: Token) -> tree.Statement:
        self.advance()
        body = self.body()
        self.skip_newlines()
        if not self.take_word("while"):
            raise self.unexpected("'while'")
        return tree.DoWhile(token.line, token.column, body, self.condition())

    def for_(self, token: Token) -> tree.Statement:
        self.advance()
        opening = self.token
        self.expect("(")
        index = self._for_in(opening)
        if index >= 0:
            return self.for_in(token, index)
        start: list[tree.Statement] = []
        if self.token.kind == NAME and self.peek().value == "," and self.peek(2).kind == NAME:
            comma = self.peek()
            message = "a for loop has one name; for two write 'map.each { key, value -> … }'"
            raise NotGroovy(message, comma.line, comma.column)
        if not self.is_op(";"):
            start = self.for_parts()
        self.expect(";")
        condition = None if self.is_op(";") else self.expression()
        self.expect(";")
        update: list[tree.Expression] = []
        while not self.is_op(")"):
            update.append(self.expression())
            if not self.take(","):
                break
        self.expect(")")
        return tree.ForClassic(token.line, token.column, tuple(start), condition, tuple(update), self.body())

    def for_parts(self) -> list[tree.Statement]:
        found = self.declaration()
        if found:
            return found
        while True:
            value = self.expression()
            found.append(tree.ExpressionStatement(value.line, value.column, value))
            if not self.take(","):
                return found

    def _for_in(self, opening: Token) -> int:
        """The index of the `in` or `:` of a for-in, or -1."""
        index = self.at
        while self.tokens[index].kind == NAME and self.tokens[index].value in MODIFIERS:
            index += 1
        after_type = self.skip_type(index)
        for candidate in (after_type, index):
            if candidate < 0 or self.tokens[candidate].kind != NAME:
                continue
            following = self.tokens[candidate + 1]
            if following.value in ("in", ":") and following.kind in (NAME, OP) and candidate + 1 < opening.partner:
                return candidate + 1
        return -1

    def for_in(self, token: Token, index: int) -> tree.Statement:
        while self.is_word(*MODIFIERS) and self.at < index - 1:
            self.advance()
        type_ = self.type_ref() if self.at < index - 1 else None
        name = self.expect_name()
        self.advance()
        value = self.expression()
        self.expect(")")
        return tree.ForIn(token.line, token.column, type_, name.value, value, self.body())

    def switch_(self, token: Token) -> tree.Statement:
        return self.switch(is_value=False)

    def switch(self, *, is_value: bool) -> tree.Statement:
        token = self.advance()
        subject = self.condition()
        self.skip_newlines()
        self.expect("{")
        cases: list[tree.Case] = []
        self.skip_newlines()
        while not self.is_op("}"):
            cases.extend(self.cases(is_value))
            while self.token.kind == NEWLINE or self.is_op(";"):
                self.advance()
        self.expect("}")
        return tree.Switch(token.line, token.column, subject, tuple(cases))

    def cases(self, is_value: bool) -> list[tree.Case]:
        """One label with its statements; `case a, b ->` is two labels."""
        token = self.token
        values: list[tree.Expression | None] = []
        if self.take_word("default"):
            values.append(None)
        elif self.take_word("case"):
            self.no_lambda = True
            values.append(self.expression())
            while self.take(","):
                self.skip_newlines()
                values.append(self.expression())
            self.no_lambda = False
        else:
            raise self.unexpected("'case'")
        if self.take("->"):
            statements = self.arrow_body(token, is_value)
        else:
            self.expect(":")
            statements = self.statements_until("case", "default")
        labels = [tree.Case(token.line, token.column, value, ()) for value in values[:-1]]
        return [*labels, tree.Case(token.line, token.column, values[-1], statements)]

    def arrow_body(self, token: Token, is_value: bool) -> tuple[tree.Statement, ...]:
        self.skip_newlines()
        if self.is_op("{"):
            block = self.block()
            return (block, tree.Break(token.line, token.column, None))
        if self.is_word("throw"):
            return tuple(self.statement())
        value = self.expression()
        if is_value:
            return (tree.Return(value.line, value.column, value),)
        return (tree.ExpressionStatement(value.line, value.column, value), tree.Break(token.line, token.column, None))

    def yield_(self, token: Token) -> tree.Statement:
        self.advance()
        return tree.Return(token.line, token.column, self.expression())

    def return_(self, token: Token) -> tree.Statement:
        self.advance()
        ends = self.token.kind in (NEWLINE, END) or self.is_op(";", "}")
        return tree.Return(token.line, token.column, None if ends else self.expression())

    def break_(self, token: Token) -> tree.Statement:
        self.advance()
        return tree.Break(token.line, token.column, self.label())

    def continue_(self, token: Token) -> tree.Statement:
        self.advance()
        return tree.Continue(token.line, token.column, self.label())

    def label(self) -> str | None:
        if self.token.kind == NAME and self.token.value not in RESERVED:
            return str(self.advance().value)
        return None

    def throw(self, token: Token) -> tree.Statement:
        self.advance()
        return tree.Throw(token.line, token.column, self.expression())

    def try_(self, token: Token) -> tree.Statement:
        self.advance()
        if self.is_op("("):
            raise NotGroovy("try with resources is not part of rules", token.line, token.column)
        body = self.body()
        catches = []
        while self.after_newlines().kind == NAME and self.after_newlines().value == "catch":
            self.skip_newlines()
            catches.append(self.catch())
        last = None
        if self.after_newlines().kind == NAME and self.after_newlines().value == "finally":
            self.skip_newlines()
            self.advance()
            last = self.body()
        if not catches and last is None:
            raise self.unexpected("'catch' or 'finally'")
        return tree.Try(token.line, token.column, body, tuple(catches), last)

    def catch(self) -> tree.Catch:
        token = self.advance()
        self.expect("(")
        self.take_word("final")
        self.take_word("def")
        types: list[tree.TypeRef] = []
        while not (self.token.kind == NAME and self.peek().value == ")" and not (types and self._after_bar())):
            types.append(self.type_ref())
            if not self.take("|"):
                break
        name = self.expect_name()
        self.expect(")")
        return tree.Catch(token.line, token.column, tuple(types), name.value, self.body())

    def _after_bar(self) -> bool:
        return bool(self.tokens[self.at - 1].value == "|")

    def assert_(self, token: Token) -> tree.Statement:
        self.advance()
        start = self.token.start
        condition = self.expression()
        end = self.tokens[self.at - 1].end
        message = None
        if self.is_op(":", ","):
            self.advance()
            self.skip_newlines()
            message = self.expression()
        return tree.Assert(token.line, token.column, condition, message, self.source_text(start, end))

    def source_text(self, start: int, end: int) -> str:
        raise NotImplementedError

    def class_here(self, token: Token) -> tree.Statement:
        raise NotGroovy("classes belong at the top level of the rule", token.line, token.column)

    def import_(self, token: Token) -> tree.Statement:
        raise NotGroovy("imports belong at the top level", token.line, token.column)


_STARTS = {
    "if": "if_",
    "while": "while_",
    "do": "do",
    "for": "for_",
    "switch": "switch_",
    "return": "return_",
    "break": "break_",
    "continue": "continue_",
    "throw": "throw",
    "try": "try_",
    "assert": "assert_",
    "yield": "yield_",
    "import": "import_",
    "class": "class_here",
    "interface": "class_here",
    "enum": "class_here",
}
