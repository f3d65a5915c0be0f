"""Further static members of Collections, Arrays, Optional, IntStream, TimeUnit, and pairs by name."""

from typing import TYPE_CHECKING, Any

from rules.language import kinds, text_of, values
from rules.language.kinds import CLASSES, ENTRY, LIST, MAP, OPTIONAL, STREAM
from rules.language.members import constructor, method, static
from rules.language.members.arguments import is_whole, sequence

if TYPE_CHECKING:
    from rules.language.run import Run

COLLECTIONS, ARRAYS = CLASSES["Collections"], CLASSES["Arrays"]


@static(COLLECTIONS, "swap", 3)
def swap(run: "Run", reference: Any, arguments: list[Any]) -> None:
    run.call_method(arguments[0], "swap", arguments[1:])


_EMPTY_SET = kinds.Kind("java.util.Collections$EmptySet", "EmptySet", (kinds.SET,))
_SINGLETON_SET = kinds.Kind("java.util.Collections$SingletonSet", "SingletonSet", (kinds.SET,))
_SINGLETON_MAP = kinds.Kind("java.util.Collections$SingletonMap", "SingletonMap", (MAP,))


@static(COLLECTIONS, "addAll", (1, None))
def add_all(run: "Run", reference: Any, arguments: list[Any]) -> bool:
    given = list(arguments[1]) if len(arguments) == 2 and type(arguments[1]) is values.Array else arguments[1:]
    return sum(bool(run.call_method(arguments[0], "add", [item])) for item in given) > 0


@static(COLLECTIONS, "emptySet")
def empty_set(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return values.GSet((), _EMPTY_SET, fixed=True)


@static(COLLECTIONS, "singleton", 1)
def singleton(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return values.GSet(arguments, _SINGLETON_SET, fixed=True)


@static(COLLECTIONS, "singletonMap", 2)
def singleton_map(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return values.GMap([(arguments[0], arguments[1])], _SINGLETON_MAP, fixed=True)


@static(COLLECTIONS, "unmodifiableMap unmodifiableSet unmodifiableCollection", 1)
def unmodifiable(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return run.call_method(arguments[0], "asUnmodifiable", [])


@static(COLLECTIONS, "synchronizedList synchronizedMap synchronizedSet", 1)
def synchronized(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return arguments[0]


@static(COLLECTIONS, "disjoint", 2)
def disjoint(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return run.call_method(arguments[0], "disjoint", arguments[1:])


@static(COLLECTIONS, "fill", 2)
@static(ARRAYS, "fill", 2)
def fill(run: "Run", reference: Any, arguments: list[Any]) -> None:
    held = arguments[0]
    run.collection(len(held))
    held[:] = [arguments[1]] * len(held)


@static(COLLECTIONS, "rotate", 2)
def rotate(run: "Run", reference: Any, arguments: list[Any]) -> None:
    items = sequence(run, arguments[0])
    by = int(arguments[1]) % len(items) if items else 0
    arguments[0][:] = items[-by:] + items[:-by] if by else items


@static(COLLECTIONS, "binarySearch", 2)
@static(ARRAYS, "binarySearch", 2)
def binary_search(run: "Run", reference: Any, arguments: list[Any]) -> int:
    items, wanted = arguments[0], arguments[1]
    low, high = 0, len(items) - 1
    while low <= high:
        run.steps()
        middle = (low + high) // 2
        found = run.compare(items[middle], wanted)
        if not found:
            return middle
        low, high = (middle + 1, high) if found < 0 else (low, middle - 1)
    return -low - 1


@static(ARRAYS, "stream", 1)
def array_stream(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return values.Box(STREAM, sequence(run, arguments[0]))


@static(ARRAYS, "copyOf", 2)
def copy_of(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    held, size = arguments[0], int(arguments[1])
    run.collection(max(0, size))
    empty = 0 if held.component in ("int", "long", "short", "byte") else None
    return values.Array((list(held) + [empty] * size)[:size], held.component)


@static(ARRAYS, "copyOfRange", 3)
def copy_of_range(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    held = arguments[0]
    return values.Array(list(held)[int(arguments[1]) : int(arguments[2])], held.component)


@static(ARRAYS, "deepToString", 1)
def deep_text(run: "Run", reference: Any, arguments: list[Any]) -> str:
    return run.text(sequence(run, arguments[0]))


@static(ARRAYS, "hashCode", 1)
def array_hash(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return run.call_method(sequence(run, arguments[0]), "hashCode", [])


OBJECTS = CLASSES["Objects"]


@static(OBJECTS, "hashCode", 1)
def hash_of_one(run: "Run", reference: Any, arguments: list[Any]) -> int:
    return 0 if arguments[0] is None else int(run.call_method(arguments[0], "hashCode", []))


@static(OBJECTS, "deepEquals", 2)
@static(ARRAYS, "deepEquals", 2)
def deep_equals(run: "Run", reference: Any, arguments: list[Any]) -> bool:
    return run.equal(*arguments)


@static(OBJECTS, "toString", (1, 2))
def object_text(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    if arguments[0] is None and len(arguments) > 1:
        return arguments[1]
    return text_of.java_text(run, arguments[0])


@static(COLLECTIONS, "replaceAll", 3)
def replace_all(run: "Run", reference: Any, arguments: list[Any]) -> bool:
    held, old, new = arguments
    places = [at for at, item in enumerate(run.items(held)) if run.equal(item, old)]
    for at in places:
        held[at] = new
    return bool(places)


@static(COLLECTIONS, "indexOfSubList", 2)
def index_of_part(run: "Run", reference: Any, arguments: list[Any]) -> int:
    held, part = (sequence(run, item) for item in arguments)
    run.steps(len(held) * len(part) >> 3)
    for at in range(len(held) - len(part) + 1):
        if run.equal(held[at : at + len(part)], part):
            return at
    return -1


# Pairs

_SIMPLE_ENTRY = kinds.kind("java.util.AbstractMap$SimpleEntry", ENTRY)
_FIXED_ENTRY = kinds.kind("java.util.AbstractMap$SimpleImmutableEntry", ENTRY)


@constructor(_FIXED_ENTRY, 2)
@constructor(_SIMPLE_ENTRY, 2)
def new_entry(run: "Run", kind: Any, arguments: list[Any]) -> Any:
    return values.Entry(arguments[0], arguments[1], kind)


@method(ENTRY, "equals", 1)
def entry_equals(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return type(arguments[0]) is values.Entry and run.equal(value, arguments[0])


@method(ENTRY, "hashCode")
def entry_hash(run: "Run", value: Any, arguments: list[Any]) -> int:
    key, held = (0 if it is None else int(run.call_method(it, "hashCode", [])) for it in (value.key, value.value))
    return key ^ held


# Optional


@static(OPTIONAL, "of", 1)
def optional_of(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    if arguments[0] is None:
        run.fail("java.lang.NullPointerException", None)
    return values.Box(OPTIONAL, arguments[0])


@method(OPTIONAL, "filter", 1)
def optional_filter(run: "Run", value: Any, arguments: list[Any]) -> Any:
    keeps = value.content is not None and run.truth(run.call(arguments[0], [value.content]))
    return value if keeps else values.Box(OPTIONAL, None)


@method(OPTIONAL, "flatMap", 1)
def optional_flat_map(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return value if value.content is None else run.call(arguments[0], [value.content])


@method(OPTIONAL, "ifPresentOrElse", 2)
def if_present_or_else(run: "Run", value: Any, arguments: list[Any]) -> None:
    if value.content is None:
        run.call(arguments[1])
    else:
        run.call(arguments[0], [value.content])


# IntStream

INT_STREAM = CLASSES["java.util.stream.IntStream"]


def _numbers(run: "Run", first: int, end: int) -> Any:
    run.collection(max(0, end - first))
    return values.Box(STREAM, list(range(first, end)))


@static(INT_STREAM, "range", 2)
def int_range(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return _numbers(run, int(arguments[0]), int(arguments[1]))


@static(INT_STREAM, "rangeClosed", 2)
def int_range_closed(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return _numbers(run, int(arguments[0]), int(arguments[1]) + 1)


@static(INT_STREAM, "of", (0, None))
@static(STREAM, "of", (0, None))
def stream_of(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    given = list(arguments[0]) if len(arguments) == 1 and type(arguments[0]) is values.Array else arguments
    return values.Box(STREAM, list(given))


@method(STREAM, "average")
def average(run: "Run", value: Any, arguments: list[Any]) -> Any:
    total = sum(float(item) for item in value.content)
    return values.Box(OPTIONAL, total / len(value.content) if value.content else None)


@method(OPTIONAL, "getAsInt getAsDouble getAsLong")
def get_as(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return run.call_method(value, "get", [])


@method(STREAM, "peek", 1)
def peek(run: "Run", value: Any, arguments: list[Any]) -> Any:
    for item in value.content:
        run.call(arguments[0], [item])
    return value


# What a list gives for places that it does not have


@method(LIST, "withDefault withLazyDefault", 1)
def with_lazy_default(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return _with_default(run, value, arguments[0], is_eager=False)


@method(LIST, "withEagerDefault", 1)
def with_eager_default(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return _with_default(run, value, arguments[0], is_eager=True)


_WITH_DEFAULT = kinds.kind("groovy.lang.ListWithDefault", LIST)


def _with_default(run: "Run", value: Any, function: Any, *, is_eager: bool) -> Any:
    made = values.OtherList(sequence(run, value), _WITH_DEFAULT)
    made.owner = function, is_eager
    return made


@method(_WITH_DEFAULT, "getAt get", 1)
def get_default(run: "Run", value: Any, arguments: list[Any]) -> Any:
    at = arguments[0]
    if not is_whole(at) or at < 0:
        return run.call_method(list(value), "getAt", arguments)
    function, is_eager = value.owner
    run.collection(max(len(value), int(at) + 1))
    while len(value) <= at:
        is_wanted = is_eager or len(value) == at
        value.append(run.call(function, [len(value)]) if is_wanted else None)
    if value[int(at)] is None:
        value[int(at)] = run.call(function, [int(at)])
    return value[int(at)]


_TIME_UNIT = CLASSES["java.util.concurrent.TimeUnit"]
text_of.TEXTS[_TIME_UNIT] = lambda run, value: str(value.content)
