"""TreeMap and TreeSet: looking for what lies next to a key, and comparators as values."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rules.language import kinds, values
from rules.language.equality import compare_text
from rules.language.kinds import CLASSES, STRING, TREE_MAP, TREE_SET
from rules.language.members import constant, constructor, maps, method, static
from rules.language.members.arguments import is_callable, is_whole, sequence
from rules.language.values import NativeClosure

if TYPE_CHECKING:
    from rules.language.run import Run

COMPARATOR = CLASSES["Comparator"]

# Comparators


def comparator(compare: Callable[["Run", Any, Any], int]) -> NativeClosure:
    """A comparator as a value."""
    return NativeClosure(lambda run, given: compare(run, given[0], given[1]), 2, COMPARATOR.name)


def _asked(run: "Run", how: Any, a: Any, b: Any) -> int:
    return int(run.call(how, [a, b]))


@static(COMPARATOR, "naturalOrder")
def natural_order(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return comparator(lambda run, a, b: run.compare(a, b))


@static(COMPARATOR, "reverseOrder")
@static(CLASSES["Collections"], "reverseOrder", (0, 1))
def reverse_order(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    if arguments:
        return reversed_(run, arguments[0], [])
    return comparator(lambda run, a, b: run.compare(b, a))


def _keyed(key: Any) -> NativeClosure:
    return comparator(lambda run, a, b: run.compare(run.call(key, [a]), run.call(key, [b])))


@static(COMPARATOR, "comparing comparingInt comparingLong comparingDouble", (1, 2))
def comparing(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    if len(arguments) == 1:
        return _keyed(arguments[0])
    key, how = arguments
    return comparator(lambda run, a, b: _asked(run, how, run.call(key, [a]), run.call(key, [b])))


@static(COMPARATOR, "nullsFirst", 1)
def nulls_first(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return _with_nulls(arguments[0], -1)


@static(COMPARATOR, "nullsLast", 1)
def nulls_last(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return _with_nulls(arguments[0], 1)


def _with_nulls(how: Any, sign: int) -> NativeClosure:
    def compare(run: "Run", a: Any, b: Any) -> int:
        if a is None or b is None:
            return 0 if a is b else sign if a is None else -sign
        return _asked(run, how, a, b)

    return comparator(compare)


@method(COMPARATOR, "compare", 2)
def compare_(run: "Run", value: Any, arguments: list[Any]) -> int:
    return _asked(run, value, *arguments)


@method(COMPARATOR, "reversed")
def reversed_(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return comparator(lambda run, a, b: _asked(run, value, b, a))


@method(COMPARATOR, "thenComparing thenComparingInt", 1)
def then_comparing(run: "Run", value: Any, arguments: list[Any]) -> Any:
    following = arguments[0]
    if run.takes(following) != 2:
        following = _keyed(following)
    return comparator(lambda run, a, b: _asked(run, value, a, b) or _asked(run, following, a, b))


def _ignoring_case(run: "Run", a: Any, b: Any) -> int:
    return compare_text(run.text(a).lower(), run.text(b).lower())


constant(STRING, "CASE_INSENSITIVE_ORDER", comparator(_ignoring_case))


# Where a key stands


def _places(run: "Run", keys: list[Any], wanted: Any, how: Any = None) -> tuple[int, int]:
    """How many keys come before the wanted one, and how many before or at it."""
    before = upto = 0
    for key in keys:
        run.steps()
        found = run.compare(key, wanted) if how is None else _asked(run, how, key, wanted)
        before += found < 0
        upto += found <= 0
    return before, upto


def _pick(before: int, upto: int, name: str) -> int:
    return {"floor": upto - 1, "lower": before - 1, "ceiling": before, "higher": upto}[name]


def _near(name: str) -> None:
    @method(TREE_SET, name, 1)
    def of_set(run: "Run", value: Any, arguments: list[Any]) -> Any:
        items = sequence(run, value)
        at = _pick(*_places(run, items, arguments[0], value.compare), name)
        return items[at] if 0 <= at < len(items) else None

    @method(TREE_MAP, f"{name}Entry", 1)
    def of_map(run: "Run", value: Any, arguments: list[Any]) -> Any:
        entries = value.entries()
        at = _pick(*_places(run, [entry.key for entry in entries], arguments[0], value.compare), name)
        return entries[at] if 0 <= at < len(entries) else None

    @method(TREE_MAP, f"{name}Key", 1)
    def key_of(run: "Run", value: Any, arguments: list[Any]) -> Any:
        found = of_map(run, value, arguments)
        return None if found is None else found.key


for _name in ("floor", "lower", "ceiling", "higher"):
    _near(_name)


def _end(run: "Run", value: Any, at: int) -> Any:
    entries = value.entries()
    return entries[at] if entries else None


@method(TREE_MAP, "firstEntry")
def first_entry(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return _end(run, value, 0)


@method(TREE_MAP, "lastEntry")
def last_entry(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return _end(run, value, -1)


@method(TREE_MAP, "firstKey")
def edge_key(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return _key_at(run, value, 0)


@method(TREE_MAP, "lastKey")
def last_key(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return _key_at(run, value, -1)


def _key_at(run: "Run", value: Any, at: int) -> Any:
    found = _end(run, value, at)
    if found is None:
        run.fail("java.util.NoSuchElementException", None)
    return found.key


@method(TREE_MAP, "pollFirstEntry")
def poll_first(run: "Run", value: Any, arguments: list[Any]) -> Any:
    found = _end(run, value, 0)
    if found is not None:
        value.remove(found.key)
    return found


@method(TREE_MAP, "pollLastEntry")
def poll_last(run: "Run", value: Any, arguments: list[Any]) -> Any:
    found = _end(run, value, -1)
    if found is not None:
        value.remove(found.key)
    return found


# Parts

_ASCENDING = kinds.Kind("java.util.TreeMap$AscendingSubMap", "AscendingSubMap", (kinds.SORTED_MAP,))
_DESCENDING = kinds.Kind("java.util.TreeMap$DescendingSubMap", "DescendingSubMap", (kinds.SORTED_MAP,))


def _part_of_map(run: "Run", value: Any, first: int, last: int) -> Any:
    run.collection(len(value))
    return values.GMap([(entry.key, entry.value) for entry in value.entries()[first:last]], _ASCENDING)


def _bounds(run: "Run", value: Any, key: Any, *, inclusive: bool) -> int:
    keys = [entry.key for entry in value.entries()] if type(value) is values.GMap else sequence(run, value)
    before, upto = _places(run, keys, key, value.compare)
    return upto if inclusive else before


@method(TREE_MAP, "headMap", (1, 2))
def head_map(run: "Run", value: Any, arguments: list[Any]) -> Any:
    last = _bounds(run, value, arguments[0], inclusive=arguments[1:] == [True])
    return _part_of_map(run, value, 0, last)


@method(TREE_MAP, "tailMap", (1, 2))
def tail_map(run: "Run", value: Any, arguments: list[Any]) -> Any:
    first = _bounds(run, value, arguments[0], inclusive=arguments[1:] == [False])
    return _part_of_map(run, value, first, len(value))


@method(TREE_MAP, "descendingMap")
def descending_map(run: "Run", value: Any, arguments: list[Any]) -> Any:
    run.collection(len(value))
    return values.GMap([(entry.key, entry.value) for entry in reversed(value.entries())], _DESCENDING)


@method(TREE_MAP, "descendingKeySet")
def descending_keys(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.GSet([entry.key for entry in reversed(value.entries())], maps.TREE_KEYS)


def _part_of_set(run: "Run", value: Any, items: list[Any]) -> Any:
    made = values.GSet(items, TREE_SET)
    made.compare = value.compare
    return made


@method(TREE_SET, "headSet", (1, 2))
def head_set(run: "Run", value: Any, arguments: list[Any]) -> Any:
    last = _bounds(run, value, arguments[0], inclusive=arguments[1:] == [True])
    return _part_of_set(run, value, sequence(run, value)[:last])


@method(TREE_SET, "tailSet", (1, 2))
def tail_set(run: "Run", value: Any, arguments: list[Any]) -> Any:
    first = _bounds(run, value, arguments[0], inclusive=arguments[1:] == [False])
    return _part_of_set(run, value, sequence(run, value)[first:])


@method(TREE_SET, "descendingSet")
def descending_set(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return _part_of_set(run, value, sequence(run, value)[::-1])


@method(TREE_SET, "pollFirst")
def poll_first_item(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return _taken(run, value, 0)


@method(TREE_SET, "pollLast")
def poll_last_item(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return _taken(run, value, -1)


def _taken(run: "Run", value: Any, at: int) -> Any:
    items = sequence(run, value)
    if not items:
        return None
    value.remove(items[at])
    return items[at]


@constructor(TREE_MAP, (0, 1))
def new_tree_map(run: "Run", kind: Any, arguments: list[Any]) -> Any:
    made = values.GMap((), kind)
    given = arguments[0] if arguments else None
    if type(given) is values.GMap:
        maps.put_all(run, made, [given])
    elif given is not None:
        made.compare = given
    return made


@constructor(TREE_SET, (0, 1))
def new_tree_set(run: "Run", kind: Any, arguments: list[Any]) -> Any:
    given = arguments[0] if arguments else None
    if given is None or is_whole(given):
        return values.GSet((), kind)
    if is_callable(given) or not isinstance(given, (list, values.GSet, values.Range)):
        made = values.GSet((), kind)
        made.compare = given
        return made
    return values.GSet(run.sorted(sequence(run, given)), kind)
