"""Our fields as the attributes of a Freshservice ticket, as strictly as the desk reads them.

Freshservice API v2, Create and Update a ticket, read 2025-11.
"""

from collections.abc import Callable

from sync.fields import Fields, Value
from sync.form import CUSTOM
from trackers.freshservice.form import Form
from trackers.typed import custom_field, no_such_choice, no_such_field, time_text, written_value

PEOPLE = {"assignee": "responder_id", "requester": "requester_id"}
PLACES = {"group": "group_id", "department": "department_id"}
_NUMBERED = ("status", "priority", "urgency", "impact", "source")
_MAY_BE_NOTHING = frozenset({"urgency", "impact"})
_TEXTS = {"category": "category", "sub_category": "sub_category", "item": "item_category"}
_TIMES = {"due_by": "due_by", "first_response_due_by": "fr_due_by", "fr_due_by": "fr_due_by"}
# By the desk's own names, with the desk's own values.
_NATIVE = frozenset({"group_id", "responder_id", "department_id", "requester_id", "item_category"})


def body_of(fields: Fields, form: Form) -> dict[str, object]:
    """The attributes to send, but for the description, and for people, groups and departments.

    Raises RemoteRefusedTicket for what the desk has no word for.
    """
    body: dict[str, object] = {}
    custom: dict[str, object] = {}
    for name, value in fields.items():
        if name.startswith(CUSTOM):
            field = custom_field(form.facts(), name)
            custom[field.name.removeprefix(CUSTOM)] = written_value(field, value)
        elif name in _TEXTS:
            body[_TEXTS[name]] = None if value in (None, "") else str(value)
        elif name in _TIMES:
            body[_TIMES[name]] = time_text(value, name)
        elif name in _NATIVE:
            body[name] = list(value) if isinstance(value, tuple) else value
        elif name in _WRITERS:
            body["subject" if name == "summary" else name] = _WRITERS[name](form, name, value)
        elif name not in PEOPLE and name not in PLACES and name != "description":
            raise no_such_field(name)
    return body | ({"custom_fields": custom} if custom else {})


def _numbered(form: Form, name: str, value: Value) -> int | None:
    if value in (None, "") and name in _MAY_BE_NOTHING:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    number = form.number(name, value) if isinstance(value, str) else None
    if number is None and isinstance(value, str) and value.isascii() and value.isdecimal():
        number = int(value)  # a choice whose label we may not see is called by its number
    if number is None:
        raise no_such_choice(name, form.labels(name))
    return number


def _type(form: Form, name: str, value: Value) -> Value:
    return form.spelled(name, value) if isinstance(value, str) else value


def _summary(form: Form, name: str, value: Value) -> str:
    return " ".join(str(value or "").split())


def _tags(form: Form, name: str, value: Value) -> list[str]:
    texts = value if isinstance(value, tuple) else () if value in (None, "") else (str(value),)
    return [str(text) for text in texts]


_Writer = Callable[[Form, str, Value], object]
_WRITERS: dict[str, _Writer] = {
    **dict.fromkeys(_NUMBERED, _numbered),
    "type": _type,
    "summary": _summary,
    "tags": _tags,
}
