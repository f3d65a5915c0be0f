"""Static members of the number classes, and Boolean."""

import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rules.language import arithmetic, casts, equality, kinds, values
from rules.language.java import numbers_text
from rules.language.kinds import BIG_DECIMAL, BIG_INTEGER, BOOLEAN, BYTE, DOUBLE, FLOAT, INTEGER, LONG, SHORT
from rules.language.members import constant, constructor, method, static
from rules.language.members.arguments import is_number

if TYPE_CHECKING:
    from rules.language.run import Run


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


_parser(SHORT, "parseShort valueOf", lambda run, text, radix: values.Short(numbers_text.parse_integer(text, radix, 16)))


_parser(BYTE, "parseByte valueOf", lambda run, text, radix: values.Byte(numbers_text.parse_integer(text, radix, 8)))


_parser(DOUBLE, "parseDouble valueOf", lambda run, text, radix: numbers_text.parse_double(text))


_parser(
    FLOAT,
    "parseFloat valueOf",
    lambda run, text, radix: values.Float(numbers_text.to_float32(numbers_text.parse_double(text))),
)


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
