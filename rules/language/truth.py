"""Groovy's truth."""

from typing import TYPE_CHECKING, Any

from rules.language import kinds, values
from rules.language.classes import Instance

if TYPE_CHECKING:
    from rules.language.run import Run


def truth(run: "Run", value: Any) -> bool:
    """Whether a condition holds for the value: not for null, zero, NaN or anything empty, nor a Matcher that does not
    find."""
    of = type(value)
    if of is bool:
        return bool(value)
    if value is None:
        return False
    if of in _COUNTED:
        return len(value) > 0
    if of is float or of is values.Float:
        return bool(value == value and value != 0)
    if of in _NUMBERS:
        return bool(value != 0)
    if of is values.Char:
        return bool(value != "\0")
    return _rarer(run, value, of)


_COUNTED = {str, list, values.GMap, values.GSet, values.Range, values.Array, values.OtherList}
_NUMBERS = {int, values.Long, values.BigInt, values.Short, values.Byte, values.Decimal}


def _rarer(run: "Run", value: Any, of: type) -> bool:
    if of is values.GString:
        return bool(run.text(value))
    if of is values.Matcher:
        return bool(run.call_method(value, "asBoolean"))
    if of is values.Walker:
        return bool(value.has_next())
    if of is values.StringBuilder:
        return value.length > 0  # type: ignore[no-any-return]
    if of is Instance and run.responds(value, "asBoolean"):
        return truth(run, run.call_method(value, "asBoolean"))
    if of is values.Box and value.kind is kinds.OPTIONAL:
        return value.content is not None
    kinds.kind_of(value)
    return True
