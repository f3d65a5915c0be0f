"""Which tickets a connection takes: by its scope, by a back-fill, or because a person asked for one."""

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, func, select

from storage.columns import columns_of, value_of
from storage.sessions import OrganisationSession
from storage.ticket_tables import AskedRow, BackfillRow, ScopeRow
from sync.backfill import Backfill
from sync.intent import Scope

_SAME_CONNECTION = ("organisation_id", "connection_id")
_SCOPE = select(ScopeRow).where(ScopeRow.connection_id == bindparam("connection_id"))
_BACKFILL = select(BackfillRow).where(BackfillRow.connection_id == bindparam("connection_id"))
_BACKFILL_COLUMNS = ("query", "since", "started_by", "started_at", "page", "found", "done", "ended_at", "is_stopped")
_THAT_TICKET = (AskedRow.connection_id == bindparam("connection_id"), AskedRow.our_ticket == bindparam("our_ticket"))
_ASKED = select(AskedRow.kind).where(*_THAT_TICKET)
_NOT_ASKED = delete(AskedRow).where(*_THAT_TICKET)
_ASKED_AMONG = select(AskedRow.our_ticket, AskedRow.kind).where(
    AskedRow.connection_id == bindparam("connection_id"),
    AskedRow.our_ticket.in_(bindparam("our_tickets", expanding=True)),
)
_ASKED_COUNT = select(func.count(AskedRow.our_ticket)).where(
    AskedRow.connection_id == bindparam("connection_id"), AskedRow.kind == bindparam("kind")
)
ASKED_KINDS = ("sync", "backfill")


class Scopes:
    def __init__(self, session: OrganisationSession) -> None:
        self._session = session

    def find(self, connection_id: str) -> Scope | None:
        row = self._session.look(_SCOPE, connection_id=connection_id)
        return None if row is None else value_of(Scope, row)

    def put(self, connection_id: str, scope: Scope) -> None:
        """Replaces the older one. Raises RowConflict when there is no such connection."""
        row = {"connection_id": connection_id, **columns_of(scope)}
        self._session.upsert(ScopeRow, [row], unique=_SAME_CONNECTION, replace=("query", "since"))

    def remove(self, connection_id: str) -> None:
        """Does nothing when there is none."""
        self._session.change(delete(ScopeRow).where(ScopeRow.connection_id == connection_id))


class Backfills:
    """The latest one of each connection, also when it is over."""

    def __init__(self, session: OrganisationSession) -> None:
        self._session = session

    def find(self, connection_id: str) -> Backfill | None:
        """In `Store.run` it is locked: those who count in it at once lose nothing."""
        row = self._session.row(_BACKFILL, connection_id=connection_id)
        return None if row is None else value_of(Backfill, row)

    def put(self, connection_id: str, backfill: Backfill) -> None:
        """Replaces the older one. Raises RowConflict when there is no such connection."""
        row = {**columns_of(backfill), "connection_id": connection_id}
        self._session.upsert(BackfillRow, [row], unique=_SAME_CONNECTION, replace=_BACKFILL_COLUMNS)

    def remove(self, connection_id: str) -> None:
        """Does nothing when there is none."""
        self._session.change(delete(BackfillRow).where(BackfillRow.connection_id == connection_id))


class Asked:
    """Tickets of ours that were asked for and not looked at since; `kind` is "sync" or "backfill"."""

    def __init__(self, session: OrganisationSession) -> None:
        self._session = session

    def put(self, connection_id: str, our_ticket: str, kind: str, by: str) -> None:
        """Asked for again, the newer kind stands. `by` is a Slack user. Raises RowConflict without the connection."""
        assert kind in ASKED_KINDS, kind
        asked = {"kind": kind, "by": by, "at": self._session.now}
        row = {"connection_id": connection_id, "our_ticket": our_ticket, **asked}
        self._session.upsert(AskedRow, [row], unique=(*_SAME_CONNECTION, "our_ticket"), replace=tuple(asked))

    def find(self, connection_id: str, our_ticket: str) -> str | None:
        """The kind."""
        parameters = {"connection_id": connection_id, "our_ticket": our_ticket}
        return self._session.values(_ASKED, parameters).one_or_none()

    def among(self, connection_id: str, our_tickets: Sequence[str]) -> dict[str, str]:
        """The kind of each of these that was asked for, in one question for all."""
        parameters = {"connection_id": connection_id, "our_tickets": list(our_tickets)}
        return dict(self._session.rows(_ASKED_AMONG, parameters).all())

    def remove(self, connection_id: str, our_ticket: str) -> None:
        """Does nothing when nobody asked."""
        self._session.change(_NOT_ASKED, {"connection_id": connection_id, "our_ticket": our_ticket})

    def count(self, connection_id: str, kind: str) -> int:
        return self._session.values(_ASKED_COUNT, {"connection_id": connection_id, "kind": kind}).one()
