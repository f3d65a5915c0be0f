"""The connections of one organisation."""

from dataclasses import fields

from sqlalchemy import bindparam, delete, select, update

from pairing.connection import OPEN_STATES, Connection, ConnectionState
from storage.columns import columns_of, value_of
from storage.errors import RowConflict, RowGone
from storage.sessions import OrganisationSession, locked
from storage.tables import ConnectionRow, DeskRow

_BY_ID = select(ConnectionRow).where(ConnectionRow.id == bindparam("id"))
_NAMED = select(ConnectionRow).where(
    ConnectionRow.name == bindparam("name"), ConnectionRow.state != ConnectionState.CLOSED
)
_ALL = select(ConnectionRow).order_by(ConnectionRow.name, ConnectionRow.created_at, ConnectionRow.id)
_OPEN_AT = _ALL.where(
    ConnectionRow.desk_id == bindparam("desk_id"),
    ConnectionRow.state.in_(OPEN_STATES),
)
_NAMES = select(ConnectionRow.name).where(ConnectionRow.state != ConnectionState.CLOSED)
_STATE = select(ConnectionRow.state).where(ConnectionRow.id == bindparam("id"))
# Without the key: SQLite would look through all that refers to it, every link of the connection.
_SAVED = tuple(field.name for field in fields(Connection) if field.name != "id")
_SAVE = (
    update(ConnectionRow)
    .where(ConnectionRow.id == bindparam("which"))
    .values({name: bindparam(f"new_{name}") for name in _SAVED})
)
_MOVED = _SAVE.values(moved_at=bindparam("new_moved_at"))
_DESK = select(DeskRow.id).where(DeskRow.id == bindparam("id"), DeskRow.removed_at.is_(None))


class Connections:
    """In `Store.run` a read locks its row until the commit, except those that list many."""

    def __init__(self, session: OrganisationSession) -> None:
        self._session = session

    def add(self, connection: Connection) -> None:
        """Raises RowConflict when the name is taken by one that is not closed, or the desk is not there."""
        session = self._session
        if session.values(locked(_DESK), {"id": connection.desk_id}).one_or_none() is None:
            raise RowConflict("A connection needs a desk of its own organisation.")
        session.insert(ConnectionRow, {**columns_of(connection), "moved_at": session.now})

    def save(self, connection: Connection) -> None:
        """Raises RowGone."""
        session = self._session
        state = session.values(locked(_STATE), {"id": connection.id}).one_or_none()
        if state is None:
            raise RowGone("There is no such connection (any more).")
        values = {"which": connection.id, **{f"new_{name}": getattr(connection, name) for name in _SAVED}}
        if state is connection.state:
            session.change(_SAVE, values)
        else:
            session.change(_MOVED, {**values, "new_moved_at": session.now})

    def by_id(self, connection_id: str) -> Connection:
        """Raises RowGone."""
        found = self.find(connection_id)
        if found is None:
            raise RowGone("There is no such connection (any more).")
        return found

    def find(self, connection_id: str) -> Connection | None:
        row = self._session.row(_BY_ID, id=connection_id)
        return None if row is None else value_of(Connection, row)

    def named(self, name: str) -> Connection | None:
        """The one of this name that is not closed."""
        row = self._session.row(_NAMED, name=name)
        return None if row is None else value_of(Connection, row)

    def all(self) -> tuple[Connection, ...]:
        """By name, closed ones too; several closed ones of one name oldest first."""
        return tuple(value_of(Connection, row) for row in self._session.rows(_ALL))

    def open_at(self, desk_id: str) -> tuple[Connection, ...]:
        """Those of this desk that are active or paused, by name."""
        return tuple(value_of(Connection, row) for row in self._session.rows(_OPEN_AT, {"desk_id": desk_id}))

    def names(self) -> frozenset[str]:
        """The names that are taken: those of connections that are not closed."""
        return frozenset(self._session.values(_NAMES))

    def remove(self, connection_id: str) -> None:
        """With its invitation, envelopes, nonces, notices and cards; not with its secrets. Raises RowGone."""
        self._session.change_one(delete(ConnectionRow).where(ConnectionRow.id == connection_id))
