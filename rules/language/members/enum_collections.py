"""EnumSet and EnumMap: the sorted kinds, since an enum's constants compare by their order."""

from typing import TYPE_CHECKING, Any

from rules.language import kinds, values
from rules.language.kinds import Kind
from rules.language.members import constructor, static

if TYPE_CHECKING:
    from rules.language.run import Run

ENUM_SET = kinds.kind("java.util.EnumSet", kinds.SET)
ENUM_MAP = kinds.kind("java.util.EnumMap", kinds.TREE_MAP)


def _made(run: "Run", items: list[Any]) -> Any:
    run.collection(len(items))
    return values.GSet(run.sorted(items), kinds.TREE_SET)


@static(ENUM_SET, "of", (1, None))
def set_of(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return _made(run, list(arguments))


@static(ENUM_SET, "copyOf", 1)
def copy_of(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return _made(run, list(run.items(arguments[0])))


@static(ENUM_SET, "allOf", 1)
def all_of(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return _made(run, list(run.call_method(arguments[0], "values", [])))


@static(ENUM_SET, "noneOf", 1)
def none_of(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return _made(run, [])


@static(ENUM_SET, "range", 2)
def range_of(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    first, last = arguments
    every = run.call_method(values.ClassRef(first.of.enum().kind), "values", [])
    return _made(run, [one for one in every if run.compare(first, one) <= 0 <= run.compare(last, one)])


@constructor(ENUM_MAP, 1)
def new_map(run: "Run", kind: Kind, arguments: list[Any]) -> Any:
    given = arguments[0].items() if type(arguments[0]) is values.GMap else ()
    made = values.GMap((), kinds.TREE_MAP)
    for key, value in given:
        run.call_method(made, "put", [key, value])
    return made
