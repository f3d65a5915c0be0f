"""Pairs of tickets, and what of each stands at both sides.

Nothing here is locked: a link is saved by its revision, and the rest changes only together with its link.
"""

from collections.abc import Sequence
from dataclasses import fields

from sqlalchemy import bindparam, delete, func, select, update

from storage.columns import columns_of, value_of
from storage.errors import RowGone
from storage.sessions import OrganisationSession
from storage.ticket_tables import LinkRow, TraceRow
from sync.errors import RemoteConflict
from sync.link import Link, LinkState, Trace

_OF_CONNECTION = select(LinkRow).where(LinkRow.connection_id == bindparam("connection_id"))
_BY_ID = select(LinkRow).where(LinkRow.id == bindparam("id"))
_BY_OURS = _OF_CONNECTION.where(LinkRow.our_ticket == bindparam("our_ticket"))
_BY_THEIRS = _OF_CONNECTION.where(LinkRow.their_ticket == bindparam("their_ticket"))
_AMONG = _OF_CONNECTION.where(LinkRow.our_ticket.in_(bindparam("our_tickets", expanding=True)))
_AFTER = (
    _OF_CONNECTION.where(LinkRow.state == LinkState.LINKED, LinkRow.id > bindparam("after"))
    .order_by(LinkRow.id)
    .limit(bindparam("most"))
)
_UNLOOKED = (
    _OF_CONNECTION.where(LinkRow.state == LinkState.LINKED, LinkRow.unlooked_since.is_not(None))
    .order_by(LinkRow.unlooked_since, LinkRow.id)
    .limit(bindparam("most"))
)
_COUNT = select(func.count(LinkRow.id)).where(
    LinkRow.connection_id == bindparam("connection_id"), LinkRow.state == LinkState.LINKED
)
_SAVED = tuple(field.name for field in fields(Link) if field.name not in ("id", "connection_id"))
_SAVE = (
    update(LinkRow)
    .where(LinkRow.id == bindparam("which"), LinkRow.revision == bindparam("known"))
    .values({name: bindparam(f"new_{name}") for name in _SAVED})
)

_TRACES = select(TraceRow).where(TraceRow.link_id == bindparam("link_id")).order_by(TraceRow.seq)
_SAME_TRACE = ("organisation_id", "link_id", "kind", "from_us", "ref")
_REPLACED = ("our_id", "their_id", "digest", "missing", "marker")


class Links:
    """One pair for each of our tickets and each of theirs on a connection, cut ones included."""

    def __init__(self, session: OrganisationSession) -> None:
        self._session = session

    def by_id(self, link_id: str) -> Link:
        """Raises RowGone."""
        row = self._session.look(_BY_ID, id=link_id)
        if row is None:
            raise RowGone("There is no such pair of tickets (any more).")
        return value_of(Link, row)

    def by_ours(self, connection_id: str, our_ticket: str) -> Link | None:
        row = self._session.look(_BY_OURS, connection_id=connection_id, our_ticket=our_ticket)
        return None if row is None else value_of(Link, row)

    def by_theirs(self, connection_id: str, their_ticket: str) -> Link | None:
        row = self._session.look(_BY_THEIRS, connection_id=connection_id, their_ticket=their_ticket)
        return None if row is None else value_of(Link, row)

    def among(self, connection_id: str, our_tickets: Sequence[str]) -> dict[str, Link]:
        """By our ticket, those of the tickets that have a link, in whatever state."""
        rows = self._session.rows(_AMONG, {"connection_id": connection_id, "our_tickets": list(our_tickets)})
        return {str(row.our_ticket): value_of(Link, row) for row in rows}

    def after(self, connection_id: str, link_id: str, limit: int) -> tuple[Link, ...]:
        """Linked ones by id, from the one behind `link_id` ("" for the first)."""
        rows = self._session.rows(_AFTER, {"connection_id": connection_id, "after": link_id, "most": limit})
        return tuple(value_of(Link, row) for row in rows)

    def unlooked(self, connection_id: str, limit: int) -> tuple[Link, ...]:
        """Linked ones whose look was put off, longest first."""
        rows = self._session.rows(_UNLOOKED, {"connection_id": connection_id, "most": limit})
        return tuple(value_of(Link, row) for row in rows)

    def count(self, connection_id: str) -> int:
        """How many are linked."""
        return self._session.values(_COUNT, {"connection_id": connection_id}).one()

    def add(self, link: Link) -> None:
        """Raises RowConflict when one of the two tickets has a link, or there is no such connection."""
        self._session.insert(LinkRow, columns_of(link))

    def save(self, link: Link) -> None:
        """Its revision grows by one. Raises RemoteConflict when it was saved or removed since this one was read."""
        values = {f"new_{name}": getattr(link, name) for name in _SAVED}
        known = {"which": link.id, "known": link.revision, "new_revision": link.revision + 1}
        if not self._session.change(_SAVE, {**values, **known}):
            raise RemoteConflict("The pair of tickets was changed by somebody else: read it and decide again.")

    def remove(self, link_id: str) -> None:
        """With its traces, intents and disagreements. Raises RowGone."""
        self._session.change_one(delete(LinkRow).where(LinkRow.id == link_id))


class Traces:
    """A trace is the same when link, kind, side and the id at the side that wrote it are."""

    def __init__(self, session: OrganisationSession) -> None:
        self._session = session

    def of_link(self, link_id: str) -> tuple[Trace, ...]:
        """In the order in which they were first put."""
        return tuple(value_of(Trace, row) for row in self._session.rows(_TRACES, {"link_id": link_id}))

    def put(self, *traces: Trace) -> None:
        """Replaces those that are there. Raises RowConflict when a link is not there."""
        rows = [{**columns_of(trace), "ref": ref_of(trace)} for trace in traces]
        self._session.upsert(TraceRow, rows, unique=_SAME_TRACE, replace=_REPLACED)

    def forget(self, *traces: Trace) -> None:
        """Does nothing about those that are not there."""
        for trace in traces:
            self._session.change(
                delete(TraceRow).where(
                    TraceRow.link_id == trace.link_id,
                    TraceRow.kind == trace.kind,
                    TraceRow.from_us.is_(trace.from_us),
                    TraceRow.ref == ref_of(trace),
                )
            )


def ref_of(trace: Trace) -> str:
    """The id at the side that wrote it, which is known from the start."""
    ref = trace.our_id if trace.from_us else trace.their_id
    assert ref is not None, "a trace has the id of where it comes from"
    return ref
