"""Tokens of a rule, and what their spelling is made of."""

import re
from decimal import Decimal
from typing import Any

from rules.language.errors import NotGroovy, TooMuch
from rules.language.limits import DEFAULT

NEWLINE, NAME, NUMBER, STRING, GSTRING, OP, END = "newline", "name", "number", "string", "gstring", "op", "end"


class Token:
    """`value` is the name, the operator, the number, the text of a string, or the parts of a GString: texts, and pairs
    of "is a closure" with the tokens in between. `start` and `end` are offsets in the source. `partner` is the index of
    the other bracket, `arrow` the index of the first `->` directly inside a `{`, both -1 where there is none.
    `number` is the kind of a literal number."""

    __slots__ = ("arrow", "column", "end", "kind", "line", "number", "partner", "start", "value")

    def __init__(self, kind: str, value: Any, line: int, column: int, start: int, end: int) -> None:
        self.kind = kind
        self.value = value
        self.line = line
        self.column = column
        self.start = start
        self.end = end
        self.partner = -1
        self.arrow = -1
        self.number = ""


# `>` stands alone: two of them may also close generics. The parser joins them.
_OPERATORS = (
    "<<=", "**=", "==~", "<=>", "===", "!==", "..<", "<..", "...", "?.", "*.", ".&", ".@", "::", "?:", "?=", "?[",
    "->", "++", "--", "&&", "||", "==", "!=", "<=", ">=", "=~", "<<", "**", "+=", "-=", "*=", "/=", "%=", "&=", "|=",
    "^=", "..", "+", "-", "*", "/", "%", "=", "<", ">", "!", "~", "?", ":", ".", ",", ";", "&", "|", "^", "(", ")",
    "[", "]", "{", "}", "@",
)  # fmt: skip

# No-break spaces come with what people copy from a web page.
TOKEN = re.compile(
    r"""(?P<blank>(?:[ \t\f\v\u00a0\ufeff]|\\\n)+)
    |(?P<newline>\n)
    |(?P<name>[^\W\d][\w$]*)
    |(?P<plain>'(?!'')[^'\\\n]*'|"(?!"")[^"\\\n$]*")
    |(?P<comment>//[^\n]*|\#![^\n]*)
    |(?P<block>/\*)
    |(?P<number>0[xX][0-9a-fA-F_]+[gGlLiI]?|0[bB][01_]+[gGlLiI]?
        |\.[0-9][0-9_]*(?:[eE][+-]?[0-9]+)?[gGfFdD]?
        |[0-9][0-9_]*(?:\.[0-9][0-9_]*)?(?:[eE][+-]?[0-9]+)?[gGlLiIfFdD]?)
    |(?P<quote>\"\"\"|\'\'\'|['"])
    |(?P<dollar>\$/)
    |(?P<money>\$[\w$]*)
    |(?P<op>"""
    + "|".join(re.escape(operator) for operator in _OPERATORS)
    + ")",
    re.VERBOSE,
)
DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")

_VALUES = {"this", "null", "true", "false", "super"}
_BEFORE_VALUES = {
    "return", "case", "in", "instanceof", "assert", "throw", "else", "do", "as", "new", "if", "while", "yield", "def",
}  # fmt: skip


def ends_value(token: Token | None) -> bool:
    """Whether a `/` behind this token divides; elsewhere it begins a slashy text."""
    if token is None:
        return False
    if token.kind == NAME:
        return token.value not in _BEFORE_VALUES
    if token.kind == OP:
        return token.value in (")", "]", "}", "++", "--")
    return token.kind in (NUMBER, STRING, GSTRING)


def read_number(text: str, token: Token) -> None:
    """Give the token its value and kind. Raises NotGroovy and TooMuch."""
    digits = text.replace("_", "").lower()
    based = digits[:2] in ("0x", "0b")
    suffix = digits[-1] if digits[-1] in ("gli" if based else "glifd") else ""
    body = digits[: len(digits) - len(suffix)]
    if suffix in ("f", "d"):
        token.value, token.number = float(body), "float" if suffix == "f" else "double"
    elif based or body.isdigit():
        _whole(body, suffix, token)
    else:
        _decimal(body, suffix, token)


def _decimal(body: str, suffix: str, token: Token) -> None:
    mantissa, _, exponent = body.partition("e")
    if (
        len(mantissa) > DEFAULT.decimal_digits
        or len(exponent) > 6
        or abs(int(exponent or 0)) > DEFAULT.decimal_exponent
    ):
        raise TooMuch("the number is too long", token.line, token.column)
    if suffix not in ("", "g"):
        raise NotGroovy(f"a decimal number cannot end with '{suffix}'", token.line, token.column)
    token.value, token.number = Decimal(body), "decimal"


def _whole(body: str, suffix: str, token: Token) -> None:
    if len(body) > DEFAULT.integer_bits // 3:
        raise TooMuch("the number is too long", token.line, token.column)
    leading_zero = len(body) > 1 and body[0] == "0" and body[1] in "01234567"
    try:
        value = int(body, 0 if not leading_zero and body[0] == "0" and len(body) > 1 else 8 if leading_zero else 10)
    except ValueError:
        raise NotGroovy(f"'{body}' is no number", token.line, token.column) from None
    if value.bit_length() > DEFAULT.integer_bits:
        raise TooMuch("the number is too long", token.line, token.column)
    token.value = value
    # One more than the greatest is allowed for the sake of a minus in front.
    size = "int" if value < 2**31 else "long" if value < 2**63 else "bigint"
    token.number = {"g": "bigint", "l": "long", "i": "int"}.get(suffix, size)
    if (suffix == "l" and value > 2**63) or (suffix == "i" and value > 2**31):
        raise NotGroovy("the number is too large for its type", token.line, token.column)
