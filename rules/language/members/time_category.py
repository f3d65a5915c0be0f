"""`use(TimeCategory) { 2.hours }`: durations that Groovy lets one write with numbers, and their part in dates."""

from typing import TYPE_CHECKING, Any

from rules.language import kinds, text_of, values
from rules.language.java import calendars
from rules.language.kinds import DATE, NUMBER, OBJECT
from rules.language.members import METHODS, method, prop, static

if TYPE_CHECKING:
    from rules.language.run import Run

TIME_CATEGORY = kinds.kind("groovy.time.TimeCategory", OBJECT)
_BASE = kinds.kind("groovy.time.BaseDuration", OBJECT, kinds.COMPARABLE)
DURATION = kinds.kind("groovy.time.Duration", _BASE)
TIME_DURATION = kinds.kind("groovy.time.TimeDuration", DURATION)
DATUM_DURATION = kinds.kind("groovy.time.DatumDependentDuration", _BASE)
PARTS = ("years", "months", "days", "hours", "minutes", "seconds", "millis")
_MILLIS = (0, 0, 86_400_000, 3_600_000, 60_000, 1000, 1)
_ACTIVE = "time category"


def _made(amounts: list[int]) -> Any:
    kind = DATUM_DURATION if amounts[0] or amounts[1] else TIME_DURATION if any(amounts[3:]) else DURATION
    return values.Box(kind, tuple(amounts))


def _millis(amounts: Any) -> int:
    return sum(amount * size for amount, size in zip(amounts, _MILLIS, strict=True))


def _unit(names: str, part: str, times: int = 1) -> None:
    for name in names.split():

        @prop(NUMBER, name)
        def read(run: "Run", value: Any, name: str = name) -> Any:
            if not run.scratch.get(_ACTIVE):
                run.no_property(name, kinds.kind_of(value).name)
            run.integer(int(value).bit_length() * 64)
            amounts = [0] * len(PARTS)
            amounts[PARTS.index(part)] = int(value) * times
            kind = {"years": DATUM_DURATION, "months": DATUM_DURATION, "days": DURATION}.get(part, TIME_DURATION)
            return values.Box(kind, tuple(amounts))


for _name in ("years", "months", "days", "hours", "minutes", "seconds"):
    _unit(f"{_name} {_name[:-1]}", _name)
_unit("weeks week", "days", 7)
_unit("milliseconds millisecond", "millis")


def _text(run: "Run", value: Any) -> str:
    amounts = list(value.content)
    seconds, millis = amounts[5], amounts[6]
    shown = [f"{amount} {name}" for amount, name in zip(amounts[:5], PARTS, strict=False) if amount]
    if seconds or millis:
        whole = seconds + int(millis / 1000)
        sign = "-" if whole < 0 or millis < 0 else ""
        shown.append(f"{sign}{abs(whole)}.{abs(millis) % 1000:03d} seconds")
    return ", ".join(shown) if shown else "0"


text_of.TEXTS[_BASE] = _text


def _part(name: str, at: int) -> None:
    @method(_BASE, f"get{name.capitalize()}")
    def get(run: "Run", value: Any, arguments: list[Any]) -> int:
        return int(value.content[at])


for _at, _name in enumerate(PARTS):
    _part(_name, _at)


@method(_BASE, "toMilliseconds")
def to_milliseconds(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.Long(_millis(value.content))


def _combined(name: str, sign: int) -> None:
    @method(_BASE, name, 1)
    def combine(run: "Run", value: Any, arguments: list[Any]) -> Any:
        other = arguments[0]
        if type(other) is values.Date and sign > 0:
            return _moved(run, other, value.content, 1)
        if type(other) is not values.Box or not kinds.is_kind(other.kind, _BASE):
            run.no_method(value.kind.name, name, arguments)
        return _made([a + sign * b for a, b in zip(value.content, other.content, strict=True)])


_combined("plus", 1)
_combined("minus", -1)


def _moved(run: "Run", date: Any, amounts: Any, sign: int) -> Any:
    months = sign * (amounts[0] * 12 + amounts[1])
    if months:
        from rules.language.java import times

        there = times.in_zone(times.from_millis(date.millis), run.zone)
        date = values.Date(times.epoch_millis(times.plus(there, months, "MONTHS")), date.kind)
    return values.Date(calendars.check_millis(date.millis + sign * _millis(amounts)), date.kind)


def _of_dates(name: str, sign: int) -> None:
    plain = METHODS[DATE, name]

    @method(DATE, name, 1)
    def move(run: "Run", value: Any, arguments: list[Any]) -> Any:
        other = arguments[0]
        if type(other) is values.Box and kinds.is_kind(other.kind, _BASE):
            return _moved(run, value, other.content, sign)
        if sign < 0 and type(other) is values.Date and run.scratch.get(_ACTIVE):
            return _between(value.millis - other.millis)
        return plain(run, value, arguments)


_of_dates("plus", 1)
_of_dates("minus", -1)


@static(TIME_CATEGORY, "minus", 2)
def span_between(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return _between(arguments[0].millis - arguments[1].millis)


def _between(millis: int) -> Any:
    sign, rest = (-1 if millis < 0 else 1), abs(millis)
    amounts = [0, 0]
    for size in _MILLIS[2:]:
        amounts.append(sign * (rest // size))
        rest %= size
    return values.Box(TIME_DURATION, tuple(amounts))


@prop(_BASE, "ago")
def ago(run: "Run", value: Any) -> Any:
    return _moved(run, values.Date(int(run.now.timestamp() * 1000)), value.content, -1)


_FROM = kinds.kind("groovy.time.BaseDuration$From", OBJECT)


@prop(_BASE, "from")
def from_(run: "Run", value: Any) -> Any:
    return values.Box(_FROM, value.content)


@prop(_FROM, "now")
def now(run: "Run", value: Any) -> Any:
    return _moved(run, values.Date(int(run.now.timestamp() * 1000)), value.content, 1)


@method(OBJECT, "use", 2)
def use(run: "Run", value: Any, arguments: list[Any]) -> Any:
    """TimeCategory is the only category there is: a rule cannot add methods to classes."""
    if type(arguments[0]) is not values.ClassRef or arguments[0].kind is not TIME_CATEGORY:
        run.fail("java.lang.UnsupportedOperationException", "a rule may use TimeCategory and no other category")
    before = run.scratch.get(_ACTIVE)
    run.scratch[_ACTIVE] = True
    try:
        return run.call(arguments[1])
    finally:
        run.scratch[_ACTIVE] = before
