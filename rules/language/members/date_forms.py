"""What is asked of Date, Calendar, TimeZone and SimpleDateFormat now and then."""

import re
from typing import TYPE_CHECKING, Any

from rules.language import values
from rules.language.java import calendars, date_reading, dates, times, zones
from rules.language.java.errors import JavaError
from rules.language.kinds import (
    CALENDAR,
    DATE,
    GREGORIAN_CALENDAR,
    LOCAL_DATE_TIME,
    LOCALE,
    SIMPLE_DATE_FORMAT,
    TIME_ZONE,
    TIMESTAMP,
)
from rules.language.members import METHODS, constructor, method, static
from rules.language.members.arguments import is_text
from rules.language.members.dates import new_date as plain_date

if TYPE_CHECKING:
    from rules.language.run import Run


@method(DATE, "toLocaleString")
def to_locale_string(run: "Run", value: Any, arguments: list[Any]) -> str:
    return dates.format_date("MMM d, yyyy, h:mm:ss a", value.millis, run.zone)


@method(DATE, "toGMTString")
def to_gmt_string(run: "Run", value: Any, arguments: list[Any]) -> str:
    return dates.format_date("d MMM yyyy HH:mm:ss", value.millis, zones.zone_of("UTC")) + " GMT"


@method(DATE, "getTimezoneOffset")
def timezone_offset(run: "Run", value: Any, arguments: list[Any]) -> int:
    return -zones.offset_seconds(value.millis, run.zone) // 60


@method(TIMESTAMP, "toLocalDateTime")
def to_local(run: "Run", value: Any, arguments: list[Any]) -> Any:
    there = times.in_zone(times.from_millis(value.millis), run.zone)
    return values.Box(LOCAL_DATE_TIME, there.replace(tzinfo=None))


def _setter(name: str, field: int, offset: int = 0) -> None:
    @method(DATE, name, 1)
    def change(run: "Run", value: Any, arguments: list[Any]) -> None:
        value.millis = calendars.set_field(value.millis, run.zone, field, int(arguments[0]) + offset)


for _name, _field, _offset in (
    ("setYear", 1, 1900), ("setMonth", 2, 0), ("setDate", 5, 0), ("setHours", 11, 0), ("setMinutes", 12, 0),
    ("setSeconds", 13, 0),
):  # fmt: skip
    _setter(_name, _field, _offset)


# `new Date(text)` reads a few ways of writing a date.

_WRITTEN = (
    (re.compile(r"\d{4}/\d{1,2}/\d{1,2}"), "yyyy/MM/dd"),
    (re.compile(r"\d{1,2}/\d{1,2}/\d{4}"), "MM/dd/yyyy"),
    (re.compile(r"\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d{2}:\d{2}"), "MM/dd/yyyy HH:mm:ss"),
    (re.compile(r"[A-Za-z]{3,9} \d{1,2}, \d{4}"), "MMM d, yyyy"),
    (re.compile(r"\d{1,2} [A-Za-z]{3,9} \d{4}"), "d MMM yyyy"),
    (re.compile(r"[A-Za-z]{3}, \d{1,2} [A-Za-z]{3} \d{4} \d{1,2}:\d{2}:\d{2} [A-Z]{3}"), "EEE, d MMM yyyy HH:mm:ss z"),
    (
        re.compile(r"[A-Za-z]{3} [A-Za-z]{3} \d{1,2} \d{1,2}:\d{2}:\d{2} [A-Z]{3} \d{4}"),
        "EEE MMM d HH:mm:ss z yyyy",
    ),
)


def _from_text(run: "Run", text: str) -> int:
    for written, pattern in _WRITTEN:
        if len(text) < 60 and written.fullmatch(text.strip()):
            start = int(run.now.timestamp() * 1000) - 80 * 365 * 86_400_000
            return date_reading.parse_date(pattern, text.strip(), run.zone, century_start=start)
    raise JavaError("java.lang.IllegalArgumentException", None)


@constructor(DATE, (0, 6))
def new_date(run: "Run", kind: Any, arguments: list[Any]) -> Any:
    if len(arguments) == 1 and (arguments[0] is None or is_text(arguments[0])):
        return values.Date(_from_text(run, "" if arguments[0] is None else run.text(arguments[0])), kind)
    return plain_date(run, kind, arguments)


# Calendar


@method(CALENDAR, "clear", (0, 1))
def clear(run: "Run", value: Any, arguments: list[Any]) -> None:
    moment, zone = value.content
    if not arguments:
        value.content[0] = calendars.from_parts(1970, 1, 1, 0, 0, 0, 0, zone)
        return
    field = int(arguments[0])
    least = {1: 1970, 2: 0, 5: 1}.get(field, 0)
    value.content[0] = calendars.set_field(moment, zone, field, least)


@method(CALENDAR, "roll", 2)
def roll(run: "Run", value: Any, arguments: list[Any]) -> None:
    field = int(arguments[0])
    by = int(arguments[1]) if type(arguments[1]) is not bool else 1 if arguments[1] else -1
    moment, zone = value.content
    least, most = _limits(value, field)
    now = calendars.get_field(moment, zone, field)
    value.content[0] = calendars.set_field(moment, zone, field, (now - least + by) % (most - least + 1) + least)


def _limits(value: Any, field: int) -> tuple[int, int]:
    """The least and greatest that a field can be at this date."""
    moment, zone = value.content
    year, month = (calendars.get_field(moment, zone, number) for number in (1, 2))
    if field == calendars.FIELDS["DAY_OF_YEAR"]:
        return 1, sum(calendars.month_length(year, at) for at in range(1, 13))
    known = {1: (1, 9999), 2: (0, 11), 5: (1, calendars.month_length(year, month + 1)), 7: (1, 7), 9: (0, 1),
             10: (0, 11), 11: (0, 23), 12: (0, 59), 13: (0, 59), 14: (0, 999)}  # fmt: skip
    return known.get(field, (1, 53))


@method(CALENDAR, "getActualMaximum getMaximum", 1)
def actual_maximum(run: "Run", value: Any, arguments: list[Any]) -> int:
    return _limits(value, int(arguments[0]))[1]


@method(CALENDAR, "getActualMinimum getMinimum", 1)
def actual_minimum(run: "Run", value: Any, arguments: list[Any]) -> int:
    return _limits(value, int(arguments[0]))[0]


@method(GREGORIAN_CALENDAR, "isLeapYear", 1)
def is_leap_year(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return calendars.month_length(int(arguments[0]), 2) == 29


@method(CALENDAR, "setFirstDayOfWeek setMinimalDaysInFirstWeek setLenient", 1)
def set_quietly(run: "Run", value: Any, arguments: list[Any]) -> None:
    return None


@method(CALENDAR, "getFirstDayOfWeek")
def first_day(run: "Run", value: Any, arguments: list[Any]) -> int:
    return 1


@method(CALENDAR, "toInstant")
def to_instant(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return METHODS[DATE, "toInstant"](run, values.Date(value.content[0]), [])


# TimeZone and Locale


def _is_summer(zone: Any, millis: int) -> bool:
    moment = times.in_zone(times.from_millis(millis), zone)
    saved = moment.dst()
    return bool(saved)


@method(TIME_ZONE, "inDaylightTime", 1)
def in_daylight_time(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return _is_summer(value.content, arguments[0].millis)


@method(TIME_ZONE, "getDSTSavings")
def saving(run: "Run", value: Any, arguments: list[Any]) -> int:
    return 3_600_000 if _is_summer(value.content, 1_720_000_000_000) or _is_summer(value.content, 0) else 0


@static(LOCALE, "forLanguageTag", 1)
def for_tag(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return values.Box(LOCALE, run.text(arguments[0]).replace("-", "_"))


@method(LOCALE, "toLanguageTag")
def language_tag(run: "Run", value: Any, arguments: list[Any]) -> str:
    return str(value.content).replace("_", "-") or "und"


@method(LOCALE, "getCountry")
def country(run: "Run", value: Any, arguments: list[Any]) -> str:
    return str(value.content).partition("_")[2]


@method(SIMPLE_DATE_FORMAT, "isLenient")
def is_lenient(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return bool(value.content[2])


@method(SIMPLE_DATE_FORMAT, "applyPattern", 1)
def apply_pattern(run: "Run", value: Any, arguments: list[Any]) -> None:
    pattern = run.text(arguments[0])
    dates.check_pattern(pattern)
    value.content[0] = pattern
