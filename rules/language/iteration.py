"""What a loop over a value sees, one step each."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rules.language import kinds, values
from rules.language.classes import Instance

if TYPE_CHECKING:
    from rules.language.run import Run


def items(run: "Run", value: Any) -> Iterator[Any]:
    """The items that a loop over `value` sees, one step each. Raises Raised when a list changes meanwhile."""
    of = type(value)
    if of is list or of is values.OtherList or of is values.Array:
        return _list_items(run, value)
    if of is values.GMap or of is values.GSet:
        if value.order is not None and value.order.is_dirty:
            run.steps(len(value.held))
        return _watched(run, value, value.settled())
    return _rarer_items(run, value, of)


def _rarer_items(run: "Run", value: Any, of: type) -> Iterator[Any]:
    if value is None:
        return
    if of is values.Range:
        for index in range(value.count):
            run.steps()
            yield value.item(index)
    elif of is str or of is values.GString or of is values.Char:
        text = run.text(value)
        for character in text:
            run.steps()
            yield character
    elif of is values.Walker:
        while value.has_next():
            run.steps()
            yield value.ahead.pop()
    else:
        yield from _other_items(run, value)


def _list_items(run: "Run", value: list[Any]) -> Iterator[Any]:
    size = len(value)
    index = 0
    while index < len(value):
        run.steps()
        yield value[index]
        index += 1
        if len(value) != size and index != len(value):
            run.fail("java.util.ConcurrentModificationException", None)


def _watched(run: "Run", value: Any, held: dict[Any, Any]) -> Iterator[Any]:
    size = len(held)
    for done, item in enumerate(list(held.values()), 1):
        run.steps()
        yield item
        if len(value.held) != size and done < size:
            run.fail("java.util.ConcurrentModificationException", None)


def _other_items(run: "Run", value: Any) -> Iterator[Any]:
    if type(value) is Instance and run.responds(value, "iterator"):
        yield from items(run, run.call_method(value, "iterator"))
        return
    walk = values.WALKS.get(kinds.kind_of(value))
    if walk is not None:
        yield from walk(run, value)
        return
    run.steps()
    yield value
