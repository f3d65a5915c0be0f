"""What everything with items answers to: lists, sets, maps, ranges, arrays, texts, iterators, null."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rules.language import calling, equality, kinds, operators, sorting, values
from rules.language.closures import Closure
from rules.language.kinds import ARRAY, CHAR_SEQUENCE, COLLECTION, ITERATOR, MAP, MATCHER, NULL, OBJECT, STREAM, Kind
from rules.language.members import Arity, Method, method
from rules.language.members.arguments import is_callable, sequence
from rules.language.raised import Raised

if TYPE_CHECKING:
    from rules.language.run import Run

ITEMS = (COLLECTION, ARRAY, MAP, CHAR_SEQUENCE, ITERATOR, MATCHER, NULL)
ANYTHING = (*ITEMS, OBJECT)
# What only things with items answer to: null and texts do not.
HELD = tuple(kind for kind in ITEMS if kind not in (CHAR_SEQUENCE, NULL, MATCHER))
NO_NULL = tuple(kind for kind in ITEMS if kind is not NULL)


def shared(names: str, arity: Arity = 0, on: tuple[Kind, ...] = ITEMS) -> Callable[[Method], Method]:
    """Enter a method for all of these kinds."""

    def enter(act: Method) -> Method:
        for kind in on:
            method(kind, names, arity)(act)
        return act

    return enter


def ask(run: "Run", value: Any, function: Any, item: Any) -> Any:
    """Call a closure on one item; on a map's entry with key and value where it takes two."""
    if type(value) is values.GMap:
        return run.call_entry(function, item)
    return calling.call_one(run, function, item) if type(function) is Closure else run.call(function, [item])


def holds(run: "Run", value: Any, function: Any, item: Any) -> bool:
    return run.truth(ask(run, value, function, item))


def like(run: "Run", value: Any, items: list[Any]) -> Any:
    """A collection of the same kind with other items."""
    if type(value) is values.GMap:
        return value.similar([(entry.key, entry.value) for entry in items])
    if type(value) is values.GSet:
        return values.GSet(items, value.kind if value.kind is kinds.TREE_SET else kinds.LINKED_HASH_SET)
    if type(value) is values.Array:
        return values.Array(items, value.component)
    return items


@shared("each", 1, ANYTHING)
def each(run: "Run", value: Any, arguments: list[Any]) -> Any:
    for item in run.items(value):
        ask(run, value, arguments[0], item)
    return value


@shared("forEach", 1, NO_NULL)
def for_each(run: "Run", value: Any, arguments: list[Any]) -> None:
    each(run, value, arguments)


@shared("eachWithIndex", 1, ANYTHING)
def each_with_index(run: "Run", value: Any, arguments: list[Any]) -> Any:
    is_wide = type(value) is values.GMap and run.takes(arguments[0]) == 3
    for index, item in enumerate(run.items(value)):
        run.call(arguments[0], [item.key, item.value, index] if is_wide else [item, index])
    return value


@shared("reverseEach", 1, HELD)
def reverse_each(run: "Run", value: Any, arguments: list[Any]) -> Any:
    for item in reversed(sequence(run, value)):
        ask(run, value, arguments[0], item)
    return value


@shared("collect", (0, 2), ANYTHING)
def collect(run: "Run", value: Any, arguments: list[Any]) -> Any:
    found: Any = []
    if len(arguments) == 2:
        found = arguments[0]
    for item in run.items(value):
        made = ask(run, value, arguments[-1], item) if arguments else item
        run.grow(len(found) + 1)
        if type(found) is values.GSet:
            found.add(made)
        else:
            found.append(made)
    return found


@shared("collectMany", 1, HELD)
def collect_many(run: "Run", value: Any, arguments: list[Any]) -> list[Any]:
    found: list[Any] = []
    for item in run.items(value):
        for made in run.items(ask(run, value, arguments[0], item)):
            run.grow(len(found) + 1)
            found.append(made)
    return found


@shared("collectEntries", (0, 2), HELD)
def collect_entries(run: "Run", value: Any, arguments: list[Any]) -> Any:
    found = arguments[0] if arguments and type(arguments[0]) is values.GMap else values.GMap()
    function = arguments[-1] if arguments and arguments[-1] is not found else None
    for item in run.items(value):
        made = ask(run, value, function, item) if function is not None else item
        run.grow(len(found) + 1)
        if type(made) is values.GMap:
            for key, held in made.items():
                found.put(key, held)
        elif type(made) is values.Entry:
            found.put(made.key, made.value)
        elif type(made) in (list, values.Array, values.OtherList):
            found.put(made[0] if made else None, made[1] if len(made) > 1 else None)
        elif made is not None:
            run.no_method(kinds.kind_of(made).name, "getKey", [])
    return found


@shared("collectNested", 1, HELD)
def collect_nested(run: "Run", value: Any, arguments: list[Any]) -> list[Any]:
    return _nested(run, value, arguments, 0)


def _nested(run: "Run", value: Any, arguments: list[Any], depth: int) -> list[Any]:
    run.integer(depth * 40)
    found: list[Any] = []
    for item in run.items(value):
        if type(item) is list:
            found.append(_nested(run, item, arguments, depth + 1))
        else:
            found.append(run.call(arguments[0], [item]))
    return found


@shared("find", (0, 1), ANYTHING)
def find(run: "Run", value: Any, arguments: list[Any]) -> Any:
    for item in run.items(value):
        if holds(run, value, arguments[0], item) if arguments else run.truth(item):
            return item
    return None


@shared("findResult", (1, 2), ANYTHING)
def find_result(run: "Run", value: Any, arguments: list[Any]) -> Any:
    for item in run.items(value):
        found = ask(run, value, arguments[-1], item)
        if found is not None:
            return found
    return arguments[0] if len(arguments) > 1 else None


@shared("findResults", (0, 1), NO_NULL)
def find_results(run: "Run", value: Any, arguments: list[Any]) -> list[Any]:
    return [item for item in collect(run, value, arguments) if item is not None]


@shared("findAll", (0, 1), ANYTHING)
def find_all(run: "Run", value: Any, arguments: list[Any]) -> Any:
    found: list[Any] = []
    for item in run.items(value):
        if holds(run, value, arguments[0], item) if arguments else run.truth(item):
            run.grow(len(found) + 1)
            found.append(item)
    return like(run, value, found)


@shared("grep", (0, 1), ANYTHING)
def grep(run: "Run", value: Any, arguments: list[Any]) -> Any:
    found = []
    for item in run.items(value):
        if operators.is_case(run, arguments[0], item) if arguments else run.truth(item):
            found.append(item)
    return like(run, value, found)


@shared("split", 1, (COLLECTION, ARRAY, NULL))
def split(run: "Run", value: Any, arguments: list[Any]) -> list[Any]:
    yes: list[Any] = []
    no: list[Any] = []
    for item in run.items(value):
        (yes if holds(run, value, arguments[0], item) else no).append(item)
    return [yes, no]


@shared("any", (0, 1), ANYTHING)
def any_(run: "Run", value: Any, arguments: list[Any]) -> bool:
    test = arguments[0] if arguments else None
    return any(run.truth(item) if test is None else holds(run, value, test, item) for item in run.items(value))


@shared("every", (0, 1), ANYTHING)
def every(run: "Run", value: Any, arguments: list[Any]) -> bool:
    test = arguments[0] if arguments else None
    return all(run.truth(item) if test is None else holds(run, value, test, item) for item in run.items(value))


@shared("count", (0, 1), (COLLECTION, ARRAY, MAP, ITERATOR, MATCHER))
def count(run: "Run", value: Any, arguments: list[Any]) -> int:
    if not arguments:
        return len(sequence(run, value))
    wanted = arguments[0]
    found = 0
    for item in run.items(value):
        found += holds(run, value, wanted, item) if is_callable(wanted) else equality.equal(run, item, wanted)
    return found


@shared("countBy", 1, HELD)
def count_by(run: "Run", value: Any, arguments: list[Any]) -> Any:
    found = values.GMap()
    for item in run.items(value):
        key = ask(run, value, arguments[0], item)
        found.put(key, (found.get(key) or 0) + 1)
    return found


@shared("groupBy", (1, None), HELD)
def group_by(run: "Run", value: Any, arguments: list[Any]) -> Any:
    found = values.GMap()
    for item in run.items(value):
        key = ask(run, value, arguments[0], item)
        if not found.has(key):
            found.put(key, [])
        run.grow(1)
        found.get(key).append(item)
    is_map = type(value) is values.GMap
    pairs = [(key, like(run, value, group) if is_map else group) for key, group in found.items()]
    if len(arguments) > 1:
        pairs = [(key, group_by(run, group, arguments[1:])) for key, group in pairs]
    return values.GMap(pairs)


@shared("indexed", (0, 1), (COLLECTION, ARRAY))
def indexed(run: "Run", value: Any, arguments: list[Any]) -> Any:
    start = int(arguments[0]) if arguments else 0
    return values.GMap([(start + at, item) for at, item in enumerate(sequence(run, value))])


@shared("withIndex", (0, 1), (COLLECTION, ARRAY, ITERATOR))
def with_index(run: "Run", value: Any, arguments: list[Any]) -> list[Any]:
    start = int(arguments[0]) if arguments else 0
    return [[item, start + at] for at, item in enumerate(sequence(run, value))]


@shared("inject", (1, 2), ANYTHING)
def inject(run: "Run", value: Any, arguments: list[Any]) -> Any:
    items = run.items(value)
    function = arguments[-1]
    if len(arguments) == 2:
        total = arguments[0]
    else:
        first = next(items, run)
        if first is run:
            run.fail(
                "java.util.NoSuchElementException",
                "Cannot call inject() over an empty iterable without passing an initial value.",
            )
        total = first
    is_wide = type(value) is values.GMap and run.takes(function) == 3
    for item in items:
        total = run.call(function, [total, item.key, item.value] if is_wide else [total, item])
    return total


@shared("sum", (0, 2), (COLLECTION, ARRAY, ITERATOR))
def sum_(run: "Run", value: Any, arguments: list[Any]) -> Any:
    function = arguments[-1] if arguments and is_callable(arguments[-1]) else None
    starts = [item for item in arguments if not is_callable(item)]
    total: Any = starts[0] if starts else run
    for item in run.items(value):
        part = item if function is None else ask(run, value, function, item)
        total = part if total is run else operators.BINARY["+"](run, total, part)
    return None if total is run else total


@shared("average", (0, 1), (COLLECTION, ARRAY))
def average(run: "Run", value: Any, arguments: list[Any]) -> Any:
    items = [run.call(arguments[0], [it]) if arguments else it for it in sequence(run, value)]
    if not items:
        run.fail("java.lang.NullPointerException", 'Cannot invoke "Object.getClass()" because "obj" is null')
    total: Any = 0
    for item in items:
        total = operators.BINARY["+"](run, total, item)
    return operators.BINARY["/"](run, total, len(items))


def _better(run: "Run", value: Any, arguments: list[Any], sign: int) -> Any:
    best: Any = run
    best_key: Any = None
    for item in run.items(value):
        if not arguments:
            if item is None:
                continue
            better = best is run or equality.compare(run, item, best) * sign > 0
        elif run.takes(arguments[0]) == 2 and is_callable(arguments[0]):
            better = best is run or order(run, arguments[0], item, best) * sign > 0
        else:
            key = run.call(arguments[0], [item])
            better = best is run or equality.compare(run, key, best_key) * sign > 0
            best_key = key if better else best_key
        best = item if better else best
    return None if best is run else best


def order(run: "Run", function: Any, a: Any, b: Any) -> int:
    """What a comparator closure of two parameters says."""
    found = run.call(function, [a, b])
    if type(found) is bool:
        message = f"Cannot cast object '{run.text(found)}' with class 'java.lang.Boolean' to class 'int'"
        run.fail("org.codehaus.groovy.runtime.typehandling.GroovyCastException", message)
    return 0 if found is None else (found > 0) - (found < 0)


@shared("max", (0, 1), (COLLECTION, ARRAY, MAP, ITERATOR))
def max_(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return _better(run, value, arguments, 1)


@shared("min", (0, 1), (COLLECTION, ARRAY, MAP, ITERATOR))
def min_(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return _better(run, value, arguments, -1)


@shared("join", (0, 1), (COLLECTION, ARRAY, ITERATOR))
def join(run: "Run", value: Any, arguments: list[Any]) -> str:
    separator = run.text(arguments[0]) if arguments and arguments[0] is not None else ""
    parts = []
    length = 0
    for item in run.items(value):
        part = run.text(item)
        length += len(part) + len(separator)
        run.string(length) if length > run.limits.string else run.allocate(len(part) + len(separator))
        parts.append(part)
    return separator.join(parts)


def compare_somehow(run: "Run", a: Any, b: Any) -> int:
    """`a <=> b`, by their hash codes where there is no order: sorting never fails for the sake of an item."""
    try:
        return equality.compare(run, a, b)
    except Raised as raised:
        if kinds.kind_of(raised.value).simple != "IllegalArgumentException":
            raise
    mine, theirs = (int(run.call_method(item, "hashCode")) for item in (a, b))
    return 0 if mine == theirs and run.call_method(a, "equals", [b]) else 1 if mine > theirs else -1


def comparison(run: "Run", value: Any, function: Any) -> Any:
    """How a sort compares: naturally, by a closure of two, or by the key that a closure of one gives."""
    if function is None:
        return lambda a, b: compare_somehow(run, a, b)
    if is_callable(function) and run.takes(function) != 2:
        return None
    if not is_callable(function):
        return lambda a, b: int(run.call_method(function, "compare", [a, b]))
    return lambda a, b: order(run, function, a, b)


def sorted_items(run: "Run", items: list[Any], function: Any = None) -> list[Any]:
    """The items in order. Keys of a one-parameter closure are made once each."""
    compare = comparison(run, items, function)
    if compare is not None:
        return sorting.merged(run, items, compare)
    keyed = [(run.call(function, [item]), item) for item in items]
    done = sorting.merged(run, keyed, lambda a, b: compare_somehow(run, a[0], b[0]))
    return [item for _, item in done]


def _closure_in(arguments: list[Any]) -> Any:
    return next((item for item in arguments if type(item) is not bool), None)


@shared("sort", (0, 2), (COLLECTION, ARRAY, ITERATOR))
def sort(run: "Run", value: Any, arguments: list[Any]) -> Any:
    mutates = not arguments or arguments[0] is not False
    if mutates and (type(value) is values.Range or getattr(value, "fixed", False) is True):
        run.fail("java.lang.UnsupportedOperationException", None)
    how = _closure_in(arguments)
    done = sorted_items(run, sequence(run, value), how)
    if mutates and type(value) in (list, values.OtherList, values.Array):
        value[:] = done
        # With a comparator instead of a closure this is Java's own method, which gives nothing.
        return None if len(arguments) == 1 and kinds.kind_of(how).simple == "Comparator" else value
    return done


@shared("toSorted", (0, 1), (COLLECTION, ARRAY, MAP, ITERATOR))
def to_sorted(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return like(run, value, sorted_items(run, sequence(run, value), _closure_in(arguments)))


def uniques(run: "Run", items: list[Any], function: Any) -> list[Any]:
    """Without what equals something before it, by value, by key or by comparator."""
    kept: list[Any] = []
    keys: list[Any] = []
    seen: set[Any] = set()
    for item in items:
        run.steps()
        is_pair = function is not None and run.takes(function) == 2
        key = item if function is None or is_pair else run.call(function, [item])
        if is_pair:
            known = any(order(run, function, item, other) == 0 for other in kept)
        elif type(key) is str:
            known = key in seen
            seen.add(key)
        else:
            run.steps(len(keys))
            known = any(equality.equal(run, key, other) for other in keys)
        if not known:
            kept.append(item)
            if type(key) is not str:
                keys.append(key)
    return kept


@shared("unique", (0, 2), (COLLECTION, ARRAY, ITERATOR))
def unique(run: "Run", value: Any, arguments: list[Any]) -> Any:
    if type(value) is values.Range and (not arguments or arguments[0] is not False):
        run.fail("java.lang.UnsupportedOperationException", None)
    kept = uniques(run, sequence(run, value), _closure_in(arguments))
    if type(value) in (list, values.OtherList) and (not arguments or arguments[0] is not False):
        value[:] = kept
        return value
    return like(run, value, kept)


@shared("toUnique", (0, 1), (COLLECTION, ARRAY, ITERATOR))
def to_unique(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return like(run, value, uniques(run, sequence(run, value), _closure_in(arguments)))


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
