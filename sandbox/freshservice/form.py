"""The ticket form of an account: fields, their choices, and what must be filled in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.freshservice.moments import is_day, read_moment, zulu
from sandbox.freshservice.records import GLOBAL_WORKSPACE, INCIDENT, SERVICE_REQUEST, Json

# For a requester some statuses have another name.
_FOR_REQUESTERS = {
    2: "Being Processed",
    3: "Awaiting your Reply",
    4: "This ticket has been Resolved",
    5: "This ticket has been Closed",
}
SOURCES = {
    1: "Email",
    2: "Portal",
    3: "Phone",
    4: "Chat",
    5: "Feedback widget",
    6: "Yammer",
    7: "AWS Cloudwatch",
    8: "Pagerduty",
    9: "Walkup",
    10: "Slack",
    11: "Chatbot",
    12: "Workplace",
    13: "Employee Onboarding",
    14: "Alerts",
    15: "MS Teams",
    18: "Employee Offboarding",
}
_THREE = {1: "Low", 2: "Medium", 3: "High"}
_CATEGORIES: dict[str, dict[str, tuple[str, ...]]] = {
    "Hardware": {"Computer": ("Mac", "PC"), "Printer": ()},
    "Software": {"MS Office": ("Word", "Excel"), "Windows": ()},
    "Network": {"Access": ("VPN", "Wi-Fi"), "Connectivity": ()},
}


@dataclass(slots=True)
class Choice:
    """`number` is what a ticket holds in status, priority, urgency, impact and source; elsewhere it holds the text."""

    id: int
    value: str
    number: int | None = None
    nested: list[Choice] = field(default_factory=list)


@dataclass(slots=True)
class FormField:
    """`attribute` is its name on a ticket, or in `custom_fields` where it is a custom one."""

    id: int
    name: str
    attribute: str
    label: str
    field_type: str
    workspace_id: int | None = GLOBAL_WORKSPACE
    choices: list[Choice] = field(default_factory=list)
    required_for_agents: bool = False
    required_for_closure: bool = False
    date_only: bool = True
    level_of: str | None = None  # the field of the top level, for one that is a lower level of it

    @property
    def is_custom(self) -> bool:
        return self.field_type.startswith(("custom_", "nested_"))

    @property
    def is_nested(self) -> bool:
        return self.field_type.startswith("nested_")

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(choice.number for choice in self.choices if choice.number is not None)

    @property
    def values(self) -> tuple[str, ...]:
        return tuple(choice.value for choice in self.choices)


class Form:
    """`version` moves with every change. `next_id` gives ids of fields and choices."""

    def __init__(self, next_id: Callable[[], int], now: Callable[[], datetime]) -> None:
        self.version = 0
        self.fields: dict[str, FormField] = {}
        self._next_id = next_id
        self._made_at = now()
        self._custom: dict[tuple[int, int], dict[str, FormField]] = {}  # by version and workspace
        for name, attribute, label, kind, required in _DEFAULTS:
            place = None if name == "workspace" else GLOBAL_WORKSPACE
            self._add(name, attribute, label, kind, place, required=required)
        self._choose("source", SOURCES)
        self._choose("status", {2: "Open", 3: "Pending", 4: "Resolved", 5: "Closed"})
        self._choose("priority", {1: "Low", 2: "Medium", 3: "High", 4: "Urgent"})
        self._choose("urgency", _THREE)
        self._choose("impact", _THREE)
        self.fields["ticket_type"].choices = self._texts((INCIDENT, SERVICE_REQUEST))
        self.fields["category"].choices = [self._nested(name, below) for name, below in _CATEGORIES.items()]

    # what an administrator does

    def add_status(self, label: str) -> int:
        """Its number, from 6 on."""
        choices = self.fields["status"].choices
        number = max((6, *(choice.number + 1 for choice in choices if choice.number is not None)))
        choices.append(Choice(number, label, number))
        self.version += 1
        return number

    def remove_choice(self, name: str, value: str) -> None:
        found = self.fields[name]
        found.choices = [choice for choice in found.choices if choice.value != value]
        self.version += 1

    def rename_choice(self, name: str, value: str, new: str) -> None:
        """Tickets that hold the old text go on holding it."""
        for choice in self.fields[name].choices:
            if choice.value == value:
                choice.value = new
        self.version += 1

    def add_custom(
        self,
        name: str,
        kind: str = "text",
        *,
        choices: Iterable[str] = (),
        workspace_id: int = GLOBAL_WORKSPACE,
        required: bool = False,
        date_only: bool = True,
    ) -> FormField:
        """`kind`: text, paragraph, dropdown, multi_select_dropdown, checkbox, number, decimal, date, url or
        lookup_bigint."""
        added = self._add(name, name, _label(name), f"custom_{kind}", workspace_id, required=required)
        added.choices = self._texts(choices)
        added.date_only = date_only
        return added

    def add_nested(
        self, *names: str, tree: dict[str, dict[str, tuple[str, ...]]], workspace_id: int = GLOBAL_WORKSPACE
    ) -> FormField:
        """A choice over as many levels as there are names, the top one first."""
        top = self._add(names[0], names[0], _label(names[0]), "nested_field", workspace_id, required=False)
        top.choices = [self._nested(name, below) for name, below in tree.items()]
        for name in names[1:]:
            level = self._add(name, name, _label(name), "nested_level", workspace_id, required=False)
            level.level_of = names[0]
        return top

    def levels(self, top: str) -> tuple[str, ...]:
        """The names of the fields of a nested choice, the top one first."""
        return (top, *(one.name for one in self.fields.values() if one.level_of == top))

    def add_choice(self, name: str, value: str) -> None:
        self.fields[name].choices.append(Choice(self._next_id(), value))
        self.version += 1

    def remove_custom(self, name: str) -> None:
        del self.fields[name]
        self.version += 1

    def require(self, *names: str, closing: bool = False) -> None:
        """From now on agents must fill these in: always, or only in order to resolve or close."""
        for name in names:
            if closing:
                self.fields[name].required_for_closure = True
            else:
                self.fields[name].required_for_agents = True
        self.version += 1

    # what the API asks

    def of_workspace(self, workspace_id: int) -> Iterator[FormField]:
        """The global ones and those of this workspace; 0 for the global ones alone."""
        return (one for one in self.fields.values() if one.workspace_id in (None, GLOBAL_WORKSPACE, workspace_id))

    def custom(self, workspace_id: int) -> dict[str, FormField]:
        """Not to be changed: it is kept as long as the form stays the same."""
        key = (self.version, workspace_id)
        if key not in self._custom:
            fresh = {one.name: one for one in self.of_workspace(workspace_id) if one.is_custom}
            self._custom = {kept: fields for kept, fields in self._custom.items() if kept[0] == self.version}
            self._custom[key] = fresh
        return self._custom[key]

    def label(self, name: str, number: int) -> str:
        """Of a choice that has a number."""
        found = (choice.value for choice in self.fields[name].choices if choice.number == number)
        return next(found, str(number))

    def number(self, name: str, label: str) -> int:
        """Raises ValueError when there is no such label."""
        for choice in self.fields[name].choices:
            if choice.value == label and choice.number is not None:
                return choice.number
        raise ValueError(f"This desk has no {name} that is called {label}.")

    def as_json(self, workspace_id: int, people: dict[str, list[Choice]], *, workspaces: bool) -> list[Json]:
        """`people` are the choices of agent, group, department and workspace."""
        found = (one for one in self.of_workspace(workspace_id) if one.level_of is None)
        shown = [one for one in found if workspaces or one.name != "workspace"]
        return [
            self._field_json(one, position, people.get(one.name, one.choices), workspaces)
            for position, one in enumerate(shown, 1)
        ]

    def _field_json(self, one: FormField, position: int, choices: list[Choice], workspaces: bool) -> Json:
        stamp = zulu(self._made_at)
        shown: Json = {"id": one.id}
        if workspaces:
            shown["workspace_id"] = one.workspace_id
        shown |= {
            "name": one.name,
            "label": one.label,
            "description": one.label,
            "field_type": one.field_type,
            "position": position,
            "default_field": not one.is_custom,
            "required_for_closure": one.required_for_closure,
            "required_for_agents": one.required_for_agents,
            "required_for_customers": one.name in ("requester", "subject", "description"),
            "customers_can_edit": False,
            "label_for_customers": one.label,
            "displayed_to_customers": not one.is_custom,
            "belongs_to_section": False,
            "created_at": stamp,
            "updated_at": stamp,
            "choices": [_choice_json(one, choice) for choice in choices],
            "nested_fields": self._levels(one),
            "sections": [],
        }
        if one.field_type == "custom_date":
            shown["date_only"] = one.date_only
        if one.name == "requester":
            shown |= {"portal_cc": False, "portalcc_to": "company"}
        return shown

    def _levels(self, one: FormField) -> list[Json]:
        top = one.id
        names: tuple[tuple[str, str], ...] = ()
        if one.name == "category":
            names = (("sub_category", "Sub-Category"), ("item_category", "Item"))
        if one.is_nested:
            names = tuple((name, self.fields[name].label) for name in self.levels(one.name)[1:])
        return [
            {"id": top + level, "name": name, "label": label, "label_in_portal": label, "level": level, "field_id": top}
            for level, (name, label) in enumerate(names, 2)
        ]

    # how it is made

    def _add(
        self, name: str, attribute: str, label: str, kind: str, workspace_id: int | None, *, required: bool
    ) -> FormField:
        self.fields[name] = FormField(
            self._next_id(), name, attribute, label, kind, workspace_id, required_for_agents=required
        )
        self.version += 1
        return self.fields[name]

    def _choose(self, name: str, choices: dict[int, str]) -> None:
        self.fields[name].choices = [Choice(number, value, number) for number, value in choices.items()]

    def _texts(self, values: Iterable[str]) -> list[Choice]:
        return [Choice(self._next_id(), value) for value in values]

    def _nested(self, name: str, below: dict[str, tuple[str, ...]]) -> Choice:
        seconds = [Choice(self._next_id(), second, nested=self._texts(thirds)) for second, thirds in below.items()]
        return Choice(self._next_id(), name, nested=seconds)


_DEFAULTS = (
    ("workspace", "workspace_id", "Workspace", "default_workspace", True),
    ("requester", "requester_id", "Requester", "default_requester", True),
    ("subject", "subject", "Subject", "default_subject", True),
    ("source", "source", "Source", "default_source", False),
    ("ticket_type", "type", "Type", "default_ticket_type", False),
    ("status", "status", "Status", "default_status", True),
    ("urgency", "urgency", "Urgency", "default_urgency", False),
    ("impact", "impact", "Impact", "default_impact", False),
    ("priority", "priority", "Priority", "default_priority", True),
    ("group", "group_id", "Assigned to group", "default_group", False),
    ("agent", "responder_id", "Assigned to agent", "default_agent", False),
    ("department", "department_id", "Department", "default_department", False),
    ("description", "description", "Description", "default_description", True),
    ("category", "category", "Category", "default_category", False),
)


def _label(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _choice_json(one: FormField, choice: Choice) -> Json:
    if choice.number is None:
        return _text_choice(choice, nested=one.name == "category" or one.is_nested)
    shown: Json = {"id": choice.number, "value": choice.value}
    if one.name == "status":
        shown["requester_display_value"] = _FOR_REQUESTERS.get(choice.number, choice.value)
    return shown


def _text_choice(choice: Choice, *, nested: bool) -> Json:
    shown: Json = {"id": choice.id, "display_id": choice.id % 1000, "value": choice.value}
    if nested and choice.nested:
        shown["nested_options"] = [_text_choice(below, nested=True) for below in choice.nested]
    return shown


def complaint_about(one: FormField, value: Any) -> tuple[str, str] | None:
    """The message and code for a value that this custom field does not take; None when it is fine."""
    if value is None:
        return None
    kind = one.field_type.removeprefix("custom_")
    if kind == "dropdown":
        return _about_choice(one, [value])
    if kind == "multi_select_dropdown":
        return (
            _about_choice(one, value) if isinstance(value, list) else ("It should be a/an Array", "datatype_mismatch")
        )
    expected, is_right = _KINDS[kind]
    if kind == "date":
        return None if is_right(value) and (is_day(value) or not one.date_only) else _mismatch(expected)
    return None if is_right(value) else _mismatch(expected)


def _about_choice(one: FormField, values: list[Any]) -> tuple[str, str] | None:
    if not all(isinstance(value, str) for value in values):
        return _mismatch("String")
    if all(value in one.values for value in values):
        return None
    return "It should be one of the choice value.", "invalid_value"


def _mismatch(expected: str) -> tuple[str, str]:
    return f"It should be a/an {expected}", "datatype_mismatch"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_KINDS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "text": ("String", lambda value: isinstance(value, str)),
    "paragraph": ("String", lambda value: isinstance(value, str)),
    "url": ("String", lambda value: isinstance(value, str)),
    "checkbox": ("Boolean", lambda value: isinstance(value, bool)),
    "number": ("Integer", lambda value: isinstance(value, int) and not isinstance(value, bool)),
    "decimal": ("Number", _is_number),
    "lookup_bigint": ("Positive Integer", lambda value: _KINDS["number"][1](value) and value > 0),
    "date": ("Date", lambda value: read_moment(value) is not None),
}
