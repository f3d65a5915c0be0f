"""Calls on any value: which of the closed set of receivers it is decides where the method is looked up."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from rules.language import calling, constructing, instances, kinds, members, text_of, values
from rules.language.classes import Instance, ScriptClass
from rules.language.closures import OWNER_FIRST, Closure, NativeClosure
from rules.language.host import HostObject
from rules.language.raised import Raised

if TYPE_CHECKING:
    from rules.language.run import Run

count_of = calling.count_of


def call(run: "Run", function: Any, arguments: Sequence[Any] = ()) -> Any:
    """`function(arguments)`. Raises Raised."""
    if type(function) is Closure:
        return calling.call_closure(run, function, arguments)
    if type(function) is NativeClosure:
        run.steps()
        return function.function(run, list(arguments))
    return call_method(run, function, "call", arguments)


def call_with(run: "Run", function: Any, receiver: Any, arguments: Sequence[Any] = ()) -> Any:
    """Call a closure whose free names mean `receiver`'s first."""
    if type(function) is Closure:
        return calling.call_closure(run, function.with_delegate(receiver), arguments)
    return call(run, function, arguments)


def call_method(run: "Run", receiver: Any, name: str, arguments: Sequence[Any] = ()) -> Any:
    """`receiver.name(arguments)`. Raises Raised, SecurityStop for a receiver outside the model."""
    given = list(arguments)
    of = type(receiver)
    if of is Instance:
        return instances.call_method(run, receiver, name, given)
    if of is values.ClassRef:
        return _call_static(run, receiver, name, given)
    if of in (Closure, NativeClosure) and name in ("call", "doCall"):
        return call(run, receiver, given)
    if isinstance(receiver, HostObject):
        return _call_host(run, receiver, name, given)
    method = members.find_method(kinds.kind_of(receiver), name)
    if method is not None:
        return method(run, receiver, given)
    if receiver is None:
        run.fail("java.lang.NullPointerException", f"Cannot invoke method {name}() on null object")
    if of is values.GString:
        return call_method(run, text_of.text(run, receiver), name, given)
    static = members.find_static(kinds.kind_of(receiver), name)
    if static is not None and not (of is values.GMap and receiver.get(name) is not None):
        return static(run, values.ClassRef(kinds.kind_of(receiver)), given)
    return _held(run, receiver, name, given)


def _held(run: "Run", receiver: Any, name: str, given: list[Any]) -> Any:
    """A closure in a map under that name, what a builder makes of any name, or no such method."""
    if type(receiver) is values.Box and receiver.kind in members.DYNAMIC:
        return members.DYNAMIC[receiver.kind](run, receiver, name, given)
    is_expando = type(receiver) is values.Box and receiver.kind is kinds.EXPANDO
    if type(receiver) is values.GMap or is_expando:
        held = (receiver.content if is_expando else receiver).get(name)
        if is_expando and type(held) is Closure:
            return call(run, held.with_delegate(receiver, OWNER_FIRST), given)
        if held is not None:
            return call(run, held, given)
    elif type(receiver) is values.Box and type(receiver.content) in (Closure, NativeClosure):
        return call(run, receiver.content, given)
    elif type(receiver) is Closure and name != "call":
        # A closure passes an unknown method on to what it stands in.
        for place in (receiver.owner, receiver.delegate):
            if responds(run, place, name):
                return call_method(run, place, name, given)
    return no_method(run, kinds.kind_of(receiver).name, name, given)


def _call_host(run: "Run", receiver: HostObject, name: str, given: list[Any]) -> Any:
    if not receiver.has_member(name):
        method = members.find_method(kinds.OBJECT, name)
        if method is not None:
            return method(run, receiver, given)
    return receiver.call_member(run, name, given)


def _call_static(run: "Run", reference: Any, name: str, given: list[Any]) -> Any:
    """`Class.name(arguments)`: a static method, or one of the few that every class has."""
    of = script_class(run, reference)
    if of is not None:
        found = instances.call_static(run, of, name, given)
        if found is not instances.NO:
            return found
    method = members.find_static(reference.kind, name)
    if method is not None:
        return method(run, reference, given)
    method = members.find_method(kinds.kind_of(reference), name)
    if method is not None:
        return method(run, reference, given)
    return run.fail(
        "groovy.lang.MissingMethodException",
        f"No signature of method: static {reference.kind.name}.{name}() is applicable for argument types: "
        f"{types_and_values(run, given)}",
    )


def script_class(run: "Run", reference: Any) -> ScriptClass | None:
    """The script's own class that a class value means."""
    if run.program is None:
        return None
    found: ScriptClass | None = run.program.classes.get(reference.kind.name.replace("$", "."))
    return found if found is not None and found.kind is reference.kind else None


def responds(run: "Run", receiver: Any, name: str) -> bool:
    """Whether there is a method, function or callable of that name."""
    if type(receiver) is Instance:
        return _instance_responds(run, receiver, name)
    if type(receiver) is values.GMap and receiver.get(name) is not None:
        return True
    if type(receiver) is values.ClassRef:
        of = script_class(run, receiver)
        if of is not None and instances.has_method(of, name):
            return True
        return members.find_static(receiver.kind, name) is not None
    if isinstance(receiver, HostObject):
        return receiver.has_member(name)
    kind = kinds.kind_of(receiver)
    return kind in members.DYNAMIC or members.find_method(kind, name) is not None


def _instance_responds(run: "Run", receiver: Instance, name: str) -> bool:
    of = receiver.of
    if instances.has_method(of, name) or receiver.fields.get(name) is not None:
        return True
    if type(receiver.stand_in) is values.GMap and receiver.stand_in.get(name) is not None:
        return True
    if of.is_script:
        return run.globals.get(name) is not None or name in ("println", "print", "printf")
    return of.native is not None and members.find_method(of.kind, name) is not None


def new(run: "Run", kind: Any, arguments: Sequence[Any]) -> Any:
    """`new Kind(arguments)`. Raises Raised."""
    make = members.find_constructor(kind)
    if make is None:
        types = ", ".join(members.type_name(value) for value in arguments)
        message = f"Could not find matching constructor for: {kind.name}({types})"
        run.fail("groovy.lang.GroovyRuntimeException", message)
    return make(run, kind, list(arguments))


def pointer(run: "Run", receiver: Any, name: str) -> NativeClosure:
    """`receiver.&name`; on a class, the first argument is the receiver where the class has no such static method."""
    if receiver is None:
        run.fail("java.lang.NullPointerException", f"Cannot invoke method {name}() on null object")

    def invoke(run: "Run", arguments: Sequence[Any]) -> Any:
        if type(receiver) is values.ClassRef and arguments and not _is_static(run, receiver, name):
            return call_method(run, arguments[0], name, arguments[1:])
        return call_method(run, receiver, name, _unpacked(run, receiver, name, arguments))

    return NativeClosure(invoke, _pointer_count(receiver, name))


def _is_static(run: "Run", reference: Any, name: str) -> bool:
    of = script_class(run, reference)
    if of is not None and any(code.is_static for code in of.methods_named(name)):
        return True
    return members.find_static(reference.kind, name) is not None


def _pointer_count(receiver: Any, name: str) -> int:
    if type(receiver) is Instance:
        codes = receiver.of.methods_named(name)
        if codes:
            return max(len(code.parameters) for code in codes)
    return 1


def _unpacked(run: "Run", receiver: Any, name: str, arguments: Sequence[Any]) -> list[Any]:
    """One list for a function of several parameters is unpacked, as for a closure."""
    if len(arguments) == 1 and type(receiver) is Instance:
        codes = receiver.of.methods_named(name)
        inner = values.unpacked(arguments[0])
        if inner is not None and codes and calling.choose(codes, list(arguments)) is None:
            return inner
    return list(arguments)


def constructor_pointer(run: "Run", reference: Any) -> NativeClosure:
    """`Name::new`."""

    def make(run: "Run", arguments: Sequence[Any]) -> Any:
        of = script_class(run, reference)
        if of is not None:
            return constructing.construct(run, of, list(arguments))
        return new(run, reference.kind, arguments)

    return NativeClosure(make)


def throw(run: "Run", value: Any) -> NoReturn:
    """`throw value`. Raises Raised."""
    if value is None:
        run.fail("java.lang.NullPointerException", 'Cannot throw exception because "null" is null')
    if kinds.is_kind(kinds.kind_of(value), kinds.THROWABLE):
        raise Raised(value)
    name = kinds.kind_of(value).name
    run.fail("java.lang.ClassCastException", f"class {name} cannot be cast to class java.lang.Throwable")


def no_method(run: "Run", class_name: str, name: str, arguments: Sequence[Any]) -> NoReturn:
    """`No signature of method: …`. Raises Raised."""
    run.fail(
        "groovy.lang.MissingMethodException",
        f"No signature of method: {class_name}.{name}() is applicable for argument types: "
        f"{types_and_values(run, arguments)}",
    )


def types_and_values(run: "Run", arguments: Sequence[Any]) -> str:
    """`(Integer, String) values: [1, a]`, cut where values are long."""
    types = ", ".join(members.type_name(value) for value in arguments)
    shown = ", ".join(text_of.short(run, value) for value in arguments)
    return f"({types}) values: [{shown}]"
