"""How code is entered: arguments find their parameters, closures their delegate, names their overload."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rules.language import values
from rules.language.closures import RUN, SELF, THIS, Closure, Code, NativeClosure
from rules.language.raised import LimitReached

if TYPE_CHECKING:
    from rules.language.run import Run

# What a call passes when the parameter's default shall be used.
MISSING = object()


def invoke(
    code: Code,
    run: "Run",
    this: Any,
    closure: Closure | None,
    captured: Sequence[tuple[int, Any]],
    arguments: list[Any],
) -> Any:
    """Run the code in a new frame; the arguments are known to fit. Raises LimitReached when calls are too deep."""
    frame = _frame(code, run, this, closure, captured)
    run.depth += 1
    try:
        if code.simple and len(arguments) == code.least:
            for parameter, value in zip(code.parameters, arguments, strict=True):
                frame[parameter.slot] = [value] if parameter.cell else value
        else:
            _bind(code, run, frame, arguments)
        value = code.body(frame)
    finally:
        run.depth -= 1
    return value if code.returns is None else code.returns.returned(run, value)


def _frame(
    code: Code, run: "Run", this: Any, closure: Closure | None, captured: Sequence[tuple[int, Any]]
) -> list[Any]:
    run.steps(1)
    if run.depth >= run.limits.call_depth:
        raise LimitReached(f"calls are nested more than {run.limits.call_depth} deep")
    frame: list[Any] = [None] * code.size
    frame[RUN] = run
    frame[THIS] = this
    frame[SELF] = closure
    for slot, cell in captured:
        frame[slot] = cell
    return frame


def call_one(run: "Run", closure: Closure, item: Any) -> Any:
    """`closure(item)` for one item after the other: what most closures need, and nothing else."""
    code = closure.code
    if not code.simple or code.least != 1 or closure.bound:
        return call_closure(run, closure, (item,))
    frame = _frame(code, run, closure.this, closure, closure.captured)
    parameter = code.parameters[0]
    frame[parameter.slot] = [item] if parameter.cell else item
    run.depth += 1
    try:
        value = code.body(frame)
    finally:
        run.depth -= 1
    return value if code.returns is None else code.returns.returned(run, value)


def _bind(code: Code, run: "Run", frame: list[Any], arguments: list[Any]) -> None:
    """Put arguments into their slots: defaults fill in from the left, the rest goes into an array."""
    spare = len(arguments) - code.least
    position = 0
    for parameter in code.parameters:
        if parameter.rest:
            value = _rest(run, parameter.type, arguments[position:])
        elif parameter.default is not None and spare <= 0:
            value = parameter.default(frame)
            if parameter.type is not None:
                value = parameter.type.assign(run, value)
        else:
            spare -= parameter.default is not None
            value = arguments[position]
            position += 1
            if parameter.type is not None:
                value = parameter.type.assign(run, value)
        frame[parameter.slot] = [value] if parameter.cell else value


def _rest(run: "Run", type_: Any, given: list[Any]) -> Any:
    """The array of a variable-length parameter; one array or null is taken as it is."""
    if len(given) == 1 and (given[0] is None or type(given[0]) is values.Array):
        return given[0]
    run.collection(len(given))
    return type_.array([type_.component.assign(run, value) for value in given])


def distance(code: Code, arguments: Sequence[Any]) -> int | None:
    """How far the arguments are from the declared parameters, None where they do not fit."""
    count = len(arguments)
    if count < code.least or (code.most is not None and count > code.most):
        return None
    if code.simple:
        return sum(1 if given is None else 16 for given in arguments)
    total = 0
    spare = count - code.least
    position = 0
    for parameter in code.parameters:
        if parameter.rest:
            return _rest_distance(parameter.type, arguments[position:], total)
        if parameter.default is not None:
            if spare <= 0:
                continue
            spare -= 1
        # null is nearest to a parameter that takes anything.
        given = arguments[position]
        step = (1 if given is None else 16) if parameter.type is None else parameter.type.distance(given)
        if step is None:
            return None
        total += step
        position += 1
    return total


def _rest_distance(type_: Any, given: Sequence[Any], total: int) -> int | None:
    """A variable-length parameter fits, but after everything that fits without one."""
    if len(given) == 1 and (given[0] is None or type(given[0]) is values.Array):
        return total + 1
    for value in given:
        step = type_.component.distance(value)
        if step is None:
            return None
        total += step
    return total + 100


def choose(codes: Sequence[Code], arguments: list[Any]) -> tuple[Code, list[Any]] | None:
    """The overload that fits best, nearest class first, with the arguments to pass; None where none fits."""
    best: tuple[int, Code] | None = None
    for code in codes:
        far = distance(code, arguments)
        if far is not None and (best is None or far < best[0]):
            best = far, code
    if best is not None:
        return best[1], arguments
    if not arguments:
        # A call without arguments reaches the one parameter of a function as null.
        for code in codes:
            if len(code.parameters) == 1 and distance(code, [None]) is not None:
                return code, [None]
    return None


def call_closure(run: "Run", closure: Closure, arguments: Sequence[Any]) -> Any:
    """Call a closure as `closure(arguments)` does. Raises Raised when they do not fit."""
    given = list(arguments)
    if closure.bound:
        for position, fixed in closure.bound:
            at = len(given) if position < 0 else min(position, len(given))
            given[at:at] = fixed
    code = closure.code
    if not (code.simple and len(given) == code.least):
        given = _fitted(run, closure, given)
    return invoke(code, run, closure.this, closure, closure.captured, given)


def _fitted(run: "Run", closure: Closure, given: list[Any]) -> list[Any]:
    """The arguments as they fit: one list for several parameters is unpacked, none for one becomes null."""
    code = closure.code
    if distance(code, given) is not None:
        return given
    if not given and len(code.parameters) == 1 and not code.parameters[0].rest and distance(code, [None]) is not None:
        return [None]
    if len(given) == 1 and len(code.parameters) > 1:
        inner = values.unpacked(given[0])
        if inner is not None and distance(code, inner) is not None:
            return inner
    return run.no_method(code.class_name, "call" if code.name == "" else code.name, given)


def count_of(function: Any) -> int:
    """How many parameters a closure declares, an implicit `it` counting as one."""
    if type(function) is Closure:
        fixed = sum(len(values_) for _, values_ in function.bound)
        return len(function.code.parameters) - fixed
    return function.count if type(function) is NativeClosure else 1
