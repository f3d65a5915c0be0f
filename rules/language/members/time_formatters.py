"""DateTimeFormatter: how java.time is read and shown."""

from typing import TYPE_CHECKING, Any

from rules.language import values
from rules.language.java import time_patterns
from rules.language.kinds import (
    DATE_TIME_FORMATTER,
)
from rules.language.members import constant, method, static
from rules.language.members.times import box, times_text, zone_of

if TYPE_CHECKING:
    from rules.language.run import Run

# Formatter


@static(DATE_TIME_FORMATTER, "ofPattern", (1, 2))
def of_pattern(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return box(DATE_TIME_FORMATTER, time_patterns.formatter_of_pattern(run.text(arguments[0])))


for _name, _formatter in time_patterns.ISO.items():
    constant(DATE_TIME_FORMATTER, _name, values.Box(DATE_TIME_FORMATTER, _formatter))


@method(DATE_TIME_FORMATTER, "format", 1)
def formatter_format(run: "Run", value: Any, arguments: list[Any]) -> str:
    return times_text(arguments[0], value)


@method(DATE_TIME_FORMATTER, "withZone", 1)
def with_zone(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return box(DATE_TIME_FORMATTER, value.content.with_zone(zone_of(run, arguments[0])))


@method(DATE_TIME_FORMATTER, "withLocale", 1)
def with_locale(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return value
