"""Exceptions as values."""

from typing import TYPE_CHECKING, Any

from rules.language import kinds, values
from rules.language.kinds import THROWABLE
from rules.language.members import constructor, method, no_constructor, prop
from rules.language.members.arguments import is_text

if TYPE_CHECKING:
    from rules.language.run import Run


@constructor(THROWABLE, (0, 4))
def new_throwable(run: "Run", kind: Any, arguments: list[Any]) -> Any:
    if not arguments:
        return values.Throwable(kind)
    first = arguments[0]
    cause = arguments[1] if len(arguments) > 1 else None
    if is_text(first) or (first is None and len(arguments) > 1):
        return values.Throwable(kind, None if first is None else run.text(first), cause)
    if first is None:
        message = f"Ambiguous method overloading for method {kind.name}#<init>."
        run.fail("groovy.lang.GroovyRuntimeException", message)
    if kinds.is_kind(kinds.kind_of(first), THROWABLE):
        return values.Throwable(kind, run.text(first), first)
    if kinds.is_kind(kind, kinds.ASSERTION_ERROR):
        return values.Throwable(kind, run.text(first))
    return no_constructor(run, kind, arguments)


@method(THROWABLE, "getMessage getLocalizedMessage")
def get_message(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return value.message


@method(THROWABLE, "getCause")
def get_cause(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return value.cause


@method(THROWABLE, "initCause", 1)
def init_cause(run: "Run", value: Any, arguments: list[Any]) -> Any:
    value.cause = arguments[0]
    return value


@method(THROWABLE, "getSuppressed")
def suppressed(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.Array(value.suppressed, "Throwable")


@method(THROWABLE, "getStackTrace")
def stack_trace(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.Array([], "StackTraceElement")


@method(THROWABLE, "printStackTrace", (0, 1))
def print_stack_trace(run: "Run", value: Any, arguments: list[Any]) -> None:
    run.log("error", run.text(value))


@method(THROWABLE, "addSuppressed", 1)
def add_suppressed(run: "Run", value: Any, arguments: list[Any]) -> None:
    run.grow(len(value.suppressed) + 1)
    value.suppressed.append(arguments[0])


_QUOTED = {
    "MissingPropertyException": "No such property: ",
    "MissingMethodException": "No signature of method: ",
    "ReadOnlyPropertyException": "Cannot set readonly property: ",
}


def _subject(value: Any) -> str:
    """The name in the message of a missing member."""
    message = value.message or ""
    rest = message.partition(_QUOTED.get(value.kind.simple, "\0"))[2]
    word = rest.split("(")[0].split(" for class")[0]
    return str(word.rpartition(".")[2])


@prop(kinds.CLASSES["groovy.lang.MissingPropertyException"], "property")
def missing_property(run: "Run", value: Any) -> Any:
    return _subject(value)


@prop(kinds.CLASSES["groovy.lang.MissingMethodException"], "method")
def missing_method(run: "Run", value: Any) -> Any:
    return _subject(value)
