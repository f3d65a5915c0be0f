"""What a body may say of a ticket, and what the account makes of it.

API v2 reference, Create and Update a ticket, read 2025-11: unknown attributes, wrong types, unknown choices and missing
fields are all refused, in one answer that names each.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.freshservice.form import Choice, FormField, complaint_about
from sandbox.freshservice.moments import read_moment
from sandbox.freshservice.records import (
    CLOSED,
    PRIMARY_WORKSPACE,
    RESOLVED,
    SERVICE_REQUEST,
    Json,
    Ticket,
)
from sandbox.freshservice.wire import entry, invalid
from sandbox.freshservice.world import World

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_TEXTS = ("subject", "description", "type", "email", "phone", "name")
_NUMBERS = ("custom_number", "custom_decimal", "custom_lookup_bigint")
_LEVELS = ("category", "sub_category", "item_category")
_CHOICES = ("status", "priority", "source", "urgency", "impact")
_IDS = ("requester_id", "responder_id", "group_id", "department_id", "email_config_id", "requested_for_id")
_LISTS = ("tags", "cc_emails")
_TIMES = ("due_by", "fr_due_by")
_NULLABLE = frozenset({"responder_id", "group_id", "department_id", "email_config_id", "urgency", "impact", *_LEVELS})
_ON_UPDATE = frozenset({*_TEXTS, *_LEVELS, *_CHOICES, *_IDS, *_LISTS, *_TIMES, "custom_fields"}) - {"phone", "name"}
_ON_CREATE = (_ON_UPDATE | {"phone", "name", "workspace_id"}) - {"requested_for_id"}
_ALWAYS = ("subject", "description", "status", "priority")
_IN_FORMS = ("email", "phone", "name")  # inputs only: they never come back on the ticket


class Check:
    """One body, for a new ticket or for `ticket`. `errors` gathers what is wrong."""

    def __init__(self, world: World, body: Mapping[str, Any], ticket: Ticket | None, *, is_form: bool) -> None:
        self._world = world
        self._ticket = ticket
        self._body = _typed(body, world) if is_form else dict(body)
        self.errors: list[Json] = []

    def values(self, *, mandatory: bool = True) -> dict[str, Any]:
        """Attributes of Ticket. Raises Refused. `mandatory`: what must be filled in matters."""
        self._look_for_unknown()
        for name, value in self._body.items():
            self._look_at(name, value)
        self._look_at_levels()
        self._look_at_custom()
        if mandatory:
            self._look_for_missing()
        if self.errors:
            raise invalid(*self.errors)
        return self._made()

    @property
    def workspace_id(self) -> int:
        if self._ticket is not None:
            return self._ticket.workspace_id
        given = self._body.get("workspace_id")
        return given if isinstance(given, int) else PRIMARY_WORKSPACE

    # what is wrong

    def _look_for_unknown(self) -> None:
        known = set(_ON_CREATE if self._ticket is None else _ON_UPDATE)
        if self._ticket is not None and self._ticket.type != SERVICE_REQUEST:
            known.discard("requested_for_id")
        if not self._world.switches.workspaces:
            known.discard("workspace_id")
        for name in [one for one in self._body if one not in known]:
            self._say(name, "Unexpected/invalid field in request", "invalid_field")
            del self._body[name]

    def _look_at(self, name: str, value: Any) -> None:
        if value is None and name in _NULLABLE:
            return
        complaint = _complaint_of(name)(self, name, value)
        if complaint is not None:
            self._say(name, *complaint)

    def _about_text(self, name: str, value: Any) -> tuple[str, str] | None:
        if not isinstance(value, str):
            return "It should be a/an String", "datatype_mismatch"
        if name == "email" and not _ADDRESS.fullmatch(value):
            return "It should be a valid email address", "invalid_value"
        if name == "type":
            return self._about_type(value)
        return None

    def _about_type(self, value: str) -> tuple[str, str] | None:
        """Service requests come from the catalogue only."""
        offered = self._world.form.fields["ticket_type"].values
        if self._ticket is not None and value == self._ticket.type:
            return None
        allowed = [one for one in offered if one != SERVICE_REQUEST]
        return None if value in allowed else (_one_of(allowed), "invalid_value")

    def _about_choice(self, name: str, value: Any) -> tuple[str, str] | None:
        if not _is_id(value):
            return "It should be a/an Positive Integer", "datatype_mismatch"
        numbers = self._world.form.fields[name].numbers
        return None if value in numbers else (_one_of(numbers), "invalid_value")

    def _about_id(self, name: str, value: Any) -> tuple[str, str] | None:
        if not _is_id(value):
            return "It should be a/an Positive Integer", "datatype_mismatch"
        if name == "email_config_id" or value in self._known(name):
            return None
        return f"There is no such {name}", "invalid_value"

    def _known(self, name: str) -> Mapping[int, Any]:
        people = self._world.people
        if name == "group_id":
            return {one.id: one for one in people.groups.values() if one.workspace_id == self.workspace_id}
        if name in ("requester_id", "requested_for_id"):
            return {**people.requesters, **people.agents}
        if name == "responder_id":
            return {one.id: one for one in people.agents.values() if one.active}
        return people.departments if name == "department_id" else people.workspaces

    def _about_list(self, name: str, value: Any) -> tuple[str, str] | None:
        if not isinstance(value, list):
            return "It should be a/an Array", "datatype_mismatch"
        if not all(isinstance(one, str) for one in value):
            return "It should contain elements of type String only", "datatype_mismatch"
        if name == "cc_emails" and not all(_ADDRESS.fullmatch(one) for one in value):
            return "It should contain valid email addresses only", "invalid_value"
        return None

    def _about_time(self, name: str, value: Any) -> tuple[str, str] | None:
        moment = read_moment(value)
        if moment is None:
            return "It should be a/an Date Time in ISO 8601", "datatype_mismatch"
        if self._ticket is None and (moment <= self._world.now() or not set(_TIMES) <= self._body.keys()):
            return "due_by and fr_due_by go together, and lie ahead", "invalid_value"
        return None

    def _about_object(self, name: str, value: Any) -> tuple[str, str] | None:
        return None if isinstance(value, dict) else ("It should be a/an Object", "datatype_mismatch")

    def _look_at_levels(self) -> None:
        self._look_down(_LEVELS, self._world.form.fields["category"].choices, self._body)

    def _look_down(self, levels: tuple[str, ...], choices: list[Choice], given: Mapping[str, Any]) -> None:
        """A level needs those above it, in the same body."""
        for name in levels:
            value = given.get(name)
            if value is None:
                choices = []
                continue
            found = next((one for one in choices if one.value == value), None)
            if not isinstance(value, str):
                self._say(name, "It should be a/an String", "datatype_mismatch")
            elif found is None:
                self._say(name, _one_of([one.value for one in choices]), "invalid_value")
            choices = _below(found)

    def _look_at_custom(self) -> None:
        given = self._body.get("custom_fields")
        fields = self._world.form.custom(self.workspace_id)
        for name, value in given.items() if isinstance(given, dict) else ():
            if name not in fields:
                self._say(name, "Unexpected/invalid field in request", "invalid_field")
            elif fields[name].is_nested:
                continue
            elif (complaint := complaint_about(fields[name], value)) is not None:
                self._say(name, *complaint)

        if not isinstance(given, dict):
            return
        for name, one in fields.items():
            if one.is_nested and one.level_of is None:
                self._look_down(self._world.form.levels(name), one.choices, given)

    def _look_for_missing(self) -> None:
        if self._ticket is None:
            for name in _ALWAYS:
                if _is_empty(self._body.get(name)):
                    self._miss(name)
            if not self._body.keys() & {"requester_id", "email", "phone"}:
                self._miss("requester_id")
            if self._body.keys() & {"requester_id", "email", "phone", "name"} == {"phone"}:
                self._miss("name")
        closes = self._body.get("status") in (RESOLVED, CLOSED)
        for one in self._world.form.of_workspace(self.workspace_id):
            if one.name not in ("workspace", "requester") and self._is_missing(one, closes):
                self._miss(one.attribute)

    def _is_missing(self, one: FormField, closes: bool) -> bool:
        """A new ticket needs what agents must fill in; an old one must not lose it, nor close without the rest."""
        custom = self._body.get("custom_fields")
        given = (custom if isinstance(custom, dict) else {}) if one.is_custom else self._body
        if self._ticket is not None and one.attribute not in given:
            held = self._ticket.custom_fields.get(one.name) if one.is_custom else getattr(self._ticket, one.attribute)
            return closes and one.required_for_closure and _is_empty(held)
        required = one.required_for_agents or (closes and one.required_for_closure)
        return required and _is_empty(given.get(one.attribute, _UNSAID.get(one.attribute)))

    def _miss(self, name: str) -> None:
        if name not in {one["field"] for one in self.errors}:
            self._say(name, "Mandatory attribute missing", "missing_field")

    def _say(self, name: str, message: str, code: str) -> None:
        self.errors.append(entry(name, message, code))

    # what the account makes of it

    def _made(self) -> dict[str, Any]:
        given = {name: value for name, value in self._body.items() if name not in _IN_FORMS}
        for name in _LISTS:
            if name in given:
                given[name] = tuple(given[name])
        for name in _TIMES:
            if name in given:
                given[name] = read_moment(given[name])
        if "category" in given or "sub_category" in given:
            given = {**dict.fromkeys(_lower_levels(given)), **given}
        if "custom_fields" in given:
            given["custom_fields"] = self._emptied_below(given["custom_fields"])
        if "cc_emails" in given and self._ticket is None:
            given["reply_cc_emails"] = given["cc_emails"]
        given |= self._requester()
        if "requester_id" in given and (self._ticket is None or self._ticket.type != SERVICE_REQUEST):
            given["requested_for_id"] = given["requester_id"]
        return given

    def _emptied_below(self, custom: Mapping[str, Any]) -> dict[str, Any]:
        """Another choice leaves nothing on the levels below it."""
        form = self._world.form
        lower: dict[str, Any] = {}
        for name in custom:
            if form.fields[name].is_nested:
                levels = form.levels(form.fields[name].level_of or name)
                lower |= dict.fromkeys(levels[levels.index(name) + 1 :])
        return {**lower, **custom}

    def _requester(self) -> dict[str, Any]:
        """An address or a number that nobody has makes a new person."""
        people, body = self._world.people, self._body
        if "email" in body:
            return {"requester_id": people.requester_for(body["email"], body.get("name", "")).id}
        if "phone" in body and "requester_id" not in body:
            known = next((one for one in people.requesters.values() if one.phone == body["phone"]), None)
            return {"requester_id": (known or people.add_requester(body["name"], None, phone=body["phone"])).id}
        return {}


_Complaint = Callable[[Check, str, Any], tuple[str, str] | None]


def _complaint_of(name: str) -> _Complaint:
    return _COMPLAINTS.get(name, _fine)


def _fine(check: Check, name: str, value: Any) -> tuple[str, str] | None:
    return None


_COMPLAINTS: dict[str, _Complaint] = {
    **dict.fromkeys(_TEXTS, Check._about_text),
    **dict.fromkeys(_CHOICES, Check._about_choice),
    **dict.fromkeys((*_IDS, "workspace_id"), Check._about_id),
    **dict.fromkeys(_LISTS, Check._about_list),
    **dict.fromkeys(_TIMES, Check._about_time),
    "custom_fields": Check._about_object,
}
# What a new ticket has where its body says nothing.
_UNSAID: Mapping[str, Any] = {"source": 2, "type": "Incident"}


def check_size(world: World, ticket_id: int | None, added: int) -> None:
    """Raises Refused when the files of a ticket would be too much together."""
    held = 0 if ticket_id is None else world.bytes_on(ticket_id)
    if held + added > world.switches.attachment_limit:
        raise invalid(entry("attachments", "The attachments are too big.", "invalid_size"))


def text_in(body: Json, name: str) -> str:
    """A text that must be there. Raises Refused."""
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise invalid(entry(name, "It should be a/an String", "datatype_mismatch"))
    if _is_empty(value):
        raise invalid(entry(name, "Mandatory attribute missing", "missing_field"))
    assert isinstance(value, str)
    return value


def addresses_in(body: Json, name: str) -> tuple[str, ...]:
    value = body.get(name, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise invalid(entry(name, "It should be a/an Array", "datatype_mismatch"))
    if not all(_ADDRESS.fullmatch(one) for one in value):
        raise invalid(entry(name, "It should contain valid email addresses only", "invalid_value"))
    return tuple(value)


def flag_in(body: Json, name: str, default: bool, *, is_form: bool) -> bool:
    value = body.get(name, default)
    if is_form and value in ("true", "false"):
        return bool(value == "true")
    if not isinstance(value, bool):
        raise invalid(entry(name, "It should be a/an Boolean", "datatype_mismatch"))
    return value


def user_in(world: World, body: Json, otherwise: int, *, is_form: bool) -> int:
    """Whose name something is written in."""
    value = body.get("user_id", otherwise)
    if is_form and isinstance(value, str) and value.isdigit():
        value = int(value)
    if not _is_id(value):
        raise invalid(entry("user_id", "It should be a/an Positive Integer", "datatype_mismatch"))
    if world.people.person(value) is None:
        raise invalid(entry("user_id", "There is no such user", "invalid_value"))
    return int(value)


def _typed(body: Mapping[str, Any], world: World) -> dict[str, Any]:
    """Values of a form are all texts: numbers are read where numbers belong."""
    typed = dict(body)
    for name in (*_CHOICES, *_IDS, "workspace_id"):
        if isinstance(typed.get(name), str):
            typed[name] = _number(typed[name])
    if isinstance(typed.get("custom_fields"), dict):
        fields = world.form.fields
        typed["custom_fields"] = {
            name: _custom_typed(fields[name], value) if name in fields else value
            for name, value in typed["custom_fields"].items()
        }
    return typed


def _custom_typed(one: FormField, value: Any) -> Any:
    if one.field_type == "custom_checkbox" and value in ("true", "false"):
        return value == "true"
    return _number(value) if one.field_type in _NUMBERS else value


def _number(text: Any) -> Any:
    if not isinstance(text, str) or not re.fullmatch(r"-?\d+(\.\d+)?", text):
        return text
    return float(text) if "." in text else int(text)


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _is_empty(value: Any) -> bool:
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def _below(found: Choice | None) -> list[Choice]:
    return found.nested if found is not None else []


def _lower_levels(given: Mapping[str, Any]) -> tuple[str, ...]:
    """Those below the levels that are given: they are emptied."""
    return _LEVELS[1:] if "category" in given else _LEVELS[2:]


def _one_of(values: Any) -> str:
    return f"It should be one of these values: '{','.join(str(one) for one in values)}'"
