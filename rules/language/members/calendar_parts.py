"""Offsets and adjusters of java.time, and dates by number."""

from calendar import isleap, monthrange
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from rules.language import kinds, text_of, values
from rules.language.java import times, zones
from rules.language.java.errors import JavaError
from rules.language.kinds import (
    DAY_OF_WEEK,
    DURATION,
    INSTANT,
    LOCAL_DATE,
    LOCAL_DATE_TIME,
    LOCAL_TIME,
    MONTH,
    OBJECT,
    TEMPORAL,
    ZONE_ID,
    ZONE_OFFSET,
    ZONED_DATE_TIME,
)
from rules.language.members import constant, method, static
from rules.language.members.times import box, zone_of

if TYPE_CHECKING:
    from rules.language.run import Run


values.EQUAL_BOXES.update({ZONE_OFFSET, ZONE_ID})


# Offsets


def offset_text(zone: Any) -> str:
    """`Z` or `+02:00`."""
    seconds = int(zone.utcoffset(None).total_seconds())
    if not seconds:
        return "Z"
    sign, seconds = "-" if seconds < 0 else "+", abs(seconds)
    text = f"{sign}{seconds // 3600:02d}:{seconds // 60 % 60:02d}"
    return text + (f":{seconds % 60:02d}" if seconds % 60 else "")


text_of.TEXTS[ZONE_OFFSET] = lambda run, value: offset_text(value.content)


def _offset(seconds: int) -> Any:
    if abs(seconds) > 18 * 3600:
        raise JavaError("java.time.DateTimeException", "Zone offset not in valid range: -18:00 to +18:00")
    return box(ZONE_OFFSET, timezone(timedelta(seconds=seconds)) if seconds else UTC)


@static(ZONE_OFFSET, "ofHours", 1)
def of_hours(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return _offset(int(arguments[0]) * 3600)


@static(ZONE_OFFSET, "ofHoursMinutes", 2)
def of_hours_minutes(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return _offset(int(arguments[0]) * 3600 + int(arguments[1]) * 60)


@static(ZONE_OFFSET, "of", 1)
def offset_of(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    away = zones.strict_zone(run.text(arguments[0])).utcoffset(None)
    return _offset(int(away.total_seconds()) if away is not None else 0)


@method(ZONE_OFFSET, "getTotalSeconds")
def total_seconds(run: "Run", value: Any, arguments: list[Any]) -> int:
    return int(value.content.utcoffset(None).total_seconds())


@method(ZONE_OFFSET, "getId")
def offset_id(run: "Run", value: Any, arguments: list[Any]) -> str:
    return offset_text(value.content)


@method(TEMPORAL, "getOffset")
def get_offset(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return _offset(int(value.content.utcoffset().total_seconds()))


@method(LOCAL_DATE_TIME, "toInstant", 1)
def to_instant(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return box(INSTANT, times.in_zone(times.at_zone(value.content, zone_of(run, arguments[0])), UTC))


@method(LOCAL_DATE_TIME, "toEpochSecond", 1)
def epoch_second(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.Long(times.epoch_millis(to_instant(run, value, arguments).content) // 1000)


# Dates by number


@static(LOCAL_DATE, "of", 3)
def date_of(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return box(LOCAL_DATE, times.local_date(*(number_of(item) for item in arguments)))


def number_of(value: Any) -> int:
    return int(value.content if type(value) is values.Box else value)


@static(LOCAL_DATE, "ofEpochDay", 1)
def of_epoch_day(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return box(LOCAL_DATE, times.within(lambda: date.fromordinal(int(arguments[0]) + 719163)))


@static(LOCAL_DATE, "ofYearDay", 2)
def of_year_day(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    first = times.local_date(int(arguments[0]), 1, 1)
    return box(LOCAL_DATE, times.plus(first, int(arguments[1]) - 1, "DAYS"))


@static(LOCAL_DATE_TIME, "ofEpochSecond", 3)
def of_epoch_second(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    moment = times.in_zone(times.from_millis(int(arguments[0]) * 1000), zone_of(run, arguments[2]))
    return box(LOCAL_DATE_TIME, moment.replace(tzinfo=None))


@static(ZONED_DATE_TIME, "of", (2, 8))
def zoned_of(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    if len(arguments) == 2:
        return box(ZONED_DATE_TIME, times.at_zone(arguments[0].content, zone_of(run, arguments[1])))
    if len(arguments) == 3:
        moment = datetime.combine(arguments[0].content, arguments[1].content)
    else:
        numbers = [int(item) for item in arguments[:7]]
        moment = datetime.combine(times.local_date(*numbers[:3]), times.local_time(*numbers[3:]))
    return box(ZONED_DATE_TIME, times.at_zone(moment, zone_of(run, arguments[-1])))


constant(LOCAL_TIME, "MIDNIGHT", box(LOCAL_TIME, times.local_time(0, 0)))


constant(LOCAL_TIME, "NOON", box(LOCAL_TIME, times.local_time(12, 0)))


constant(LOCAL_TIME, "MIN", box(LOCAL_TIME, times.local_time(0, 0)))


constant(DURATION, "ZERO", box(DURATION, timedelta()))


@method(LOCAL_DATE, "lengthOfYear")
def length_of_year(run: "Run", value: Any, arguments: list[Any]) -> int:
    return 366 if isleap(value.content.year) else 365


@method(LOCAL_DATE, "withDayOfYear", 1)
def with_day_of_year(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return of_year_day(run, None, [value.content.year, arguments[0]])


@method(LOCAL_DATE, "datesUntil", 1)
def dates_until(run: "Run", value: Any, arguments: list[Any]) -> Any:
    count = (arguments[0].content - value.content).days
    run.collection(max(0, count))
    days = [box(LOCAL_DATE, value.content + timedelta(days=at)) for at in range(count)]
    return values.Box(kinds.STREAM, days)


# TemporalAdjusters

_ADJUSTERS = kinds.kind("java.time.temporal.TemporalAdjusters", OBJECT)


def _adjuster(name: str, act: Any, count: int = 0) -> None:
    @static(_ADJUSTERS, name, count)
    def make(run: "Run", reference: Any, arguments: list[Any]) -> Any:
        return values.Box(_ADJUSTERS, lambda it: act(it, *(item.content for item in arguments)))


_adjuster("firstDayOfMonth", lambda it: it.replace(day=1))


_adjuster("lastDayOfMonth", lambda it: it.replace(day=monthrange(it.year, it.month)[1]))


_adjuster("firstDayOfYear", lambda it: it.replace(month=1, day=1))


_adjuster("lastDayOfYear", lambda it: it.replace(month=12, day=31))


_adjuster("firstDayOfNextMonth", lambda it: times.plus(it.replace(day=1), 1, "MONTHS"))


_adjuster("next", lambda it, day: it + timedelta(days=(day - it.isoweekday() - 1) % 7 + 1), 1)


_adjuster("nextOrSame", lambda it, day: it + timedelta(days=(day - it.isoweekday()) % 7), 1)


_adjuster("previous", lambda it, day: it - timedelta(days=(it.isoweekday() - day - 1) % 7 + 1), 1)


_adjuster("previousOrSame", lambda it, day: it - timedelta(days=(it.isoweekday() - day) % 7), 1)


@method(TEMPORAL, "with", 1)
def with_(run: "Run", value: Any, arguments: list[Any]) -> Any:
    how = arguments[0]
    if type(how) is values.Box and how.kind is _ADJUSTERS:
        return box(value.kind, times.within(lambda: how.content(value.content)))
    if type(how) is values.Box and how.kind is DAY_OF_WEEK:
        away = timedelta(days=how.content - value.content.isoweekday())
        return box(value.kind, times.within(lambda: value.content + away))
    if type(how) is values.Box and how.kind is MONTH:
        return box(value.kind, times.within(lambda: value.content.replace(month=how.content)))
    return run.call_with(how, value, [value])


# Durations in parts

for _part, _size, _most in (("Hours", 3600, 24), ("Minutes", 60, 60), ("Seconds", 1, 60)):

    def _enter(name: str, size: int, most: int) -> None:
        @method(DURATION, f"to{name}Part")
        def part(run: "Run", value: Any, arguments: list[Any]) -> int:
            return int((value.content.days * 86400 + value.content.seconds) // size % most)

    _enter(_part, _size, _most)
