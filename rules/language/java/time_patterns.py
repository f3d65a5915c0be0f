"""DateTimeFormatter: reading its patterns, and writing dates and times by them, in English."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, tzinfo
from functools import lru_cache
from typing import Any

from rules.language.java import calendars
from rules.language.java.dates import MOST_COUNT, MOST_PATTERN
from rules.language.java.errors import JavaError, OverLimit, illegal_argument
from rules.language.java.time_letters import WRITERS, Shown, no_zone
from rules.language.java.times import in_zone, offset_of, time_text

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
        return no_zone()
    name = DATE_FIELDS.get(letter) or TIME_FIELDS.get(letter) or ZONE_FIELDS[letter]
    return JavaError("java.time.temporal.UnsupportedTemporalTypeException", f"Unsupported field: {name}")


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
