"""Lists, arrays and ranges by position; sets."""

import itertools
from typing import TYPE_CHECKING, Any

from rules.language import arithmetic, casts, equality, kinds, operators, ranges, values
from rules.language.kinds import ARRAY, COLLECTION, LIST, RANGE, SET
from rules.language.members import constructor, method, prop
from rules.language.members.arguments import ambiguous, amount, is_callable, is_whole, sequence, wanted
from rules.language.members.collections import like, order, shared
from rules.language.members.text import range_bounds
from rules.language.sorting import merged

if TYPE_CHECKING:
    from rules.language.run import Run

_OUT = "java.lang.IndexOutOfBoundsException"
_ARRAY_OUT = "java.lang.ArrayIndexOutOfBoundsException"
SEQUENCES = (LIST, ARRAY)


def changes(run: "Run", value: Any) -> None:
    """Refuse to change what is fixed. Raises Raised."""
    if type(value) is values.Range or getattr(value, "fixed", False) is True:
        run.fail("java.lang.UnsupportedOperationException", None)


def _position(run: "Run", value: Any, at: int, what: str = "too large for array size") -> int:
    """An index counted from the end where it is negative. Raises Raised."""
    if at < 0:
        if at < -len(value):
            run.fail(_ARRAY_OUT, f"Negative array index [{at}] {what} {len(value)}")
        return at + len(value)
    return at


@shared("getAt", 1, SEQUENCES)
def get_at(run: "Run", value: Any, arguments: list[Any]) -> Any:
    key = arguments[0]
    if is_whole(key):
        at = _position(run, value, int(key))
        if at >= len(value):
            if type(value) is values.Array:
                run.fail(_ARRAY_OUT, f"Index {at} out of bounds for length {len(value)}")
            return None
        return value.item(at) if type(value) is values.Range else value[at]
    if type(key) is values.Range:
        return like(run, value if type(value) is not values.Array else [], _slice(run, value, key))
    if type(key) in (list, values.OtherList, values.Array):
        return [item for part in key for item in _picked(run, value, part)]
    if type(key) in equality.TEXTS:
        return run.get(value, run.text(key))
    if key is None:
        return ambiguous(run, value, "getAt", "interface groovy.lang.Range", "interface java.util.Collection")
    return run.no_method(kinds.kind_of(value).name, "getAt", arguments)


def _picked(run: "Run", value: Any, key: Any) -> list[Any]:
    if type(key) is values.Range:
        return _slice(run, value, key)
    return [get_at(run, value, [key])]


def _slice(run: "Run", value: Any, key: values.Range) -> list[Any]:
    if not key.count and (key.excludes_last or key.excludes_first):
        return []
    low, high, is_reversed = range_bounds(key, len(value))
    if low < 0 or high >= len(value):
        at = high if high >= len(value) else low
        if at >= len(value):
            run.fail(_OUT, f"toIndex = {high + 1}")
        run.fail(_OUT, f"fromIndex = {low}")
    run.collection(high - low + 1)
    items = (
        [value.item(at) for at in range(low, high + 1)] if type(value) is values.Range else list(value)[low : high + 1]
    )
    return items[::-1] if is_reversed else items


@shared("putAt", 2, SEQUENCES)
def put_at(run: "Run", value: Any, arguments: list[Any]) -> None:
    key, new = arguments
    changes(run, value)
    if is_whole(key):
        _put(run, value, int(key), new)
    elif type(key) is values.Range:
        low, high, _ = range_bounds(key, len(value))
        items = sequence(run, new) if type(new) in (list, values.OtherList, values.Array, values.GSet) else [new]
        if low < 0 or low > len(value):
            run.fail(_OUT, f"Index: {low}, Size: {len(value)}")
        value[low : high + 1] = items
    else:
        _put_many(run, value, sequence(run, key), new)


def _put_many(run: "Run", value: Any, positions: list[Any], new: Any) -> None:
    items = sequence(run, new) if type(new) in (list, values.OtherList, values.Array) else [new] * len(positions)
    if len(items) != len(positions):
        run.fail("java.lang.IllegalArgumentException", "the number of values does not fit the number of indexes")
    for at, item in zip(positions, items, strict=True):
        _put(run, value, int(at), item)


def _put(run: "Run", value: Any, at: int, new: Any) -> None:
    at = _position(run, value, at)
    if type(value) is values.Array:
        if at >= len(value):
            run.fail(_ARRAY_OUT, f"Index {at} out of bounds for length {len(value)}")
        component = kinds.class_named(value.component)
        value[at] = new if component is None or value.component == "Object" else casts.cast(run, new, component)
        return
    if at >= len(value):
        run.collection(at + 1)
        value.extend([None] * (at + 1 - len(value)))
    value[at] = new


@method(LIST, "get", 1)
def get(run: "Run", value: Any, arguments: list[Any]) -> Any:
    wanted(run, value, "get", arguments, is_whole(arguments[0]))
    at = int(arguments[0])
    if not 0 <= at < len(value):
        run.fail(_OUT, f"Index {at} out of bounds for length {len(value)}")
    return value.item(at) if type(value) is values.Range else value[at]


@method(LIST, "set", 2)
def set_(run: "Run", value: Any, arguments: list[Any]) -> Any:
    changes(run, value)
    before = get(run, value, arguments[:1])
    value[int(arguments[0])] = arguments[1]
    return before


@method(LIST, "add", (1, 2))
def add(run: "Run", value: Any, arguments: list[Any]) -> Any:
    changes(run, value)
    run.grow(len(value) + 1)
    if len(arguments) == 1:
        value.append(arguments[0])
        return True
    at = int(arguments[0])
    if not 0 <= at <= len(value):
        run.fail(_OUT, f"Index: {at}, Size: {len(value)}")
    value.insert(at, arguments[1])
    return None


@method(LIST, "addAll", (1, 2))
def add_all(run: "Run", value: Any, arguments: list[Any]) -> bool:
    changes(run, value)
    if arguments[-1] is None:
        among = ("interface java.util.Collection", "interface java.lang.Iterable", "interface java.util.Iterator")
        ambiguous(run, value, "addAll", *among)
    items = sequence(run, arguments[-1])
    run.collection(len(value) + len(items))
    at = int(arguments[0]) if len(arguments) == 2 else len(value)
    if not 0 <= at <= len(value):
        run.fail(_OUT, f"Index: {at}, Size: {len(value)}")
    value[at:at] = items
    return bool(items)


@method(LIST, "addFirst", 1)
def add_first(run: "Run", value: Any, arguments: list[Any]) -> None:
    add(run, value, [0, arguments[0]])


@method(LIST, "addLast offer", 1)
def add_last(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return add(run, value, arguments)


@method(LIST, "leftShift", 1)
def left_shift(run: "Run", value: Any, arguments: list[Any]) -> Any:
    add(run, value, arguments)
    return value


@method(LIST, "push", 1)
def push(run: "Run", value: Any, arguments: list[Any]) -> bool:
    add(run, value, [0, arguments[0]])
    return True


@method(LIST, "pop", 0)
def pop(run: "Run", value: Any, arguments: list[Any]) -> Any:
    changes(run, value)
    if not value:
        run.fail("java.util.NoSuchElementException", "Cannot pop() an empty List")
    return value.pop(0)


@method(LIST, "removeLast", 0)
def remove_last(run: "Run", value: Any, arguments: list[Any]) -> Any:
    changes(run, value)
    if not value:
        run.fail("java.util.NoSuchElementException", "Cannot removeLast() element from an empty List")
    return value.pop()


@method(LIST, "removeAt", 1)
def remove_at(run: "Run", value: Any, arguments: list[Any]) -> Any:
    changes(run, value)
    found = get(run, value, arguments)
    del value[int(arguments[0])]
    return found


@method(LIST, "remove", 1)
def remove(run: "Run", value: Any, arguments: list[Any]) -> Any:
    if type(arguments[0]) is int:
        return remove_at(run, value, arguments)
    return remove_element(run, value, arguments)


@method(LIST, "removeElement", 1)
def remove_element(run: "Run", value: Any, arguments: list[Any]) -> bool:
    changes(run, value)
    for at, item in enumerate(value):
        run.steps()
        if equality.java_equals(run, item, arguments[0]):
            del value[at]
            return True
    return False


def _keep(run: "Run", value: Any, argument: Any, keeps: bool) -> bool:
    changes(run, value)
    before = len(value)
    if is_callable(argument):
        kept = [item for item in sequence(run, value) if run.truth(run.call(argument, [item])) is keeps]
    else:
        others = sequence(run, argument)
        kept = [item for item in sequence(run, value) if operators.contains(run, others, item) is keeps]
    value[:] = kept
    return len(kept) != before


@method(LIST, "removeAll removeIf", (1, None))
def remove_all(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return _keep(run, value, arguments[0] if len(arguments) == 1 else arguments, False)


@method(LIST, "retainAll", 1)
def retain_all(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return _keep(run, value, arguments[0], True)


@method(LIST, "clear")
def clear(run: "Run", value: Any, arguments: list[Any]) -> None:
    changes(run, value)
    value.clear()


@method(LIST, "swap", 2)
def swap(run: "Run", value: Any, arguments: list[Any]) -> Any:
    i, j = int(arguments[0]), int(arguments[1])
    get(run, value, [i]), get(run, value, [j])
    value[i], value[j] = value[j], value[i]
    return value


@method(LIST, "replaceAll", 1)
def replace_all(run: "Run", value: Any, arguments: list[Any]) -> None:
    changes(run, value)
    value[:] = [run.call(arguments[0], [item]) for item in sequence(run, value)]


@shared("contains", 1, (LIST, ARRAY))
def contains(run: "Run", value: Any, arguments: list[Any]) -> bool:
    if type(value) is values.Range:
        return ranges.contains(run, value, arguments[0])
    return operators.contains(run, value, arguments[0])


@shared("containsAll", 1, (COLLECTION,))
def contains_all(run: "Run", value: Any, arguments: list[Any]) -> bool:
    items = sequence(run, value)
    return all(operators.contains(run, items, item) for item in run.items(arguments[0]))


@shared("indexOf", 1, SEQUENCES)
def index_of(run: "Run", value: Any, arguments: list[Any]) -> int:
    for at, item in enumerate(run.items(value)):
        if equality.java_equals(run, item, arguments[0]):
            return at
    return -1


@shared("lastIndexOf", 1, SEQUENCES)
def last_index_of(run: "Run", value: Any, arguments: list[Any]) -> int:
    found = -1
    for at, item in enumerate(run.items(value)):
        if equality.java_equals(run, item, arguments[0]):
            found = at
    return found


@shared("findIndexOf", (1, 2), (COLLECTION, ARRAY, kinds.NULL))
def find_index_of(run: "Run", value: Any, arguments: list[Any]) -> int:
    start = int(arguments[0]) if len(arguments) > 1 else 0
    for at, item in enumerate(run.items(value)):
        if at >= start and run.truth(run.call(arguments[-1], [item])):
            return at
    return -1


@shared("findLastIndexOf", (1, 2), (COLLECTION, ARRAY, kinds.NULL))
def find_last_index_of(run: "Run", value: Any, arguments: list[Any]) -> int:
    found = -1
    for at, item in enumerate(run.items(value)):
        if run.truth(run.call(arguments[-1], [item])):
            found = at
    return found


@shared("findIndexValues", (1, 2), (COLLECTION, ARRAY, kinds.NULL))
def find_index_values(run: "Run", value: Any, arguments: list[Any]) -> list[Any]:
    return [values.Long(at) for at, item in enumerate(run.items(value)) if run.truth(run.call(arguments[-1], [item]))]


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
    return like(run, value, sequence(run, value)[: max(0, amount(run, value, "take", arguments, 0))])


@shared("drop", 1, (COLLECTION, ARRAY))
def drop(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return like(run, value, sequence(run, value)[max(0, amount(run, value, "drop", arguments, 0)) :])


@shared("takeRight", 1, (COLLECTION, ARRAY))
def take_right(run: "Run", value: Any, arguments: list[Any]) -> Any:
    count = max(0, amount(run, value, "takeRight", arguments, 0))
    return like(run, value, sequence(run, value)[-count:] if count else [])


@shared("dropRight", 1, (COLLECTION, ARRAY))
def drop_right(run: "Run", value: Any, arguments: list[Any]) -> Any:
    count = max(0, amount(run, value, "dropRight", arguments, 0))
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


@shared("plus", (1, 2), (COLLECTION, ARRAY))
def plus(run: "Run", value: Any, arguments: list[Any]) -> Any:
    other = arguments[-1]
    items = sequence(run, value)
    if len(arguments) == 2:
        add_all(run, items, arguments)
        return like(run, value, items)
    if type(other) in (list, values.OtherList, values.GSet, values.Range, values.Array):
        items.extend(sequence(run, other))
    else:
        items.append(other)
    run.collection(len(items))
    if type(value) is values.GSet and value.order is not None:
        return values.GSet(items, kinds.HASH_SET, room=int(len(value) / 0.75) + 1)
    return like(run, value, items)


@shared("minus", (1, 2), (COLLECTION, ARRAY))
def minus(run: "Run", value: Any, arguments: list[Any]) -> Any:
    other = arguments[0]
    key = arguments[1] if len(arguments) == 2 else None
    many = type(other) in (list, values.OtherList, values.GSet, values.Range, values.Array)
    gone = sequence(run, other) if many else [other]
    if key is not None:
        gone = [run.call(key, [it]) for it in gone]
    kept = []
    for item in run.items(value):
        run.steps(len(gone))
        mine = item if key is None else run.call(key, [item])
        if not any(equality.equal(run, mine, it) for it in gone):
            kept.append(item)
    return like(run, value, kept)


@shared("multiply", 1, (COLLECTION,))
def multiply(run: "Run", value: Any, arguments: list[Any]) -> Any:
    times = amount(run, value, "multiply", arguments, 0)
    if times < 0:
        message = f"multiply() should be called with a number of 0 or greater not: {times}"
        run.fail("java.lang.IllegalArgumentException", message)
    run.collection(len(value) * times)
    return sequence(run, value) * times


@shared("intersect", (1, 2), (COLLECTION,))
def intersect(run: "Run", value: Any, arguments: list[Any]) -> Any:
    others = sequence(run, arguments[0])
    items = sequence(run, value)
    if type(value) is not values.GSet and len(items) > len(others):
        items, others = others, items
    kept = [item for item in items if any(equality.equal(run, item, other) for other in others)]
    run.steps(len(items) * len(others) >> 3)
    return like(run, value, kept)


@shared("disjoint", 1, (COLLECTION,))
def disjoint(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return not len(intersect(run, sequence(run, value), [sequence(run, arguments[0])]))


@shared("collate", (1, 3), SEQUENCES)
def collate(run: "Run", value: Any, arguments: list[Any]) -> list[Any]:
    numbers = [int(item) for item in arguments if is_whole(item)]
    keeps = arguments[-1] if type(arguments[-1]) is bool else True
    size, step = numbers[0], numbers[1] if len(numbers) > 1 else numbers[0]
    items = sequence(run, value)
    if size <= 0:
        return [items]
    if step <= 0:
        run.fail("java.lang.IllegalArgumentException", "step cannot be zero or less")
    found = []
    for at in range(0, len(items), step):
        part = items[at : at + size]
        if len(part) < size and not keeps:
            break
        run.collection(len(part))
        found.append(part)
    return found


@shared("chop", (1, None), SEQUENCES)
def chop(run: "Run", value: Any, arguments: list[Any]) -> list[Any]:
    items = sequence(run, value)
    found = []
    at = 0
    for size in arguments:
        end = len(items) if int(size) < 0 else at + int(size)
        found.append(items[at:end])
        at = end
    return found


@shared("transpose", 0, (LIST,))
def transpose(run: "Run", value: Any, arguments: list[Any]) -> list[Any]:
    rows = [sequence(run, row) for row in run.items(value)]
    return [list(column) for column in zip(*rows, strict=False)]


@shared("combinations", (0, 1), (LIST,))
def combinations(run: "Run", value: Any, arguments: list[Any]) -> list[Any]:
    found: list[Any] = [[]]
    for part in run.items(value):
        options = sequence(run, part) if type(part) in (list, values.Range, values.GSet, values.Array) else [part]
        run.collection(len(found) * len(options))
        found = [[*start, option] for option in options for start in found]
    return [run.call(arguments[0], [item]) for item in found] if arguments else found


@shared("permutations", (0, 1), (LIST,))
def permutations(run: "Run", value: Any, arguments: list[Any]) -> Any:
    items = sequence(run, value)
    count = 1
    for at in range(1, len(items) + 1):
        count *= at
        run.collection(count)
    found = [list(one) for one in itertools.permutations(items)]
    return values.GSet(found, kinds.HASH_SET, room=16)


@shared("subsequences", 0, (LIST,))
def subsequences(run: "Run", value: Any, arguments: list[Any]) -> Any:
    found: list[Any] = []
    for item in run.items(value):
        run.collection(2 * len(found) + 1)
        found += [[*one, item] for one in found] + [[item]]
    return values.GSet(found, kinds.HASH_SET, room=16)


@shared("inits", 0, (LIST,))
def inits(run: "Run", value: Any, arguments: list[Any]) -> list[Any]:
    items = sequence(run, value)
    run.collection(len(items) * len(items) // 2)
    return [items[:at] for at in range(len(items), -1, -1)]


@shared("tails", 0, (LIST,))
def tails(run: "Run", value: Any, arguments: list[Any]) -> list[Any]:
    items = sequence(run, value)
    run.collection(len(items) * len(items) // 2)
    return [items[at:] for at in range(len(items) + 1)]


@shared("subList", 2, (LIST,))
def sub_list(run: "Run", value: Any, arguments: list[Any]) -> Any:
    first_, last_ = int(arguments[0]), int(arguments[1])
    items = sequence(run, value)
    if first_ < 0:
        run.fail(_OUT, f"fromIndex = {first_}")
    if last_ > len(items):
        run.fail(_OUT, f"toIndex = {last_}")
    return values.OtherList(items[first_:last_], _SUB_LIST)


_SUB_LIST = kinds.kind("java.util.ArrayList$SubList", LIST)


@prop(LIST, "indices")
def indices(run: "Run", value: Any) -> Any:
    return ranges.make_range(run, 0, len(value), False, True)


@shared("getIndices", 0, SEQUENCES)
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
    return values.Walker(run.items(value))


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


# Ranges


@method(RANGE, "getFrom")
def get_from(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return (
        value.item(0)
        if value.count and equality.compare(run, value.item(0), value.item(-1 % value.count)) <= 0
        else (value.item(value.count - 1) if value.count else value.first)
    )


@method(RANGE, "getTo")
def get_to(run: "Run", value: Any, arguments: list[Any]) -> Any:
    ends = [value.item(0), value.item(value.count - 1)] if value.count else [value.first, value.last]
    return ends[1] if equality.compare(run, ends[0], ends[1]) <= 0 else ends[0]


@method(RANGE, "isReverse")
def is_reverse(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return equality.compare(run, value.first, value.last) > 0


@method(RANGE, "containsWithinBounds", 1)
def within_bounds(run: "Run", value: Any, arguments: list[Any]) -> bool:
    low, high = get_from(run, value, []), get_to(run, value, [])
    if value.kind is kinds.INT_RANGE and not is_whole(arguments[0]):
        return False
    return equality.compare(run, low, arguments[0]) <= 0 <= equality.compare(run, high, arguments[0])


@method(RANGE, "step", (1, 2))
def step(run: "Run", value: Any, arguments: list[Any]) -> Any:
    by = int(arguments[0])
    if not by:
        run.fail("java.lang.IllegalArgumentException", "step cannot be 0")
    items = sequence(run, value)
    picked = items[::by] if by > 0 else items[::-1][::-by]
    if len(arguments) == 2:
        for item in picked:
            run.call(arguments[1], [item])
        return None
    return picked


@method(RANGE, "by", 1)
def by_(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return step(run, value, arguments)


# Sets


def _changes(run: "Run", value: Any) -> None:
    if value.fixed:
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
    _changes(run, value)
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


@method(SET, "remove", 1)
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
    made = values.GSet(value, value.kind)
    made.fixed = True
    return made


@method(SET, "clone", 0)
def set_clone(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.GSet(value, value.kind)


@constructor(kinds.ARRAY_LIST, (0, 1))
def new_list(run: "Run", kind: Any, arguments: list[Any]) -> Any:
    if arguments and is_whole(arguments[0]) and arguments[0] < 0:
        run.fail("java.lang.IllegalArgumentException", f"Illegal Capacity: {arguments[0]}")
    return sequence(run, arguments[0]) if arguments and not is_whole(arguments[0]) else []


@constructor(kinds.LINKED_LIST, (0, 1))
def new_linked_list(run: "Run", kind: Any, arguments: list[Any]) -> Any:
    return values.OtherList(sequence(run, arguments[0]) if arguments else [], kinds.LINKED_LIST)


def _new_set(run: "Run", kind: Any, arguments: list[Any]) -> Any:
    items = sequence(run, arguments[0]) if arguments and not is_whole(arguments[0]) else []
    return values.GSet(items, kind)


for _kind in (kinds.HASH_SET, kinds.LINKED_HASH_SET):
    constructor(_kind, (0, 2))(_new_set)
