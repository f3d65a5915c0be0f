"""DateTimeFormatter: reading its patterns, and writing dates and times by them, in English."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, tzinfo
from functools import lru_cache
from typing import Any

from rules.language.java import calendars
from rules.language.java.calendars import DAYS, MONTHS, Parts
from rules.language.java.dates import MOST_COUNT, MOST_PATTERN
from rules.language.java.errors import JavaError, OverLimit, illegal_argument
from rules.language.java.times import in_zone, offset_of, time_text
from rules.language.java.zones import offset_text, zone_id

DATE_FIELDS = {
    "y": "YearOfEra",
    "u": "Year",
    "M": "MonthOfYear",
    "L": "MonthOfYear",
    "d": "DayOfMonth",
    "D": "DayOfYear",
    "E": "DayOfWeek",
    "e": "DayOfWeek",
    "c": "DayOfWeek",
    "Q": "QuarterOfYear",
    "q": "QuarterOfYear",
    "w": "WeekOfYear",
    "W": "WeekOfMonth",
    "Y": "WeekBasedYear",
    "G": "Era",
}
TIME_FIELDS = {
    "a": "AmPmOfDay",
    "h": "ClockHourOfAmPm",
    "K": "HourOfAmPm",
    "k": "ClockHourOfDay",
    "H": "HourOfDay",
    "m": "MinuteOfHour",
    "s": "SecondOfMinute",
    "S": "NanoOfSecond",
    "n": "NanoOfSecond",
    "A": "MilliOfDay",
    "N": "NanoOfDay",
    "f": "NanoOfSecond",
}
ZONE_FIELDS = dict.fromkeys("XxZOzV", "OffsetSeconds")
_OURS_ALONE = "f"  # a fraction with its point, only as long as needed: no letter of Java's

# A letter and its count; a literal and 0; or the elements of an optional section and -1.
Element = tuple[Any, int]


@dataclass(frozen=True, slots=True)
class Formatter:
    """`strict`: a day that the month lacks is refused, as the ISO constants do; else it is cut to the last."""

    elements: tuple[Element, ...]
    text: str
    strict: bool = False
    zone: tzinfo | None = None

    def with_zone(self, zone: tzinfo) -> "Formatter":
        return replace(self, zone=zone)


@lru_cache(256)
def formatter_of_pattern(pattern: str) -> Formatter:
    """DateTimeFormatter.ofPattern. Raises JavaError and OverLimit."""
    return Formatter(_read(pattern, ours=False), pattern)


def _iso(pattern: str) -> Formatter:
    return Formatter(_read(pattern, ours=True), pattern, strict=True)


def _read(pattern: str, *, ours: bool) -> tuple[Element, ...]:
    if len(pattern) > MOST_PATTERN:
        raise OverLimit(f"a pattern of a date is longer than {MOST_PATTERN:,} characters")
    stack: list[list[Element]] = [[]]
    at = 0
    while at < len(pattern):
        char = pattern[at]
        if char == "'":
            text, at = _quoted(pattern, at)
            stack[-1].append((text, 0))
            continue
        end = at + 1
        if char == "[":
            stack.append([])
        elif char == "]":
            if len(stack) == 1:
                raise illegal_argument("Pattern invalid as it contains ] without previous [")
            section = tuple(stack.pop())
            stack[-1].append((section, -1))
        elif char in "{}#":
            raise illegal_argument(f"Pattern includes reserved character: '{char}'")
        elif char.isascii() and char.isalpha():
            end = _letters_end(pattern, at)
            stack[-1].append(_letter(char, end - at, ours=ours))
        else:
            stack[-1].append((char, 0))
        if len(stack) > 20:
            raise OverLimit("a pattern of a date is nested too deeply")
        at = end
    while len(stack) > 1:
        section = tuple(stack.pop())
        stack[-1].append((section, -1))
    return tuple(stack[0])


def _letters_end(pattern: str, at: int) -> int:
    end = at
    while end < len(pattern) and pattern[end] == pattern[at]:
        end += 1
    return end


def _quoted(pattern: str, at: int) -> tuple[str, int]:
    end = at + 1
    while True:
        end = pattern.find("'", end)
        if end < 0:
            raise illegal_argument(f"Pattern ends with an incomplete string literal: {pattern}")
        if pattern[end + 1 : end + 2] != "'":
            break
        end += 2
    text = pattern[at + 1 : end].replace("''", "'")
    return text or "'", end + 1


_MOST_OF = {
    "M": 5,
    "L": 5,
    "E": 5,
    "e": 5,
    "d": 2,
    "H": 2,
    "h": 2,
    "K": 2,
    "k": 2,
    "m": 2,
    "s": 2,
    "X": 5,
    "x": 5,
    "Z": 5,
    "z": 4,
    "S": 9,
    "D": 3,
    "a": 1,
    "Q": 5,
    "q": 5,
    "w": 2,
    "W": 1,
}


def _letter(letter: str, count: int, *, ours: bool) -> Element:
    known = letter in WRITERS and (ours or letter not in _OURS_ALONE)
    if not known:
        raise illegal_argument(f"Unknown pattern letter: {letter}")
    if count > _MOST_OF.get(letter, 19):
        raise illegal_argument(f"Too many pattern letters: {letter}")
    if letter == "V" and count != 2:
        raise illegal_argument("Pattern letter count must be 2: V")
    if letter == "O" and count not in (1, 4):
        raise illegal_argument("Pattern letter count must be 1 or 4: O")
    if count > MOST_COUNT:
        raise OverLimit(f"a letter of a date's pattern is repeated more than {MOST_COUNT} times")
    return letter, count


@dataclass(frozen=True, slots=True)
class Shown:
    """What is to be written: its parts, its zone if it has one, and the letters that it can answer."""

    parts: Parts
    zone: tzinfo | None
    letters: frozenset[str]


_DATES, _TIMES, _ZONES = frozenset(DATE_FIELDS), frozenset(TIME_FIELDS), frozenset(ZONE_FIELDS)


def _shown(what: str, value: Any, formatter: Formatter) -> Shown:
    if isinstance(value, time):
        return Shown(calendars.of_clock(datetime.combine(date(1970, 1, 1), value)), formatter.zone, _TIMES)
    if isinstance(value, datetime) and value.tzinfo is not None:
        if formatter.zone is not None:
            value = in_zone(value, formatter.zone)
        assert value.tzinfo is not None
        found = calendars.of_clock(value, value.tzname() or "UTC", offset_of(value))
        bare = what == "Instant" and formatter.zone is None
        return Shown(found, value.tzinfo, frozenset() if bare else _DATES | _TIMES | _ZONES)
    letters = _DATES | _TIMES if isinstance(value, datetime) else _DATES
    return Shown(calendars.of_clock(value), formatter.zone, letters)


def format_time(what: str, value: Any, formatter: Formatter) -> str:
    """`what` is the simple name of the value's class. Raises JavaError for a field that it does not have."""
    if formatter is ISO["ISO_INSTANT"] and isinstance(value, datetime):
        return time_text("Instant", value)
    return _written(formatter.elements, _shown(what, value, formatter))


def _written(elements: tuple[Element, ...], shown: Shown) -> str:
    pieces: list[str] = []
    for element, count in elements:
        if count == 0:
            pieces.append(element)
        elif count < 0:
            pieces.append(_optional(element, shown))
        elif element in shown.letters:
            pieces.append(WRITERS[element](shown, count))
        else:
            raise _missing(element)
    return "".join(pieces)


def _optional(elements: tuple[Element, ...], shown: Shown) -> str:
    wanted = [element for element, count in elements if count > 0]
    return _written(elements, shown) if all(letter in shown.letters for letter in wanted) else ""


def _missing(letter: str) -> JavaError:
    if letter in "Vz":
        return JavaError("java.time.DateTimeException", "Unable to extract ZoneId from temporal")
    name = DATE_FIELDS.get(letter) or TIME_FIELDS.get(letter) or ZONE_FIELDS[letter]
    return JavaError("java.time.temporal.UnsupportedTemporalTypeException", f"Unsupported field: {name}")


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
        raise _missing("V")
    if zone_id(shown.zone)[:1] in "+-":
        return zone_id(shown.zone)
    return shown.parts.zone


def _zone_id(shown: Shown, count: int) -> str:
    if shown.zone is None:
        raise _missing("V")
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

_DATE = "uuuu-MM-dd"
_TIME = "HH:mm[:ss[f]]"
_CLOCK = f"{_DATE}'T'{_TIME}"

ISO = {
    "ISO_LOCAL_DATE": _iso(_DATE),
    "ISO_OFFSET_DATE": _iso(_DATE + "XXXXX"),
    "ISO_DATE": _iso(_DATE + "[XXXXX]"),
    "ISO_LOCAL_TIME": _iso(_TIME),
    "ISO_OFFSET_TIME": _iso(_TIME + "XXXXX"),
    "ISO_TIME": _iso(_TIME + "[XXXXX]"),
    "ISO_LOCAL_DATE_TIME": _iso(_CLOCK),
    "ISO_OFFSET_DATE_TIME": _iso(_CLOCK + "XXXXX"),
    "ISO_ZONED_DATE_TIME": _iso(_CLOCK + "XXXXX['['VV']']"),
    "ISO_DATE_TIME": _iso(_CLOCK + "[XXXXX['['VV']']]"),
    "ISO_INSTANT": _iso(_CLOCK + "XXXXX"),
    "ISO_ORDINAL_DATE": _iso("uuuu-DDD"),
    "BASIC_ISO_DATE": _iso("uuuuMMdd"),
    "RFC_1123_DATE_TIME": _iso("EEE, d MMM uuuu HH:mm:ss z"),
}
