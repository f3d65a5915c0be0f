"""What every value answers to, null included."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rules.language import instances, kinds, operators, text_of, values
from rules.language.equality import java_equals
from rules.language.kinds import CLASS, NULL, OBJECT
from rules.language.members import constructor, method, prop
from rules.language.raised import SecurityStop

if TYPE_CHECKING:
    from rules.language.run import Run


@method(OBJECT, "toString")
def to_string(run: "Run", value: Any, arguments: list[Any]) -> str:
    return run.text(value)


@method(OBJECT, "getClass")
def get_class(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.ClassRef(kinds.kind_of(value))


@prop(OBJECT, "class")
def class_property(run: "Run", value: Any) -> Any:
    return values.ClassRef(kinds.kind_of(value))


@method(OBJECT, "equals", 1)
def equals(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return java_equals(run, value, arguments[0])


@method(OBJECT, "hashCode")
def hash_code(run: "Run", value: Any, arguments: list[Any]) -> int:
    return int(text_of.identity(value), 16)


# There is one of each of these, as far as a rule can see.
_ONCE = (int, str, bool, Decimal, float)


@method(OBJECT, "is", 1)
def is_same(run: "Run", value: Any, arguments: list[Any]) -> bool:
    other = arguments[0]
    return value is other or (type(value) is type(other) and type(value) in _ONCE and value == other)


@method(OBJECT, "asBoolean")
def as_boolean(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return run.truth(value)


@method(OBJECT, "with", 1)
def with_(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return run.call_with(arguments[0], value, [value])


@method(OBJECT, "tap", 1)
def tap(run: "Run", value: Any, arguments: list[Any]) -> Any:
    run.call_with(arguments[0], value, [value])
    return value


@method(OBJECT, "identity", 1)
def identity(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return run.call_with(arguments[0], value, [value])


@method(OBJECT, "inspect")
def inspect(run: "Run", value: Any, arguments: list[Any]) -> str:
    return text_of.inspected(run, value)


@method(OBJECT, "dump")
def dump(run: "Run", value: Any, arguments: list[Any]) -> str:
    return f"<{kinds.kind_of(value).name}@{text_of.identity(value)}>"


@method(OBJECT, "println print", (0, 1))
def println(run: "Run", value: Any, arguments: list[Any]) -> None:
    run.log("info", "".join(run.text(argument) for argument in arguments))


@method(OBJECT, "sleep", (1, 2))
def sleep(run: "Run", value: Any, arguments: list[Any]) -> None:
    raise SecurityStop("a rule cannot wait")


@method(OBJECT, "asType", 1)
def as_type(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return run.coerce(value, arguments[0].kind)


@method(OBJECT, "isCase", 1)
def is_case(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return operators.is_case(run, value, arguments[0])


@method(OBJECT, "isNotCase", 1)
def is_not_case(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return not operators.is_case(run, value, arguments[0])


@method(OBJECT, "invokeMethod", 2)
def invoke_method(run: "Run", value: Any, arguments: list[Any]) -> Any:
    given = arguments[1]
    return run.call_method(value, run.text(arguments[0]), list(given) if isinstance(given, list) else [given])


@method(OBJECT, "getProperty", 1)
def get_property(run: "Run", value: Any, arguments: list[Any]) -> Any:
    name = run.text(arguments[0])
    return instances.plain_property(run, value, name) if type(value) is values.Instance else run.get(value, name)


@method(OBJECT, "setProperty", 2)
def set_property(run: "Run", value: Any, arguments: list[Any]) -> None:
    name = run.text(arguments[0])
    if type(value) is values.Instance:
        instances.put_property(run, value, name, arguments[1])
    else:
        run.set(value, name, arguments[1])


@method(OBJECT, "respondsTo", (1, 2))
def responds_to(run: "Run", value: Any, arguments: list[Any]) -> list[Any]:
    name = run.text(arguments[0])
    return [name] if run.responds(value, name) else []


@method(OBJECT, "hasProperty", 1)
def has_property(run: "Run", value: Any, arguments: list[Any]) -> Any:
    from rules.language.members import find_getter, find_property

    name = run.text(arguments[0])
    kind = kinds.kind_of(value)
    getter = "get" + name[:1].upper() + name[1:]
    known = find_property(kind, name) is not None or find_getter(kind, getter) is not None
    return values.Box(kinds.OBJECT, name) if known or name in _fields(value) else None


def _fields(value: Any) -> Any:
    return value.fields if type(value) is values.Instance else ()


@constructor(OBJECT, 0)
def new_object(run: "Run", kind: Any, arguments: list[Any]) -> Any:
    return values.Box(OBJECT, None)


# null: looking for items in it is looking into an empty list


@method(NULL, "toString")
def null_text(run: "Run", value: Any, arguments: list[Any]) -> str:
    return "null"


@method(NULL, "equals is", 1)
def null_equals(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return arguments[0] is None


@method(NULL, "plus", 1)
def null_plus(run: "Run", value: Any, arguments: list[Any]) -> Any:
    other = arguments[0]
    if type(other) in (str, values.GString):
        return run.call_method("null", "plus", [other])
    return run.fail("java.lang.NullPointerException", f"Cannot execute null+{run.text(other)}")


@method(NULL, "getClass")
def null_class(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.ClassRef(NULL)


@method(NULL, "hashCode dump", (0, 0))
def no_hash(run: "Run", value: Any, arguments: list[Any]) -> Any:
    run.fail("java.lang.NullPointerException", "Cannot invoke method hashCode() on null object")


@method(NULL, "isCase", 1)
def null_is_case(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return arguments[0] is None


@method(NULL, "asBoolean")
def null_truth(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return False


@method(NULL, "iterator")
def null_iterator(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.Walker(iter(()))


@method(NULL, "asType", 1)
def null_as_type(run: "Run", value: Any, arguments: list[Any]) -> None:
    return None


# What a class itself answers to: its names, and no way to anything else


@method(CLASS, "getName getTypeName")
def class_name(run: "Run", value: Any, arguments: list[Any]) -> str:
    return str(value.kind.name)


@method(CLASS, "getSimpleName")
def class_simple_name(run: "Run", value: Any, arguments: list[Any]) -> str:
    return str(value.kind.simple)


@method(CLASS, "getCanonicalName")
def canonical_name(run: "Run", value: Any, arguments: list[Any]) -> str:
    return str(value.kind.name).replace("$", ".")


@method(CLASS, "isInstance", 1)
def is_instance(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return arguments[0] is not None and kinds.is_kind(kinds.kind_of(arguments[0]), value.kind)


@method(CLASS, "isAssignableFrom", 1)
def is_assignable(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return kinds.is_kind(arguments[0].kind, value.kind)


@method(CLASS, "isArray")
def is_array(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return value.kind is not OBJECT and kinds.is_kind(value.kind, kinds.ARRAY)


@method(CLASS, "isInterface")
def is_interface(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return value.kind in text_of.INTERFACES


@method(CLASS, "equals", 1)
def class_equals(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return type(arguments[0]) is values.ClassRef and arguments[0].kind is value.kind


@method(CLASS, "newInstance", (0, None))
def new_instance(run: "Run", value: Any, arguments: list[Any]) -> Any:
    script = run.script_class(value.kind)
    return run.new(value.kind, arguments) if script is None else run.construct(script, arguments)


_REACHING = (
    "forName getClassLoader getMethods getDeclaredMethods getFields getDeclaredFields getMethod getField "
    "getConstructors getConstructor getSuperclass getPackage getProtectionDomain getResource getResourceAsStream "
    "getDeclaredMethod getDeclaredField getModule getInterfaces getEnumConstants getDeclaredConstructor"
)


@method(CLASS, _REACHING, (0, None))
def refused(run: "Run", value: Any, arguments: list[Any]) -> Any:
    raise SecurityStop("a rule may ask a class for its name and nothing else")


@prop(OBJECT, "metaClass")
def meta_class(run: "Run", value: Any) -> Any:
    raise SecurityStop("a rule cannot reach or change a metaClass")


@method(OBJECT, "getMetaClass setMetaClass getMetaPropertyValues getMetaMethod metaClass", (0, None))
def meta_class_method(run: "Run", value: Any, arguments: list[Any]) -> Any:
    raise SecurityStop("a rule cannot reach or change a metaClass")
