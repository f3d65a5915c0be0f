"""Members of script classes: properties through fields and getters, methods by overload, static state of a run."""

from typing import TYPE_CHECKING, Any

from rules.language import calling, kinds, members, values
from rules.language.classes import Field, Instance, ScriptClass
from rules.language.closures import Closure, Code, NativeClosure

if TYPE_CHECKING:
    from rules.language.run import Run

NO = object()
"""Says that there is no such member."""


def capitalized(name: str) -> str:
    return name[:1].upper() + name[1:]


def statics(run: "Run", of: ScriptClass) -> dict[str, Any]:
    """The static fields of a class in this run; the first question runs the initializers."""
    found = run.statics.get(of)
    if found is not None:
        return found
    found = run.statics[of] = {}
    reference = values.ClassRef(of.kind)
    constants: list[Any] = []
    if of.is_enum:
        # Those so far, where the arguments of a constant ask for all.
        found["$VALUES"] = constants
    for name, make in of.constants:
        found[name] = constant = make(run, reference, name, len(constants))
        constants.append(constant)
    for field in of.fields.values():
        if field.is_static:
            found[field.name] = initial_value(run, of, reference, field)
    for starter in of.starters:
        calling.invoke(starter, run, reference, None, (), [])
    return found


def initial_value(run: "Run", of: ScriptClass, this: Any, field: Field) -> Any:
    """What the field holds before a constructor runs."""
    if field.initial is None:
        return None if field.type is None else field.type.zero
    value = calling.invoke(field.initial, run, this, None, (), [])
    return value if field.type is None else field.type.assign(run, value)


def get_property(run: "Run", instance: Instance, name: str) -> Any:
    """`instance.name` from outside. Raises Raised."""
    if instance.of.own_get:
        chosen = calling.choose(instance.of.methods_named("getProperty"), [name])
        if chosen is not None:
            return calling.invoke(chosen[0], run, instance, None, (), chosen[1])
    return plain_property(run, instance, name)


def plain_property(run: "Run", instance: Instance, name: str) -> Any:
    """The same where the class does not say otherwise by getProperty. Raises Raised."""
    of = instance.of
    getter = _getter(of, name)
    if getter is not None:
        return calling.invoke(getter, run, instance, None, (), [])
    found = get_field(run, instance, name)
    if found is not NO:
        return found
    if of.is_script:
        return get_script_property(run, instance, name)
    found = get_static(run, of, name)
    if found is not NO:
        return found
    native = members.find_property(of.kind, name)
    if native is not None:
        return native(run, instance)
    if of.is_enum and name == "declaringClass":
        return values.ClassRef(of.enum().kind)
    for prefix in ("get", "is"):
        method = native_method(instance, prefix + capitalized(name))
        if method is not None and members.find_getter(of.kind, prefix + capitalized(name)) is not None:
            return method(run, [])
    for catch_all in ("propertyMissing", "get"):
        missing = of.methods_named(catch_all)
        chosen = calling.choose(missing, [name]) if missing else None
        if chosen is not None:
            return calling.invoke(chosen[0], run, instance, None, (), chosen[1])
    return run.no_property(name, of.name)


def get_script_property(run: "Run", script: Instance, name: str) -> Any:
    """A script variable, or one of the few properties of the script itself."""
    if name in run.globals:
        return run.globals[name]
    if name == "class":
        return values.ClassRef(script.of.kind)
    if name == "binding":
        run.fail("groovy.lang.MissingPropertyException", "The binding of a rule cannot be reached")
    return run.no_property(name, script.of.name)


def _getter(of: ScriptClass, name: str) -> Code | None:
    if not of.methods:
        return None
    for prefix in ("get", "is"):
        for code in of.methods_named(prefix + capitalized(name)):
            if not code.parameters:
                return code
    return None


def get_field(run: "Run", instance: Instance, name: str) -> Any:
    """The field as it is, without a getter; NO where there is none."""
    return instance.fields.get(name, NO)


def get_static(run: "Run", of: ScriptClass, name: str) -> Any:
    """A static field or getter; NO where there is none."""
    for owner in of.line:
        held = statics(run, owner)
        if name in held:
            return held[name]
        for code in owner.methods.get("get" + capitalized(name), ()):
            if code.is_static and not code.parameters:
                return calling.invoke(code, run, values.ClassRef(of.kind), None, (), [])
    return NO


def set_property(run: "Run", instance: Instance, name: str, value: Any) -> None:
    """`instance.name = value` from outside. Raises Raised."""
    if instance.of.own_set:
        chosen = calling.choose(instance.of.methods_named("setProperty"), [name, value])
        if chosen is not None:
            calling.invoke(chosen[0], run, instance, None, (), chosen[1])
            return
    put_property(run, instance, name, value)


def put_property(run: "Run", instance: Instance, name: str, value: Any) -> None:
    """The same where the class does not say otherwise by setProperty. Raises Raised."""
    of = instance.of
    for code in of.methods_named("set" + capitalized(name)) if of.methods else ():
        chosen = calling.choose([code], [value])
        if chosen is not None and code.parameters:
            calling.invoke(code, run, instance, None, (), chosen[1])
            return
    field = of.field_named(name)
    if field is not None:
        if field.is_final and field.is_property:
            run.fail(
                "groovy.lang.ReadOnlyPropertyException", f"Cannot set readonly property: {name} for class: {of.name}"
            )
        set_field(run, instance, field, value)
    elif of.is_script:
        run.globals[name] = value
    else:
        _set_missing(run, instance, name, value)


def _set_missing(run: "Run", instance: Instance, name: str, value: Any) -> None:
    of = instance.of
    for catch_all in ("propertyMissing", "set"):
        missing = calling.choose(of.methods_named(catch_all), [name, value])
        if missing is not None and len(missing[1]) == 2:
            calling.invoke(missing[0], run, instance, None, (), missing[1])
            return
    if _getter(of, name) is not None:
        run.fail("groovy.lang.ReadOnlyPropertyException", f"Cannot set readonly property: {name} for class: {of.name}")
    run.no_property(name, of.name)


def set_field(run: "Run", instance: Instance, field: Field, value: Any) -> None:
    """Write a field, converted to its type. Groovy's own setters refuse null for a primitive with no message."""
    if value is None and field.type is not None and field.type.is_primitive and field.type.name != "boolean":
        run.fail("java.lang.IllegalArgumentException", None)
    if field.type is not None:
        value = field.type.assign(run, value)
    if field.is_static:
        for owner in instance.of.line:
            if field.name in owner.fields:
                statics(run, owner)[field.name] = value
                return
    instance.fields[field.name] = value


def set_static(run: "Run", of: ScriptClass, name: str, value: Any) -> bool:
    """Write a static field; False where there is none."""
    for owner in of.line:
        field = owner.fields.get(name)
        if field is not None and field.is_static:
            statics(run, owner)[name] = value if field.type is None else field.type.assign(run, value)
            return True
    return False


def find_call(run: "Run", instance: Instance, name: str, arguments: list[Any]) -> Any:
    """Call a method that the class declares or that its properties stand for; NO where there is none."""
    of = instance.of
    codes = of.methods_named(name)
    if codes:
        chosen = calling.choose(codes, arguments)
        if chosen is not None:
            code, given = chosen
            return calling.invoke(code, run, _this_of(code, of, instance), None, (), given)
    if len(name) > 3 and name.startswith("get") and not arguments:
        field = of.field_named(_uncapitalized(name[3:]))
        if field is not None and field.is_property:
            return _read(run, instance, field)
    if len(name) > 2 and name.startswith("is") and not arguments:
        field = of.field_named(_uncapitalized(name[2:]))
        if field is not None and field.type is not None and field.type.name == "boolean":
            return _read(run, instance, field)
    if len(name) > 3 and name.startswith("set") and len(arguments) == 1:
        field = of.field_named(_uncapitalized(name[3:]))
        if field is not None and field.is_property and not field.is_final:
            set_field(run, instance, field, arguments[0])
            return None
    return NO


def _read(run: "Run", instance: Instance, field: Field) -> Any:
    if not field.is_static:
        return instance.fields.get(field.name)
    return get_static(run, instance.of, field.name)


def _this_of(code: Code, of: ScriptClass, instance: Any) -> Any:
    return values.ClassRef(of.kind) if code.is_static and not of.is_script else instance


def call_method(run: "Run", instance: Instance, name: str, arguments: list[Any]) -> Any:
    """`instance.name(arguments)`. Raises Raised."""
    played = instance.stand_in.get(name) if type(instance.stand_in) is values.GMap else None
    if played is not None:
        return run.call(played, arguments)
    found = find_call(run, instance, name, arguments)
    if found is not NO:
        return found
    of = instance.of
    if type(instance.stand_in) in (Closure, NativeClosure) and members.find_method(kinds.OBJECT, name) is None:
        return run.call(instance.stand_in, arguments)
    if of.is_enum:
        found = _enum_call(run, instance, name, arguments)
        if found is not NO:
            return found
    value = get_field(run, instance, name)
    if value is NO and of.is_script:
        value = run.globals.get(name, NO)
    if value is not NO and value is not None:
        return run.call(value, arguments)
    native = native_method(instance, name)
    if native is not None:
        return native(run, arguments)
    if of.is_script and name in ("println", "print", "printf"):
        run.log("info", "".join(run.text(argument) for argument in arguments))
        return None
    for catch_all in ("methodMissing", "invokeMethod"):
        missing = of.methods_named(catch_all)
        if missing:
            return calling.invoke(missing[0], run, instance, None, (), [name, values.Array(arguments)])
    return run.no_method(of.name, name, arguments)


def native_method(instance: Instance, name: str) -> Any:
    """A method that the class has from its built-in ancestor, from Object, or because it can be iterated."""
    of = instance.of
    if instance.throwable is not None:
        found = members.find_method(kinds.THROWABLE, name)
        if found is not None and (kinds.THROWABLE, name) in members.METHODS:
            return lambda run, arguments: found(run, instance.throwable, arguments)
    if has_method(of, "iterator"):
        walking = members.find_method(kinds.COLLECTION, name)
        if walking is not None:
            return lambda run, arguments: walking(run, instance, arguments)
    native = members.find_method(of.kind, name)
    return None if native is None else lambda run, arguments: native(run, instance, arguments)


def _enum_call(run: "Run", instance: Instance, name: str, arguments: list[Any]) -> Any:
    fields = instance.fields
    if name in ("values", "valueOf"):
        return call_static(run, instance.of.enum(), name, arguments)
    if arguments:
        if name == "compareTo" and type(arguments[0]) is Instance:
            mine, other = fields["$ordinal"], arguments[0].fields.get("$ordinal", 0)
            return mine - other
        return NO
    if name in ("name", "toString", "getName"):
        return fields["$name"]
    if name == "ordinal":
        return fields["$ordinal"]
    if name == "getDeclaringClass":
        return values.ClassRef(instance.of.enum().kind)
    if name in ("next", "previous"):
        constants = statics(run, instance.of.enum())["$VALUES"]
        step = 1 if name == "next" else -1
        return constants[(fields["$ordinal"] + step) % len(constants)] if constants else None
    return NO


def call_super(run: "Run", of: ScriptClass, instance: Any, name: str, arguments: list[Any]) -> Any:
    """`super.name(arguments)` inside a method of `of`. Raises Raised."""
    if of.parent is not None:
        chosen = calling.choose(of.parent.methods_named(name), arguments)
        if chosen is not None:
            return calling.invoke(chosen[0], run, instance, None, (), chosen[1])
    native = native_method(instance, name) if type(instance) is Instance else None
    if native is not None:
        return native(run, arguments)
    return run.no_method(of.name, name, arguments)


def call_static(run: "Run", of: ScriptClass, name: str, arguments: list[Any]) -> Any:
    """`Name.name(arguments)`; NO where there is no such static method."""
    if of.is_enum:
        held = statics(run, of)["$VALUES"]
        if name == "values" and not arguments:
            return values.Array(list(held), of.kind.simple)
        if name == "valueOf" and len(arguments) == 1:
            wanted = run.text(arguments[0])
            for constant in held:
                if constant.fields["$name"] == wanted:
                    return constant
            run.fail("java.lang.IllegalArgumentException", f"No enum constant {of.name}.{wanted}")
    codes = [code for code in of.methods_named(name) if code.is_static]
    chosen = calling.choose(codes, arguments) if codes else None
    if chosen is not None:
        return calling.invoke(chosen[0], run, values.ClassRef(of.kind), None, (), chosen[1])
    held_value = get_static(run, of, name)
    if held_value is not NO and held_value is not None:
        return run.call(held_value, arguments)
    return NO


def has_method(of: ScriptClass, name: str) -> bool:
    """Whether the class itself or a script ancestor declares the method."""
    return bool(of.methods) and bool(of.methods_named(name))


def is_a(instance: Instance, kind: Any) -> bool:
    return kinds.is_kind(instance.of.kind, kind)


def _uncapitalized(name: str) -> str:
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]
