"""Answers as they look: exactly the keys that each kind of answer was seen to have, no more.

API v2 reference, Ticket attributes and Conversations, and recordings of live accounts, read 2025-11.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sandbox.freshservice.html import text_of
from sandbox.freshservice.links import Links
from sandbox.freshservice.moments import with_offset, zulu, zulu_or_none
from sandbox.freshservice.records import Agent, Conversation, Json, Requester, Ticket
from sandbox.freshservice.wire import dumped
from sandbox.freshservice.world import World

_MOST_INCLUDED = 10
_SLA_POLICY = 27_000_000_001


class Shapes:
    def __init__(self, world: World, links: Links) -> None:
        self._world = world
        self._links = links

    # tickets

    def listed(self, tickets: Sequence[Ticket], *, everywhere: bool, includes: Iterable[str] = ()) -> str:
        """The items of a list, as JSON. `everywhere`: a list over all workspaces, which shows global fields only."""
        key = self._key(f"list {everywhere}")
        texts = (one.texts.get(key) or self._keep(one, key, self._item(one, everywhere=everywhere)) for one in tickets)
        if includes:
            texts = (
                _with(text, {name: self._included(one, name) for name in includes})
                for one, text in zip(tickets, texts, strict=True)
            )
        return f"[{','.join(texts)}]"

    def viewed(self, ticket: Ticket, includes: Iterable[str] = ()) -> str:
        """The answer to a view, as JSON, without the wrapper."""
        key = self._key("view")
        text = ticket.texts.get(key) or self._keep(ticket, key, self._view(ticket))
        return _with(text, {"attachments": self.files(ticket.files)} | self._all_included(ticket, includes))

    def written(self, ticket: Ticket, *, offset_times: bool = False) -> str:
        """The answer to a create or an update, as JSON, without the wrapper. Built of the list's keys."""
        item = self._item(ticket, everywhere=False)
        due = with_offset if offset_times else zulu
        shown = {name: item[name] for name in _WRITTEN if name in item}
        shown |= {"due_by": due(ticket.due_by), "fr_due_by": due(ticket.fr_due_by)}
        shown |= {"tags": ticket.tags, "attachments": self.files(ticket.files)}
        return dumped(shown | _notes(ticket))

    def _key(self, name: str) -> str:
        """Answers are written once for each version of a ticket and of the form."""
        switches = self._world.switches
        return f"{name} {self._world.form.version} {switches.workspaces} {switches.newer_account}"

    def _keep(self, ticket: Ticket, key: str, shown: Json) -> str:
        text = ticket.texts[key] = dumped(shown)
        return text

    def _item(self, ticket: Ticket, *, everywhere: bool) -> Json:
        shown: Json = {
            "subject": ticket.subject,
            "group_id": ticket.group_id,
            "department_id": ticket.department_id,
            "category": ticket.category,
            "sub_category": ticket.sub_category,
            "item_category": ticket.item_category,
            "requester_id": ticket.requester_id,
            "responder_id": ticket.responder_id,
            "due_by": zulu(ticket.due_by),
            "fr_escalated": False,
            "deleted": ticket.deleted,
            "spam": ticket.spam,
            "email_config_id": ticket.email_config_id,
            "fwd_emails": ticket.fwd_emails,
            "reply_cc_emails": ticket.reply_cc_emails,
            "cc_emails": ticket.cc_emails,
            "is_escalated": False,
            "fr_due_by": zulu(ticket.fr_due_by),
            "id": ticket.id,
            "priority": ticket.priority,
            "status": ticket.status,
            "source": ticket.source,
            "created_at": zulu(ticket.created_at),
            "updated_at": zulu(ticket.updated_at),
            "requested_for_id": ticket.requested_for_id,
            "to_emails": ticket.to_emails,
            "type": ticket.type,
            "description": ticket.description,
            "description_text": text_of(ticket.description),
            "custom_fields": self._world.custom_values(ticket, 0 if everywhere else ticket.workspace_id),
        }
        return shown | ({"workspace_id": ticket.workspace_id} if self._world.switches.workspaces else {})

    def _view(self, ticket: Ticket) -> Json:
        """All but the files, whose links are new in every answer."""
        shown = self._item(ticket, everywhere=False) | {
            "urgency": ticket.urgency,
            "impact": ticket.impact,
            "sla_policy_id": _SLA_POLICY,
            **_notes(ticket),
            "approval_status": 4,
            "approval_status_name": "Not Requested",
        }
        return shown | (_NEWER if self._world.switches.newer_account else {})

    # what can be included

    def _all_included(self, ticket: Ticket, names: Iterable[str]) -> Json:
        return {name: self._included(ticket, name) for name in names}

    def _included(self, ticket: Ticket, name: str) -> Any:
        if name == "tags":
            return ticket.tags
        if name == "stats":
            return self.stats(ticket)
        if name == "conversations":
            return [self.said(one) for one in self._world.said_on(ticket.id)[:_MOST_INCLUDED]]
        if name in ("requester", "requested_for"):
            return person(self._world.people.person(getattr(ticket, f"{name}_id")))
        if name == "department":
            found = self._world.people.departments.get(ticket.department_id or 0)
            return None if found is None else {"id": found.id, "name": found.name}
        return [] if name in ("assets", "change", "changes") else None

    def stats(self, ticket: Ticket) -> Json:
        kept = self._world.stats[ticket.id]
        return {
            "created_at": zulu(kept.created_at),
            "updated_at": zulu(ticket.updated_at),
            "ticket_id": kept.id,
            "opened_at": None,
            "group_escalated": False,
            "inbound_count": kept.inbound_count,
            "status_updated_at": zulu(kept.status_updated_at),
            "outbound_count": kept.outbound_count,
            "pending_since": zulu_or_none(kept.pending_since),
            "resolved_at": zulu_or_none(kept.resolved_at),
            "closed_at": zulu_or_none(kept.closed_at),
            "first_assigned_at": zulu_or_none(kept.first_assigned_at),
            "assigned_at": zulu_or_none(kept.assigned_at),
            "agent_responded_at": zulu_or_none(kept.agent_responded_at),
            "requester_responded_at": zulu_or_none(kept.requester_responded_at),
            "first_responded_at": zulu_or_none(kept.first_responded_at),
            "first_resp_time_in_secs": _seconds(kept.created_at, kept.first_responded_at),
            "resolution_time_in_secs": _seconds(kept.created_at, kept.resolved_at),
        }

    # conversations and files

    def said(self, one: Conversation) -> Json:
        """An item of the list."""
        return {
            "id": one.id,
            "body": one.body,
            "body_text": text_of(one.body),
            "incoming": one.incoming,
            "private": one.private,
            "created_at": zulu(one.created_at),
            "updated_at": zulu(one.updated_at),
            "user_id": one.user_id,
            "support_email": one.support_email,
            "source": one.source,
            "ticket_id": one.ticket_id,
            "to_emails": one.to_emails,
            "from_email": one.from_email,
            "cc_emails": one.cc_emails,
            "bcc_emails": one.bcc_emails,
            "attachments": self.files(one.files),
        }

    def reply(self, one: Conversation) -> Json:
        return {name: value for name, value in self.said(one).items() if name not in _NOT_IN_A_REPLY}

    def note(self, one: Conversation) -> Json:
        """The answer to a new note, and to an edit."""
        return {name: value for name, value in self.said(one).items() if name not in _NOT_IN_A_NOTE}

    def files(self, ids: Iterable[int]) -> list[Json]:
        return [self._file(one) for one in ids]

    def _file(self, file_id: int) -> Json:
        file = self._world.files[file_id]
        return {
            "id": file.id,
            "content_type": file.content_type,
            "size": len(file.content),
            "name": file.name,
            "attachment_url": self._links.address(file),
            "created_at": zulu(file.created_at),
            "updated_at": zulu(file.created_at),
        }


def person(one: Agent | Requester | None) -> Json | None:
    """The short form that tickets embed."""
    if one is None:
        return None
    phone = one.phone if isinstance(one, Requester) else None
    return {"id": one.id, "name": one.name, "email": one.email, "mobile": None, "phone": phone}


def _with(text: str, more: Json) -> str:
    """A JSON object with further keys."""
    return f"{text[:-1]},{dumped(more)[1:]}" if more else text


def _notes(ticket: Ticket) -> Json:
    notes = ticket.resolution_notes
    return {"resolution_notes": None if notes is None else text_of(notes), "resolution_notes_html": notes}


def _seconds(since: datetime, until: datetime | None) -> int | None:
    return None if until is None else int((until - since).total_seconds())


_NOT_IN_A_REPLY = frozenset({"private", "incoming", "source", "support_email"})
_NOT_IN_A_NOTE = frozenset({"source", "from_email", "cc_emails", "bcc_emails"})
_WRITTEN = (
    "cc_emails",
    "fwd_emails",
    "reply_cc_emails",
    "fr_escalated",
    "spam",
    "email_config_id",
    "group_id",
    "priority",
    "requester_id",
    "requested_for_id",
    "responder_id",
    "source",
    "status",
    "subject",
    "to_emails",
    "department_id",
    "id",
    "type",
    "due_by",
    "fr_due_by",
    "is_escalated",
    "description",
    "description_text",
    "category",
    "sub_category",
    "item_category",
    "custom_fields",
    "created_at",
    "updated_at",
    "workspace_id",
)
_NEWER: Json = {
    "planned_start_date": None,
    "planned_end_date": None,
    "planned_effort": None,
    "bcc_emails": None,
    "tasks_dependency_type": 0,
    "applied_business_hours": None,
    "created_within_business_hours": True,
}
