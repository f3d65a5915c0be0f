"""Static members of Collections, Arrays, Objects, List, Set and Map."""

from typing import TYPE_CHECKING, Any

from rules.language import equality, kinds, values
from rules.language.members import list_parts, method, ordering, static
from rules.language.members.arguments import sequence
from rules.language.members.misc import CLASSES
from rules.language.members.streams import LIST_N

if TYPE_CHECKING:
    from rules.language.run import Run

# Collections, Arrays, Objects

COLLECTIONS, ARRAYS, OBJECTS = CLASSES["Collections"], CLASSES["Arrays"], CLASSES["Objects"]


def _fixed_list(run: "Run", items: list[Any], kind: kinds.Kind) -> Any:
    run.collection(len(items))
    return values.OtherList(items, kind, fixed=True)


_EMPTY = kinds.Kind("java.util.Collections$EmptyList", "EmptyList", (kinds.LIST,))
_EMPTY_MAP = kinds.Kind("java.util.Collections$EmptyMap", "EmptyMap", (kinds.MAP,))
_SINGLETON = kinds.Kind("java.util.Collections$SingletonList", "SingletonList", (kinds.LIST,))
_COPIES = kinds.Kind("java.util.Collections$CopiesList", "CopiesList", (kinds.LIST,))
_AS_LIST = kinds.Kind("java.util.Arrays$ArrayList", "ArrayList", (kinds.LIST,))
_LIST_12 = kinds.Kind("java.util.ImmutableCollections$List12", "List12", (kinds.LIST,))
_MAP_1 = kinds.Kind("java.util.ImmutableCollections$Map1", "Map1", (kinds.MAP,))
_MAP_N = kinds.Kind("java.util.ImmutableCollections$MapN", "MapN", (kinds.MAP,))
_SET_12 = kinds.Kind("java.util.ImmutableCollections$Set12", "Set12", (kinds.SET,))
_SET_N = kinds.Kind("java.util.ImmutableCollections$SetN", "SetN", (kinds.SET,))


@static(COLLECTIONS, "emptyList")
def empty_list(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return _fixed_list(run, [], _EMPTY)


@static(COLLECTIONS, "emptyMap")
def empty_map(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return values.GMap((), _EMPTY_MAP, fixed=True)


@static(COLLECTIONS, "singletonList", 1)
def singleton_list(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return _fixed_list(run, arguments, _SINGLETON)


@static(COLLECTIONS, "unmodifiableList", 1)
def unmodifiable_list(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return list_parts.as_immutable(run, arguments[0], [])


@static(COLLECTIONS, "sort", (1, 2))
def collections_sort(run: "Run", reference: Any, arguments: list[Any]) -> None:
    arguments[0][:] = ordering.sorted_items(run, sequence(run, arguments[0]), arguments[1] if arguments[1:] else None)


@static(COLLECTIONS, "reverse", 1)
def collections_reverse(run: "Run", reference: Any, arguments: list[Any]) -> None:
    arguments[0][:] = arguments[0][::-1]


@static(COLLECTIONS, "max", (1, 2))
def collections_max(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return ordering.max_(run, arguments[0], arguments[1:])


@static(COLLECTIONS, "min", (1, 2))
def collections_min(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return ordering.min_(run, arguments[0], arguments[1:])


@static(COLLECTIONS, "nCopies", 2)
def n_copies(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    run.collection(int(arguments[0]))
    return values.OtherList([arguments[1]] * int(arguments[0]), _COPIES, fixed=True)


@static(ARRAYS, "asList", (0, None))
def as_list(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    items = list(arguments[0]) if len(arguments) == 1 and type(arguments[0]) is values.Array else arguments
    return values.OtherList(items, _AS_LIST)


def _unsized(names: str) -> None:
    @method(_AS_LIST, names, (0, None))
    def refuse(run: "Run", value: Any, arguments: list[Any]) -> Any:
        return run.fail("java.lang.UnsupportedOperationException", None)


_unsized("add addAll addFirst addLast remove removeAt removeLast removeAll removeIf retainAll clear push pop leftShift")


@static(ARRAYS, "toString", 1)
def arrays_text(run: "Run", reference: Any, arguments: list[Any]) -> str:
    return run.text(sequence(run, arguments[0])) if arguments[0] is not None else "null"


@static(ARRAYS, "sort", 1)
def arrays_sort(run: "Run", reference: Any, arguments: list[Any]) -> None:
    arguments[0][:] = run.sorted(list(arguments[0]))


@static(ARRAYS, "equals", 2)
def arrays_equal(run: "Run", reference: Any, arguments: list[Any]) -> bool:
    return run.equal(*arguments)


@static(kinds.LIST, "of", (0, None))
def list_of(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return _fixed_list(run, arguments, _LIST_12 if 0 < len(arguments) < 3 else LIST_N)


@static(kinds.LIST, "copyOf", 1)
def list_copy(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return list_of(run, reference, sequence(run, arguments[0]))


@static(kinds.SET, "of", (0, None))
def set_of(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return values.GSet(arguments, _SET_12 if 0 < len(arguments) < 3 else _SET_N, fixed=True)


@static(kinds.MAP, "of", (0, 20))
def map_of(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    pairs = list(zip(arguments[::2], arguments[1::2], strict=True))
    return values.GMap(pairs, _MAP_1 if len(pairs) == 1 else _MAP_N, fixed=True)


@static(OBJECTS, "equals", 2)
def objects_equal(run: "Run", reference: Any, arguments: list[Any]) -> bool:
    return equality.java_equals(run, *arguments)


@static(OBJECTS, "isNull", 1)
def is_null(run: "Run", reference: Any, arguments: list[Any]) -> bool:
    return arguments[0] is None


@static(OBJECTS, "nonNull", 1)
def non_null(run: "Run", reference: Any, arguments: list[Any]) -> bool:
    return arguments[0] is not None


@static(OBJECTS, "requireNonNull", (1, 2))
def require_non_null(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    if arguments[0] is None:
        run.fail("java.lang.NullPointerException", run.text(arguments[1]) if len(arguments) > 1 else None)
    return arguments[0]


@static(OBJECTS, "requireNonNullElse", 2)
def require_else(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return arguments[1] if arguments[0] is None else arguments[0]
