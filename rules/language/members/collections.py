"""What everything with items answers to: lists, sets, maps, ranges, arrays, texts, iterators, null."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rules.language import calling, equality, kinds, operators, values
from rules.language.closures import Closure
from rules.language.kinds import ARRAY, CHAR_SEQUENCE, COLLECTION, ITERATOR, MAP, MATCHER, NULL, OBJECT, Kind
from rules.language.members import Arity, Method, method
from rules.language.members.arguments import is_callable, not_castable, sequence

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
            method(kind, names, arity)(act if kind is not NULL else _of_null(names.split()[0], act))
        return act

    return enter


def _of_null(name: str, act: Method) -> Method:
    """Null is like an empty list to closures, and to nothing else."""

    def call(run: "Run", value: Any, arguments: list[Any]) -> Any:
        if arguments and name != "grep" and not is_callable(arguments[-1]):
            run.fail("java.lang.NullPointerException", f"Cannot invoke method {name}() on null object")
        return act(run, value, arguments)

    return call


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


_MANY = (list, values.OtherList, values.GSet, values.Range, values.Array)


@shared("collectMany", 1, HELD)
def collect_many(run: "Run", value: Any, arguments: list[Any]) -> list[Any]:
    found: list[Any] = []
    for item in run.items(value):
        part = ask(run, value, arguments[0], item)
        if part is not None and type(part) not in _MANY:
            not_castable(run, part, [])
        for made in run.items(part):
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
    return found if type(value) is values.GMap else like(run, value, found)


@shared("split", 1, (COLLECTION, ARRAY, MAP, NULL))
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


@shared("count", (0, 1), (COLLECTION, ARRAY, MAP, ITERATOR))
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
