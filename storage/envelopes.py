"""Envelopes to send and envelopes received, in two streams a connection: control goes first, order holds in each."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update

from storage.errors import RowGone
from storage.sessions import OrganisationSession, locked
from storage.tables import ConnectionRow, InboxRow, OutboxRow
from sync.envelope import Envelope, Stream

_OF_CONNECTION = OutboxRow.connection_id == bindparam("connection_id")
# "control" comes before "ticket" in the alphabet, too, but nobody should have to know that.
_CONTROL_FIRST = (OutboxRow.stream != Stream.CONTROL, OutboxRow.seq)
_SIZES = select(OutboxRow.seq, OutboxRow.size).where(_OF_CONNECTION).order_by(*_CONTROL_FIRST).limit(bindparam("most"))
_CONTROL_SIZES = _SIZES.where(OutboxRow.stream == Stream.CONTROL)
_BODIES = select(OutboxRow).where(OutboxRow.seq.in_(bindparam("seqs", expanding=True))).order_by(*_CONTROL_FIRST)
_ACK = delete(OutboxRow).where(_OF_CONNECTION, OutboxRow.id.in_(bindparam("ids", expanding=True)))
_COUNT = select(func.count(OutboxRow.seq)).where(_OF_CONNECTION)
_COUNTS = select(OutboxRow.connection_id, func.count(OutboxRow.seq)).group_by(OutboxRow.connection_id)
_LOCK = locked(select(ConnectionRow.id).where(ConnectionRow.id == bindparam("id")))

_RECEIVED = "received"
_INBOX = InboxRow.connection_id == bindparam("connection_id")
_UNPROCESSED = select(func.count(InboxRow.seq)).where(_INBOX, InboxRow.state == _RECEIVED)
_NEXT = (
    select(InboxRow)
    .where(_INBOX, InboxRow.state == _RECEIVED, InboxRow.stream == bindparam("stream"))
    .order_by(InboxRow.seq)
    .limit(bindparam("most"))
)
_OF_TICKET = (
    select(InboxRow)
    .where(_INBOX, InboxRow.state == _RECEIVED, InboxRow.ticket == bindparam("ticket"))
    .where(InboxRow.stream == Stream.TICKET)
    .order_by(InboxRow.seq)
    .limit(bindparam("most"))
)
_RECEIVED_AT = select(InboxRow.received_at).where(_INBOX, InboxRow.id == bindparam("which"))
_MORE_OF_TICKET = _OF_TICKET.with_only_columns(InboxRow.seq)
_TICKETS = (
    select(InboxRow.ticket)
    .where(_INBOX, InboxRow.state == _RECEIVED, InboxRow.ticket.is_not(None))
    .where(InboxRow.stream == Stream.TICKET)
    .group_by(InboxRow.ticket)
    .order_by(func.min(InboxRow.seq))
)
_UNACKED = select(InboxRow.id).where(_INBOX, ~InboxRow.confirmed).order_by(InboxRow.seq).limit(bindparam("most"))
# A parameter that is named like a column would be written into it.
_CHANGED = update(InboxRow).where(InboxRow.connection_id == bindparam("of_connection"))
_SETTLE = _CHANGED.where(InboxRow.id == bindparam("which")).values(
    state=bindparam("new_state"), settled_at=bindparam("new_settled_at")
)
_CONFIRM = _CHANGED.where(InboxRow.id.in_(bindparam("ids", expanding=True))).values(confirmed=True)
SETTLED = ("done", "parked", "unsupported")


class Outbox:
    """What the partner has not acknowledged."""

    def __init__(self, session: OrganisationSession) -> None:
        self._session = session

    def add(self, connection_id: str, envelope: Envelope) -> None:
        """Raises RowGone when there is no such connection."""
        lock_connection(self._session, connection_id)
        size = len(envelope.body.encode())
        self._session.insert(OutboxRow, {**_columns_of(envelope), "connection_id": connection_id, "size": size})

    def batch(
        self, connection_id: str, *, limit: int = 100, control_only: bool = False, max_bytes: int
    ) -> tuple[tuple[Envelope, ...], bool]:
        """The oldest envelopes without a hole, control first, and whether more wait behind them.

        At most `limit`, with at most `max_bytes` of bodies; one that is larger by itself goes alone.
        """
        sizes = _CONTROL_SIZES if control_only else _SIZES
        waiting = self._session.rows(sizes, {"connection_id": connection_id, "most": limit + 1}).all()
        seqs: list[int] = []
        room = max_bytes
        for seq, size in waiting[:limit]:
            if seqs and size > room:
                break
            room -= size
            seqs.append(seq)
        if not seqs:
            return (), bool(waiting)
        rows = self._session.rows(_BODIES, {"seqs": seqs})
        return tuple(_envelope(row, row.body) for row in rows), len(waiting) > len(seqs)

    def ack(self, connection_id: str, ids: Sequence[str]) -> int:
        """Drops those that the partner has; how many were still here."""
        if not ids:
            return 0
        return self._session.change(_ACK, {"connection_id": connection_id, "ids": list(ids)})

    def count(self, connection_id: str) -> int:
        return self._session.values(_COUNT, {"connection_id": connection_id}).one()

    def counts(self) -> dict[str, int]:
        """By connection id; a connection with an empty outbox is left out."""
        return dict(self._session.rows(_COUNTS).all())

    def clear(self, connection_id: str) -> None:
        self._session.change(delete(OutboxRow).where(OutboxRow.connection_id == connection_id))


class Inbox:
    """What the partner sent: stored once, whatever arrives twice."""

    def __init__(self, session: OrganisationSession) -> None:
        self._session = session

    def store(self, connection_id: str, envelopes: Sequence[Envelope]) -> tuple[Envelope, ...]:
        """Those that are new, in the order given. Raises RowGone when there is no such connection."""
        lock_connection(self._session, connection_id)
        once: dict[str, Envelope] = {}
        for envelope in envelopes:
            once.setdefault(envelope.id, envelope)
        received = {"connection_id": connection_id, "received_at": self._session.now}
        stored = self._session.upsert(
            InboxRow,
            [{**received, **_columns_of(envelope)} for envelope in once.values()],
            unique=("organisation_id", "connection_id", "id"),
        )
        return tuple(envelope for envelope in once.values() if envelope.id in stored)

    def unprocessed(self, connection_id: str) -> int:
        return self._session.values(_UNPROCESSED, {"connection_id": connection_id}).one()

    def next(self, connection_id: str, stream: Stream, limit: int) -> tuple[Envelope, ...]:
        """The oldest that are not settled."""
        parameters = {"connection_id": connection_id, "stream": stream, "most": limit}
        return tuple(_envelope(row, row.body or "{}") for row in self._session.rows(_NEXT, parameters))

    def of_ticket(self, connection_id: str, their_ticket: str, limit: int) -> tuple[Envelope, ...]:
        """The oldest about this ticket of theirs that are not settled; control envelopes are not among them."""
        parameters = {"connection_id": connection_id, "ticket": their_ticket, "most": limit}
        return tuple(_envelope(row, row.body or "{}") for row in self._session.rows(_OF_TICKET, parameters))

    def received_at(self, connection_id: str, envelope_id: str) -> datetime:
        """When it was stored here. Raises RowGone."""
        found = self._session.values(_RECEIVED_AT, {"connection_id": connection_id, "which": envelope_id}).one_or_none()
        if found is None:
            raise RowGone("There is no such row (any more).")
        return found

    def has_more(self, connection_id: str, their_ticket: str) -> bool:
        """Whether anything about this ticket of theirs is not settled."""
        parameters = {"connection_id": connection_id, "ticket": their_ticket, "most": 1}
        return self._session.values(_MORE_OF_TICKET, parameters).one_or_none() is not None

    def tickets_waiting(self, connection_id: str) -> tuple[str, ...]:
        """Their tickets about which something is not settled; the one that waits longest comes first."""
        found = self._session.values(_TICKETS, {"connection_id": connection_id})
        return tuple(ticket for ticket in found if ticket is not None)

    def settle(self, connection_id: str, envelope_id: str, state: str) -> None:
        """`state` is "done", "parked" or "unsupported". Raises RowGone."""
        assert state in SETTLED, state
        which = {"of_connection": connection_id, "which": envelope_id}
        self._session.change_one(_SETTLE, {**which, "new_state": state, "new_settled_at": self._session.now})

    def unacked(self, connection_id: str, limit: int = 500) -> tuple[str, ...]:
        """Ids of which the partner does not know yet that they are stored, oldest first: for the side that dials."""
        return tuple(self._session.values(_UNACKED, {"connection_id": connection_id, "most": limit}))

    def confirm(self, connection_id: str, ids: Sequence[str]) -> None:
        """The partner knows now that these are stored."""
        if ids:
            self._session.change(_CONFIRM, {"of_connection": connection_id, "ids": list(ids)})


def lock_connection(session: OrganisationSession, connection_id: str) -> None:
    """Holds the connection until the commit, so that the order of numbers is the order of commits. Raises RowGone."""
    if session.values(_LOCK, {"id": connection_id}).one_or_none() is None:
        raise RowGone("There is no such connection (any more).")


def _columns_of(envelope: Envelope) -> dict[str, str | datetime | Stream | None]:
    return {
        "stream": envelope.stream,
        "id": envelope.id,
        "type": envelope.type,
        "at": envelope.at,
        "ticket": envelope.ticket,
        "peer": envelope.peer,
        "body": envelope.body,
    }


def _envelope(row: Any, body: str) -> Envelope:
    return Envelope(id=row.id, type=row.type, at=row.at, body=body, ticket=row.ticket, peer=row.peer)
