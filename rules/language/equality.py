"""`==` and `<=>`: equal by value across number types and kinds of text, null-safe, with a limit on depth."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rules.language import kinds, text_of, values
from rules.language.classes import Instance
from rules.language.host import HostObject
from rules.language.raised import LimitReached

if TYPE_CHECKING:
    from rules.language.run import Run

INTEGERS = {int, values.Long, values.BigInt, values.Short, values.Byte}
FLOATS = {float, values.Float}
NUMBERS = INTEGERS | FLOATS | {Decimal}
TEXTS = {str, values.GString, values.Char}
LISTS = {list, values.Array, values.OtherList, values.Range}


def equal(run: "Run", a: Any, b: Any, depth: int = 0) -> bool:
    """`a == b`. Raises LimitReached for values nested too deeply."""
    if a is b:
        return not (type(a) in FLOATS and a != a) or True
    if a is None or b is None:
        return False
    one, other = type(a), type(b)
    if one in NUMBERS and other in NUMBERS:
        return compare_numbers(a, b) == 0
    if one in TEXTS and other in TEXTS:
        return run.text(a) == run.text(b)
    if one is bool or other is bool:
        return one is other and a == b
    return _equal_whole(run, a, b, depth)


def _equal_whole(run: "Run", a: Any, b: Any, depth: int) -> bool:
    if depth > run.limits.walk_depth:
        raise LimitReached(f"values nested more than {run.limits.walk_depth} deep cannot be compared")
    one, other = type(a), type(b)
    if one in LISTS and other in LISTS:
        return _equal_lists(run, a, b, depth)
    if one is values.GMap and other is values.GMap:
        return _equal_maps(run, a, b, depth)
    if one is values.GSet and other is values.GSet:
        return len(a) == len(b) and all(_has(run, b, item, depth) for item in a)
    if one is values.Entry and other is values.Entry:
        return equal(run, a.key, b.key, depth + 1) and equal(run, a.value, b.value, depth + 1)
    if one in (Instance, values.Box, values.Date) or other is Instance:
        return _equal_objects(run, a, b)
    if isinstance(a, HostObject) or isinstance(b, HostObject):
        return _equal_hosts(a, b)
    if (one in NUMBERS and other in TEXTS) or (one in TEXTS and other in NUMBERS):
        text, number = (b, a) if other in TEXTS else (a, b)
        return len(run.text(text)) == 1 and compare_numbers(ord(run.text(text)), number) == 0
    return one is other and one is values.ClassRef and a.kind is b.kind


def _equal_hosts(a: Any, b: Any) -> bool:
    """Named things of the host are equal to their text."""
    mine, theirs = (one.as_text() if isinstance(one, HostObject) else one for one in (a, b))
    return type(mine) is str and mine == theirs


def _equal_lists(run: "Run", a: Any, b: Any, depth: int) -> bool:
    if len(a) != len(b):
        return False
    for mine, theirs in zip(a, b, strict=False):
        run.steps()
        if not equal(run, mine, theirs, depth + 1):
            return False
    return True


def _equal_maps(run: "Run", a: Any, b: Any, depth: int) -> bool:
    if len(a) != len(b):
        return False
    for place, entry in a.held.items():
        run.steps()
        other = b.held.get(place)
        if other is None or not equal(run, entry.value, other.value, depth + 1):
            return False
    return True


def _has(run: "Run", items: Any, wanted: Any, depth: int) -> bool:
    if items.has(wanted):
        return True
    for item in items:
        run.steps()
        if equal(run, item, wanted, depth + 1):
            return True
    return False


def _equal_objects(run: "Run", a: Any, b: Any) -> bool:
    if type(a) is Instance:
        if a.of.methods and a.of.methods_named("compareTo") and _is_comparable(a) and type(b) is Instance:
            return bool(run.call_method(a, "compareTo", [b]) == 0)
        if a.of.methods and a.of.methods_named("equals"):
            return run.truth(run.call_method(a, "equals", [b]))
        return False
    if type(a) is values.Date:
        return type(b) is values.Date and a.millis == b.millis
    return type(b) is values.Box and a.kind is b.kind and a.kind in values.EQUAL_BOXES and a.content == b.content


def _is_comparable(value: Instance) -> bool:
    return kinds.is_kind(value.of.kind, kinds.COMPARABLE)


def java_equals(run: "Run", a: Any, b: Any) -> bool:
    """`a.equals(b)`: the same class, and for decimals the same scale."""
    if a is b:
        return True
    if a is None or b is None:
        return False
    one, other = type(a), type(b)
    if one in LISTS or one in (values.GMap, values.GSet) or one is Instance:
        return equal(run, a, b)
    if one is not other:
        return (isinstance(a, HostObject) or isinstance(b, HostObject)) and _equal_hosts(a, b)
    if one is Decimal:
        return bool(a.as_tuple() == b.as_tuple())
    if one is values.GString:
        return run.text(a) == run.text(b)
    return equal(run, a, b)


def compare_numbers(a: Any, b: Any) -> int:
    """-1, 0 or 1; NaN is equal to itself and above everything, as Double.compare has it."""
    if type(a) in FLOATS or type(b) in FLOATS:
        x, y = _double(a), _double(b)
        if x != x or y != y:
            return (x != x) - (y != y)
        return (x > y) - (x < y)
    return int(a > b) - int(a < b)


def _double(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def compare(run: "Run", a: Any, b: Any) -> int:
    """`a <=> b`: null first, numbers by value, texts by UTF-16 unit. Raises Raised for what cannot be compared."""
    if a is b:
        return 0
    if a is None or b is None:
        return -1 if a is None else 1
    one, other = type(a), type(b)
    if one in NUMBERS and other in NUMBERS:
        return compare_numbers(a, b)
    if one in TEXTS and other in TEXTS:
        return compare_text(run.text(a), run.text(b))
    if one in NUMBERS and other in TEXTS and len(run.text(b)) == 1:
        return compare_numbers(a, ord(run.text(b)))
    if one in TEXTS and other in NUMBERS and len(run.text(a)) == 1:
        return compare_numbers(ord(run.text(a)), b)
    found = _compare_objects(run, a, b)
    if found is not None:
        return found
    return _incomparable(run, a, b)


def compare_text(a: str, b: str) -> int:
    """The sign of String.compareTo."""
    if a == b:
        return 0
    if a.isascii() and b.isascii():
        return -1 if a < b else 1
    return -1 if a.encode("utf-16-be", "surrogatepass") < b.encode("utf-16-be", "surrogatepass") else 1


def _compare_objects(run: "Run", a: Any, b: Any) -> int | None:
    one, other = type(a), type(b)
    if one is bool and other is bool:
        return int(a > b) - int(a < b)
    if one is values.Date and other is values.Date:
        return int(a.millis > b.millis) - int(a.millis < b.millis)
    if one is Instance:
        if a.of.is_enum and other is Instance and b.of.is_enum and b.of.enum() is a.of.enum():
            return int(run.call_method(a, "compareTo", [b]))
        if _is_comparable(a) and run.responds(a, "compareTo"):
            found = run.call_method(a, "compareTo", [b])
            return (found > 0) - (found < 0) if type(found) in INTEGERS else 0
    if one is values.Box and other is values.Box and a.kind is b.kind and kinds.is_kind(a.kind, kinds.COMPARABLE):
        return int(a.content > b.content) - int(a.content < b.content)
    return 0 if (isinstance(a, HostObject) or isinstance(b, HostObject)) and _equal_hosts(a, b) else None


def _incomparable(run: "Run", a: Any, b: Any) -> int:
    def what(value: Any) -> str:
        return f"{kinds.kind_of(value).name} with value '{text_of.text(run, value)}'"

    return run.fail("java.lang.IllegalArgumentException", f"Cannot compare {what(a)} and {what(b)}")
