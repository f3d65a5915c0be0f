"""JsonSlurper and JsonOutput."""

from typing import TYPE_CHECKING, Any

from rules.language import arithmetic, kinds, text_of, values
from rules.language.classes import Instance
from rules.language.java import dates, json_text
from rules.language.kinds import JSON_OUTPUT, JSON_SLURPER, JSON_SLURPER_CLASSIC
from rules.language.members import constructor, method, static
from rules.language.members.text_values import bytes_of

if TYPE_CHECKING:
    from rules.language.run import Run

# Groovy's own map for what it reads is lazy; a rule sees a map as any other.


@constructor(JSON_SLURPER, (0, 1))
def new_slurper(run: "Run", kind: Any, arguments: list[Any]) -> Any:
    return values.Box(kind, None)


constructor(JSON_SLURPER_CLASSIC, (0, 1))(new_slurper)


@method(JSON_SLURPER, "parseText parse", 1)
def parse_text(run: "Run", value: Any, arguments: list[Any]) -> Any:
    if type(arguments[0]) is values.Array:
        arguments = [bytes_of(arguments[0]).decode("utf-8", "replace")]
    elif type(arguments[0]) is values.Box:
        arguments = [run.call_method(arguments[0], "getText", [])]
    if arguments[0] is None or not run.text(arguments[0]):
        run.fail("java.lang.IllegalArgumentException", "Text must not be null or empty")
    return json_text.parse_json(
        run.text(arguments[0]),
        characters=run.limits.json_characters,
        depth=run.limits.json_depth,
        collection=run.limits.collection,
        make_map=_made_map(run, kinds.HASH_MAP if value.kind is JSON_SLURPER_CLASSIC else kinds.LAZY_MAP),
        make_integer=lambda number: arithmetic.whole(number, 0),
        limits=run.limits,
        charge=run.allocate,
    )


method(JSON_SLURPER_CLASSIC, "parseText parse", 1)(parse_text)


def _made_map(run: "Run", kind: kinds.Kind) -> Any:
    def make(pairs: Any) -> Any:
        run.collection(len(pairs))
        return values.GMap(pairs, kind)

    return make


@method(kinds.LAZY_MAP, "toString")
def lazy_text(run: "Run", value: Any, arguments: list[Any]) -> str:
    """As Java shows a map, and with it all that is inside."""
    return text_of.java_text(run, value)


@method(JSON_SLURPER, "setType", 1)
def set_type(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return value


def view(run: "Run") -> Any:
    """How the writer sees a value of ours."""

    def look(value: Any) -> Any:
        of = type(value)
        if of in (values.Long, values.BigInt, values.Short, values.Byte):
            return int(value)
        if of is values.Float:
            return float(value)
        if of is values.GMap:
            return json_text.Pairs(_pairs(run, value))
        if of is values.Entry:
            return json_text.Pairs((("key", value.key), ("value", value.value)))
        if of in (list, values.OtherList, values.Array, values.GSet, values.Range, values.Walker):
            return json_text.Items(run.items(value))
        if of is values.Date:
            return dates.json_date(value.millis)
        if of is values.Box and value.kind is kinds.EXPANDO:
            return json_text.Pairs(_pairs(run, value.content))
        if of is Instance and not value.of.is_enum:
            return json_text.Pairs(_fields(run, value))
        if value is None or of in (bool, int, float, str, values.Decimal):
            return value
        return json_text.Pairs(()) if of in (values.Closure, values.NativeClosure) else run.text(value)

    return look


def _pairs(run: "Run", value: values.GMap) -> Any:
    for entry in run.items(value):
        if entry.key is None:
            run.fail("java.lang.IllegalArgumentException", "Maps with null keys can't be converted to JSON")
        yield run.text(entry.key), entry.value


def _fields(run: "Run", value: Instance) -> Any:
    for owner in reversed(value.of.line):
        for field in owner.fields.values():
            if field.is_property and not field.is_static:
                yield field.name, run.get(value, field.name)


@static(JSON_OUTPUT, "toJson", 1)
def to_json(run: "Run", reference: Any, arguments: list[Any]) -> str:
    return json_text.write_json(
        arguments[0], view=view(run), charge=run.allocate, most=run.limits.string, depth=run.limits.walk_depth
    )


@static(JSON_OUTPUT, "prettyPrint", 1)
def pretty_print(run: "Run", reference: Any, arguments: list[Any]) -> str:
    return json_text.pretty_json(run.text(arguments[0]), run.allocate)
