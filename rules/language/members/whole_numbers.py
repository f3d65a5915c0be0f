"""What the number classes say of themselves and of bits, their constructors, and BigInteger's own arithmetic."""

import math
import struct
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rules.language import arithmetic, casts, kinds, values
from rules.language.java import numbers_text
from rules.language.kinds import BIG_INTEGER, BOOLEAN, CHARACTER, DOUBLE, FLOAT, INTEGER, LONG
from rules.language.members import constant, constructor, method, static
from rules.language.members.arguments import is_number

if TYPE_CHECKING:
    from rules.language.run import Run

for _kind, _bits in ((INTEGER, 32), (LONG, 64), (kinds.SHORT, 16), (kinds.BYTE, 8)):
    constant(_kind, "SIZE", _bits)
    constant(_kind, "BYTES", _bits // 8)
for _kind, _type, _bits in ((kinds.SHORT, values.Short, 16), (kinds.BYTE, values.Byte, 8)):
    constant(_kind, "MAX_VALUE", _type(2 ** (_bits - 1) - 1))
    constant(_kind, "MIN_VALUE", _type(-(2 ** (_bits - 1))))
for _name, _value in (
    ("NaN", math.nan), ("POSITIVE_INFINITY", math.inf), ("NEGATIVE_INFINITY", -math.inf),
    ("MAX_VALUE", 3.4028234663852886e38), ("MIN_VALUE", 1.401298464324817e-45),
):  # fmt: skip
    constant(FLOAT, _name, values.Float(_value))


def _of_bits(name: str, act: Callable[[int, int], int]) -> None:
    """A static method of Integer and Long on the bits of a number."""
    for kind, bits in ((INTEGER, 32), (LONG, 64)):

        def entered(bits: int, kind: kinds.Kind) -> None:
            @static(kind, name, 1)
            def convert(run: "Run", reference: Any, arguments: list[Any]) -> Any:
                return act(int(arguments[0]) % 2**bits, bits)

        entered(bits, kind)


def _signed(value: int, bits: int) -> int:
    found = value - 2**bits if value >> (bits - 1) else value
    return found if bits == 32 else values.Long(found)


_of_bits("bitCount", lambda value, bits: value.bit_count())
_of_bits("reverse", lambda value, bits: _signed(int(f"{value:0{bits}b}"[::-1], 2), bits))
_of_bits("numberOfLeadingZeros", lambda value, bits: bits - value.bit_length())
_of_bits("numberOfTrailingZeros", lambda value, bits: (value & -value).bit_length() - 1 if value else bits)
_of_bits("highestOneBit", lambda value, bits: _signed(1 << (value.bit_length() - 1) if value else 0, bits))
_of_bits("lowestOneBit", lambda value, bits: _signed(value & -value, bits))
_of_bits("hashCode", lambda value, bits: int(arithmetic.wrapped(value if bits == 32 else value ^ (value >> 32), 32)))


@static(INTEGER, "decode", 1)
@static(LONG, "decode", 1)
def decode(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    text = run.text(arguments[0])
    sign, rest = ("-", text[1:]) if text.startswith("-") else ("", text.removeprefix("+"))
    lower = rest.lower()
    radix, digits = 10, rest
    if lower.startswith(("0x", "#")):
        radix, digits = 16, rest[2:] if lower.startswith("0x") else rest[1:]
    elif lower.startswith("0") and len(rest) > 1:
        radix, digits = 8, rest[1:]
    is_int = reference.kind is INTEGER
    found = numbers_text.parse_integer(sign + digits, radix, 32 if is_int else 64)
    return found if is_int else values.Long(found)


@static(LONG, "signum", 1)
def signum(run: "Run", reference: Any, arguments: list[Any]) -> int:
    return (int(arguments[0]) > 0) - (int(arguments[0]) < 0)


def _boxed(kind: kinds.Kind) -> None:
    @constructor(kind, 1)
    def make(run: "Run", made: Any, arguments: list[Any]) -> Any:
        value = arguments[0]
        if is_number(value):
            return casts.number(run, value, kind)
        return casts.coerce(run, run.text(value), kind)


for _kind in (DOUBLE, FLOAT, kinds.SHORT, kinds.BYTE):
    _boxed(_kind)


@constructor(BOOLEAN, 1)
def new_boolean(run: "Run", kind: Any, arguments: list[Any]) -> bool:
    value = arguments[0]
    return value if type(value) is bool else run.text(value).lower() == "true"


@constructor(CHARACTER, 1)
def new_character(run: "Run", kind: Any, arguments: list[Any]) -> Any:
    return values.Char(run.text(arguments[0])[:1])


@static(FLOAT, "isNaN", 1)
def is_nan(run: "Run", reference: Any, arguments: list[Any]) -> bool:
    return bool(arguments[0] != arguments[0])


@static(FLOAT, "toString", 1)
def float_text(run: "Run", reference: Any, arguments: list[Any]) -> str:
    return run.text(values.Float(arguments[0]))


@static(BOOLEAN, "compare", 2)
def compare_booleans(run: "Run", reference: Any, arguments: list[Any]) -> int:
    return int(arguments[0]) - int(arguments[1])


def _logical(name: str, act: Callable[[bool, bool], bool]) -> None:
    @static(BOOLEAN, name, 2)
    def apply(run: "Run", reference: Any, arguments: list[Any]) -> bool:
        return act(bool(arguments[0]), bool(arguments[1]))


_logical("logicalAnd", lambda a, b: a and b)
_logical("logicalOr", lambda a, b: a or b)
_logical("logicalXor", lambda a, b: a is not b)


@static(FLOAT, "isInfinite", 1)
@static(DOUBLE, "isInfinite", 1)
def is_infinite(run: "Run", reference: Any, arguments: list[Any]) -> bool:
    return math.isinf(arguments[0])


@static(FLOAT, "isFinite", 1)
@static(DOUBLE, "isFinite", 1)
def is_finite(run: "Run", reference: Any, arguments: list[Any]) -> bool:
    return math.isfinite(arguments[0])


@static(DOUBLE, "doubleToLongBits", 1)
def double_bits(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return values.Long(struct.unpack(">q", struct.pack(">d", float(arguments[0])))[0])


# BigInteger


def _big(name: str, act: Callable[[int, int], int]) -> None:
    @method(BIG_INTEGER, name, 1)
    def apply(run: "Run", value: Any, arguments: list[Any]) -> Any:
        other = int(arguments[0])
        run.integer(int(value).bit_length() + other.bit_length())
        if not other and name in ("divide", "remainder", "mod"):
            run.fail("java.lang.ArithmeticException", "BigInteger divide by zero")
        return values.BigInt(act(int(value), other))


_big("add", lambda a, b: a + b)
_big("subtract", lambda a, b: a - b)
_big("divide", lambda a, b: abs(a) // abs(b) * (1 if (a < 0) is (b < 0) else -1))
_big("remainder", lambda a, b: abs(a) % abs(b) * (1 if a >= 0 else -1))
_big("max", max)
_big("min", min)


@method(BIG_INTEGER, "bitLength")
def bit_length(run: "Run", value: Any, arguments: list[Any]) -> int:
    return int(value).bit_length()
