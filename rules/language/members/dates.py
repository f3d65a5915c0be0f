"""Date, and how dates are read and shown."""

from typing import TYPE_CHECKING, Any

from rules.language import equality, kinds, values
from rules.language.equality import INTEGERS
from rules.language.java import calendars, date_reading, dates
from rules.language.java.errors import JavaError
from rules.language.kinds import (
    DATE,
    GREGORIAN_CALENDAR,
    TIMESTAMP,
    ZONE_INFO,
)
from rules.language.members import constructor, method, no_constructor, static
from rules.language.members.arguments import is_number, is_text

if TYPE_CHECKING:
    from rules.language.run import Run


_DAY = 86_400_000


def now(run: "Run") -> int:
    return int(run.now.timestamp() * 1000)


def zone_among(run: "Run", arguments: list[Any]) -> Any:
    """The time zone among the arguments, else the run's."""
    for value in arguments:
        if type(value) is values.Box and value.kind is ZONE_INFO:
            return value.content
    return run.zone


def millis_of(run: "Run", value: Any) -> int:
    if type(value) is values.Date:
        return int(value.millis)
    if type(value) is values.Box and value.kind is GREGORIAN_CALENDAR:
        return int(value.content[0])
    return int(value)


@constructor(DATE, (0, 6))
def new_date(run: "Run", kind: Any, arguments: list[Any]) -> Any:
    if not arguments:
        return values.Date(now(run), kind)
    if len(arguments) == 1 and type(arguments[0]) in INTEGERS:
        return values.Date(calendars.check_millis(int(arguments[0])), kind)
    if len(arguments) >= 3 and all(type(item) in INTEGERS for item in arguments):
        year, month, day, *clock = (int(item) for item in arguments)
        hour, minute, second = [*clock, 0, 0, 0][:3]
        return values.Date(calendars.from_parts(year + 1900, month + 1, day, hour, minute, second, 0, run.zone), kind)
    if is_text(arguments[0]):
        try:
            return values.Date(parsed(run, "EEE MMM dd HH:mm:ss zzz yyyy", run.text(arguments[0]), run.zone), kind)
        except JavaError:
            run.fail("java.lang.IllegalArgumentException", None)
    return no_constructor(run, kind, arguments)


@constructor(TIMESTAMP, 1)
def new_timestamp(run: "Run", kind: Any, arguments: list[Any]) -> Any:
    return values.Date(int(arguments[0]), TIMESTAMP)


@static(TIMESTAMP, "valueOf", 1)
def timestamp_of(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    text, _, fraction = run.text(arguments[0]).partition(".")
    millis = int(fraction[:3].ljust(3, "0")) if fraction.isdecimal() else 0
    return values.Date(parsed(run, "yyyy-MM-dd HH:mm:ss", text, run.zone) + millis, TIMESTAMP)


def parsed(run: "Run", pattern: str, text: str, zone: Any, *, lenient: bool = True) -> int:
    start = now(run) - 80 * 365 * _DAY - 20 * _DAY
    return date_reading.parse_date(pattern, text, zone, century_start=start, lenient=lenient)


@static(DATE, "parse", (1, 3))
def parse(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    if len(arguments) > 1 and arguments[1] is None:
        run.fail("java.lang.NullPointerException", 'Cannot invoke "String.length()" because "text" is null')
    texts = [run.text(item) for item in arguments if is_text(item)]
    if len(texts) == 1:
        return new_date(run, DATE, arguments)
    return values.Date(parsed(run, texts[0], texts[1], zone_among(run, arguments)))


@method(DATE, "format", (1, 2))
def format_(run: "Run", value: Any, arguments: list[Any]) -> str:
    return dates.format_date(run.text(arguments[0]), value.millis, zone_among(run, arguments))


@method(DATE, "getTime")
def get_time(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.Long(value.millis)


@method(DATE, "setTime", 1)
def set_time(run: "Run", value: Any, arguments: list[Any]) -> None:
    value.millis = calendars.check_millis(int(arguments[0]))


@method(DATE, "before", 1)
def before(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return bool(value.millis < millis_of(run, arguments[0]))


@method(DATE, "after", 1)
def after(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return bool(value.millis > millis_of(run, arguments[0]))


@method(DATE, "compareTo", 1)
def compare_to(run: "Run", value: Any, arguments: list[Any]) -> int:
    return equality.compare(run, value, arguments[0])


@method(DATE, "hashCode")
def date_hash(run: "Run", value: Any, arguments: list[Any]) -> int:
    return hash_code(value.millis)


def hash_code(millis: int) -> int:
    low = (millis ^ (millis % 2**64 >> 32)) & 0xFFFFFFFF
    return low - 2**32 if low >= 2**31 else low


def moved(run: "Run", value: Any, days: Any) -> Any:
    found = calendars.add_field(value.millis, run.zone, 5, int(days))
    return values.Date(found, value.kind)


@method(DATE, "plus", 1)
def plus(run: "Run", value: Any, arguments: list[Any]) -> Any:
    if type(arguments[0]) not in (int, values.Short, values.Byte):
        return run.no_method(value.kind.name, "plus", arguments)
    return moved(run, value, arguments[0])


@method(DATE, "putAt", 2)
def put_field(run: "Run", value: Any, arguments: list[Any]) -> None:
    value.millis = calendars.set_field(value.millis, run.zone, int(arguments[0]), int(arguments[1]))


@method(DATE, "minus", 1)
def minus(run: "Run", value: Any, arguments: list[Any]) -> Any:
    other = arguments[0]
    if is_number(other):
        return moved(run, value, -int(other))
    start, end = calendars.clear_time(millis_of(run, other), run.zone), calendars.clear_time(value.millis, run.zone)
    return round((end - start) / _DAY)


@method(DATE, "next")
def next_(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return moved(run, value, 1)


@method(DATE, "previous")
def previous(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return moved(run, value, -1)


@method(DATE, "clearTime")
def clear_time(run: "Run", value: Any, arguments: list[Any]) -> Any:
    value.millis = calendars.clear_time(value.millis, run.zone)
    return value


@method(DATE, "clone")
def clone(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.Date(value.millis, value.kind)


@method(DATE, "getAt", 1)
def get_at(run: "Run", value: Any, arguments: list[Any]) -> Any:
    key = arguments[0]
    if type(key) is list:
        return [calendars.get_field(value.millis, run.zone, int(item)) for item in key]
    return calendars.get_field(value.millis, run.zone, int(key))


@method(DATE, "toTimestamp")
def to_timestamp(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.Date(value.millis, TIMESTAMP)


@method(DATE, "toCalendar")
def to_calendar(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.Box(GREGORIAN_CALENDAR, [value.millis, run.zone])


@method(DATE, "getDateString")
def date_string(run: "Run", value: Any, arguments: list[Any]) -> str:
    return dates.format_date("M/d/yy", value.millis, run.zone)


@method(DATE, "toInstant")
def to_instant(run: "Run", value: Any, arguments: list[Any]) -> Any:
    from rules.language.java import times

    return values.Box(kinds.INSTANT, times.from_millis(value.millis))


@static(DATE, "from", 1)
def from_instant(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    from rules.language.java import times

    return values.Date(times.epoch_millis(arguments[0].content))


def _part(name: str, field: int, offset: int = 0) -> None:
    @method(DATE, name)
    def get(run: "Run", value: Any, arguments: list[Any]) -> int:
        return calendars.get_field(value.millis, run.zone, field) + offset


for _name, _field, _offset in (
    ("getYear", 1, -1900), ("getMonth", 2, 0), ("getDate", 5, 0), ("getDay", 7, -1), ("getHours", 11, 0),
    ("getMinutes", 12, 0), ("getSeconds", 13, 0),
):  # fmt: skip
    _part(_name, _field, _offset)


@method(DATE, "set", 1)
def set_fields(run: "Run", value: Any, arguments: list[Any]) -> Any:
    value.millis = set_parts(run, value.millis, arguments[0])
    return None


@method(DATE, "copyWith", 1)
def copy_with(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.Date(set_parts(run, value.millis, arguments[0]), value.kind)


_NAMES = {
    "year": 1, "month": 2, "date": 5, "dayOfMonth": 5, "hourOfDay": 11, "minute": 12, "second": 13, "millisecond": 14,
}  # fmt: skip


def set_parts(run: "Run", millis: int, fields: Any) -> int:
    for entry in run.items(fields):
        number = _NAMES.get(run.text(entry.key)) if is_text(entry.key) else int(entry.key)
        if number is not None:
            millis = calendars.set_field(millis, run.zone, number, int(entry.value))
    return millis
