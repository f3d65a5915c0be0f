"""Code that can be called, and the closures of a script: the code together with the variables it captured."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rules.language.run import Run

# What stands in the first places of a frame; a frame is a list, and the locals follow.
RUN, THIS, SELF, RESULT, FIRST_LOCAL = 0, 1, 2, 3, 4

Frame = list[Any]
Node = Callable[[Frame], Any]

OWNER_FIRST, DELEGATE_FIRST, OWNER_ONLY, DELEGATE_ONLY, TO_SELF = range(5)


class Parameter:
    """One declared parameter. `cell` says that a closure captures it; `type` is None where any value fits."""

    __slots__ = ("cell", "default", "name", "rest", "slot", "type")

    def __init__(self, name: str, slot: int, cell: bool, type_: Any, default: Node | None, rest: bool) -> None:
        self.name = name
        self.slot = slot
        self.cell = cell
        self.type = type_
        self.default = default
        self.rest = rest


class Code:
    """The compiled body of a function, method, constructor or closure. `captures` pairs the slots of captured cells:
    where the frame outside holds one, and where the frame inside keeps it."""

    __slots__ = (
        "body",
        "calls_constructor",
        "captures",
        "class_name",
        "column",
        "implicit",
        "is_static",
        "least",
        "line",
        "most",
        "name",
        "parameters",
        "returns",
        "simple",
        "size",
        "types",
    )

    def __init__(self, name: str, class_name: str, line: int, column: int) -> None:
        self.name = name
        self.class_name = class_name
        self.line = line
        self.column = column
        self.parameters: tuple[Parameter, ...] = ()
        self.least = 0
        self.most: int | None = 0
        self.size = FIRST_LOCAL
        self.body: Node = nothing
        self.captures: tuple[tuple[int, int], ...] = ()
        self.implicit = False
        self.calls_constructor = False
        self.is_static = False
        self.returns: Any = None
        self.simple = True
        self.types: tuple[Any, ...] = ()

    def declare(self, parameters: Sequence[Parameter]) -> None:
        """Fix the parameters, and with them how many arguments fit."""
        self.parameters = tuple(parameters)
        self.least = sum(1 for parameter in parameters if parameter.default is None and not parameter.rest)
        self.most = None if parameters and parameters[-1].rest else len(parameters)
        self.simple = self.most == self.least and all(parameter.type is None for parameter in parameters)


def nothing(frame: Frame) -> Any:
    """The body of an empty function."""
    return None


class Closure:
    """A closure as a value. `owner` is the closure around it, or the script, instance or class it was made in;
    `bound` holds arguments fixed by `curry` (in front), `rcurry` (behind) or `ncurry`, as (position, values)."""

    __slots__ = ("bound", "captured", "code", "delegate", "owner", "plain", "resolve", "this")

    def __init__(self, code: Code, captured: list[tuple[int, Any]], this: Any, owner: Any) -> None:
        self.code = code
        self.captured = captured
        self.this = this
        self.owner = owner
        self.delegate = owner
        self.resolve = OWNER_FIRST
        # Free names of a plain closure can only mean script variables and members of `this`.
        self.plain: bool = type(owner) is not Closure or owner.plain
        self.bound: tuple[tuple[int, tuple[Any, ...]], ...] = ()

    def copy(self) -> "Closure":
        """The same code and variables, with a delegate and fixed arguments of its own."""
        twin = Closure(self.code, self.captured, self.this, self.owner)
        twin.delegate = self.delegate
        twin.resolve = self.resolve
        twin.plain = self.plain
        twin.bound = self.bound
        return twin

    def with_delegate(self, delegate: Any, resolve: int = DELEGATE_FIRST) -> "Closure":
        """A copy whose free names are looked up in `delegate` too."""
        twin = self.copy()
        twin.delegate = delegate
        twin.resolve = resolve
        twin.plain = False
        return twin


class NativeClosure:
    """A closure made of a member instead of code: `this.&name`, `String.&trim`, `a >> b`, `memoize()`. `function`
    takes the run and the arguments; `count` is what maximumNumberOfParameters says."""

    __slots__ = ("class_name", "count", "function", "put_off")

    def __init__(
        self,
        function: Callable[["Run", Sequence[Any]], Any],
        count: int = 1,
        class_name: str = "org.codehaus.groovy.runtime.MethodClosure",
    ) -> None:
        self.function = function
        self.count = count
        self.class_name = class_name
        # Of a trampoline: the closure and the arguments of the call that is put off.
        self.put_off: tuple[Any, list[Any]] | None = None
