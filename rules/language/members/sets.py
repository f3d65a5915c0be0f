"""Sets."""

from typing import TYPE_CHECKING, Any

from rules.language import kinds, operators, values
from rules.language.kinds import SET
from rules.language.members import constructor, method
from rules.language.members.arguments import is_callable, is_whole, sequence
from rules.language.members.lists import get_at
from rules.language.members.ordering import order
from rules.language.sorting import merged

if TYPE_CHECKING:
    from rules.language.run import Run

# Sets


def _changes(run: "Run", value: Any, *, adds: bool = False) -> None:
    if value.fixed or (adds and value.owner is not None):
        run.fail("java.lang.UnsupportedOperationException", None)


def _resorted(run: "Run", value: Any) -> None:
    if value.kind is kinds.TREE_SET:
        how = value.compare
        items = list(value)
        done = run.sorted(items) if how is None else merged(run, items, lambda a, b: order(run, how, a, b))
        value.held = values.GSet(done).held


@method(SET, "contains", 1)
def set_contains(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return bool(value.has(arguments[0]))


@method(SET, "add", 1)
def set_add(run: "Run", value: Any, arguments: list[Any]) -> bool:
    _changes(run, value, adds=True)
    run.grow(len(value) + 1)
    found = value.add(arguments[0])
    _resorted(run, value)
    return bool(found)


@method(SET, "leftShift", 1)
def set_shift(run: "Run", value: Any, arguments: list[Any]) -> Any:
    set_add(run, value, arguments)
    return value


@method(SET, "addAll", 1)
def set_add_all(run: "Run", value: Any, arguments: list[Any]) -> bool:
    added = [item for item in sequence(run, arguments[0]) if set_add(run, value, [item])]
    return bool(added)


@method(SET, "remove removeElement", 1)
def set_remove(run: "Run", value: Any, arguments: list[Any]) -> bool:
    _changes(run, value)
    return bool(value.remove(arguments[0]))


@method(SET, "clear", 0)
def set_clear(run: "Run", value: Any, arguments: list[Any]) -> None:
    _changes(run, value)
    value.held.clear()


def _set_keep(run: "Run", value: Any, argument: Any, keeps: bool) -> bool:
    _changes(run, value)
    items = sequence(run, value)
    if is_callable(argument):
        gone = [item for item in items if run.truth(run.call(argument, [item])) is not keeps]
    else:
        others = sequence(run, argument)
        gone = [item for item in items if operators.contains(run, others, item) is not keeps]
    for item in gone:
        value.remove(item)
    return bool(gone)


@method(SET, "removeAll removeIf", 1)
def set_remove_all(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return _set_keep(run, value, arguments[0], False)


@method(SET, "retainAll", 1)
def set_retain_all(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return _set_keep(run, value, arguments[0], True)


@method(SET, "getAt", 1)
def set_get_at(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return get_at(run, sequence(run, value), arguments)


@method(SET, "asImmutable asUnmodifiable", 0)
def set_immutable(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.GSet(value, UNMODIFIABLE, fixed=True)


UNMODIFIABLE = kinds.Kind("java.util.Collections$UnmodifiableSet", "UnmodifiableSet", (SET,))


@method(SET, "clone", 0)
def set_clone(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.GSet(value, value.kind)


def _new_set(run: "Run", kind: Any, arguments: list[Any]) -> Any:
    items = sequence(run, arguments[0]) if arguments and not is_whole(arguments[0]) else []
    return values.GSet(items, kind)


for _kind in (kinds.HASH_SET, kinds.LINKED_HASH_SET):
    constructor(_kind, (0, 2))(_new_set)
