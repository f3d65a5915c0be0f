"""DecimalFormat: numbers by a pattern such as `#,##0.00`, in English."""

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
)

from rules.language.java.errors import JavaError

_SPECIAL = "#0,."
_MODES = {
    "UP": ROUND_UP, "DOWN": ROUND_DOWN, "CEILING": ROUND_CEILING, "FLOOR": ROUND_FLOOR, "HALF_UP": ROUND_HALF_UP,
    "HALF_DOWN": ROUND_HALF_DOWN, "HALF_EVEN": ROUND_HALF_EVEN,
}  # fmt: skip
_MOST_PLACES = 340
# Wide enough for every number that a rule can have.
_WIDE = Context(prec=2_000)


class NumberFormat:
    """What a pattern says. `percent` is how many tens the number is multiplied by."""

    def __init__(self, pattern: str = "#,##0.###") -> None:
        self.pattern = pattern
        positive, _, negative = _halves(pattern)
        self.prefix, number, self.suffix = _cut(positive)
        self.negative: tuple[str, str] | None = None
        if negative:
            before, _, after = _cut(negative)
            self.negative = before, after
        self.percent = 2 if "%" in self.prefix + self.suffix else 3 if "\u2030" in self.prefix + self.suffix else 0
        self.exponent = 0
        self.grouping = 0
        self.rounding = "HALF_EVEN"
        self._digits(number)

    def _digits(self, number: str) -> None:
        mantissa, has_exponent, exponent = number.partition("E")
        if has_exponent:
            self.exponent = len(exponent)
        whole, _, fraction = mantissa.partition(".")
        if "," in whole:
            self.grouping = len(whole) - whole.rindex(",") - 1
        self.least_whole = whole.count("0")
        self.least_places = fraction.count("0")
        self.most_places = fraction.count("0") + fraction.count("#")
        if not whole.strip("#,") and not fraction and not self.least_whole and has_exponent:
            self.least_whole = 1

    def text(self, value: Decimal) -> str:
        """A number as the pattern shows it."""
        shown = value.scaleb(self.percent, context=_WIDE)
        places = min(self.most_places, _MOST_PLACES)
        if self.exponent:
            return self._scientific(shown)
        digits = Context(prec=_WIDE.prec, rounding=_MODES.get(self.rounding, ROUND_HALF_EVEN))
        rounded = shown.quantize(Decimal(1).scaleb(-places, context=_WIDE), context=digits)
        plain = f"{rounded.copy_abs():f}"
        whole, _, fraction = plain.partition(".")
        fraction = fraction.rstrip("0").ljust(self.least_places, "0")
        whole = whole.lstrip("0").rjust(self.least_whole, "0")
        if not whole and not fraction:
            whole = "0"
        return self._signed(self._grouped(whole) + ("." + fraction if fraction else ""), value.is_signed())

    def _scientific(self, value: Decimal) -> str:
        if not value:
            return self._signed("0E" + "0" * self.exponent, is_negative=False)
        least = max(1, self.least_whole)
        power = value.adjusted() - least + 1
        unit = Decimal(1).scaleb(-self.most_places, context=_WIDE)
        mantissa = value.scaleb(-power, context=_WIDE).quantize(unit, rounding=ROUND_HALF_EVEN, context=_WIDE)
        whole, _, fraction = f"{mantissa.copy_abs():f}".partition(".")
        fraction = fraction.rstrip("0").ljust(self.least_places, "0")
        sign = "-" if power < 0 else ""
        tail = f"E{sign}{abs(power):0{self.exponent}d}"
        return self._signed(whole + ("." + fraction if fraction else "") + tail, value.is_signed())

    def _grouped(self, whole: str) -> str:
        if not self.grouping:
            return whole
        parts = []
        while len(whole) > self.grouping:
            parts.append(whole[-self.grouping :])
            whole = whole[: -self.grouping]
        return ",".join([whole, *reversed(parts)])

    def _signed(self, text: str, is_negative: bool) -> str:
        if not is_negative:
            return self.prefix + text + self.suffix
        if self.negative is not None:
            return self.negative[0] + text + self.negative[1]
        return "-" + self.prefix + text + self.suffix

    def read(self, text: str) -> Decimal:
        """The number at the start of a text. Raises ParseException."""
        rest, sign = text, 1
        if self.negative is None and rest.startswith("-"):
            rest, sign = rest[1:], -1
        elif self.negative is not None and self.negative[0] and rest.startswith(self.negative[0]):
            rest, sign = rest[len(self.negative[0]) :], -1
        rest = rest.removeprefix(self.prefix)
        found = ""
        for character in rest:
            if (character.isascii() and character.isdigit()) or (character == "." and "." not in found):
                found += character
            elif character != "," or not self.grouping:
                break
        if not found.strip("."):
            raise JavaError("java.text.ParseException", f'Unparseable number: "{text}"')
        return (Decimal(found) * sign).scaleb(-self.percent, context=_WIDE)


def _halves(pattern: str) -> tuple[str, str, str]:
    """The pattern for positive numbers, and what stands for negative ones behind a `;`."""
    quoted = False
    for at, character in enumerate(pattern):
        if character == "'":
            quoted = not quoted
        elif character == ";" and not quoted:
            return pattern[:at], ";", pattern[at + 1 :]
    return pattern, "", ""


def _cut(pattern: str) -> tuple[str, str, str]:
    """What stands before the digits, the digits, and what stands behind, without quotes."""
    parts = ["", "", ""]
    at, place, quoted = 0, 0, False
    while at < len(pattern):
        character = pattern[at]
        if character == "'":
            if pattern[at + 1 : at + 2] == "'":
                parts[place if place != 1 else 2] += "'"
                at += 1
            else:
                quoted = not quoted
        elif not quoted and (character in _SPECIAL or (character == "E" and place == 1)):
            if place == 2:
                message = f"Unquoted special character '{character}' in pattern \"{pattern}\""
                raise JavaError("java.lang.IllegalArgumentException", message)
            place = 1
            parts[1] += character
        else:
            place = 2 if place == 1 else place
            parts[place] += "$" if character == "\u00a4" else character
        at += 1
    return parts[0], parts[1], parts[2]
