"""A ticket of Freshservice as our own values.

Freshservice API v2, Ticket attributes, View, List, Create and Update a ticket, read 2025-11. Answers carry different
keys: a list has no tags, files, urgency or impact, an update's answer no `deleted`.
"""

from datetime import datetime

from sync.fields import Fields, Value
from sync.form import CUSTOM
from sync.marker import split_marker
from sync.ticket import Sighting, TicketState
from trackers.freshservice import answers
from trackers.freshservice.form import Form
from trackers.freshservice.record import Record
from trackers.freshservice.texts import read_html
from trackers.lenient import moment, moment_text, plain, whole
from trackers.typed import read_value

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
# Ours and the desk's names of fields beside the basic ones that need no look at people or groups.
_MORE_CHOICES = ("urgency", "impact", "source")
_MORE_TEXTS = {"category": "category", "sub_category": "sub_category", "item": "item_category"}
_MORE_TIMES = {"due_by": "due_by", "first_response_due_by": "fr_due_by"}
# The desk sets these by itself when something else changes.
DERIVED = frozenset(_MORE_TIMES)
# What answers to our writes never tell.
UNSAID = ("urgency", "impact")


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
        values[f"{CUSTOM}{name}"] = read_value(form.type_of(f"{CUSTOM}{name}"), value)
    return Fields(values)


def more_of(entry: Record, form: Form) -> dict[str, Value]:
    """Further neutral fields, without those that name people or groups. A create's answer has no urgency or impact."""
    values: dict[str, Value] = {}
    for name in _MORE_CHOICES:
        if name in entry.held:
            values[name] = _label(form, name, entry.number(name))
    for name, theirs in _MORE_TEXTS.items():
        if theirs in entry.held:
            values[name] = entry.text(theirs) or None
    for name, theirs in _MORE_TIMES.items():
        if theirs in entry.held:
            values[name] = _normal(theirs, entry.held[theirs])
    return values


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


def _label(form: Form, name: str, number: int | None) -> str | None:
    return None if number is None else form.label(name, number) or str(number)


def _normal(name: str, value: object) -> Value:
    if name in _NUMBERS or name in ("urgency", "impact", "sla_policy_id"):
        return whole(value)
    if name in _TIMES or name == "updated_at":
        at = moment(value) if isinstance(value, str) else None
        return moment_text(at) if at else None
    return plain(value)
