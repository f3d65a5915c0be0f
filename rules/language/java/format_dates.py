"""`%tY` and its like."""

from collections.abc import Callable
from datetime import date, datetime, tzinfo
from datetime import time as daytime

from rules.language.java import calendars
from rules.language.java.calendars import DAYS, MONTHS, Parts
from rules.language.java.errors import JavaError
from rules.language.java.zones import EPOCH, offset_text

Stamp = int | datetime | date | daytime

_OF_DATE = "BbhAaCYyjmdeDFc"
_OF_TIME = "HIklMSLNpRTrc"
_OF_MOMENT = "zZsQc"


def written(suffix: str, value: Stamp, zone: tzinfo) -> str:
    """Raises JavaError for a part that the value does not have."""
    if isinstance(value, daytime):
        _refuse(suffix, _OF_DATE + _OF_MOMENT)
        value = datetime.combine(date(1970, 1, 1), value)
    elif not isinstance(value, int | datetime):
        _refuse(suffix, _OF_TIME + _OF_MOMENT)
    elif isinstance(value, datetime) and value.tzinfo is None:
        _refuse(suffix, _OF_MOMENT)
    now, millis = _parts(value, zone)
    if suffix in "sQ":
        return str(millis // 1000 if suffix == "s" else millis)
    return WRITERS[suffix](now)


def _refuse(suffix: str, missing: str) -> None:
    if suffix in missing:
        raise JavaError("java.time.temporal.UnsupportedTemporalTypeException", f"Unsupported field for %t{suffix}")


def _parts(value: int | datetime | date, zone: tzinfo) -> tuple[Parts, int]:
    if isinstance(value, int):
        return calendars.parts(value, zone), value
    if isinstance(value, datetime) and value.tzinfo is not None:
        offset = value.utcoffset()
        seconds = int(offset.total_seconds()) if offset else 0
        elapsed = value - EPOCH
        millis = elapsed.days * calendars.DAY + elapsed.seconds * 1000 + elapsed.microseconds // 1000
        return calendars.of_clock(value, value.tzname() or "UTC", seconds), millis
    return calendars.of_clock(value), 0


def _clock(now: Parts) -> str:
    return f"{now.hour:02d}:{now.minute:02d}:{now.second:02d}"


WRITERS: dict[str, Callable[[Parts], str]] = {
    "H": lambda now: f"{now.hour:02d}",
    "I": lambda now: f"{now.hour % 12 or 12:02d}",
    "k": lambda now: str(now.hour),
    "l": lambda now: str(now.hour % 12 or 12),
    "M": lambda now: f"{now.minute:02d}",
    "S": lambda now: f"{now.second:02d}",
    "L": lambda now: f"{now.milli:03d}",
    "N": lambda now: f"{now.nano:09d}",
    "p": lambda now: "am" if now.hour < 12 else "pm",
    "z": lambda now: offset_text(now.offset, "")[:5],
    "Z": lambda now: now.zone,
    "B": lambda now: MONTHS[now.month - 1],
    "b": lambda now: MONTHS[now.month - 1][:3],
    "h": lambda now: MONTHS[now.month - 1][:3],
    "A": lambda now: DAYS[now.weekday - 1],
    "a": lambda now: DAYS[now.weekday - 1][:3],
    "C": lambda now: f"{now.year // 100:02d}",
    "Y": lambda now: f"{now.year:04d}",
    "y": lambda now: f"{now.year % 100:02d}",
    "j": lambda now: f"{now.yearday:03d}",
    "m": lambda now: f"{now.month:02d}",
    "d": lambda now: f"{now.day:02d}",
    "e": lambda now: str(now.day),
    "R": lambda now: _clock(now)[:5],
    "T": _clock,
    "r": lambda now: f"{now.hour % 12 or 12:02d}{_clock(now)[2:]} {'AM' if now.hour < 12 else 'PM'}",
    "D": lambda now: f"{now.month:02d}/{now.day:02d}/{now.year % 100:02d}",
    "F": lambda now: f"{now.year:04d}-{now.month:02d}-{now.day:02d}",
    "c": lambda now: (
        f"{DAYS[now.weekday - 1][:3]} {MONTHS[now.month - 1][:3]} {now.day:02d} {_clock(now)} {now.zone} {now.year:04d}"
    ),
}
