"""Envelopes and nonces in memory; each method does what its namesake in storage/ says."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain, islice
from operator import attrgetter

from storage.envelopes import SETTLED
from storage.errors import RowGone
from storage.memory.rows import Arrived, Sent
from storage.memory.session import MemorySession
from sync.envelope import Envelope, Stream

_number = attrgetter("number")


class Outbox:
    def __init__(self, session: MemorySession) -> None:
        self._session = session

    def add(self, connection_id: str, envelope: Envelope) -> None:
        _must_be_there(self._session, connection_id)
        sent = Sent(self._session.next_number(), connection_id, envelope, len(envelope.body.encode()))
        self._session.rows.outbox.add(envelope.id, sent)

    def batch(
        self, connection_id: str, *, limit: int = 100, control_only: bool = False, max_bytes: int
    ) -> tuple[tuple[Envelope, ...], bool]:
        waiting = self._waiting(connection_id, limit + 1, control_only=control_only)
        batch: list[Envelope] = []
        room = max_bytes
        for sent in waiting[:limit]:
            if batch and sent.size > room:
                break
            room -= sent.size
            batch.append(sent.envelope)
        return tuple(batch), len(waiting) > len(batch)

    def ack(self, connection_id: str, ids: Sequence[str]) -> int:
        outbox = self._session.rows.outbox
        there = (outbox.get(envelope_id) for envelope_id in dict.fromkeys(ids))
        acked = [sent for sent in there if sent is not None and sent.connection_id == connection_id]
        return sum(outbox.remove(sent.envelope.id) for sent in acked)

    def count(self, connection_id: str) -> int:
        return len(self._session.rows.outbox_of.get(connection_id, ()))

    def counts(self) -> dict[str, int]:
        return {str(connection_id): len(keys) for connection_id, keys in self._session.rows.outbox_of.items()}

    def clear(self, connection_id: str) -> None:
        for key in tuple(self._session.rows.outbox_of.get(connection_id, ())):
            self._session.rows.outbox.remove(key)

    def _waiting(self, connection_id: str, most: int, *, control_only: bool) -> list[Sent]:
        rows = self._session.rows
        streams = (Stream.CONTROL,) if control_only else (Stream.CONTROL, Stream.TICKET)
        found = (sorted(rows.outbox.found(rows.queues, (connection_id, stream)), key=_number) for stream in streams)
        return list(islice(chain.from_iterable(found), most))


class Inbox:
    def __init__(self, session: MemorySession) -> None:
        self._session = session

    def store(self, connection_id: str, envelopes: Sequence[Envelope]) -> tuple[Envelope, ...]:
        _must_be_there(self._session, connection_id)
        inbox, now = self._session.rows.inbox, self._session.now
        fresh: list[Envelope] = []
        for envelope in envelopes:
            key = (connection_id, envelope.id)
            if inbox.get(key) is None:
                inbox.add(key, Arrived(self._session.next_number(), connection_id, envelope, now))
                fresh.append(envelope)
        return tuple(fresh)

    def unprocessed(self, connection_id: str) -> int:
        return sum(len(self._session.rows.received.get((connection_id, stream), ())) for stream in Stream)

    def next(self, connection_id: str, stream: Stream, limit: int) -> tuple[Envelope, ...]:
        rows = self._session.rows
        found = rows.inbox.found(rows.received, (connection_id, stream))
        return tuple(arrived.envelope for arrived in sorted(found, key=_number)[:limit])

    def of_ticket(self, connection_id: str, their_ticket: str, limit: int) -> tuple[Envelope, ...]:
        rows = self._session.rows
        found = rows.inbox.found(rows.received_of_ticket, (connection_id, their_ticket))
        return tuple(arrived.envelope for arrived in sorted(found, key=_number)[:limit])

    def received_at(self, connection_id: str, envelope_id: str) -> datetime:
        arrived = self._session.rows.inbox.get((connection_id, envelope_id))
        if arrived is None:
            raise RowGone("There is no such row (any more).")
        return arrived.received_at

    def has_more(self, connection_id: str, their_ticket: str) -> bool:
        rows = self._session.rows
        return bool(rows.inbox.found(rows.received_of_ticket, (connection_id, their_ticket)))

    def tickets_waiting(self, connection_id: str) -> tuple[str, ...]:
        rows = self._session.rows
        found = sorted(rows.inbox.found(rows.received, (connection_id, Stream.TICKET)), key=_number)
        tickets = dict.fromkeys(arrived.envelope.ticket for arrived in found)
        return tuple(ticket for ticket in tickets if ticket is not None)

    def settle(self, connection_id: str, envelope_id: str, state: str) -> None:
        assert state in SETTLED, state
        inbox = self._session.rows.inbox
        arrived = inbox.get((connection_id, envelope_id))
        if arrived is None:
            raise RowGone("There is no such row (any more).")
        inbox.put((connection_id, envelope_id), replace(arrived, state=state, settled_at=self._session.now))

    def unacked(self, connection_id: str, limit: int = 500) -> tuple[str, ...]:
        rows = self._session.rows
        found = sorted(rows.inbox.found(rows.unconfirmed, connection_id), key=_number)[:limit]
        return tuple(arrived.envelope.id for arrived in found)

    def confirm(self, connection_id: str, ids: Sequence[str]) -> None:
        inbox = self._session.rows.inbox
        for envelope_id in ids:
            arrived = inbox.get((connection_id, envelope_id))
            if arrived is not None:
                inbox.put((connection_id, envelope_id), replace(arrived, is_confirmed=True))


class Nonces:
    def __init__(self, session: MemorySession) -> None:
        self._session = session

    def add(self, connection_id: str, nonce: str, expires_at: datetime) -> bool:
        nonces = self._session.rows.nonces
        if nonces.get((connection_id, nonce)) is not None:
            return False
        nonces.add((connection_id, nonce), expires_at)
        return True


def _must_be_there(session: MemorySession, connection_id: str) -> None:
    if session.rows.connections.get(connection_id) is None:
        raise RowGone("There is no such connection (any more).")
