"""How Java writes and reads numbers."""

import math
import re
import struct
from decimal import Decimal

from rules.language.java.errors import JavaError, NumberLimits, OverLimit

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_DOUBLE = re.compile(
    r"[\x00-\x20]*(?P<number>[+-]?(?:NaN|Infinity|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[fFdD]?))[\x00-\x20]*"
)
_HEX_DOUBLE = re.compile(r"[\x00-\x20]*([+-]?0[xX][0-9a-fA-F]*\.?[0-9a-fA-F]*[pP][+-]?[0-9]+)[fFdD]?[\x00-\x20]*")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,10})?")
_MOST_DIGITS = 4_000
_NO_DECIMAL = 'is neither a decimal digit number, decimal point, nor "e" notation exponential mark.'


def not_a_number(message: str) -> JavaError:
    return JavaError("java.lang.NumberFormatException", message)


def input_string(text: str) -> JavaError:
    return not_a_number(f'For input string: "{text}"')


def double_text(x: float) -> str:
    """Double.toString: at least one digit behind the point, an exponent below 0.001 and from 10 million on."""
    if math.isnan(x):
        return "NaN"
    if math.isinf(x):
        return "Infinity" if x > 0 else "-Infinity"
    if x == 0:
        return "-0.0" if math.copysign(1, x) < 0 else "0.0"
    digits, exponent = _shortest(x)
    return ("-" if x < 0 else "") + _java_form(digits, exponent)


def _shortest(x: float) -> tuple[str, int]:
    """The fewest digits that mean this double, and the exponent of the first."""
    mantissa, _, exponent = f"{Decimal(repr(abs(x))):e}".partition("e")
    digits = mantissa.replace(".", "").rstrip("0")
    if len(digits) == 1:
        # Java looks among numbers of two digits at least: 4.9E-324, where one digit would be 5E-324.
        mantissa, _, exponent = f"{abs(x):.1e}".partition("e")
        digits = mantissa.replace(".", "")
    return digits, int(exponent)


def _java_form(digits: str, exponent: int) -> str:
    digits = digits.rstrip("0") or "0"
    if -3 <= exponent < 0:
        return "0." + "0" * (-exponent - 1) + digits
    if 0 <= exponent < 7:
        whole = digits[: exponent + 1].ljust(exponent + 1, "0")
        return f"{whole}.{digits[exponent + 1 :] or '0'}"
    return f"{digits[0]}.{digits[1:] or '0'}E{exponent}"


def to_float32(x: float) -> float:
    """The nearest Float, as a Python float."""
    try:
        return float(struct.unpack("f", struct.pack("f", x))[0])
    except OverflowError:
        return math.copysign(math.inf, x)


def float_text(x: float) -> str:
    """Float.toString of a value that is already one."""
    if x == 0 or math.isnan(x) or math.isinf(x):
        return double_text(x)
    for places in range(1, 10):
        text = f"{abs(x):.{places}e}"
        if to_float32(float(text)) == abs(x):
            break
    mantissa, _, exponent = text.partition("e")
    return ("-" if x < 0 else "") + _java_form(mantissa.replace(".", ""), int(exponent))


def parse_integer(text: str | None, radix: int = 10, bits: int = 32, *, trim: bool = False) -> int:
    """Integer.parseInt, Long.parseLong (bits 64) or new BigInteger (bits 0). Raises JavaError and OverLimit."""
    if text is None:
        raise not_a_number("Cannot parse null string")
    text = text.strip(_BLANKS) if trim else text
    _check_radix(radix)
    if not text and not bits:
        raise not_a_number("Zero length BigInteger")
    allowed = _DIGITS[:radix]
    body = text[1:] if text[:1] in ("+", "-") else text
    if not body or not all(char in allowed for char in body.lower()) or not body.isascii():
        raise _bad_integer(text, radix)
    if len(body) > _MOST_DIGITS:
        if bits:
            raise _bad_integer(text, radix)
        raise OverLimit(f"a number has more than {_MOST_DIGITS:,} digits")
    value = int(text, radix)
    if bits and not -(1 << bits - 1) <= value < 1 << bits - 1:
        raise _bad_integer(text, radix)
    return value


_BLANKS = "".join(chr(code) for code in range(33))


def _check_radix(radix: int) -> None:
    if radix < 2:
        raise not_a_number(f"radix {radix} less than Character.MIN_RADIX")
    if radix > 36:
        raise not_a_number(f"radix {radix} greater than Character.MAX_RADIX")


def _bad_integer(text: str, radix: int) -> JavaError:
    if radix == 10:
        return input_string(_cut(text))
    return not_a_number(f'For input string: "{_cut(text)}" under radix {radix}')


def _cut(text: str) -> str:
    """A message never repeats more of a text than a person reads."""
    return text if len(text) <= 1_000 else text[:1_000] + "…"


def decode_integer(text: str, bits: int = 32) -> int:
    """Integer.decode: 0x1F, #ff, 010."""
    sign, body = (text[:1], text[1:]) if text[:1] in ("+", "-") else ("", text)
    for prefix, radix in (("0x", 16), ("0X", 16), ("#", 16), ("0", 8)):
        if body.startswith(prefix) and len(body) > len(prefix):
            return parse_integer(sign + body[len(prefix) :], radix, bits)
    return parse_integer(text, 10, bits)


def parse_double(text: str) -> float:
    found = _DOUBLE.fullmatch(text)
    if found is not None:
        return float(found["number"].rstrip("fFdD") if found["number"][-1] in "fFdD" else found["number"])
    found = _HEX_DOUBLE.fullmatch(text)
    if found is not None:
        return float.fromhex(found[1])
    trimmed = text.strip(_BLANKS)
    raise input_string(_cut(trimmed)) if trimmed else not_a_number("empty String")


def parse_decimal(text: str, limits: NumberLimits) -> Decimal:
    """new BigDecimal(text). Raises JavaError and OverLimit."""
    if not _DECIMAL.fullmatch(text):
        raise not_a_number(_why_no_decimal(text))
    number, _, exponent = text.lower().partition("e")
    places = len(number.partition(".")[2])
    digits = len(number.lstrip("+-").replace(".", "").lstrip("0"))
    if digits > limits.decimal_digits:
        raise OverLimit(f"a decimal number has more than {limits.decimal_digits} digits")
    if abs(int(exponent or "0") - places) > limits.decimal_exponent:
        raise OverLimit(f"a decimal number has an exponent beyond {limits.decimal_exponent}")
    value = Decimal(text)
    return value if value else value.copy_abs()


def _why_no_decimal(text: str) -> str:
    body = text[1:] if text[:1] in ("+", "-") else text
    seen_point = False
    for at, char in enumerate(body):
        if char == "." and seen_point:
            return "Character array contains more than one decimal point."
        seen_point = seen_point or char == "."
        if char in "eE" and at:
            return ""
        if not (char.isascii() and char.isdigit()) and char != ".":
            return (
                f'Character {char} is neither a decimal digit number, decimal point, nor "e" notation exponential mark.'
            )
    return ""


def is_decimal(text: str) -> bool:
    """Groovy's isNumber and isBigDecimal, blanks around it aside."""
    return bool(_DECIMAL.fullmatch(text.strip(_BLANKS)))


def is_double(text: str) -> bool:
    return bool(_DOUBLE.fullmatch(text) or _HEX_DOUBLE.fullmatch(text))


def is_integer(text: str, bits: int = 32) -> bool:
    try:
        parse_integer(text, 10, bits, trim=True)
    except JavaError:
        return False
    return True


def to_radix(value: int, radix: int) -> str:
    """Integer.toString(value, radix); a radix that is none is ten."""
    if radix == 10 or not 2 <= radix <= 36:
        return str(value)
    digits: list[str] = []
    rest = abs(value)
    while rest:
        rest, digit = divmod(rest, radix)
        digits.append(_DIGITS[digit])
    return ("-" if value < 0 else "") + ("".join(reversed(digits)) or "0")


def to_unsigned(value: int, bits: int, radix: int) -> str:
    """toHexString, toOctalString and toBinaryString of a number of that width."""
    return to_radix(value & ((1 << bits) - 1), radix)


def grouped(digits: str) -> str:
    """`1234567` with a comma before each three digits; a sign and what follows a point stay."""
    whole, point, rest = digits.partition(".")
    sign, whole = (whole[:1], whole[1:]) if whole[:1] in ("+", "-") else ("", whole)
    head = len(whole) % 3
    groups = [whole[:head]] if head else []
    groups += [whole[at : at + 3] for at in range(head, len(whole), 3)]
    return sign + ",".join(groups) + point + rest


def string_hash(text: str) -> int:
    """String.hashCode, over UTF-16 units."""
    value = 0
    units = text.encode("utf-16-le", "surrogatepass")
    for at in range(0, len(units), 2):
        value = (value * 31 + units[at] + (units[at + 1] << 8)) & 0xFFFFFFFF
    return value - (1 << 32) if value >= 1 << 31 else value
