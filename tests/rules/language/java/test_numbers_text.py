"""How Java writes and reads numbers: every answer here is its own."""

from collections.abc import Callable

import pytest

from rules.language.java import numbers_text
from rules.language.java.errors import JavaError, OverLimit
from rules.language.limits import DEFAULT

DOUBLES = [
    (1.0, "1.0"),
    (1e-5, "1.0E-5"),
    (123456789.0, "1.23456789E8"),
    (1e7, "1.0E7"),
    (9999999.0, "9999999.0"),
    (0.001, "0.001"),
    (0.0009, "9.0E-4"),
    (-0.0, "-0.0"),
    (5e-324, "4.9E-324"),
    (1.7976931348623157e308, "1.7976931348623157E308"),
    (0.1 + 0.2, "0.30000000000000004"),
    (-2.5, "-2.5"),
    (float("nan"), "NaN"),
    (float("-inf"), "-Infinity"),
    (100.0, "100.0"),
]


@pytest.mark.parametrize(("given", "expected"), DOUBLES)
def test_doubles_show_as_in_java(given: float, expected: str) -> None:
    assert numbers_text.double_text(given) == expected


FLOATS = [
    (100.0, "100.0"),
    (1.1, "1.1"),
    (1e10, "1.0E10"),
    (3.4e38, "3.4E38"),
    (0.3, "0.3"),
    (16777216.0, "1.6777216E7"),
    (1.4e-45, "1.4E-45"),
    (9999999.0, "9999999.0"),
    (-0.002, "-0.002"),
]


@pytest.mark.parametrize(("given", "expected"), FLOATS)
def test_floats_show_as_in_java(given: float, expected: str) -> None:
    assert numbers_text.float_text(numbers_text.to_float32(given)) == expected


INTEGERS = [
    ("+5", 10, 32, "5"),
    ("zz", 36, 32, "1295"),
    ("99999999999", 10, 64, "99999999999"),
    ("99999999999", 10, 32, '!For input string: "99999999999"'),
    ("", 10, 32, '!For input string: ""'),
    (" 1", 10, 32, '!For input string: " 1"'),
    ("-", 10, 32, '!For input string: "-"'),
    ("1_0", 10, 32, '!For input string: "1_0"'),
    ("٣", 10, 32, '!For input string: "٣"'),
    ("g", 16, 32, '!For input string: "g" under radix 16'),
    ("1", 99, 32, "!radix 99 greater than Character.MAX_RADIX"),
    ("", 10, 0, "!Zero length BigInteger"),
    ("x", 10, 0, '!For input string: "x"'),
]


@pytest.mark.parametrize(("text", "radix", "bits", "expected"), INTEGERS)
def test_integers_are_read_as_in_java(text: str, radix: int, bits: int, expected: str) -> None:
    assert _told(lambda: numbers_text.parse_integer(text, radix, bits)) == expected


DOUBLE_TEXTS = [
    (" 1.5 ", "1.5"),
    ("1e400", "inf"),
    ("Infinity", "inf"),
    ("0x1p3", "8.0"),
    ("1.5f", "1.5"),
    ("", "!empty String"),
    ("x", '!For input string: "x"'),
    ("1_0", '!For input string: "1_0"'),
    ("inf", '!For input string: "inf"'),
]


@pytest.mark.parametrize(("text", "expected"), DOUBLE_TEXTS)
def test_doubles_are_read_as_in_java(text: str, expected: str) -> None:
    assert _told(lambda: numbers_text.parse_double(text)) == expected


NEITHER = 'is neither a decimal digit number, decimal point, nor "e" notation exponential mark.'
DECIMAL_TEXTS = [
    ("+1.50", "1.50"),
    (".5", "0.5"),
    ("5.", "5"),
    ("1E+3", "1E+3"),
    ("-0.0", "0.0"),
    ("x", f"!Character x {NEITHER}"),
    (" 1", f"!Character   {NEITHER}"),
    ("", "!"),
    ("1e", "!"),
    ("1.2.3", "!Character array contains more than one decimal point."),
    ("NaN", f"!Character N {NEITHER}"),
]


@pytest.mark.parametrize(("text", "expected"), DECIMAL_TEXTS)
def test_decimals_are_read_as_in_java(text: str, expected: str) -> None:
    assert _told(lambda: numbers_text.parse_decimal(text, DEFAULT)) == expected


def _told(read: Callable[[], object]) -> str:
    try:
        return str(read())
    except JavaError as error:
        assert error.class_name == "java.lang.NumberFormatException"  # noqa: PT017
        return f"!{error.message}"


def test_what_is_a_number_is_told_without_reading_it() -> None:
    assert numbers_text.is_decimal(" 1.5 ") and numbers_text.is_decimal("1e5")
    assert not numbers_text.is_decimal("1.5f") and not numbers_text.is_decimal("")
    assert numbers_text.is_double("NaN") and not numbers_text.is_double("x")
    assert numbers_text.is_integer("12") and not numbers_text.is_integer("99999999999")


def test_other_radixes() -> None:
    assert (numbers_text.to_radix(-255, 16), numbers_text.to_radix(5, 99)) == ("-ff", "5")
    assert numbers_text.to_unsigned(-1, 32, 16) == "ffffffff"
    assert numbers_text.to_unsigned(5, 32, 2) == "101"
    assert [numbers_text.decode_integer(text) for text in ("0x1F", "#ff", "010", "-7")] == [31, 255, 8, -7]


def test_groups_of_three_and_hashes() -> None:
    assert numbers_text.grouped("-1234567.5") == "-1,234,567.5"
    assert numbers_text.string_hash("abc") == 96354
    assert numbers_text.string_hash("hello" * 20) < 2**31


@pytest.mark.parametrize("text", ["1e3000000", "1e-500", "9" * 201, "0." + "1" * 201])
def test_decimals_beyond_the_limits_are_refused_unread(text: str) -> None:
    with pytest.raises(OverLimit):
        numbers_text.parse_decimal(text, DEFAULT)


def test_an_endless_integer_is_refused_unread() -> None:
    with pytest.raises(OverLimit):
        numbers_text.parse_integer("9" * 1_000_000, 10, 0)
    with pytest.raises(JavaError, match="For input string"):
        numbers_text.parse_integer("9" * 1_000_000)
