"""Sessions: one sees a single organisation and cannot be talked out of it, one serves the few named exceptions."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NoReturn, TypeVar

from sqlalchemy import (
    CursorResult,
    Delete,
    Engine,
    Executable,
    ScalarResult,
    Select,
    Table,
    Update,
    bindparam,
    event,
    func,
    insert,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction

from pairing.organisation import Organisation
from storage.columns import value_of
from storage.errors import RowGone, StatementRefused
from storage.narrowing import WHOSE, narrowed
from storage.tables import Base, OrganisationRow, Owned

T = TypeVar("T")
S = TypeVar("S", bound=Select[Any])
Clock = Callable[[], datetime]


class StoreSession(Session):
    """What both sessions share: the engine, and one time for the whole transaction."""

    def __init__(self, engine: Engine, clock: Clock | None, *, writable: bool = True) -> None:
        super().__init__(engine, expire_on_commit=False)
        self.writable = writable
        self._clock = clock
        self._now: datetime | None = None

    @property
    def now(self) -> datetime:
        """Aware UTC; the database's own clock when none was given."""
        if self._now is None:
            self._now = self._clock() if self._clock is not None else self._database_time()
        return self._now

    def must_write(self) -> None:
        """Raises StatementRefused in a session that only reads; the database would refuse it, too."""
        if not self.writable:
            raise StatementRefused("`Store.read` cannot write: use `Store.run`.")

    def change(self, statement: Update | Delete, parameters: Mapping[str, Any] | None = None) -> int:
        """Runs it; how many rows it met."""
        self.must_write()
        result = self.execute(statement, parameters, execution_options={"synchronize_session": False})
        assert isinstance(result, CursorResult)
        return int(result.rowcount)

    def _database_time(self) -> datetime:
        moment = Session.connection(self).execute(_TRANSACTION_TIME).scalar_one()
        assert isinstance(moment, datetime)
        return moment


class SystemSession(StoreSession):
    """Sees every organisation. Few functions use it, each returning little."""


class OrganisationSession(StoreSession):
    """Sees the rows of one organisation, named at its making.

    Every statement about mapped classes is narrowed to it; core tables and texts are refused, and rows are inserted
    as its own. Nothing goes by way of the ORM's objects, which cost twice as much as the rows themselves: what tries
    is refused. Raises StatementRefused.
    """

    def __init__(self, engine: Engine, organisation_id: str, *, clock: Clock | None, writable: bool = True) -> None:
        if not organisation_id:
            raise StatementRefused("An organisation's session needs its id.")
        super().__init__(engine, clock, writable=writable)
        self._organisation_id = organisation_id

    @property
    def organisation_id(self) -> str:
        return self._organisation_id

    def organisation(self) -> Organisation:
        """Raises RowGone when this node has no such organisation."""
        found = Session.connection(self).execute(_ORGANISATION, {"id": self._organisation_id}).one_or_none()
        if found is None:
            raise RowGone("This node serves no such organisation (any more).")
        return value_of(Organisation, found)

    def rows(
        self, statement: Executable, parameters: Mapping[str, Any] | None = None
    ) -> CursorResult[*tuple[Any, ...]]:
        """What was selected, each row with the columns by name."""
        whose = {**(parameters or {}), WHOSE: self._organisation_id}
        return Session.connection(self).execute(narrowed(statement), whose)

    def values(self, statement: Select[T], parameters: Mapping[str, Any] | None = None) -> ScalarResult[T]:
        """The only column of each row."""
        return self.rows(statement, parameters).scalars()

    def row(self, statement: Select[Any], **parameters: Any) -> Any | None:
        """The one row, locked until the transaction ends when this session may write."""
        return self.rows(locked(statement) if self.writable else statement, parameters).one_or_none()

    def look(self, statement: Select[Any], **parameters: Any) -> Any | None:
        """The one row, not locked: for what is saved by its revision, or by the only lane that may."""
        return self.rows(statement, parameters).one_or_none()

    def change(self, statement: Update | Delete, parameters: Mapping[str, Any] | None = None) -> int:
        self.must_write()
        return self.rows(statement, parameters).rowcount

    def change_one(self, statement: Update | Delete, parameters: Mapping[str, Any] | None = None) -> None:
        """Raises RowGone when there was no such row."""
        if not self.change(statement, parameters):
            raise RowGone("There is no such row (any more).")

    def insert(self, model: type[Base], *rows: Mapping[str, Any]) -> None:
        """Whatever the rows say, they are this organisation's."""
        self.must_write()
        if rows:
            Session.connection(self).execute(_insert(model), self._owned(rows))

    def upsert(
        self,
        model: type[Base],
        rows: Sequence[Mapping[str, Any]],
        *,
        unique: tuple[str, ...],
        replace: tuple[str, ...] = (),
    ) -> frozenset[str]:
        """Inserts the rows; one that is there already (by `unique`) keeps all but its `replace` columns.

        Of two rows alike by `unique` the last one counts. Returns the last `unique` column of each row written.
        """
        self.must_write()
        if not rows:
            return frozenset()
        # PostgreSQL refuses to touch a row twice in one statement.
        once = {tuple(row[column] for column in unique): row for row in self._owned(rows)}
        statement = _upsert(Session.get_bind(self).dialect.name, model, unique, replace)
        return frozenset(Session.connection(self).execute(statement, list(once.values())).scalars())

    def _owned(self, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        return [{**row, "organisation_id": self._organisation_id} for row in rows]

    def connection(self, *_: Any, **__: Any) -> NoReturn:
        raise StatementRefused("A bare connection is not narrowed to an organisation.")

    def _bulk(self, *_: Any, **__: Any) -> NoReturn:
        raise StatementRefused("Bulk writes are not narrowed to an organisation.")

    bulk_save_objects = bulk_insert_mappings = bulk_update_mappings = _bulk


_TRANSACTION_TIME = select(func.transaction_timestamp())
_ORGANISATION = select(OrganisationRow.id, OrganisationRow.team_id, OrganisationRow.name).where(
    OrganisationRow.id == bindparam("id")
)


@cache
def locked(statement: S) -> S:
    """The same, with a row lock on PostgreSQL that lets others still refer to the row; SQLite has one writer anyway."""
    return statement.with_for_update(key_share=True)


def _table(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    if not issubclass(model, Owned):
        raise StatementRefused("A row that belongs to no organisation was about to be written.")
    return table


@cache
def _insert(model: type[Base]) -> Executable:
    return insert(_table(model))


@cache
def _upsert(dialect: str, model: type[Base], unique: tuple[str, ...], replace: tuple[str, ...]) -> Executable:
    table = _table(model)
    statement = sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
    if replace:
        fresh = {column: statement.excluded[column] for column in replace}
        statement = statement.on_conflict_do_update(index_elements=unique, set_=fresh)
    else:
        statement = statement.on_conflict_do_nothing(index_elements=unique)
    return statement.returning(table.c[unique[-1]])


@event.listens_for(OrganisationSession, "do_orm_execute")
def _refuse_statement(_state: ORMExecuteState) -> None:
    raise StatementRefused("Ask for rows or values: only they are narrowed to an organisation.")


@event.listens_for(OrganisationSession, "before_flush")
def _refuse_objects(_session: Session, _context: UOWTransaction, _instances: object) -> None:
    raise StatementRefused("Objects are not written by an organisation's session: use insert, upsert or change.")


@event.listens_for(SystemSession, "before_flush")
def _refuse_writing(session: Session, _context: UOWTransaction, _instances: object) -> None:
    assert isinstance(session, SystemSession)
    session.must_write()
