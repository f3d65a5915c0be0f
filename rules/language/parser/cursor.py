"""Walking over tokens: looking ahead, expecting, counting depth."""

from rules.language.errors import NotGroovy, TooMuch
from rules.language.limits import DEFAULT
from rules.language.parser.tokens import END, GSTRING, NAME, NEWLINE, NUMBER, OP, STRING, Token

PRIMITIVES = {"int", "long", "short", "byte", "double", "float", "boolean", "char", "void"}
MODIFIERS = {"def", "var", "final", "static", "private", "public", "protected", "abstract", "synchronized", "transient"}
RESERVED = {
    "if", "else", "for", "while", "do", "switch", "case", "default", "break", "continue", "return", "throw", "try",
    "catch", "finally", "assert", "class", "interface", "enum", "trait", "import", "package", "new", "in",
    "instanceof", "as", "extends", "implements", "throws", "null", "true", "false", "const", "goto",
} | (MODIFIERS - {"var"})  # fmt: skip
_OVER_LINES = frozenset((")", "]", "}", "{", ":", "->"))


class Cursor:
    """A position in the tokens. The nested parsers of one rule share how deep they are."""

    def __init__(self, tokens: list[Token], depth: int = 0) -> None:
        self.tokens = tokens
        self.at = 0
        self.last = len(tokens) - 1
        self.depth = depth
        self.no_lambda = False

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def peek(self, ahead: int = 1) -> Token:
        return self.tokens[min(self.at + ahead, self.last)]

    def is_op(self, *values: str) -> bool:
        token = self.tokens[self.at]
        return token.kind == OP and token.value in values

    def is_word(self, *values: str) -> bool:
        token = self.tokens[self.at]
        return token.kind == NAME and token.value in values

    def advance(self) -> Token:
        token = self.tokens[self.at]
        if token.kind != END:
            self.at += 1
        return token

    def take(self, value: str) -> bool:
        """Go over an operator if it stands here."""
        if self.is_op(value):
            self.advance()
            return True
        return False

    def take_word(self, value: str) -> bool:
        if self.is_word(value):
            self.advance()
            return True
        return False

    def expect(self, value: str) -> Token:
        """Go over an operator that has to stand here. Raises NotGroovy."""
        if value in _OVER_LINES:
            self.skip_newlines()
        if not self.is_op(value):
            raise self.unexpected(f"'{value}'")
        return self.advance()

    def expect_name(self, what: str = "a name") -> Token:
        if self.token.kind != NAME:
            raise self.unexpected(what)
        return self.advance()

    def unexpected(self, wanted: str = "") -> NotGroovy:
        token = self.token
        shown = {END: "the end", NEWLINE: "the end of the line", STRING: "a text", GSTRING: "a text"}.get(token.kind)
        if shown is None:
            shown = "a number" if token.kind == NUMBER else f"'{token.value}'"
        message = f"expected {wanted} but found {shown}" if wanted else f"unexpected {shown}"
        return NotGroovy(message, token.line, token.column)

    def skip_newlines(self) -> None:
        while self.tokens[self.at].kind == NEWLINE:
            self.at += 1

    def after_newlines(self) -> Token:
        """The next token that is no line end, without going there."""
        index = self.at
        while self.tokens[index].kind == NEWLINE:
            index += 1
        return self.tokens[index]

    def deeper(self) -> None:
        """Count one more level. Raises TooMuch."""
        self.depth += 1
        if self.depth > DEFAULT.nesting:
            raise TooMuch("the rule is nested too deeply", self.token.line, self.token.column)

    def check_length(self, length: int) -> None:
        """Refuse a path of that many steps. Raises TooMuch."""
        if length > DEFAULT.path_length:
            raise TooMuch("the expression has too many steps", self.token.line, self.token.column)

    def skip_type(self, index: int) -> int:
        """The index after a type that begins at `index`, or -1 where none does."""
        tokens = self.tokens
        if tokens[index].kind != NAME or tokens[index].value in RESERVED:
            return -1
        index += 1
        while tokens[index].kind == OP and tokens[index].value == "." and tokens[index + 1].kind == NAME:
            index += 2
        if tokens[index].kind == OP and tokens[index].value == "<":
            index = self.skip_generics(index)
            if index < 0:
                return -1
        while tokens[index].value == "[" and tokens[index].kind == OP and tokens[index].partner == index + 1:
            index += 2
        return index

    def skip_generics(self, index: int) -> int:
        """The index after `<…>`, or -1 where this is a comparison."""
        level = 0
        for position in range(index, min(index + 60, len(self.tokens))):
            token = self.tokens[position]
            if token.kind == OP and token.value == "<":
                level += 1
            elif token.kind == OP and token.value == ">":
                level -= 1
                if level == 0:
                    return position + 1
            elif not (token.kind == NAME or (token.kind == OP and token.value in (",", ".", "?", "[", "]", "&"))):
                return -1
        return -1

    def type_name(self, start: int) -> str:
        """The name of the type that begins at `start`, without generics."""
        parts = [str(self.tokens[start].value)]
        index = start + 1
        while self.tokens[index].kind == OP and self.tokens[index].value == "." and self.tokens[index + 1].kind == NAME:
            parts.append(str(self.tokens[index + 1].value))
            index += 2
        return ".".join(parts)
