"""What waits for a person, and what both sides changed."""

from sqlalchemy import bindparam, delete, func, select, update

from storage.columns import columns_of, value_of
from storage.sessions import OrganisationSession
from storage.ticket_tables import DisagreementRow, ParkedRow
from sync.intent import SKIPPED, Disagreement, ParkedUpdate

_WAITS = ParkedRow.code != SKIPPED
_NEWEST = (
    select(ParkedRow).where(_WAITS).order_by(ParkedRow.parked_at.desc(), ParkedRow.seq.desc()).limit(bindparam("most"))
)
_NEWEST_OF_CONNECTION = _NEWEST.where(ParkedRow.connection_id == bindparam("connection_id"))
_PARKED = select(ParkedRow).where(
    ParkedRow.connection_id == bindparam("connection_id"), ParkedRow.envelope_id == bindparam("envelope_id")
)
_OF_TICKET = (
    select(ParkedRow)
    .where(ParkedRow.connection_id == bindparam("connection_id"), ParkedRow.their_ticket == bindparam("their_ticket"))
    .order_by(ParkedRow.seq)
)
_COUNTS = select(ParkedRow.connection_id, func.count(ParkedRow.seq)).where(_WAITS).group_by(ParkedRow.connection_id)
_SAME_ENVELOPE = ("organisation_id", "connection_id", "envelope_id")
_REPLACED = ("their_ticket", "shown", "code", "text", "parked_at")

_DISAGREEMENT = select(DisagreementRow).where(DisagreementRow.id == bindparam("id"))
_RECENT = (
    select(DisagreementRow)
    .where(DisagreementRow.connection_id == bindparam("connection_id"))
    .order_by(DisagreementRow.seq.desc())
    .limit(bindparam("most"))
)


class Parked:
    def __init__(self, session: OrganisationSession) -> None:
        self._session = session

    def add(self, parked: ParkedUpdate) -> None:
        """Parked again, the newer reason stands. Raises RowConflict when there is no such connection."""
        self._session.upsert(ParkedRow, [columns_of(parked)], unique=_SAME_ENVELOPE, replace=_REPLACED)

    def all(self, connection_id: str | None = None, limit: int = 50) -> tuple[ParkedUpdate, ...]:
        """Newest first, of one connection or of all; without what was skipped."""
        if connection_id is None:
            rows = self._session.rows(_NEWEST, {"most": limit})
        else:
            rows = self._session.rows(_NEWEST_OF_CONNECTION, {"connection_id": connection_id, "most": limit})
        return tuple(value_of(ParkedUpdate, row) for row in rows)

    def find(self, connection_id: str, envelope_id: str) -> ParkedUpdate | None:
        """In `Store.run` it is locked: of two people who settle it at once, the second one finds nothing."""
        row = self._session.row(_PARKED, connection_id=connection_id, envelope_id=envelope_id)
        return None if row is None else value_of(ParkedUpdate, row)

    def of_ticket(self, connection_id: str, their_ticket: str) -> tuple[ParkedUpdate, ...]:
        """Oldest first."""
        parameters = {"connection_id": connection_id, "their_ticket": their_ticket}
        return tuple(value_of(ParkedUpdate, row) for row in self._session.rows(_OF_TICKET, parameters))

    def remove(self, connection_id: str, envelope_id: str) -> None:
        """Raises RowGone."""
        self._session.change_one(
            delete(ParkedRow).where(ParkedRow.connection_id == connection_id, ParkedRow.envelope_id == envelope_id)
        )

    def count(self) -> dict[str, int]:
        """By connection id; a connection of which nothing is parked is left out."""
        return dict(self._session.rows(_COUNTS).all())


class Disagreements:
    def __init__(self, session: OrganisationSession) -> None:
        self._session = session

    def add(self, disagreement: Disagreement) -> None:
        """Raises RowConflict when it was told already, or there is no such link."""
        self._session.insert(DisagreementRow, columns_of(disagreement))

    def find(self, disagreement_id: str) -> Disagreement | None:
        row = self._session.row(_DISAGREEMENT, id=disagreement_id)
        return None if row is None else value_of(Disagreement, row)

    def recent(self, connection_id: str, limit: int) -> tuple[Disagreement, ...]:
        """Newest first."""
        rows = self._session.rows(_RECENT, {"connection_id": connection_id, "most": limit})
        return tuple(value_of(Disagreement, row) for row in rows)

    def save(self, disagreement: Disagreement) -> None:
        """Raises RowGone."""
        self._session.change_one(
            update(DisagreementRow).where(DisagreementRow.id == disagreement.id).values({**columns_of(disagreement)})
        )
