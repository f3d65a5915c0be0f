"""Maps and their entries."""

from typing import TYPE_CHECKING, Any

from rules.language import equality, kinds, values
from rules.language.hash_order import table_size
from rules.language.kinds import MAP
from rules.language.members import constructor, map_value, method
from rules.language.members.arguments import ambiguous, is_text
from rules.language.members.collections import ask
from rules.language.members.ordering import compare_somehow, order, sorted_items
from rules.language.sorting import merged

if TYPE_CHECKING:
    from rules.language.run import Run


def changes(run: "Run", value: values.GMap) -> None:
    if value.fixed:
        run.fail("java.lang.UnsupportedOperationException", None)


def store(run: "Run", value: values.GMap, key: Any, new: Any) -> Any:
    """Put a pair, and pay for it; a sorted map stays sorted."""
    changes(run, value)
    if value.kind is kinds.CONCURRENT_MAP and (key is None or new is None):
        run.fail("java.lang.NullPointerException", None)
    is_new = not value.has(key)
    if is_new:
        run.grow(len(value) + 1)
    before = value.put(key, new)
    if is_new and value.kind is kinds.TREE_MAP:
        resort(run, value)
    return before


def resort(run: "Run", value: values.GMap) -> None:
    ordered = sorted_keys(run, value)
    value.held = {values.hashed(entry.key): entry for entry in ordered}


def sorted_keys(run: "Run", value: values.GMap) -> list[values.Entry]:
    how = value.compare
    if how is not None:
        return merged(run, value.entries(), lambda a, b: order(run, how, a.key, b.key))
    return merged(run, value.entries(), lambda a, b: equality.compare(run, a.key, b.key))


@method(MAP, "get", (1, 2))
def get(run: "Run", value: Any, arguments: list[Any]) -> Any:
    if len(arguments) == 1:
        return map_value(run, value, arguments[0])
    found = value.find(arguments[0])
    if found is not None:
        return found.value
    store(run, value, arguments[0], arguments[1])
    return arguments[1]


@method(MAP, "getAt", 1)
def get_at(run: "Run", value: Any, arguments: list[Any]) -> Any:
    key = arguments[0]
    return map_value(run, value, run.text(key) if type(key) is values.GString else key)


@method(MAP, "getOrDefault", 2)
def get_or_default(run: "Run", value: Any, arguments: list[Any]) -> Any:
    found = value.find(arguments[0])
    return arguments[1] if found is None else found.value


@method(MAP, "put", 2)
def put(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return store(run, value, arguments[0], arguments[1])


@method(MAP, "putAt", 2)
def put_at(run: "Run", value: Any, arguments: list[Any]) -> None:
    store(run, value, arguments[0], arguments[1])


@method(MAP, "putAll", 1)
def put_all(run: "Run", value: Any, arguments: list[Any]) -> None:
    if arguments[0] is None:
        ambiguous(run, value, "putAll", "interface java.util.Map", "interface java.util.Collection")
    for entry in run.items(arguments[0]):
        store(run, value, entry.key, entry.value)


@method(MAP, "remove removeElement", (1, 2))
def remove(run: "Run", value: Any, arguments: list[Any]) -> Any:
    """Of a key; or of a key that stands for that value, and whether it did."""
    changes(run, value)
    if len(arguments) == 2:
        found = value.find(arguments[0])
        if found is None or not equality.java_equals(run, found.value, arguments[1]):
            return False
        value.remove(arguments[0])
        return True
    return value.remove(arguments[0])


@method(MAP, "clear")
def clear(run: "Run", value: Any, arguments: list[Any]) -> None:
    changes(run, value)
    value.held.clear()


@method(MAP, "containsKey", 1)
def contains_key(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return bool(value.has(arguments[0]))


@method(MAP, "containsValue", 1)
def contains_value(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return any(equality.java_equals(run, entry.value, arguments[0]) for entry in run.items(value))


KEY_SET = kinds.Kind("java.util.LinkedHashMap$LinkedKeySet", "LinkedKeySet", (kinds.SET,))
VALUES = kinds.Kind("java.util.LinkedHashMap$LinkedValues", "LinkedValues", (kinds.COLLECTION,))
ENTRY_SET = kinds.Kind("java.util.LinkedHashMap$LinkedEntrySet", "LinkedEntrySet", (kinds.SET,))
HASH_KEYS = kinds.Kind("java.util.HashMap$KeySet", "KeySet", (kinds.SET,))
HASH_VALUES = kinds.Kind("java.util.HashMap$Values", "Values", (kinds.COLLECTION,))
HASH_ENTRIES = kinds.Kind("java.util.HashMap$EntrySet", "EntrySet", (kinds.SET,))
TREE_KEYS = kinds.Kind("java.util.TreeMap$KeySet", "KeySet", (kinds.SET,))
TREE_VALUES = kinds.Kind("java.util.TreeMap$Values", "Values", (kinds.COLLECTION,))
TREE_ENTRIES = kinds.Kind("java.util.TreeMap$EntrySet", "EntrySet", (kinds.SET,))


@method(MAP, "keySet")
def key_set(run: "Run", value: Any, arguments: list[Any]) -> Any:
    run.collection(len(value))
    keys = [entry.key for entry in value.entries()]
    made = values.GSet(keys, TREE_KEYS if value.kind is kinds.TREE_MAP else HASH_KEYS if value.order else KEY_SET)
    made.owner = value
    return made


@method(MAP, "values")
def values_(run: "Run", value: Any, arguments: list[Any]) -> Any:
    run.collection(len(value))
    kind = TREE_VALUES if value.kind is kinds.TREE_MAP else HASH_VALUES if value.order else VALUES
    made = values.OtherList([entry.value for entry in value.entries()], kind)
    made.owner = value
    return made


@method(MAP, "entrySet")
def entry_set(run: "Run", value: Any, arguments: list[Any]) -> Any:
    run.collection(len(value))
    kind = TREE_ENTRIES if value.kind is kinds.TREE_MAP else HASH_ENTRIES if value.order else ENTRY_SET
    made = values.GSet((), kind)
    made.held = dict(value.settled())
    made.owner = value
    return made


@method(MAP, "plus", 1)
def plus(run: "Run", value: Any, arguments: list[Any]) -> Any:
    if arguments[0] is None:
        ambiguous(run, value, "plus", "interface java.util.Collection", "interface java.util.Map")
    if is_text(arguments[0]):
        return run.call_method(run.text(value), "plus", arguments)
    run.collection(len(value))
    made = value.like(value.items())
    put_all(run, made, arguments)
    return made


@method(MAP, "leftShift", 1)
def left_shift(run: "Run", value: Any, arguments: list[Any]) -> Any:
    other = arguments[0]
    if type(other) is values.Entry:
        store(run, value, other.key, other.value)
    else:
        put_all(run, value, arguments)
    return value


@method(MAP, "minus", 1)
def minus(run: "Run", value: Any, arguments: list[Any]) -> Any:
    gone = arguments[0] if arguments[0] is not None else values.GMap()
    kept = []
    for entry in run.items(value):
        other = gone.find(entry.key)
        if other is None or not equality.equal(run, other.value, entry.value):
            kept.append((entry.key, entry.value))
    return value.like(kept)


@method(MAP, "subMap", (1, None))
def sub_map(run: "Run", value: Any, arguments: list[Any]) -> Any:
    """Of the keys of one collection, or of those that are named one by one."""
    made = values.GMap()
    for key in run.items(arguments[0] if len(arguments) == 1 else arguments):
        if value.has(key):
            made.put(key, value.get(key))
    return made


def _part(run: "Run", value: Any, entries: list[Any]) -> Any:
    run.collection(len(entries))
    return value.similar([(entry.key, entry.value) for entry in entries])


@method(MAP, "take", 1)
def take(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return _part(run, value, value.entries()[: max(0, int(arguments[0]))])


@method(MAP, "drop", 1)
def drop(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return _part(run, value, value.entries()[max(0, int(arguments[0])) :])


@method(MAP, "takeWhile", 1)
def take_while(run: "Run", value: Any, arguments: list[Any]) -> Any:
    kept = []
    for entry in value.entries():
        if not run.truth(ask(run, value, arguments[0], entry)):
            break
        kept.append(entry)
    return _part(run, value, kept)


@method(MAP, "toSorted", (0, 1))
def to_sorted(run: "Run", value: Any, arguments: list[Any]) -> Any:
    if arguments:
        return sort(run, value, arguments)
    ordered = merged(run, value.entries(), lambda a, b: compare_somehow(run, a.value, b.value))
    return values.GMap([(entry.key, entry.value) for entry in ordered])


@method(MAP, "sort", (0, 1))
def sort(run: "Run", value: Any, arguments: list[Any]) -> Any:
    if not arguments:
        ordered = sorted_keys(run, value)
        return values.GMap([(entry.key, entry.value) for entry in ordered], kinds.TREE_MAP)
    ordered = sorted_items(run, value.entries(), arguments[0])
    return values.GMap([(entry.key, entry.value) for entry in ordered])


@method(MAP, "withDefault", (1, 3))
def with_default(run: "Run", value: Any, arguments: list[Any]) -> Any:
    made = values.GMap((), kinds.MAP_WITH_DEFAULT)
    made.held = value.held
    made.default = arguments[-1]
    return made


@method(MAP, "asImmutable asUnmodifiable")
def as_immutable(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.GMap(value.items(), UNMODIFIABLE, fixed=True)


UNMODIFIABLE = kinds.Kind("java.util.Collections$UnmodifiableMap", "UnmodifiableMap", (MAP,))


@method(MAP, "clone")
def clone(run: "Run", value: Any, arguments: list[Any]) -> Any:
    run.collection(len(value))
    return value.like(value.items())


@method(MAP, "toMapString")
def to_map_string(run: "Run", value: Any, arguments: list[Any]) -> str:
    return run.text(value)


@method(MAP, "hashCode")
def hash_code(run: "Run", value: Any, arguments: list[Any]) -> int:
    total = 0
    for entry in run.items(value):
        total += _hash(run, entry.key) ^ _hash(run, entry.value)
    return (total + 2**31) % 2**32 - 2**31


def _hash(run: "Run", value: Any) -> int:
    return 0 if value is None else value if type(value) is int else int(run.call_method(value, "hashCode"))


def _new_map(run: "Run", kind: Any, arguments: list[Any]) -> Any:
    made = values.GMap((), kind)
    if arguments and type(arguments[0]) is values.GMap:
        if made.order is not None:
            made.order.size = table_size(int(len(arguments[0]) / 0.75) + 1)
        put_all(run, made, arguments[:1])
    return made


for _kind in (kinds.HASH_MAP, kinds.LINKED_HASH_MAP, kinds.CONCURRENT_MAP):
    constructor(_kind, (0, 2))(_new_map)
