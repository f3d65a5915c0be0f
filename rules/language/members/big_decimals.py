"""BigDecimal, and the constructors and constants of the great numbers."""

from typing import TYPE_CHECKING, Any

from rules.language import arithmetic, casts, equality, values
from rules.language.equality import FLOATS
from rules.language.java import decimals, numbers_text
from rules.language.kinds import BIG_DECIMAL, BIG_INTEGER
from rules.language.members import constructor, method, static
from rules.language.members.arguments import is_number

if TYPE_CHECKING:
    from rules.language.run import Run


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


def _of_bytes(run: "Run", sign: int, given: Any) -> Any:
    run.integer(len(given) * 8)
    return values.BigInt(sign * int.from_bytes(bytes(int(byte) & 255 for byte in given), "big"))


@constructor(BIG_INTEGER, (1, 2))
def new_integer(run: "Run", kind: Any, arguments: list[Any]) -> Any:
    if len(arguments) == 2 and type(arguments[1]) is values.Array:
        return _of_bytes(run, int(arguments[0]), arguments[1])
    text = run.text(arguments[0])
    run.integer(len(text) * 3)
    return values.BigInt(numbers_text.parse_integer(text, int(arguments[1]) if len(arguments) > 1 else 10, 0))
