"""How far desks were read and which tickets are wanted, in memory; methods do what their namesakes in storage/ say."""

from collections.abc import Sequence
from datetime import datetime

from storage.blobs import joined
from storage.memory.rows import Moment, Piece, Wish
from storage.memory.session import MemorySession
from storage.wanted import ASKED_KINDS
from storage.watching import is_news
from sync.backfill import Backfill
from sync.intent import Cursor, Scope
from sync.ticket import Sighting


class Sightings:
    def __init__(self, session: MemorySession) -> None:
        self._session = session

    def differing(self, desk_id: str, sightings: Sequence[Sighting]) -> tuple[Sighting, ...]:
        return tuple(one for one in sightings if is_news(one, self._last_seen(desk_id, one.ticket_id)))

    def _last_seen(self, desk_id: str, ticket_id: str) -> tuple[datetime, str] | None:
        last = self._session.rows.sightings.rows.get((desk_id, ticket_id))
        return None if last is None else (last.version, last.digest)

    def find(self, desk_id: str, ticket_id: str) -> Sighting | None:
        return self._session.rows.sightings.get((desk_id, ticket_id))

    def put(self, desk_id: str, sightings: Sequence[Sighting]) -> None:
        for sighting in sightings:
            self._session.rows.sightings.put((desk_id, sighting.ticket_id), sighting)

    def prune(self, desk_id: str, before: datetime) -> None:
        rows = self._session.rows
        for sighting in rows.sightings.found(rows.sightings_of, desk_id):
            if sighting.version < before:
                rows.sightings.remove((desk_id, sighting.ticket_id))


class Cursors:
    def __init__(self, session: MemorySession) -> None:
        self._session = session

    def find(self, desk_id: str) -> Cursor | None:
        return self._session.rows.cursors.get(desk_id)

    def put(self, desk_id: str, cursor: Cursor) -> None:
        self._session.rows.cursors.put(desk_id, cursor)


class Hooks:
    def __init__(self, session: MemorySession) -> None:
        self._session = session

    def put(self, desk_id: str, token_hash: bytes) -> None:
        self._session.rows.hooks.put(desk_id, token_hash)

    def find(self, desk_id: str) -> bytes | None:
        return self._session.rows.hooks.get(desk_id)


class Scopes:
    def __init__(self, session: MemorySession) -> None:
        self._session = session

    def find(self, connection_id: str) -> Scope | None:
        return self._session.rows.scopes.get(connection_id)

    def put(self, connection_id: str, scope: Scope) -> None:
        self._session.rows.scopes.put(connection_id, scope)

    def remove(self, connection_id: str) -> None:
        self._session.rows.scopes.remove(connection_id)


class Backfills:
    def __init__(self, session: MemorySession) -> None:
        self._session = session

    def find(self, connection_id: str) -> Backfill | None:
        return self._session.rows.backfills.get(connection_id)

    def put(self, connection_id: str, backfill: Backfill) -> None:
        self._session.rows.backfills.put(connection_id, backfill)

    def remove(self, connection_id: str) -> None:
        self._session.rows.backfills.remove(connection_id)


class Asked:
    def __init__(self, session: MemorySession) -> None:
        self._session = session

    def put(self, connection_id: str, our_ticket: str, kind: str, by: str) -> None:
        assert kind in ASKED_KINDS, kind
        self._session.rows.asked.put((connection_id, our_ticket), Wish(kind, by))

    def find(self, connection_id: str, our_ticket: str) -> str | None:
        wish = self._session.rows.asked.get((connection_id, our_ticket))
        return None if wish is None else wish.kind

    def among(self, connection_id: str, our_tickets: Sequence[str]) -> dict[str, str]:
        found = ((ticket, self.find(connection_id, ticket)) for ticket in our_tickets)
        return {ticket: kind for ticket, kind in found if kind is not None}

    def remove(self, connection_id: str, our_ticket: str) -> None:
        self._session.rows.asked.remove((connection_id, our_ticket))

    def count(self, connection_id: str, kind: str) -> int:
        rows = self._session.rows
        return sum(wish.kind == kind for wish in rows.asked.found(rows.asked_of, connection_id))


class Blobs:
    def __init__(self, session: MemorySession) -> None:
        self._session = session

    def put(self, connection_id: str, their_ticket: str, file_id: str, offset: int, size: int, data: bytes) -> None:
        self._session.rows.blobs.put((connection_id, file_id, offset), Piece(offset, size, data, self._session.now))

    def whole(self, connection_id: str, file_id: str) -> bytes | None:
        rows = self._session.rows
        pieces = rows.blobs.found(rows.blobs_of, (connection_id, file_id))
        return joined(sorted((piece.offset, piece.size, piece.data) for piece in pieces))

    def forget(self, connection_id: str, file_id: str) -> None:
        rows = self._session.rows
        for key in tuple(rows.blobs_of.get((connection_id, file_id), ())):
            rows.blobs.remove(key)


class Moments:
    def __init__(self, session: MemorySession) -> None:
        self._session = session

    def add(self, connection_id: str, kind: str, key: str, at: datetime) -> None:
        self._session.rows.moments.add(self._session.next_number(), Moment(connection_id, kind, key, at))

    def count(self, connection_id: str, kind: str, key: str | None, since: datetime) -> int:
        rows = self._session.rows
        found = rows.moments.found(rows.moments_of, (connection_id, kind))
        return sum(moment.at > since and key in (None, moment.key) for moment in found)
