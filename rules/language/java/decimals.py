"""BigDecimal: `decimal.Decimal` with Java's scales, Groovy's division, and limits looked at before anything is built.

A Decimal's exponent is the negated scale; it is kept as Java keeps it. There is no negative zero."""

import decimal
from decimal import Decimal
from math import gcd, log10

from rules.language.java.errors import JavaError, NumberLimits, OverLimit, arithmetic, illegal_argument
from rules.language.java.numbers_text import double_text

# Wide enough for every exact result of two numbers within the limits.
_WIDE = decimal.Context(prec=4_000, Emax=900_000, Emin=-900_000, rounding=decimal.ROUND_HALF_UP, traps=[])

ROUNDING = {
    "UP": decimal.ROUND_UP,
    "DOWN": decimal.ROUND_DOWN,
    "CEILING": decimal.ROUND_CEILING,
    "FLOOR": decimal.ROUND_FLOOR,
    "HALF_UP": decimal.ROUND_HALF_UP,
    "HALF_DOWN": decimal.ROUND_HALF_DOWN,
    "HALF_EVEN": decimal.ROUND_HALF_EVEN,
}
_IN_ORDER = (*ROUNDING, "UNNECESSARY")

# How much more precise a division is than its longer side, and the fewest places it is cut to.
EXTRA_DIGITS = 10
LEAST_PLACES = 10


def rounding_of(mode: int | str) -> str:
    """The name of a rounding mode given as a constant of RoundingMode or as BigDecimal's old number."""
    if isinstance(mode, int):
        if not 0 <= mode < len(_IN_ORDER):
            raise illegal_argument("Invalid rounding mode")
        return _IN_ORDER[mode]
    if mode not in _IN_ORDER:
        raise illegal_argument(f"No enum constant java.math.RoundingMode.{mode}")
    return mode


def scale(a: Decimal) -> int:
    exponent = a.as_tuple().exponent
    assert isinstance(exponent, int)
    return -exponent


def precision(a: Decimal) -> int:
    return len(a.as_tuple().digits) if a else 1


def unscaled(a: Decimal) -> int:
    return int(a.scaleb(scale(a), _WIDE))


def check_integer(a: int, limits: NumberLimits) -> int:
    if a.bit_length() > limits.integer_bits:
        raise OverLimit(f"a number would have more than {limits.integer_bits:,} bits")
    return a


def check_decimal(a: Decimal, limits: NumberLimits) -> Decimal:
    """`a` within its limits, and never a negative zero. Raises OverLimit."""
    _, digits, exponent = a.as_tuple()
    assert isinstance(exponent, int)
    _check_size(len(digits), exponent, limits)
    return a if a else a.copy_abs()


def _check_size(digits: int, exponent: int, limits: NumberLimits) -> None:
    if digits > limits.decimal_digits:
        raise OverLimit(f"a decimal number would have more than {limits.decimal_digits} digits")
    if abs(exponent) > limits.decimal_exponent:
        raise OverLimit(f"a decimal number would have an exponent beyond {limits.decimal_exponent}")


def as_decimal(a: int | Decimal) -> Decimal:
    return a if isinstance(a, Decimal) else Decimal(a)


def add(a: int | Decimal, b: int | Decimal, limits: NumberLimits) -> Decimal:
    return check_decimal(_WIDE.add(as_decimal(a), as_decimal(b)), limits)


def subtract(a: int | Decimal, b: int | Decimal, limits: NumberLimits) -> Decimal:
    return check_decimal(_WIDE.subtract(as_decimal(a), as_decimal(b)), limits)


def multiply(a: int | Decimal, b: int | Decimal, limits: NumberLimits) -> Decimal:
    return check_decimal(_WIDE.multiply(as_decimal(a), as_decimal(b)), limits)


def divide(a: int | Decimal, b: int | Decimal, limits: NumberLimits) -> Decimal:
    """Exact where the quotient ends; else ten digits more than the longer side, at most ten places or theirs."""
    a, b = as_decimal(a), as_decimal(b)
    if not b:
        raise arithmetic("Division by zero")
    exact = _exact_quotient(a, b, limits)
    if exact is not None:
        return exact
    digits = max(precision(a), precision(b)) + EXTRA_DIGITS
    rough = decimal.Context(prec=digits, Emax=900_000, Emin=-900_000, rounding=decimal.ROUND_HALF_UP, traps=[])
    found = rough.divide(a, b)
    places = max(scale(a), scale(b), LEAST_PLACES)
    return set_scale(found, places, "HALF_UP", limits=limits) if scale(found) > places else check_decimal(found, limits)


def divide_exact(a: Decimal, b: Decimal, limits: NumberLimits) -> Decimal:
    """BigDecimal.divide(b). Raises JavaError when the quotient does not end."""
    if not b:
        raise arithmetic("Division by zero" if a else "Division undefined")
    found = _exact_quotient(a, b, limits)
    if found is None:
        raise arithmetic("Non-terminating decimal expansion; no exact representable decimal result.")
    return found


def _exact_quotient(a: Decimal, b: Decimal, limits: NumberLimits) -> Decimal | None:
    """None when the quotient has no end. Its scale is the difference of the scales, or more where digits need it."""
    preferred = scale(a) - scale(b)
    over, under = unscaled(a), unscaled(b)
    if not over:
        return _built(0, preferred, limits)
    common = gcd(over, under) * (-1 if under < 0 else 1)
    over, under = over // common, under // common
    twos = (under & -under).bit_length() - 1
    rest, fives = under >> twos, 0
    while rest % 5 == 0:
        rest //= 5
        fives += 1
    if rest != 1:
        return None
    more = max(twos, fives)
    return _built(over * 10**more // under, preferred + more, limits)


def _built(number: int, places: int, limits: NumberLimits) -> Decimal:
    _check_size(1, -places, limits)
    return check_decimal(Decimal(number).scaleb(-places, _WIDE), limits)


def divide_scaled(a: int | Decimal, b: int | Decimal, places: int, rounding: str, limits: NumberLimits) -> Decimal:
    """BigDecimal.divide(b, scale, mode)."""
    a, b = as_decimal(a), as_decimal(b)
    if not b:
        raise arithmetic("Division by zero" if a else "Division undefined")
    _check_size(1, -places, limits)
    shift = places - scale(a) + scale(b)
    over, under = unscaled(a), unscaled(b)
    over, under = (over * 10**shift, under) if shift >= 0 else (over, under * 10**-shift)
    return check_decimal(_rounded(over, under, rounding).scaleb(-places, _WIDE), limits)


def _rounded(over: int, under: int, rounding: str) -> Decimal:
    """`over / under` as a whole number."""
    whole, left = divmod(abs(over), abs(under))
    negative = (over < 0) != (under < 0)
    if left and rounding == "UNNECESSARY":
        raise arithmetic("Rounding necessary")
    # One more digit decides, and one behind it says that there was a rest.
    tenth, behind = divmod(left * 10, abs(under))
    exact = Decimal(f"{'-' if negative else ''}{whole}.{tenth}{1 if behind else 0}")
    return exact.quantize(Decimal(1), ROUNDING.get(rounding), context=_WIDE)


def remainder(a: int | Decimal, b: int | Decimal, limits: NumberLimits) -> Decimal:
    """`a % b`, with the sign of `a`."""
    a, b = as_decimal(a), as_decimal(b)
    if not b:
        raise arithmetic("Division by zero")
    _check_size(1, -(scale(a) - scale(b)), limits)
    quotient = int(_WIDE.divide_int(a, b))
    preferred = scale(a) - scale(b)
    whole = Decimal(quotient)
    if preferred >= 0:
        whole = whole.quantize(Decimal(1).scaleb(-preferred), context=_WIDE)
    elif quotient:
        zeros = len(str(quotient)) - len(str(quotient).rstrip("0"))
        whole = whole.quantize(Decimal(1).scaleb(min(zeros, -preferred)), context=_WIDE)
    else:
        whole = Decimal(0).scaleb(-preferred)
    return check_decimal(_WIDE.subtract(a, _WIDE.multiply(whole, b)), limits)


def decimal_power(a: Decimal, n: int, limits: NumberLimits) -> Decimal:
    """BigDecimal.pow(n) for n from 0 on."""
    if n < 0 or n > 999_999_999:
        raise arithmetic("Invalid operation")
    if n == 0:
        return Decimal(1)
    number, places = unscaled(a), scale(a)
    _check_size(1, -places * n, limits)
    if abs(number) > 1 and log10(abs(number)) * n > limits.decimal_digits + 1:
        raise OverLimit(f"a decimal number would have more than {limits.decimal_digits} digits")
    # The power of 0, 1 and -1 needs no more than the parity.
    return _built(number ** (n if abs(number) > 1 else 2 - n % 2), places * n, limits)


def integer_power(a: int, n: int, limits: NumberLimits) -> int:
    """`a ** n` for n from 0 on, looked at before it is computed."""
    if abs(a) <= 1:
        return a ** (2 - n % 2) if n else 1
    if (abs(a).bit_length() - 1) * n > limits.integer_bits:
        raise OverLimit(f"a number would have more than {limits.integer_bits:,} bits")
    return check_integer(a**n, limits)


def integer_multiply(a: int, b: int, limits: NumberLimits) -> int:
    return check_integer(a * b, limits)


def shift_left(a: int, by: int, limits: NumberLimits) -> int:
    """`a << by` without a width; negative `by` shifts right."""
    if by < 0:
        return a >> min(-by, 10**9)
    if a and a.bit_length() + by > limits.integer_bits:
        raise OverLimit(f"a number would have more than {limits.integer_bits:,} bits")
    return a << by if a else 0


def truncated_div(a: int, b: int) -> int:
    if not b:
        raise arithmetic("/ by zero")
    quotient = abs(a) // abs(b)
    return -quotient if (a < 0) != (b < 0) else quotient


def truncated_mod(a: int, b: int) -> int:
    if not b:
        raise arithmetic("/ by zero")
    rest = abs(a) % abs(b)
    return -rest if a < 0 else rest


def set_scale(a: Decimal, places: int, rounding: str = "UNNECESSARY", *, limits: NumberLimits) -> Decimal:
    _check_size(1, -places, limits)
    unit = Decimal(1).scaleb(-places, _WIDE)
    found = a.quantize(unit, ROUNDING.get(rounding, decimal.ROUND_DOWN), context=_WIDE)
    if rounding == "UNNECESSARY" and found != a:
        raise arithmetic("Rounding necessary")
    return check_decimal(found, limits)


def round_to(a: Decimal, digits: int, rounding: str = "HALF_UP") -> Decimal:
    """To so many digits, as a MathContext does; 0 is without end."""
    if digits <= 0 or precision(a) <= digits:
        return a
    if rounding == "UNNECESSARY":
        stripped = strip_zeros(a)
        if precision(stripped) > digits:
            raise arithmetic("Rounding necessary")
        rounding = "DOWN"
    context = decimal.Context(prec=digits, rounding=ROUNDING[rounding], Emax=900_000, Emin=-900_000, traps=[])
    return context.plus(a)


def groovy_round(a: Decimal, places: int = 0, *, limits: NumberLimits) -> Decimal:
    """`1.567.round(2)`."""
    return set_scale(a, places, "HALF_UP", limits=limits)


def negate(a: Decimal) -> Decimal:
    return a.copy_negate() if a else a


def absolute(a: Decimal) -> Decimal:
    return a.copy_abs()


def compare(a: int | Decimal, b: int | Decimal) -> int:
    a, b = as_decimal(a), as_decimal(b)
    return (a > b) - (a < b)


def strip_zeros(a: Decimal) -> Decimal:
    return a.normalize(_WIDE) if a else Decimal(0)


def move_point_left(a: Decimal, n: int, limits: NumberLimits) -> Decimal:
    """The scale never falls below nought."""
    places = scale(a) + n
    _check_size(1, -places, limits)
    moved = a.scaleb(-n, _WIDE)
    return check_decimal(moved if places >= 0 else set_scale(moved, 0, limits=limits), limits)


def move_point_right(a: Decimal, n: int, limits: NumberLimits) -> Decimal:
    return move_point_left(a, -n, limits)


def to_integer(a: Decimal, limits: NumberLimits) -> int:
    """Cut towards nought; looked at before the digits are written out."""
    if a and a.adjusted() > limits.integer_bits * 0.30103 + 1:
        raise OverLimit(f"a number would have more than {limits.integer_bits:,} bits")
    return check_integer(int(a), limits)


def to_double(a: Decimal) -> float:
    try:
        return float(a)
    except OverflowError:  # pragma: no cover - float() of a Decimal gives infinity
        return float("inf") if a > 0 else float("-inf")


def from_double(x: float) -> Decimal:
    """BigDecimal.valueOf(double): the digits that the double shows."""
    text = double_text(x)
    if text[-1] in "Ny":
        raise JavaError("java.lang.NumberFormatException", "Infinite or NaN")
    return Decimal(text)


def exact_from_double(x: float, limits: NumberLimits) -> Decimal:
    """new BigDecimal(double): every binary digit."""
    if x != x or x in (float("inf"), float("-inf")):
        raise JavaError("java.lang.NumberFormatException", "Infinite or NaN")
    return check_decimal(Decimal(x), limits)


def to_text(a: Decimal) -> str:
    """Plain down to six noughts behind the point, else with an exponent."""
    return _WIDE.to_sci_string(a)


def to_plain(a: Decimal) -> str:
    return format(a, "f")


def to_engineering(a: Decimal) -> str:
    return _WIDE.to_eng_string(a)


def integer_text(a: int, limits: NumberLimits) -> str:
    """Digits of a number that may have come from anywhere: Python's own limit is never reached."""
    return str(check_integer(a, limits))
