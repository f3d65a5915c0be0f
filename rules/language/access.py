"""Properties of any value: which of the closed set of receivers it is decides where the name is looked up."""

from typing import TYPE_CHECKING, Any

from rules.language import instances, kinds, members, values
from rules.language.classes import Instance
from rules.language.closures import Closure
from rules.language.host import HostObject
from rules.language.invoking import script_class
from rules.language.raised import Raised

if TYPE_CHECKING:
    from rules.language.run import Run

# Their names are read from every element, where they are not the collection's own.
SPREADING = (list, values.OtherList, values.GSet, values.Array, values.Range)


def get(run: "Run", receiver: Any, name: str) -> Any:
    """`receiver.name`. Raises Raised, SecurityStop for a receiver outside the model."""
    of = type(receiver)
    if of is values.GMap:
        return receiver.get(name) if receiver.default is None else members.map_value(run, receiver, name)
    if of is Instance:
        return instances.get_property(run, receiver, name)
    if receiver is None:
        run.fail("java.lang.NullPointerException", f"Cannot get property '{name}' on null object")
    if isinstance(receiver, HostObject):
        return receiver.get_member(run, name)
    if of is values.ClassRef:
        return _get_static(run, receiver, name)
    kind = kinds.kind_of(receiver)
    if kind is kinds.EXPANDO:
        return receiver.content.get(name)
    reader = members.find_property(kind, name)
    if reader is not None:
        return reader(run, receiver)
    getter = _getter(kind, name)
    if getter is not None:
        return getter(run, receiver, [])
    if of in SPREADING:
        return spread(run, receiver, name)
    return run.no_property(name, kind.name)


def _getter(kind: Any, name: str) -> Any:
    suffix = name[:1].upper() + name[1:]
    return members.find_getter(kind, "get" + suffix) or members.find_getter(kind, "is" + suffix)


def spread(run: "Run", receiver: Any, name: str) -> list[Any]:
    """The property of every element that is not null. Raises Raised that names the collection."""
    found: list[Any] = []
    for item in run.items(receiver):
        if item is None:
            continue
        run.grow(len(found) + 1)
        try:
            found.append(get(run, item, name))
        except Raised as raised:
            if not run.is_missing(raised.value):
                raise
            whole = f"Exception evaluating property '{name}' for {kinds.kind_of(receiver).name}, Reason: "
            reason = f"groovy.lang.MissingPropertyException: {raised.value.message}"
            run.fail("groovy.lang.MissingPropertyException", whole + reason)
    return found


def _get_static(run: "Run", reference: Any, name: str) -> Any:
    """`Class.name`: a static field, or one of the few properties of a class itself."""
    of = script_class(run, reference)
    if of is not None:
        found = instances.get_static(run, of, name)
        if found is not instances.NO:
            return found
    reader = members.find_static_property(reference.kind, name)
    if reader is not None:
        return reader(run, reference)
    method = members.find_static(reference.kind, "get" + name[:1].upper() + name[1:])
    if method is not None and of is None:
        return method(run, reference, [])
    kind = kinds.kind_of(reference)
    own = members.find_property(kind, name)
    if own is not None:
        return own(run, reference)
    getter = _getter(kind, name)
    if getter is not None:
        return getter(run, reference, [])
    return run.no_property(name, reference.kind.name)


def put(run: "Run", receiver: Any, name: str, value: Any) -> None:
    """`receiver.name = value`. Raises Raised."""
    of = type(receiver)
    if of is values.GMap:
        run.call_method(receiver, "put", [name, value])
    elif of is Instance:
        instances.set_property(run, receiver, name, value)
    elif receiver is None:
        run.fail("java.lang.NullPointerException", f"Cannot set property '{name}' on null object")
    elif isinstance(receiver, HostObject):
        receiver.set_member(run, name, value)
    elif of is values.ClassRef:
        _put_static(run, receiver, name, value)
    elif of is values.Box and receiver.kind is kinds.EXPANDO:
        run.call_method(receiver.content, "put", [name, value])
    elif of is Closure and name in ("delegate", "resolveStrategy"):
        _put_delegate(receiver, name, value)
    else:
        _put_member(run, receiver, name, value)


def _put_static(run: "Run", reference: Any, name: str, value: Any) -> None:
    script = script_class(run, reference)
    if script is None or not instances.set_static(run, script, name, value):
        run.no_property(name, reference.kind.name)


def _put_delegate(closure: Closure, name: str, value: Any) -> None:
    closure.plain = False
    if name == "delegate":
        closure.delegate = value
    elif type(value) is int:
        closure.resolve = value


def _put_member(run: "Run", receiver: Any, name: str, value: Any) -> None:
    kind = kinds.kind_of(receiver)
    setter = members.find_setter(kind, name)
    if setter is not None:
        setter(run, receiver, value)
        return
    method = members.find_method(kind, "set" + name[:1].upper() + name[1:])
    if method is not None:
        method(run, receiver, [value])
    elif type(receiver) in SPREADING:
        for item in run.items(receiver):
            put(run, item, name, value)
    elif members.find_property(kind, name) is not None or _getter(kind, name) is not None:
        message = f"Cannot set readonly property: {name} for class: {kind.name}"
        run.fail("groovy.lang.ReadOnlyPropertyException", message)
    else:
        run.no_property(name, kind.name)
