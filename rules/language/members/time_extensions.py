"""What Groovy's own module for dates adds to java.time: operators, ranges, patterns as texts, Date and back."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from rules.language import kinds, values
from rules.language.equality import INTEGERS, NUMBERS
from rules.language.java import calendars, time_patterns, time_reading, times
from rules.language.kinds import (
    DATE,
    DAY_OF_WEEK,
    DURATION,
    LOCAL_DATE,
    LOCAL_DATE_TIME,
    LOCAL_TIME,
    OFFSET_DATE_TIME,
    PERIOD,
    TEMPORAL,
    ZONED_DATE_TIME,
)
from rules.language.members import METHODS, STATICS, method, prop, static
from rules.language.members.durations import period_between
from rules.language.members.times import KINDS, box

if TYPE_CHECKING:
    from rules.language.run import Run


def _step(value: Any, count: int) -> Any:
    """So many days of a date, seconds of everything else."""
    unit = "DAYS" if value.kind is LOCAL_DATE else "SECONDS"
    return box(value.kind, times.plus(value.content, count, unit))


def _with_numbers(name: str, sign: int) -> None:
    plain = METHODS[TEMPORAL, name]

    @method(TEMPORAL, name, (1, 2))
    def move(run: "Run", value: Any, arguments: list[Any]) -> Any:
        if len(arguments) == 1 and type(arguments[0]) in INTEGERS:
            return _step(value, sign * int(arguments[0]))
        return plain(run, value, arguments)


_with_numbers("plus", 1)
_with_numbers("minus", -1)


@method(TEMPORAL, "next")
def next_(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return _step(value, 1)


@method(TEMPORAL, "previous")
def previous(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return _step(value, -1)


def _walk(name: str, sign: int) -> None:
    @method(TEMPORAL, name, 2)
    def walk(run: "Run", value: Any, arguments: list[Any]) -> None:
        end, work = arguments
        while run.compare(value, end) * sign <= 0:
            run.steps()
            run.call(work, [value])
            value = _step(value, sign)


_walk("upto", 1)
_walk("downto", -1)


@method(TEMPORAL, "rightShift", 1)
def right_shift(run: "Run", value: Any, arguments: list[Any]) -> Any:
    """`a >> b`: what lies between the two."""
    if value.kind is LOCAL_DATE:
        return period_between(run, None, [value, arguments[0]])
    return box(DURATION, times.elapsed(value.content, arguments[0].content))


@method(LOCAL_DATE, "leftShift", 1)
def date_at(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return box(LOCAL_DATE_TIME, datetime.combine(value.content, arguments[0].content))


@method(LOCAL_TIME, "leftShift", 1)
def time_on(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return date_at(run, arguments[0], [value])


@method(TEMPORAL, "getAt", 1)
def get_at(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return METHODS[TEMPORAL, "get"](run, value, arguments)


@method(TEMPORAL, "clearTime")
def clear_time(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return box(value.kind, times.truncate(value.content, "DAYS"))


# Patterns as texts


def _formatter(run: "Run", given: Any) -> Any:
    return time_patterns.formatter_of_pattern(run.text(given))


_FORMAT = METHODS[TEMPORAL, "format"]


@method(TEMPORAL, "format", 1)
def format_(run: "Run", value: Any, arguments: list[Any]) -> Any:
    if type(arguments[0]) in (str, values.GString):
        return time_patterns.format_time(value.kind.simple, value.content, _formatter(run, arguments[0]))
    return _FORMAT(run, value, arguments)


def _parsing(kind: kinds.Kind) -> None:
    plain = STATICS[kind, "parse"]

    @static(kind, "parse", (1, 2))
    def parse(run: "Run", reference: Any, arguments: list[Any]) -> Any:
        if len(arguments) == 2 and type(arguments[1]) in (str, values.GString):
            text, formatter = run.text(arguments[0]), _formatter(run, arguments[1])
            return box(kind, time_reading.parse_time(kind.simple, text, formatter))
        return plain(run, reference, arguments)


for _kind in KINDS:
    _parsing(_kind)


def _text(kinds_: tuple[kinds.Kind, ...], name: str, pattern: str) -> None:
    formatter = time_patterns.formatter_of_pattern(pattern)
    for kind in kinds_:
        prop(kind, name)(lambda run, value: time_patterns.format_time(value.kind.simple, value.content, formatter))


_text((LOCAL_DATE, LOCAL_DATE_TIME, ZONED_DATE_TIME, OFFSET_DATE_TIME), "dateString", "uuuu-MM-dd")
_text((LOCAL_TIME, LOCAL_DATE_TIME, ZONED_DATE_TIME, OFFSET_DATE_TIME), "timeString", "HH:mm:ss")
_text((LOCAL_DATE_TIME,), "dateTimeString", "uuuu-MM-dd'T'HH:mm:ss")


# Amounts


@method(DURATION, "multiply", 1)
def multiply(run: "Run", value: Any, arguments: list[Any]) -> Any:
    if type(arguments[0]) not in NUMBERS:
        run.no_method(value.kind.name, "multiply", arguments)
    return box(DURATION, times.within(lambda: value.content * int(arguments[0])))


@method(DURATION, "div", 1)
def divide(run: "Run", value: Any, arguments: list[Any]) -> Any:
    if int(arguments[0]) == 0:
        run.fail("java.lang.ArithmeticException", "Cannot divide by zero")
    return box(DURATION, value.content / int(arguments[0]))


def _periods(name: str, sign: int) -> None:
    @method(PERIOD, name, 1)
    def combine(run: "Run", value: Any, arguments: list[Any]) -> Any:
        other = arguments[0].content
        return box(PERIOD, tuple(a + sign * b for a, b in zip(value.content, other, strict=True)))


_periods("plus", 1)
_periods("minus", -1)


@method(DAY_OF_WEEK, "isWeekend")
def is_weekend(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return bool(value.content > 5)


@method(DAY_OF_WEEK, "isWeekday")
def is_weekday(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return bool(value.content < 6)


# To Date and back


@method(LOCAL_DATE, "toDate")
@method(LOCAL_DATE_TIME, "toDate")
def to_date(run: "Run", value: Any, arguments: list[Any]) -> Any:
    day, whole = value.content, value.content if isinstance(value.content, datetime) else None
    clock = (whole.hour, whole.minute, whole.second, whole.microsecond // 1000) if whole else (0, 0, 0, 0)
    return values.Date(calendars.from_parts(day.year, day.month, day.day, *clock, run.zone))


def _from_date(name: str, kind: kinds.Kind, part: Any) -> None:
    @method(DATE, name)
    def convert(run: "Run", value: Any, arguments: list[Any]) -> Any:
        return box(kind, part(times.from_millis(value.millis, run.zone)))


_from_date("toLocalDate", LOCAL_DATE, lambda moment: moment.date())
_from_date("toLocalTime", LOCAL_TIME, lambda moment: moment.time())
_from_date("toLocalDateTime", LOCAL_DATE_TIME, lambda moment: moment.replace(tzinfo=None))
_from_date("toZonedDateTime", ZONED_DATE_TIME, lambda moment: moment)
_from_date("toOffsetDateTime", OFFSET_DATE_TIME, lambda moment: moment)

# Of Java itself


@static(LOCAL_DATE, "from", 1)
def date_from(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return run.call_method(arguments[0], "toLocalDate", []) if arguments[0].kind is not LOCAL_DATE else arguments[0]


@static(LOCAL_TIME, "ofSecondOfDay", 1)
def time_of_second(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    second = times.check("SecondOfDay", int(arguments[0]), 0, 86_399)
    return box(LOCAL_TIME, times.local_time(second // 3600, second // 60 % 60, second % 60))


@static(OFFSET_DATE_TIME, "of", (3, 8))
def offset_date_time_of(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    zoned = STATICS[ZONED_DATE_TIME, "of"](run, reference, arguments)
    return box(OFFSET_DATE_TIME, zoned.content)
