"""What may stand in a toy ticket's fields, as strictly as a real desk sees it."""

from collections.abc import Mapping

from sync.errors import RemoteRefusedTicket
from sync.fields import Fields, Value
from sync.form import CUSTOM, DeskFacts, DeskField, FieldType
from sync.ticket import Person
from trackers.levels import with_levels
from trackers.typed import no_such_field, time_text, written_value

_ALWAYS = frozenset({"type", "status", "priority", "source"})


def checked(fields: Fields, facts: DeskFacts, people: Mapping[str, Person], standing: Fields) -> Fields:
    """As they will stand. `people` are known by their addresses in small letters. Raises RemoteRefusedTicket."""
    known = {field.name: field for field in facts.fields}
    values: dict[str, Value] = {}
    for name, value in with_levels(fields, facts, standing).items():
        field = known.get(name)
        if field is None:
            raise no_such_field(name)
        values[name] = _standing(field, value, people)
        if field.type is FieldType.NESTED:  # another level above leaves nothing below it
            values = {**dict.fromkeys(level for level in field.levels if level not in fields), **values}
    return Fields(values)


def _standing(field: DeskField, value: Value, people: Mapping[str, Person]) -> Value:
    if field.name == "summary":
        return " ".join(str(value or "").split())
    if field.name in ("description", "tags"):
        return value
    if field.type is FieldType.PERSON:
        return _address(field.name, value, people)
    if field.type is FieldType.TIME and not field.name.startswith(CUSTOM):
        return time_text(value, field.name)
    if value is None and field.name in _ALWAYS:
        raise RemoteRefusedTicket(f"{field.name} must be one of: {', '.join(field.labels)}")
    sent = written_value(field, value)
    assert not isinstance(sent, dict)
    return tuple(sent) if isinstance(sent, list) else sent  # type: ignore[return-value]


def _address(name: str, value: Value, people: Mapping[str, Person]) -> str | None:
    if value in (None, "") and name != "requester":
        return None
    person = people.get(str(value or "").strip().lower())
    if person is None or (name == "assignee" and not person.is_agent):
        raise RemoteRefusedTicket(f"The desk knows nobody with the e-mail address that {name} was given.")
    return person.email
