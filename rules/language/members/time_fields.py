"""Durations, periods and dates in parts."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rules.language import kinds, values
from rules.language.java import times
from rules.language.kinds import (
    DURATION,
    LOCAL_DATE,
    OBJECT,
    TEMPORAL,
)
from rules.language.members import STATIC_PROPERTIES, constant, method, static
from rules.language.members.times import box

if TYPE_CHECKING:
    from rules.language.run import Run


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
