"""Iterators, and collections flattened or turned into other ones."""

from typing import TYPE_CHECKING, Any

from rules.language import kinds, values
from rules.language.kinds import ARRAY, CHAR_SEQUENCE, COLLECTION, ITERATOR, MAP, STREAM
from rules.language.members import method
from rules.language.members.arguments import sequence
from rules.language.members.collections import shared

if TYPE_CHECKING:
    from rules.language.run import Run


@shared("flatten", (0, 1), (COLLECTION, ARRAY))
def flatten(run: "Run", value: Any, arguments: list[Any]) -> Any:
    found: list[Any] = []
    if arguments:
        _flatten_by(run, value, arguments[0], found, 0)
    else:
        _flatten(run, value, found, 0)
    return values.GSet(found) if type(value) is values.GSet else found


def _flatten_by(run: "Run", value: Any, function: Any, found: list[Any], depth: int) -> None:
    """As `flatten`, with what the closure makes of each item; a collection that it gives is flattened again."""
    run.integer(depth * 40)
    whole = (list, values.OtherList, values.Array, values.GSet, values.Range)
    for item in run.items(value):
        made = item if type(item) in whole else run.call(function, [item])
        if type(made) in whole:
            _flatten_by(run, made, function, found, depth + 1)
        else:
            run.grow(len(found) + 1)
            found.append(made)


def _flatten(run: "Run", value: Any, found: list[Any], depth: int) -> None:
    run.integer(depth * 40)
    for item in run.items(value):
        if type(item) in (list, values.OtherList, values.Array, values.GSet, values.Range):
            _flatten(run, item, found, depth + 1)
        else:
            run.grow(len(found) + 1)
            found.append(item)


@shared("toList", 0, (COLLECTION, ARRAY, ITERATOR))
def to_list(run: "Run", value: Any, arguments: list[Any]) -> list[Any]:
    return sequence(run, value)


@shared("asList", 0, (COLLECTION,))
def as_list(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return value if type(value) is not values.GSet else sequence(run, value)


@shared("toSet", 0, (COLLECTION, ARRAY, ITERATOR))
def to_set(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.GSet(
        sequence(run, value), kinds.HASH_SET, room=max(1, len(value)) if hasattr(value, "__len__") else 0
    )


@shared("iterator", 0, (COLLECTION, ARRAY, MAP, CHAR_SEQUENCE))
def iterator(run: "Run", value: Any, arguments: list[Any]) -> Any:
    if type(value) in (list, values.OtherList):
        return _list_walker(run, value)
    if type(value) is values.GSet:
        return values.Walker(iter(sequence(run, value)), value.remove)
    return values.Walker(run.items(value))


def _list_walker(run: "Run", value: Any) -> values.Walker:
    """An iterator over a list that may take items out of it."""
    at = 0

    def walk() -> Any:
        nonlocal at
        while at < len(value):
            run.steps()
            at += 1
            yield value[at - 1]

    def drop(item: Any) -> None:
        nonlocal at
        at -= 1
        del value[at - len(walker.ahead)]

    walker = values.Walker(walk(), drop)
    return walker


@method(ITERATOR, "remove")
def remove_last(run: "Run", value: Any, arguments: list[Any]) -> None:
    if value.drop is None:
        run.fail("java.lang.UnsupportedOperationException", "remove")
    if not value.last:
        run.fail("java.lang.IllegalStateException", None)
    value.drop(value.last.pop())


@method(ITERATOR, "hasNext")
def has_next(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return bool(value.has_next())


@method(ITERATOR, "next")
def next_item(run: "Run", value: Any, arguments: list[Any]) -> Any:
    if not value.has_next():
        run.fail("java.util.NoSuchElementException", None)
    value.last = [value.ahead.pop()]
    return value.last[0]


@method(ITERATOR, "iterator")
def same(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return value


@shared("stream parallelStream", 0, (COLLECTION, ARRAY))
def stream(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.Box(STREAM, sequence(run, value))


@shared("isEmpty", 0, (COLLECTION, MAP))
def is_empty(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return len(value) == 0


@shared("size", 0, (COLLECTION, MAP, ARRAY))
def size(run: "Run", value: Any, arguments: list[Any]) -> int:
    return len(value)


@shared("size", 0, (ITERATOR,))
def iterator_size(run: "Run", value: Any, arguments: list[Any]) -> int:
    return len(sequence(run, value))
