"""String.format: every answer here is Java's own, with the names of days and months in English."""

from collections.abc import Sequence
from datetime import UTC, date, time
from decimal import Decimal
from typing import Any

import pytest

from rules.language.java.decimals import to_text
from rules.language.java.errors import JavaError
from rules.language.java.formats import Millis, format_text
from rules.language.java.numbers_text import double_text
from tests.rules.language.java.budget import Meter, OutOfRoom


class Long(int):
    pass


class Big(int):
    pass


class Char(str):
    __slots__ = ()


NAMES: dict[type, str] = {
    bool: "java.lang.Boolean",
    int: "java.lang.Integer",
    Long: "java.lang.Long",
    Big: "java.math.BigInteger",
    Decimal: "java.math.BigDecimal",
    float: "java.lang.Double",
    str: "java.lang.String",
    Char: "java.lang.Character",
    Millis: "java.util.Date",
}


def text_of(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, Decimal):
        return to_text(value)
    return double_text(value) if isinstance(value, float) else str(value)


def formatted(template: str, arguments: Sequence[Any], room: Meter | None = None) -> str:
    return format_text(
        template,
        arguments,
        view=lambda value: value,
        as_text=text_of,
        class_name=lambda value: NAMES[type(value)],
        zone=UTC,
        room=room or Meter(),
    )


FORMATS: list[tuple[str, list[Any], str]] = [
    ("%5d|%-5d|%05d|%+d|%,d|%(d|% d", [1, 2, 3, 4, 1234567, -5, 6], "    1|2    |00003|+4|1,234,567|(5)| 6"),
    ("%x %X %#x %o %#o", [255, 255, 255, 8, 8], "ff FF 0xff 10 010"),
    ("%x", [-1], "ffffffff"),
    ("%x", [Long(-1)], "ffffffffffffffff"),
    ("%o", [-1], "37777777777"),
    ("%x", [Big(-1)], "-1"),
    ("%s %S %10s|%-10s|%.2s", ["a", "b", "c", "d", "efg"], "a B          c|d         |ef"),
    ("%s", [None], "null"),
    ("%d", [None], "null"),
    ("%c %C", [Char("a"), 98], "a B"),
    ("%b %B %b", [True, None, "x"], "true FALSE true"),
    ("%n%%", [], "\n%"),
    ("%e %E %.2e", [float("12345.678"), float("0.00012"), float("1")], "1.234568e+04 1.200000E-04 1.00e+00"),
    ("%f %.0f %.3f", [float("1.5"), float("2.5"), Decimal("1.0005")], "1.500000 3 1.001"),
    (
        "%g %g %g %.3g",
        [float("0.0001"), float("123456"), float("1234567"), float("1234567")],
        "0.000100000 123456 1.23457e+06 1.23e+06",
    ),
    ("%,.2f", [Decimal("1234567.891")], "1,234,567.89"),
    ("%010.2f|%-10.2f|%+.1f", [float("3.14159"), float("2.71828"), float("1.0")], "0000003.14|2.72      |+1.0"),
    ("%(.2f", [float("-5.5")], "(5.50)"),
    ("%2$s %1$s", ["a", "b"], "b a"),
    ("%s %<s %s", ["a", "b"], "a a b"),
    ("%d", ["x"], "!IllegalFormatConversionException: d != java.lang.String"),
    ("%d", [Decimal("1.5")], "!IllegalFormatConversionException: d != java.math.BigDecimal"),
    ("%f", [1], "!IllegalFormatConversionException: f != java.lang.Integer"),
    ("%s", [], "!MissingFormatArgumentException: Format specifier '%s'"),
    ("%q", [1], "!UnknownFormatConversionException: Conversion = 'q'"),
    ("%", [1], "!UnknownFormatConversionException: Conversion = '%'"),
    ("%5", [1], "!UnknownFormatConversionException: Conversion = '5'"),
    ("%-d", [1], "!MissingFormatWidthException: %-d"),
    ("%05s", ["a"], "!FormatFlagsConversionMismatchException: Conversion = s, Flags = 0"),
    ("%-05d", [1], "!IllegalFormatFlagsException: Flags = '-0'"),
    ("%.2d", [1], "!IllegalFormatPrecisionException: 2"),
    ("%+s", ["a"], "!FormatFlagsConversionMismatchException: Conversion = s, Flags = +"),
    ("%++d", [1], "!DuplicateFormatFlagsException: Flags = '+'"),
    ("%#s", ["a"], "!FormatFlagsConversionMismatchException: Conversion = s, Flags = #"),
    ("%+ d", [1], "!IllegalFormatFlagsException: Flags = '+ '"),
    ("%3$s", ["a"], "!MissingFormatArgumentException: Format specifier '%3$s'"),
    ("%tY-%<tm-%<td %<tH:%<tM:%<tS %<tL %<tZ %<tz", [Millis(0)], "1970-01-01 00:00:00 000 UTC +0000"),
    (
        "%tF %<tT %<tR %<tD %<tr %<tc",
        [Millis(0)],
        "1970-01-01 00:00:00 00:00 01/01/70 12:00:00 AM Thu Jan 01 00:00:00 UTC 1970",
    ),
    (
        "%tA %<ta %<tB %<tb %<te %<tj %<ty %<tC %<tI %<tl %<tk %<tp %<ts %<tQ %<tN",
        [Millis(0)],
        "Thursday Thu January Jan 1 001 70 19 12 12 0 am 0 0 000000000",
    ),
    ("%tY", [Long(0)], "1970"),
    ("%tY", ["x"], "!IllegalFormatConversionException: Y != java.lang.String"),
    ("%tq", [Millis(0)], "!UnknownFormatConversionException: Conversion = 'tq'"),
    ("%t", [Millis(0)], "!UnknownFormatConversionException: Conversion = 't'"),
    ("%TA", [Millis(0)], "THURSDAY"),
    ("%h %H", ["hello", "hello"], "5e918d2 5E918D2"),
    ("%c", ["ab"], "!IllegalFormatConversionException: c != java.lang.String"),
    ("%c", [0x1F600], "😀"),
    ("%f", [float("nan")], "NaN"),
    ("%f", [float("inf")], "Infinity"),
    ("%5.1f|%+f", [float("-inf"), float("inf")], "-Infinity|+Infinity"),
    ("%a", [float("1.0")], "0x1.0p0"),
    ("%.2f", ["1.5"], "!IllegalFormatConversionException: f != java.lang.String"),
    ("%.2f", [float("1.005")], "1.01"),
    ("%.1f", [float("0.25")], "0.3"),
    ("%.1f", [float("0.35")], "0.4"),
    ("%.2f", [Decimal("0.125")], "0.13"),
    ("%.0f", [float("0.5")], "1"),
    ("%.3f", [float("1e20")], "100000000000000000000.000"),
    ("%s", [float("1.0")], "1.0"),
    ("%s", [Decimal("1e10")], "1E+10"),
    ("%08.3f", [float("-3.14159")], "-003.142"),
    ("%,d", [-1234567], "-1,234,567"),
    ("%,d", [12345678901234567890], "12,345,678,901,234,567,890"),
    ("%e", [float("0")], "0.000000e+00"),
    ("%e", [12345], "!IllegalFormatConversionException: e != java.lang.Integer"),
    ("%.3e", [Decimal("12345.0")], "1.235e+04"),
    ("%g", [float("0")], "0.00000"),
    ("%g", [float("99999.95")], "100000"),
    ("%#.0f", [float("1")], "1."),
    ("%b", [False], "false"),
    ("%10b|", [True], "      true|"),
    ("%-10d|%10s|", [5, None], "5         |      null|"),
    ("%tH:%<tM", [time(1, 2)], "01:02"),
    ("%tF", [date(2024, 1, 2)], "2024-01-02"),
    ("%d%%", [50], "50%"),
    ("%1$tF %1$tT", [Millis(0)], "1970-01-01 00:00:00"),
    ("a%nb", [], "a\nb"),
    ("%d %d", [1], "!MissingFormatArgumentException: Format specifier '%d'"),
    ("%-5c|", [Char("x")], "x    |"),
    ("%.1c", [Char("x")], "!IllegalFormatPrecisionException: 1"),
    ("%,x", [255], "!FormatFlagsConversionMismatchException: Conversion = x, Flags = ,"),
    ("%0d", [1], "!MissingFormatWidthException: %0d"),
    ("%-s", ["a"], "!MissingFormatWidthException: %-s"),
    ("%0$s", ["a"], "!IllegalFormatArgumentIndexException: Illegal format argument index = 0"),
    ("%<s", ["a"], "!MissingFormatArgumentException: Format specifier '%<s'"),
    ("%(d", [5], "5"),
    ("%08d", [-42], "-0000042"),
    ("%,.3f", [Decimal("0.5")], "0.500"),
    ("%X", [Big(255)], "FF"),
    ("%+x", [255], "!FormatFlagsConversionMismatchException: Conversion = x, Flags = +"),
]


@pytest.mark.parametrize(("template", "arguments", "expected"), FORMATS)
def test_formats_are_javas(template: str, arguments: list[Any], expected: str) -> None:
    try:
        found = formatted(template, arguments)
    except JavaError as error:
        found = f"!{error.class_name.split('.')[-1]}: {error.message}"
    assert found == expected


@pytest.mark.parametrize(
    ("template", "argument"),
    [
        ("%1000000000d", 1),
        ("%-1000000000s", "a"),
        ("%.1000000000f", Decimal(1)),
        ("%.1000000000e", 1.5),
        ("%0999999999d", 1),
        ("%,1000000000d", 1),
    ],
)
def test_a_width_is_charged_before_it_is_built(template: str, argument: Any) -> None:
    with pytest.raises(OutOfRoom):
        formatted(template, [argument])


def test_a_width_that_no_int_holds_is_refused_in_javas_words() -> None:
    with pytest.raises(JavaError, match="-2147483648"):
        formatted("%99999999999d", [1])
