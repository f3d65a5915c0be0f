"""Reading what a method was given: texts, whole numbers, and Groovy's refusals."""

from typing import TYPE_CHECKING, Any, NoReturn

from rules.language import values
from rules.language.equality import INTEGERS, NUMBERS, TEXTS
from rules.language.members import type_name

if TYPE_CHECKING:
    from rules.language.run import Run

LISTS = (list, values.OtherList, values.Array, values.Range)
COLLECTIONS = (*LISTS, values.GSet)


def wanted(run: "Run", receiver: Any, name: str, arguments: list[Any], fits: bool) -> None:
    """Refuse arguments of the wrong classes as a method that does not exist. Raises Raised."""
    if not fits:
        from rules.language import kinds

        run.no_method(kinds.kind_of(receiver).name, name, arguments)


def ambiguous(run: "Run", receiver: Any, name: str, *among: str) -> NoReturn:
    """Refuse a null that several overloads would take. Raises Raised."""
    from rules.language import kinds

    message = f"Ambiguous method overloading for method {kinds.kind_of(receiver).name}#{name}. Cannot resolve which "
    message += f"method to invoke for [null] due to overlapping prototypes between: [{'] ['.join(among)}]"
    run.fail("groovy.lang.GroovyRuntimeException", message)


def not_castable(run: "Run", value: Any, wanted_like: Any) -> NoReturn:
    """The ClassCastException of Java. Raises Raised."""
    from rules.language import kinds

    one, other = kinds.kind_of(value).name, kinds.kind_of(wanted_like).name
    message = f"class {one} cannot be cast to class {other} ({one} and {other} are in module java.base of loader "
    run.fail("java.lang.ClassCastException", message + "'bootstrap')")


def is_text(value: Any) -> bool:
    return type(value) in TEXTS or type(value) is values.StringBuilder


def is_number(value: Any) -> bool:
    return type(value) in NUMBERS


def is_whole(value: Any) -> bool:
    return type(value) in INTEGERS


def is_callable(value: Any) -> bool:
    return type(value) in (values.Closure, values.NativeClosure)


def whole(run: "Run", receiver: Any, name: str, arguments: list[Any], at: int) -> int:
    """A whole number, or no such method."""
    value = arguments[at]
    wanted(run, receiver, name, arguments, type(value) in (int, values.Short, values.Byte))
    return int(value)


def whole_count(run: "Run", receiver: Any, name: str, arguments: list[Any], at: int) -> int:
    """A count that has to be an int."""
    wanted(run, receiver, name, arguments, type(arguments[at]) in (int, values.Short, values.Byte))
    return int(arguments[at])


def amount(run: "Run", receiver: Any, name: str, arguments: list[Any], at: int) -> int:
    """A count: a number without its fraction."""
    value = arguments[at]
    wanted(run, receiver, name, arguments, is_number(value))
    return int(value)


def sequence(run: "Run", value: Any) -> list[Any]:
    """The items of anything a loop can walk over, as a new list that is paid for."""
    if type(value) in (list, values.OtherList, values.Array, values.GSet):
        run.collection(len(value))
        run.steps(len(value) >> 3)
        return list(value)
    if type(value) is values.Range:
        run.collection(value.count)
        run.steps(value.count)
        return list(value)
    found: list[Any] = []
    for item in run.items(value):
        run.grow(len(found) + 1)
        found.append(item)
    return found


__all__ = ["type_name"]
