"""What becomes of a value under `as`, `(T)` and a declared type."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any, NoReturn

from rules.language import arithmetic, kinds, values
from rules.language.classes import Instance
from rules.language.closures import Closure, NativeClosure
from rules.language.equality import NUMBERS, TEXTS
from rules.language.java import decimals, numbers_text
from rules.language.kinds import Kind

if TYPE_CHECKING:
    from rules.language.run import Run

CAST_ERROR = "org.codehaus.groovy.runtime.typehandling.GroovyCastException"
_NUMERIC = {"Integer", "Long", "Short", "Byte", "Double", "Float", "BigDecimal", "BigInteger", "Number"}
_LISTS = (list, values.OtherList, values.Array, values.Range)


def boxed(kind: Kind) -> Kind:
    """The class behind a primitive type."""
    return kind.parents[0] if kind.name in kinds.PRIMITIVES else kind


def refuse(run: "Run", value: Any, kind: Kind) -> NoReturn:
    """The GroovyCastException. Raises Raised."""
    actual = "null" if value is None else kinds.kind_of(value).name
    text = f"Cannot cast object '{run.text(value)}' with class '{actual}' to class '{kind.name}'"
    if value is None and kind.name in kinds.PRIMITIVES:
        text += f". Try '{boxed(kind).name}' instead"
    elif type(value) in _LISTS and boxed(kind).simple not in _NUMERIC:
        types = ", ".join("null" if item is None else kinds.kind_of(item).simple for item in list(value)[:10])
        text += " due to: groovy.lang.GroovyRuntimeException: Could not find matching constructor for: "
        text += f"{kind.name}({types})"
    run.fail(CAST_ERROR, text)


def cast(run: "Run", value: Any, kind: Kind) -> Any:
    """`(T) value` and `T name = value`. Raises Raised."""
    target = boxed(kind)
    if value is None:
        if kind.name == "boolean":
            return False
        return refuse(run, value, kind) if kind.name in kinds.PRIMITIVES else None
    actual = kinds.kind_of(value)
    if target is actual or kinds.is_kind(actual, target):
        return value
    if target is kinds.STRING:
        return run.text(value)
    if target is kinds.BOOLEAN:
        return run.truth(value)
    if target is kinds.CHARACTER:
        return _character(run, value, kind)
    if target.simple in _NUMERIC and target is not kinds.NUMBER:
        return _cast_number(run, value, kind)
    return _cast_whole(run, value, kind, actual)


def _character(run: "Run", value: Any, kind: Kind) -> Any:
    if type(value) in NUMBERS:
        return values.Char(chr(int(value) & 0xFFFF))
    text = run.text(value) if type(value) in TEXTS else ""
    return values.Char(text) if len(text) == 1 else refuse(run, value, kind)


def _cast_number(run: "Run", value: Any, kind: Kind) -> Any:
    target = boxed(kind)
    if type(value) in TEXTS and len(run.text(value)) == 1:
        return number(run, ord(run.text(value)), target)
    if type(value) in NUMBERS:
        return number(run, value, target)
    return refuse(run, value, kind)


def _cast_whole(run: "Run", value: Any, kind: Kind, actual: Kind) -> Any:
    if kind in kinds.FUNCTIONAL and type(value) in (Closure, NativeClosure):
        return _as_interface(value, kind)
    if type(value) is values.Array and kinds.is_kind(kinds.ARRAY_LIST, kind):
        return list(value)
    if type(value) in _LISTS or type(value) is values.Array:
        found = _from_list(run, value, kind)
        if found is not None:
            return found
    script = run.script_class(kind)
    if script is not None and script.is_enum and type(value) in TEXTS:
        return run.call_method(values.ClassRef(kind), "valueOf", [run.text(value)])
    if script is not None and script.is_interface and type(value) in (Closure, NativeClosure):
        return run.play(script, value)
    if script is not None and not script.is_enum and type(value) in (values.GMap, list):
        return run.construct(script, [value] if type(value) is values.GMap else list(value))
    if kind is kinds.CLASS and type(value) in TEXTS:
        run.fail("java.lang.SecurityException", "classes cannot be looked up by name")
    return refuse(run, value, kind)


def _from_list(run: "Run", value: Any, kind: Kind) -> Any:
    if kind in (kinds.SET, kinds.LINKED_HASH_SET, kinds.HASH_SET, kinds.TREE_SET, kinds.SORTED_SET):
        return as_set(run, value, kind)
    if kind is kinds.DATE or not kinds.is_kind(kind, kinds.COLLECTION):
        script = run.script_class(kind)
        if script is None and run.has_constructor(kind) and not kinds.is_kind(kind, kinds.MAP):
            return run.new(kind, list(value))
    return None


def number(run: "Run", value: Any, target: Kind, *, digits: bool = False) -> Any:
    """A number in another class; fractions are cut, what is too long is cut to its low bits. `digits` asks for the
    double that a float is written as instead of the same one."""
    if target is kinds.DOUBLE:
        if type(value) is values.Float and digits:
            return float(numbers_text.float_text(value)) if value - value == 0 else float(value)
        return arithmetic.double(value)
    if target is kinds.FLOAT:
        return values.Float(numbers_text.to_float32(arithmetic.double(value)))
    if target is kinds.BIG_DECIMAL:
        return decimal(run, value)
    whole = _cut(run, value, target)
    if target is kinds.LONG:
        return arithmetic.wrapped(whole, 64)
    if target is kinds.BIG_INTEGER:
        return values.BigInt(decimals.check_integer(whole, run.limits))
    if target is kinds.SHORT or target is kinds.BYTE:
        width = 16 if target is kinds.SHORT else 8
        low = (whole + 2 ** (width - 1)) % 2**width - 2 ** (width - 1)
        return values.Short(low) if width == 16 else values.Byte(low)
    return arithmetic.wrapped(whole, 32)


def _cut(run: "Run", value: Any, target: Kind) -> int:
    if type(value) is Decimal:
        return decimals.to_integer(value, run.limits)
    if type(value) in (float, values.Float):
        if value != value:
            return 0
        limit = 2**63 if target is not kinds.INTEGER else 2**31
        return int(max(-limit, min(limit - 1, value)))
    return int(value)


def decimal(run: "Run", value: Any) -> Decimal:
    """A number as BigDecimal."""
    if type(value) is Decimal:
        return value
    if type(value) in (float, values.Float):
        if value != value or value in (float("inf"), float("-inf")):
            run.fail("java.lang.NumberFormatException", "Infinite or NaN")
        text = numbers_text.double_text(value) if type(value) is float else numbers_text.float_text(value)
        return numbers_text.parse_decimal(text, run.limits)
    return Decimal(int(value))


def as_set(run: "Run", value: Any, kind: Kind = kinds.SET) -> values.GSet:
    """A new set of the items."""
    run.collection(len(value))
    if kind in (kinds.TREE_SET, kinds.SORTED_SET):
        return values.GSet(run.sorted(list(value)), kinds.TREE_SET)
    is_hashed = kind is kinds.HASH_SET or (kind is kinds.SET and kinds.kind_of(value).parents == (kinds.ARRAY,))
    return values.GSet(value, kinds.HASH_SET if is_hashed else kinds.LINKED_HASH_SET)


def coerce(run: "Run", value: Any, kind: Kind) -> Any:
    """`value as T`. Raises Raised."""
    target = boxed(kind)
    if value is None:
        return None if kind.name not in kinds.PRIMITIVES else _unboxed_null(run, kind)
    if kinds.is_kind(kinds.kind_of(value), target):
        return value
    of = type(value)
    if of in TEXTS:
        return _coerce_text(run, value, kind, target)
    if target is kinds.STRING and of in _LISTS:
        return run.text(value)
    if of in NUMBERS and target is kinds.DOUBLE:
        return number(run, value, target, digits=True)
    if of is values.GSet and kinds.is_kind(kinds.ARRAY_LIST, target):
        run.collection(len(value))
        return list(value)
    if of in _LISTS and target in (kinds.LIST, kinds.COLLECTION, kinds.ARRAY_LIST, kinds.ITERABLE):
        run.collection(len(value))
        return list(value)
    if of is values.GSet and kinds.is_kind(target, kinds.SET):
        return as_set(run, list(value), target)
    return _coerce_rarer(run, value, kind, target)


_ONLY_METHODS = {
    "Comparator": "compare", "Runnable": "run", "Callable": "call", "Supplier": "get", "Predicate": "test",
    "BiPredicate": "test", "Consumer": "accept", "BiConsumer": "accept",
}  # fmt: skip


def _as_interface(value: Any, kind: Kind) -> Any:
    """A closure under the name of an interface: comparators are told from closures afterwards."""
    if kind.simple == "Comparator" and type(value) is Closure:
        return NativeClosure(lambda run, given: run.call(value, given), 2, kind.name)
    return value


def _unboxed_null(run: "Run", kind: Kind) -> bool:
    """null as a primitive: false, and nothing else."""
    if kind.name != "boolean":
        what = f"{boxed(kind).name}.{kind.name}Value()"
        run.fail("java.lang.NullPointerException", f'Cannot invoke "{what}" because the value is null')
    return False


def _can_play(script: Any, value: Any) -> bool:
    """Whether a closure, or a map of closures, may stand for an object of the class."""
    if type(value) is values.GMap:
        return bool(script.is_interface or script.is_abstract)
    return type(value) in (Closure, NativeClosure)


def _coerce_rarer(run: "Run", value: Any, kind: Kind, target: Kind) -> Any:
    script = run.script_class(kind)
    if script is not None and not script.is_enum and _can_play(script, value):
        return run.play(script, value)
    if kind in kinds.FUNCTIONAL:
        if type(value) in (Closure, NativeClosure):
            return _as_interface(value, kind)
        if type(value) is values.GMap:
            return _as_interface(value.get(_ONLY_METHODS.get(kind.simple, "apply")), kind)
    if type(value) is values.GMap and kinds.is_kind(target, kinds.MAP):
        wanted = kinds.LINKED_HASH_MAP if target is kinds.MAP else target
        return run.new(kinds.TREE_MAP if wanted is kinds.SORTED_MAP else wanted, [value])
    if type(value) in (list, values.GSet) and target is not kinds.OBJECT and not kinds.is_kind(target, kinds.SET):
        if target in (kinds.QUEUE, kinds.DEQUE, kinds.LINKED_LIST):
            return values.OtherList(value, kinds.LINKED_LIST)
        if kinds.is_kind(target, kinds.COLLECTION) and run.has_constructor(target):
            return run.new(target, [value])
    if type(value) is Instance and run.responds(value, "asType"):
        return run.call_method(value, "asType", [values.ClassRef(kind)])
    # The message names the class behind a primitive type.
    return cast(run, value, boxed(kind) if kind.name not in ("char", "boolean") else kind)


def _coerce_text(run: "Run", value: Any, kind: Kind, target: Kind) -> Any:
    text = run.text(value)
    if target is kinds.STRING:
        return text
    if target is kinds.CHARACTER:
        if not text:
            run.fail("java.lang.StringIndexOutOfBoundsException", "String index out of range: 0")
        return values.Char(text[0])
    if type(value) is values.Char and target in _PARSED:
        return number(run, ord(text), target)
    if target in _PARSED:
        return _PARSED[target](run, text)
    if target in (kinds.LIST, kinds.COLLECTION, kinds.ARRAY_LIST):
        return list(text)
    if target in (kinds.SET, kinds.LINKED_HASH_SET, kinds.HASH_SET, kinds.TREE_SET):
        return as_set(run, list(text), target)
    return cast(run, value, kind)


_PARSED: dict[Kind, Any] = {
    kinds.INTEGER: lambda run, text: numbers_text.parse_integer(text.strip(), 10, 32),
    kinds.LONG: lambda run, text: values.Long(numbers_text.parse_integer(text.strip(), 10, 64)),
    kinds.SHORT: lambda run, text: values.Short(numbers_text.parse_integer(text.strip(), 10, 16)),
    kinds.BYTE: lambda run, text: values.Byte(numbers_text.parse_integer(text.strip(), 10, 8)),
    kinds.BIG_INTEGER: lambda run, text: values.BigInt(numbers_text.parse_integer(text.strip(), 10, 0)),
    kinds.BIG_DECIMAL: lambda run, text: numbers_text.parse_decimal(text.strip(), run.limits),
    kinds.DOUBLE: lambda run, text: numbers_text.parse_double(text.strip()),
    kinds.FLOAT: lambda run, text: values.Float(numbers_text.to_float32(numbers_text.parse_double(text.strip()))),
    kinds.BOOLEAN: lambda run, text: bool(text),
}


def array(run: "Run", value: Any, component: Kind) -> Any:
    """A value as an array of that element type. Raises Raised."""
    if value is None:
        return None
    if type(value) is values.Array and value.component == component.simple:
        return value
    if type(value) in TEXTS:
        text = run.text(value)
        items = [values.Char(character) if component.simple == "char" else character for character in text]
    elif type(value) in (list, values.OtherList, values.Array, values.GSet, values.Range):
        run.collection(len(value))
        # Java's own array of texts is cast item by item: a single character is its number then, and nothing is read.
        is_strict = type(value) is values.Array and value.component == "String" and boxed(component).simple in _NUMERIC
        convert = cast if is_strict else coerce_item
        items = [item if component is kinds.OBJECT else convert(run, item, component) for item in value]
    else:
        items = [coerce_item(run, value, component)]
    return values.Array(items, component.simple)


def coerce_item(run: "Run", item: Any, component: Kind) -> Any:
    return coerce(run, item, component)
