"""JSON as two nodes may send it to each other: one way to say a thing, nothing that two parsers read differently."""

import json
import math
from typing import Any, NoReturn

from exchange.errors import MessageNotReadable

MAX_NESTING = 16
MAX_LIST = 1000
# A file's part of 128 KiB in base64 is the longest text there is; an envelope's own limit is the one that counts.
MAX_TEXT = 192 * 1024
_MAX_INTEGER = 2**53


def read_object(raw: bytes) -> dict[str, Any]:
    """One UTF-8 object without duplicate keys, NaN, Infinity, integers beyond ±2^53, NUL or lone surrogates.

    Raises MessageNotReadable."""
    try:
        value = _decoder.decode(raw.decode("utf-8"))
    except (ValueError, RecursionError):
        raise MessageNotReadable from None
    if not isinstance(value, dict):
        raise MessageNotReadable
    _check(value, 1)
    return value


def write(value: dict[str, Any]) -> bytes:
    """Compact UTF-8, keys in the order given."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def _check(value: Any, depth: int) -> None:
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, dict | list):
        if depth > MAX_NESTING or len(value) > MAX_LIST:
            raise MessageNotReadable
        for item in value:
            _check(item, depth + 1)
        if isinstance(value, dict):
            for item in value.values():
                _check(item, depth + 1)


def _check_text(text: str) -> None:
    if len(text) > MAX_TEXT or "\0" in text:
        raise MessageNotReadable
    try:
        text.encode()
    except UnicodeEncodeError:  # a lone surrogate
        raise MessageNotReadable from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("duplicate key")
    return found


def _integer(text: str) -> int:
    # The length goes first: turning thousands of digits into a number is work that a stranger could ask for.
    if len(text) > 17 or abs(value := int(text)) > _MAX_INTEGER:
        raise ValueError("integer out of range")
    return value


def _fraction(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError("not finite")
    return value


def _constant(_: str) -> NoReturn:
    raise ValueError("not a number")


_decoder = json.JSONDecoder(
    object_pairs_hook=_unique, parse_int=_integer, parse_float=_fraction, parse_constant=_constant
)
