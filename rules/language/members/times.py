"""java.time: boxes around the standard library's dates and times."""

from calendar import isleap, monthrange
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from rules.language import kinds, text_of, values
from rules.language.java import time_patterns, time_reading, times, zones
from rules.language.kinds import (
    CHRONO_UNIT,
    DURATION,
    INSTANT,
    LOCAL_DATE,
    LOCAL_DATE_TIME,
    LOCAL_TIME,
    OFFSET_DATE_TIME,
    PERIOD,
    TEMPORAL,
    ZONE_ID,
    ZONE_OFFSET,
    ZONE_REGION,
    ZONED_DATE_TIME,
)
from rules.language.members import constant, method, static

if TYPE_CHECKING:
    from rules.language.run import Run

KINDS = (LOCAL_DATE, LOCAL_TIME, LOCAL_DATE_TIME, INSTANT, ZONED_DATE_TIME, OFFSET_DATE_TIME)
values.EQUAL_BOXES.update({*KINDS, DURATION, PERIOD, CHRONO_UNIT})


def box(kind: kinds.Kind, content: Any) -> Any:
    return values.Box(kind, content)


for _kind in KINDS:
    text_of.TEXTS[_kind] = lambda run, value: times.time_text(value.kind.simple, value.content)
text_of.TEXTS[DURATION] = lambda run, value: times.duration_text(value.content)
text_of.TEXTS[PERIOD] = lambda run, value: times.period_text(value.content)
text_of.TEXTS[CHRONO_UNIT] = lambda run, value: str(value.content).capitalize()
text_of.TEXTS[ZONE_ID] = lambda run, value: zones.zone_id(value.content)
for _unit in (
    "NANOS", "MICROS", "MILLIS", "SECONDS", "MINUTES", "HOURS", "HALF_DAYS", "DAYS", "WEEKS", "MONTHS", "YEARS",
    "DECADES", "CENTURIES",
):  # fmt: skip
    constant(CHRONO_UNIT, _unit, values.Box(CHRONO_UNIT, _unit))


def zone_of(run: "Run", value: Any) -> Any:
    return value.content if type(value) is values.Box else zones.strict_zone(run.text(value))


def _statics(kind: kinds.Kind) -> None:
    @static(kind, "parse", (1, 2))
    def parse(run: "Run", reference: Any, arguments: list[Any]) -> Any:
        if arguments[0] is None:
            run.fail("java.lang.NullPointerException", "text")
        formatter = arguments[1].content if len(arguments) > 1 else None
        return box(kind, time_reading.parse_time(kind.simple, run.text(arguments[0]), formatter))

    @static(kind, "now", (0, 1))
    def now(run: "Run", reference: Any, arguments: list[Any]) -> Any:
        moment = times.in_zone(run.now, zone_of(run, arguments[0]) if arguments else run.zone)
        return box(kind, _as(kind, moment))


def _as(kind: kinds.Kind, moment: Any) -> Any:
    if kind is LOCAL_DATE:
        return moment.date()
    if kind is LOCAL_TIME:
        return moment.time()
    if kind is LOCAL_DATE_TIME:
        return moment.replace(tzinfo=None)
    return times.in_zone(moment, UTC) if kind is INSTANT else moment


for _kind in KINDS:
    _statics(_kind)


@static(LOCAL_TIME, "of", (2, 4))
def time_of(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return box(LOCAL_TIME, times.local_time(*(int(item) for item in arguments)))


@static(LOCAL_DATE_TIME, "of", (2, 7))
def date_time_of(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    from datetime import datetime

    if len(arguments) == 2:
        return box(LOCAL_DATE_TIME, datetime.combine(arguments[0].content, arguments[1].content))
    numbers = [int(item) for item in arguments]
    day, clock = times.local_date(*numbers[:3]), times.local_time(*numbers[3:])
    return box(LOCAL_DATE_TIME, datetime.combine(day, clock))


@static(INSTANT, "ofEpochMilli", 1)
def of_epoch_milli(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return box(INSTANT, times.from_millis(int(arguments[0])))


@static(INSTANT, "ofEpochSecond", (1, 2))
def of_epoch_second(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return box(INSTANT, times.from_millis(int(arguments[0]) * 1000))


def _of_instant(kind: kinds.Kind) -> None:
    @static(kind, "ofInstant", 2)
    def of_instant(run: "Run", reference: Any, arguments: list[Any]) -> Any:
        return box(kind, _as(kind, times.in_zone(arguments[0].content, zone_of(run, arguments[1]))))


for _kind in (LOCAL_DATE, LOCAL_DATE_TIME, ZONED_DATE_TIME, OFFSET_DATE_TIME):
    _of_instant(_kind)


def _moved(name: str, unit: str) -> None:
    def move(run: "Run", value: Any, arguments: list[Any], sign: int) -> Any:
        return box(value.kind, times.plus(value.content, sign * int(arguments[0]), unit))

    method(TEMPORAL, f"plus{name}", 1)(lambda run, value, arguments: move(run, value, arguments, 1))
    method(TEMPORAL, f"minus{name}", 1)(lambda run, value, arguments: move(run, value, arguments, -1))


for _name in ("Years", "Months", "Weeks", "Days", "Hours", "Minutes", "Seconds", "Millis", "Nanos"):
    _moved(_name, _name.upper())


def _plus(run: "Run", value: Any, arguments: list[Any], sign: int) -> Any:
    if len(arguments) == 2:
        return box(value.kind, times.plus(value.content, sign * int(arguments[0]), arguments[1].content))
    other = arguments[0]
    if type(other) is values.Box and other.kind is DURATION:
        return box(value.kind, times.plus_duration(value.content, other.content * sign))
    if type(other) is values.Box and other.kind is PERIOD:
        years, months, days = other.content
        return box(value.kind, times.plus_period(value.content, (sign * years, sign * months, sign * days)))
    return run.no_method(value.kind.name, "plus" if sign > 0 else "minus", arguments)


@method(TEMPORAL, "plus", (1, 2))
def plus(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return _plus(run, value, arguments, 1)


@method(TEMPORAL, "minus", (1, 2))
def minus(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return _plus(run, value, arguments, -1)


@method(TEMPORAL, "isBefore", 1)
def is_before(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return bool(value.content < arguments[0].content)


@method(TEMPORAL, "isAfter", 1)
def is_after(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return bool(value.content > arguments[0].content)


@method(TEMPORAL, "isEqual", 1)
def is_equal(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return bool(value.content == arguments[0].content)


@method(TEMPORAL, "compareTo", 1)
def compare_to(run: "Run", value: Any, arguments: list[Any]) -> int:
    return run.compare(value, arguments[0])


@method(TEMPORAL, "format", 1)
def format_(run: "Run", value: Any, arguments: list[Any]) -> str:
    formatter = arguments[0]
    if type(formatter) is not values.Box:
        return run.no_method(value.kind.name, "format", arguments)
    return times_text(value, formatter)


def times_text(value: Any, formatter: Any) -> str:
    return time_patterns.format_time(value.kind.simple, value.content, formatter.content)


@method(TEMPORAL, "truncatedTo", 1)
def truncated_to(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return box(value.kind, times.truncate(value.content, arguments[0].content))


@method(TEMPORAL, "until", 2)
def until(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.Long(times.between(arguments[1].content, value.content, arguments[0].content))


@method(CHRONO_UNIT, "between", 2)
def between(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.Long(times.between(value.content, arguments[0].content, arguments[1].content))


def _field(names: str, act: Any) -> None:
    @method(TEMPORAL, names)
    def get(run: "Run", value: Any, arguments: list[Any]) -> Any:
        try:
            return act(value.content)
        except AttributeError:
            return run.no_method(value.kind.name, names.split()[0], arguments)


def _zoned(content: Any) -> Any:
    """Raises AttributeError for what has no zone."""
    if content.tzinfo is None:
        raise AttributeError("tzinfo")
    return content


_field("getYear", lambda it: it.year)
_field("getMonthValue", lambda it: it.month)
_field("getDayOfMonth", lambda it: it.day)
_field("getDayOfYear", lambda it: it.timetuple().tm_yday)
_field("getHour", lambda it: it.hour)
_field("getMinute", lambda it: it.minute)
_field("getSecond", lambda it: it.second)
_field("getNano", lambda it: it.microsecond * 1000)
_field("lengthOfMonth", lambda it: monthrange(it.year, it.month)[1])
_field("isLeapYear", lambda it: isleap(it.year))
_field("toEpochDay", lambda it: values.Long(it.toordinal() - 719163))
_field("toLocalDate", lambda it: box(LOCAL_DATE, it.date()))
_field("toLocalTime", lambda it: box(LOCAL_TIME, it.time()))
_field("toLocalDateTime", lambda it: box(LOCAL_DATE_TIME, datetime.combine(it.date(), it.time())))
_field("toInstant", lambda it: box(INSTANT, times.in_zone(_zoned(it), UTC)))
_field("toOffsetDateTime", lambda it: box(OFFSET_DATE_TIME, _zoned(it)))
_field("toZonedDateTime", lambda it: box(ZONED_DATE_TIME, _zoned(it)))
_field("toEpochMilli", lambda it: values.Long(times.epoch_millis(it)))
_field("getEpochSecond toEpochSecond", lambda it: values.Long(times.epoch_millis(it) // 1000))
_field("getZone", lambda it: box(ZONE_REGION, _zoned(it).tzinfo))

_DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
_MONTHS = (
    "JANUARY", "FEBRUARY", "MARCH", "APRIL", "MAY", "JUNE", "JULY", "AUGUST", "SEPTEMBER", "OCTOBER", "NOVEMBER",
    "DECEMBER",
)  # fmt: skip
for _kind, _names in ((kinds.DAY_OF_WEEK, _DAYS), (kinds.MONTH, _MONTHS)):
    values.EQUAL_BOXES.add(_kind)
    for _number, _name in enumerate(_names, 1):
        constant(_kind, _name, values.Box(_kind, _number))
    method(_kind, "getValue", 0)(lambda run, value, arguments: value.content)
    method(_kind, "ordinal", 0)(lambda run, value, arguments: value.content - 1)
text_of.TEXTS[kinds.DAY_OF_WEEK] = lambda run, value: _DAYS[value.content - 1]
text_of.TEXTS[kinds.MONTH] = lambda run, value: _MONTHS[value.content - 1]
for _kind in (kinds.DAY_OF_WEEK, kinds.MONTH, CHRONO_UNIT):
    method(_kind, "name", 0)(lambda run, value, arguments: run.text(value).upper())
_field("getDayOfWeek", lambda it: box(kinds.DAY_OF_WEEK, it.isoweekday()))
_field("getMonth", lambda it: box(kinds.MONTH, it.month))


def _replaced(name: str, part: str) -> None:
    @method(TEMPORAL, f"with{name}", 1)
    def replaced(run: "Run", value: Any, arguments: list[Any]) -> Any:
        return box(value.kind, times.within(lambda: value.content.replace(**{part: int(arguments[0])})))


for _name, _part in (
    ("Year", "year"), ("Month", "month"), ("DayOfMonth", "day"), ("Hour", "hour"), ("Minute", "minute"),
    ("Second", "second"),
):  # fmt: skip
    _replaced(_name, _part)


@method(TEMPORAL, "atStartOfDay", (0, 1))
def at_start(run: "Run", value: Any, arguments: list[Any]) -> Any:
    from datetime import datetime, time

    start = datetime.combine(value.content, time())
    if arguments:
        return box(ZONED_DATE_TIME, times.at_zone(start, zone_of(run, arguments[0])))
    return box(LOCAL_DATE_TIME, start)


@method(TEMPORAL, "atTime", (1, 3))
def at_time(run: "Run", value: Any, arguments: list[Any]) -> Any:
    from datetime import datetime

    first = arguments[0]
    clock = first.content if type(first) is values.Box else times.local_time(*(int(item) for item in arguments))
    return box(LOCAL_DATE_TIME, datetime.combine(value.content, clock))


@method(TEMPORAL, "atZone", 1)
def at_zone(run: "Run", value: Any, arguments: list[Any]) -> Any:
    zone = zone_of(run, arguments[0])
    if value.kind is INSTANT:
        return box(ZONED_DATE_TIME, times.in_zone(value.content, zone))
    return box(ZONED_DATE_TIME, times.at_zone(value.content, zone))


@method(TEMPORAL, "atOffset", 1)
def at_offset(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return box(OFFSET_DATE_TIME, at_zone(run, value, arguments).content)


@method(TEMPORAL, "withZoneSameInstant withOffsetSameInstant", 1)
def same_instant(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return box(value.kind, times.in_zone(value.content, zone_of(run, arguments[0])))


@method(OFFSET_DATE_TIME, "atZoneSameInstant", 1)
def zoned_at_same_instant(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return box(ZONED_DATE_TIME, times.in_zone(value.content, zone_of(run, arguments[0])))


@static(ZONE_ID, "of", 1)
def zone_id_of(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return box(ZONE_REGION, zones.strict_zone(run.text(arguments[0])))


@static(ZONE_ID, "systemDefault")
def system_default(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return box(ZONE_REGION, run.zone)


@method(ZONE_ID, "getId")
def get_id(run: "Run", value: Any, arguments: list[Any]) -> str:
    return zones.zone_id(value.content)


constant(ZONE_OFFSET, "UTC", values.Box(ZONE_OFFSET, UTC))
