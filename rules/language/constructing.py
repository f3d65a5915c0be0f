"""Objects of script classes made: constructors, fields, and stand-ins for interfaces."""

from typing import TYPE_CHECKING, Any

from rules.language import calling, members, values
from rules.language.classes import Instance, ScriptClass
from rules.language.closures import OWNER_FIRST, Closure
from rules.language.instances import initial_value, set_field, set_property

if TYPE_CHECKING:
    from rules.language.run import Run


def construct(run: "Run", of: ScriptClass, arguments: list[Any]) -> Any:
    """`new Name(arguments)`; one map sets properties where no constructor takes it. Raises Raised."""
    if of.is_abstract or of.is_interface or of.is_enum:
        run.fail("java.lang.InstantiationException", of.name)
    run.allocate(64)
    instance = Instance(of)
    instance.run = run if of.own_key else None
    initialize(run, of, instance, arguments)
    return instance


def play(run: "Run", of: ScriptClass, stand_in: Any) -> Any:
    """An object of an interface or abstract class whose methods a closure, or a map of closures, stands for."""
    run.allocate(64)
    instance = Instance(of)
    set_up_fields(run, of, instance)
    instance.stand_in = stand_in
    if type(stand_in) is values.GMap:
        # Methods that stand in find each other, after everything around them.
        instance.stand_in = values.GMap(
            (key, held.with_delegate(instance, OWNER_FIRST) if type(held) is Closure else held)
            for key, held in stand_in.items()
        )
    return instance


def initialize(run: "Run", of: ScriptClass, instance: Instance, arguments: list[Any]) -> None:
    by_name = len(arguments) == 1 and type(arguments[0]) is values.GMap
    if by_name and of.named_arguments:
        initialize_parent(run, of, instance, [])
        set_up_fields(run, of, instance)
        _set_named(run, of, instance, arguments[0])
        return
    if of.inherits_constructors and not of.constructors:
        initialize_parent(run, of, instance, arguments)
        set_up_fields(run, of, instance)
        return
    chosen = calling.choose(of.constructors, arguments)
    if chosen is not None:
        code, given = chosen
        if not code.calls_constructor:
            initialize_parent(run, of, instance, [])
            set_up_fields(run, of, instance)
        calling.invoke(code, run, instance, None, (), given)
        return
    if of.constructors and by_name and calling.choose(of.constructors, []) is not None:
        initialize(run, of, instance, [])
    elif of.constructors or (arguments and not by_name):
        types = ", ".join(members.type_name(value) for value in arguments)
        run.fail("groovy.lang.GroovyRuntimeException", f"Could not find matching constructor for: {of.name}({types})")
    else:
        initialize_parent(run, of, instance, [])
        set_up_fields(run, of, instance)
    if by_name:
        for key, value in arguments[0].items():
            set_property(run, instance, run.text(key), value)


def _set_named(run: "Run", of: ScriptClass, instance: Instance, given: values.GMap) -> None:
    """Fill even what cannot be changed afterwards."""
    for key, value in given.items():
        field = of.field_named(run.text(key))
        if field is None:
            run.no_property(run.text(key), of.name)
        set_field(run, instance, field, value)


def set_up_fields(run: "Run", of: ScriptClass, instance: Instance) -> None:
    for trait in of.interfaces:
        if not trait.is_interface:
            set_up_fields(run, trait, instance)
    for field in of.fields.values():
        if not field.is_static:
            instance.fields[field.name] = initial_value(run, of, instance, field)
    for opener in of.openers:
        calling.invoke(opener, run, instance, None, (), [])


def initialize_parent(run: "Run", of: ScriptClass, instance: Instance, arguments: list[Any]) -> None:
    """What `super(arguments)` does."""
    if of.parent is not None:
        initialize(run, of.parent, instance, arguments)
    elif of.native is not None:
        instance.throwable = run.new(of.native, arguments)


def call_constructor(run: "Run", of: ScriptClass, instance: Instance, arguments: list[Any], *, is_super: bool) -> None:
    """`super(…)` or `this(…)` at the head of a constructor of `of`."""
    if is_super:
        initialize_parent(run, of, instance, arguments)
        set_up_fields(run, of, instance)
    else:
        initialize(run, of, instance, arguments)
