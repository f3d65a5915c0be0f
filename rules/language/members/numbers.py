"""Numbers, booleans, Math."""

import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rules.language import arithmetic, casts, equality, kinds, values
from rules.language.equality import FLOATS, INTEGERS
from rules.language.hash_order import number_hash
from rules.language.java import decimals, numbers_text
from rules.language.kinds import BIG_DECIMAL, BIG_INTEGER, BOOLEAN, DOUBLE, FLOAT, INTEGER, LONG, NUMBER
from rules.language.members import constant, constructor, method, static
from rules.language.members.arguments import ambiguous, is_number, not_castable, wanted

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


def _operation(name: str, act: Any) -> None:
    @method(NUMBER, name, 1)
    def apply(run: "Run", value: Any, arguments: list[Any]) -> Any:
        other = arguments[0]
        if name == "plus" and type(other) in (str, values.GString):
            return run.call_method(run.text(value), "plus", [other])
        if other is None:
            among = "Character String Number" if name == "plus" else "Character Number"
            ambiguous(run, value, name, *(f"class java.lang.{it}" for it in among.split()))
        if type(other) is values.Char and name in ("plus", "minus"):
            other = ord(other)
        if name == "multiply" and type(other) in (str, values.GString, list):
            run.no_method(kinds.kind_of(value).name, name, arguments)
        wanted(run, value, name, arguments, is_number(other))
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
    return arithmetic.bits(lambda a, b: a & b)(run, value, arguments[0])


@method(NUMBER, "or", 1)
def or_(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return arithmetic.bits(lambda a, b: a | b)(run, value, arguments[0])


@method(NUMBER, "xor", 1)
def xor(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return arithmetic.bits(lambda a, b: a ^ b)(run, value, arguments[0])


@method(DOUBLE, "isNaN")
def is_nan(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return bool(value != value)


@method(DOUBLE, "isInfinite")
def is_infinite(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return math.isinf(value)


# BigDecimal


@method(BIG_DECIMAL, "setScale", (1, 2))
def set_scale(run: "Run", value: Any, arguments: list[Any]) -> Any:
    mode = rounding(run, arguments[1]) if len(arguments) > 1 else "UNNECESSARY"
    return decimals.set_scale(value, int(arguments[0]), mode, limits=run.limits)


def rounding(run: "Run", value: Any) -> str:
    """A RoundingMode, or the number of one."""
    return decimals.rounding_of(int(value) if is_number(value) else run.text(value))


@method(BIG_DECIMAL, "scale")
def scale(run: "Run", value: Any, arguments: list[Any]) -> int:
    return decimals.scale(value)


@method(BIG_DECIMAL, "precision")
def precision(run: "Run", value: Any, arguments: list[Any]) -> int:
    return decimals.precision(value)


@method(BIG_DECIMAL, "unscaledValue")
def unscaled(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.BigInt(decimals.unscaled(value))


@method(BIG_DECIMAL, "stripTrailingZeros")
def strip_zeros(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return decimals.strip_zeros(value)


@method(BIG_DECIMAL, "toPlainString")
def to_plain(run: "Run", value: Any, arguments: list[Any]) -> str:
    return decimals.to_plain(value)


@method(BIG_DECIMAL, "toEngineeringString")
def to_engineering(run: "Run", value: Any, arguments: list[Any]) -> str:
    return decimals.to_engineering(value)


@method(BIG_DECIMAL, "add", 1)
def big_add(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return arithmetic.add(run, value, arguments[0])


@method(BIG_DECIMAL, "subtract", 1)
def big_subtract(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return arithmetic.subtract(run, value, arguments[0])


@method(BIG_DECIMAL, "divide", (1, 3))
def big_divide(run: "Run", value: Any, arguments: list[Any]) -> Any:
    if len(arguments) == 1:
        return decimals.divide_exact(value, casts.decimal(run, arguments[0]), run.limits)
    places = int(arguments[1]) if len(arguments) == 3 else decimals.scale(value)
    mode = rounding(run, arguments[-1])
    return decimals.divide_scaled(value, casts.decimal(run, arguments[0]), places, mode, run.limits)


@method(BIG_DECIMAL, "pow", 1)
def big_pow(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return arithmetic.power(run, value, arguments[0])


@method(BIG_DECIMAL, "max", 1)
def big_max(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return value if equality.compare_numbers(value, arguments[0]) >= 0 else casts.decimal(run, arguments[0])


@method(BIG_DECIMAL, "min", 1)
def big_min(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return value if equality.compare_numbers(value, arguments[0]) <= 0 else casts.decimal(run, arguments[0])


# Static members of the classes


def _parser(kind: kinds.Kind, names: str, act: Any) -> None:
    @static(kind, names, (1, 2))
    def parse(run: "Run", reference: Any, arguments: list[Any]) -> Any:
        value = arguments[0]
        if is_number(value):
            return casts.number(run, value, kind)
        if value is None and kind in (INTEGER, LONG):
            run.fail("java.lang.NumberFormatException", "Cannot parse null string")
        radix = int(arguments[1]) if len(arguments) > 1 else 10
        return act(run, run.text(value), radix)


_parser(INTEGER, "parseInt valueOf", lambda run, text, radix: numbers_text.parse_integer(text, radix, 32))
_parser(LONG, "parseLong valueOf", lambda run, text, radix: values.Long(numbers_text.parse_integer(text, radix, 64)))
_parser(DOUBLE, "parseDouble valueOf", lambda run, text, radix: numbers_text.parse_double(text))
_parser(
    FLOAT,
    "parseFloat valueOf",
    lambda run, text, radix: values.Float(numbers_text.to_float32(numbers_text.parse_double(text))),
)


@static(BIG_DECIMAL, "valueOf", (1, 2))
def decimal_value_of(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    value = casts.decimal(run, arguments[0])
    if len(arguments) > 1:
        return decimals.move_point_left(value, int(arguments[1]), run.limits)
    return value


@static(BIG_INTEGER, "valueOf", 1)
def integer_value_of(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return values.BigInt(int(arguments[0]))


@constructor(BIG_DECIMAL, (1, 2))
def new_decimal(run: "Run", kind: Any, arguments: list[Any]) -> Any:
    value = arguments[0]
    if type(value) in FLOATS:
        return decimals.exact_from_double(float(value), run.limits)
    if is_number(value):
        return casts.decimal(run, value)
    return numbers_text.parse_decimal(run.text(value), run.limits)


@constructor(BIG_INTEGER, (1, 2))
def new_integer(run: "Run", kind: Any, arguments: list[Any]) -> Any:
    text = run.text(arguments[0])
    run.integer(len(text) * 3)
    return values.BigInt(numbers_text.parse_integer(text, int(arguments[1]) if len(arguments) > 1 else 10, 0))


@constructor(INTEGER, 1)
def boxed_integer(run: "Run", kind: Any, arguments: list[Any]) -> Any:
    value = arguments[0]
    return int(value) if is_number(value) else numbers_text.parse_integer(run.text(value), 10, 32)


@constructor(LONG, 1)
def boxed_long(run: "Run", kind: Any, arguments: list[Any]) -> Any:
    value = arguments[0]
    return values.Long(value) if is_number(value) else values.Long(numbers_text.parse_integer(run.text(value), 10, 64))


for _kind, _bits in ((INTEGER, 32), (LONG, 64)):
    _of: Any = int if _bits == 32 else values.Long
    constant(_kind, "MAX_VALUE", _of(2 ** (_bits - 1) - 1))
    constant(_kind, "MIN_VALUE", _of(-(2 ** (_bits - 1))))
for _name, _value in (
    ("NaN", math.nan), ("POSITIVE_INFINITY", math.inf), ("NEGATIVE_INFINITY", -math.inf),
    ("MAX_VALUE", 1.7976931348623157e308), ("MIN_VALUE", 5e-324),
):  # fmt: skip
    constant(DOUBLE, _name, _value)
for _name, _value2 in (("ZERO", 0), ("ONE", 1), ("TWO", 2), ("TEN", 10)):
    constant(BIG_DECIMAL, _name, Decimal(_value2))
    constant(BIG_INTEGER, _name, values.BigInt(_value2))
ROUNDING = kinds.CLASSES["java.math.RoundingMode"]
kinds.CLASSES.setdefault("RoundingMode", ROUNDING)
for _name in ("UP", "DOWN", "CEILING", "FLOOR", "HALF_UP", "HALF_DOWN", "HALF_EVEN", "UNNECESSARY"):
    constant(ROUNDING, _name, _name)
    constant(BIG_DECIMAL, f"ROUND_{_name}", _name)


def _radix(names: str, act: Any) -> None:
    for kind, bits in ((INTEGER, 32), (LONG, 64)):

        def entered(kind: kinds.Kind = kind, bits: int = bits) -> None:
            @static(kind, names, 1)
            def convert(run: "Run", reference: Any, arguments: list[Any]) -> str:
                return str(act(int(arguments[0]), bits))

        entered()


_radix("toHexString", lambda value, bits: numbers_text.to_unsigned(value, bits, 16))
_radix("toBinaryString", lambda value, bits: numbers_text.to_unsigned(value, bits, 2))
_radix("toOctalString", lambda value, bits: numbers_text.to_unsigned(value, bits, 8))


@static(INTEGER, "toString", (1, 2))
@static(LONG, "toString", (1, 2))
def number_text(run: "Run", reference: Any, arguments: list[Any]) -> str:
    if len(arguments) > 1:
        return str(numbers_text.to_radix(int(arguments[0]), int(arguments[1])))
    return run.text(int(arguments[0]))


def _static_compare(kind: kinds.Kind) -> None:
    @static(kind, "compare", 2)
    def compare(run: "Run", reference: Any, arguments: list[Any]) -> int:
        return equality.compare(run, *arguments)

    @static(kind, "max", 2)
    def largest(run: "Run", reference: Any, arguments: list[Any]) -> Any:
        return arguments[0] if equality.compare(run, *arguments) >= 0 else arguments[1]

    @static(kind, "min", 2)
    def smallest(run: "Run", reference: Any, arguments: list[Any]) -> Any:
        return arguments[0] if equality.compare(run, *arguments) <= 0 else arguments[1]

    @static(kind, "sum", 2)
    def total(run: "Run", reference: Any, arguments: list[Any]) -> Any:
        return arithmetic.add(run, *arguments)


for _kind in (INTEGER, LONG, DOUBLE):
    _static_compare(_kind)


# Boolean


@static(BOOLEAN, "parseBoolean valueOf", 1)
def parse_boolean(run: "Run", reference: Any, arguments: list[Any]) -> bool:
    value = arguments[0]
    return value if type(value) is bool else run.text(value).lower() == "true"


constant(BOOLEAN, "TRUE", True)
constant(BOOLEAN, "FALSE", False)


@method(BOOLEAN, "booleanValue toBoolean")
def boolean_value(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return bool(value)


@method(BOOLEAN, "hashCode")
def boolean_hash(run: "Run", value: Any, arguments: list[Any]) -> int:
    return 1231 if value else 1237


@method(BOOLEAN, "and", 1)
def boolean_and(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return value and run.truth(arguments[0])


@method(BOOLEAN, "or", 1)
def boolean_or(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return value or run.truth(arguments[0])


@method(BOOLEAN, "xor", 1)
def boolean_xor(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return bool(value) is not run.truth(arguments[0])


@method(BOOLEAN, "implies", 1)
def implies(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return not value or run.truth(arguments[0])


@method(BOOLEAN, "compareTo", 1)
def boolean_compare(run: "Run", value: Any, arguments: list[Any]) -> int:
    return equality.compare(run, value, arguments[0])


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
    return lambda x: x if math.isinf(x) or x != x else float(act(x))


for _name, _math, _count in (
    ("floor", _whole_double(math.floor), 1), ("ceil", _whole_double(math.ceil), 1), ("rint", _whole_double(round), 1),
    ("sqrt", math.sqrt, 1), ("cbrt", _cube_root, 1), ("exp", math.exp, 1), ("log10", math.log10, 1),
    ("log", lambda x: math.log(x) if x > 0 else -math.inf if x == 0 else math.nan, 1), ("sin", math.sin, 1),
    ("cos", math.cos, 1), ("tan", math.tan, 1), ("asin", math.asin, 1), ("acos", math.acos, 1), ("atan", math.atan, 1),
    ("atan2", math.atan2, 2), ("hypot", math.hypot, 2), ("toRadians", math.radians, 1), ("toDegrees", math.degrees, 1),
    ("signum", lambda x: math.copysign(1.0, x) if x else x, 1), ("pow", arithmetic._double_power, 2),
):  # fmt: skip
    _function(_name, _math, _count)


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
