"""How far each desk was read, and how it tells us of changes by itself.

A desk's cursor changes under the lease of its poll lane, a sighting by whoever saw the ticket last: nothing is locked.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, select

from storage.columns import columns_of, value_of
from storage.sessions import OrganisationSession
from storage.ticket_tables import CursorRow, HookRow, SightingRow
from sync.intent import Cursor
from sync.ticket import Sighting

_LAST_SEEN = select(SightingRow.ticket_id, SightingRow.version, SightingRow.digest).where(
    SightingRow.desk_id == bindparam("desk_id"), SightingRow.ticket_id.in_(bindparam("ticket_ids", expanding=True))
)
_SIGHTING = select(SightingRow).where(
    SightingRow.desk_id == bindparam("desk_id"), SightingRow.ticket_id == bindparam("ticket_id")
)
_PRUNE = delete(SightingRow).where(
    SightingRow.desk_id == bindparam("desk_id"), SightingRow.version < bindparam("before")
)
_SAME_TICKET = ("organisation_id", "desk_id", "ticket_id")
_CURSOR = select(CursorRow).where(CursorRow.desk_id == bindparam("desk_id"))
_CURSOR_COLUMNS = ("high_water", "interval_seconds", "swept_at", "sweep_after", "looked_at")
_HOOK = select(HookRow.token_hash).where(HookRow.desk_id == bindparam("desk_id"))


class Sightings:
    def __init__(self, session: OrganisationSession) -> None:
        self._session = session

    def differing(self, desk_id: str, sightings: Sequence[Sighting]) -> tuple[Sighting, ...]:
        """Those of unknown tickets and those of another version or digest than the last one put, in the order given: a
        comment moves the version alone, and a second change within one second the digest alone. A list that lags behind
        shows an older version than the one that is known: that is no news."""
        if not sightings:
            return ()
        ids = [sighting.ticket_id for sighting in sightings]
        last_seen = self._session.rows(_LAST_SEEN, {"desk_id": desk_id, "ticket_ids": ids}).all()
        known = {ticket_id: (version, digest) for ticket_id, version, digest in last_seen}
        return tuple(one for one in sightings if is_news(one, known.get(one.ticket_id)))

    def find(self, desk_id: str, ticket_id: str) -> Sighting | None:
        """The last one put of this ticket."""
        row = self._session.look(_SIGHTING, desk_id=desk_id, ticket_id=ticket_id)
        return None if row is None else value_of(Sighting, row)

    def put(self, desk_id: str, sightings: Sequence[Sighting]) -> None:
        """Replaces what was known of these tickets. Raises RowConflict when there is no such desk."""
        rows = [{"desk_id": desk_id, **columns_of(sighting)} for sighting in sightings]
        self._session.upsert(SightingRow, rows, unique=_SAME_TICKET, replace=("version", "digest", "marker"))

    def prune(self, desk_id: str, before: datetime) -> None:
        """Forgets tickets whose version is older."""
        self._session.change(_PRUNE, {"desk_id": desk_id, "before": before})


def is_news(sighting: Sighting, known: tuple[datetime, str] | None) -> bool:
    """Beside the version and digest that were put last."""
    return known is None or (sighting.version >= known[0] and (sighting.version, sighting.digest) != known)


class Cursors:
    def __init__(self, session: OrganisationSession) -> None:
        self._session = session

    def find(self, desk_id: str) -> Cursor | None:
        row = self._session.look(_CURSOR, desk_id=desk_id)
        return None if row is None else value_of(Cursor, row)

    def put(self, desk_id: str, cursor: Cursor) -> None:
        """Raises RowConflict when there is no such desk."""
        row = {"desk_id": desk_id, **columns_of(cursor)}
        self._session.upsert(CursorRow, [row], unique=("organisation_id", "desk_id"), replace=_CURSOR_COLUMNS)


class Hooks:
    """A desk's token, by its hash of 32 bytes."""

    def __init__(self, session: OrganisationSession) -> None:
        self._session = session

    def put(self, desk_id: str, token_hash: bytes) -> None:
        """Replaces the desk's older token. Raises RowConflict when there is no such desk."""
        row = {"desk_id": desk_id, "token_hash": token_hash}
        self._session.upsert(HookRow, [row], unique=("organisation_id", "desk_id"), replace=("token_hash",))

    def find(self, desk_id: str) -> bytes | None:
        return self._session.values(_HOOK, {"desk_id": desk_id}).one_or_none()
