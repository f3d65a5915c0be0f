"""What a list gives of itself: its ends, the first and last items, copies in other shapes."""

from typing import TYPE_CHECKING, Any

from rules.language import arithmetic, kinds, ranges, values
from rules.language.kinds import ARRAY, COLLECTION, LIST
from rules.language.members import METHODS, method, prop
from rules.language.members.arguments import sequence, whole_count
from rules.language.members.collections import like, shared
from rules.language.members.list_making import combinations, permutations
from rules.language.members.lists import OUT, SEQUENCES

if TYPE_CHECKING:
    from rules.language.run import Run


def _end(run: "Run", value: Any, name: str, kind: str, at: int) -> Any:
    if not len(value):
        run.fail("java.util.NoSuchElementException", f"Cannot access {name}() element from an empty {kind}")
    if type(value) is values.Range:
        return value.item(at % value.count)
    return sequence(run, value)[at] if type(value) is values.GSet else value[at]


def _what(value: Any) -> str:
    return "Array" if type(value) is values.Array else "List" if type(value) is not values.GSet else "Iterable"


@shared("first", 0, (COLLECTION, ARRAY))
def first(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return _end(run, value, "first", _what(value), 0)


@shared("head", 0, (COLLECTION, ARRAY))
def head(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return _end(run, value, "head", _what(value), 0)


@shared("last", 0, (COLLECTION, ARRAY))
def last(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return _end(run, value, "last", _what(value), -1)


@shared("getFirst", 0, (LIST,))
def get_first(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return _end(run, value, "first", _what(value), 0)


@shared("tail", 0, (COLLECTION, ARRAY))
def tail(run: "Run", value: Any, arguments: list[Any]) -> Any:
    if not len(value):
        run.fail("java.util.NoSuchElementException", f"Cannot access tail() for an empty {_what(value)}")
    return like(run, value, sequence(run, value)[1:])


@shared("init", 0, (COLLECTION, ARRAY))
def init(run: "Run", value: Any, arguments: list[Any]) -> Any:
    if not len(value):
        run.fail("java.util.NoSuchElementException", f"Cannot access init() for an empty {_what(value)}")
    return like(run, value, sequence(run, value)[:-1])


@shared("take", 1, (COLLECTION, ARRAY))
def take(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return like(run, value, sequence(run, value)[: max(0, whole_count(run, value, "take", arguments, 0))])


@shared("drop", 1, (COLLECTION, ARRAY))
def drop(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return like(run, value, sequence(run, value)[max(0, whole_count(run, value, "drop", arguments, 0)) :])


@shared("takeRight", 1, (COLLECTION, ARRAY))
def take_right(run: "Run", value: Any, arguments: list[Any]) -> Any:
    count = max(0, whole_count(run, value, "takeRight", arguments, 0))
    return like(run, value, sequence(run, value)[-count:] if count else [])


@shared("dropRight", 1, (COLLECTION, ARRAY))
def drop_right(run: "Run", value: Any, arguments: list[Any]) -> Any:
    count = max(0, whole_count(run, value, "dropRight", arguments, 0))
    items = sequence(run, value)
    return like(run, value, items[: max(0, len(items) - count)])


def _prefix(run: "Run", value: Any, condition: Any) -> tuple[list[Any], int]:
    items = sequence(run, value)
    for at, item in enumerate(items):
        if not run.truth(run.call(condition, [item])):
            return items, at
    return items, len(items)


@shared("takeWhile", 1, (COLLECTION, ARRAY))
def take_while(run: "Run", value: Any, arguments: list[Any]) -> Any:
    items, at = _prefix(run, value, arguments[0])
    return like(run, value, items[:at])


@shared("dropWhile", 1, (COLLECTION, ARRAY))
def drop_while(run: "Run", value: Any, arguments: list[Any]) -> Any:
    items, at = _prefix(run, value, arguments[0])
    return like(run, value, items[at:])


@shared("reverse", (0, 1), SEQUENCES)
def reverse(run: "Run", value: Any, arguments: list[Any]) -> Any:
    items = sequence(run, value)[::-1]
    if arguments and arguments[0] is True:
        value[:] = items
        return value
    return like(run, value, items)


@shared("subList", 2, (LIST,))
def sub_list(run: "Run", value: Any, arguments: list[Any]) -> Any:
    first_, last_ = int(arguments[0]), int(arguments[1])
    items = sequence(run, value)
    if first_ < 0:
        run.fail(OUT, f"fromIndex = {first_}")
    if last_ > len(items):
        run.fail(OUT, f"toIndex = {last_}")
    return values.OtherList(items[first_:last_], _SUB_LIST)


_SUB_LIST = kinds.kind("java.util.ArrayList$SubList", LIST)


@method(COLLECTION, "add addAll", (1, 2))
def add_nothing(run: "Run", value: Any, arguments: list[Any]) -> None:
    """What only shows something else takes nothing in."""
    run.fail("java.lang.UnsupportedOperationException", None)


@prop(LIST, "indices")
def indices(run: "Run", value: Any) -> Any:
    return ranges.make_range(run, 0, len(value), False, True)


@shared("getIndices", 0, (COLLECTION, ARRAY))
def get_indices(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return ranges.make_range(run, 0, len(value), False, True)


@prop(ARRAY, "length")
def array_length(run: "Run", value: Any) -> int:
    return len(value)


@method(ARRAY, "clone")
def clone(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return like(run, value, sequence(run, value))


@shared("clone", 0, (LIST,))
def clone_list(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return sequence(run, value)


@shared("toArray", (0, 1), (COLLECTION,))
def to_array(run: "Run", value: Any, arguments: list[Any]) -> Any:
    component = arguments[0].component if arguments and type(arguments[0]) is values.Array else "Object"
    return values.Array(sequence(run, value), component)


@shared("toListString toArrayString", 0, (COLLECTION, ARRAY))
def to_list_string(run: "Run", value: Any, arguments: list[Any]) -> str:
    return run.text(sequence(run, value))


@shared("asImmutable asUnmodifiable", 0, (LIST,))
def as_immutable(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.OtherList(sequence(run, value), UNMODIFIABLE, fixed=True)


UNMODIFIABLE = kinds.Kind("java.util.Collections$UnmodifiableRandomAccessList", "UnmodifiableRandomAccessList", (LIST,))


@shared("asSynchronized asChecked", 0, (COLLECTION,))
def as_is(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return value


@shared("shuffled", (0, 1), (LIST,))
def shuffled(run: "Run", value: Any, arguments: list[Any]) -> list[Any]:
    items = sequence(run, value)
    if not arguments:
        run.chance.shuffle(items)
        return items
    for at in range(len(items), 1, -1):
        other = arguments[0].content.whole(at)
        items[at - 1], items[other] = items[other], items[at - 1]
    return items


@shared("shuffle", (0, 1), (LIST,))
def shuffle(run: "Run", value: Any, arguments: list[Any]) -> None:
    value[:] = shuffled(run, value, arguments)


@shared("hashCode", 0, (COLLECTION,))
def hash_code(run: "Run", value: Any, arguments: list[Any]) -> int:
    found = 1
    for item in run.items(value):
        own = 0 if item is None else item if type(item) is int else int(run.call_method(item, "hashCode"))
        found = found * 31 + own if type(value) is not values.GSet else found + own
    found -= type(value) is values.GSet
    return int(arithmetic.wrapped(found, 32))


@shared("listIterator", 0, (LIST,))
def list_iterator(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return METHODS[COLLECTION, "iterator"](run, value, arguments)


@shared("eachPermutation", 1, (LIST,))
def each_permutation(run: "Run", value: Any, arguments: list[Any]) -> Any:
    for item in permutations(run, value, []):
        run.call(arguments[0], [item])
    return values.Walker(iter(()))


@shared("eachCombination", 1, (LIST,))
def each_combination(run: "Run", value: Any, arguments: list[Any]) -> Any:
    for item in combinations(run, value, []):
        run.call(arguments[0], [item])
    return value
