"""What one run of a rule gets and what it gives: plain values that cross the border of a process as rows of JSON.

Field names are the neutral ones of sync.ticket, custom fields "custom.<name>". Values of a replica's fields may be any
JSON, a ticket's are those of sync.fields. What a replica holds of an object (status, person, custom field) is described
in docs/rules.md. Comments and files are rows already (a ticket may have hundreds), everything else becomes one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Protocol, Self

from rules.host.plain import to_plain
from rules.host.rows import from_row, to_row
from sync.form import DeskFacts
from sync.rule import RuleSide
from sync.ticket import Person

Json = Any
JsonFields = Mapping[str, Json]


class _Plain:
    """A frozen dataclass as JSON: with names, or as a row for the other end of a pipe."""

    __slots__ = ()

    def to_json(self) -> Json:
        return to_plain(self)

    def to_row(self) -> Json:
        return to_row(self)

    @classmethod
    def from_row(cls, held: Json) -> Self:
        """Uses `held` up. Raises KeyError, TypeError or ValueError for another shape."""
        found: Self = from_row(cls, held)
        return found


class SeenComment(NamedTuple):
    """A comment at the side it stands at. `id` is that side's; `twin` is the id of its copy at the other side, where
    there is one. `is_theirs` says that the partner's people wrote it, so that ours is the copy."""

    id: str
    text: str
    author: str = ""
    email: str | None = None
    at: datetime | None = None
    is_public: bool = True
    twin: str | None = None
    is_theirs: bool = False


class SeenFile(NamedTuple):
    """A file, without its content. `id`, `comment_id` and `twin` as with comments; `size` in bytes."""

    id: str
    name: str
    size: int = 0
    content_type: str = "application/octet-stream"
    comment_id: str | None = None
    twin: str | None = None
    is_theirs: bool = False


@dataclass(frozen=True, slots=True)
class SeenTicket(_Plain):
    """Our ticket as our desk has it now. `shown` is how people call it ("#372")."""

    id: str
    shown: str = ""
    url: str = ""
    fields: JsonFields = field(default_factory=dict)
    comments: tuple[SeenComment, ...] = ()
    files: tuple[SeenFile, ...] = ()
    requester: Person | None = None
    assignee: Person | None = None


@dataclass(frozen=True, slots=True)
class SeenReplica(_Plain):
    """The partner's replica. `comments` and `files` are what this update brings: a comment with a `twin` stands here
    already and was edited, the others are new. `removed` are comments that are gone at their side."""

    key: str = ""
    url: str = ""
    fields: JsonFields = field(default_factory=dict)
    comments: tuple[SeenComment, ...] = ()
    files: tuple[SeenFile, ...] = ()
    removed: tuple[SeenComment, ...] = ()
    removed_files: tuple[SeenFile, ...] = ()
    requester: Person | None = None


@dataclass(frozen=True, slots=True)
class SeenConnection(_Plain):
    """`side` is inviter or invitee; our and their short names; `our_url` is where our desk's tickets are opened."""

    name: str = ""
    ours: str = ""
    partner: str = ""
    reach: str = ""
    side: str = ""
    our_url: str = ""
    their_url: str = ""


@dataclass(frozen=True, slots=True)
class Scene(_Plain):
    """`ticket` is None on the incoming side until our twin exists. `replica` is what the incoming rule gets now, and
    what the outgoing rule last let out (empty at first); `previous` is the one before, None where there was none.
    `people` are those the engine knows already, by which no host call is needed. `entity` is what the desk calls a
    ticket. `dry_run`: nothing may be written anywhere, host calls that write answer what they would have done."""

    side: RuleSide
    now: datetime
    ticket: SeenTicket | None = None
    replica: SeenReplica = SeenReplica()
    previous: JsonFields | None = None
    first_sync: bool = False
    connection: SeenConnection = SeenConnection()
    facts: DeskFacts = DeskFacts(())
    people: tuple[Person, ...] = ()
    entity: str = "ticket"
    zone: str = "UTC"
    http_allowed: bool = False
    dry_run: bool = False


class OutComment(NamedTuple):
    """Outgoing: one of our comments as it leaves, `id` ours. Incoming: one of the partner's as it shall stand here,
    `id` theirs; `text` is CommonMark and names the author already where that is wanted. An own new comment of the rule
    has the id "rule:<digest of its text>": it is written once for each text."""

    id: str
    text: str
    author: str = ""
    email: str | None = None
    at: datetime | None = None
    is_public: bool = True


@dataclass(frozen=True, slots=True)
class HttpWrite(_Plain):
    """A call of httpClient other than GET; `status` is 0 in a dry run."""

    method: str
    path: str
    body: str = field(default="", repr=False)
    status: int = 0


@dataclass(frozen=True, slots=True)
class Outcome(_Plain):
    """Outgoing: `fields` is the replica; `comments`, `files` (our ids) and `requester` go with it.
    Incoming: `fields` is all that the rule wants of our ticket (neutral names; only the difference of two runs is
    written), `comments` those of the partner's that shall stand here, `files` the partner's ids of files to take,
    `own_comments` new ones of the rule itself, `removed` our ids of copies that go as their originals went. `comments`
    and `files` speak of this update only: what the update does not bring is left as it is.

    `link_to`: our ticket's key that the partner's ticket shall be linked to instead of a new one. `is_dropped`: the
    rule ended without wanting a ticket of ours (first run only). `used_once`: the rule wrote by httpClient or stored
    the ticket, so it must not be run a second time for the difference. `stored` is the ticket's id if store(issue) was
    called.
    """

    fields: JsonFields = field(default_factory=dict)
    comments: tuple[OutComment, ...] = ()
    files: tuple[str, ...] = ()
    requester: Person | None = None
    own_comments: tuple[OutComment, ...] = ()
    removed: tuple[str, ...] = ()
    link_to: str | None = None
    is_dropped: bool = False
    unlink_after: bool = False
    sync_back_after: bool = False
    stored: str | None = None
    http: tuple[HttpWrite, ...] = ()
    log: tuple[tuple[str, str], ...] = ()
    used_once: bool = False


class HostCalls(Protocol):
    """What only the node can answer. A run counts each call (see CALLS); it waits for the answer."""

    def ask(self, name: str, arguments: dict[str, Json]) -> Json:
        """JSON of the answer, as CALLS describes it. A refusal is {"error": "a sentence"}: the rule sees an exception
        with that message."""


@dataclass(frozen=True, slots=True)
class HostCall:
    """`arguments` are the names it is asked with; `answer` and `meaning` are for whoever answers."""

    arguments: tuple[str, ...]
    answer: str
    meaning: str
    writes: bool = False


# Tickets are looked up on this connection alone, never on another one.
CALLS: Mapping[str, HostCall] = {
    "person_by_email": HostCall(
        ("email",), "{name, email, id, is_agent} or null", "Somebody of our desk with that e-mail."
    ),
    "person_by_name": HostCall(
        ("name",), "{name, email, id, is_agent} or null", "The only person of our desk with that full name."
    ),
    "ours_of_theirs": HostCall(
        ("theirs",),
        '{"id", "shown", "url"} or null',
        "Our twin of the partner's ticket (id or key).",
    ),
    "theirs_of_ours": HostCall(
        ("ours",), '{"id", "shown", "url"} or null', "The partner's twin of our ticket (id or key)."
    ),
    "ticket": HostCall(
        ("key",), '{"id", "shown", "url"} or null', "One of our own desk's tickets, for linking; by id or key."
    ),
    "http": HostCall(
        ("method", "path", "query", "body", "headers"),
        '{"status": int, "headers": {…}, "text": "…"}',
        "A call of the rule to our own desk; asked only when the connection allows it. Never asked for a write in a "
        "dry run.",
        writes=True,
    ),
    "store": HostCall(
        ("fields",),
        '{"id", "shown", "url"}',
        "Write these fields of our ticket now, creating it where there is none. Never asked in a dry run.",
        writes=True,
    ),
}


class NoCalls:
    """Answers nothing: for trials and tests in which the rule needs nobody. Implements HostCalls."""

    def ask(self, name: str, arguments: dict[str, Json]) -> Json:
        if name == "http":
            return {"error": "httpClient has no desk here"}
        return None
