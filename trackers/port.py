"""What Drawbridge asks of every kind of service desk."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from pairing.secret import Secret
from sync.fields import Fields
from sync.ticket import (
    CommentWritten,
    DeskFacts,
    FileRef,
    NewTicket,
    Page,
    Person,
    Sighting,
    Ticket,
    TicketPage,
    Upload,
    Written,
)

NO_QUERY: Mapping[str, str] = {}


class CallKind(StrEnum):
    """Which limit a call to a desk draws on, beside the one over all calls."""

    LIST = "list"  # of tickets
    LIST_AGENTS = "list_agents"
    LIST_REQUESTERS = "list_requesters"
    VIEW = "view"
    CREATE = "create"
    UPDATE = "update"
    OTHER = "other"  # the limit over all calls only


@dataclass(frozen=True, slots=True)
class Reading:
    """What one answer told about the limits. `price` is what was reserved for the call, `used` what it did cost;
    `total` and `remaining` are of the tightest limit that applied; `retry_after` (seconds) is set after a refusal.
    None where the answer said nothing, or never came."""

    price: int = 1
    total: int | None = None
    remaining: int | None = None
    used: int | None = None
    retry_after: float | None = None
    refused: bool = False


class Budget(Protocol):
    """The calls that we may spend at one desk account."""

    async def reserve(self, kind: CallKind, price: int = 1, *, urgent: bool = False) -> None:
        """Waits for room, a few seconds at most. Raises RemoteUnavailable with `retry_after` when it would be longer.
        `urgent` calls, which a person waits for, may use what is held back from the others."""

    def learned(self, kind: CallKind, reading: Reading) -> None:
        """Exactly once for each call that was reserved, whatever became of it."""

    @property
    def has_room(self) -> bool:
        """Not even half of what background work may spend just now is spent."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What a desk answered to a rule's own call, whatever it was. `headers` are the harmless ones, in small letters."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str = field(default="", repr=False)


class Limits(Protocol):
    """An account's limits as a value that can be kept anywhere. `now` is in seconds, of one clock."""

    def wait_seconds(self, now: float, kind: CallKind, price: int, *, urgent: bool) -> float:
        """0.0 when there is room for the call."""

    def has_room(self, now: float) -> bool:
        """Not even half of what background work may spend just now is spent."""

    def take(self, now: float, kind: CallKind, price: int) -> None: ...

    def learned(self, now: float, kind: CallKind, reading: Reading) -> None: ...

    def to_text(self) -> str: ...


class DeskKind(Protocol):
    """One kind of service desk. `name` is stored ("freshservice"), `label` is for people, `address_hint` an example."""

    @property
    def name(self) -> str: ...

    @property
    def label(self) -> str: ...

    @property
    def address_hint(self) -> str: ...

    def canonical_address(self, typed: str) -> str:
        """The one spelling under which a desk is stored. Raises DeskAddressNotUsable."""

    async def check(self, address: str, key: Secret) -> None:
        """Asks the desk whether this key may read its tickets; changes nothing there.

        `address` is canonical. Raises RemoteRefusedUs (the key, or what it may do), RemoteGone (no desk there) or
        RemoteUnavailable (no usable answer). Their texts are sentences for people.
        """

    def limits(self, kept: str) -> Limits | None:
        """Of one account, from what their `to_text` gave (empty at first); None where calls cost nothing."""

    def open(
        self,
        address: str,
        key: Secret,
        *,
        fallback_requester: str = "",
        budget: Budget | None = None,
        urgent: bool = False,
    ) -> "Tracker":
        """The account behind a canonical address; asks nothing yet, and costs nothing to do again.

        `fallback_requester` is the e-mail of whoever stands in for people whom the desk does not know. Without a
        `budget` the kind keeps one of its own for each account. `urgent` is for what a person waits for.
        Raises DeskAddressNotUsable.
        """


class Tracker(Protocol):
    """One desk account. It translates and decides nothing.

    Raises RemoteUnavailable (also for 429, with `retry_after`), RemoteRefusedTicket (this ticket, with the desk's own
    field names in the text), RemoteRefusedUs (the key), RemoteGone (404 on a ticket or comment). A write that raised
    RemoteUnavailable may have happened: look before you repeat it. Texts in and out are CommonMark without raw HTML,
    choices are labels, times aware UTC.
    """

    @property
    def has_room(self) -> bool:
        """Whether calls are to spare for what can wait."""

    async def changed_since(self, since: datetime, page: str | None = None) -> Page:
        """Live tickets touched at or after `since`, in any order, one page of at most 100; `page` is a former `next`.
        Trashed and spam tickets are never listed, so absence means nothing."""

    async def tickets_since(self, since: datetime, page: str | None = None) -> TicketPage:
        """The same list with what it shows of each ticket: for previews and back-fills."""

    async def read(self, ticket_id: str) -> Ticket:
        """With all conversations and files, and with MORE fields. A trashed one is answered with its state; RemoteGone
        when it is nowhere."""

    async def create(self, new: NewTicket) -> Written:
        """Never makes a requester: without a known person the desk's fallback requester is used."""

    async def update(
        self, ticket_id: str, fields: Fields, files: tuple[Upload, ...] = (), marker_line: str = ""
    ) -> Written:
        """Writes exactly these fields (tags whole) and adds these files; one call. `marker_line` stands last in a
        description that is written, so that our copy can still be told by it. Custom fields go by name or label,
        people by e-mail, groups and departments by name; whoever or whatever the desk does not know is refused, and
        never guessed."""

    async def add_comment(
        self,
        ticket_id: str,
        text: str,
        marker_line: str,
        files: tuple[Upload, ...] = (),
        *,
        is_public: bool = True,
    ) -> CommentWritten:
        """A note, which only the desk's agents see unless it is public; the line stands last in it."""

    async def edit_comment(
        self, ticket_id: str, comment_id: str, text: str, marker_line: str, *, is_public: bool | None = None
    ) -> CommentWritten:
        """Who may see a comment cannot be changed: where `is_public` is said and it stands otherwise, VisibilityStays
        is raised (add it anew, and remove this one). Nothing is written then, unless it is a text for all in a note
        that few see."""

    async def remove_comment(self, ticket_id: str, comment_id: str) -> None:
        """Gone already is fine. Raises RemoteRefusedTicket where the desk keeps comments."""

    def url_of(self, ticket_id: str) -> str:
        """Where people open it."""

    async def find_marked(self, marker: str, since: datetime) -> Sighting | None:
        """The ticket that carries our marker, among those created since: so a create whose answer was lost is found."""

    def download(self, ticket_id: str, file: FileRef) -> AsyncIterator[bytes]:
        """The file's bytes in pieces, from a fresh link; the key goes to no other host."""

    async def facts(self) -> DeskFacts:
        """Its form: fields, choices, what is required; kept for some minutes, read anew after the desk refused a
        value."""

    async def person_by_email(self, email: str) -> Person | None:
        """Agents and requesters alike."""

    async def people_by_name(self, name: str) -> tuple[Person, ...]:
        """All who are called exactly so, in any case of letters; agents first. Whom to take, the caller decides."""

    async def http(
        self, method: str, path: str, query: Mapping[str, str] = NO_QUERY, body: object = None
    ) -> HttpAnswer:
        """A rule's own call to this very desk. `path` is relative to it; `body` is JSON, or a text that is sent as
        JSON. Whatever status comes back is an answer, but 429 (RemoteUnavailable). Redirects are not followed.

        Raises CallNotAllowed for a path, method or body that may not be, and for an answer over 2 MB; RemoteUnavailable
        when none came within 30 seconds: a write may have happened then.
        """
