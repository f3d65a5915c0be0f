"""Parsing with a DateTimeFormatter, in Java's words when it fails."""

import re
from datetime import UTC, date, datetime, time, tzinfo
from typing import Any, NoReturn

from rules.language.java import calendars, times
from rules.language.java.calendars import DAYS, MONTHS
from rules.language.java.errors import JavaError
from rules.language.java.time_patterns import ISO, Element, Formatter
from rules.language.java.times import MONTH_NAMES, unreadable
from rules.language.java.zones import ZULU, fixed, offset_text, strict_zone

OWN = {
    "LocalDate": "ISO_LOCAL_DATE",
    "LocalTime": "ISO_LOCAL_TIME",
    "LocalDateTime": "ISO_LOCAL_DATE_TIME",
    "Instant": "ISO_INSTANT",
    "OffsetDateTime": "ISO_OFFSET_DATE_TIME",
    "ZonedDateTime": "ISO_ZONED_DATE_TIME",
}
BOUNDS = {
    "M": ("MonthOfYear", 1, 12),
    "d": ("DayOfMonth", 1, 31),
    "D": ("DayOfYear", 1, 366),
    "H": ("HourOfDay", 0, 23),
    "k": ("ClockHourOfDay", 1, 24),
    "h": ("ClockHourOfAmPm", 1, 12),
    "K": ("HourOfAmPm", 0, 11),
    "m": ("MinuteOfHour", 0, 59),
    "s": ("SecondOfMinute", 0, 59),
}
_ZONE_ID = re.compile(r"[A-Za-z][A-Za-z0-9_+\-/:]*|[+-][0-9:]+")
_OFFSETS = {
    1: re.compile(r"([+-])([0-9]{2})([0-9]{2})?"),
    2: re.compile(r"([+-])([0-9]{2})([0-9]{2})"),
    3: re.compile(r"([+-])([0-9]{2}):([0-9]{2})"),
    4: re.compile(r"([+-])([0-9]{2})([0-9]{2})([0-9]{2})?"),
    5: re.compile(r"([+-])([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?"),
}
_NUMERIC = set("yuYMLdDHkhKmsSnAN")


def parse_time(what: str, text: str, formatter: Formatter | None = None) -> Any:
    """A value of the class with that simple name. Raises JavaError (DateTimeParseException)."""
    formatter = formatter or ISO[OWN[what]]
    reader = _Reader(text, formatter)
    end = reader.reads(formatter.elements, 0)
    if end < 0:
        raise unreadable(text, f" at index {-end - 1}")
    if end < len(text):
        raise unreadable(text, f", unparsed text found at index {end}")
    try:
        return _Resolved(reader, what).value()
    except JavaError as error:
        raise unreadable(text, f": {error.message}") from None


class _Reader:
    def __init__(self, text: str, formatter: Formatter) -> None:
        self.text = text
        self.strict = formatter.strict
        self.zone: tzinfo | None = formatter.zone
        self.offset: int | None = None
        self.found: dict[str, int] = {}

    def reads(self, elements: tuple[Element, ...], at: int) -> int:
        """Where it ended; or the place that did not fit, as `-place - 1`."""
        for number, (element, count) in enumerate(elements):
            if count < 0:
                end = self.optional(element, at)
            elif count == 0:
                end = at + len(element) if self.text.startswith(element, at) else -at - 1
            else:
                end = self.field(element, count, at, _reserved(elements[number + 1 :]))
            if end < 0:
                return end
            at = end
        return at

    def optional(self, elements: tuple[Element, ...], at: int) -> int:
        before = dict(self.found), self.zone, self.offset
        end = self.reads(elements, at)
        if end >= 0:
            return end
        self.found, self.zone, self.offset = before
        return at

    def field(self, letter: str, count: int, at: int, reserved: int) -> int:
        if letter in "ML" and count >= 3:
            return self.name("M", MONTHS, 1, count, at)
        if letter in "Eec" and (letter == "E" or count >= 3):
            return self.name("E", DAYS, 1, count, at)
        match letter:
            case "a":
                return self.name("a", ("AM", "PM"), 0, 4, at)
            case "G":
                return self.name("G", ("BC", "AD"), 0, 4, at)
            case "f":
                return self.fraction(at)
            case "S":
                return self.digits(letter, at, count, count, nano=True)
            case "X" | "x" | "Z":
                return self.read_offset(letter, count, at)
            case "V" | "z" | "O":
                return self.zone_name(at)
        if letter in "yu":
            return self.year(letter, count, at, reserved)
        least, most = (1, max(self.run(at) - reserved, 1)) if count == 1 else (count, count)
        return self.digits("M" if letter == "L" else letter, at, least, most)

    def run(self, at: int) -> int:
        """How many digits stand there."""
        end = at
        while end < len(self.text) and self.text[end] in "0123456789":
            end += 1
        return end - at

    def year(self, letter: str, count: int, at: int, reserved: int) -> int:
        if count == 2:
            end = self.digits(letter, at, 2, 2)
            if end >= 0:
                self.found[letter] += 2000
            return end
        negative = self.text.startswith("-", at)
        most = max(self.run(at + negative) - reserved, count) if count == 1 else max(count, 4)
        end = self.digits(letter, at + negative, count, most)
        if negative and end >= 0:
            self.found[letter] = -self.found[letter]
        return end

    def digits(self, letter: str, at: int, least: int, most: int, *, nano: bool = False) -> int:
        count = min(self.run(at), most, 18)
        if count < least:
            return -at - 1
        text = self.text[at : at + count]
        self.found["S" if nano else letter] = int(text.ljust(9, "0")[:9] if nano else text)
        return at + count

    def fraction(self, at: int) -> int:
        if not self.text.startswith(".", at) or not self.run(at + 1):
            return at
        return self.digits("S", at + 1, 1, 9, nano=True)

    def name(self, letter: str, names: tuple[str, ...], first: int, count: int, at: int) -> int:
        for number, name in enumerate(names):
            shown = name[:3] if count <= 3 else name
            if self.text.startswith(shown, at):
                self.found[letter] = number + first
                return at + len(shown)
        return -at - 1

    def read_offset(self, letter: str, count: int, at: int) -> int:
        zero = letter == "X" or (letter == "Z" and count == 5)
        if zero and self.text.startswith("Z", at):
            self.offset = 0
            return at + 1
        if letter == "Z":
            count = 5 if count == 5 else 2
        found = _OFFSETS[count].match(self.text, at)
        if found is None:
            return -at - 1
        sign, *rest = found.groups()
        hours, minutes, seconds = (*(int(part or 0) for part in rest), 0)[:3]
        total = hours * 3600 + minutes * 60 + seconds
        if total > 18 * 3600:
            return -at - 1
        self.offset = -total if sign == "-" else total
        return found.end()

    def zone_name(self, at: int) -> int:
        found = _ZONE_ID.match(self.text, at)
        if found is None:
            return -at - 1
        try:
            self.zone = strict_zone(found[0])
        except JavaError:
            return -at - 1
        return found.end()


def _reserved(following: tuple[Element, ...]) -> int:
    """How many digits the numbers that stand directly behind need."""
    total = 0
    for element, count in following:
        if count <= 1 or element not in _NUMERIC or (element in "ML" and count >= 3):
            break
        total += count
    return total


class _Resolved:
    """Puts the fields together."""

    def __init__(self, reader: _Reader, what: str) -> None:
        self.found = reader.found
        self.strict = reader.strict
        self.what = what
        self.offset = reader.offset
        self.zone = reader.zone

    def value(self) -> Any:
        for letter, (name, least, most) in BOUNDS.items():
            if letter in self.found:
                times.check(name, self.found[letter], least, most)
        day, clock = self.date(), self.time()
        match self.what:
            case "LocalDate":
                return day if day is not None else self.fail(day, clock)
            case "LocalTime":
                return clock if clock is not None else self.fail(day, clock)
        if day is None or clock is None:
            return self.fail(day, clock)
        local = datetime.combine(day, clock)
        return local if self.what == "LocalDateTime" else self.moment(local)

    def moment(self, local: datetime) -> datetime:
        if self.offset is not None:
            zone = ZULU if not self.offset else fixed(self.offset, offset_text(self.offset))
            found = local.replace(tzinfo=zone)
            if self.what == "ZonedDateTime" and self.zone is not None:
                return times.in_zone(found, self.zone)
        elif self.zone is not None:
            found = times.at_zone(local, self.zone)
        else:
            self.fail(local.date(), local.time())
        return times.in_zone(found, UTC) if self.what == "Instant" else found

    def fail(self, day: date | None, clock: time | None) -> NoReturn:
        known = "T".join(text for text in (str(day or ""), times.clock_text(clock) if clock else "") if text)
        shown = f",ISO resolved to {known}" if day else ",ISO" if not clock else f",ISO resolved to {known}"
        raise times.date_time_error(
            f"Unable to obtain {self.what} from TemporalAccessor: {{}}{shown} of type java.time.format.Parsed"
        )

    def date(self) -> date | None:
        found = self.found
        year = found.get("u", found.get("y"))
        if year is None:
            return None
        if "D" in found and "d" not in found:
            return times.plus(times.local_date(year, 1, 1), found["D"] - 1, "DAYS")  # type: ignore[no-any-return]
        if "M" not in found or "d" not in found:
            return None
        day, longest = found["d"], calendars.month_length(year, found["M"])
        if day > longest:
            if self.strict:
                raise times.date_time_error(f"Invalid date '{MONTH_NAMES[found['M'] - 1]} {day}'")
            day = longest
        return times.local_date(year, found["M"], day)

    def time(self) -> time | None:
        found = self.found
        if "H" in found:
            hour = found["H"]
        elif "k" in found:
            hour = found["k"] % 24
        elif "a" in found and ("h" in found or "K" in found):
            hour = found.get("K", found.get("h", 0)) % 12 + 12 * found["a"]
        else:
            return None
        return times.local_time(hour, found.get("m", 0), found.get("s", 0), found.get("S", 0))
