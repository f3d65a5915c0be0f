"""Years, months, days of the week and offsets of java.time, and what dates say by ChronoField."""

from calendar import isleap, monthrange
from collections.abc import Callable
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
from rules.language.members import STATIC_PROPERTIES, constant, method, static
from rules.language.members.times import box, zone_of

if TYPE_CHECKING:
    from rules.language.run import Run

YEAR = kinds.kind("java.time.Year", OBJECT, kinds.COMPARABLE)
YEAR_MONTH = kinds.kind("java.time.YearMonth", OBJECT, kinds.COMPARABLE)
values.EQUAL_BOXES.update({YEAR, YEAR_MONTH, ZONE_OFFSET, ZONE_ID})

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
    return box(LOCAL_DATE, times.local_date(*(_number(item) for item in arguments)))


def _number(value: Any) -> int:
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


# Days of the week and months: rings of 7 and 12


def _ring(kind: kinds.Kind, size: int) -> None:
    @static(kind, "of", 1)
    def of(run: "Run", reference: Any, arguments: list[Any]) -> Any:
        number = int(arguments[0])
        if not 1 <= number <= size:
            what = "DayOfWeek" if size == 7 else "MonthOfYear"
            run.fail("java.time.DateTimeException", f"Invalid value for {what}: {number}")
        return box(kind, number)

    @static(kind, "values")
    def every(run: "Run", reference: Any, arguments: list[Any]) -> Any:
        return values.Array([box(kind, number) for number in range(1, size + 1)], kind.simple)

    @static(kind, "valueOf", 1)
    def value_of(run: "Run", reference: Any, arguments: list[Any]) -> Any:
        wanted = run.text(arguments[0])
        for number in range(1, size + 1):
            if run.text(box(kind, number)) == wanted:
                return box(kind, number)
        message = f"No enum constant {kind.name}.{wanted}"
        return run.fail("java.lang.IllegalArgumentException", message)

    def moved(name: str, sign: int) -> None:
        @method(kind, name, (0, 1))
        def move(run: "Run", value: Any, arguments: list[Any]) -> Any:
            by = int(arguments[0]) if arguments else 1
            return box(kind, (value.content - 1 + sign * by) % size + 1)

    for name, sign in (("plus", 1), ("minus", -1), ("next", 1), ("previous", -1)):
        moved(name, sign)


_ring(DAY_OF_WEEK, 7)
_ring(MONTH, 12)


@method(MONTH, "maxLength")
def max_length(run: "Run", value: Any, arguments: list[Any]) -> int:
    return monthrange(2024, value.content)[1]


@method(MONTH, "length", 1)
def month_length(run: "Run", value: Any, arguments: list[Any]) -> int:
    return monthrange(2024 if arguments[0] else 2023, value.content)[1]


_TEXT_STYLE = kinds.kind("java.time.format.TextStyle", OBJECT)
for _name in ("FULL", "SHORT", "NARROW"):
    constant(_TEXT_STYLE, _name, values.Box(_TEXT_STYLE, _name))
text_of.TEXTS[_TEXT_STYLE] = lambda run, value: str(value.content)


def _display(kind: kinds.Kind) -> None:
    @method(kind, "getDisplayName", 2)
    def display_name(run: "Run", value: Any, arguments: list[Any]) -> str:
        name = run.text(value).capitalize()
        length = {"SHORT": 3, "NARROW": 1}.get(arguments[0].content, len(name))
        return name[:length]


_display(DAY_OF_WEEK)
_display(MONTH)

# Years and months without a day


@static(YEAR, "of", 1)
def year_of(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return box(YEAR, int(arguments[0]))


@static(YEAR, "now", (0, 1))
def year_now(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return box(YEAR, times.in_zone(run.now, run.zone).year)


@static(YEAR, "isLeap", 1)
def is_leap_year(run: "Run", reference: Any, arguments: list[Any]) -> bool:
    return isleap(int(arguments[0]))


@method(YEAR, "isLeap")
def is_leap(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return isleap(value.content)


@method(YEAR, "getValue")
def year_value(run: "Run", value: Any, arguments: list[Any]) -> int:
    return int(value.content)


@static(YEAR_MONTH, "of", 2)
def year_month_of(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return box(YEAR_MONTH, times.local_date(_number(arguments[0]), _number(arguments[1]), 1))


@static(YEAR_MONTH, "now", (0, 1))
def year_month_now(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return box(YEAR_MONTH, times.in_zone(run.now, run.zone).date().replace(day=1))


@static(YEAR_MONTH, "from", 1)
def year_month_from(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    found = arguments[0].content
    return box(YEAR_MONTH, date(found.year, found.month, 1))


@static(YEAR_MONTH, "parse", 1)
def year_month_parse(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    text = run.text(arguments[0])
    year, _, month = text.partition("-")
    if not (len(year) == 4 and len(month) == 2 and year.isdecimal() and month.isdecimal()):
        run.fail("java.time.format.DateTimeParseException", f"Text '{text}' could not be parsed at index 0")
    return year_month_of(run, reference, [int(year), int(month)])


def _of_month(names: str, act: Any) -> None:
    method(YEAR_MONTH, names)(lambda run, value, arguments: act(value.content))


_of_month("lengthOfMonth", lambda it: monthrange(it.year, it.month)[1])
_of_month("getYear", lambda it: it.year)
_of_month("getMonthValue", lambda it: it.month)
_of_month("getMonth", lambda it: box(MONTH, it.month))
_of_month("isLeapYear", lambda it: isleap(it.year))
_of_month("atEndOfMonth", lambda it: box(LOCAL_DATE, it.replace(day=monthrange(it.year, it.month)[1])))


@method(YEAR_MONTH, "atDay", 1)
def at_day(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return date_of(run, None, [value.content.year, value.content.month, arguments[0]])


def _shifted(name: str, unit: str, sign: int) -> None:
    @method(YEAR_MONTH, name, 1)
    def shift(run: "Run", value: Any, arguments: list[Any]) -> Any:
        return box(YEAR_MONTH, times.plus(value.content, sign * int(arguments[0]), unit))


for _name, _unit in (("Months", "MONTHS"), ("Years", "YEARS")):
    _shifted(f"plus{_name}", _unit, 1)
    _shifted(f"minus{_name}", _unit, -1)
text_of.TEXTS[YEAR] = lambda run, value: str(value.content)
text_of.TEXTS[YEAR_MONTH] = lambda run, value: f"{value.content.year:04d}-{value.content.month:02d}"

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


@method(DURATION, "toDaysPart")
def days_part(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.Long(value.content.days)


@method(DURATION, "abs")
def absolute(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return box(DURATION, abs(value.content))


@method(DURATION, "negated")
def negated(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return box(DURATION, -value.content)


@method(DURATION, "multipliedBy", 1)
def multiplied(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return box(DURATION, times.within(lambda: value.content * int(arguments[0])))


@method(DURATION, "compareTo", 1)
def duration_compare(run: "Run", value: Any, arguments: list[Any]) -> int:
    return run.compare(value, arguments[0])


def _less(name: str, part: str) -> None:
    @method(DURATION, f"minus{name}", 1)
    def minus_part(run: "Run", value: Any, arguments: list[Any]) -> Any:
        return box(DURATION, value.content - times.duration(**{part: int(arguments[0])}))


for _name, _part in (("Days", "days"), ("Hours", "hours"), ("Minutes", "minutes"), ("Seconds", "seconds")):
    _less(_name, _part)


@static(kinds.PERIOD, "of", 3)
def period_of(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return box(kinds.PERIOD, tuple(int(item) for item in arguments))


@static(kinds.PERIOD, "ofWeeks", 1)
def period_of_weeks(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return box(kinds.PERIOD, (0, 0, 7 * int(arguments[0])))


@method(kinds.PERIOD, "isNegative")
def period_is_negative(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return any(part < 0 for part in value.content)


@method(LOCAL_DATE, "until", (1, 2))
def until(run: "Run", value: Any, arguments: list[Any]) -> Any:
    if len(arguments) == 1:
        return box(kinds.PERIOD, times.period_between(value.content, arguments[0].content))
    return values.Long(times.between(arguments[1].content, value.content, arguments[0].content))


@method(LOCAL_DATE, "compareTo", 1)
def date_compare(run: "Run", value: Any, arguments: list[Any]) -> int:
    """The difference in the first part that differs, as Java has it."""
    mine, other = value.content, arguments[0].content
    return int(mine.year - other.year or mine.month - other.month or mine.day - other.day)


@static(kinds.CHRONO_UNIT, "valueOf", 1)
def unit_named(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    name = run.text(arguments[0])
    if (kinds.CHRONO_UNIT, name) not in STATIC_PROPERTIES:
        message = f"No enum constant java.time.temporal.ChronoUnit.{name}"
        run.fail("java.lang.IllegalArgumentException", message)
    return box(kinds.CHRONO_UNIT, name)


# Parts by ChronoField

_CHRONO_FIELD = kinds.kind("java.time.temporal.ChronoField", OBJECT)
_FIELDS: dict[str, Callable[[Any], int]] = {
    "YEAR": lambda it: it.year, "MONTH_OF_YEAR": lambda it: it.month, "DAY_OF_MONTH": lambda it: it.day,
    "DAY_OF_YEAR": lambda it: it.timetuple().tm_yday, "DAY_OF_WEEK": lambda it: it.isoweekday(),
    "HOUR_OF_DAY": lambda it: it.hour, "MINUTE_OF_HOUR": lambda it: it.minute, "SECOND_OF_MINUTE": lambda it: it.second,
    "ALIGNED_WEEK_OF_YEAR": lambda it: (it.timetuple().tm_yday - 1) // 7 + 1,
}  # fmt: skip
for _name in _FIELDS:
    constant(_CHRONO_FIELD, _name, values.Box(_CHRONO_FIELD, _name))
_WEEK_FIELDS = kinds.kind("java.time.temporal.WeekFields", OBJECT)
constant(_WEEK_FIELDS, "ISO", values.Box(_WEEK_FIELDS, "ISO"))
_FIELDS["ISO_WEEK"] = lambda it: it.isocalendar()[1]
_FIELDS["ISO_YEAR"] = lambda it: it.isocalendar()[0]


@static(_WEEK_FIELDS, "of", (1, 2))
def week_fields(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return values.Box(_WEEK_FIELDS, "ISO")


method(_WEEK_FIELDS, "weekOfYear weekOfWeekBasedYear")(lambda run, value, a: values.Box(_CHRONO_FIELD, "ISO_WEEK"))
method(_WEEK_FIELDS, "weekBasedYear")(lambda run, value, a: values.Box(_CHRONO_FIELD, "ISO_YEAR"))
method(_WEEK_FIELDS, "dayOfWeek")(lambda run, value, a: values.Box(_CHRONO_FIELD, "DAY_OF_WEEK"))


@method(TEMPORAL, "get", 1)
def get_field(run: "Run", value: Any, arguments: list[Any]) -> int:
    return int(_FIELDS[arguments[0].content](value.content))


@method(TEMPORAL, "getLong", 1)
def get_long(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.Long(get_field(run, value, arguments))


@method(kinds.PERIOD, "toTotalMonths")
def total_months(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.Long(value.content[0] * 12 + value.content[1])
