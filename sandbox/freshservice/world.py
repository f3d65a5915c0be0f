"""One account: its tickets and what hangs on them. It does as it is told; what may be told, the API checks."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.freshservice.directory import Directory
from sandbox.freshservice.form import Form
from sandbox.freshservice.html import wrapped
from sandbox.freshservice.moments import cut
from sandbox.freshservice.past import Past
from sandbox.freshservice.records import (
    CLOSED,
    PENDING,
    PRIMARY_WORKSPACE,
    RESOLVED,
    Activity,
    Conversation,
    Event,
    File,
    Stats,
    Ticket,
    Upload,
)
from sandbox.freshservice.switches import Switches
from sandbox.slack.signal import Changes

_HIGH = 27_000_000_000
_DUE_HOURS = {1: (24, 72), 2: (8, 24), 3: (4, 12), 4: (1, 1)}  # first answer, solution
_MATRIX = {(1, 1): 1, (1, 2): 1, (1, 3): 2, (2, 1): 1, (2, 2): 2, (2, 3): 3, (3, 1): 2, (3, 2): 3, (3, 3): 4}
_WORKFLOW = 0
_SAID = "description", "subject"


def machine_now() -> datetime:
    return datetime.now(UTC)


class World:
    """`listeners` hear every Event in the moment it happens; `changes` rings after each."""

    def __init__(self, name: str, switches: Switches, now: Callable[[], datetime], first_ticket: int = 1) -> None:
        self.name = name
        self.switches = switches
        self.now = now
        self.changes = Changes()
        self.listeners: list[Callable[[Event], None]] = []
        self._ids = itertools.count(_HIGH + 1)
        self._ticket_ids = itertools.count(first_ticket)
        self.form = Form(self.next_id, now)
        self.people = Directory(self.next_id, now, f"{name}.example")
        self.tickets: dict[int, Ticket] = {}
        self.conversations: dict[int, Conversation] = {}
        self.talks: dict[int, list[int]] = {}
        self.files: dict[int, File] = {}
        self.stats: dict[int, Stats] = {}
        self.histories: dict[int, list[Activity]] = {}
        self.past = Past(self)
        self.touched: dict[int, None] = {}  # ids of tickets, the one that was touched longest ago first
        self._last = datetime.min.replace(tzinfo=UTC)

    def next_id(self) -> int:
        return next(self._ids)

    @property
    def support_email(self) -> str:
        return f"support@{self.people.mail_host}"

    # tickets

    def add_ticket(self, values: Mapping[str, Any], files: Sequence[Upload] = (), *, by: int) -> Ticket:
        """`values` are attributes of Ticket; the description is wrapped, what is due follows from the priority."""
        exact, at = self._moment()
        given = {"workspace_id": PRIMARY_WORKSPACE, **values}
        given["description"] = wrapped(given["description"])
        given.setdefault("requested_for_id", given["requester_id"])
        given["priority"] = self._priority(given, given.get("priority", 1))
        first, due = due_times(at, given["priority"])
        kept = tuple(self.keep_file(one).id for one in files)
        ticket = Ticket(
            id=next(self._ticket_ids),
            created_at=at,
            updated_at=at,
            exact=exact,
            files=kept,
            **{"due_by": due, "fr_due_by": first, **given},
        )
        self.stats[ticket.id] = Stats(self.next_id(), at, at)
        self.past.remember(ticket.id)
        self.tickets[ticket.id] = ticket
        self.touched[ticket.id] = None
        self._count(None, ticket)
        self._told(Event("raised", ticket.id, by, tuple(values)), " created this ticket")
        return ticket

    def apply_rule(self, ticket: Ticket) -> None:
        """What the account's own rule does to a new ticket, a moment after."""
        if self.switches.business_rule:
            self.change(ticket.id, dict(self.switches.business_rule), by=_WORKFLOW)

    def change(
        self, ticket_id: int, values: Mapping[str, Any], files: Sequence[Upload] = (), *, by: int, kind: str = "updated"
    ) -> Ticket:
        """Custom fields that are not given stay; files are added."""
        before = self.tickets[ticket_id]
        given = dict(values)
        if "custom_fields" in given:
            given["custom_fields"] = {**before.custom_fields, **given["custom_fields"]}
        if files:
            given["files"] = (*before.files, *(self.keep_file(one).id for one in files))
        priority = self._priority({**_asked(before), **given}, given.get("priority", before.priority))
        if "priority" in given or priority != before.priority:
            given["priority"] = priority
        if priority != before.priority:
            first, due = due_times(before.created_at, priority)
            given = {"fr_due_by": first, "due_by": due, **given}
        changed = tuple(name for name, value in given.items() if getattr(before, name) != value)
        return self._changed(before, given, changed, by, kind)

    def _changed(self, before: Ticket, given: dict[str, Any], changed: tuple[str, ...], by: int, kind: str) -> Ticket:
        after = self._put(before, given, touches=bool(changed) or self.switches.idle_updates_touch)
        if changed:
            self._count(before, after)
            for line in self._lines(before, after, changed):
                self._log(after.id, by, line)
        self._told(Event(kind, after.id, by, changed))
        return after

    def trash(self, ticket_id: int, *, by: int) -> Ticket:
        after = self._put(self.tickets[ticket_id], {"deleted": True}, touches=True)
        self._told(Event("deleted", ticket_id, by, ("deleted",)), " deleted this ticket")
        return after

    def restore(self, ticket_id: int, *, by: int) -> Ticket:
        after = self._put(self.tickets[ticket_id], {"deleted": False}, touches=True)
        self._told(Event("restored", ticket_id, by, ("deleted",)), " restored this ticket from trash")
        return after

    def purge(self, ticket_id: int) -> None:
        """Gone for good: from now on its number is unknown."""
        for conversation_id in self.talks.pop(ticket_id, []):
            self.conversations.pop(conversation_id, None)
        del self.tickets[ticket_id], self.touched[ticket_id], self.stats[ticket_id]
        self.histories.pop(ticket_id, None)
        self.past.forget(ticket_id)
        self.changes.ring()

    def remove_file(self, ticket_id: int, file_id: int, *, by: int) -> None:
        before = self.tickets[ticket_id]
        left = tuple(one for one in before.files if one != file_id)
        self._put(before, {"files": left}, touches=self.switches.unproven_touches)
        self._told(Event("updated", ticket_id, by, ("attachments",)), " removed an attachment")

    def listed(self, workspace_id: int = PRIMARY_WORKSPACE, *, newest_first: bool = True) -> Iterator[Ticket]:
        """Those that are neither trashed nor spam, by time of creation; workspace 0 for all."""
        ids: Iterator[int] = reversed(self.tickets) if newest_first else iter(self.tickets)
        for ticket_id in ids:
            ticket = self.tickets[ticket_id]
            if not ticket.deleted and not ticket.spam and workspace_id in (0, ticket.workspace_id):
                yield ticket

    def touched_since(self, at: datetime) -> Iterator[Ticket]:
        """Of all, the last one touched first; the bound counts."""
        for ticket_id in reversed(self.touched):
            ticket = self.tickets[ticket_id]
            if ticket.updated_at < at:
                return
            yield ticket

    def custom_values(self, ticket: Ticket, workspace_id: int) -> dict[str, Any]:
        """Every custom field that the ticket's workspace has; of workspace 0, the global ones."""
        return {name: ticket.custom_fields.get(name) for name in self.form.custom(workspace_id)}

    # what is said

    def say(
        self, ticket_id: int, body: str, files: Sequence[Upload] = (), *, by: int | None, **more: Any
    ) -> Conversation:
        """A note or a reply; `more` are attributes of Conversation."""
        _, at = self._moment()
        kept = tuple(self.keep_file(one).id for one in files)
        said = Conversation(self.next_id(), ticket_id, by, wrapped(body), at, at, files=kept, **more)
        self.conversations[said.id] = said
        self.talks.setdefault(ticket_id, []).append(said.id)
        touches = self.switches.private_notes_touch or not said.private
        self._put(self.tickets[ticket_id], {}, touches=touches)
        self._heard(said, at)
        self._told(Event(_kind_of(said), ticket_id, by or 0, ()), _line_of(said))
        return said

    def reword(self, conversation_id: int, body: str | None, files: Sequence[Upload] = (), *, by: int) -> Conversation:
        """The body is kept as it is sent."""
        before = self.conversations[conversation_id]
        _, at = self._moment()
        kept = (*before.files, *(self.keep_file(one).id for one in files))
        said = dataclasses.replace(before, body=before.body if body is None else body, files=kept, updated_at=at)
        self.conversations[said.id] = said
        self._around(said, by, " updated a note")
        return said

    def show(self, conversation_id: int, *, private: bool) -> Conversation:
        said = dataclasses.replace(self.conversations[conversation_id], private=private)
        self.conversations[said.id] = said
        return said

    def unsay(self, conversation_id: int, *, by: int) -> None:
        said = self.conversations.pop(conversation_id)
        self.talks[said.ticket_id].remove(conversation_id)
        self._around(said, by, " deleted a conversation")

    def drop_file(self, conversation_id: int, file_id: int, *, by: int) -> None:
        before = self.conversations[conversation_id]
        _, at = self._moment()
        left = tuple(one for one in before.files if one != file_id)
        said = dataclasses.replace(before, files=left, updated_at=at)
        self.conversations[said.id] = said
        self._around(said, by, " removed an attachment")

    def said_on(self, ticket_id: int) -> list[Conversation]:
        """Oldest first."""
        return [self.conversations[one] for one in self.talks.get(ticket_id, ())]

    def _around(self, said: Conversation, by: int, line: str) -> None:
        ticket = self.tickets[said.ticket_id]
        self._put(ticket, {}, touches=self.switches.unproven_touches)
        self._told(Event("note_edited", ticket.id, by, ()), line)

    def _heard(self, said: Conversation, at: datetime) -> None:
        stats = self.stats[said.ticket_id]
        if said.incoming:
            stats.inbound_count += 1
            stats.requester_responded_at = at
        elif not said.private:
            stats.outbound_count += 1
            stats.agent_responded_at = at
            stats.first_responded_at = stats.first_responded_at or at

    # files

    def keep_file(self, upload: Upload) -> File:
        _, at = self._moment()
        kept = File(self.next_id(), upload.name, upload.content_type, upload.content, at)
        self.files[kept.id] = kept
        return kept

    def bytes_on(self, ticket_id: int) -> int:
        """All files of the ticket and of what is said on it."""
        held = (*self.tickets[ticket_id].files, *(one for said in self.said_on(ticket_id) for one in said.files))
        return sum(len(self.files[one].content) for one in held)

    # how it is done

    def _moment(self) -> tuple[datetime, datetime]:
        """Now, and as the account writes it. It never goes back."""
        self._last = max(self._last, self.now())
        return self._last, cut(self._last, self.switches.grain_seconds)

    def _put(self, before: Ticket, given: Mapping[str, Any], *, touches: bool) -> Ticket:
        exact, at = self._moment()
        self.past.remember(before.id)
        if touches:
            del self.touched[before.id]
            self.touched[before.id] = None
        after = dataclasses.replace(before, **given, exact=exact, updated_at=at if touches else before.updated_at)
        self.tickets[after.id] = after
        return after

    def _priority(self, values: Mapping[str, Any], wanted: int) -> int:
        if not self.switches.priority_matrix:
            return wanted
        return _MATRIX[values.get("impact") or 1, values.get("urgency") or 1]

    def _count(self, before: Ticket | None, after: Ticket) -> None:
        """Keeps the stats of a ticket whose status or agent moved."""
        stats, at = self.stats[after.id], after.updated_at
        if before is None or before.status != after.status:
            stats.status_updated_at = at
            stats.pending_since = at if after.status == PENDING else None
            stats.resolved_at = (stats.resolved_at or at) if after.status in (RESOLVED, CLOSED) else None
            stats.closed_at = at if after.status == CLOSED else None
        if after.responder_id is not None and (before is None or before.responder_id != after.responder_id):
            stats.assigned_at = at
            stats.first_assigned_at = stats.first_assigned_at or at

    def _lines(self, before: Ticket, after: Ticket, changed: tuple[str, ...]) -> Iterator[str]:
        for name in changed:
            if name in ("status", "priority"):
                yield f" set {name.title()} as {self.form.label(name, getattr(after, name))}"
            elif name in _SAID:
                yield f" updated the {name}"
            else:
                yield f" updated {name.removesuffix('_id').replace('_', ' ')}"

    def _log(self, ticket_id: int, by: int, line: str) -> None:
        activity = Activity(self.next_id(), by, self.people.name_of(by), line, self._last)
        self.histories.setdefault(ticket_id, []).append(activity)

    def _told(self, event: Event, line: str = "") -> None:
        if line:
            self._log(event.ticket_id, event.by, line)
        for listener in self.listeners:
            listener(event)
        self.changes.ring()


def due_times(created_at: datetime, priority: int) -> tuple[datetime, datetime]:
    """When the first answer and the solution are due."""
    first, due = _DUE_HOURS.get(priority, _DUE_HOURS[1])
    return created_at + timedelta(hours=first), created_at + timedelta(hours=due)


def _asked(ticket: Ticket) -> dict[str, Any]:
    return {"urgency": ticket.urgency, "impact": ticket.impact}


def _kind_of(said: Conversation) -> str:
    if said.source == 0:
        return "requester_replied" if said.incoming else "reply_sent"
    return "note_added"


def _line_of(said: Conversation) -> str:
    if said.source == 0:
        return " sent a reply"
    return " added a private note" if said.private else " added a public note"
