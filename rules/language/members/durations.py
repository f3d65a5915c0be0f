"""Duration and Period: amounts of time."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from rules.language import values
from rules.language.java import times
from rules.language.kinds import (
    DURATION,
    PERIOD,
)
from rules.language.members import method, static
from rules.language.members.times import box

if TYPE_CHECKING:
    from rules.language.run import Run

# Duration and Period


def _amount(name: str, part: str, seconds: int) -> None:
    @static(DURATION, f"of{name}", 1)
    def of(run: "Run", reference: Any, arguments: list[Any]) -> Any:
        return box(DURATION, times.duration(**{part: int(arguments[0])}))

    @method(DURATION, f"to{name}")
    def to(run: "Run", value: Any, arguments: list[Any]) -> Any:
        micros = (value.content.days * 86400 + value.content.seconds) * 1_000_000 + value.content.microseconds
        return values.Long(micros // (seconds * 1000))

    @method(DURATION, f"plus{name}", 1)
    def plus_part(run: "Run", value: Any, arguments: list[Any]) -> Any:
        return box(DURATION, value.content + times.duration(**{part: int(arguments[0])}))


for _name, _part, _size in (
    ("Days", "days", 86_400_000), ("Hours", "hours", 3_600_000), ("Minutes", "minutes", 60_000),
    ("Seconds", "seconds", 1000), ("Millis", "milliseconds", 1),
):  # fmt: skip
    _amount(_name, _part, _size)


@static(DURATION, "between", 2)
def duration_between(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return box(DURATION, times.elapsed(arguments[0].content, arguments[1].content))


@static(DURATION, "parse", 1)
def parse_duration(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return box(DURATION, times.parse_duration(run.text(arguments[0])))


@method(DURATION, "getSeconds")
def get_seconds(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.Long(value.content.days * 86400 + value.content.seconds)


def _other(run: "Run", value: Any, name: str, arguments: list[Any]) -> timedelta:
    """The duration that is given. Raises Raised for anything else: a time and a timedelta would make a time."""
    given = arguments[0]
    if type(given) is values.Box and isinstance(given.content, timedelta):
        return given.content
    return run.no_method(value.kind.name, name, arguments)


@method(DURATION, "plus", 1)
def duration_plus(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return box(DURATION, value.content + _other(run, value, "plus", arguments))


@method(DURATION, "minus", 1)
def duration_minus(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return box(DURATION, value.content - _other(run, value, "minus", arguments))


@method(DURATION, "isNegative")
def is_negative(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return bool(value.content.days < 0)


@method(DURATION, "isZero")
def is_zero(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return not value.content


@static(PERIOD, "between", 2)
def period_between(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return box(PERIOD, times.period_between(arguments[0].content, arguments[1].content))


@static(PERIOD, "parse", 1)
def parse_period(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return box(PERIOD, times.parse_period(run.text(arguments[0])))


def _period(name: str, at: int) -> None:
    @static(PERIOD, f"of{name}", 1)
    def of(run: "Run", reference: Any, arguments: list[Any]) -> Any:
        parts = [0, 0, 0]
        parts[at] = int(arguments[0])
        return box(PERIOD, tuple(parts))

    @method(PERIOD, f"get{name}")
    def get(run: "Run", value: Any, arguments: list[Any]) -> int:
        return int(value.content[at])


for _name, _at in (("Years", 0), ("Months", 1), ("Days", 2)):
    _period(_name, _at)
