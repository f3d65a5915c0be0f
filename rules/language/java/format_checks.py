"""What a format specifier may combine, and how Java complains when it does not."""

import re
from dataclasses import dataclass

from rules.language.java.errors import JavaError

_ORDER = "-#+ 0,(<"
_MOST = 2**31 - 1
DATE_SUFFIXES = "HIklMNLQpsSTzZaAbBCdehjmyYrRTcDF"


@dataclass(frozen=True, slots=True)
class Specifier:
    """`width` and `precision` are -1 where none is given; `suffix` is the letter after `t`."""

    text: str
    index: int | None
    flags: str
    width: int
    precision: int
    conversion: str
    suffix: str = ""

    @property
    def upper(self) -> bool:
        return self.conversion.isupper()


def unknown_conversion(what: str) -> JavaError:
    return JavaError("java.util.UnknownFormatConversionException", f"Conversion = '{what}'")


def checked(found: re.Match[str]) -> Specifier:
    """The specifier, or JavaError."""
    index, flags, width, precision, dates, letter = found.groups()
    for flag in flags:
        if flags.count(flag) > 1:
            raise JavaError("java.util.DuplicateFormatFlagsException", f"Flags = '{flag}'")
    if index is not None and not 0 < int(index[:11]) <= _MOST:
        raise JavaError(
            "java.util.IllegalFormatArgumentIndexException",
            "Illegal format argument index = " + (index if int(index[:11]) == 0 else str(-(2**31))),
        )
    spec = Specifier(
        found[0],
        None if index is None else int(index),
        "".join(flag for flag in _ORDER if flag in flags),
        _size(width, "java.util.IllegalFormatWidthException"),
        _size(precision, "java.util.IllegalFormatPrecisionException"),
        dates or letter,
        letter if dates else "",
    )
    _check(spec)
    return spec


def _size(digits: str | None, class_name: str) -> int:
    if digits is None:
        return -1
    if len(digits) > 10 or int(digits) > _MOST:
        raise JavaError(class_name, str(-(2**31)))
    return int(digits)


def _check(spec: Specifier) -> None:
    match spec.conversion:
        case "t" | "T":
            if not spec.suffix or spec.suffix not in DATE_SUFFIXES:
                raise unknown_conversion(spec.conversion + spec.suffix)
            _no_precision(spec)
            _forbidden(spec, "#+ 0,(")
        case "b" | "B" | "h" | "H":
            _forbidden(spec, "#+ 0,(")
        case "s" | "S":
            _forbidden(spec, "+ 0,(#")
        case "c" | "C":
            _no_precision(spec)
            _forbidden(spec, "#+ 0,(")
        case "d" | "o" | "x" | "X":
            _numeric(spec)
            _no_precision(spec)
            _forbidden(spec, "#" if spec.conversion == "d" else ",")
        case "e" | "E" | "f" | "g" | "G" | "a" | "A":
            _numeric(spec)
            _forbidden(spec, {"e": ",", "g": "#", "a": "(,"}.get(spec.conversion.lower(), ""))
        case "%":
            _no_precision(spec)
        case "n":
            _no_precision(spec)
            if spec.width >= 0:
                raise JavaError("java.util.IllegalFormatWidthException", str(spec.width))
            if spec.flags:
                raise _bad_flags(spec)
        case _:
            raise unknown_conversion(spec.conversion)
    if "-" in spec.flags and spec.width < 0:
        raise _no_width(spec)


def _numeric(spec: Specifier) -> None:
    if spec.width < 0 and ("-" in spec.flags or "0" in spec.flags):
        raise _no_width(spec)
    if {"+", " "} <= set(spec.flags) or {"-", "0"} <= set(spec.flags):
        raise _bad_flags(spec)


def _no_width(spec: Specifier) -> JavaError:
    return JavaError("java.util.MissingFormatWidthException", spec.text)


def _bad_flags(spec: Specifier) -> JavaError:
    return JavaError("java.util.IllegalFormatFlagsException", f"Flags = '{spec.flags}'")


def _no_precision(spec: Specifier) -> None:
    if spec.precision >= 0:
        raise JavaError("java.util.IllegalFormatPrecisionException", str(spec.precision))


def _forbidden(spec: Specifier, flags: str) -> None:
    for flag in flags:
        if flag in spec.flags:
            raise flags_mismatch(spec, flag)


def flags_mismatch(spec: Specifier, flag: str) -> JavaError:
    conversion = spec.suffix or spec.conversion
    return JavaError("java.util.FormatFlagsConversionMismatchException", f"Conversion = {conversion}, Flags = {flag}")
