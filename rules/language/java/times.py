"""java.time over the standard library: LocalDate is a date, LocalTime a time, LocalDateTime a datetime without zone,
Instant, OffsetDateTime and ZonedDateTime one with a zone, Duration a timedelta, Period three numbers.

Microseconds are the finest: further digits are cut. Years run from 1 to 9999."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from rules.language.java.calendars import DAYS, MONTHS, month_length
from rules.language.java.errors import JavaError, arithmetic
from rules.language.java.zones import EPOCH, offset_text, zone_id

T = TypeVar("T")
Period = tuple[int, int, int]
DAY_NAMES = tuple(name.upper() for name in (*DAYS[1:], DAYS[0]))
MONTH_NAMES = tuple(name.upper() for name in MONTHS)

UNITS = {
    "NANOS": timedelta(0),
    "MICROS": timedelta(microseconds=1),
    "MILLIS": timedelta(milliseconds=1),
    "SECONDS": timedelta(seconds=1),
    "MINUTES": timedelta(minutes=1),
    "HOURS": timedelta(hours=1),
    "HALF_DAYS": timedelta(hours=12),
    "DAYS": timedelta(days=1),
    "WEEKS": timedelta(days=7),
}
_MONTHS_OF = {"MONTHS": 1, "YEARS": 12, "DECADES": 120, "CENTURIES": 1200}
_DURATION = re.compile(
    r"([-+]?)P(?:([-+]?[0-9]{1,18})D)?(?:T(?:([-+]?[0-9]{1,18})H)?(?:([-+]?[0-9]{1,18})M)?"
    r"(?:([-+]?[0-9]{1,18})(?:[.,]([0-9]{0,9}))?S)?)?",
    re.IGNORECASE,
)
_PERIOD = re.compile(
    r"([-+]?)P(?:([-+]?[0-9]{1,9})Y)?(?:([-+]?[0-9]{1,9})M)?(?:([-+]?[0-9]{1,9})W)?(?:([-+]?[0-9]{1,9})D)?",
    re.IGNORECASE,
)


def date_time_error(message: str) -> JavaError:
    return JavaError("java.time.DateTimeException", message)


def unsupported_unit(unit: str) -> JavaError:
    shown = unit.capitalize().replace("_days", "Days")
    return JavaError("java.time.temporal.UnsupportedTemporalTypeException", f"Unsupported unit: {shown}")


def unreadable(text: str, rest: str) -> JavaError:
    """DateTimeParseException; a long text is cut as Java cuts it."""
    shown = text if len(text) <= 64 else text[:64] + "..."
    return JavaError("java.time.format.DateTimeParseException", f"Text '{shown}' could not be parsed{rest}")


def within(make: Callable[[], T]) -> T:
    """What `make` gives, or JavaError where the standard library's dates end."""
    try:
        return make()
    except (OverflowError, ValueError):
        raise date_time_error("a date lies outside the years 1 to 9999, which is what rules can hold") from None


# Making


def check(name: str, value: int, least: int, most: int) -> int:
    if not least <= value <= most:
        raise date_time_error(f"Invalid value for {name} (valid values {least} - {most}): {value}")
    return value


def local_date(year: int, month: int, day: int) -> date:
    check("MonthOfYear", month, 1, 12)
    check("DayOfMonth", day, 1, 31)
    if day > month_length(year, month):
        if (month, day) == (2, 29):
            raise date_time_error(f"Invalid date 'February 29' as '{year}' is not a leap year")
        raise date_time_error(f"Invalid date '{MONTH_NAMES[month - 1]} {day}'")
    return within(lambda: date(year, month, day))


def local_time(hour: int, minute: int, second: int = 0, nano: int = 0) -> time:
    check("HourOfDay", hour, 0, 23)
    check("MinuteOfHour", minute, 0, 59)
    check("SecondOfMinute", second, 0, 59)
    check("NanoOfSecond", nano, 0, 999_999_999)
    return time(hour, minute, second, nano // 1000)


def at_zone(clock: datetime, zone: tzinfo) -> datetime:
    """A wall clock's time in a zone: in a gap it moves on by the gap, twice in a night it is the first."""
    return within(lambda: clock.replace(tzinfo=zone, fold=0).astimezone(UTC).astimezone(zone))


def in_zone(moment: datetime, zone: tzinfo) -> datetime:
    """The same moment elsewhere."""
    return within(lambda: moment.astimezone(zone))


def epoch_millis(moment: datetime) -> int:
    elapsed = moment - EPOCH
    return elapsed.days * 86_400_000 + elapsed.seconds * 1000 + elapsed.microseconds // 1000


def from_millis(millis: int, zone: tzinfo = UTC) -> datetime:
    return within(lambda: (EPOCH + timedelta(milliseconds=millis)).astimezone(zone))


# Text


def clock_text(value: time | datetime, *, seconds: bool = False) -> str:
    """As LocalTime shows it: seconds only if there are any, fractions by three digits."""
    text = f"{value.hour:02d}:{value.minute:02d}"
    if value.second or value.microsecond or seconds:
        text += f":{value.second:02d}"
    if value.microsecond:
        fraction = f"{value.microsecond:06d}"
        text += "." + (fraction[:3] if fraction.endswith("000") else fraction)
    return text


def time_text(what: str, value: Any) -> str:
    """toString of a value of that simple class name."""
    match what:
        case "LocalDate":
            return str(value.isoformat())
        case "LocalTime":
            return clock_text(value)
        case "LocalDateTime":
            return f"{value.date().isoformat()}T{clock_text(value)}"
        case "Instant":
            moment = value.astimezone(UTC)
            return f"{moment.date().isoformat()}T{clock_text(moment, seconds=True)}Z"
    text = f"{value.date().isoformat()}T{clock_text(value)}{moment_offset(value)}"
    if what == "ZonedDateTime" and is_region(value.tzinfo):
        text += f"[{zone_id(value.tzinfo)}]"
    return text


def moment_offset(value: datetime) -> str:
    seconds = offset_of(value)
    return offset_text(seconds) if seconds else "Z"


def offset_of(value: datetime) -> int:
    offset = value.utcoffset()
    return int(offset.total_seconds()) if offset else 0


def is_region(zone: tzinfo) -> bool:
    """Whether a zone is more than an offset: `UTC` is, `Z` and `+01:00` are not."""
    return isinstance(zone, ZoneInfo) or zone_id(zone)[:1] not in ("+", "-", "Z")


def duration_text(value: timedelta) -> str:
    micros = value // timedelta(microseconds=1)
    if not micros:
        return "PT0S"
    sign = "-" if micros < 0 else ""
    seconds, fraction = divmod(abs(micros), 1_000_000)
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    text = "PT"
    if hours:
        text += f"{sign}{hours}H"
    if minutes:
        text += f"{sign}{minutes}M"
    if seconds or fraction:
        digits = f".{fraction:06d}".rstrip("0") if fraction else ""
        text += f"{sign}{seconds}{digits}S"
    return text


def parse_duration(text: str) -> timedelta:
    found = _DURATION.fullmatch(text)
    if found is None or not any(found.groups()[1:]) or text[-1:] in "Tt":
        raise JavaError("java.time.format.DateTimeParseException", "Text cannot be parsed to a Duration")
    sign, days, hours, minutes, seconds, fraction = found.groups()
    micros = int((fraction or "").ljust(6, "0")[:6]) * (-1 if (seconds or "").startswith("-") else 1)
    value = duration(days=int(days or 0), hours=int(hours or 0), minutes=int(minutes or 0), seconds=int(seconds or 0))
    value += timedelta(microseconds=micros)
    return -value if sign == "-" else value


def duration(**amounts: int) -> timedelta:
    """Raises JavaError where Java's long would run over."""
    try:
        return timedelta(**amounts)
    except OverflowError:
        raise arithmetic("long overflow") from None


def period_text(value: Period) -> str:
    shown = "".join(f"{number}{unit}" for number, unit in zip(value, "YMD", strict=True) if number)
    return "P" + (shown or "0D")


def parse_period(text: str) -> Period:
    found = _PERIOD.fullmatch(text)
    if found is None or not any(found.groups()[1:]):
        raise JavaError("java.time.format.DateTimeParseException", "Text cannot be parsed to a Period")
    years, months, weeks, days = (int(digits or 0) for digits in found.groups()[1:])
    sign = -1 if found[1] == "-" else 1
    return years * sign, months * sign, (weeks * 7 + days) * sign


# Sums


def plus_months(value: Any, months: int) -> Any:
    """The day is cut to the month's last where it has none of that number."""
    if isinstance(value, time):
        raise unsupported_unit("MONTHS")
    total = value.year * 12 + value.month - 1 + months
    year, month = divmod(total, 12)
    day = min(value.day, month_length(year, month + 1)) if abs(year) < 1 << 40 else 1
    return _moved(value, lambda: value.replace(year=year, month=month + 1, day=day))


def plus_years(value: Any, years: int) -> Any:
    return plus_months(value, years * 12)


def _moved(value: Any, make: Callable[[], Any]) -> Any:
    """A new wall clock's time; in a zone it is looked up there again."""
    moved = within(make)
    if isinstance(moved, datetime) and moved.tzinfo is not None:
        return at_zone(moved.replace(tzinfo=None), moved.tzinfo)
    return moved


def plus(value: Any, amount: int, unit: str) -> Any:
    """Days and longer on the wall clock, hours and shorter on the time line. Raises JavaError."""
    if unit in _MONTHS_OF:
        return plus_months(value, amount * _MONTHS_OF[unit])
    try:
        step = timedelta(microseconds=amount // 1000) if unit == "NANOS" else UNITS[unit] * amount
    except OverflowError:
        raise date_time_error("a date lies outside the years 1 to 9999, which is what rules can hold") from None
    if isinstance(value, time):
        if unit in ("DAYS", "WEEKS"):
            raise unsupported_unit(unit)
        seconds = timedelta(
            hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond
        )
        return (EPOCH + (seconds + step) % timedelta(days=1)).time()
    if not isinstance(value, datetime) and unit not in ("DAYS", "WEEKS"):
        raise unsupported_unit(unit)
    return plus_duration(value, step) if unit not in ("DAYS", "WEEKS") else _moved(value, lambda: value + step)


def plus_duration(value: Any, step: timedelta) -> Any:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return within(lambda: (value.astimezone(UTC) + step).astimezone(value.tzinfo))
    return within(lambda: value + step)


def plus_period(value: Any, period: Period) -> Any:
    return plus(plus_months(value, period[0] * 12 + period[1]), period[2], "DAYS")


def between(unit: str, start: Any, end: Any) -> int:
    """Whole units from one to the other, cut towards nought. Raises JavaError for two that do not compare."""
    start, end = _alike(start, end)
    if unit in _MONTHS_OF:
        months = _months_between(start, end)
        return abs(months) // _MONTHS_OF[unit] * (1 if months >= 0 else -1)
    elapsed = end - start
    micros: int = elapsed // timedelta(microseconds=1)
    if unit == "NANOS":
        return micros * 1000
    step: int = UNITS[unit] // timedelta(microseconds=1)
    return abs(micros) // step * (1 if micros >= 0 else -1)


def elapsed(start: Any, end: Any) -> timedelta:
    """Duration.between."""
    first, second = _alike(start, end)
    if not isinstance(first, datetime) or not isinstance(second, datetime):
        raise unsupported_unit("SECONDS")
    return second - first


def _alike(start: Any, end: Any) -> tuple[Any, Any]:
    """Both as dates or as datetimes that can be subtracted."""
    if isinstance(start, time) and isinstance(end, time):
        return datetime.combine(date(1970, 1, 1), start), datetime.combine(date(1970, 1, 1), end)
    if isinstance(start, datetime) and isinstance(end, datetime):
        if start.tzinfo is not None and end.tzinfo is not None:
            return start.astimezone(UTC), end.astimezone(UTC)
        if start.tzinfo is None:
            return start, end.replace(tzinfo=None)
    elif isinstance(start, date) and isinstance(end, date):
        return (start, end.date()) if isinstance(end, datetime) else (start, end)
    raise date_time_error("Unable to obtain one date from the other: they are of different kinds")


def _months_between(start: Any, end: Any) -> int:
    def position(value: Any) -> tuple[int, Any]:
        rest = (value.day, value.time()) if isinstance(value, datetime) else value.day
        return value.year * 12 + value.month, rest

    (first, first_rest), (second, second_rest) = position(start), position(end)
    months = second - first
    if months > 0 and second_rest < first_rest:
        return months - 1
    return months + 1 if months < 0 and second_rest > first_rest else months


def period_between(start: date, end: date) -> Period:
    months = end.year * 12 + end.month - start.year * 12 - start.month
    days = end.day - start.day
    if months > 0 and days < 0:
        months -= 1
        days = (end - plus_months(start, months)).days
    elif months < 0 and days > 0:
        months += 1
        days -= month_length(end.year, end.month)
    sign = -1 if months < 0 else 1
    return abs(months) // 12 * sign, abs(months) % 12 * sign, days


def truncate(value: Any, unit: str) -> Any:
    if unit in _MONTHS_OF or unit == "WEEKS" or (not isinstance(value, datetime | time)):
        raise JavaError(
            "java.time.temporal.UnsupportedTemporalTypeException", "Unit is too large to be used for truncation"
        )
    if unit in ("NANOS", "MICROS"):
        return value
    clock = value if isinstance(value, time) else value.time()
    passed = timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second, microseconds=clock.microsecond)
    start = EPOCH + passed // UNITS[unit] * UNITS[unit]
    return _moved(
        value,
        lambda: value.replace(hour=start.hour, minute=start.minute, second=start.second, microsecond=start.microsecond),
    )
