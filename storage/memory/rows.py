"""All rows of one organisation, each kind by its key, and what of them is looked up from outside it."""

from dataclasses import dataclass, field
from datetime import datetime

from pairing.connection import Connection, ConnectionState
from pairing.invitation import Invitation
from pairing.notice import Notice
from storage.audit import AuditEntry
from storage.memory.tables import Journal, Table, Unique
from sync.backfill import Backfill
from sync.desk import Desk
from sync.envelope import Envelope, Stream
from sync.intent import Cursor, Disagreement, Intent, ParkedUpdate, Scope
from sync.link import Link, LinkState, Trace
from sync.rule import RuleVersion
from sync.ticket import Sighting

RECEIVED = "received"


@dataclass(frozen=True, slots=True)
class HeldDesk:
    desk: Desk
    is_removed: bool = False


@dataclass(frozen=True, slots=True)
class HeldConnection:
    connection: Connection
    moved_at: datetime


@dataclass(frozen=True, slots=True)
class Sent:
    number: int
    connection_id: str
    envelope: Envelope
    size: int


@dataclass(frozen=True, slots=True)
class Arrived:
    number: int
    connection_id: str
    envelope: Envelope
    received_at: datetime
    state: str = RECEIVED
    is_confirmed: bool = False
    settled_at: datetime | None = None
    has_body: bool = True


@dataclass(frozen=True, slots=True)
class Hidden:
    secret: bytes = field(repr=False)
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Due:
    number: int
    notice: Notice
    at: datetime


@dataclass(frozen=True, slots=True)
class Numbered:
    """A trace, a parked update or a disagreement in the order in which it came."""

    number: int


@dataclass(frozen=True, slots=True)
class HeldTrace(Numbered):
    trace: Trace


@dataclass(frozen=True, slots=True)
class HeldParked(Numbered):
    parked: ParkedUpdate


@dataclass(frozen=True, slots=True)
class HeldDisagreement(Numbered):
    disagreement: Disagreement


@dataclass(frozen=True, slots=True)
class Wish:
    kind: str
    by: str


@dataclass(frozen=True, slots=True)
class Piece:
    offset: int
    size: int
    data: bytes = field(repr=False)
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Moment:
    connection_id: str
    kind: str
    key: str
    at: datetime


class Shared:
    """What is unique over all organisations, because strangers look up by it."""

    def __init__(self) -> None:
        self.sides = Unique[HeldConnection]()
        self.tokens = Unique[Invitation]()
        self.hooks = Unique[bytes]()


class Rows:
    """Keys are ids, or tuples where a comment says so."""

    def __init__(self, journal: Journal, organisation_id: str, shared: Shared) -> None:
        self.journal = journal
        self._organisation_id = organisation_id
        self._make_pairing(shared)
        self._make_envelopes()
        self._make_notes()
        self._make_tickets()
        self._make_desk_sights(shared)
        self._make_wishes()

    def _table(self) -> Table:  # type: ignore[type-arg]
        return Table(self.journal, self._organisation_id)

    def _make_pairing(self, shared: Shared) -> None:
        self.desks: Table[HeldDesk] = self._table()
        self.desk_names = self.desks.unique(lambda _, row: None if row.is_removed else row.desk.short_name)
        self.connections: Table[HeldConnection] = self._table()
        self.connections.belongs_to(self.desks, lambda _, row: row.connection.desk_id)
        self.names = self.connections.unique(
            lambda _, row: None if row.connection.state is ConnectionState.CLOSED else row.connection.name
        )
        self.connections.unique(lambda _, row: row.connection.our_id, shared.sides)
        self.invitations: Table[Invitation] = self._table()
        self.invitations_of = self.invitations.belongs_to(self.connections, lambda _, row: row.connection_id)
        self.invitations.unique(lambda _, row: row.token_hash, shared.tokens)

    def _make_envelopes(self) -> None:
        self.outbox: Table[Sent] = self._table()
        self.outbox_of = self.outbox.belongs_to(self.connections, lambda _, row: row.connection_id)
        self.queues = self.outbox.index(lambda _, row: (row.connection_id, row.envelope.stream))
        self.inbox: Table[Arrived] = self._table()  # connection, envelope
        self.inbox.belongs_to(self.connections, lambda key, _: key[0])
        self.received = self.inbox.index(
            lambda _, row: (row.connection_id, row.envelope.stream) if row.state == RECEIVED else None
        )
        self.received_of_ticket = self.inbox.index(
            lambda _, row: (row.connection_id, row.envelope.ticket) if _waits_for_its_ticket(row) else None
        )
        self.unconfirmed = self.inbox.index(lambda _, row: None if row.is_confirmed else row.connection_id)
        self.nonces: Table[datetime] = self._table()  # connection, nonce
        self.nonces.belongs_to(self.connections, lambda key, _: key[0])

    def _make_notes(self) -> None:
        self.secrets: Table[Hidden] = self._table()  # kind, ref
        self.audit: Table[AuditEntry] = self._table()
        self.notices: Table[Due] = self._table()
        self.notices.belongs_to(self.connections, lambda _, row: row.notice.connection_id)
        self.cards: Table[tuple[str, str]] = self._table()  # connection, purpose
        self.cards.belongs_to(self.connections, lambda key, _: key[0])
        self.homes: Table[datetime] = self._table()

    def _make_tickets(self) -> None:
        self.links: Table[Link] = self._table()
        self.links.belongs_to(self.connections, lambda _, row: row.connection_id)
        self.ours = self.links.unique(lambda _, row: _pair(row.connection_id, row.our_ticket))
        self.theirs = self.links.unique(lambda _, row: _pair(row.connection_id, row.their_ticket))
        self.linked = self.links.index(lambda _, row: row.connection_id if row.state is LinkState.LINKED else None)
        self.unlooked = self.links.index(
            lambda _, row: row.connection_id if row.unlooked_since and row.state is LinkState.LINKED else None
        )
        self.traces: Table[HeldTrace] = self._table()  # link, kind, from us, ref
        self.traces_of = self.traces.belongs_to(self.links, lambda _, row: row.trace.link_id)
        self.intents: Table[Intent] = self._table()
        self.intents.belongs_to(self.connections, lambda _, row: row.connection_id)
        self.intents_of = self.intents.belongs_to(self.links, lambda _, row: row.link_id)
        self.intents_of_envelope = self.intents.index(lambda _, row: (row.connection_id, row.envelope_id))
        self.parked: Table[HeldParked] = self._table()  # connection, envelope
        self.parked_of = self.parked.belongs_to(self.connections, lambda key, _: key[0])
        self.disagreements: Table[HeldDisagreement] = self._table()
        self.disagreements_of = self.disagreements.belongs_to(
            self.connections, lambda _, row: row.disagreement.connection_id
        )
        self.disagreements.belongs_to(self.links, lambda _, row: row.disagreement.link_id)

    def _make_desk_sights(self, shared: Shared) -> None:
        self.sightings: Table[Sighting] = self._table()  # desk, ticket
        self.sightings_of = self.sightings.belongs_to(self.desks, lambda key, _: key[0])
        self.cursors: Table[Cursor] = self._table()
        self.cursors.belongs_to(self.desks, lambda key, _: key)
        self.hooks: Table[bytes] = self._table()
        self.hooks.belongs_to(self.desks, lambda key, _: key)
        self.hooks.unique(lambda _, row: row, shared.hooks)

    def _make_wishes(self) -> None:
        self.scopes: Table[Scope] = self._table()
        self.scopes.belongs_to(self.connections, lambda key, _: key)
        self.backfills: Table[Backfill] = self._table()
        self.backfills.belongs_to(self.connections, lambda key, _: key)
        self.asked: Table[Wish] = self._table()  # connection, ticket
        self.asked_of = self.asked.belongs_to(self.connections, lambda key, _: key[0])
        self.rules: Table[RuleVersion] = self._table()  # connection, side, number
        self.rules.belongs_to(self.connections, lambda key, _: key[0])
        self.rules_of = self.rules.index(lambda key, _: key[:2])
        self.may_call: Table[bool] = self._table()
        self.may_call.belongs_to(self.connections, lambda key, _: key)
        self.blobs: Table[Piece] = self._table()  # connection, file, offset
        self.blobs.belongs_to(self.connections, lambda key, _: key[0])
        self.blobs_of = self.blobs.index(lambda key, _: key[:2])
        self.moments: Table[Moment] = self._table()
        self.moments.belongs_to(self.connections, lambda _, row: row.connection_id)
        self.moments_of = self.moments.index(lambda _, row: (row.connection_id, row.kind))


def _waits_for_its_ticket(row: Arrived) -> bool:
    return row.state == RECEIVED and row.envelope.stream is Stream.TICKET and row.envelope.ticket is not None


def _pair(connection_id: str, ticket: str | None) -> tuple[str, str] | None:
    return None if ticket is None else (connection_id, ticket)
