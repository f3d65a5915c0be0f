"""JsonGenerator: JsonOutput with wishes, such as leaving out what is null."""

import json
from typing import TYPE_CHECKING, Any

from rules.language import kinds, values
from rules.language.java import json_text
from rules.language.kinds import OBJECT, Kind
from rules.language.members import constructor, method
from rules.language.members.json import view

if TYPE_CHECKING:
    from rules.language.run import Run

GENERATOR = kinds.kind("groovy.json.JsonGenerator", OBJECT)
OPTIONS = kinds.kind("groovy.json.JsonGenerator$Options", OBJECT)
_DEFAULT = kinds.Kind("groovy.json.DefaultJsonGenerator", "DefaultJsonGenerator", (GENERATOR,))


class Wishes:
    """What a generator was asked for. `dates` holds the arguments of Date.format."""

    __slots__ = ("converters", "dates", "no_nulls", "no_types", "plain_unicode", "without")

    def __init__(self) -> None:
        self.no_nulls = False
        self.plain_unicode = False
        self.without: set[str] = set()
        self.no_types: list[Kind] = []
        self.dates: list[Any] = []
        self.converters: list[tuple[Kind, Any]] = []


@constructor(OPTIONS)
def new_options(run: "Run", kind: Kind, arguments: list[Any]) -> Any:
    return values.Box(kind, Wishes())


@method(OPTIONS, "build")
def build(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.Box(_DEFAULT, value.content)


@method(OPTIONS, "excludeNulls")
def exclude_nulls(run: "Run", value: Any, arguments: list[Any]) -> Any:
    value.content.no_nulls = True
    return value


@method(OPTIONS, "disableUnicodeEscaping")
def disable_unicode_escaping(run: "Run", value: Any, arguments: list[Any]) -> Any:
    value.content.plain_unicode = True
    return value


def _each(run: "Run", arguments: list[Any]) -> list[Any]:
    """Several arguments, or the items of the one that is a list."""
    found = arguments if len(arguments) != 1 else list(values.unpacked(arguments[0]) or arguments)
    run.collection(len(found))
    return found


@method(OPTIONS, "excludeFieldsByName", (1, None))
def exclude_names(run: "Run", value: Any, arguments: list[Any]) -> Any:
    value.content.without |= {run.text(name) for name in _each(run, arguments)}
    return value


@method(OPTIONS, "excludeFieldsByType", (1, None))
def exclude_types(run: "Run", value: Any, arguments: list[Any]) -> Any:
    value.content.no_types += [reference.kind for reference in _each(run, arguments)]
    return value


@method(OPTIONS, "dateFormat", (1, 2))
def date_format(run: "Run", value: Any, arguments: list[Any]) -> Any:
    value.content.dates = [run.text(arguments[0])]
    return value


@method(OPTIONS, "timezone", 1)
def time_zone(run: "Run", value: Any, arguments: list[Any]) -> Any:
    zone = run.call_method(values.ClassRef(kinds.TIME_ZONE), "getTimeZone", [arguments[0]])
    value.content.dates = [*(value.content.dates[:1] or ["yyyy-MM-dd'T'HH:mm:ssZ"]), zone]
    return value


@method(OPTIONS, "addConverter", 2)
def add_converter(run: "Run", value: Any, arguments: list[Any]) -> Any:
    run.grow(len(value.content.converters) + 1)
    value.content.converters.append((arguments[0].kind, arguments[1]))
    return value


@method(GENERATOR, "toJson", 1)
def to_json(run: "Run", value: Any, arguments: list[Any]) -> str:
    return json_text.write_json(
        arguments[0],
        view=_view(run, value.content),
        charge=run.allocate,
        most=run.limits.string,
        depth=run.limits.walk_depth,
    )


def _view(run: "Run", wishes: Wishes) -> Any:
    plain = view(run)

    def look(value: Any) -> Any:
        run.steps()
        for kind, convert in wishes.converters:
            if value is not None and kinds.is_kind(kinds.kind_of(value), kind):
                value = run.call(convert, [value])
                break
        if type(value) is values.Date and wishes.dates:
            return run.text(run.call_method(value, "format", wishes.dates))
        seen = plain(value)
        if isinstance(seen, json_text.Pairs):
            return json_text.Pairs(_kept(wishes, seen.items))
        if isinstance(seen, json_text.Items) and wishes.no_nulls:
            return json_text.Items(item for item in seen.items if item is not None)
        if isinstance(seen, str) and wishes.plain_unicode:
            return json_text.Raw(json.dumps(seen, ensure_ascii=False))
        return seen

    return look


def _kept(wishes: Wishes, pairs: Any) -> Any:
    for name, value in pairs:
        if name in wishes.without or (value is None and wishes.no_nulls):
            continue
        if any(kinds.is_kind(kinds.kind_of(value), kind) for kind in wishes.no_types):
            continue
        yield name, value
