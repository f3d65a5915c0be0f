"""Closures as values: currying, composing, remembering, what they say of themselves."""

from typing import TYPE_CHECKING, Any

from rules.language import calling, closures, values
from rules.language.closures import Closure, NativeClosure
from rules.language.kinds import CLOSURE
from rules.language.members import constant, method, prop

if TYPE_CHECKING:
    from rules.language.run import Run

_CURRIED = "org.codehaus.groovy.runtime.CurriedClosure"
_COMPOSED = "org.codehaus.groovy.runtime.ComposedClosure"

for _number, _name in enumerate(("OWNER_FIRST", "DELEGATE_FIRST", "OWNER_ONLY", "DELEGATE_ONLY", "TO_SELF")):
    constant(CLOSURE, _name, _number)


def _fixed(value: Any, position: int, fixed: list[Any], run: "Run") -> Any:
    """The closure with some arguments given already; -1 means behind all others."""

    def call(run: "Run", arguments: Any) -> Any:
        given = list(arguments)
        at = len(given) if position < 0 else min(position, len(given))
        given[at:at] = fixed
        return run.call(value, given)

    return NativeClosure(call, max(0, calling.count_of(value) - len(fixed)), _CURRIED)


@method(CLOSURE, "curry", (1, None))
def curry(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return _fixed(value, 0, arguments, run)


@method(CLOSURE, "rcurry", (1, None))
def rcurry(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return _fixed(value, -1, arguments, run)


@method(CLOSURE, "ncurry", (2, None))
def ncurry(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return _fixed(value, int(arguments[0]), arguments[1:], run)


def _then(first: Any, second: Any) -> Any:
    return NativeClosure(
        lambda run, arguments: run.call(second, [run.call(first, arguments)]), calling.count_of(first), _COMPOSED
    )


@method(CLOSURE, "rightShift andThen", 1)
def right_shift(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return _then(value, arguments[0])


@method(CLOSURE, "leftShift compose", 1)
def left_shift(run: "Run", value: Any, arguments: list[Any]) -> Any:
    if type(arguments[0]) in (Closure, NativeClosure):
        return _then(arguments[0], value)
    return run.call(value, arguments)


@method(CLOSURE, "memoize memoizeAtMost memoizeAtLeast memoizeBetween", (0, 2))
def memoize(run: "Run", value: Any, arguments: list[Any]) -> Any:
    known = values.GMap()

    def call(run: "Run", given: Any) -> Any:
        key = list(given)
        found = known.find(key)
        if found is not None:
            return found.value
        made = run.call(value, given)
        run.grow(len(known) + 1)
        known.put(key, made)
        return made

    return NativeClosure(call, calling.count_of(value), "org.codehaus.groovy.runtime.memoize.Memoize$MemoizeFunction")


_TRAMPOLINE = "groovy.lang.TrampolineClosure"


def _bouncing(original: Any, arguments: list[Any]) -> NativeClosure:
    """A call that is put off: the loop of the outermost one makes it, so that calls do not nest."""

    def run_all(run: "Run", given: Any) -> Any:
        found = run.call(original, [*arguments, *given])
        while type(found) is NativeClosure and found.put_off is not None:
            run.steps()
            found = run.call(*found.put_off)
        return found

    made = NativeClosure(run_all, calling.count_of(original), _TRAMPOLINE)
    made.put_off = original, arguments
    return made


@method(CLOSURE, "trampoline", (0, None))
def trampoline(run: "Run", value: Any, arguments: list[Any]) -> Any:
    inside = value.put_off if type(value) is NativeClosure else None
    return _bouncing(inside[0] if inside is not None else value, arguments)


@method(CLOSURE, "getMaximumNumberOfParameters")
def maximum(run: "Run", value: Any, arguments: list[Any]) -> int:
    return calling.count_of(value)


@method(CLOSURE, "getParameterTypes")
def parameter_types(run: "Run", value: Any, arguments: list[Any]) -> Any:
    from rules.language import kinds

    if type(value) is not Closure:
        return values.Array([values.ClassRef(kinds.OBJECT)] * calling.count_of(value), "Class")
    types = [kinds.OBJECT if it.type is None else it.type.kind for it in value.code.parameters]
    return values.Array([values.ClassRef(kind) for kind in types], "Class")


@prop(CLOSURE, "owner")
def owner(run: "Run", value: Any) -> Any:
    return value.owner if type(value) is Closure else None


@prop(CLOSURE, "delegate")
def delegate(run: "Run", value: Any) -> Any:
    return value.delegate if type(value) is Closure else None


@prop(CLOSURE, "thisObject")
def this_object(run: "Run", value: Any) -> Any:
    return value.this if type(value) is Closure else None


@prop(CLOSURE, "resolveStrategy")
def resolve_strategy(run: "Run", value: Any) -> int:
    return value.resolve if type(value) is Closure else closures.OWNER_FIRST


@method(CLOSURE, "clone dehydrate")
def clone(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return value.copy() if type(value) is Closure else value


@method(CLOSURE, "rehydrate", 3)
def rehydrate(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return value.with_delegate(arguments[0], value.resolve) if type(value) is Closure else value


@method(CLOSURE, "setDelegate", 1)
def set_delegate(run: "Run", value: Any, arguments: list[Any]) -> None:
    run.set(value, "delegate", arguments[0])


@method(CLOSURE, "setResolveStrategy", 1)
def set_resolve(run: "Run", value: Any, arguments: list[Any]) -> None:
    run.set(value, "resolveStrategy", arguments[0])


def _interface(names: str) -> None:
    """The one method of an interface that a closure stands for."""

    @method(CLOSURE, names, (0, None))
    def call(run: "Run", value: Any, arguments: list[Any]) -> Any:
        return run.call(value, arguments)


_interface("apply test get compare applyAsInt")


@method(CLOSURE, "run accept", (0, None))
def run_(run: "Run", value: Any, arguments: list[Any]) -> None:
    run.call(value, arguments)


@method(CLOSURE, "asWritable")
def as_writable(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return value
