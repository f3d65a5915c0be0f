"""Tuples: lists of a fixed length whose items have names."""

from typing import TYPE_CHECKING, Any

from rules.language import kinds, values
from rules.language.kinds import LIST, Kind
from rules.language.members import constructor, method, prop, static

if TYPE_CHECKING:
    from rules.language.run import Run

TUPLE = kinds.kind("groovy.lang.Tuple", LIST)
_MOST = 9
KINDS = {count: kinds.kind(f"groovy.lang.Tuple{count}", TUPLE, kinds.COMPARABLE) for count in range(1, _MOST + 1)}


def _made(run: "Run", kind: Kind, items: list[Any]) -> Any:
    run.collection(len(items))
    return values.OtherList(items, kind, fixed=True)


@constructor(TUPLE, (0, None))
def new_tuple(run: "Run", kind: Kind, arguments: list[Any]) -> Any:
    return _made(run, kind, arguments)


@static(TUPLE, "tuple", (1, _MOST))
def tuple_of(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return _made(run, KINDS[len(arguments)], arguments)


def _named(kind: Kind, name: str, at: int) -> None:
    getter = f"get{name[0].upper()}{name[1:]}"

    @method(kind, getter)
    def get(run: "Run", value: Any, arguments: list[Any]) -> Any:
        return value[at]

    prop(kind, name)(lambda run, value: value[at])


for _count, _kind in KINDS.items():
    constructor(_kind, _count)(new_tuple)
    for _at, _word in enumerate(("first", "second", "third", "fourth", "fifth")[:_count]):
        _named(_kind, _word, _at)
    for _at in range(_count):
        _named(_kind, f"v{_at + 1}", _at)


@method(TUPLE, "subTuple", 2)
def sub_tuple(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return _made(run, TUPLE, value[int(arguments[0]) : int(arguments[1])])
