"""Values of form fields, both ways: read leniently, written as strictly as their kinds say."""

import re
from collections.abc import Callable

from sync.errors import RemoteRefusedTicket
from sync.fields import Fields, Value
from sync.form import CUSTOM, DeskFacts, DeskField, FieldChoice, FieldType, same
from trackers.lenient import moment, moment_text, plain, whole

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_NAME = re.compile(r"[a-z0-9_]{1,100}")
_FLAGS = {"true": True, "false": False}


def read_value(kind: FieldType | None, value: object) -> Value:
    """What an answer holds of a custom field; `kind` is None where the form does not show it."""
    if value is None or kind is None:
        return plain(value)
    if kind in (FieldType.NUMBER, FieldType.LOOKUP):
        number = whole(value)
        return plain(value) if number is None else number
    if kind is FieldType.DECIMAL:
        number_or_none = _decimal(value)
        return plain(value) if number_or_none is None else number_or_none
    if kind is FieldType.CHECKBOX and isinstance(value, str):
        return _FLAGS.get(value.strip().lower(), value)
    if kind is FieldType.CHOICES and isinstance(value, str):
        return (value,) if value else ()
    if kind in (FieldType.DATE, FieldType.TIME) and isinstance(value, str):
        return _time_text(kind, value) or plain(value)
    return plain(value)


def written_value(field: DeskField, value: Value) -> object:
    """What is sent for a custom field. Raises RemoteRefusedTicket, naming the field and what it takes."""
    if isinstance(value, Fields) or (isinstance(value, tuple) and not all(isinstance(one, str) for one in value)):
        raise _wrong(field, "no maps and no lists of anything but texts")
    if value is None or value == "":
        return [] if field.type is FieldType.CHOICES else value if field.type is FieldType.TEXTS else None
    return _WRITERS.get(field.type, _as_text)(field, value)


def custom_field(facts: DeskFacts, called: str) -> DeskField:
    """By name or label. One that this form does not show goes as it is called: another workspace may have it."""
    bare = called.removeprefix(CUSTOM)
    found = facts.fields_called(CUSTOM + bare)
    if len(found) > 1:
        raise RemoteRefusedTicket(f"The desk has several fields called {bare[:80]}. Say which one by its name.")
    if not found and not _NAME.fullmatch(bare):
        raise no_such_field(bare)
    return found[0] if found else DeskField(called, bare, FieldType.TEXTS)


def path_to(choices: tuple[FieldChoice, ...], depth: int, label: str) -> list[tuple[FieldChoice, ...]]:
    """All ways down to the choices of this label at this depth (0 is the top), each from the top on."""
    found: list[tuple[FieldChoice, ...]] = []

    def walk(level: tuple[FieldChoice, ...], so_far: tuple[FieldChoice, ...]) -> None:
        for choice in level:
            if len(so_far) == depth:
                found.extend([(*so_far, choice)] if same(choice.label, label) else [])
            else:
                walk(choice.below, (*so_far, choice))

    walk(choices, ())
    return found


def time_text(value: Value, name: str) -> str | None:
    """A time as the desk reads it. Raises RemoteRefusedTicket."""
    if value is None or value == "":
        return None
    at = moment(value) if isinstance(value, str) else None
    if at is None:
        raise RemoteRefusedTicket(f"{name} takes a time like 2026-03-02T09:15:04Z. Correct the rule, then retry.")
    return moment_text(at)


def no_such_choice(name: str, labels: tuple[str, ...]) -> RemoteRefusedTicket:
    theirs = ", ".join(labels)
    return RemoteRefusedTicket(f"The desk has no such {name}. It has: {theirs}. Choose one of these, then retry.")


def no_such_field(name: str) -> RemoteRefusedTicket:
    return RemoteRefusedTicket(f"The desk has no field that is called {name[:80]}. Correct the rule, then retry.")


def _as_text(field: DeskField, value: Value) -> str:
    if isinstance(value, tuple):
        return ", ".join(str(one) for one in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _as_it_comes(field: DeskField, value: Value) -> object:
    """Of a kind that we do not see: the desk says whether it fits."""
    return list(value) if isinstance(value, tuple) else value


def _as_number(field: DeskField, value: Value) -> int:
    number = whole(value)
    if number is None or (isinstance(value, float | str) and _decimal(value) != number):
        raise _wrong(field, "a whole number")
    return number


def _as_decimal(field: DeskField, value: Value) -> int | float:
    number = _decimal(value)
    if number is None:
        raise _wrong(field, "a number")
    return number


def _as_flag(field: DeskField, value: Value) -> bool:
    found = _FLAGS.get(value.strip().lower()) if isinstance(value, str) else value
    if not isinstance(found, bool):
        raise _wrong(field, "true or false")
    return found


def _as_time(field: DeskField, value: Value) -> str:
    found = _time_text(field.type, value) if isinstance(value, str) else None
    if found is None:
        raise _wrong(field, "2026-03-02" if field.type is FieldType.DATE else "a time like 2026-03-02T09:15:04Z")
    return found


def _as_choice(field: DeskField, value: Value) -> str:
    text = _as_text(field, value)
    found = next((choice.label for choice in field.choices if choice.label == text), None) or next(
        (choice.label for choice in field.choices if same(choice.label, text)), None
    )
    if found is None and field.choices:
        raise no_such_choice(_shown(field), field.labels)
    return found or text


def _as_choices(field: DeskField, value: Value) -> list[str]:
    texts = value if isinstance(value, tuple) else (value,)
    return [_as_choice(field, text) for text in texts]


def _time_text(kind: FieldType, text: str) -> str | None:
    """A day as a day, a time as UTC; a day where a time belongs is its first second."""
    if kind is FieldType.DATE and _DAY.fullmatch(text.strip()) and moment(text) is not None:
        return text.strip()
    at = moment(text)
    if at is None:
        return None
    return moment_text(at)[:10] if kind is FieldType.DATE else moment_text(at)


def _decimal(value: object) -> int | float | None:
    """A number, also out of a text; whole ones as int, so that 2 and 2.0 are one."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    if number != number or number in (float("inf"), float("-inf")):
        return None
    return int(number) if number == int(number) else number


def _shown(field: DeskField) -> str:
    """As the rule knows it: the desk's own fields by their neutral names."""
    return field.label if field.name.startswith(CUSTOM) else field.name


def _wrong(field: DeskField, takes: str) -> RemoteRefusedTicket:
    return RemoteRefusedTicket(f"The desk's field {_shown(field)} takes {takes}. Correct the rule, then retry.")


_Writer = Callable[[DeskField, Value], object]
_WRITERS: dict[FieldType, _Writer] = {
    FieldType.TEXTS: _as_it_comes,
    FieldType.NUMBER: _as_number,
    FieldType.LOOKUP: _as_number,
    FieldType.DECIMAL: _as_decimal,
    FieldType.CHECKBOX: _as_flag,
    FieldType.DATE: _as_time,
    FieldType.TIME: _as_time,
    FieldType.CHOICE: _as_choice,
    FieldType.CHOICES: _as_choices,
}
