"""What the page shows of an account, as plain values for the templates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sandbox.freshservice.form import FormField
from sandbox.freshservice.html import lines_of
from sandbox.freshservice.links import Links
from sandbox.freshservice.records import PRIMARY_WORKSPACE, Agent, Conversation, Requester, Ticket
from sandbox.freshservice.world import World

MOST_ROWS = 200
VIEWS = {"open": "Open tickets", "all": "All tickets", "trash": "Trash", "spam": "Spam"}
_SOLVED = (4, 5)
_FIRST = ("subject", "description", "status", "priority", "ticket_type", "agent", "group")


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Control:
    """One field of a form. `kind`: line, lines, select, number, day or none of these for a plain line."""

    name: str
    label: str
    kind: str
    value: str = ""
    options: tuple[Option, ...] = ()
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class FileShown:
    name: str
    size: int
    href: str


@dataclass(frozen=True, slots=True)
class SaidShown:
    """`kind` is reply, incoming, note or private."""

    id: int
    author: str
    at: datetime
    edited_at: datetime | None
    kind: str
    text: str
    files: tuple[FileShown, ...]

    @property
    def is_note(self) -> bool:
        return self.kind in ("note", "private")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list."""

    id: int
    subject: str
    status: str
    status_number: int
    priority: str
    priority_number: int
    requester: str
    agent: str
    tags: tuple[str, ...]
    updated_at: datetime


class Screen:
    """One person's view of the account."""

    def __init__(self, world: World, links: Links, me: Agent | Requester) -> None:
        self.world = world
        self.me = me
        self._links = links

    @property
    def is_agent(self) -> bool:
        return isinstance(self.me, Agent)

    @property
    def people(self) -> tuple[tuple[str, tuple[Agent | Requester, ...]], ...]:
        people = self.world.people
        return (("Agents", tuple(people.agents.values())), ("Requesters", tuple(people.requesters.values())))

    def rows(self, view: str) -> tuple[Row, ...]:
        """Newest first, at most 200; requesters see their own."""
        fits = _FITS[view]
        found = [one for one in reversed(self.world.tickets.values()) if fits(one) and self.may_see(one)]
        return tuple(self._row(one) for one in found[:MOST_ROWS])

    def may_see(self, ticket: Ticket) -> bool:
        return self.is_agent or self.me.id in (ticket.requester_id, ticket.requested_for_id)

    def _row(self, one: Ticket) -> Row:
        form, people = self.world.form, self.world.people
        return Row(
            id=one.id,
            subject=one.subject,
            status=form.label("status", one.status),
            status_number=one.status,
            priority=form.label("priority", one.priority),
            priority_number=one.priority,
            requester=people.name_of(one.requester_id),
            agent=people.name_of(one.responder_id) if one.responder_id else "",
            tags=one.tags,
            updated_at=one.updated_at,
        )

    def row(self, ticket: Ticket) -> Row:
        return self._row(ticket)

    # one ticket

    def text(self, ticket: Ticket) -> str:
        return lines_of(ticket.description)

    def files(self, holder: Ticket | Conversation) -> tuple[FileShown, ...]:
        kept = [self.world.files[file_id] for file_id in holder.files]
        return tuple(FileShown(one.name, len(one.content), self._links.address(one)) for one in kept)

    def said(self, ticket: Ticket) -> tuple[SaidShown, ...]:
        """Oldest first; private notes for agents only."""
        shown = [one for one in self.world.said_on(ticket.id) if self.is_agent or not one.private]
        return tuple(self._said(one) for one in shown)

    def _said(self, one: Conversation) -> SaidShown:
        edited = one.updated_at if one.updated_at != one.created_at else None
        author = self.world.people.name_of(one.user_id)
        return SaidShown(one.id, author, one.created_at, edited, _kind(one), lines_of(one.body), self.files(one))

    def controls(self, ticket: Ticket | None) -> tuple[Control, ...]:
        """The form of a ticket, filled in; of a new one, empty. What is edited most comes first."""
        fields = self.world.form.of_workspace(ticket.workspace_id if ticket else PRIMARY_WORKSPACE)
        hidden = {"workspace", "requester", "category"} | (set() if self.world.people.departments else {"department"})
        shown = sorted((one for one in fields if one.name not in hidden and not one.is_nested), key=_place)
        return (*(self._control(one, ticket) for one in shown), self._tags(ticket))

    def _control(self, one: FormField, ticket: Ticket | None) -> Control:
        value = _DEFAULTS.get(one.attribute) if ticket is None else _held(one, ticket)
        shown = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
        if one.attribute == "description":
            shown = "" if ticket is None else self.text(ticket)
        options = self._options(one, shown)
        kind = "select" if options else _KINDS.get(one.field_type, "line")
        return Control(one.attribute, one.label, kind, shown, options, one.required_for_agents)

    def _options(self, one: FormField, chosen: str) -> tuple[Option, ...]:
        people = self.world.people
        pairs: list[tuple[str, str]] = [(str(choice.number or choice.value), choice.value) for choice in one.choices]
        if one.name == "agent":
            pairs = [(str(agent.id), agent.name) for agent in people.agents.values()]
        elif one.name == "group":
            pairs = [(str(group.id), group.name) for group in people.groups.values()]
        elif one.name == "department":
            pairs = [(str(found.id), found.name) for found in people.departments.values()]
        elif one.field_type == "custom_checkbox":
            pairs = [("true", "yes"), ("false", "no")]
        if not pairs or one.field_type == "custom_multi_select_dropdown":
            return ()
        empty = [] if one.attribute in _DEFAULTS else [("", "–")]
        return tuple(Option(value, label, value == chosen) for value, label in empty + pairs)

    def _tags(self, ticket: Ticket | None) -> Control:
        return Control("tags", "Tags", "line", ", ".join(ticket.tags) if ticket else "")


def _place(one: FormField) -> int:
    return _FIRST.index(one.name) if one.name in _FIRST else len(_FIRST)


def _held(one: FormField, ticket: Ticket) -> object:
    value = ticket.custom_fields.get(one.name) if one.is_custom else getattr(ticket, one.attribute)
    return ", ".join(value) if isinstance(value, list) else value


def _kind(one: Conversation) -> str:
    if one.source == 0:
        return "incoming" if one.incoming else "reply"
    return "private" if one.private else "note"


_FITS: dict[str, Callable[[Ticket], bool]] = {
    "open": lambda one: not (one.deleted or one.spam) and one.status not in _SOLVED,
    "all": lambda one: not (one.deleted or one.spam),
    "trash": lambda one: one.deleted,
    "spam": lambda one: one.spam and not one.deleted,
}
_KINDS = {
    "default_description": "lines",
    "custom_paragraph": "lines",
    "custom_number": "number",
    "custom_decimal": "number",
}
# What a new ticket starts with; these cannot be left empty.
_DEFAULTS: dict[str, object] = {"status": 2, "priority": 1, "source": 2, "type": "Incident"}
