"""The values of a rule. Their Python type alone decides what they are; nothing else ever reaches a script."""

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal as Decimal
from typing import TYPE_CHECKING, Any

from rules.language import kinds
from rules.language.classes import Instance as Instance
from rules.language.closures import Closure as Closure
from rules.language.closures import NativeClosure as NativeClosure
from rules.language.hash_order import HashOrder, room_for
from rules.language.host import HostObject
from rules.language.kinds import Kind
from rules.language.raised import LimitReached

if TYPE_CHECKING:
    pass

_SALT = secrets.token_hex(8)


class Long(int):
    __slots__ = ()


class BigInt(int):
    __slots__ = ()


class Short(int):
    __slots__ = ()


class Byte(int):
    __slots__ = ()


class Float(float):
    __slots__ = ()


class Char(str):
    __slots__ = ()


class GString:
    """Texts with values between them: one text more than values. The text is made when it is needed."""

    __slots__ = ("strings", "values")

    def __init__(self, strings: Sequence[str], values: Sequence[Any]) -> None:
        self.strings = tuple(strings)
        self.values = list(values)


class Array(list[Any]):
    """A Java array; `component` is the simple name of its element type."""

    __slots__ = ("component",)

    def __init__(self, items: Iterable[Any] = (), component: str = "Object") -> None:
        super().__init__(items)
        self.component = component


class OtherList(list[Any]):
    """A list that is not an ArrayList; `fixed` ones refuse every change. `owner`: the map it shows the values of, or
    how a queue compares."""

    __slots__ = ("fixed", "kind", "owner")

    def __init__(self, items: Iterable[Any], kind: Kind, *, fixed: bool = False) -> None:
        super().__init__(items)
        self.kind = kind
        self.fixed = fixed
        self.owner: Any = None


class Entry:
    """One pair of a map, and the map's own storage of it: a new value is written through. Pairs without a map are of
    another kind."""

    __slots__ = ("key", "kind", "value")

    def __init__(self, key: Any, value: Any, kind: Kind = kinds.LINKED_ENTRY) -> None:
        self.key = key
        self.value = value
        self.kind = kind


class GMap:
    """A map in the order of insertion, or of its kind: sorted, or by hash code. `default` makes missing values; `fixed`
    ones refuse every change."""

    __slots__ = ("compare", "default", "fixed", "held", "kind", "order")

    def __init__(
        self, pairs: Iterable[tuple[Any, Any]] = (), kind: Kind = kinds.LINKED_HASH_MAP, *, fixed: bool = False
    ) -> None:
        self.held: dict[Any, Entry] = {}
        self.kind = kind
        self.order = HashOrder() if kind in (kinds.HASH_MAP, kinds.CONCURRENT_MAP) else None
        self.default: Any = None
        self.fixed = fixed
        # The comparator of a sorted map that has one.
        self.compare: Any = None
        for key, value in pairs:
            self.put(key, value)

    def __len__(self) -> int:
        return len(self.held)

    def get(self, key: Any) -> Any:
        found = self.held.get(hashed(key))
        return None if found is None else found.value

    def find(self, key: Any) -> Entry | None:
        return self.held.get(hashed(key))

    def put(self, key: Any, value: Any) -> Any:
        """Store and give back what was there before."""
        place = hashed(key)
        found = self.held.get(place)
        if found is None:
            self.held[place] = Entry(key, value)
            if self.order is not None:
                self.order.is_dirty = True
            return None
        before, found.value = found.value, value
        return before

    def has(self, key: Any) -> bool:
        return hashed(key) in self.held

    def remove(self, key: Any) -> Any:
        found = self.held.pop(hashed(key), None)
        return None if found is None else found.value

    def settled(self) -> dict[Any, Entry]:
        """What is held, in the order in which it is shown."""
        if self.order is not None and self.order.is_dirty:
            self.held = self.order.settled(self.held, [entry.key for entry in self.held.values()])
        return self.held

    def entries(self) -> list[Entry]:
        return list(self.settled().values())

    def items(self) -> list[tuple[Any, Any]]:
        return [(entry.key, entry.value) for entry in self.settled().values()]

    def similar(self, pairs: Iterable[tuple[Any, Any]]) -> "GMap":
        """A new map of some of the pairs: sorted where this one is, else in the order of insertion."""
        return GMap(pairs, self.kind if self.kind is kinds.TREE_MAP else kinds.LINKED_HASH_MAP)

    def like(self, pairs: Iterable[tuple[Any, Any]]) -> "GMap":
        """A new map of the same kind."""
        own = self.kind in (kinds.HASH_MAP, kinds.LINKED_HASH_MAP, kinds.TREE_MAP)
        kind = self.kind if own else kinds.LINKED_HASH_MAP
        return GMap(pairs, kind)


class GSet:
    """A set in the order of insertion, or of its kind: sorted, or by hash code. `owner`: the map it shows the keys
    of. `room` is what a hash table begins with, where it is not what Java takes for a copy; `fixed` ones refuse every
    change."""

    __slots__ = ("compare", "fixed", "held", "kind", "order", "owner")

    def __init__(
        self, items: Iterable[Any] = (), kind: Kind = kinds.LINKED_HASH_SET, room: int = 0, *, fixed: bool = False
    ) -> None:
        self.owner: GMap | None = None
        self.compare: Any = None
        self.held: dict[Any, Any] = {}
        for item in items:
            self.held.setdefault(hashed(item), item)
        self.kind = kind
        self.order = HashOrder(room or room_for(len(self.held))) if kind is kinds.HASH_SET else None
        self.fixed = fixed

    def __len__(self) -> int:
        return len(self.held)

    def settled(self) -> dict[Any, Any]:
        """What is held, in the order in which it is shown."""
        if self.order is not None and self.order.is_dirty:
            self.held = self.order.settled(self.held, list(self.held.values()))
        return self.held

    def __iter__(self) -> Iterator[Any]:
        return iter(self.settled().values())

    def has(self, item: Any) -> bool:
        return hashed(item) in self.held

    def add(self, item: Any) -> bool:
        place = hashed(item)
        if place in self.held:
            return False
        self.held[place] = item
        if self.order is not None:
            self.order.is_dirty = True
        return True

    def remove(self, item: Any) -> bool:
        return self.held.pop(hashed(item), self) is not self


class Range:
    """Lazy: `first` and `last` as written. `count` and `at` tell the items without a list of them."""

    __slots__ = ("count", "excludes_first", "excludes_last", "first", "item", "kind", "last")

    def __init__(self, first: Any, last: Any, count: int, item: Callable[[int], Any], kind: Kind) -> None:
        self.first = first
        self.last = last
        self.count = count
        self.item = item
        self.kind = kind
        self.excludes_first = False
        self.excludes_last = False

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[Any]:
        return (self.item(index) for index in range(self.count))


class ClassRef:
    """A class as a value."""

    __slots__ = ("kind",)

    def __init__(self, kind: Kind) -> None:
        self.kind = kind


class Throwable:
    """A built-in exception as a value."""

    __slots__ = ("cause", "kind", "message", "suppressed")

    def __init__(self, kind: Kind, message: str | None = None, cause: Any = None) -> None:
        self.kind = kind
        self.message = message
        self.cause = cause
        self.suppressed: list[Any] = []


class StringBuilder:
    """Text that grows; `parts` are joined when it is read."""

    __slots__ = ("kind", "length", "parts")

    def __init__(self, text: str = "", kind: Kind = kinds.STRING_BUILDER) -> None:
        self.parts = [text] if text else []
        self.length = len(text)
        self.kind = kind

    def append(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)

    def text(self) -> str:
        if len(self.parts) > 1:
            self.parts = ["".join(self.parts)]
        return self.parts[0] if self.parts else ""

    def replace_all(self, text: str) -> None:
        self.parts = [text]
        self.length = len(text)


class Pattern:
    __slots__ = ("compiled",)

    def __init__(self, compiled: Any) -> None:
        self.compiled = compiled


class Matcher:
    """`match` is the last match, `at` where the next search begins, `appended` how far appendReplacement came."""

    __slots__ = ("appended", "at", "match", "pattern", "text")

    def __init__(self, pattern: Pattern, text: str) -> None:
        self.pattern = pattern
        self.text = text
        self.match: Any = None
        self.at = 0
        self.appended = 0


class Date:
    """A point in time in milliseconds."""

    __slots__ = ("kind", "millis")

    def __init__(self, millis: int, kind: Kind = kinds.DATE) -> None:
        self.millis = millis
        self.kind = kind


class Walker:
    """An iterator. `ahead` holds one item that was looked at already; `drop` removes the item that was given last from
    where it came from, `last`."""

    __slots__ = ("ahead", "drop", "last", "source")

    def __init__(self, source: Iterator[Any], drop: Callable[[Any], Any] | None = None) -> None:
        self.source = source
        self.ahead: list[Any] = []
        self.drop = drop
        self.last: list[Any] = []

    def has_next(self) -> bool:
        if not self.ahead:
            for item in self.source:
                self.ahead.append(item)
                break
        return bool(self.ahead)


class Box:
    """A value of a rarer class: its kind, and what our members for that kind keep inside."""

    __slots__ = ("content", "kind")

    def __init__(self, kind: Kind, content: Any) -> None:
        self.kind = kind
        self.content = content


def _own_kind(value: Any) -> Kind:
    return value.kind  # type: ignore[no-any-return]


_ARRAY_KINDS: dict[str, Kind] = {}
_PRIMITIVE_CODES = {"int": "I", "long": "J", "byte": "B", "char": "C", "double": "D", "float": "F", "boolean": "Z"}


def array_kind(component: str) -> Kind:
    """The kind of arrays of that element type."""
    found = _ARRAY_KINDS.get(component)
    if found is None:
        parent = kinds.PRIMITIVE_ARRAY if component in _PRIMITIVE_CODES else kinds.ARRAY
        found = Kind(f"[{_element_code(component)}", f"{component}[]", (parent,))
        if len(_ARRAY_KINDS) < 1000:
            _ARRAY_KINDS[component] = found
    return found


def _element_code(component: str) -> str:
    """What stands for an element type in the name of an array's class."""
    if component in _PRIMITIVE_CODES:
        return _PRIMITIVE_CODES[component]
    if component.endswith("[]"):
        return array_kind(component[:-2]).name
    element = kinds.class_named(component)
    return f"L{element.name if element else component};"


def _closure_kind(value: Closure) -> Kind:
    name = value.code.class_name
    return Kind(name, name.partition("$")[2].rpartition("$")[2] or name, (kinds.CLOSURE,))


_CLOSURE_KINDS = {"org.codehaus.groovy.runtime.MethodClosure": kinds.METHOD_CLOSURE}


def _native_kind(value: NativeClosure) -> Kind:
    return kinds.CLASSES.get(value.class_name, kinds.METHOD_CLOSURE)


def _host_kind(value: HostObject) -> Kind:
    return Kind(value.kind_name, value.kind_name, (kinds.OBJECT,))


for _type, _kind in (
    (Long, kinds.LONG), (BigInt, kinds.BIG_INTEGER), (Short, kinds.SHORT), (Byte, kinds.BYTE), (Float, kinds.FLOAT),
    (Char, kinds.CHARACTER), (Decimal, kinds.BIG_DECIMAL), (GString, kinds.G_STRING_IMPL), (Entry, _own_kind),
    (GMap, _own_kind), (GSet, _own_kind), (OtherList, _own_kind), (Range, _own_kind), (Throwable, _own_kind),
    (StringBuilder, _own_kind), (Date, _own_kind), (Box, _own_kind), (ClassRef, kinds.CLASS), (Pattern, kinds.PATTERN),
    (Matcher, kinds.MATCHER), (Walker, kinds.ITERATOR), (Array, lambda value: array_kind(value.component)),
    (Closure, _closure_kind), (NativeClosure, _native_kind), (HostObject, _host_kind),
    (Instance, lambda value: value.of.kind),
):  # fmt: skip
    kinds.of_type(_type, _kind)

_DEEPEST = 50


def hashed(key: Any, depth: int = 0) -> Any:
    """What stands for a value as a key: equal exactly where Java's `equals` says so. Raises LimitReached when nested
    too deeply."""
    of = type(key)
    if of is str:
        return key
    if of is int or of is Long or of is Short or of is Byte or of is BigInt:
        # Beyond this size Python's hash of integers repeats, and a rule could choose keys that collide.
        return (of.__name__, _SALT, int(key) if -(2**60) < key < 2**60 else hex(key))
    if of in (bool, float, Float, Decimal):
        return (of.__name__, repr(key))
    if of is GString:
        return ("GString", "".join(_plain_text(key)))
    if depth > _DEEPEST:
        raise LimitReached("a key is nested too deeply")
    return _hashed_whole(key, of, depth)


def _hashed_whole(key: Any, of: type, depth: int) -> Any:
    if of is list or of is OtherList or of is Range:
        return ("list", *(hashed(item, depth + 1) for item in key))
    if of is GSet:
        return ("set", frozenset(key.held))
    if of is GMap:
        return ("map", frozenset((place, hashed(entry.value, depth + 1)) for place, entry in key.held.items()))
    if of is Char:
        return ("char", str(key))
    if of is Entry:
        return ("entry", hashed(key.key, depth + 1), hashed(key.value, depth + 1))
    if of is Date:
        return ("date", _SALT, key.millis)
    if of is ClassRef:
        return ("class", key.kind.name)
    if of is Instance and key.run is not None:
        return OwnKey(key)
    if of is Box and key.kind in EQUAL_BOXES:
        return (key.kind.name, repr(key.content))
    text = key.as_text() if isinstance(key, HostObject) else None
    return ("object", id(key), Held(key)) if text is None else text


EQUAL_BOXES: set[Kind] = set()
"""The kinds of boxes that are equal when their contents are."""


class OwnKey:
    """An object as a key whose class has `equals` and `hashCode` of its own. What they raise goes to the rule."""

    __slots__ = ("what",)

    def __init__(self, what: Instance) -> None:
        self.what = what

    def __eq__(self, other: object) -> bool:
        if type(other) is not OwnKey:
            return False
        run = self.what.run
        return self.what is other.what or run.truth(run.call_method(self.what, "equals", [other.what])) is True

    def __hash__(self) -> int:
        found = self.what.run.call_method(self.what, "hashCode", [])
        return hash((_SALT, found)) if isinstance(found, int) else 0


class Held:
    """Keeps an object alive while its id is a key; all of them are equal."""

    __slots__ = ("what",)

    def __init__(self, what: Any) -> None:
        self.what = what

    def __eq__(self, other: object) -> bool:
        return type(other) is Held

    def __hash__(self) -> int:
        return 0


def _plain_text(text: GString) -> Iterator[str]:
    """The text of a GString as a key; values that need a run to be shown count by their identity."""
    for position, part in enumerate(text.strings):
        yield part
        if position < len(text.values):
            value = text.values[position]
            yield str(value) if type(value) in (str, int, bool, Long) else f"\0{hashed(value, 1)!r}"


def unpacked(value: Any) -> list[Any] | None:
    """The items of a list that may stand for several arguments."""
    return list(value) if type(value) in (list, OtherList, Array) else None


WALKS: dict[Kind, Callable[[Any, Any], Iterator[Any]]] = {}
"""How to walk over boxes, matchers and other rarer values; their members enter it."""
