"""String.format: reading the specifiers, checking them as Java does, and writing each argument.

Widths and precisions are charged before anything is built."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from datetime import time as daytime
from decimal import Decimal
from typing import Any

from rules.language.java import format_checks, format_dates, format_numbers
from rules.language.java.errors import JavaError, Room
from rules.language.java.format_checks import Specifier
from rules.language.java.numbers_text import string_hash


@dataclass(frozen=True, slots=True)
class Millis:
    """A Date among the arguments: milliseconds since 1970."""

    value: int


@dataclass(frozen=True, slots=True)
class Hooks:
    """How arguments are seen: `view` gives a plain value (Millis for a Date, dates and times of the standard library
    for java.time), `as_text` what `%s` shows, `class_name` the full Java name."""

    view: Callable[[Any], Any]
    as_text: Callable[[Any], str]
    class_name: Callable[[Any], str]
    zone: tzinfo


_SPECIFIER = re.compile(r"%(?:([0-9]+)\$)?([-#+ 0,(<]*)([0-9]+)?(?:\.([0-9]+))?([tT])?([a-zA-Z%])")


def format_text(
    template: str,
    arguments: Sequence[Any],
    *,
    view: Callable[[Any], Any],
    as_text: Callable[[Any], str],
    class_name: Callable[[Any], str],
    zone: tzinfo,
    room: Room,
) -> str:
    """Raises JavaError with the class and words of java.util.Formatter."""
    hooks = Hooks(view, as_text, class_name, zone)
    pieces: list[str] = []
    ordinary = last = -1
    for part in _read(template):
        if isinstance(part, str):
            room(len(part))
            pieces.append(part)
            continue
        room(max(part.width, part.precision, 0) + 1)
        if part.conversion in "n%":
            pieces.append("\n" if part.conversion == "n" else _padded("%", part))
            continue
        if part.index is not None:
            last = part.index - 1
        elif "<" not in part.flags:
            last = ordinary = ordinary + 1
        if not 0 <= last < len(arguments):
            raise JavaError("java.util.MissingFormatArgumentException", f"Format specifier '{part.text}'")
        piece = _written(part, arguments[last], hooks)
        room(len(piece))
        pieces.append(piece)
    return "".join(pieces)


def _read(template: str) -> list[str | Specifier]:
    """The whole template is read before the first argument is looked at, as in Java."""
    parts: list[str | Specifier] = []
    at = 0
    while (percent := template.find("%", at)) >= 0:
        if percent > at:
            parts.append(template[at:percent])
        found = _SPECIFIER.match(template, percent)
        if found is None:
            raise format_checks.unknown_conversion(_culprit(template, percent))
        parts.append(format_checks.checked(found))
        at = found.end()
    if at < len(template):
        parts.append(template[at:])
    return parts


def _culprit(template: str, percent: int) -> str:
    """The character that ends what could still be a specifier, or the last one."""
    for char in template[percent + 1 :]:
        if char not in "-#+ 0,(<123456789.$":
            return char
    return template[-1]


def _written(spec: Specifier, argument: Any, hooks: Hooks) -> str:
    value = hooks.view(argument)
    match spec.conversion.lower():
        case "t":
            text = "null" if value is None else _date(spec, argument, value, hooks)
        case "b":
            text = _cut(str(value).lower() if isinstance(value, bool) else str(value is not None).lower(), spec)
        case "s":
            text = _cut(hooks.as_text(argument), spec)
        case "h":
            text = _cut("null" if value is None else _hash(argument, value, hooks), spec)
        case "c":
            text = "null" if value is None else _character(argument, value, hooks)
        case _:
            return _number(spec, argument, value, hooks)
    return _padded(text.upper() if spec.upper else text, spec)


def _cut(text: str, spec: Specifier) -> str:
    return text if spec.precision < 0 else text[: spec.precision]


def _padded(text: str, spec: Specifier) -> str:
    return text.ljust(spec.width) if "-" in spec.flags else text.rjust(spec.width)


def _mismatch(conversion: str, argument: Any, hooks: Hooks) -> JavaError:
    return JavaError("java.util.IllegalFormatConversionException", f"{conversion} != {hooks.class_name(argument)}")


def _hash(argument: Any, value: Any, hooks: Hooks) -> str:
    code = value if isinstance(value, int) else string_hash(hooks.as_text(argument))
    return f"{code & 0xFFFFFFFF:x}"


def _character(argument: Any, value: Any, hooks: Hooks) -> str:
    if isinstance(value, str) and hooks.class_name(argument) == "java.lang.Character":
        return value
    if isinstance(value, int) and not isinstance(value, bool) and hooks.class_name(argument) != "java.lang.Long":
        if not 0 <= value <= 0x10FFFF:
            raise JavaError("java.util.IllegalFormatCodePointException", f"Code point = {hex(value)}")
        return chr(value)
    raise _mismatch("c", argument, hooks)


def _number(spec: Specifier, argument: Any, value: Any, hooks: Hooks) -> str:
    if value is None:
        return _padded("NULL" if spec.upper else "null", spec)
    kind = spec.conversion.lower()
    if kind in "dox":
        if not isinstance(value, int) or isinstance(value, bool):
            raise _mismatch(spec.conversion, argument, hooks)
        text = format_numbers.integer(spec, value, hooks.class_name(argument))
    else:
        if not isinstance(value, float | Decimal):
            raise _mismatch(spec.conversion, argument, hooks)
        text = format_numbers.fraction(spec, value)
    return _padded(text.upper() if spec.upper else text, spec)


def _date(spec: Specifier, argument: Any, value: Any, hooks: Hooks) -> str:
    is_long = isinstance(value, int) and hooks.class_name(argument) == "java.lang.Long"
    if not (is_long or isinstance(value, Millis | datetime | date | daytime)):
        raise _mismatch(spec.suffix, argument, hooks)
    millis = value.value if isinstance(value, Millis) else value
    return format_dates.written(spec.suffix, millis, hooks.zone)
