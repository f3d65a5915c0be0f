"""Stack, ArrayDeque, LinkedList as a queue, PriorityQueue, and the lists and maps of java.util.concurrent."""

from typing import TYPE_CHECKING, Any

from rules.language import kinds, values
from rules.language.kinds import COLLECTION, LINKED_LIST, LIST, OBJECT
from rules.language.members import constructor, method
from rules.language.members.arguments import is_callable, is_whole, sequence
from rules.language.members.ordering import order

if TYPE_CHECKING:
    from rules.language.run import Run

VECTOR = kinds.kind("java.util.Vector", LIST)
STACK = kinds.kind("java.util.Stack", VECTOR)
ARRAY_DEQUE = kinds.kind("java.util.ArrayDeque", kinds.DEQUE)
PRIORITY_QUEUE = kinds.kind("java.util.PriorityQueue", kinds.QUEUE)
COPY_ON_WRITE = kinds.kind("java.util.concurrent.CopyOnWriteArrayList", LIST)


def _new(kind: kinds.Kind) -> None:
    @constructor(kind, (0, 1))
    def make(run: "Run", made: Any, arguments: list[Any]) -> Any:
        items = sequence(run, arguments[0]) if arguments and not is_whole(arguments[0]) else []
        return values.OtherList(items, kind)


for _kind in (VECTOR, STACK, ARRAY_DEQUE, COPY_ON_WRITE):
    _new(_kind)


def _grown(run: "Run", value: Any, at: int, item: Any) -> None:
    run.grow(len(value) + 1)
    value.insert(at, item)


# Stack


@method(STACK, "push", 1)
def push(run: "Run", value: Any, arguments: list[Any]) -> Any:
    _grown(run, value, len(value), arguments[0])
    return arguments[0]


@method(STACK, "pop")
def pop(run: "Run", value: Any, arguments: list[Any]) -> Any:
    if not value:
        run.fail("java.util.EmptyStackException", None)
    return value.pop()


@method(STACK, "peek")
def peek(run: "Run", value: Any, arguments: list[Any]) -> Any:
    if not value:
        run.fail("java.util.EmptyStackException", None)
    return value[-1]


@method(STACK, "empty")
def empty(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return not value


@method(STACK, "search", 1)
def search(run: "Run", value: Any, arguments: list[Any]) -> int:
    for at in range(len(value) - 1, -1, -1):
        run.steps()
        if run.equal(value[at], arguments[0]):
            return len(value) - at
    return -1


# Both ends of a queue


def _first(name: str, at: int, *, removes: bool, needed: bool) -> None:
    """A method that looks at or takes an end, and fails on an empty queue or gives null."""
    for kind in (LINKED_LIST, ARRAY_DEQUE):

        @method(kind, name)
        def take(run: "Run", value: Any, arguments: list[Any]) -> Any:
            if not value:
                return run.fail("java.util.NoSuchElementException", None) if needed else None
            return value.pop(at) if removes else value[at]


for _name, _at, _removes, _needed in (
    ("poll pollFirst", 0, True, False), ("pollLast", -1, True, False), ("peek peekFirst", 0, False, False),
    ("peekLast", -1, False, False), ("removeFirst pop", 0, True, True), ("removeLast", -1, True, True),
    ("element getFirst", 0, False, True), ("getLast", -1, False, True),
):  # fmt: skip
    _first(_name, _at, removes=_removes, needed=_needed)


def _added(names: str, at_end: bool, answer: Any) -> None:
    for kind in (LINKED_LIST, ARRAY_DEQUE):

        @method(kind, names, 1)
        def add(run: "Run", value: Any, arguments: list[Any]) -> Any:
            if arguments[0] is None and value.kind is ARRAY_DEQUE:
                run.fail("java.lang.NullPointerException", None)
            _grown(run, value, len(value) if at_end else 0, arguments[0])
            return answer


_added("offer offerLast", True, True)
_added("addLast", True, None)
_added("offerFirst", False, True)
_added("addFirst push", False, None)


@method(COLLECTION, "leftShift", 1)
def left_shift(run: "Run", value: Any, arguments: list[Any]) -> Any:
    run.call_method(value, "add", arguments)
    return value


def _either_remove(kind: kinds.Kind) -> None:
    """`remove()` takes the first; with an argument, as lists do."""

    @method(kind, "remove", (0, 1))
    def remove(run: "Run", value: Any, arguments: list[Any]) -> Any:
        if not arguments:
            return run.call_method(value, "removeFirst", [])
        if is_whole(arguments[0]) and kind is LINKED_LIST:
            return run.call_method(value, "removeAt", arguments)
        return _remove_element(run, value, arguments[0])


def _remove_element(run: "Run", value: Any, item: Any) -> bool:
    for at, other in enumerate(value):
        run.steps()
        if run.equal(other, item):
            del value[at]
            return True
    return False


_either_remove(LINKED_LIST)
_either_remove(ARRAY_DEQUE)


@method(ARRAY_DEQUE, "add", 1)
def add_to_deque(run: "Run", value: Any, arguments: list[Any]) -> bool:
    if arguments[0] is None:
        run.fail("java.lang.NullPointerException", None)
    _grown(run, value, len(value), arguments[0])
    return True


@method(ARRAY_DEQUE, "addAll", 1)
def add_all(run: "Run", value: Any, arguments: list[Any]) -> bool:
    added = [add_to_deque(run, value, [item]) for item in sequence(run, arguments[0])]
    return bool(added)


@method(kinds.QUEUE, "clear")
def clear(run: "Run", value: Any, arguments: list[Any]) -> None:
    value.clear()


@method(kinds.QUEUE, "contains", 1)
def contains(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return any(run.equal(item, arguments[0]) for item in run.items(value))


@method(ARRAY_DEQUE, "descendingIterator")
@method(LINKED_LIST, "descendingIterator")
def descending(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.Walker(run.items(sequence(run, value)[::-1]))


# PriorityQueue: a heap in a list, and beside it how it compares


@constructor(PRIORITY_QUEUE, (0, 2))
def new_priority_queue(run: "Run", kind: Any, arguments: list[Any]) -> Any:
    made = values.OtherList([], PRIORITY_QUEUE)
    for given in arguments:
        if type(given) in (list, values.OtherList, values.GSet):
            for item in sequence(run, given):
                offer(run, made, [item])
        elif not is_whole(given):
            made.owner = given
    return made


def _comes_before(run: "Run", value: Any, a: Any, b: Any) -> bool:
    how = value.owner
    if how is None:
        return run.compare(a, b) < 0
    return (order(run, how, a, b) if is_callable(how) else int(run.call_method(how, "compare", [a, b]))) < 0


@method(PRIORITY_QUEUE, "add offer", 1)
def offer(run: "Run", value: Any, arguments: list[Any]) -> bool:
    if arguments[0] is None:
        run.fail("java.lang.NullPointerException", None)
    _grown(run, value, len(value), arguments[0])
    at = len(value) - 1
    while at > 0 and _comes_before(run, value, value[at], value[(at - 1) // 2]):
        run.steps()
        above = (at - 1) // 2
        value[at], value[above] = value[above], value[at]
        at = above
    return True


@method(PRIORITY_QUEUE, "addAll", 1)
def offer_all(run: "Run", value: Any, arguments: list[Any]) -> bool:
    added = [offer(run, value, [item]) for item in sequence(run, arguments[0])]
    return bool(added)


@method(PRIORITY_QUEUE, "poll")
def poll(run: "Run", value: Any, arguments: list[Any]) -> Any:
    if not value:
        return None
    found, last = value[0], value.pop()
    if value:
        value[0] = last
        _sink(run, value)
    return found


def _sink(run: "Run", value: Any) -> None:
    at = 0
    while 2 * at + 1 < len(value):
        run.steps()
        below = 2 * at + 1
        if below + 1 < len(value) and _comes_before(run, value, value[below + 1], value[below]):
            below += 1
        if not _comes_before(run, value, value[below], value[at]):
            return
        value[at], value[below] = value[below], value[at]
        at = below


@method(PRIORITY_QUEUE, "remove", 0)
def remove_first(run: "Run", value: Any, arguments: list[Any]) -> Any:
    if not value:
        run.fail("java.util.NoSuchElementException", None)
    return poll(run, value, [])


@method(PRIORITY_QUEUE, "peek")
def peek_priority(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return value[0] if value else None


# Counters


def _atomic(name: str) -> kinds.Kind:
    made = kinds.kind(f"java.util.concurrent.atomic.{name}", OBJECT)

    @constructor(made, (0, 1))
    def make(run: "Run", kind: Any, arguments: list[Any]) -> Any:
        start = {"AtomicInteger": 0, "AtomicLong": values.Long(0), "AtomicBoolean": False}.get(name)
        return values.Box(made, _fitting(name, arguments[0]) if arguments else start)

    @method(made, "get getPlain getAcquire intValue longValue")
    def get(run: "Run", value: Any, arguments: list[Any]) -> Any:
        return value.content

    @method(made, "set lazySet", 1)
    def put(run: "Run", value: Any, arguments: list[Any]) -> None:
        value.content = _fitting(name, arguments[0])

    @method(made, "getAndSet", 1)
    def get_and_set(run: "Run", value: Any, arguments: list[Any]) -> Any:
        before, value.content = value.content, _fitting(name, arguments[0])
        return before

    @method(made, "compareAndSet", 2)
    def compare_and_set(run: "Run", value: Any, arguments: list[Any]) -> bool:
        if not run.equal(value.content, arguments[0]):
            return False
        value.content = _fitting(name, arguments[1])
        return True

    def updated(names: str, gives_new: bool) -> None:
        @method(made, names, 1)
        def update(run: "Run", value: Any, arguments: list[Any]) -> Any:
            before, value.content = value.content, run.call(arguments[0], [value.content])
            return value.content if gives_new else before

    updated("updateAndGet", True)
    updated("getAndUpdate", False)
    return made


def _fitting(name: str, value: Any) -> Any:
    return values.Long(value) if name == "AtomicLong" else value


ATOMICS = {name: _atomic(name) for name in ("AtomicInteger", "AtomicLong", "AtomicBoolean", "AtomicReference")}


def _counts(name: str, by: int | None, *, gives_new: bool) -> None:
    for kind in (ATOMICS["AtomicInteger"], ATOMICS["AtomicLong"]):

        @method(kind, name, 0 if by is not None else 1)
        def count(run: "Run", value: Any, arguments: list[Any]) -> Any:
            before = value.content
            run.integer(before.bit_length())
            value.content = type(before)(before + (int(arguments[0]) if by is None else by))
            return value.content if gives_new else before


for _name, _by, _new_one in (
    ("incrementAndGet", 1, True), ("decrementAndGet", -1, True), ("getAndIncrement", 1, False),
    ("getAndDecrement", -1, False), ("addAndGet", None, True), ("getAndAdd", None, False),
):  # fmt: skip
    _counts(_name, _by, gives_new=_new_one)
