"""The desks of one organisation. A removed desk stays readable by its id, because closed connections still name it."""

from sqlalchemy import bindparam, delete, select, update

from storage.columns import columns_of, value_of
from storage.errors import RowGone
from storage.sessions import OrganisationSession
from storage.tables import DeskRow
from storage.ticket_tables import CursorRow, HookRow, SightingRow
from sync.desk import Desk

_EVER = select(DeskRow).where(DeskRow.id == bindparam("id"))
_BY_ID = _EVER.where(DeskRow.removed_at.is_(None))
_NAMED = select(DeskRow).where(DeskRow.short_name == bindparam("short_name"), DeskRow.removed_at.is_(None))
_ALL = select(DeskRow).where(DeskRow.removed_at.is_(None)).order_by(DeskRow.short_name)


class Desks:
    def __init__(self, session: OrganisationSession) -> None:
        self._session = session

    def add(self, desk: Desk) -> None:
        """Raises RowConflict when the short name is taken."""
        self._session.insert(DeskRow, columns_of(desk))

    def save(self, desk: Desk) -> None:
        """Raises RowGone."""
        # Without the key: SQLite would look through all that refers to it, everything that was seen at the desk.
        columns = {name: value for name, value in columns_of(desk).items() if name != "id"}
        self._session.change_one(
            update(DeskRow).where(DeskRow.id == desk.id, DeskRow.removed_at.is_(None)).values(columns)
        )

    def by_id(self, desk_id: str) -> Desk:
        """Also one that was removed. Raises RowGone."""
        row = self._session.row(_EVER, id=desk_id)
        if row is None:
            raise RowGone("There is no such desk (any more).")
        return value_of(Desk, row)

    def find(self, desk_id: str) -> Desk | None:
        """None when it was removed."""
        row = self._session.row(_BY_ID, id=desk_id)
        return None if row is None else value_of(Desk, row)

    def named(self, short_name: str) -> Desk | None:
        row = self._session.row(_NAMED, short_name=short_name)
        return None if row is None else value_of(Desk, row)

    def all(self) -> tuple[Desk, ...]:
        """By short name."""
        return tuple(value_of(Desk, row) for row in self._session.rows(_ALL))

    def remove(self, desk_id: str) -> None:
        """With what was seen of its tickets. Raises RowGone."""
        self._session.change_one(
            update(DeskRow)
            .where(DeskRow.id == desk_id, DeskRow.removed_at.is_(None))
            .values(removed_at=self._session.now)
        )
        for seen in (SightingRow, CursorRow, HookRow):
            self._session.change(delete(seen).where(seen.desk_id == desk_id))
