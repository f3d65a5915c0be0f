"""What each letter of a DateTimeFormatter pattern writes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo

from rules.language.java import calendars
from rules.language.java.calendars import DAYS, MONTHS, Parts
from rules.language.java.errors import JavaError
from rules.language.java.zones import offset_text, zone_id


def no_zone() -> JavaError:
    """What a letter of the zone says where there is none."""
    return JavaError("java.time.DateTimeException", "Unable to extract ZoneId from temporal")


@dataclass(frozen=True, slots=True)
class Shown:
    """What is to be written: its parts, its zone if it has one, and the letters that it can answer."""

    parts: Parts
    zone: tzinfo | None
    letters: frozenset[str]


Writer = Callable[[Shown, int], str]


def _number(get: Callable[[Parts], int]) -> Writer:
    return lambda shown, count: f"{get(shown.parts):0{count}d}"


def _named(names: tuple[str, ...], get: Callable[[Parts], int], number: Callable[[Parts], int]) -> Writer:
    """By count: a number, three letters, the whole name, one letter."""

    def write(shown: Shown, count: int) -> str:
        name = names[get(shown.parts)]
        if count < 3:
            return f"{number(shown.parts):0{count}d}"
        return name[:3] if count == 3 else name if count == 4 else name[0]

    return write


def _weekday(shown: Shown, count: int) -> str:
    name = DAYS[shown.parts.weekday - 1]
    return name[:3] if count <= 3 else name if count == 4 else name[0]


def _quarter(shown: Shown, count: int) -> str:
    number = (shown.parts.month + 2) // 3
    if count < 3:
        return f"{number:0{count}d}"
    return f"Q{number}" if count == 3 else ("1st", "2nd", "3rd", "4th")[number - 1] + " quarter"


def _year(year: int, count: int) -> str:
    return f"{year % 100:02d}" if count == 2 else f"{year:0{count}d}"


def _fraction(shown: Shown, count: int) -> str:
    return f"{shown.parts.nano:09d}"[:count]


def _needed_fraction(shown: Shown, count: int) -> str:
    digits = f"{shown.parts.nano:09d}".rstrip("0")
    return f".{digits}" if digits else ""


def _zone_text(shown: Shown, count: int) -> str:
    if shown.zone is None:
        raise no_zone()
    if zone_id(shown.zone)[:1] in "+-":
        return zone_id(shown.zone)
    return shown.parts.zone


def _zone_id(shown: Shown, count: int) -> str:
    if shown.zone is None:
        raise no_zone()
    return zone_id(shown.zone)


def _gmt(shown: Shown, count: int) -> str:
    if not shown.parts.offset:
        return "GMT"
    text = offset_text(shown.parts.offset)
    if count == 4:
        return "GMT" + text
    hours = f"{text[0]}{int(text[1:3])}"
    return f"GMT{hours}" + (text[3:] if text[3:] != ":00" else "")


def offset_by(seconds: int, count: int, zero: str) -> str:
    """`X` and `x` by their count."""
    if not seconds and zero:
        return zero
    text = offset_text(seconds, ":" if count in (3, 5) else "")
    if count == 1:
        return text[:3] if text[3:5] == "00" else text[:5]
    return text[:5] if count == 2 else text[:6] if count == 3 else text


def _rfc_zone(shown: Shown, count: int) -> str:
    if count == 4:
        return _gmt(shown, 4)
    return offset_by(shown.parts.offset, 2, "") if count < 4 else offset_by(shown.parts.offset, 5, "Z")


def _second_of_day(parts: Parts) -> int:
    return parts.hour * 3600 + parts.minute * 60 + parts.second


WRITERS: dict[str, Writer] = {
    "y": lambda shown, count: _year(shown.parts.year, count),
    "u": lambda shown, count: _year(shown.parts.year, count),
    "Y": lambda shown, count: _year(calendars.week_of_year(shown.parts)[0], count),
    "M": _named(MONTHS, lambda parts: parts.month - 1, lambda parts: parts.month),
    "L": _named(MONTHS, lambda parts: parts.month - 1, lambda parts: parts.month),
    "d": _number(lambda parts: parts.day),
    "D": _number(lambda parts: parts.yearday),
    "E": _weekday,
    "e": _named(DAYS, lambda parts: parts.weekday - 1, lambda parts: parts.weekday),
    "c": _named(DAYS, lambda parts: parts.weekday - 1, lambda parts: parts.weekday),
    "Q": _quarter,
    "q": _quarter,
    "w": _number(lambda parts: calendars.week_of_year(parts)[1]),
    "W": _number(calendars.week_of_month),
    "G": lambda shown, count: "AD" if count < 4 else "Anno Domini",
    "a": lambda shown, count: "AM" if shown.parts.hour < 12 else "PM",
    "h": _number(lambda parts: parts.hour % 12 or 12),
    "K": _number(lambda parts: parts.hour % 12),
    "k": _number(lambda parts: parts.hour or 24),
    "H": _number(lambda parts: parts.hour),
    "m": _number(lambda parts: parts.minute),
    "s": _number(lambda parts: parts.second),
    "S": _fraction,
    "n": _number(lambda parts: parts.nano),
    "A": _number(lambda parts: _second_of_day(parts) * 1000 + parts.milli),
    "N": _number(lambda parts: _second_of_day(parts) * 1_000_000_000 + parts.nano),
    "f": _needed_fraction,
    "V": _zone_id,
    "z": _zone_text,
    "O": _gmt,
    "X": lambda shown, count: offset_by(shown.parts.offset, count, "Z"),
    "x": lambda shown, count: offset_by(shown.parts.offset, count, ""),
    "Z": _rfc_zone,
}
