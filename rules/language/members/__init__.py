"""The members of every kind: tables keyed by kind and name, which is the only way from a name in a rule to code."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rules.language import kinds, values
from rules.language.kinds import INT, Kind

if TYPE_CHECKING:
    from rules.language.run import Run

__all__ = ["INT"]

Method = Callable[[Any, Any, list[Any]], Any]
Reader = Callable[[Any, Any], Any]
Arity = int | tuple[int, int | None]

METHODS: dict[tuple[Kind, str], Method] = {}
PROPERTIES: dict[tuple[Kind, str], Reader] = {}
SETTERS: dict[tuple[Kind, str], Callable[[Any, Any, Any], None]] = {}
STATICS: dict[tuple[Kind, str], Method] = {}
STATIC_PROPERTIES: dict[tuple[Kind, str], Reader] = {}
CONSTRUCTORS: dict[Kind, Method] = {}
DYNAMIC: dict[Kind, Callable[[Any, Any, str, list[Any]], Any]] = {}
"""Kinds that answer to any method name, as builders do: what is called with the name."""
_GETTERS: dict[tuple[Kind, str], bool] = {}


# What Python says of an argument that a method has no use for: to a rule, there is no such method.
UNFIT = (TypeError, ValueError, AttributeError, LookupError, OverflowError, ZeroDivisionError)


def _bounds(arity: Arity) -> tuple[int, int | None]:
    return (arity, arity) if isinstance(arity, int) else arity


def _checked(act: Method, name: str, arity: Arity, *, is_static: bool = False) -> Method:
    """The method behind a check of how many arguments it gets."""
    least, most = _bounds(arity)

    def call(run: "Run", receiver: Any, arguments: list[Any]) -> Any:
        count = len(arguments)
        if not count and least == 1 and most == 1:
            # The one argument that is not there is null.
            arguments, count = [None], 1
        if least <= count and (most is None or count <= most):
            try:
                return act(run, receiver, arguments)
            except UNFIT:
                pass
        kind = receiver.kind if is_static else kinds.kind_of(receiver)
        prefix = "static " if is_static else ""
        return run.no_method(prefix + kind.name, name, arguments)

    return call


def method(kind: Kind, names: str, arity: Arity = 0) -> Callable[[Method], Method]:
    """Enter a method under one or several names (separated by blanks). `arity` is a number or (least, most)."""

    def enter(act: Method) -> Method:
        for name in names.split():
            METHODS[kind, name] = _checked(act, name, arity)
            _GETTERS[kind, name] = _bounds(arity)[0] == 0
        return act

    return enter


def prop(kind: Kind, names: str) -> Callable[[Reader], Reader]:
    """Enter a property that has no getter method of its own."""

    def enter(act: Reader) -> Reader:
        for name in names.split():
            PROPERTIES[kind, name] = act
        return act

    return enter


def setter(kind: Kind, name: str) -> Callable[[Any], Any]:
    def enter(act: Any) -> Any:
        SETTERS[kind, name] = act
        return act

    return enter


def static(kind: Kind, names: str, arity: Arity = 0) -> Callable[[Method], Method]:
    """Enter a static method; its receiver is the class."""

    def enter(act: Method) -> Method:
        for name in names.split():
            STATICS[kind, name] = _checked(act, name, arity, is_static=True)
        return act

    return enter


def static_prop(kind: Kind, names: str) -> Callable[[Reader], Reader]:
    def enter(act: Reader) -> Reader:
        for name in names.split():
            STATIC_PROPERTIES[kind, name] = act
        return act

    return enter


def constant(kind: Kind, name: str, value: Any) -> None:
    """Enter a static field with a fixed value."""
    STATIC_PROPERTIES[kind, name] = lambda run, reference: value


def constructor(kind: Kind, arity: Arity = 0) -> Callable[[Method], Method]:
    """Enter the constructor; its receiver is the kind to make."""
    least, most = _bounds(arity)

    def enter(act: Method) -> Method:
        def make(run: "Run", made: Kind, arguments: list[Any]) -> Any:
            if len(arguments) < least or (most is not None and len(arguments) > most):
                no_constructor(run, made, arguments)
            try:
                return act(run, made, arguments)
            except UNFIT:
                return no_constructor(run, made, arguments)

        CONSTRUCTORS[kind] = make
        return act

    return enter


def no_constructor(run: "Run", kind: Kind, arguments: list[Any]) -> None:
    """`Could not find matching constructor for: …`. Raises Raised."""
    types = ", ".join(type_name(value) for value in arguments)
    run.fail("groovy.lang.GroovyRuntimeException", f"Could not find matching constructor for: {kind.name}({types})")


def _along(kind: Kind, name: str, table: dict[tuple[Kind, str], Any]) -> Any:
    for step in kinds.lineage(kind) if (kind, name) not in table else (kind,):
        found = table.get((step, name))
        if found is not None:
            return found
    return None


_FOUND: dict[tuple[Kind, str], Method | None] = {}


def find_method(kind: Kind, name: str) -> Method | None:
    """The method of that name of the kind or of what it descends from."""
    key = kind, name
    if key in _FOUND:
        return _FOUND[key]
    found: Method | None = _along(kind, name, METHODS)
    if found is not None and kind in _STABLE and len(_FOUND) < 20_000:
        _FOUND[key] = found
    return found


_STABLE = set(kinds.CLASSES.values())


def find_getter(kind: Kind, name: str) -> Method | None:
    """The method of that name, where it can be called without arguments."""
    found = find_method(kind, name)
    if found is None or not _along(kind, name, _GETTERS):
        return None
    return found


def find_property(kind: Kind, name: str) -> Reader | None:
    found: Reader | None = _along(kind, name, PROPERTIES)
    return found


def find_setter(kind: Kind, name: str) -> Callable[[Any, Any, Any], None] | None:
    found: Callable[[Any, Any, Any], None] | None = _along(kind, name, SETTERS)
    return found


def find_static(kind: Kind, name: str) -> Method | None:
    found: Method | None = _along(kind, name, STATICS)
    return found


def find_static_property(kind: Kind, name: str) -> Reader | None:
    found: Reader | None = _along(kind, name, STATIC_PROPERTIES)
    return found


def find_constructor(kind: Kind) -> Method | None:
    found = CONSTRUCTORS.get(kind)
    if found is None and kinds.is_kind(kind, kinds.THROWABLE):
        return CONSTRUCTORS.get(kinds.THROWABLE)
    return found


def type_name(value: Any) -> str:
    """A value's class as messages about calls list it."""
    if value is None:
        return "null"
    kind = kinds.kind_of(value)
    return kind.name.rpartition(".")[2] if "$" in kind.name else kind.simple


def map_value(run: "Run", held: values.GMap, key: Any) -> Any:
    """`map[key]`, made by the default closure where it is missing."""
    found = held.find(key)
    if found is not None:
        return found.value
    if held.default is None:
        return None
    value = run.call(held.default, [key])
    run.grow(len(held) + 1)
    held.put(key, value)
    return value
