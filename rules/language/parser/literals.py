"""Values that stand for themselves: numbers, texts, names, collections, closures, `new`."""

from rules.language import tree
from rules.language.errors import NotGroovy
from rules.language.parser.cursor import PRIMITIVES, RESERVED
from rules.language.parser.parts import Parts
from rules.language.parser.tokens import GSTRING, NAME, NUMBER, OP, STRING, Token


class Literals(Parts):
    """What an expression begins with."""

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
            at = token.line, token.column
            kind: tree.Expression = tree.Name(*at, type_.name)
            for _ in range(type_.dimensions):
                kind = tree.Index(*at, kind, ())
            return kind
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
            return self.anonymous(type_, arguments)
        return tree.New(token.line, token.column, type_, arguments)

    def anonymous(self, type_: tree.TypeRef, arguments: tuple[tree.Expression, ...]) -> tree.Expression:
        raise NotImplementedError

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
