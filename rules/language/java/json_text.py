"""JSON as JsonSlurper reads it and JsonOutput writes it."""

import json
import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rules.language.java import decimals
from rules.language.java.errors import JavaError, NumberLimits, OverLimit, illegal_argument
from rules.language.java.numbers_text import double_text, parse_decimal

# Charges so many characters of memory.
Charge = Callable[[int], None]

_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*"?|([\[{])|([\]}])', re.DOTALL)
_LAST_COMMA = re.compile(r'("(?:[^"\\]|\\.)*")|,(?=\s*\})', re.DOTALL)
_NUMBER = re.compile(r"\s*(-?[0-9]+)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_ESCAPED = re.compile(r'["\\\x00-\x1f\x7f-\U0010ffff]')
_TOKEN = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[\[\]{},:]|-?[0-9][0-9.eE+-]*|true|false|null)', re.DOTALL)
# What an object or a list costs beside its text and its items.
_CONTAINER = 64
_ITEM = 8
INDENT = "    "


@dataclass(frozen=True, slots=True)
class Pairs:
    """An object to write: names and values in order."""

    items: Iterable[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class Items:
    """A list to write."""

    items: Iterable[Any]


@dataclass(frozen=True, slots=True)
class Raw:
    """Text that is JSON already."""

    text: str


def json_error(message: str) -> JavaError:
    return JavaError("groovy.json.JsonException", message)


# Reading


def parse_json(
    text: str | None,
    *,
    characters: int,
    depth: int,
    collection: int,
    make_map: Callable[[list[tuple[str, Any]]], Any],
    make_integer: Callable[[int], Any],
    limits: NumberLimits,
    charge: Charge,
) -> Any:
    """Lists are lists, fractions Decimals. What follows the first value is ignored, as JsonSlurper does, and a comma
    before a `}`. Raises JavaError and OverLimit."""
    if not text:
        raise illegal_argument("Text must not be null or empty")
    _check_size(text, characters, depth, charge)

    def whole(digits: str) -> Any:
        if len(digits) > limits.integer_bits * 0.302 + 2:
            raise OverLimit(f"a number would have more than {limits.integer_bits:,} bits")
        return make_integer(decimals.check_integer(int(digits), limits))

    def pairs(items: list[tuple[str, Any]]) -> Any:
        if len(items) > collection:
            raise OverLimit(f"a collection would hold more than {collection:,} items")
        return make_map(items)

    def never(name: str) -> Any:
        raise json_error(f"expected a value, but got {name}")

    bare = _NUMBER.match(text)
    if bare is not None:
        return parse_decimal(bare[0].strip(), limits) if bare[2] or bare[3] else whole(bare[1])
    decoder = json.JSONDecoder(
        parse_float=lambda digits: parse_decimal(digits, limits),
        parse_int=whole,
        parse_constant=never,
        object_pairs_hook=pairs,
        strict=False,
    )
    value = _decoded(decoder, text)
    if text.count(",") >= collection:
        _check_lists(value, collection)
    return value


def _decoded(decoder: json.JSONDecoder, text: str) -> Any:
    start = len(text) - len(text.lstrip(" \t\r\n"))
    try:
        return decoder.raw_decode(text, start)[0]
    except json.JSONDecodeError as error:
        mended = _LAST_COMMA.sub(lambda found: found[1] or "", text)
        if mended == text:
            raise _unreadable(text, error) from None
    try:
        return decoder.raw_decode(mended, start)[0]
    except json.JSONDecodeError as error:
        raise _unreadable(mended, error) from None


def _check_size(text: str, characters: int, depth: int, charge: Charge) -> None:
    if len(text) > characters:
        raise OverLimit(f"a JSON text is longer than {characters:,} characters")
    opened = text.count("[") + text.count("{")
    charge(len(text) + opened * _CONTAINER + text.count(",") * _ITEM)
    if opened <= depth:
        return
    deep = 0
    for found in _BRACKET.finditer(text):
        deep += (found[1] is not None) - (found[2] is not None)
        if deep > depth:
            raise OverLimit(f"a JSON text is nested more than {depth} levels deep")


def _check_lists(value: Any, collection: int) -> None:
    waiting = [value]
    while waiting:
        found = waiting.pop()
        if type(found) is list:
            if len(found) > collection:
                raise OverLimit(f"a collection would hold more than {collection:,} items")
            waiting += found


def _unreadable(text: str, error: json.JSONDecodeError) -> JavaError:
    """The place in JsonSlurper's way: line, index, the line's text and a caret."""
    at = min(error.pos, len(text) - 1)
    line = text.splitlines()[error.lineno - 1][:200] if text.strip() and error.lineno <= text.count("\n") + 1 else ""
    char = {" ": "[SPACE]", "\n": "[NEWLINE]", "\t": "[TAB]"}.get(text[at], f"'{text[at]}'")
    if error.msg == "Expecting value" and text[at] not in "]}":
        what = "Unable to determine the current character, it is not a string, number, array, or object"
    else:
        what = error.msg[:1].lower() + error.msg[1:]
    return json_error(
        f"{what}\n\nThe current character read is {char} with an int value of {ord(text[at])}\n{what}\n"
        f"line number {error.lineno}\nindex number {at}\n{line}\n{'.' * min(error.colno - 1, 200)}^"
    )


# Writing


def json_string(text: str) -> str:
    """In quotes; everything but ASCII as `\\uXXXX`."""
    return f'"{_ESCAPED.sub(_escape, text)}"'


_SHORT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _escape(found: re.Match[str]) -> str:
    char = found[0]
    if char in _SHORT:
        return _SHORT[char]
    code = ord(char)
    if code < 0x10000:
        return f"\\u{code:04x}" if code != 0x7F else char
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"


def write_json(
    value: Any, *, view: Callable[[Any], Any], charge: Charge, most: int = 2_000_000, depth: int = 200
) -> str:
    """`view` gives None, a bool, int, float, Decimal or str, or Pairs, Items or Raw. Raises JavaError, and OverLimit
    for what is nested too deeply, itself included, or gets longer than `most`."""
    writer = _Writer(view, charge, most, depth)
    writer.write(value, 0)
    return "".join(writer.pieces)


class _Writer:
    __slots__ = ("charge", "depth", "length", "most", "pieces", "view")

    def __init__(self, view: Callable[[Any], Any], charge: Charge, most: int, depth: int) -> None:
        self.view = view
        self.charge = charge
        self.most = most
        self.depth = depth
        self.length = 0
        self.pieces: list[str] = []

    def put(self, piece: str) -> None:
        self.length += len(piece)
        if self.length > self.most:
            raise OverLimit(f"a text would be longer than {self.most:,} characters")
        self.charge(len(piece))
        self.pieces.append(piece)

    def write(self, value: Any, deep: int) -> None:
        seen = self.view(value)
        if isinstance(seen, Pairs):
            self.many("{", seen.items, "}", self.pair, deep)
        elif isinstance(seen, Items):
            self.many("[", seen.items, "]", self.write, deep)
        elif isinstance(seen, str):
            if len(seen) > self.most:
                raise OverLimit(f"a text would be longer than {self.most:,} characters")
            self.put(json_string(seen))
        else:
            self.put(_plain(seen))

    def pair(self, item: tuple[str, Any], deep: int) -> None:
        self.put(json_string(item[0]) + ":")
        self.write(item[1], deep)

    def many(self, start: str, items: Iterable[Any], end: str, each: Callable[[Any, int], None], deep: int) -> None:
        if deep >= self.depth:
            raise OverLimit(f"a value is nested more than {self.depth} levels deep")
        self.put(start)
        for number, item in enumerate(items):
            if number:
                self.put(",")
            each(item, deep + 1)
        self.put(end)


def _plain(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, Raw):
        return value.text
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if math.isnan(value) or math.isinf(value):
            what = "NaN" if math.isnan(value) else "infinite"
            raise json_error(
                f"Number {double_text(value)} can't be serialized as JSON: {what} are not allowed in JSON."
            )
        return double_text(value)
    return decimals.to_text(value) if isinstance(value, Decimal) else str(value)


def pretty_json(text: str, charge: Charge, most: int = 2_000_000, depth: int = 200) -> str:
    """JsonOutput.prettyPrint: four blanks a level, an empty list or object on three lines. Raises JavaError."""
    pieces: list[str] = []
    at = deep = length = 0
    stop = len(text.rstrip())
    while at < stop:
        found = _TOKEN.match(text, at)
        if found is None:
            raise json_error(_lexing(text, at))
        at = found.end()
        piece = mark = found[1]
        if mark in "[{":
            deep += 1
            piece = f"{mark}\n{INDENT * deep}"
        elif mark in "]}":
            deep = max(deep - 1, 0)
            piece = f"\n{INDENT * deep}{mark}"
        elif mark == ",":
            piece = f",\n{INDENT * deep}"
        elif mark == ":":
            piece = ": "
        length += len(piece)
        if deep > depth or length > most:
            raise OverLimit(f"a JSON text would be longer than {most:,} characters or deeper than {depth} levels")
        charge(len(piece))
        pieces.append(piece)
    return "".join(pieces)


def _lexing(text: str, at: int) -> str:
    while text[at].isspace():
        at += 1
    line = text.count("\n", 0, at) + 1
    column = at - text.rfind("\n", 0, at)
    return (
        f"Lexing failed on line: {line}, column: {column}, while reading '{text[at]}', "
        "no possible valid JSON value or punctuation could be recognized."
    )
