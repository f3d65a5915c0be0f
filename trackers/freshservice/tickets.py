"""A ticket of Freshservice as our own values, and our fields as the desk's attributes.

Freshservice API v2, Ticket attributes, View, List, Create and Update a ticket, read 2025-11. Answers carry different
keys: a list has no tags, files, urgency or impact, an update's answer no `deleted`.
"""

from datetime import datetime

from sync.fields import Fields, Value
from sync.marker import split_marker
from sync.ticket import Sighting, TicketState
from trackers.freshservice import answers
from trackers.freshservice.fields import CUSTOM, Form
from trackers.freshservice.record import Record, moment, moment_text, plain, whole
from trackers.freshservice.texts import read_html

MARK = "drawbridge:"
_NUMBERS = (
    "workspace_id",
    "group_id",
    "department_id",
    "requester_id",
    "requested_for_id",
    "responder_id",
    "email_config_id",
    "status",
    "priority",
    "source",
)
_TIMES = ("due_by", "fr_due_by", "created_at")
_OTHERS = (
    "subject",
    "description",
    "type",
    "category",
    "sub_category",
    "item_category",
    "spam",
    "is_escalated",
    "fr_escalated",
    "cc_emails",
    "fwd_emails",
    "reply_cc_emails",
    "to_emails",
)
# What lists show and the answers to our writes as well; `updated_at` is a sighting's version.
_LISTED = (*_NUMBERS, *_TIMES, *_OTHERS)
_SEEN_ONLY = ("urgency", "impact", "sla_policy_id", "updated_at", "deleted")
# Attributes that rules may write by the desk's own names.
_WRITABLE = frozenset(
    {
        "urgency",
        "impact",
        "source",
        "category",
        "sub_category",
        "item_category",
        "group_id",
        "responder_id",
        "department_id",
        "due_by",
        "fr_due_by",
    }
)


def version_of(entry: Record) -> datetime:
    """Raises RemoteUnavailable: without its time a ticket is no ticket."""
    found = entry.moment("updated_at")
    if found is None:
        raise answers.unusable()
    return found


def id_of(entry: Record) -> str:
    found = entry.number("id")
    if found is None:
        raise answers.unusable()
    return str(found)


def state_of(entry: Record) -> TicketState:
    if entry.flag("deleted"):
        return TicketState.TRASHED
    return TicketState.SPAM if entry.flag("spam") else TicketState.LIVE


async def sighting_of(entry: Record, shared_custom: frozenset[str] | None) -> Sighting:
    """`shared_custom` names the custom fields that the list shows, None for all of them."""
    _, marker = await description_of(entry) if MARK in (entry.text("description") or "") else ("", None)
    return Sighting(id_of(entry), version_of(entry), digest_of(entry, shared_custom), marker)


def digest_of(entry: Record, shared_custom: frozenset[str] | None) -> str:
    """The same for a list's entry and for the answer to a write: null, empty and absent are one, times are UTC."""
    seen = {name: _normal(name, entry.held.get(name)) for name in _LISTED}
    for name, value in entry.record("custom_fields").held.items():
        if shared_custom is None or name in shared_custom:
            seen[f"custom_fields.{name}"] = plain(value)
    return Fields({name: value for name, value in seen.items() if value not in (None, "", (), False)}).digest


async def description_of(entry: Record) -> tuple[str, str | None]:
    """The text without our marker line, and the marker."""
    return split_marker(await read_html(entry.text("description") or ""))


async def fields_of(entry: Record, form: Form) -> Fields:
    """What this answer carries of the neutral fields."""
    values: dict[str, Value] = {}
    if "subject" in entry.held:
        values["summary"] = entry.text("subject") or ""
    if "description" in entry.held:
        values["description"], _ = await description_of(entry)
    if "type" in entry.held:
        values["type"] = entry.text("type")
    for name in ("status", "priority"):
        if name in entry.held:
            values[name] = _label(form, name, entry.number(name))
    if "tags" in entry.held:
        values["tags"] = entry.texts("tags")
    for name, value in entry.record("custom_fields").held.items():
        values[f"{CUSTOM}{name}"] = plain(value)
    return Fields(values)


def unknown_choice(entry: Record, form: Form) -> bool:
    """Does it hold a status or priority that this form has no label for?"""
    numbers = {name: entry.number(name) for name in ("status", "priority")}
    return any(number is not None and form.label(name, number) is None for name, number in numbers.items())


def native_of(entry: Record) -> Fields:
    """The desk's own names and values; custom fields as `custom_fields.<name>`."""
    values = {name: _normal(name, entry.held.get(name)) for name in (*_LISTED, *_SEEN_ONLY) if name in entry.held}
    if "tags" in entry.held:
        values["tags"] = entry.texts("tags")
    for name, value in entry.record("custom_fields").held.items():
        values[f"custom_fields.{name}"] = plain(value)
    return Fields({name: value for name, value in values.items() if name != "description"})


def body_of(fields: Fields, form: Form) -> dict[str, object]:
    """The attributes to send, but for the description. Raises DeskRefused for what the desk has no word for."""
    body: dict[str, object] = {}
    custom: dict[str, object] = {}
    for name, value in fields.items():
        sent: object = list(value) if isinstance(value, tuple) else value
        if name.startswith(CUSTOM):
            custom[name.removeprefix(CUSTOM)] = sent
        elif name in ("status", "priority"):
            body[name] = _number(form, name, value)
        elif name == "type":
            body[name] = form.spelled("type", value) if isinstance(value, str) else value
        elif name == "summary":
            body["subject"] = " ".join(str(value or "").split())
        elif name == "tags":
            body[name] = sent or []
        elif name in _WRITABLE:
            body[name] = sent
        elif name != "description":
            raise answers.DeskRefused(
                f"The desk has no field that is called {name[:80]}. Correct the rule, then retry."
            )
    return body | ({"custom_fields": custom} if custom else {})


def _label(form: Form, name: str, number: int | None) -> str | None:
    return None if number is None else form.label(name, number) or str(number)


def _number(form: Form, name: str, label: Value) -> int:
    number = form.number(name, label) if isinstance(label, str) else None
    if number is None and isinstance(label, str) and label.isdecimal():
        number = int(label)  # a choice whose label we may not see is called by its number
    if number is None:
        theirs = ", ".join(form.labels(name))
        raise answers.DeskRefused(f"The desk has no such {name}. It has: {theirs}. Choose one of these, then retry.")
    return number


def _normal(name: str, value: object) -> Value:
    if name in _NUMBERS or name in ("urgency", "impact", "sla_policy_id"):
        return whole(value)
    if name in _TIMES or name == "updated_at":
        at = moment(value) if isinstance(value, str) else None
        return moment_text(at) if at else None
    return plain(value)
