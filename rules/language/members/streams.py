"""Optional, streams and their collectors."""

from typing import TYPE_CHECKING, Any

from rules.language import kinds, text_of, values
from rules.language.kinds import (
    CHAR_SEQUENCE,
    OBJECT,
    OPTIONAL,
    STREAM,
)
from rules.language.members import collections, method, ordering, static
from rules.language.members.misc import CLASSES

if TYPE_CHECKING:
    from rules.language.run import Run

# Optional


@static(OPTIONAL, "ofNullable", 1)
def optional_of(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return values.Box(OPTIONAL, arguments[0])


@static(OPTIONAL, "empty")
def optional_empty(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return values.Box(OPTIONAL, None)


@method(OPTIONAL, "isPresent")
def is_present(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return value.content is not None


@method(OPTIONAL, "isEmpty")
def optional_is_empty(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return value.content is None


@method(OPTIONAL, "get orElseThrow", (0, 1))
def optional_get(run: "Run", value: Any, arguments: list[Any]) -> Any:
    if value.content is None and arguments:
        run.throw(run.call(arguments[0]))
    if value.content is None:
        run.fail("java.util.NoSuchElementException", "No value present")
    return value.content


@method(OPTIONAL, "orElse", 1)
def or_else(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return arguments[0] if value.content is None else value.content


@method(OPTIONAL, "orElseGet", 1)
def or_else_get(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return run.call(arguments[0]) if value.content is None else value.content


@method(OPTIONAL, "map", 1)
def optional_map(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return value if value.content is None else values.Box(OPTIONAL, run.call(arguments[0], [value.content]))


@method(OPTIONAL, "ifPresent", 1)
def if_present(run: "Run", value: Any, arguments: list[Any]) -> None:
    if value.content is not None:
        run.call(arguments[0], [value.content])


text_of.TEXTS[OPTIONAL] = lambda run, value: (
    "Optional.empty" if value.content is None else f"Optional[{run.text(value.content)}]"
)


# Streams: a list that later steps take over

LIST_N = kinds.Kind("java.util.ImmutableCollections$ListN", "ListN", (kinds.LIST,))


def _stream(items: list[Any]) -> Any:
    return values.Box(STREAM, items)


def _on_stream(names: str, arity: Any, act: Any) -> None:
    @method(STREAM, names, arity)
    def step(run: "Run", value: Any, arguments: list[Any]) -> Any:
        return act(run, value.content, arguments)


_on_stream(
    "map mapToInt mapToObj mapToLong mapToDouble boxed",
    (0, 1),
    lambda run, items, a: _stream([run.call(a[0], [it]) for it in items] if a else items),
)


_on_stream("filter", 1, lambda run, items, a: _stream([it for it in items if run.truth(run.call(a[0], [it]))]))


_on_stream("flatMap", 1, lambda run, items, a: _stream([x for it in items for x in run.call(a[0], [it]).content]))


_on_stream("distinct", 0, lambda run, items, a: _stream(list(values.GSet(items))))


_on_stream("sorted", (0, 1), lambda run, items, a: _stream(ordering.sorted_items(run, items, a[0] if a else None)))


_on_stream("limit", 1, lambda run, items, a: _stream(items[: int(a[0])]))


_on_stream("skip", 1, lambda run, items, a: _stream(items[int(a[0]) :]))


_on_stream("toList", 0, lambda run, items, a: values.OtherList(items, LIST_N, fixed=True))


_on_stream("toArray", (0, 1), lambda run, items, a: values.Array(items))


_on_stream("count", 0, lambda run, items, a: values.Long(len(items)))


_on_stream("sum", 0, lambda run, items, a: collections.sum_(run, items, []) or 0)


_on_stream("anyMatch", 1, lambda run, items, a: collections.any_(run, items, a))


_on_stream("allMatch", 1, lambda run, items, a: collections.every(run, items, a))


_on_stream("noneMatch", 1, lambda run, items, a: not collections.any_(run, items, a))


_on_stream("findFirst findAny", 0, lambda run, items, a: values.Box(OPTIONAL, items[0] if items else None))


_on_stream("forEach", 1, lambda run, items, a: collections.for_each(run, items, a))


_on_stream("max", (0, 1), lambda run, items, a: values.Box(OPTIONAL, ordering.max_(run, items, a)))


_on_stream("min", (0, 1), lambda run, items, a: values.Box(OPTIONAL, ordering.min_(run, items, a)))


_on_stream("collect", 1, lambda run, items, a: a[0].content(run, items))


_on_stream("iterator", 0, lambda run, items, a: values.Walker(run.items(items)))


@method(CHAR_SEQUENCE, "lines")
def text_lines(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return _stream(run.call_method(value, "readLines"))


@method(CHAR_SEQUENCE, "chars")
def text_chars(run: "Run", value: Any, arguments: list[Any]) -> Any:
    text = run.text(value)
    run.collection(len(text))
    return _stream([ord(character) for character in text])


@method(STREAM, "reduce", (1, 2))
def reduce(run: "Run", value: Any, arguments: list[Any]) -> Any:
    found = collections.inject(run, value.content, arguments) if value.content or len(arguments) > 1 else None
    return found if len(arguments) > 1 else values.Box(OPTIONAL, found)


COLLECTORS = CLASSES["java.util.stream.Collectors"]


CLASSES.setdefault("Collectors", COLLECTORS)


_COLLECTOR = kinds.kind("java.util.stream.Collector", OBJECT)


def _collector(name: str, arity: Any, act: Any) -> None:
    @static(COLLECTORS, name, arity)
    def make(run: "Run", reference: Any, arguments: list[Any]) -> Any:
        return values.Box(_COLLECTOR, lambda run, items: act(run, items, arguments))


def _hashed(found: Any) -> Any:
    return values.GMap(found.items(), kinds.HASH_MAP)


_collector("toList", 0, lambda run, items, a: list(items))


_collector("toSet", 0, lambda run, items, a: values.GSet(items, kinds.HASH_SET))


_collector(
    "joining",
    (0, 3),
    lambda run, items, a: (
        (run.text(a[1]) if len(a) > 1 else "")
        + ordering.join(run, items, a[:1])
        + (run.text(a[2]) if len(a) > 2 else "")
    ),
)


_collector("groupingBy", (1, 2), lambda run, items, a: _hashed(collections.group_by(run, items, a[:1])))


_collector("counting", 0, lambda run, items, a: values.Long(len(items)))


_collector(
    "toMap",
    (2, 3),
    lambda run, items, a: values.GMap([(run.call(a[0], [it]), run.call(a[1], [it])) for it in items], kinds.HASH_MAP),
)
