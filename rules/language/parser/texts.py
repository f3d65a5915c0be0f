"""Quoted texts: escapes, and what is interpolated."""

import re
from typing import TYPE_CHECKING, Any

from rules.language.errors import NotGroovy
from rules.language.parser.tokens import DOTTED, END, NAME, OP, Token

if TYPE_CHECKING:
    from rules.language.parser.lexer import Lexer

_ESCAPES = {
    "n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "s": " ", "\\": "\\", "'": "'", '"': '"', "$": "$",
    "\n": "",
}  # fmt: skip
_UNICODE = re.compile(r"\\u+([0-9a-fA-F]{4})")
_OCTAL = re.compile(r"[0-3]?[0-7]{1,2}")
_NEVER_NAMES = ("null", "true", "false")
# What needs no closer look, by the quote that ends the text.
_CHUNKS = {
    "'": re.compile(r"[^'\\\n]+"),
    '"': re.compile(r'[^"\\\n$]+'),
    "'''": re.compile(r"[^'\\]+"),
    '"""': re.compile(r'[^"\\$]+'),
    "/": re.compile(r"[^/\\$]+"),
    "/$": re.compile(r"[^/\\$]+"),
}


class TextReader:
    """Reads from behind the opening quote to behind the closing one, and moves the lexer along."""

    def __init__(self, lexer: "Lexer", opening: str, closing: str, start: int) -> None:
        self.lexer = lexer
        self.source = lexer.source
        self.closing = closing
        self.start = start
        self.chunks = _CHUNKS[closing]
        self.has_escapes = closing[0] in "'\""
        self.one_line = closing in ("'", '"')
        self.interpolates = closing[0] != "'"
        self.text: list[str] = []
        self.parts: list[Any] = []
        self.counted = start

    def run(self) -> list[Any]:
        """Texts and interpolated tokens in order; a single text for a plain one. Raises NotGroovy and TooMuch."""
        lexer = self.lexer
        while True:
            found = self.chunks.match(self.source, lexer.at)
            if found is not None:
                self.text.append(found.group())
                lexer.at = found.end()
            if self.source.startswith(self.closing, lexer.at):
                break
            self.special(self.source[lexer.at : lexer.at + 1])
        lexer.at += len(self.closing)
        self.count_lines()
        self.flush()
        return self.parts or [""]

    def special(self, character: str) -> None:
        if not character or (character == "\n" and self.one_line):
            raise self.lexer.fail("the text is never closed", self.start)
        if character == "\\":
            self.backslash()
        elif character == "$" and self.interpolates:
            self.dollar()
        else:
            self.literal(character, 1)

    def literal(self, text: str, length: int) -> None:
        self.text.append(text)
        self.lexer.at += length

    def count_lines(self) -> None:
        self.lexer.lines_passed(self.counted, self.lexer.at)
        self.counted = self.lexer.at

    def flush(self) -> None:
        if self.text:
            self.parts.append("".join(self.text))
            self.text = []

    def backslash(self) -> None:
        lexer = self.lexer
        following = self.source[lexer.at + 1 : lexer.at + 2]
        if following == "u":
            self.unicode()
        elif not self.has_escapes:
            is_slash = following == "/" and self.closing == "/"
            self.literal("/" if is_slash else "\\", 2 if is_slash else 1)
        elif following in _ESCAPES:
            self.literal(_ESCAPES[following], 2)
        elif (octal := _OCTAL.match(self.source, lexer.at + 1)) is not None:
            self.literal(chr(int(octal.group(), 8)), 1 + len(octal.group()))
        else:
            raise lexer.fail(f"'\\{following}' means nothing in a text; a backslash itself is written '\\\\'", lexer.at)

    def unicode(self) -> None:
        digits = _UNICODE.match(self.source, self.lexer.at)
        if digits is None:
            if not self.has_escapes:
                self.literal("\\", 1)
                return
            raise self.lexer.fail("'\\u' needs four hexadecimal digits", self.lexer.at)
        code = chr(int(digits.group(1), 16))
        if self.text and "\ud800" <= self.text[-1][-1:] <= "\udbff" and "\udc00" <= code <= "\udfff":
            high = self.text.pop()
            code = high[:-1] + (high[-1] + code).encode("utf-16-le", "surrogatepass").decode("utf-16-le")
        self.literal(code, digits.end() - self.lexer.at)

    def dollar(self) -> None:
        lexer = self.lexer
        following = self.source[lexer.at + 1 : lexer.at + 2]
        if self.closing == "/$" and following in ("$", "/"):
            self.literal(following, 2)
        elif following == "{":
            self.braces()
        elif (name := DOTTED.match(self.source, lexer.at + 1)) is not None:
            self.named(name.group())
        elif self.has_escapes:
            raise lexer.fail(
                "a '$' in double quotes needs a name or '{' behind it; as a character write '\\$'", lexer.at
            )
        else:
            self.literal("$", 1)

    def named(self, path: str) -> None:
        """`$a.b`: a path of names."""
        self.flush()
        self.count_lines()
        lexer = self.lexer
        start = lexer.at + 1
        lexer.at = self.counted = start + len(path)
        tokens: list[Token] = []
        if path.split(".")[0] in _NEVER_NAMES:
            # `$null` is no value but a property of that name.
            tokens.append(self.token(NAME, "this", start - 1, start))
        for word in path.split("."):
            if tokens:
                tokens.append(self.token(OP, ".", start - 1, start))
            tokens.append(self.token(NAME, word, start, start + len(word)))
            start += len(word) + 1
        tokens.append(self.token(END, "", lexer.at, lexer.at))
        self.parts.append((False, tokens))

    def token(self, kind: str, value: str, start: int, end: int) -> Token:
        return Token(kind, value, self.lexer.line, start - self.lexer.line_start + 1, start, end)

    def braces(self) -> None:
        """`${…}`: any expression, or a closure."""
        self.flush()
        lexer = self.lexer
        place = lexer.at
        lexer.at += 1
        lexer.lines_passed(self.counted, lexer.at)
        try:
            tokens = lexer.embedded()
        except NotGroovy as problem:
            if problem.message == "'{' is never closed":
                raise lexer.fail("'${' is never closed", place) from None
            raise
        self.counted = lexer.at
        self.parts.append((tokens[0].arrow >= 0, tokens))
