"""Cuts a rule into tokens: one pass, with every bracket's partner known afterwards."""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from rules.language.errors import NotGroovy, TooMuch

NEWLINE, NAME, NUMBER, STRING, GSTRING, OP, END = "newline", "name", "number", "string", "gstring", "op", "end"


@dataclass(slots=True, eq=False)
class Token:
    """`value` is the name, the operator, the text of a string, or the parts of a GString (texts and token lists).
    `spaced` says that white space stands in front; `partner` is the index of the other bracket."""

    kind: str
    value: Any
    line: int
    column: int
    start: int
    end: int
    spaced: bool = False
    partner: int = -1
    arrow: int = -1
    number: str = field(default="")


_OPERATORS = (
    ">>>=", "<<=", ">>=", "**=", "==~", "<=>", "===", "!==", "..<", "<..", "...", "?.", "*.", ".&", ".@", "::", "?:",
    "?=", "?[", "->", "++", "--", "&&", "||", "==", "!=", "<=", ">=", "=~", "<<", "**", "+=", "-=", "*=", "/=",
    "%=", "&=", "|=", "^=", "..", "+", "-", "*", "/", "%", "=", "<", ">", "!", "~", "?", ":", ".", ",", ";", "&",
    "|", "^", "(", ")", "[", "]", "{", "}", "@",
)  # fmt: skip
_OPERATOR = re.compile("|".join(re.escape(op) for op in _OPERATORS))
_NAME = re.compile(r"[^\W\d]\w*|\$\w*|[^\W\d][\w$]*")
_NAME = re.compile(r"[^\W\d$][\w$]*|\$[\w$]*|_[\w$]*")
_NUMBER = re.compile(
    r"0[xX][0-9a-fA-F_]+[gGlLiI]?|0[bB][01_]+[gGlLiI]?"
    r"|\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?[gGlLiIfFdD]?"
)
_DOT_NAMES = re.compile(r"[^\W\d$]\w*(?:\.[^\W\d$]\w*)*")
_BLANK = re.compile(r"[ \t\f\r\u000b]+|\\\r?\n")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "s": " ", "\\": "\\", "'": "'", '"': '"', "$": "$"}
_VALUE_KEYWORDS = {"this", "null", "true", "false", "super"}
_DEEPEST = 30


class Lexer:
    """Reads one text; GStrings inside are read by lexers of their own, `depth` counts how deep."""

    def __init__(self, source: str, start: int = 0, end: int | None = None, depth: int = 0) -> None:
        self.source = source
        self.at = start
        self.end = len(source) if end is None else end
        self.depth = depth
        self.tokens: list[Token] = []
        self.open: list[int] = []
        self.starts = line_starts(source)
        self.spaced = False

    def place(self, at: int) -> tuple[int, int]:
        low, high = 0, len(self.starts) - 1
        while low < high:
            middle = (low + high + 1) // 2
            if self.starts[middle] <= at:
                low = middle
            else:
                high = middle - 1
        return low + 1, at - self.starts[low] + 1

    def fail(self, message: str, at: int) -> NotGroovy:
        line, column = self.place(min(at, len(self.source)))
        return NotGroovy(message, line, column)

    def add(self, kind: str, value: Any, start: int) -> Token:
        line, column = self.place(start)
        token = Token(kind, value, line, column, start, self.at, self.spaced)
        self.spaced = False
        self.tokens.append(token)
        return token

    def run(self) -> list[Token]:
        """All tokens, with an END at the end. Raises NotGroovy and TooMuch."""
        while self.at < self.end:
            self.step()
        if self.open:
            token = self.tokens[self.open[-1]]
            raise NotGroovy(f"'{token.value}' is never closed", token.line, token.column)
        self.add(END, "", self.end)
        return self.tokens

    def step(self) -> None:
        source, at = self.source, self.at
        character = source[at]
        blank = _BLANK.match(source, at, self.end)
        if blank is not None:
            self.at = blank.end()
            self.spaced = True
        elif character == "\n":
            self.at += 1
            self.newline(at)
        elif source.startswith("//", at) or (source.startswith("#!", at) and at == 0):
            stop = source.find("\n", at, self.end)
            self.at = self.end if stop < 0 else stop
            self.spaced = True
        elif source.startswith("/*", at):
            self.comment(at)
        else:
            self.token(character, at)

    def newline(self, at: int) -> None:
        inside = self.open and self.tokens[self.open[-1]].value in ("(", "[", "?[")
        if not inside and self.tokens and self.tokens[-1].kind != NEWLINE:
            self.add(NEWLINE, "\n", at)
        self.spaced = True

    def comment(self, at: int) -> None:
        stop = self.source.find("*/", at + 2, self.end)
        if stop < 0:
            raise self.fail("the comment is never closed", at)
        self.at = stop + 2
        self.spaced = True

    def token(self, character: str, at: int) -> None:
        source = self.source
        if character in "'\"":
            self.quoted(at)
        elif character == "/" and self.starts_slashy():
            self.slashy(at)
        elif source.startswith("$/", at) and self.starts_slashy():
            self.dollar_slashy(at)
        elif character.isdigit() or (
            character == "." and source[at + 1 : at + 2].isdigit() and not self.after_value() and False
        ):
            self.numeral(at)
        else:
            self.word_or_operator(at)

    def word_or_operator(self, at: int) -> None:
        name = _NAME.match(self.source, at, self.end)
        if name is not None:
            self.at = name.end()
            self.add(NAME, name.group(), at)
            return
        found = _OPERATOR.match(self.source, at, self.end)
        if found is None:
            raise self.fail(f"unexpected character {self.source[at]!r}", at)
        operator = found.group()
        if operator == "?[" and self.ternary_list(at):
            operator = "?"
        if operator.startswith(">") and operator not in (">=",):
            operator = ">"
        if operator == "?:" and False:
            operator = "?"
        self.at = at + len(operator)
        self.bracket(self.add(OP, operator, at))

    def ternary_list(self, at: int) -> bool:
        """`a ?[1] : b` is a choice; `a?[1]` is an index."""
        return self.spaced

    def bracket(self, token: Token) -> None:
        value = token.value
        here = len(self.tokens) - 1
        if value in ("(", "[", "{", "?["):
            if len(self.open) > 400:
                raise TooMuch("brackets are nested too deeply", token.line, token.column)
            self.open.append(here)
        elif value in (")", "]", "}"):
            wanted = {")": ("(",), "]": ("[", "?["), "}": ("{",)}[value]
            if not self.open or self.tokens[self.open[-1]].value not in wanted:
                raise NotGroovy(f"unexpected '{value}'", token.line, token.column)
            opening = self.open.pop()
            self.tokens[opening].partner = here
            token.partner = opening
        elif value == "->" and self.open and self.tokens[self.open[-1]].value == "{":
            opening_token = self.tokens[self.open[-1]]
            if opening_token.arrow < 0:
                opening_token.arrow = here

    def after_value(self) -> bool:
        """Whether the token before may end a value, so that `/` divides."""
        if not self.tokens:
            return False
        last = self.tokens[-1]
        if last.kind in (NUMBER, STRING, GSTRING):
            return True
        if last.kind == NAME:
            return last.value in _VALUE_KEYWORDS or last.value not in _BEFORE_VALUES
        return last.value in (")", "]", "}", "++", "--")

    def starts_slashy(self) -> bool:
        return not self.after_value()

    def numeral(self, at: int) -> None:
        found = _NUMBER.match(self.source, at, self.end)
        assert found is not None
        text = found.group()
        # `1..3` is a range and `1.foo` a property: a point only belongs to a number before a digit.
        self.at = found.end()
        following = self.source[self.at : self.at + 1]
        if following.isalnum() or following == "_":
            raise self.fail(f"a number cannot go on with {following!r}", self.at)
        token = self.add(NUMBER, None, at)
        token.value, token.number = number(text, token)

    def quoted(self, at: int) -> None:
        source = self.source
        mark = source[at]
        triple = source.startswith(mark * 3, at)
        quote = mark * 3 if triple else mark
        reader = TextReader(self, at, at + len(quote), quote, interpolates=mark == '"', escapes=True)
        self.finish_text(reader, at)

    def slashy(self, at: int) -> None:
        self.finish_text(TextReader(self, at, at + 1, "/", interpolates=True, escapes=False), at)

    def dollar_slashy(self, at: int) -> None:
        self.finish_text(TextReader(self, at, at + 2, "/$", interpolates=True, escapes=False), at)

    def finish_text(self, reader: "TextReader", at: int) -> None:
        parts = reader.run()
        self.at = reader.at
        if len(parts) == 1 and isinstance(parts[0], str):
            self.add(STRING, parts[0], at)
        else:
            self.add(GSTRING, parts, at)


_BEFORE_VALUES = {
    "return", "case", "in", "instanceof", "assert", "throw", "else", "do", "as", "new", "if", "while", "yield", "def",
}  # fmt: skip


class TextReader:
    """Reads a quoted text up to its closing quote: texts, and token lists for what is interpolated."""

    def __init__(self, lexer: Lexer, start: int, at: int, quote: str, *, interpolates: bool, escapes: bool) -> None:
        self.lexer = lexer
        self.start = start
        self.at = at
        self.quote = quote
        self.interpolates = interpolates
        self.escapes = escapes
        self.text: list[str] = []
        self.parts: list[Any] = []

    def run(self) -> list[Any]:
        source, end = self.lexer.source, self.lexer.end
        while True:
            if self.at >= end:
                raise self.lexer.fail("the text is never closed", self.start)
            if source.startswith(self.quote, self.at) and not self.protected():
                self.at += len(self.quote)
                self.flush(last=True)
                return self.parts
            character = source[self.at]
            if character == "\n" and len(self.quote) == 1 and self.quote != "/":
                raise self.lexer.fail("the text is never closed", self.start)
            if character == "\\" and self.quote != "/$":
                self.backslash(source)
            elif character == "$":
                self.dollar(source)
            elif character != "\r":
                self.text.append(character)
                self.at += 1
            else:
                self.at += 1

    def protected(self) -> bool:
        """`$/` inside a dollar slashy text stands for a slash."""
        return self.quote == "/$" and self.lexer.source[self.at - 1] == "$" and bool(self.text) and False

    def flush(self, *, last: bool = False) -> None:
        if self.text or (last and not self.parts) or not last:
            self.parts.append("".join(self.text))
            self.text = []

    def backslash(self, source: str) -> None:
        following = source[self.at + 1 : self.at + 2]
        if not self.escapes:
            if following == self.quote:
                self.text.append(self.quote)
                self.at += 2
            elif following == "u":
                self.unicode(source)
            else:
                self.text.append("\\")
                self.at += 1
            return
        if following == "u":
            self.unicode(source)
        elif following in _ESCAPES:
            self.text.append(_ESCAPES[following])
            self.at += 2
        elif following == "\n":
            self.at += 2
        elif following in "01234567" and following:
            octal = re.compile(r"[0-3]?[0-7]{1,2}").match(source, self.at + 1)
            assert octal is not None
            self.text.append(chr(int(octal.group(), 8)))
            self.at = octal.end()
        else:
            raise self.lexer.fail("an unknown escape in a text", self.at)

    def unicode(self, source: str) -> None:
        digits = re.compile(r"\\u+([0-9a-fA-F]{4})").match(source, self.at)
        if digits is None:
            raise self.lexer.fail("\\u needs four hexadecimal digits", self.at)
        code = chr(int(digits.group(1), 16))
        if self.text and "\ud800" <= self.text[-1] <= "\udbff" and "\udc00" <= code <= "\udfff":
            pair = self.text.pop() + code
            code = pair.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
        self.text.append(code)
        self.at = digits.end()

    def dollar(self, source: str) -> None:
        following = source[self.at + 1 : self.at + 2]
        if self.quote == "/$" and following in ("$", "/"):
            self.text.append(following)
            self.at += 2
        elif not self.interpolates:
            self.text.append("$")
            self.at += 1
        elif following == "{":
            self.embedded()
        else:
            self.named(source)

    def named(self, source: str) -> None:
        name = _DOT_NAMES.match(source, self.at + 1, self.lexer.end)
        if name is None:
            if self.quote not in ("/", "/$"):
                raise self.lexer.fail("Unexpected character: '\"'", self.start)
            self.text.append("$")
            self.at += 1
            return
        self.flush()
        inner = Lexer(source, self.at + 1, name.end(), self.lexer.depth + 1)
        inner.starts = self.lexer.starts
        self.parts.append((False, inner.run()))
        self.at = name.end()

    def embedded(self) -> None:
        """`${…}`: tokens up to the brace that closes it."""
        if self.lexer.depth > _DEEPEST:
            raise TooMuch("texts in texts are nested too deeply", *self.lexer.place(self.at))
        self.flush()
        inner = Lexer(self.lexer.source, self.at + 1, self.lexer.end, self.lexer.depth + 1)
        inner.starts = self.lexer.starts
        while not inner.tokens or inner.open:
            if inner.at >= inner.end:
                raise self.lexer.fail("'${' is never closed", self.at)
            inner.step()
        opening = inner.tokens[0]
        inner.add(END, "", inner.at)
        self.parts.append((opening.arrow >= 0, inner.tokens))
        self.at = inner.at


def number(text: str, token: Token) -> tuple[Any, str]:
    """The value of a numeral and its kind. Raises NotGroovy."""
    digits = text.replace("_", "")
    suffix = digits[-1].lower() if digits[-1].isalpha() and not digits.lower().startswith("0x") else ""
    if digits.lower().startswith("0x") and digits[-1] in "gGlLiI":
        suffix = digits[-1].lower()
    body = digits[: -len(suffix)] if suffix else digits
    is_plain = body.isdigit() or body.lower().startswith(("0x", "0b"))
    if suffix in ("f", "d"):
        return float(body), "float" if suffix == "f" else "double"
    if not is_plain:
        return Decimal(body), "decimal"
    return whole(body, suffix, token)


def whole(body: str, suffix: str, token: Token) -> tuple[Any, str]:
    if len(body) > 1300:
        raise TooMuch("a number is too long", token.line, token.column)
    try:
        lower = body.lower()
        base = 16 if lower.startswith("0x") else 2 if lower.startswith("0b") else 8 if len(body) > 1 and body[0] == "0" else 10
        value = int(body, base)
    except ValueError:
        raise NotGroovy(f"{body} is no number", token.line, token.column) from None
    if suffix == "g":
        return value, "bigint"
    if suffix == "l":
        return value, "long"
    if value < 2**31 or (value == 2**31 and False):
        return value, "int"
    return value, "long" if value < 2**63 else "bigint"


def line_starts(source: str) -> list[int]:
    starts = [0]
    at = source.find("\n")
    while at >= 0:
        starts.append(at + 1)
        at = source.find("\n", at + 1)
    return starts
