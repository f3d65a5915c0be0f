"""Arithmetic on numbers: whole numbers stay exact and grow into the next larger class, decimals follow Groovy's
formulas, one double makes the result a double."""

import math
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rules.language import values
from rules.language.equality import FLOATS, INTEGERS
from rules.language.java import decimals

if TYPE_CHECKING:
    from rules.language.run import Run

_RANK = {values.Byte: 0, values.Short: 0, int: 0, values.Long: 1, values.BigInt: 2}


def whole(value: int, rank: int) -> Any:
    """An exact whole number in the smallest class from `rank` on (Integer, Long, BigInteger) that holds it."""
    if rank == 0 and -(2**31) <= value < 2**31:
        return value
    if rank <= 1 and -(2**63) <= value < 2**63:
        return values.Long(value)
    return values.BigInt(value)


def rank_of(a: Any, b: Any) -> int:
    return max(_RANK[type(a)], _RANK[type(b)])


def _on(
    integers: Callable[["Run", int, int], int],
    exact: Callable[[Any, Any, Any], Decimal],
    doubles: Callable[[float, float], float],
) -> Callable[["Run", Any, Any], Any]:
    def apply(run: "Run", a: Any, b: Any) -> Any:
        one, other = type(a), type(b)
        if one in FLOATS or other in FLOATS:
            return doubles(double(a), double(b))
        if one in INTEGERS and other in INTEGERS:
            return whole(decimals.check_integer(integers(run, int(a), int(b)), run.limits), rank_of(a, b))
        return exact(_exact(a), _exact(b), run.limits)

    return apply


def _exact(value: Any) -> Any:
    return value if type(value) is Decimal else int(value)


def double(value: Any) -> float:
    """The double nearest to a number."""
    if type(value) is Decimal:
        return decimals.to_double(value)
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _double_rest(a: float, b: float) -> float:
    return math.nan if b == 0 or math.isinf(a) or math.isnan(b) else math.fmod(a, b)


def _multiplied(run: "Run", a: int, b: int) -> int:
    return decimals.integer_multiply(a, b, run.limits)


add = _on(lambda run, a, b: a + b, decimals.add, lambda a, b: a + b)
subtract = _on(lambda run, a, b: a - b, decimals.subtract, lambda a, b: a - b)
multiply = _on(_multiplied, decimals.multiply, lambda a, b: a * b)
remainder = _on(lambda run, a, b: decimals.truncated_mod(a, b), decimals.remainder, _double_rest)


def divide(run: "Run", a: Any, b: Any) -> Any:
    """`a / b`: a decimal unless one side is a double."""
    if type(a) in FLOATS or type(b) in FLOATS:
        return _double_quotient(double(a), double(b))
    return decimals.divide(_exact(a), _exact(b), run.limits)


def _double_quotient(a: float, b: float) -> float:
    if b != 0:
        return a / b
    if a == 0 or a != a:
        return math.nan
    return math.copysign(math.inf, a) * math.copysign(1.0, b)


def power(run: "Run", a: Any, b: Any) -> Any:
    """`a ** b`: exact for whole exponents from 0 on, else a double (a whole one becomes an Integer or Long)."""
    if type(b) in INTEGERS and b >= 0:
        if type(a) in INTEGERS:
            return _whole_power(run, a, int(b))
        if type(a) is Decimal:
            return decimals.decimal_power(a, int(b), run.limits)
    result = _double_power(double(a), double(b))
    if result == result and not math.isinf(result) and result == int(result):
        if -(2**31) <= result < 2**31:
            return int(result)
        if -(2**63) <= result < 2**63:
            return values.Long(int(result))
    return result


def _whole_power(run: "Run", a: Any, b: int) -> Any:
    found = decimals.integer_power(int(a), b, run.limits)
    limit = 2**31 if type(a) is not values.Long else 2**63
    if -limit <= found < limit and type(a) is not values.BigInt:
        return values.Long(found) if type(a) is values.Long else found
    return values.BigInt(found)


def _double_power(a: float, b: float) -> float:
    try:
        found = a**b
    except OverflowError:
        return math.inf
    except ZeroDivisionError:
        return math.inf
    return math.nan if isinstance(found, complex) else found


def negate(run: "Run", a: Any) -> Any:
    if type(a) in INTEGERS:
        return whole(-int(a), _RANK[type(a)])
    if type(a) is Decimal:
        return decimals.negate(a)
    return type(a)(-a)


def bits(act: Callable[[int, int], int]) -> Callable[["Run", Any, Any], Any]:
    """A bit operation on whole numbers."""

    def apply(run: "Run", a: Any, b: Any) -> Any:
        return whole(act(int(a), int(b)), rank_of(a, b))

    return apply


def shift_left(run: "Run", a: Any, b: Any) -> Any:
    """`a << b`, cut to the width of the class as Java does."""
    if type(a) is values.BigInt:
        return values.BigInt(decimals.shift_left(int(a), int(b), run.limits))
    width = 64 if type(a) is values.Long else 32
    return wrapped(int(a) << (int(b) % width), width)


def shift_right(run: "Run", a: Any, b: Any) -> Any:
    if type(a) is values.BigInt:
        return values.BigInt(int(a) >> min(int(b), 100_000) if b >= 0 else int(a))
    width = 64 if type(a) is values.Long else 32
    return wrapped(int(a) >> (int(b) % width), width)


def shift_unsigned(run: "Run", a: Any, b: Any) -> Any:
    width = 64 if type(a) is values.Long else 32
    return wrapped((int(a) % 2**width) >> (int(b) % width), width)


def wrapped(value: int, width: int) -> Any:
    """The value as a signed whole number of that many bits."""
    value &= 2**width - 1
    if value >= 2 ** (width - 1):
        value -= 2**width
    return value if width == 32 else values.Long(value)
