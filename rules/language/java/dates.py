"""java.util.Date as text: toString, SimpleDateFormat both ways, Timestamp, JSON. A date is milliseconds since 1970."""

import re
from collections.abc import Callable
from datetime import UTC, tzinfo
from functools import lru_cache

from rules.language.java import calendars
from rules.language.java.calendars import DAYS, MONTHS, Parts
from rules.language.java.errors import JavaError, OverLimit, illegal_argument
from rules.language.java.zones import offset_text, zone_id

LETTERS = "GyYMLwWDdFEuaHkKhmsSzZX"
MOST_PATTERN = 1_000
# How far a letter may be repeated: each repetition is a digit.
MOST_COUNT = 100

# A letter and its count, or a literal text with count 0.
Field = tuple[str, int]


def date_text(millis: int, zone: tzinfo) -> str:
    """Date.toString."""
    now = calendars.parts(millis, zone)
    return (
        f"{DAYS[now.weekday - 1][:3]} {MONTHS[now.month - 1][:3]} {now.day:02d} "
        f"{now.hour:02d}:{now.minute:02d}:{now.second:02d} {now.zone} {now.year}"
    )


def timestamp_text(millis: int, zone: tzinfo) -> str:
    """java.sql.Timestamp.toString."""
    now = calendars.parts(millis, zone)
    fraction = f"{now.milli:03d}".rstrip("0") or "0"
    return f"{_day(now)} {now.hour:02d}:{now.minute:02d}:{now.second:02d}.{fraction}"


def json_date(millis: int) -> str:
    """As JsonOutput writes it, in UTC."""
    now = calendars.parts(millis, UTC)
    return f"{_day(now)}T{now.hour:02d}:{now.minute:02d}:{now.second:02d}+0000"


def _day(now: Parts) -> str:
    return f"{now.year:04d}-{now.month:02d}-{now.day:02d}"


@lru_cache(256)
def read_pattern(pattern: str, letters: str = LETTERS) -> tuple[Field, ...]:
    """Letters with their counts, literals with 0. Raises JavaError and OverLimit."""
    if len(pattern) > MOST_PATTERN:
        raise OverLimit(f"a pattern of a date is longer than {MOST_PATTERN:,} characters")
    fields: list[Field] = []
    for piece in re.finditer(r"'((?:[^']|'')*)('?)|([A-Za-z])\3*|[^A-Za-z']+", pattern):
        text = piece[0]
        if text[0] == "'":
            if not piece[2]:
                raise illegal_argument("Unterminated quote")
            fields.append(("'" if text == "''" else piece[1].replace("''", "'"), 0))
        elif piece[3]:
            if piece[3] not in letters:
                raise illegal_argument(f"Illegal pattern character '{piece[3]}'")
            if len(text) > MOST_COUNT:
                raise OverLimit(f"a letter of a date's pattern is repeated more than {MOST_COUNT} times")
            fields.append((piece[3], len(text)))
        else:
            fields.append((text, 0))
    return tuple(fields)


def format_date(pattern: str, millis: int, zone: tzinfo) -> str:
    """SimpleDateFormat.format, in English."""
    now = calendars.parts(millis, zone)
    return "".join(WRITERS[letter](now, count, zone) if count else letter for letter, count in read_pattern(pattern))


Writer = Callable[[Parts, int, tzinfo], str]


def _number(get: Callable[[Parts], int]) -> Writer:
    return lambda now, count, zone: f"{get(now):0{count}d}"


def _year(year: int, count: int) -> str:
    return f"{year % 100:02d}" if count == 2 else f"{year:0{count}d}"


def _month(now: Parts, count: int, _: tzinfo) -> str:
    name = MONTHS[now.month - 1]
    return name if count >= 4 else name[:3] if count == 3 else f"{now.month:0{count}d}"


def _weekday(now: Parts, count: int, _: tzinfo) -> str:
    name = DAYS[now.weekday - 1]
    return name if count >= 4 else name[:3]


def long_zone_name(now: Parts, zone: tzinfo) -> str:
    """The few long names that need no table; else the id."""
    names = {"UTC": "Coordinated Universal Time", "GMT": "Greenwich Mean Time"}
    return names.get(now.zone, now.zone if now.zone.startswith("GMT") else zone_id(zone))


def _zone(now: Parts, count: int, zone: tzinfo) -> str:
    return long_zone_name(now, zone) if count >= 4 else now.zone


def _iso_zone(now: Parts, count: int, _: tzinfo) -> str:
    if not now.offset:
        return "Z"
    text = offset_text(now.offset, ":" if count >= 3 else "")
    return text[:3] if count == 1 else text[: 6 if count >= 3 else 5]


WRITERS: dict[str, Writer] = {
    "G": lambda now, count, zone: "AD" if now.year > 0 else "BC",
    "y": lambda now, count, zone: _year(now.year if now.year > 0 else 1 - now.year, count),
    "Y": lambda now, count, zone: _year(calendars.week_of_year(now)[0], count),
    "M": _month,
    "L": _month,
    "w": _number(lambda now: calendars.week_of_year(now)[1]),
    "W": _number(calendars.week_of_month),
    "D": _number(lambda now: now.yearday),
    "d": _number(lambda now: now.day),
    "F": _number(lambda now: (now.day - 1) // 7 + 1),
    "E": _weekday,
    "u": _number(lambda now: (now.weekday + 5) % 7 + 1),
    "a": lambda now, count, zone: "AM" if now.hour < 12 else "PM",
    "H": _number(lambda now: now.hour),
    "k": _number(lambda now: now.hour or 24),
    "K": _number(lambda now: now.hour % 12),
    "h": _number(lambda now: now.hour % 12 or 12),
    "m": _number(lambda now: now.minute),
    "s": _number(lambda now: now.second),
    "S": _number(lambda now: now.milli),
    "z": _zone,
    "Z": lambda now, count, zone: offset_text(now.offset, "")[:5],
    "X": _iso_zone,
}


def check_pattern(pattern: str) -> None:
    """What `new SimpleDateFormat(pattern)` refuses. Raises JavaError."""
    for letter, count in read_pattern(pattern):
        if letter == "X" and count > 3:
            raise illegal_argument("invalid ISO 8601 format: length=" + str(count))


def unparseable(text: str) -> JavaError:
    return JavaError("java.text.ParseException", f'Unparseable date: "{text[:1_000]}"')
