"""SimpleDateFormat.parse: by the pattern's fields, lenient unless told otherwise."""

import re
from datetime import tzinfo

from rules.language.java import calendars
from rules.language.java.calendars import DAYS, MONTHS
from rules.language.java.dates import Field, read_pattern, unparseable
from rules.language.java.zones import GMT, fixed, zone_of

_OFFSET = re.compile(r"(?:GMT|UTC)?([+-])([0-9]{1,2}):?([0-9]{2})")
_ISO = (
    re.compile(r"([+-])([0-9]{2})"),
    re.compile(r"([+-])([0-9]{2})([0-9]{2})"),
    re.compile(r"([+-])([0-9]{2}):([0-9]{2})"),
)
_ZONE_NAME = re.compile(r"[A-Za-z]+(?:/[A-Za-z_]+)*")
_NUMERIC = set("yYMLwWDdFuHkKhmsS")
_BOUNDS = {
    "M": (1, 12),
    "d": (1, 31),
    "H": (0, 23),
    "k": (1, 24),
    "h": (1, 12),
    "K": (0, 11),
    "m": (0, 59),
    "s": (0, 59),
    "S": (0, 999),
}
MOST_DIGITS = 12


def parse_date(pattern: str, text: str, zone: tzinfo, *, century_start: int, lenient: bool = True) -> int:
    """Milliseconds; what follows the date is ignored, as in Java. `century_start` (milliseconds) is where the hundred
    years begin that two digits may mean: eighty years ago. Raises JavaError (ParseException)."""
    return parse_date_at(pattern, text, 0, zone, century_start=century_start, lenient=lenient)[0]


def parse_date_at(
    pattern: str, text: str, start: int, zone: tzinfo, *, century_start: int, lenient: bool = True
) -> tuple[int, int]:
    """Also where the date ended."""
    reader = _Reader(text, start, zone, century_start)
    fields = read_pattern(pattern)
    for number, field in enumerate(fields):
        following = fields[number + 1] if number + 1 < len(fields) else ("", 0)
        if not reader.reads(field, following):
            raise unparseable(text)
    if not lenient and not reader.holds():
        raise unparseable(text)
    return reader.millis(), reader.at


class _Reader:
    def __init__(self, text: str, start: int, zone: tzinfo, century_start: int) -> None:
        self.text = text
        self.at = start
        self.zone = zone
        self.century_start = century_start
        self.found: dict[str, int] = {}

    def reads(self, field: Field, following: Field) -> bool:
        letter, count = field
        if not count:
            return self.literal(letter)
        self.blanks()
        match letter:
            case "M" | "L" if count >= 3:
                return self.name("M", MONTHS, 1) or self.number("M", 2)
            case "E":
                return self.name("E", DAYS, 1)
            case "a":
                return self.name("a", ("AM", "PM"), 0)
            case "G":
                return self.name("G", ("BC", "AD"), 0)
            case "z" | "Z":
                return self.general_zone()
            case "X":
                return self.iso_zone(count)
        abutting = following[0] in _NUMERIC and following[1] and not (following[0] in "ML" and following[1] >= 3)
        return self.number("M" if letter == "L" else letter, count if abutting else MOST_DIGITS, count)

    def literal(self, wanted: str) -> bool:
        if not self.text.startswith(wanted, self.at):
            return False
        self.at += len(wanted)
        return True

    def blanks(self) -> None:
        while self.text[self.at : self.at + 1] in (" ", "\t"):
            self.at += 1

    def number(self, letter: str, most: int, count: int = 0) -> bool:
        start = self.at
        negative = self.text[self.at : self.at + 1] == "-"
        first = self.at + negative
        end = first
        while end < len(self.text) and end - first < most and self.text[end] in "0123456789":
            end += 1
        if end == first:
            return False
        value = int(self.text[first:end])
        self.at = end
        if letter == "y" and count <= 2 and end - start == 2:
            value = self.of_century(value)
        self.found[letter] = -value if negative else value
        return True

    def of_century(self, two: int) -> int:
        begin = calendars.parts(self.century_start, self.zone).year
        year = begin - begin % 100 + two
        return year + 100 if year < begin else year

    def name(self, letter: str, names: tuple[str, ...], first: int) -> bool:
        """The long name or its first three letters, whatever the case."""
        rest = self.text[self.at : self.at + 12].lower()
        for number, name in enumerate(names):
            for shown in (name.lower(), name[:3].lower()):
                if rest.startswith(shown):
                    self.at += len(shown)
                    self.found[letter] = number + first
                    return True
        return False

    def general_zone(self) -> bool:
        offset = _OFFSET.match(self.text, self.at)
        if offset is not None:
            return self.take_offset(offset)
        found = _ZONE_NAME.match(self.text, self.at)
        if found is None:
            return False
        if found[0] in ("GMT", "UTC") and self.text[found.end() : found.end() + 1] in ("+", "-"):
            return False  # an offset that lacks its minutes
        zone = fixed(0, "UTC") if found[0] == "UTC" else _zone_named(found[0])
        if zone is None:
            return False
        self.zone, self.at = zone, found.end()
        return True

    def iso_zone(self, count: int) -> bool:
        if self.literal("Z"):
            self.zone = fixed(0, "UTC")
            return True
        offset = _ISO[min(count, 3) - 1].match(self.text, self.at)
        return offset is not None and self.take_offset(offset)

    def take_offset(self, offset: re.Match[str]) -> bool:
        minutes = int(offset[2]) * 60 + int(offset[3] if offset.re.groups == 3 else 0)
        if minutes > 18 * 60 + 59:
            return False
        self.zone = fixed(minutes * (-60 if offset[1] == "-" else 60), "offset")
        self.at = offset.end()
        return True

    def holds(self) -> bool:
        """Whether every field is one that a calendar has."""
        found = self.found
        for letter, (least, most) in _BOUNDS.items():
            if letter in found and not least <= found[letter] <= most:
                return False
        return "d" not in found or found["d"] <= calendars.month_length(found.get("y", 1970), found.get("M", 1))

    def millis(self) -> int:
        found = self.found
        month, day = found.get("M", 1), found.get("d", 1)
        if "D" in found and "d" not in found:
            month, day = 1, found["D"]
        year = found.get("y", 1970)
        if found.get("G") == 0:
            year = 1 - year
        return calendars.from_parts(
            year, month, day, self.hour(), found.get("m", 0), found.get("s", 0), found.get("S", 0), self.zone
        )

    def hour(self) -> int:
        found = self.found
        if "H" in found:
            return found["H"]
        if "k" in found:
            return found["k"] % 24 if found["k"] <= 24 else found["k"]
        hour = found.get("K", found.get("h", 0))
        return (0 if hour == 12 and "h" in found else hour) + 12 * found.get("a", 0)


def _zone_named(name: str) -> tzinfo | None:
    zone = zone_of(name)
    return None if zone is GMT and name != "GMT" else zone
