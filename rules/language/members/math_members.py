"""Math."""

import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rules.language import arithmetic, casts, equality, kinds, values
from rules.language.members import constant, static
from rules.language.members.arguments import is_number, wanted
from rules.language.members.numbers import MATH, absolute

if TYPE_CHECKING:
    from rules.language.run import Run

# Math


@static(MATH, "max", 2)
def math_max(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return _extreme(run, arguments, 1)


@static(MATH, "min", 2)
def math_min(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return _extreme(run, arguments, -1)


_ORDER = (values.Byte, values.Short, int, values.Long, values.Float, values.BigInt, Decimal, float)


def _extreme(run: "Run", arguments: list[Any], sign: int) -> Any:
    a, b = arguments
    if not (is_number(a) and is_number(b)):
        run.no_method("static java.lang.Math", "max" if sign > 0 else "min", arguments)
    best = a if equality.compare_numbers(a, b) * sign >= 0 else b
    wide = max(type(a), type(b), key=_ORDER.index)
    if Decimal in (type(a), type(b)) and type(a) is not type(b) and float not in (type(a), type(b)):
        classes = ", ".join(f"class {kinds.kind_of(it).name}" for it in arguments)
        message = (
            f"Ambiguous method overloading for method java.lang.Math#{'max' if sign > 0 else 'min'}. Cannot resolve "
        )
        message += f"which method to invoke for [{classes}] due to overlapping prototypes between: [double, double] "
        run.fail("groovy.lang.GroovyRuntimeException", message + "[float, float]")
    if wide in (Decimal, values.BigInt):
        wide = float if wide is Decimal else int
    return casts.number(run, best, kinds.kind_of(wide(0)))


@static(MATH, "abs", 1)
def math_abs(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    value = arguments[0]
    wanted(run, reference, "abs", arguments, is_number(value))
    found = absolute(run, value, [])
    return arithmetic.double(found) if type(found) is Decimal else int(found) if type(found) is values.BigInt else found


@static(MATH, "round", 1)
def math_round(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    value = arguments[0]
    wanted(run, reference, "round", arguments, is_number(value))
    if type(value) in (int, values.Long, values.Short, values.Byte):
        return int(value)
    number = arithmetic.double(value)
    if number != number:
        return values.Long(0)
    limit = 2**63 - 1
    found = (
        limit if math.isinf(number) and number > 0 else -limit - 1 if math.isinf(number) else math.floor(number + 0.5)
    )
    return found if type(value) is values.Float else values.Long(found)


def _function(name: str, act: Any, count: int = 1) -> None:
    @static(MATH, name, count)
    def apply(run: "Run", reference: Any, arguments: list[Any]) -> float:
        for value in arguments:
            wanted(run, reference, name, arguments, is_number(value))
        try:
            return float(act(*(arithmetic.double(value) for value in arguments)))
        except ValueError:
            return math.nan
        except OverflowError:
            return math.inf


def _cube_root(value: float) -> float:
    found = math.cbrt(value)
    near = float(round(found)) if math.isfinite(found) else found
    return near if near**3 == value else found


def _whole_double(act: Any) -> Any:
    # Zero keeps the sign of what was rounded.
    return lambda x: x if math.isinf(x) or x != x else math.copysign(float(act(x)), x)


for _name, _math, _count in (
    ("floor", _whole_double(math.floor), 1), ("ceil", _whole_double(math.ceil), 1), ("rint", _whole_double(round), 1),
    ("sqrt", math.sqrt, 1), ("cbrt", _cube_root, 1), ("exp", math.exp, 1), ("log10", math.log10, 1),
    ("log", lambda x: math.log(x) if x > 0 else -math.inf if x == 0 else math.nan, 1), ("sin", math.sin, 1),
    ("cos", math.cos, 1), ("tan", math.tan, 1), ("asin", math.asin, 1), ("acos", math.acos, 1), ("atan", math.atan, 1),
    ("atan2", math.atan2, 2), ("hypot", math.hypot, 2), ("toRadians", math.radians, 1), ("toDegrees", math.degrees, 1),
    ("signum", lambda x: math.copysign(1.0, x) if x else x, 1), ("pow", arithmetic._double_power, 2),
):  # fmt: skip
    _function(_name, _math, _count)


for _name, _math in (
    ("sinh", math.sinh), ("cosh", math.cosh), ("tanh", math.tanh), ("log1p", math.log1p), ("expm1", math.expm1),
    ("ulp", math.ulp),
):  # fmt: skip
    _function(_name, _math)
_function("IEEEremainder", math.remainder, 2)


def _exact(name: str, act: Any) -> None:
    @static(MATH, name, 1)
    def apply(run: "Run", reference: Any, arguments: list[Any]) -> Any:
        value = arguments[0]
        wanted(run, reference, name, arguments, type(value) in (int, values.Long))
        bits = 32 if type(value) is int else 64
        made = act(int(value))
        if not -(2 ** (bits - 1)) <= made < 2 ** (bits - 1):
            run.fail("java.lang.ArithmeticException", "integer overflow" if bits == 32 else "long overflow")
        return type(value)(made)


_exact("absExact", abs)
_exact("incrementExact", lambda it: it + 1)
_exact("decrementExact", lambda it: it - 1)
_exact("negateExact", lambda it: -it)


@static(MATH, "random", 0)
def math_random(run: "Run", reference: Any, arguments: list[Any]) -> float:
    return float(run.chance.random())


def _int_pair(name: str, act: Any) -> None:
    @static(MATH, name, 2)
    def apply(run: "Run", reference: Any, arguments: list[Any]) -> Any:
        a, b = arguments
        if not b and name.startswith("floor"):
            run.fail("java.lang.ArithmeticException", "/ by zero")
        made = act(int(a), int(b))
        bits = 32 if type(a) is int and type(b) is int else 64
        if name.endswith("Exact") and not -(2 ** (bits - 1)) <= made < 2 ** (bits - 1):
            run.fail("java.lang.ArithmeticException", "integer overflow" if bits == 32 else "long overflow")
        return arithmetic.whole(made, arithmetic.rank_of(a, b))


_int_pair("floorDiv", lambda a, b: a // b)


_int_pair("floorMod", lambda a, b: a % b)


_int_pair("addExact", lambda a, b: a + b)


_int_pair("multiplyExact", lambda a, b: a * b)


_int_pair("subtractExact", lambda a, b: a - b)


@static(MATH, "toIntExact", 1)
def to_int_exact(run: "Run", reference: Any, arguments: list[Any]) -> int:
    if not -(2**31) <= int(arguments[0]) < 2**31:
        run.fail("java.lang.ArithmeticException", "integer overflow")
    return int(arguments[0])


constant(MATH, "PI", math.pi)


constant(MATH, "E", math.e)
