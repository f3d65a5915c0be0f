"""Calendar, TimeZone, Locale and SimpleDateFormat."""

from typing import TYPE_CHECKING, Any

from rules.language import text_of, values
from rules.language.java import calendars, dates, zones
from rules.language.kinds import (
    CALENDAR,
    GREGORIAN_CALENDAR,
    LOCALE,
    SIMPLE_DATE_FORMAT,
    TIME_ZONE,
    ZONE_INFO,
)
from rules.language.members import constant, constructor, method, static
from rules.language.members.arguments import is_text
from rules.language.members.dates import millis_of, now, parsed, set_parts, zone_among

if TYPE_CHECKING:
    from rules.language.run import Run

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
        content[0] = set_parts(run, content[0], arguments[0])
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
    return values.Date(parsed(run, pattern, run.text(arguments[0]), zone or run.zone, lenient=lenient))


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
