"""StringBuilder and StringBuffer."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rules.language import text_of, values
from rules.language.kinds import (
    STRING_BUFFER,
    STRING_BUILDER,
)
from rules.language.members import Arity, Method, constructor, method

if TYPE_CHECKING:
    from rules.language.run import Run


# StringBuilder and StringBuffer


def _new_builder(run: "Run", kind: Any, arguments: list[Any]) -> Any:
    text = run.text(arguments[0]) if arguments and type(arguments[0]) is not int else ""
    run.string(len(text))
    return values.StringBuilder(text, kind)


for _kind in (STRING_BUILDER, STRING_BUFFER):
    constructor(_kind, (0, 1))(_new_builder)


def _both(names: str, arity: Arity = 0) -> Callable[[Method], Method]:
    def enter(act: Method) -> Method:
        for kind in (STRING_BUILDER, STRING_BUFFER):
            method(kind, names, arity)(act)
        return act

    return enter


def _set_text(run: "Run", value: Any, text: str) -> Any:
    run.string(len(text))
    value.replace_all(text)
    return value


@_both("append leftShift", (1, 3))
def append(run: "Run", value: Any, arguments: list[Any]) -> Any:
    text = text_of.java_text(run, arguments[0])
    if value.length + len(text) > run.limits.string:
        run.string(value.length + len(text))
    run.allocate(len(text))
    value.append(text)
    return value


@_both("insert", 2)
def insert(run: "Run", value: Any, arguments: list[Any]) -> Any:
    text, at = value.text(), int(arguments[0])
    return _set_text(run, value, text[:at] + text_of.java_text(run, arguments[1]) + text[at:])


@_both("reverse")
def reverse(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return _set_text(run, value, value.text()[::-1])


@_both("deleteCharAt", 1)
def delete_char(run: "Run", value: Any, arguments: list[Any]) -> Any:
    text, at = value.text(), int(arguments[0])
    if not 0 <= at < len(text):
        run.fail("java.lang.StringIndexOutOfBoundsException", f"index {at},length {len(text)}")
    return _set_text(run, value, text[:at] + text[at + 1 :])


@_both("delete", 2)
def delete(run: "Run", value: Any, arguments: list[Any]) -> Any:
    text = value.text()
    return _set_text(run, value, text[: int(arguments[0])] + text[int(arguments[1]) :])


@_both("replace", 3)
def replace(run: "Run", value: Any, arguments: list[Any]) -> Any:
    text = value.text()
    return _set_text(run, value, text[: int(arguments[0])] + run.text(arguments[2]) + text[int(arguments[1]) :])


@_both("setLength", 1)
def set_length(run: "Run", value: Any, arguments: list[Any]) -> None:
    run.string(int(arguments[0]))
    _set_text(run, value, value.text()[: int(arguments[0])].ljust(int(arguments[0]), "\0"))


@_both("setCharAt", 2)
def set_char(run: "Run", value: Any, arguments: list[Any]) -> None:
    text, at = value.text(), int(arguments[0])
    _set_text(run, value, text[:at] + run.text(arguments[1]) + text[at + 1 :])


@_both("capacity")
def capacity(run: "Run", value: Any, arguments: list[Any]) -> int:
    return max(16, int(value.length))
