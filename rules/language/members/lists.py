"""Lists, arrays and ranges by position: reading, changing, looking for an item."""

from typing import TYPE_CHECKING, Any

from rules.language import casts, equality, kinds, operators, ranges, values
from rules.language.kinds import ARRAY, COLLECTION, LIST
from rules.language.members import constructor, method
from rules.language.members.arguments import ambiguous, is_callable, is_number, is_whole, sequence, wanted
from rules.language.members.collections import like, shared
from rules.language.members.text_parts import range_bounds

if TYPE_CHECKING:
    from rules.language.run import Run


OUT = "java.lang.IndexOutOfBoundsException"


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
    if is_number(key):
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
            run.fail(OUT, f"toIndex = {high + 1}")
        run.fail(OUT, f"fromIndex = {low}")
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
            run.fail(OUT, f"Index: {low}, Size: {len(value)}")
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
        run.fail(OUT, f"Index {at} out of bounds for length {len(value)}")
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
        run.fail(OUT, f"Index: {at}, Size: {len(value)}")
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
        run.fail(OUT, f"Index: {at}, Size: {len(value)}")
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


@shared("contains", 1, (COLLECTION, ARRAY))
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


@shared("findIndexOf", (1, 2), (COLLECTION, ARRAY, kinds.OBJECT, kinds.NULL))
def find_index_of(run: "Run", value: Any, arguments: list[Any]) -> int:
    start = int(arguments[0]) if len(arguments) > 1 else 0
    for at, item in enumerate(run.items(value)):
        if at >= start and run.truth(run.call(arguments[-1], [item])):
            return at
    return -1


@shared("findLastIndexOf", (1, 2), (COLLECTION, ARRAY, kinds.OBJECT, kinds.NULL))
def find_last_index_of(run: "Run", value: Any, arguments: list[Any]) -> int:
    found = -1
    for at, item in enumerate(run.items(value)):
        if run.truth(run.call(arguments[-1], [item])):
            found = at
    return found


@shared("findIndexValues", (1, 2), (COLLECTION, ARRAY, kinds.OBJECT, kinds.NULL))
def find_index_values(run: "Run", value: Any, arguments: list[Any]) -> list[Any]:
    return [values.Long(at) for at, item in enumerate(run.items(value)) if run.truth(run.call(arguments[-1], [item]))]


@constructor(kinds.ARRAY_LIST, (0, 1))
def new_list(run: "Run", kind: Any, arguments: list[Any]) -> Any:
    if arguments and is_whole(arguments[0]) and arguments[0] < 0:
        run.fail("java.lang.IllegalArgumentException", f"Illegal Capacity: {arguments[0]}")
    return sequence(run, arguments[0]) if arguments and not is_whole(arguments[0]) else []


@constructor(kinds.LINKED_LIST, (0, 1))
def new_linked_list(run: "Run", kind: Any, arguments: list[Any]) -> Any:
    return values.OtherList(sequence(run, arguments[0]) if arguments else [], kinds.LINKED_LIST)
