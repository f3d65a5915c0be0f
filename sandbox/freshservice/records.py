"""What an account holds: tickets, what is said on them, files, people. Values that are replaced, never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

OPEN, PENDING, RESOLVED, CLOSED = 2, 3, 4, 5
LOW, MEDIUM, HIGH, URGENT = 1, 2, 3, 4
INCIDENT, SERVICE_REQUEST = "Incident", "Service Request"
GLOBAL_WORKSPACE, PRIMARY_WORKSPACE = 1, 2

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ticket:
    """Times are aware UTC; those ending in `_at` are cut as the account cuts them, `exact` is not.

    `texts` keeps the answers that were already written of this very version.
    """

    id: int
    workspace_id: int
    subject: str
    description: str
    created_at: datetime
    updated_at: datetime
    exact: datetime
    due_by: datetime
    fr_due_by: datetime
    type: str = INCIDENT
    status: int = OPEN
    priority: int = LOW
    urgency: int | None = None
    impact: int | None = None
    source: int = 2
    category: str | None = None
    sub_category: str | None = None
    item_category: str | None = None
    requester_id: int = 0
    requested_for_id: int = 0
    responder_id: int | None = None
    group_id: int | None = None
    department_id: int | None = None
    email_config_id: int | None = None
    cc_emails: tuple[str, ...] = ()
    fwd_emails: tuple[str, ...] = ()
    reply_cc_emails: tuple[str, ...] = ()
    to_emails: tuple[str, ...] | None = None
    tags: tuple[str, ...] = ()
    files: tuple[int, ...] = ()
    spam: bool = False
    deleted: bool = False
    custom_fields: Mapping[str, Any] = field(default_factory=dict)
    resolution_notes: str | None = None
    texts: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Conversation:
    """A reply (`source` 0) or a note (2) on a ticket."""

    id: int
    ticket_id: int
    user_id: int | None
    body: str
    created_at: datetime
    updated_at: datetime
    private: bool = False
    incoming: bool = False
    source: int = 2
    support_email: str | None = None
    from_email: str | None = None
    to_emails: tuple[str, ...] = ()
    cc_emails: tuple[str, ...] = ()
    bcc_emails: tuple[str, ...] | None = None
    files: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    """An attachment, or an image that stands in a text."""

    id: int
    name: str
    content_type: str
    content: bytes = field(repr=False)
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as somebody gives it."""

    name: str
    content: bytes = field(repr=False)
    content_type: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Agent:
    id: int
    email: str
    first_name: str
    last_name: str
    created_at: datetime
    active: bool = True
    occasional: bool = False
    is_admin: bool = False
    may_see_tickets: bool = True
    may_see_fields: bool = True
    workspace_ids: tuple[int, ...] = (PRIMARY_WORKSPACE,)
    member_of: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True, slots=True)
class Requester:
    id: int
    email: str | None
    first_name: str
    last_name: str
    created_at: datetime
    phone: str | None = None
    secondary_emails: tuple[str, ...] = ()
    active: bool = True

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True, slots=True)
class Group:
    id: int
    name: str
    workspace_id: int
    created_at: datetime
    members: tuple[int, ...] = ()
    restricted: bool = False


@dataclass(frozen=True, slots=True)
class Department:
    id: int
    name: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Workspace:
    id: int
    name: str
    created_at: datetime

    @property
    def is_primary(self) -> bool:
        return self.id == PRIMARY_WORKSPACE


@dataclass(slots=True)
class Stats:
    """What `include=stats` tells of one ticket. Changed in place."""

    id: int
    created_at: datetime
    status_updated_at: datetime
    inbound_count: int = 1
    outbound_count: int = 0
    pending_since: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    first_assigned_at: datetime | None = None
    assigned_at: datetime | None = None
    agent_responded_at: datetime | None = None
    requester_responded_at: datetime | None = None
    first_responded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Activity:
    """A line of a ticket's history: text for people."""

    id: int
    actor_id: int
    actor: str
    content: str
    at: datetime
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """Something that workflows can start from. `kind` is raised, updated, note_added, reply_sent, requester_replied,
    deleted or restored; `by` the id of whoever did it, 0 for the account's own rules; `changed` the attributes."""

    kind: str
    ticket_id: int
    by: int
    changed: tuple[str, ...] = ()
