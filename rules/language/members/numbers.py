"""Numbers: what all of them answer to."""

import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rules.language import arithmetic, casts, equality, kinds, values
from rules.language.equality import INTEGERS
from rules.language.hash_order import number_hash
from rules.language.java import decimals
from rules.language.kinds import BIG_DECIMAL, BIG_INTEGER, DOUBLE, FLOAT, INTEGER, LONG, NUMBER
from rules.language.members import constant, constructor, method
from rules.language.members.arguments import ambiguous, is_number, not_castable, wanted
from rules.language.members.big_decimals import rounding

if TYPE_CHECKING:
    from rules.language.run import Run

MATH = kinds.CLASSES["Math"]


def _convert(names: str, target: kinds.Kind, *, digits: bool = False) -> None:
    @method(NUMBER, names)
    def convert(run: "Run", value: Any, arguments: list[Any]) -> Any:
        return casts.number(run, value, target, digits=digits)


for _names, _target in (
    ("toInteger intValue", INTEGER), ("toLong longValue", LONG), ("doubleValue", DOUBLE),
    ("toFloat floatValue", FLOAT), ("toBigDecimal", BIG_DECIMAL), ("toBigInteger", BIG_INTEGER),
    ("shortValue", kinds.SHORT), ("byteValue", kinds.BYTE),
):  # fmt: skip
    _convert(_names, _target)


_convert("toDouble", DOUBLE, digits=True)


def _needs_whole(run: "Run", value: Any, name: str) -> None:
    if type(value) not in INTEGERS:
        message = f"Cannot use {name}() on this number type: {kinds.kind_of(value).name} with value: {run.text(value)}"
        run.fail("java.lang.UnsupportedOperationException", message)


def _operation(name: str, act: Any) -> None:
    @method(NUMBER, name, 1)
    def apply(run: "Run", value: Any, arguments: list[Any]) -> Any:
        other = arguments[0]
        if name == "plus" and type(other) in (str, values.GString):
            return run.call_method(run.text(value), "plus", [other])
        if other is None:
            if name in ("mod", "power", "leftShift", "rightShift", "remainder"):
                run.fail(
                    "java.lang.NullPointerException", f'Cannot invoke "Object.toString()" of the other side of {name}()'
                )
            among = "Character String Number" if name == "plus" else "Character Number"
            ambiguous(run, value, name, *(f"class java.lang.{it}" for it in among.split()))
        if type(other) is values.Char and name in ("plus", "minus"):
            other = ord(other)
        if name == "multiply" and type(other) in (str, values.GString, list):
            run.no_method(kinds.kind_of(value).name, name, arguments)
        wanted(run, value, name, arguments, is_number(other))
        if name.endswith("Shift"):
            _needs_whole(run, value, name)
            if type(other) not in INTEGERS:
                what = f"{run.text(other)} ({kinds.kind_of(other).name})"
                message = f"Shift distance must be an integral type, but {what} was supplied"
                run.fail("java.lang.UnsupportedOperationException", message)
        return act(run, value, other)


for _name, _act in (
    ("plus", arithmetic.add), ("minus", arithmetic.subtract), ("multiply", arithmetic.multiply),
    ("div", arithmetic.divide), ("mod", arithmetic.remainder), ("remainder", arithmetic.remainder),
    ("power", arithmetic.power), ("leftShift", arithmetic.shift_left), ("rightShift", arithmetic.shift_right),
):  # fmt: skip
    _operation(_name, _act)


@method(NUMBER, "intdiv", 1)
def intdiv(run: "Run", value: Any, arguments: list[Any]) -> Any:
    other = arguments[0]
    if other is None:
        ambiguous(run, value, "intdiv", "class java.lang.Character", "class java.lang.Number")
    wanted(run, value, "intdiv", arguments, is_number(other))
    if type(value) not in INTEGERS or type(other) not in INTEGERS:
        run.fail(
            "java.lang.UnsupportedOperationException",
            f"Cannot use intdiv() on this number type: {kinds.kind_of(value).name} with value: {run.text(value)}",
        )
    return arithmetic.whole(decimals.truncated_div(int(value), int(other)), arithmetic.rank_of(value, other))


@method(NUMBER, "abs")
def absolute(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return arithmetic.negate(run, value) if equality.compare_numbers(value, 0) < 0 else value


@method(NUMBER, "negate unaryMinus")
def negate(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return arithmetic.negate(run, value)


@method(BIG_DECIMAL, "signum")
@method(BIG_INTEGER, "signum")
def signum(run: "Run", value: Any, arguments: list[Any]) -> int:
    return equality.compare_numbers(value, 0)


@method(NUMBER, "next")
def next_(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return arithmetic.add(run, value, 1)


@method(NUMBER, "previous")
def previous(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return arithmetic.subtract(run, value, 1)


@method(NUMBER, "compareTo", 1)
def compare_to(run: "Run", value: Any, arguments: list[Any]) -> int:
    if arguments[0] is None:
        run.fail("java.lang.NullPointerException", "Cannot compare a number with null")
    if not is_number(arguments[0]):
        not_castable(run, arguments[0], value)
    return equality.compare(run, value, arguments[0])


@method(NUMBER, "times", 1)
def times(run: "Run", value: Any, arguments: list[Any]) -> None:
    for turn in range(int(value)):
        run.steps()
        run.call(arguments[0], [turn])


@method(NUMBER, "upto", 2)
def upto(run: "Run", value: Any, arguments: list[Any]) -> None:
    if equality.compare(run, value, arguments[0]) > 0:
        _wrong_way(run, "upto() cannot be less", value, arguments[0])
    _walk(run, value, arguments[0], 1, arguments[1])


@method(NUMBER, "downto", 2)
def downto(run: "Run", value: Any, arguments: list[Any]) -> None:
    if equality.compare(run, value, arguments[0]) < 0:
        _wrong_way(run, "downto() cannot be greater", value, arguments[0])
    _walk(run, value, arguments[0], -1, arguments[1])


def _wrong_way(run: "Run", what: str, value: Any, last: Any) -> None:
    text = f"The argument ({run.text(last)}) to {what} than the value ({run.text(value)}) it's called on."
    run.fail("groovy.lang.GroovyRuntimeException", text)


def _walk(run: "Run", start: Any, last: Any, step: int, function: Any) -> None:
    while equality.compare_numbers(start, last) * step <= 0:
        run.steps()
        run.call(function, [start])
        start = arithmetic.add(run, start, step)


@method(NUMBER, "step", 3)
def step(run: "Run", value: Any, arguments: list[Any]) -> None:
    last, by, function = arguments
    sign = equality.compare_numbers(by, 0)
    if not sign:
        run.fail("groovy.lang.GroovyRuntimeException", "Infinite loop in step()")
    while equality.compare_numbers(value, last) * sign < 0:
        run.steps()
        run.call(function, [value])
        value = arithmetic.add(run, value, by)


@method(NUMBER, "hashCode")
def hash_code(run: "Run", value: Any, arguments: list[Any]) -> int:
    return number_hash(value)


MATH_CONTEXT = kinds.CLASSES["java.math.MathContext"]


@constructor(MATH_CONTEXT, (1, 2))
def new_context(run: "Run", kind: Any, arguments: list[Any]) -> Any:
    mode = rounding(run, arguments[1]) if len(arguments) > 1 else "HALF_UP"
    return values.Box(kind, (int(arguments[0]), mode))


for _name, _digits, _mode in (
    ("DECIMAL32", 7, "HALF_EVEN"), ("DECIMAL64", 16, "HALF_EVEN"), ("DECIMAL128", 34, "HALF_EVEN"),
):  # fmt: skip
    constant(MATH_CONTEXT, _name, values.Box(MATH_CONTEXT, (_digits, _mode)))


@method(NUMBER, "round", (0, 1))
def round_(run: "Run", value: Any, arguments: list[Any]) -> Any:
    if arguments and type(value) is Decimal and type(arguments[0]) is values.Box:
        digits, mode = arguments[0].content
        return decimals.round_to(value, digits, mode) if digits else value
    places = int(arguments[0]) if arguments and is_number(arguments[0]) else 0
    if type(value) is Decimal:
        return decimals.groovy_round(value, places, limits=run.limits)
    if type(value) in INTEGERS:
        return run.no_method(kinds.kind_of(value).name, "round", arguments)
    if not arguments:
        return values.Long(math.floor(float(value) + 0.5)) if type(value) is float else math.floor(float(value) + 0.5)
    return type(value)(_to_places(value, places, lambda x: math.floor(x + 0.5)))


def _to_places(value: Any, places: int, cut: Any) -> float:
    """A double cut to so many decimal places; beyond its own precision nothing changes."""
    if not -300 < places < 300:
        return float(value)
    return float(cut(float(value) * 10.0**places) / 10.0**places)


@method(NUMBER, "trunc truncate", (0, 1))
def trunc(run: "Run", value: Any, arguments: list[Any]) -> Any:
    places = int(arguments[0]) if arguments else 0
    if type(value) is Decimal:
        return decimals.set_scale(value, places, "DOWN", limits=run.limits)
    return type(value)(_to_places(value, places, math.trunc))


@method(NUMBER, "bitwiseNegate")
def bitwise_negate(run: "Run", value: Any, arguments: list[Any]) -> Any:
    if type(value) not in INTEGERS:
        what = f"{kinds.kind_of(value).name} with value: {run.text(value)}"
        message = f"Cannot use bitwiseNegate() on this number type: {what}"
        run.fail("java.lang.UnsupportedOperationException", message)
    return type(value)(~int(value))


@method(NUMBER, "and", 1)
def and_(run: "Run", value: Any, arguments: list[Any]) -> Any:
    _needs_whole(run, value if type(value) not in INTEGERS else arguments[0], "and")
    return arithmetic.bits(lambda a, b: a & b)(run, value, arguments[0])


@method(NUMBER, "or", 1)
def or_(run: "Run", value: Any, arguments: list[Any]) -> Any:
    _needs_whole(run, value if type(value) not in INTEGERS else arguments[0], "or")
    return arithmetic.bits(lambda a, b: a | b)(run, value, arguments[0])


@method(NUMBER, "xor", 1)
def xor(run: "Run", value: Any, arguments: list[Any]) -> Any:
    _needs_whole(run, value if type(value) not in INTEGERS else arguments[0], "xor")
    return arithmetic.bits(lambda a, b: a ^ b)(run, value, arguments[0])


@method(DOUBLE, "isNaN")
def is_nan(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return bool(value != value)


@method(DOUBLE, "isInfinite")
def is_infinite(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return math.isinf(value)
