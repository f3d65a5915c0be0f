"""BigDecimal: every answer here is Java's or Groovy's own."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from rules.language.java import decimals
from rules.language.java.errors import JavaError, OverLimit
from rules.language.limits import DEFAULT

D = Decimal

SUMS: list[tuple[Callable[..., Decimal], str, str, str]] = [
    (decimals.divide, "10", "4", "2.5"),
    (decimals.divide, "10", "3", "3.3333333333"),
    (decimals.divide, "10", "5", "2"),
    (decimals.divide, "7", "7", "1"),
    (decimals.divide, "1", "8", "0.125"),
    (decimals.divide, "1.0", "8", "0.125"),
    (decimals.divide, "1", "3.000", "0.3333333333"),
    (decimals.divide, "10.00", "4", "2.50"),
    (decimals.divide, "10", "0.5", "2E+1"),
    (decimals.divide, "100", "3.0", "33.3333333333"),
    (decimals.divide, "22", "7.0000000000000", "3.1428571428571"),
    (decimals.divide, "0.00", "5", "0.00"),
    (decimals.divide, "0", "7", "0"),
    (decimals.divide, "1e10", "3", "3333333333.3"),
    (decimals.divide, "1e-10", "3", "0E-10"),
    (decimals.divide, "5", "0", "!Division by zero"),
    (decimals.divide, "-1", "3", "-0.3333333333"),
    (decimals.multiply, "2.00", "0.50", "1.0000"),
    (decimals.multiply, "3", "1.10", "3.30"),
    (decimals.multiply, "1e5", "10", "1.0E+6"),
    (decimals.multiply, "-1.5", "0", "0.0"),
    (decimals.add, "0.1", "0.2", "0.3"),
    (decimals.add, "1e5", "1", "100001"),
    (decimals.subtract, "1.50", "1.5", "0.00"),
    (decimals.remainder, "1.5", "1", "0.5"),
    (decimals.remainder, "-7.5", "2", "-1.5"),
    (decimals.remainder, "7.5", "2.25", "0.75"),
    (decimals.remainder, "5", "2.5", "0.0"),
    (decimals.remainder, "1", "2.5", "1"),
    (decimals.remainder, "1.5", "0", "!Division by zero"),
    (decimals.divide_exact, "10", "3", "!Non-terminating decimal expansion; no exact representable decimal result."),
    (decimals.divide_exact, "10", "4", "2.5"),
]


@pytest.mark.parametrize(("act", "a", "b", "expected"), SUMS)
def test_sums_keep_javas_scales(act: Callable[..., Decimal], a: str, b: str, expected: str) -> None:
    try:
        found = decimals.to_text(act(D(a), D(b), DEFAULT))
    except JavaError as error:
        found = f"!{error.message}"
    assert found == expected


TEXTS = [
    ("1E+3", "1E+3", "1000", "1E+3"),
    ("1.23E-10", "1.23E-10", "0.000000000123", "123E-12"),
    ("12345E+4", "1.2345E+8", "123450000", "123.45E+6"),
    ("0E+4", "0E+4", "0", "0.00E+6"),
    ("0E-7", "0E-7", "0.0000000", "0.0E-6"),
    ("0.000000", "0.000000", "0.000000", "0.000000"),
    ("0.0000001", "1E-7", "0.0000001", "100E-9"),
    ("1.50", "1.50", "1.50", "1.50"),
]


@pytest.mark.parametrize(("given", "text", "plain", "engineering"), TEXTS)
def test_decimals_show_as_in_java(given: str, text: str, plain: str, engineering: str) -> None:
    value = D(given)
    assert (decimals.to_text(value), decimals.to_plain(value)) == (text, plain)
    assert decimals.to_engineering(value) == engineering


SCALED = [
    ("1.25", 1, "HALF_EVEN", "1.2"),
    ("1.25", 1, "HALF_UP", "1.3"),
    ("1.25", 1, "HALF_DOWN", "1.2"),
    ("1.25", 1, "UNNECESSARY", "!Rounding necessary"),
    ("1.20", 1, "UNNECESSARY", "1.2"),
    ("-1.25", 1, "CEILING", "-1.2"),
    ("-1.25", 1, "FLOOR", "-1.3"),
    ("-1.21", 1, "UP", "-1.3"),
    ("-1.29", 1, "DOWN", "-1.2"),
    ("12345", -2, "HALF_UP", "1.23E+4"),
    ("1", 3, "UNNECESSARY", "1.000"),
    ("-0.1", 0, "HALF_UP", "0"),
]


@pytest.mark.parametrize(("given", "places", "rounding", "expected"), SCALED)
def test_scales_are_set_by_javas_rounding(given: str, places: int, rounding: str, expected: str) -> None:
    try:
        found = decimals.to_text(decimals.set_scale(D(given), places, rounding, limits=DEFAULT))
    except JavaError as error:
        found = f"!{error.message}"
    assert found == expected


def test_the_old_numbers_of_rounding_modes_have_names() -> None:
    assert [decimals.rounding_of(number) for number in (0, 4, 7)] == ["UP", "HALF_UP", "UNNECESSARY"]
    with pytest.raises(JavaError):
        decimals.rounding_of(8)
    with pytest.raises(JavaError):
        decimals.rounding_of("SIDEWAYS")


def test_dividing_to_a_scale_rounds_once() -> None:
    assert decimals.divide_scaled(10, 3, 2, "HALF_UP", DEFAULT) == D("3.33")
    assert decimals.divide_scaled(-10, 3, 0, "FLOOR", DEFAULT) == D("-4")
    assert decimals.to_text(decimals.divide_scaled(1, 8, 2, "HALF_EVEN", DEFAULT)) == "0.12"
    with pytest.raises(JavaError, match="Rounding necessary"):
        decimals.divide_scaled(10, 3, 2, "UNNECESSARY", DEFAULT)


def test_powers_keep_their_scale() -> None:
    assert decimals.to_text(decimals.decimal_power(D("1.10"), 2, DEFAULT)) == "1.2100"
    assert decimals.to_text(decimals.decimal_power(D("2.0"), 0, DEFAULT)) == "1"
    assert decimals.integer_power(2, 64, DEFAULT) == 18446744073709551616
    assert (decimals.integer_power(0, 0, DEFAULT), decimals.integer_power(-1, 10**12 + 1, DEFAULT)) == (1, -1)


def test_the_rest_of_bigdecimal() -> None:
    assert decimals.to_text(decimals.strip_zeros(D("100"))) == "1E+2"
    assert decimals.to_text(decimals.strip_zeros(D("0.000"))) == "0"
    assert decimals.to_text(decimals.round_to(D("1.25"), 2)) == "1.3"
    assert decimals.to_text(decimals.groovy_round(D("1.567"), 2, limits=DEFAULT)) == "1.57"
    assert decimals.to_text(decimals.move_point_left(D("1.5"), 3, DEFAULT)) == "0.0015"
    assert decimals.to_text(decimals.move_point_right(D("1.5"), 3, DEFAULT)) == "1500"
    assert decimals.to_text(decimals.from_double(1e20)) == "1.0E+20"
    assert decimals.to_text(decimals.exact_from_double(0.1, DEFAULT)).startswith("0.1000000000000000055511151231")
    assert (decimals.scale(D("1.50")), decimals.precision(D("1.50")), decimals.unscaled(D("1.50"))) == (2, 3, 150)
    assert (decimals.truncated_div(-7, 2), decimals.truncated_mod(-7, 3)) == (-3, -1)
    assert decimals.to_integer(D("-3.9"), DEFAULT) == -3


HUGE: list[Callable[[], object]] = [
    lambda: decimals.integer_power(9, 9**7, DEFAULT),
    lambda: decimals.integer_power(2, 10**30, DEFAULT),
    lambda: decimals.shift_left(1, 10**12, DEFAULT),
    lambda: decimals.decimal_power(D("1.1"), 10**8, DEFAULT),
    lambda: decimals.decimal_power(D("9e300"), 300, DEFAULT),
    lambda: decimals.multiply(D("9" * 150), D("9" * 150), DEFAULT),
    lambda: decimals.multiply(D("1e300"), D("1e300"), DEFAULT),
    lambda: decimals.set_scale(D(1), 10**9, "HALF_UP", limits=DEFAULT),
    lambda: decimals.divide_scaled(1, 3, 10**9, "HALF_UP", DEFAULT),
    lambda: decimals.divide(1, 2**900, DEFAULT),
    lambda: decimals.move_point_left(D(1), 10**9, DEFAULT),
    lambda: decimals.integer_multiply(1 << 4000, 1 << 4000, DEFAULT),
    lambda: decimals.to_integer(D("1e3000000"), DEFAULT),
]


@pytest.mark.parametrize("act", HUGE)
def test_numbers_are_refused_before_they_grow(act: Callable[[], object]) -> None:
    with pytest.raises(OverLimit):
        act()
