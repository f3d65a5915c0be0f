"""keySet(), values() and entrySet(): what is taken out of them leaves the map too."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rules.language import equality, operators, values
from rules.language.members import Method, list_making, lists, maps, method, sets
from rules.language.members.arguments import is_callable, sequence

if TYPE_CHECKING:
    from rules.language.run import Run

_KEYS = (maps.KEY_SET, maps.TREE_KEYS)
_ENTRIES = (maps.ENTRY_SET, maps.TREE_ENTRIES)
_VALUES = (maps.VALUES, maps.TREE_VALUES)


def _written_through(act: Method, left: Callable[[Any], set[int]]) -> Method:
    """The method, then the map without what is no longer in the view. `left`: ids of the entries that stay."""

    def call(run: "Run", value: Any, arguments: list[Any]) -> Any:
        if value.owner is not None:
            maps.changes(run, value.owner)
        entries = value.owner.entries() if value.owner is not None else []
        found = act(run, value, arguments)
        stays = left(value)
        for entry in entries:
            if id(entry) not in stays:
                value.owner.remove(entry.key)
        return found

    return call


def _left_of_keys(view: Any) -> set[int]:
    return {id(entry) for entry in view.owner.entries() if view.has(entry.key)} if view.owner is not None else set()


for _kind in _KEYS:
    for _names, _act, _arity in (
        ("remove", sets.set_remove, 1),
        ("removeAll removeIf", sets.set_remove_all, 1),
        ("retainAll", sets.set_retain_all, 1),
        ("clear", sets.set_clear, 0),
    ):
        method(_kind, _names, _arity)(_written_through(_act, _left_of_keys))


def _entries_left(run: "Run", value: Any, arguments: list[Any], keeps: bool) -> bool:
    """Keep only the entries that pass, in the view and in its map. Whether anything went."""
    if value.owner is None:
        return False
    maps.changes(run, value.owner)
    passes = _tells(run, arguments[0])
    gone = [entry for entry in value.owner.entries() if passes(entry) is not keeps]
    for entry in gone:
        value.owner.remove(entry.key)
    value.held = dict(value.owner.settled())
    return bool(gone)


def _remove_entries(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return _entries_left(run, value, arguments, False)


def _retain_entries(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return _entries_left(run, value, arguments, True)


for _kind in _ENTRIES:
    method(_kind, "removeAll removeIf", 1)(_remove_entries)
    method(_kind, "retainAll", 1)(_retain_entries)


def _values_left(run: "Run", value: Any, keeps: Callable[[Any], bool]) -> bool:
    """Keep only the pairs whose value passes. Whether anything went."""
    if value.owner is None:
        return False
    maps.changes(run, value.owner)
    gone = [entry for entry in value.owner.entries() if not keeps(entry.value)]
    for entry in gone:
        value.owner.remove(entry.key)
    value[:] = [entry.value for entry in value.owner.entries()]
    return bool(gone)


def _tells(run: "Run", condition: Any) -> Callable[[Any], bool]:
    """A closure's answer, or whether the value is in a collection."""
    if is_callable(condition):
        return lambda item: run.truth(run.call(condition, [item]))
    others = sequence(run, condition)
    return lambda item: operators.contains(run, others, item)


def _remove_all_values(run: "Run", value: Any, arguments: list[Any]) -> bool:
    is_in = _tells(run, arguments[0])
    return _values_left(run, value, lambda item: not is_in(item))


def _retain_values(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return _values_left(run, value, _tells(run, arguments[0]))


def _remove_value(run: "Run", value: Any, arguments: list[Any]) -> bool:
    """Only the first pair with that value goes."""
    seen: list[Any] = []

    def keeps(item: Any) -> bool:
        if seen or not equality.java_equals(run, item, arguments[0]):
            return True
        seen.append(item)
        return False

    return _values_left(run, value, keeps)


def _clear_values(run: "Run", value: Any, arguments: list[Any]) -> None:
    _values_left(run, value, lambda item: False)


def _value_at(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return lists.get_at(run, sequence(run, value), arguments)


for _kind in _VALUES:
    method(_kind, "remove", 1)(_remove_value)
    method(_kind, "removeAll removeIf", 1)(_remove_all_values)
    method(_kind, "retainAll", 1)(_retain_values)
    method(_kind, "clear", 0)(_clear_values)
    method(_kind, "getAt", 1)(_value_at)


def _joined(run: "Run", value: Any, arguments: list[Any]) -> Any:
    """A set of its own with more in it."""
    return list_making.plus(run, values.GSet(value), arguments)


for _kind in (*_KEYS, *_ENTRIES):
    method(_kind, "plus", 1)(_joined)
