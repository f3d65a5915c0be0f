"""The entries of maps."""

from typing import TYPE_CHECKING, Any

from rules.language.kinds import ENTRY
from rules.language.members import method, prop

if TYPE_CHECKING:
    from rules.language.run import Run


@method(ENTRY, "getKey")
def entry_key(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return value.key


@method(ENTRY, "getValue")
def entry_value(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return value.value


@method(ENTRY, "setValue", 1)
def set_value(run: "Run", value: Any, arguments: list[Any]) -> Any:
    before, value.value = value.value, arguments[0]
    return before


@prop(ENTRY, "key")
def key(run: "Run", value: Any) -> Any:
    return value.key


@prop(ENTRY, "value")
def entry_value_(run: "Run", value: Any) -> Any:
    return value.value
