"""The account's ticket form: which choices a field has, what is demanded, which custom fields every workspace shows.

Freshservice API v2, View all ticket fields, read 2025-11.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from sync.errors import RemoteRefusedUs
from sync.ticket import DeskFacts
from trackers.freshservice.http import Client
from trackers.freshservice.record import Record
from trackers.port import CallKind

KEPT_SECONDS = 300.0
# A choice that the kept form does not know may be new: then the form is read again, but not for every ticket.
_AGAIN_SECONDS = 30.0
CUSTOM = "custom."
_NEUTRAL = {"subject": "summary", "ticket_type": "type"}
_ALWAYS_GIVEN = frozenset({"requester", "workspace"})
_GLOBAL = (1, None)


@dataclass(frozen=True, slots=True)
class Choice:
    """`id` is what a ticket holds where it holds numbers, else None: then it holds the label."""

    id: int | None
    label: str


@dataclass(frozen=True, slots=True)
class FormField:
    """`name` is ours: "summary", "custom.affected_site", or the desk's own where we have none."""

    name: str
    choices: tuple[Choice, ...] = ()
    is_required: bool = False
    is_global: bool = True


@dataclass(frozen=True, slots=True)
class Form:
    """`is_known` is False for the defaults that stand in where the key may not read the form."""

    fields: tuple[FormField, ...]
    is_known: bool = True

    def label(self, name: str, number: int) -> str | None:
        return next((choice.label for choice in self._choices(name) if choice.id == number), None)

    def number(self, name: str, label: str) -> int | None:
        """By the label as it is written, else by the same letters in another case."""
        exact = [choice.id for choice in self._choices(name) if choice.label == label]
        alike = [choice.id for choice in self._choices(name) if _same(choice.label, label)]
        return next(iter(exact + alike), None)

    def spelled(self, name: str, label: str) -> str:
        """The desk's spelling of a choice: its values mind the case."""
        return next((choice.label for choice in self._choices(name) if _same(choice.label, label)), label)

    def labels(self, name: str) -> tuple[str, ...]:
        return tuple(choice.label for choice in self._choices(name))

    @property
    def shared_custom(self) -> frozenset[str]:
        """The desk's names of custom fields that lists over all workspaces show."""
        return frozenset(f.name.removeprefix(CUSTOM) for f in self.fields if f.name.startswith(CUSTOM) and f.is_global)

    def facts(self) -> DeskFacts:
        return DeskFacts(
            choices=tuple((f.name, tuple(choice.label for choice in f.choices)) for f in self.fields if f.choices),
            required=frozenset(f.name for f in self.fields if f.is_required),
            custom=frozenset(f.name.removeprefix(CUSTOM) for f in self.fields if f.name.startswith(CUSTOM)),
        )

    def _choices(self, name: str) -> tuple[Choice, ...]:
        return next((f.choices for f in self.fields if f.name == name), ())


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


DEFAULTS = Form(
    (
        FormField("summary", is_required=True),
        FormField("description", is_required=True),
        FormField("type", (Choice(None, "Incident"), Choice(None, "Service Request"))),
        FormField("status", tuple(map(Choice, (2, 3, 4, 5), ("Open", "Pending", "Resolved", "Closed"))), True),
        FormField("priority", tuple(map(Choice, (1, 2, 3, 4), ("Low", "Medium", "High", "Urgent"))), True),
    ),
    is_known=False,
)
_NUMBERED = frozenset({"status", "priority"})


def read_form(entries: tuple[Record, ...]) -> Form:
    fields = tuple(_field(entry) for entry in entries if entry.text("name"))
    named = {found.name for found in fields}
    return Form(fields + tuple(default for default in DEFAULTS.fields if default.name not in named))


def _field(entry: Record) -> FormField:
    name = str(entry.text("name"))
    is_custom = entry.flag("default_field") is False or str(entry.text("field_type")).startswith("custom_")
    neutral = f"{CUSTOM}{name}" if is_custom else _NEUTRAL.get(name, name)
    found = tuple(_choice(neutral, choice) for choice in entry.records("choices") or () if choice.text("value"))
    return FormField(
        neutral,
        found or next((default.choices for default in DEFAULTS.fields if default.name == neutral), ()),
        entry.flag("required_for_agents") is True and name not in _ALWAYS_GIVEN,
        entry.number("workspace_id") in _GLOBAL,
    )


def _choice(name: str, entry: Record) -> Choice:
    return Choice(entry.number("id") if name in _NUMBERED else None, str(entry.text("value")))


@dataclass(slots=True)
class Forms:
    """The forms of one account's workspaces, each read at most every few minutes."""

    clock: Callable[[], float]
    _kept: dict[int, tuple[float, Form]] = field(default_factory=dict)

    async def form(self, client: Client, workspace: int = 0) -> Form:
        """`workspace` 0 is for the global fields and those of the primary one."""
        at, form = self._kept.get(workspace, (0.0, DEFAULTS))
        if workspace in self._kept and self.clock() - at < KEPT_SECONDS:
            return form
        form = await _read(client, workspace)
        self._kept[workspace] = (self.clock(), form)
        return form

    async def newer(self, client: Client, workspace: int = 0) -> Form:
        """Read again, unless that was a moment ago."""
        at, form = self._kept.get(workspace, (0.0, DEFAULTS))
        if workspace in self._kept and self.clock() - at < _AGAIN_SECONDS:
            return form
        self._kept.pop(workspace, None)
        return await self.form(client, workspace)

    def forget(self) -> None:
        """The desk refused a value: its form may have changed."""
        self._kept.clear()


async def _read(client: Client, workspace: int) -> Form:
    query = {"workspace_id": str(workspace)} if workspace else {}
    try:
        answer = await client.list_page(CallKind.OTHER, "ticket_form_fields", query)
    except RemoteRefusedUs:
        # A modest agent may work on tickets and not see the form. Whether the key is good at all, other calls tell.
        return DEFAULTS
    return read_form(answer.many("ticket_fields"))
