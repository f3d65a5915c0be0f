"""java.util dates: Date, Timestamp, Calendar, TimeZone, SimpleDateFormat."""

from typing import TYPE_CHECKING, Any

from rules.language import equality, kinds, text_of, values
from rules.language.equality import INTEGERS
from rules.language.java import calendars, date_reading, dates, zones
from rules.language.java.errors import JavaError
from rules.language.kinds import (
    CALENDAR,
    DATE,
    GREGORIAN_CALENDAR,
    LOCALE,
    SIMPLE_DATE_FORMAT,
    TIME_ZONE,
    TIMESTAMP,
    ZONE_INFO,
)
from rules.language.members import constant, constructor, method, no_constructor, static
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
            return values.Date(_parsed(run, "EEE MMM dd HH:mm:ss zzz yyyy", run.text(arguments[0]), run.zone), kind)
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
    return values.Date(_parsed(run, "yyyy-MM-dd HH:mm:ss", text, run.zone) + millis, TIMESTAMP)


def _parsed(run: "Run", pattern: str, text: str, zone: Any, *, lenient: bool = True) -> int:
    start = now(run) - 80 * 365 * _DAY - 20 * _DAY
    return date_reading.parse_date(pattern, text, zone, century_start=start, lenient=lenient)


@static(DATE, "parse", (1, 3))
def parse(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    texts = [run.text(item) for item in arguments if is_text(item)]
    if len(texts) == 1:
        return new_date(run, DATE, arguments)
    return values.Date(_parsed(run, texts[0], texts[1], zone_among(run, arguments)))


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
    if type(arguments[0]) not in INTEGERS:
        return run.no_method(value.kind.name, "plus", arguments)
    return moved(run, value, arguments[0])


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
    value.millis = _set(run, value.millis, arguments[0])
    return None


@method(DATE, "copyWith", 1)
def copy_with(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.Date(_set(run, value.millis, arguments[0]), value.kind)


_NAMES = {
    "year": 1, "month": 2, "date": 5, "dayOfMonth": 5, "hourOfDay": 11, "minute": 12, "second": 13, "millisecond": 14,
}  # fmt: skip


def _set(run: "Run", millis: int, fields: Any) -> int:
    for entry in run.items(fields):
        number = _NAMES.get(run.text(entry.key)) if is_text(entry.key) else int(entry.key)
        if number is not None:
            millis = calendars.set_field(millis, run.zone, number, int(entry.value))
    return millis


# Calendar


for _name, _number in calendars.FIELDS.items():
    constant(CALENDAR, _name, _number)


@static(CALENDAR, "getInstance", (0, 2))
def get_instance(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return values.Box(GREGORIAN_CALENDAR, [now(run), zone_among(run, arguments)])


@constructor(GREGORIAN_CALENDAR, (0, 6))
def new_calendar(run: "Run", kind: Any, arguments: list[Any]) -> Any:
    if len(arguments) < 3:
        return values.Box(kind, [now(run), zone_among(run, arguments)])
    year, month, day, *clock = (int(item) for item in arguments)
    hour, minute, second = [*clock, 0, 0, 0][:3]
    return values.Box(kind, [calendars.from_parts(year, month + 1, day, hour, minute, second, 0, run.zone), run.zone])


@method(CALENDAR, "get getAt", 1)
def calendar_get(run: "Run", value: Any, arguments: list[Any]) -> int:
    return calendars.get_field(value.content[0], value.content[1], int(arguments[0]))


@method(CALENDAR, "set", (1, 6))
def calendar_set(run: "Run", value: Any, arguments: list[Any]) -> None:
    content = value.content
    if len(arguments) == 1:
        content[0] = _set(run, content[0], arguments[0])
        return
    fields = [int(arguments[0])] if len(arguments) == 2 else [1, 2, 5, 11, 12, 13]
    for field, number in zip(fields, arguments[1:] if len(arguments) == 2 else arguments, strict=False):
        content[0] = calendars.set_field(content[0], content[1], field, int(number))


@method(CALENDAR, "putAt", 2)
def calendar_put(run: "Run", value: Any, arguments: list[Any]) -> None:
    calendar_set(run, value, arguments)


@method(CALENDAR, "add", 2)
def calendar_add(run: "Run", value: Any, arguments: list[Any]) -> None:
    value.content[0] = calendars.add_field(value.content[0], value.content[1], int(arguments[0]), int(arguments[1]))


@method(CALENDAR, "getTime")
def calendar_time(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.Date(value.content[0])


@method(CALENDAR, "setTime", 1)
def calendar_set_time(run: "Run", value: Any, arguments: list[Any]) -> None:
    value.content[0] = millis_of(run, arguments[0])


@method(CALENDAR, "getTimeInMillis")
def calendar_millis(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.Long(value.content[0])


@method(CALENDAR, "setTimeInMillis", 1)
def calendar_set_millis(run: "Run", value: Any, arguments: list[Any]) -> None:
    value.content[0] = int(arguments[0])


@method(CALENDAR, "setTimeZone", 1)
def calendar_set_zone(run: "Run", value: Any, arguments: list[Any]) -> None:
    value.content[1] = zone_among(run, arguments)


@method(CALENDAR, "getTimeZone")
def calendar_zone(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.Box(ZONE_INFO, value.content[1])


@method(CALENDAR, "clearTime")
def calendar_clear(run: "Run", value: Any, arguments: list[Any]) -> Any:
    value.content[0] = calendars.clear_time(value.content[0], value.content[1])
    return value


@method(CALENDAR, "format", 1)
def calendar_format(run: "Run", value: Any, arguments: list[Any]) -> str:
    return dates.format_date(run.text(arguments[0]), value.content[0], value.content[1])


@method(CALENDAR, "before", 1)
def calendar_before(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return bool(value.content[0] < millis_of(run, arguments[0]))


@method(CALENDAR, "after", 1)
def calendar_after(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return bool(value.content[0] > millis_of(run, arguments[0]))


@method(CALENDAR, "clone")
def calendar_clone(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.Box(value.kind, list(value.content))


# TimeZone, Locale


@static(TIME_ZONE, "getTimeZone", 1)
def get_time_zone(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    value = arguments[0]
    if type(value) is values.Box:
        return values.Box(ZONE_INFO, value.content)
    return values.Box(ZONE_INFO, zones.zone_of(run.text(value)))


@static(TIME_ZONE, "getDefault")
def default_zone(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return values.Box(ZONE_INFO, run.zone)


@method(TIME_ZONE, "getID getId")
def zone_id(run: "Run", value: Any, arguments: list[Any]) -> str:
    return zones.zone_id(value.content)


@method(TIME_ZONE, "getRawOffset")
def raw_offset(run: "Run", value: Any, arguments: list[Any]) -> int:
    return zones.offset_seconds(0, value.content) * 1000


@method(TIME_ZONE, "getOffset", 1)
def zone_offset(run: "Run", value: Any, arguments: list[Any]) -> int:
    return zones.offset_seconds(int(arguments[0]), value.content) * 1000


text_of.TEXTS[TIME_ZONE] = lambda run, value: f'sun.util.calendar.ZoneInfo[id="{zones.zone_id(value.content)}"]'
text_of.TEXTS[LOCALE] = lambda run, value: str(value.content)
for _name, _tag in (("US", "en_US"), ("ENGLISH", "en"), ("UK", "en_GB"), ("ROOT", ""), ("GERMANY", "de_DE")):
    constant(LOCALE, _name, values.Box(LOCALE, _tag))


@constructor(LOCALE, (1, 3))
def new_locale(run: "Run", kind: Any, arguments: list[Any]) -> Any:
    return values.Box(LOCALE, "_".join(run.text(item) for item in arguments))


@static(LOCALE, "getDefault", (0, 1))
def default_locale(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return values.Box(LOCALE, "en_US")


# SimpleDateFormat: content is [pattern, zone or None, lenient]


@constructor(SIMPLE_DATE_FORMAT, (0, 2))
def new_format(run: "Run", kind: Any, arguments: list[Any]) -> Any:
    pattern = run.text(arguments[0]) if arguments else "M/d/yy, h:mm a"
    dates.check_pattern(pattern)
    return values.Box(kind, [pattern, None, True])


@method(SIMPLE_DATE_FORMAT, "format", 1)
def sdf_format(run: "Run", value: Any, arguments: list[Any]) -> str:
    pattern, zone, _ = value.content
    if arguments[0] is None:
        run.fail("java.lang.NullPointerException", 'Cannot invoke "java.util.Date.getTime()" because "date" is null')
    if is_text(arguments[0]):
        run.fail("java.lang.IllegalArgumentException", "Cannot format given Object as a Date")
    return dates.format_date(pattern, millis_of(run, arguments[0]), zone or run.zone)


@method(SIMPLE_DATE_FORMAT, "parse", 1)
def sdf_parse(run: "Run", value: Any, arguments: list[Any]) -> Any:
    pattern, zone, lenient = value.content
    if arguments[0] is None:
        run.fail("java.lang.NullPointerException", 'Cannot invoke "String.length()" because "text" is null')
    return values.Date(_parsed(run, pattern, run.text(arguments[0]), zone or run.zone, lenient=lenient))


@method(SIMPLE_DATE_FORMAT, "setTimeZone", 1)
def sdf_zone(run: "Run", value: Any, arguments: list[Any]) -> None:
    value.content[1] = zone_among(run, arguments)


@method(SIMPLE_DATE_FORMAT, "getTimeZone")
def sdf_get_zone(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.Box(ZONE_INFO, value.content[1] or run.zone)


@method(SIMPLE_DATE_FORMAT, "setLenient", 1)
def sdf_lenient(run: "Run", value: Any, arguments: list[Any]) -> None:
    value.content[2] = run.truth(arguments[0])


@method(SIMPLE_DATE_FORMAT, "toPattern")
def sdf_pattern(run: "Run", value: Any, arguments: list[Any]) -> str:
    return str(value.content[0])
