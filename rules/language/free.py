"""Free names: what a script, a class or a closure with a delegate makes of a name that is no local."""

from typing import TYPE_CHECKING, Any

from rules.language.closures import DELEGATE_FIRST, DELEGATE_ONLY, OWNER_ONLY, TO_SELF, Closure, NativeClosure
from rules.language.raised import Raised

if TYPE_CHECKING:
    from rules.language.run import Run


def get(run: "Run", this: Any, closure: Closure | None, name: str) -> Any:
    """The value of a free name. Raises Raised (MissingPropertyException) where there is none."""
    if closure is None or closure.plain:
        return run.get(this, name)
    places = _places(closure)
    problem: Raised | None = None
    for place in places:
        try:
            return get(run, this, place, name) if type(place) is Closure else run.get(place, name)
        except Raised as raised:
            if not run.is_missing(raised.value):
                raise
            problem = problem or raised
    assert problem is not None
    raise problem


def put(run: "Run", this: Any, closure: Closure | None, name: str, value: Any) -> None:
    """Assign to a free name: a script variable, a property of `this` or of a delegate. Raises Raised."""
    if closure is None or closure.plain:
        run.set(this, name, value)
        return
    problem: Raised | None = None
    for place in _places(closure):
        try:
            if type(place) is Closure:
                put(run, this, place, name, value)
            else:
                run.set(place, name, value)
            return
        except Raised as raised:
            if not run.is_missing(raised.value):
                raise
            problem = problem or raised
    assert problem is not None
    raise problem


def call(run: "Run", this: Any, closure: Closure | None, name: str, arguments: list[Any]) -> Any:
    """Call a free name: a method of the closure itself, a function, a method of `this` or of a delegate, or what a
    variable holds. Raises Raised."""
    if closure is not None and name in _OWN and _is_own(run, this, name, arguments):
        return run.call_method(closure, name, arguments)
    if closure is None or closure.plain:
        return run.call_method(this, name, arguments)
    for place in _flat(closure):
        if run.responds(place, name):
            return run.call_method(place, name, arguments)
    places = _flat(closure)
    return run.call_method(places[0] if closure.resolve == DELEGATE_FIRST else this, name, arguments)


# What a closure answers itself before it passes a name on: its own methods, and those that look into any object.
_OWN_MADE = {"trampoline", "curry", "rcurry", "ncurry", "memoize"}
_OWN_ALONE = {"call", "doCall", "toString", "hashCode", "getClass", "getOwner", "getDelegate", "iterator", "clone"}
_OWN_WITH_CLOSURE = {
    "each", "collect", "find", "findAll", "findIndexOf", "findIndexValues", "findLastIndexOf", "any", "every", "grep",
    "eachWithIndex", "inject", "split", "with", "tap",
}  # fmt: skip
_OWN = _OWN_ALONE | _OWN_MADE | _OWN_WITH_CLOSURE | {"equals", "is"}


def _is_own(run: "Run", this: Any, name: str, arguments: list[Any]) -> bool:
    """Whether a closure has a method for this call; a function that the script declares is not looked at before."""
    if name == "call" or name == "doCall" or (name in _OWN_MADE and not run.responds(this, name)):
        return True
    if name in _OWN_ALONE:
        return not arguments
    if name in _OWN_WITH_CLOSURE:
        return bool(arguments) and type(arguments[-1]) in (Closure, NativeClosure)
    return len(arguments) == 1


def _places(closure: Closure) -> list[Any]:
    """Where a closure looks for names, first place first."""
    owner, delegate = closure.owner, closure.delegate
    if closure.resolve == DELEGATE_FIRST:
        return [delegate, owner]
    if closure.resolve == DELEGATE_ONLY:
        return [delegate]
    if closure.resolve in (OWNER_ONLY, TO_SELF) or delegate is owner:
        return [owner]
    return [owner, delegate]


def _flat(closure: Closure) -> list[Any]:
    """The same, with the places of owning closures in place of these."""
    found: list[Any] = []
    for place in _places(closure):
        found.extend(_flat(place) if type(place) is Closure else [place])
    return found
