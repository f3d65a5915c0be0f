"""What Slack still has to be told, saved with the change it reports."""

from datetime import datetime

from sqlalchemy import bindparam, delete, func, or_, select, update
from sqlalchemy.orm import aliased

from pairing.notice import Notice, NoticeKind
from storage.columns import columns_of, value_of
from storage.sessions import OrganisationSession
from storage.tables import NoticeRow

_HOME = aliased(NoticeRow)
_NEWEST_HOME = select(func.max(_HOME.seq)).where(_HOME.kind == NoticeKind.HOME).scalar_subquery()
_COUNTS = or_(NoticeRow.kind != NoticeKind.HOME, NoticeRow.seq == _NEWEST_HOME)
_NEXT_DUE = select(func.min(NoticeRow.due_at)).where(_COUNTS)
_DUE = (
    select(NoticeRow)
    .where(NoticeRow.due_at <= bindparam("now"))
    .where(_COUNTS)
    .order_by(NoticeRow.seq)
    .limit(bindparam("most"))
)
_BY_ID = select(NoticeRow).where(NoticeRow.id == bindparam("id"))


class Notices:
    """Several HOME notices count as one, the newest: publishing every Home once serves them all.

    The older ones go when the newest is done. One that is added while the Homes are being published is newer than the
    one being worked on, so the change that it reports is published too.
    """

    def __init__(self, session: OrganisationSession) -> None:
        self._session = session

    def add(self, notice: Notice) -> None:
        session = self._session
        session.insert(NoticeRow, {**columns_of(notice), "due_at": session.now})

    def due(self, limit: int) -> tuple[Notice, ...]:
        """Oldest first."""
        rows = self._session.rows(_DUE, {"now": self._session.now, "most": limit})
        return tuple(value_of(Notice, row) for row in rows)

    def next_due(self) -> datetime | None:
        """When the next one is due, which may be over; None when there is none."""
        return self._session.values(_NEXT_DUE).one()

    def done(self, notice_id: str) -> None:
        """Slack was told. Does nothing when the notice is gone already."""
        row = self._session.row(_BY_ID, id=notice_id)
        if row is None:
            return
        covered = NoticeRow.seq == row.seq
        if row.kind is NoticeKind.HOME:
            covered = (NoticeRow.kind == NoticeKind.HOME) & (NoticeRow.seq <= row.seq)
        self._session.change(delete(NoticeRow).where(covered))

    def later(self, notice_id: str, at: datetime) -> None:
        """One try failed; the next is due at `at`."""
        self._session.change(
            update(NoticeRow).where(NoticeRow.id == notice_id).values(due_at=at, tries=NoticeRow.tries + 1)
        )
