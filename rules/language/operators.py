"""Operators on any two values, index access, `switch` cases and counting up."""

from typing import TYPE_CHECKING, Any

from rules.language import arithmetic, casts, equality, kinds, members, ranges, truth, values
from rules.language.classes import Instance
from rules.language.closures import Closure, NativeClosure
from rules.language.equality import INTEGERS, NUMBERS, TEXTS
from rules.language.java import patterns

if TYPE_CHECKING:
    from rules.language.run import Run

cast = assign = casts.cast
coerce = casts.coerce
assign_array = casts.array
make_range = ranges.make_range

_METHODS = {
    "+": "plus", "-": "minus", "*": "multiply", "/": "div", "%": "mod", "**": "power", "<<": "leftShift",
    ">>": "rightShift", ">>>": "rightShiftUnsigned", "&": "and", "|": "or", "^": "xor",
}  # fmt: skip
_NUMBERS = {
    "+": arithmetic.add, "-": arithmetic.subtract, "*": arithmetic.multiply, "/": arithmetic.divide,
    "%": arithmetic.remainder, "**": arithmetic.power, "<<": arithmetic.shift_left, ">>": arithmetic.shift_right,
    ">>>": arithmetic.shift_unsigned, "&": arithmetic.bits(lambda a, b: a & b),
    "|": arithmetic.bits(lambda a, b: a | b), "^": arithmetic.bits(lambda a, b: a ^ b),
}  # fmt: skip
_WHOLE_ONLY = {"<<", ">>", ">>>", "&", "|", "^"}


def _operator(symbol: str) -> Any:
    name, numeric = _METHODS[symbol], _NUMBERS[symbol]
    allowed = INTEGERS if symbol in _WHOLE_ONLY else NUMBERS

    def apply(run: "Run", a: Any, b: Any) -> Any:
        if type(a) in allowed and type(b) in allowed:
            return numeric(run, a, b)
        if symbol == "+" and type(a) is str and type(b) is str:
            run.string(len(a) + len(b))
            return a + b
        if a is None and symbol == "+":
            return _null_plus(run, b)
        return run.call_method(a, name, [b])

    return apply


def _null_plus(run: "Run", b: Any) -> Any:
    if type(b) in TEXTS:
        return run.call_method("null", "plus", [b])
    return run.fail("java.lang.NullPointerException", f"Cannot execute null+{run.text(b)}")


def _find(run: "Run", a: Any, b: Any) -> values.Matcher:
    """`text =~ pattern`."""
    return values.Matcher(pattern_of(run, b), run.text(a))


def _match(run: "Run", a: Any, b: Any) -> bool:
    """`text ==~ pattern`: the whole text; null never does."""
    if a is None or b is None:
        return False
    return patterns.full_match(pattern_of(run, b).compiled, run.text(a), run) is not None


def pattern_of(run: "Run", value: Any) -> values.Pattern:
    """A pattern as it is, anything else read as one. Raises JavaError for a text that is none."""
    if type(value) is values.Pattern:
        return value
    return values.Pattern(patterns.compile_pattern(run.text(value), 0, run))


BINARY: dict[str, Any] = {symbol: _operator(symbol) for symbol in _METHODS}
BINARY["=~"] = _find
BINARY["==~"] = _match


def _negative(run: "Run", a: Any) -> Any:
    if type(a) in NUMBERS:
        return arithmetic.negate(run, a)
    if type(a) is list:
        return [_negative(run, item) for item in run.items(a)]
    return _unary(run, a, "negative")


def _positive(run: "Run", a: Any) -> Any:
    return a if type(a) in NUMBERS or type(a) is list else _unary(run, a, "positive")


def _inverted(run: "Run", a: Any) -> Any:
    if type(a) in INTEGERS:
        return type(a)(~int(a))
    if type(a) in TEXTS:
        return pattern_of(run, a)
    if type(a) is list:
        return [_inverted(run, item) for item in run.items(a)]
    return _unary(run, a, "bitwiseNegate")


def _unary(run: "Run", a: Any, name: str) -> Any:
    """The method behind an operator with one side; a minus that means nothing is an exception of a class of its own."""
    if name != "negative" or a is None or type(a) is values.ClassRef or run.responds(a, name):
        return run.call_method(a, name)
    called = f"{kinds.kind_of(a).name}.{name}()"
    message = f"No signature of method: {called} is applicable for argument types: () values: []"
    return run.fail("org.codehaus.groovy.runtime.metaclass.MissingMethodExceptionNoStack", message)


UNARY: dict[str, Any] = {"-": _negative, "+": _positive, "~": _inverted}


def step(run: "Run", value: Any, method: str) -> Any:
    """What `++` (next) and `--` (previous) make of a value."""
    if type(value) in NUMBERS:
        return arithmetic.add(run, value, 1 if method == "next" else -1)
    return run.call_method(value, method)


def index(run: "Run", held: Any, key: Any) -> Any:
    """`held[key]`. Raises Raised."""
    if type(held) is values.GMap:
        return members.map_value(run, held, run.text(key) if type(key) is values.GString else key)
    if type(held) is values.ClassRef and type(key) not in INTEGERS:
        if type(key) is list and not key:
            return values.ClassRef(values.array_kind(held.kind.simple))
        return run.get(held, run.text(key))
    if held is not None and not run.responds(held, "getAt"):
        if type(key) not in TEXTS and type(held) in (*NUMBERS, bool):
            run.no_method(kinds.kind_of(held).name, "getAt", [key])
        return run.get(held, run.text(key))
    return run.call_method(held, "getAt", [key])


def set_index(run: "Run", held: Any, key: Any, value: Any) -> None:
    """`held[key] = value`. Raises Raised."""
    if type(held) in TEXTS:
        run.no_method(kinds.kind_of(held).name, "putAt", [key, value])
    if type(held) is values.GMap:
        run.call_method(held, "put", [run.text(key) if type(key) is values.GString else key, value])
    elif held is not None and not run.responds(held, "putAt"):
        run.set(held, run.text(key), value)
    else:
        run.call_method(held, "putAt", [key, value])


def is_case(run: "Run", case: Any, value: Any) -> bool:
    """Whether `value` is one of what `case` means: `switch`, `in` and `grep`."""
    of = type(case)
    if case is None:
        return value is None
    if of in (Closure, NativeClosure):
        return truth.truth(run, run.call(case, [value]))
    if of is values.ClassRef:
        return value is not None and kinds.is_kind(kinds.kind_of(value), casts.boxed(case.kind))
    if of is values.Pattern:
        return _match(run, value, case)
    if of in (list, values.OtherList, values.Array):
        return contains(run, case, value)
    if of is values.Range:
        return ranges.contains(run, case, value)
    if of is values.GSet:
        return bool(case.has(value))
    if of is values.GMap:
        return bool(case.has(value))
    if of is Instance and run.responds(case, "isCase"):
        return truth.truth(run, run.call_method(case, "isCase", [value]))
    return equality.equal(run, case, value)


def contains(run: "Run", items: list[Any], value: Any) -> bool:
    """Java's `contains`: by `equals`."""
    for item in items:
        run.steps()
        if equality.java_equals(run, item, value):
            return True
    return False
