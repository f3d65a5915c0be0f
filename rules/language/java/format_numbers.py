"""Numbers as String.format writes them."""

import decimal
import math
from decimal import Decimal

from rules.language.java.format_checks import Specifier, flags_mismatch
from rules.language.java.numbers_text import double_text, grouped, to_radix

_BITS = {"java.lang.Byte": 8, "java.lang.Short": 16, "java.lang.Integer": 32, "java.lang.Long": 64}
_WIDE = decimal.Context(prec=4_000, rounding=decimal.ROUND_HALF_UP, Emax=900_000, Emin=-900_000, traps=[])


def integer(spec: Specifier, value: int, class_name: str) -> str:
    """Negative hexadecimal and octal numbers show their bits, unless the number has no width."""
    if spec.conversion == "d":
        digits = str(abs(value))
        return _signed(spec, grouped(digits) if "," in spec.flags else digits, negative=value < 0)
    radix, prefix = (8, "0") if spec.conversion == "o" else (16, "0x")
    bits = _BITS.get(class_name)
    if bits is not None:
        for flag in "( +":
            if flag in spec.flags:
                raise flags_mismatch(spec, flag)
        value &= (1 << bits) - 1
    digits = ("" if "#" not in spec.flags else prefix) + to_radix(abs(value), radix)
    return _signed(spec, digits, negative=value < 0)


def fraction(spec: Specifier, value: float | Decimal) -> str:
    """`%e`, `%f`, `%g`, `%a`; a Double is rounded from the digits that it shows, half up."""
    if isinstance(value, float):
        if math.isnan(value) or math.isinf(value):
            return _not_finite(spec, value)
        if spec.conversion.lower() == "a":
            return _hexadecimal(value)
        negative = math.copysign(1, value) < 0
        exact = Decimal(double_text(abs(value)))
    else:
        negative, exact = value < 0, abs(value)
    places = 6 if spec.precision < 0 else spec.precision
    match spec.conversion.lower():
        case "f":
            text = _fixed(spec, exact, places)
        case "e":
            text = _scientific(spec, exact, places)
        case _:
            text = _general(spec, exact, places or 1)
    return _signed(spec, text, negative=negative)


def _fixed(spec: Specifier, value: Decimal, places: int) -> str:
    # Digits behind the last real one are noughts: they are appended, not computed.
    real = min(places, 3_000)
    text = format(value.quantize(Decimal(1).scaleb(-real), context=_WIDE), "f")
    text += "0" * (places - real)
    if "," in spec.flags:
        text = grouped(text)
    return text + "." if "#" in spec.flags and not places else text


def _scientific(spec: Specifier, value: Decimal, places: int) -> str:
    real = min(places, 3_000)
    context = decimal.Context(prec=real + 1, rounding=decimal.ROUND_HALF_UP, Emax=900_000, Emin=-900_000)
    rounded = context.plus(value)
    digits = "".join(map(str, rounded.as_tuple().digits)).ljust(real + 1, "0")
    exponent = rounded.adjusted() if rounded else 0
    point = "." if places or "#" in spec.flags else ""
    sign = "-" if exponent < 0 else "+"
    return f"{digits[0]}{point}{digits[1 : real + 1]}{'0' * (places - real)}e{sign}{abs(exponent):02d}"


def _general(spec: Specifier, value: Decimal, digits: int) -> str:
    if not value:
        return _fixed(spec, value, digits - 1)
    context = decimal.Context(prec=min(digits, 3_000), rounding=decimal.ROUND_HALF_UP, Emax=900_000, Emin=-900_000)
    rounded = context.plus(value)
    exponent = rounded.adjusted()
    if -4 <= exponent < digits:
        return _fixed(spec, value, digits - exponent - 1)
    return _scientific(spec, value, digits - 1)


def _hexadecimal(value: float) -> str:
    mantissa, _, exponent = value.hex().partition("p")
    whole, _, rest = mantissa.partition(".")
    return f"{whole}.{rest.rstrip('0') or '0'}p{int(exponent)}"


def _not_finite(spec: Specifier, value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if value > 0:
        return "+Infinity" if "+" in spec.flags else " Infinity" if " " in spec.flags else "Infinity"
    return "(Infinity)" if "(" in spec.flags else "-Infinity"


def _signed(spec: Specifier, digits: str, *, negative: bool) -> str:
    """The sign that the flags ask for, and noughts up to the width between it and the digits."""
    before = after = ""
    if negative:
        before, after = ("(", ")") if "(" in spec.flags else ("-", "")
    elif "+" in spec.flags:
        before = "+"
    elif " " in spec.flags:
        before = " "
    if "0" in spec.flags:
        if digits[:2] == "0x":
            before, digits = before + "0x", digits[2:]
        digits = digits.rjust(spec.width - len(before) - len(after), "0")
    return before + digits + after
