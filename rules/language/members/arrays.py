"""What arrays do not answer to though lists do, and what they alone answer to."""

from typing import TYPE_CHECKING, Any

from rules.language import kinds, values
from rules.language.kinds import ARRAY, PRIMITIVE_ARRAY
from rules.language.members import Method, list_making, list_parts, lists, method, ordering, walking
from rules.language.members.collections import find_all, grep

if TYPE_CHECKING:
    from rules.language.run import Run

_NOT_ANY = "indexOf lastIndexOf withIndex asList unique"
_NOT_OBJECTS = "indexed toSet"
_NOT_PRIMITIVE = (
    "sort toSorted toUnique reverse take drop takeRight dropRight takeWhile dropWhile head tail first last init "
    "groupBy collectEntries collectMany countBy collate chop minus plus toArrayString findResults"
)


def _absent(kind: kinds.Kind, names: str) -> None:
    for name in names.split():
        method(kind, name, (0, None))(_refusing(name))


def _refusing(name: str) -> Method:
    def refuse(run: "Run", value: Any, arguments: list[Any]) -> Any:
        return run.no_method(kinds.kind_of(value).name, name, arguments)

    return refuse


# What these enter for arrays too is refused here, so they have to come first.
ENTERED_BEFORE = (list_making, list_parts, lists, ordering, walking)
_absent(ARRAY, f"{_NOT_ANY} {_NOT_OBJECTS}")
_absent(PRIMITIVE_ARRAY, _NOT_PRIMITIVE)


@method(PRIMITIVE_ARRAY, "indexed", (0, 1))
def indexed(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return run.call_method(list(value), "indexed", arguments)


@method(PRIMITIVE_ARRAY, "toSet")
def to_set(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return run.call_method(list(value), "toSet", arguments)


@method(ARRAY, "findAll", (0, 1))
def find_in(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return find_all(run, list(value), arguments)


@method(ARRAY, "grep", (0, 1))
def grep_in(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return grep(run, list(value), arguments)


@method(ARRAY, "swap", 2)
def swap(run: "Run", value: Any, arguments: list[Any]) -> Any:
    i, j = int(arguments[0]), int(arguments[1])
    value[i], value[j] = value[j], value[i]
    return value


@method(ARRAY, "equals", 1)
def equals(run: "Run", value: Any, arguments: list[Any]) -> bool:
    """Two arrays are equal by `==`; `equals` asks whether they are one."""
    other = arguments[0]
    return value is other if type(other) is values.Array else run.equal(value, other)


@method(PRIMITIVE_ARRAY, "equals", 1)
def primitive_equals(run: "Run", value: Any, arguments: list[Any]) -> bool:
    """Of numbers Groovy asks whether the items are equal."""
    return run.equal(value, arguments[0])
