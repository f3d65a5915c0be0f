"""DecimalFormat, NumberFormat and MessageFormat."""

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rules.language import arithmetic, casts, kinds, values
from rules.language.equality import NUMBERS
from rules.language.java import dates
from rules.language.java.decimal_format import NumberFormat
from rules.language.java.errors import JavaError
from rules.language.kinds import DECIMAL_FORMAT, OBJECT
from rules.language.members import constructor, method, static

if TYPE_CHECKING:
    from rules.language.run import Run

NUMBER_FORMAT = kinds.NUMBER_FORMAT
MESSAGE_FORMAT = kinds.kind("java.text.MessageFormat", OBJECT)
kinds.kind("java.text.DecimalFormatSymbols", OBJECT)
_LONGEST = 200


@constructor(DECIMAL_FORMAT, (0, 2))
def new_format(run: "Run", kind: Any, arguments: list[Any]) -> Any:
    return values.Box(DECIMAL_FORMAT, _format(run.text(arguments[0]) if arguments else "#,##0.###"))


def _format(pattern: str) -> NumberFormat:
    if len(pattern) > _LONGEST:
        raise JavaError("java.lang.IllegalArgumentException", "the pattern is too long")
    return NumberFormat(pattern)


def _made(names: str, pattern: str, rounding: str = "HALF_EVEN") -> None:
    @static(NUMBER_FORMAT, names, (0, 1))
    def make(run: "Run", reference: Any, arguments: list[Any]) -> Any:
        made = NumberFormat(pattern)
        made.rounding = rounding
        return values.Box(DECIMAL_FORMAT, made)


_made("getInstance getNumberInstance", "#,##0.###")
_made("getIntegerInstance", "#,##0")
_made("getCurrencyInstance", "$#,##0.00")
_made("getPercentInstance", "#,##0%")


@method(NUMBER_FORMAT, "format", 1)
def format_(run: "Run", value: Any, arguments: list[Any]) -> str:
    number = arguments[0]
    if type(number) not in NUMBERS:
        run.fail("java.lang.IllegalArgumentException", "Cannot format given Object as a Number")
    return shown(run, value.content, number)


def shown(run: "Run", how: NumberFormat, number: Any) -> str:
    """A number by a format; what is no number has a text of its own."""
    if type(number) in (float, values.Float):
        if number != number:
            return "NaN"
        if number - number != 0:
            return ("-" if number < 0 else "") + how.prefix + "\u221e" + how.suffix
        # Java rounds the very value of the double, not what it is written as.
        number = Decimal(float(number))
    else:
        number = casts.decimal(run, number)
    text = how.text(number)
    run.string(len(text))
    return text


@method(NUMBER_FORMAT, "parse", 1)
def parse(run: "Run", value: Any, arguments: list[Any]) -> Any:
    text = run.text(arguments[0])
    if len(text) > _LONGEST:
        run.fail("java.text.ParseException", f'Unparseable number: "{text[:20]}..."')
    found = value.content.read(text)
    return values.Long(found) if found == int(found) and abs(found) < 2**63 else arithmetic.double(found)


def _settings(name: str, field: str) -> None:
    @method(NUMBER_FORMAT, f"set{name}FractionDigits", 1)
    def change(run: "Run", value: Any, arguments: list[Any]) -> None:
        setattr(value.content, field, max(0, min(340, int(arguments[0]))))
        value.content.most_places = max(value.content.most_places, value.content.least_places)
        if name == "Maximum":
            value.content.most_places = max(0, min(340, int(arguments[0])))
            value.content.least_places = min(value.content.least_places, value.content.most_places)


_settings("Maximum", "most_places")
_settings("Minimum", "least_places")


@method(NUMBER_FORMAT, "setMinimumIntegerDigits", 1)
def set_least(run: "Run", value: Any, arguments: list[Any]) -> None:
    value.content.least_whole = max(0, min(340, int(arguments[0])))


@method(NUMBER_FORMAT, "setGroupingUsed", 1)
def set_grouping(run: "Run", value: Any, arguments: list[Any]) -> None:
    value.content.grouping = 3 if arguments[0] is True else 0


@method(NUMBER_FORMAT, "setRoundingMode", 1)
def set_rounding(run: "Run", value: Any, arguments: list[Any]) -> None:
    value.content.rounding = run.text(arguments[0])


@method(DECIMAL_FORMAT, "toPattern")
def to_pattern(run: "Run", value: Any, arguments: list[Any]) -> str:
    return str(value.content.pattern)


@method(DECIMAL_FORMAT, "applyPattern", 1)
def apply_pattern(run: "Run", value: Any, arguments: list[Any]) -> None:
    value.content = _format(run.text(arguments[0]))


# MessageFormat

_PLACE = re.compile(r"\{\s*(\d{1,3})\s*(?:,\s*(number|date|time)\s*(?:,([^{}]*))?)?\}")


def _message(run: "Run", pattern: str, given: list[Any]) -> str:
    """`{0}` and `{0,number,#.##}` filled in; text in single quotes stands for itself."""
    parts: list[str] = []
    at = 0
    while at < len(pattern):
        run.steps()
        character = pattern[at]
        if character == "'":
            end = pattern.find("'", at + 1)
            if end == at + 1:
                parts.append("'")
            else:
                parts.append(pattern[at + 1 : end if end >= 0 else len(pattern)])
            at = end + 1 if end >= 0 else len(pattern)
        elif character == "{":
            found = _PLACE.match(pattern, at)
            if found is None:
                raise JavaError(
                    "java.lang.IllegalArgumentException", f"can't parse argument number: {pattern[at + 1 :]}"
                )
            parts.append(_argument(run, found, given))
            at = found.end()
        else:
            parts.append(character)
            at += 1
    run.string(sum(map(len, parts)))
    return "".join(parts)


def _argument(run: "Run", found: re.Match[str], given: list[Any]) -> str:
    number, kind, style = int(found[1]), found[2], (found[3] or "").strip()
    if number >= len(given):
        return "{" + found[1] + "}"
    value = given[number]
    if type(value) in NUMBERS and kind in (None, "number"):
        named = {"": "#,##0.###", "integer": "#,##0", "percent": "#,##0%", "currency": "$#,##0.00"}
        return shown(run, _format(named.get(style, style)), value)
    if type(value) is values.Date:
        patterns = {"date": "MMM d, yyyy", "time": "h:mm:ss a", None: "M/d/yy, h:mm a"}
        named = {"short": "M/d/yy", "medium": "MMM d, yyyy", "long": "MMMM d, yyyy", "full": "EEEE, MMMM d, yyyy"}
        pattern = named.get(style, style) if kind == "date" and style else patterns[kind]
        return dates.format_date(pattern, value.millis, run.zone)
    return run.text(value)


@static(MESSAGE_FORMAT, "format", (1, None))
def message_format(run: "Run", reference: Any, arguments: list[Any]) -> str:
    given = arguments[1:]
    if len(given) == 1 and type(given[0]) is values.Array:
        given = list(given[0])
    return _message(run, run.text(arguments[0]), given)


@constructor(MESSAGE_FORMAT, (1, 2))
def new_message(run: "Run", kind: Any, arguments: list[Any]) -> Any:
    return values.Box(kind, run.text(arguments[0]))


@method(MESSAGE_FORMAT, "format", 1)
def message(run: "Run", value: Any, arguments: list[Any]) -> str:
    return _message(run, value.content, list(arguments[0]))
