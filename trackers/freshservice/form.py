"""The account's ticket form: its fields with their kinds and choices, what is demanded, which every workspace shows.

Freshservice API v2, View all ticket fields, read 2025-11.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from sync.form import CUSTOM, DeskFacts, DeskField, FieldChoice, FieldType, same
from trackers.freshservice.record import Record

# The desk's names of fields that we call otherwise.
NEUTRAL = {
    "subject": "summary",
    "ticket_type": "type",
    "agent": "assignee",
    "item_category": "item",
    "fr_due_by": "first_response_due_by",
}
_ALWAYS_GIVEN = frozenset({"requester", "workspace"})
_GLOBAL = (1, None)
# Their tickets hold the number of a choice; of all others the text.
NUMBERED = frozenset({"status", "priority", "urgency", "impact", "source", "group", "department"})
_TYPES = {
    "summary": FieldType.TEXT,
    "description": FieldType.PARAGRAPH,
    "tags": FieldType.TEXTS,
    "category": FieldType.NESTED,
    "assignee": FieldType.PERSON,
    "requester": FieldType.PERSON,
    "due_by": FieldType.TIME,
    "first_response_due_by": FieldType.TIME,
}
_CUSTOM_TYPES = {
    "text": FieldType.TEXT,
    "paragraph": FieldType.PARAGRAPH,
    "number": FieldType.NUMBER,
    "decimal": FieldType.DECIMAL,
    "checkbox": FieldType.CHECKBOX,
    "url": FieldType.URL,
    "dropdown": FieldType.CHOICE,
    "multi_select_dropdown": FieldType.CHOICES,
    "multi_select": FieldType.CHOICES,
}


@dataclass(frozen=True, slots=True)
class Choice:
    """`id` is what a ticket holds where it holds numbers, else None: then it holds the label."""

    id: int | None
    label: str
    below: "tuple[Choice, ...]" = ()


@dataclass(frozen=True, slots=True)
class FormField:
    """`name` is ours: "summary", "custom.affected_site", or the desk's own where we have none. `levels` and `above`
    name the fields of a choice that goes over several levels."""

    name: str
    choices: tuple[Choice, ...] = ()
    is_required: bool = False
    is_global: bool = True
    label: str = ""
    type: FieldType = FieldType.CHOICE
    is_required_to_close: bool = False
    levels: tuple[str, ...] = ()
    above: str | None = None

    def described(self) -> DeskField:
        """For rules. Agents are no choices: their names are decorated there, and they go by e-mail."""
        choices = () if self.type is FieldType.PERSON else tuple(_described(choice) for choice in self.choices)
        return DeskField(
            self.name,
            self.label or self.name.removeprefix(CUSTOM),
            self.type,
            choices,
            self.is_required,
            self.is_required_to_close,
            self.levels,
            self.above,
        )


@dataclass(frozen=True, slots=True)
class Form:
    """`is_known` is False for the defaults that stand in where the key may not read the form."""

    fields: tuple[FormField, ...]
    is_known: bool = True
    _named: dict[str, FormField] = field(init=False, repr=False, compare=False, default_factory=dict)
    _facts: list[DeskFacts] = field(init=False, repr=False, compare=False, default_factory=list)

    def __post_init__(self) -> None:
        self._named.update({one.name: one for one in reversed(self.fields)})

    def field(self, name: str) -> FormField | None:
        return self._named.get(name)

    def type_of(self, name: str) -> FieldType | None:
        found = self._named.get(name)
        return found.type if found else None

    def label(self, name: str, number: int) -> str | None:
        return next((choice.label for choice in self._choices(name) if choice.id == number), None)

    def number(self, name: str, label: str) -> int | None:
        """By the label as it is written, else by the same letters in another case."""
        exact = [choice.id for choice in self._choices(name) if choice.label == label]
        alike = [choice.id for choice in self._choices(name) if same(choice.label, label)]
        return next(iter(exact + alike), None)

    def spelled(self, name: str, label: str) -> str:
        """The desk's spelling of a choice: its values mind the case."""
        return next((choice.label for choice in self._choices(name) if same(choice.label, label)), label)

    def labels(self, name: str) -> tuple[str, ...]:
        return tuple(choice.label for choice in self._choices(name))

    @property
    def shared_custom(self) -> frozenset[str]:
        """The desk's names of custom fields that lists over all workspaces show."""
        return frozenset(f.name.removeprefix(CUSTOM) for f in self.fields if f.name.startswith(CUSTOM) and f.is_global)

    def facts(self) -> DeskFacts:
        if not self._facts:
            self._facts.append(_facts_of(self.fields))
        return self._facts[0]

    def _choices(self, name: str) -> tuple[Choice, ...]:
        found = self._named.get(name)
        return found.choices if found else ()


def _facts_of(fields: tuple[FormField, ...]) -> DeskFacts:
    described = tuple(one.described() for one in fields)
    return DeskFacts(
        choices=tuple((one.name, one.labels) for one in described if one.choices),
        required=frozenset(one.name for one in described if one.is_required),
        custom=frozenset(one.name.removeprefix(CUSTOM) for one in described if one.name.startswith(CUSTOM)),
        fields=described,
    )


def _described(choice: Choice) -> FieldChoice:
    return FieldChoice(choice.label, tuple(_described(below) for below in choice.below))


def _numbered(labels: dict[int, str]) -> tuple[Choice, ...]:
    return tuple(Choice(number, label) for number, label in labels.items())


_THREE = {1: "Low", 2: "Medium", 3: "High"}
# Documented in Ticket attributes.
_SOURCES = {
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
DEFAULTS = Form(
    (
        FormField("summary", (), True, label="Subject", type=FieldType.TEXT),
        FormField("description", (), True, label="Description", type=FieldType.PARAGRAPH),
        FormField("type", (Choice(None, "Incident"), Choice(None, "Service Request")), label="Type"),
        FormField("status", _numbered({2: "Open", 3: "Pending", 4: "Resolved", 5: "Closed"}), True, label="Status"),
        FormField("priority", _numbered({1: "Low", 2: "Medium", 3: "High", 4: "Urgent"}), True, label="Priority"),
        FormField("urgency", _numbered(_THREE), label="Urgency"),
        FormField("impact", _numbered(_THREE), label="Impact"),
        FormField("source", _numbered(_SOURCES), label="Source"),
    ),
    is_known=False,
)
# Every ticket has these, though no form shows them.
_BESIDE = (
    FormField("tags", label="Tags", type=FieldType.TEXTS),
    FormField("due_by", label="Due by", type=FieldType.TIME),
    FormField("first_response_due_by", label="First response due by", type=FieldType.TIME),
)


def read_form(entries: tuple[Record, ...]) -> Form:
    """One entry may stand for several fields: a nested choice has one for each of its levels."""
    found = tuple(one for entry in entries if entry.text("name") for one in _fields(entry))
    named = {one.name for one in found}
    return Form(found + tuple(one for one in (*DEFAULTS.fields, *_BESIDE) if one.name not in named))


def _fields(entry: Record) -> Iterator[FormField]:
    name = str(entry.text("name"))
    is_custom = entry.flag("default_field") is False or str(entry.text("field_type")).startswith("custom_")
    neutral = f"{CUSTOM}{name}" if is_custom else NEUTRAL.get(name, name)
    read = tuple(_choice(neutral, choice) for choice in entry.records("choices") or () if choice.text("value"))
    default = DEFAULTS.field(neutral)
    one = FormField(
        name=neutral,
        choices=read or (default.choices if default else ()),
        is_required=entry.flag("required_for_agents") is True and name not in _ALWAYS_GIVEN,
        is_global=entry.number("workspace_id") in _GLOBAL,
        label=entry.text("label") or name,
        type=_type(neutral, entry, is_custom=is_custom),
        is_required_to_close=entry.flag("required_for_closure") is True,
    )
    below = tuple(_level(neutral, level, one, is_custom=is_custom) for level in _levels(entry))
    names = (neutral, *(level.name for level in below))
    yield replace(one, levels=names[1:], type=FieldType.NESTED if below else one.type)
    for depth, level in enumerate(below):
        yield replace(level, above=names[depth], levels=names[depth + 2 :])


def _levels(entry: Record) -> tuple[Record, ...]:
    levels = [one for one in entry.records("nested_fields") or () if one.text("name")]
    return tuple(sorted(levels, key=lambda one: one.number("level") or 0))


def _level(top: str, entry: Record, field_of: FormField, *, is_custom: bool) -> FormField:
    name = str(entry.text("name"))
    neutral = f"{CUSTOM}{name}" if is_custom else NEUTRAL.get(name, name)
    return FormField(
        neutral, is_global=field_of.is_global, label=entry.text("label") or name, type=FieldType.NESTED, above=top
    )


def _choice(name: str, entry: Record) -> Choice:
    below = entry.records("nested_options") or ()
    return Choice(
        entry.number("id") if name in NUMBERED else None,
        str(entry.text("value")),
        tuple(_choice(name, one) for one in below if one.text("value")),
    )


def _type(neutral: str, entry: Record, *, is_custom: bool) -> FieldType:
    """Kinds that nobody told us of are taken for what they offer: choices, or a text."""
    if not is_custom:
        return _TYPES.get(neutral, FieldType.CHOICE)
    kind = str(entry.text("field_type")).removeprefix("custom_")
    if kind == "date":
        return FieldType.TIME if entry.flag("date_only") is False else FieldType.DATE
    if kind in ("date_time", "datetime"):
        return FieldType.TIME
    if "lookup" in kind:
        return FieldType.LOOKUP
    if kind.startswith(("nested", "dependent")):
        return FieldType.NESTED
    return _CUSTOM_TYPES.get(kind, FieldType.CHOICE if entry.records("choices") else FieldType.TEXT)
