"""Days of the week, months, and years without a day."""

from calendar import isleap, monthrange
from datetime import date
from typing import TYPE_CHECKING, Any

from rules.language import kinds, text_of, values
from rules.language.java import times
from rules.language.kinds import (
    DAY_OF_WEEK,
    LOCAL_DATE,
    MONTH,
    OBJECT,
)
from rules.language.members import constant, method, static
from rules.language.members.calendar_parts import date_of, number_of
from rules.language.members.times import box

if TYPE_CHECKING:
    from rules.language.run import Run

YEAR = kinds.kind("java.time.Year", OBJECT, kinds.COMPARABLE)
YEAR_MONTH = kinds.kind("java.time.YearMonth", OBJECT, kinds.COMPARABLE)
values.EQUAL_BOXES.update({YEAR, YEAR_MONTH})

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
    return box(YEAR_MONTH, times.local_date(number_of(arguments[0]), number_of(arguments[1]), 1))


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
