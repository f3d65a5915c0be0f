"""Sessions: one sees a single organisation and cannot be talked out of it, one serves the few named exceptions."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NoReturn, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import CursorResult, Delete, Engine, Executable, Select, Update, bindparam, event, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction, with_loader_criteria

from pairing.organisation import Organisation
from storage.columns import value_of
from storage.errors import RowGone, StatementRefused
from storage.narrowing import refuse_unnarrowed
from storage.tables import AuditRow, Base, OrganisationRow, Owned

R = TypeVar("R", bound=Base)
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

    Every ORM statement is narrowed to it; inserts by statement, core tables and texts are refused, and so is a flush
    that touches a row of another organisation. Raises StatementRefused.
    """

    def __init__(self, engine: Engine, organisation_id: str, *, clock: Clock | None, writable: bool = True) -> None:
        if not organisation_id:
            raise StatementRefused("An organisation's session needs its id.")
        super().__init__(engine, clock, writable=writable)
        self._organisation_id = organisation_id
        self._upserting = False

    @property
    def organisation_id(self) -> str:
        return self._organisation_id

    def organisation(self) -> Organisation:
        """Raises RowGone when this node has no such organisation."""
        found = Session.connection(self).execute(_ORGANISATION, {"id": self._organisation_id}).one_or_none()
        if found is None:
            raise RowGone("This node serves no such organisation (any more).")
        return value_of(Organisation, found)

    def row(self, statement: Select[R], **parameters: Any) -> R | None:
        """The one row, locked until the transaction ends when this session may write."""
        chosen = locked(statement) if self.writable else statement
        return self.scalars(chosen, parameters).one_or_none()

    def look(self, statement: Select[R], **parameters: Any) -> R | None:
        """The one row, not locked: for what is saved by its revision, or by the only lane that may."""
        return self.scalars(statement, parameters).one_or_none()

    def change_one(self, statement: Update | Delete, parameters: Mapping[str, Any] | None = None) -> None:
        """Raises RowGone when there was no such row."""
        if not self.change(statement, parameters):
            raise RowGone("There is no such row (any more).")

    def put(self, *rows: Base) -> None:
        self.must_write()
        self.add_all(rows)
        self.flush()

    def upsert(
        self,
        model: type[R],
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
        owned = [{**row, "organisation_id": self._organisation_id} for row in rows]
        # PostgreSQL refuses to touch a row twice in one statement.
        owned = list({tuple(row[column] for column in unique): row for row in owned}.values())
        statement = _upsert(self._dialect, model, unique, replace)
        self._upserting = True
        try:
            return frozenset(self.scalars(statement, owned, execution_options={"render_nulls": True}))
        finally:
            self._upserting = False

    @property
    def _dialect(self) -> str:
        return Session.get_bind(self).dialect.name

    def refuse_statement(self, state: ORMExecuteState) -> None:
        if state.is_insert:
            if self._upserting:
                return
            raise StatementRefused("Inserts by statement are not narrowed to an organisation: use put or upsert.")
        if (state.is_update or state.is_delete) and state.bind_mapper is AuditRow.__mapper__:
            raise StatementRefused("The audit is only added to.")
        if not state.is_orm_statement:
            raise StatementRefused("Only statements about mapped classes can be narrowed to an organisation.")
        refuse_unnarrowed(state.statement)

    def refuse_rows(self) -> None:
        for row in (*self.new, *self.dirty, *self.deleted):
            if not isinstance(row, Owned) or row.organisation_id != self._organisation_id:
                raise StatementRefused("A row of another organisation was about to be written.")
            if isinstance(row, AuditRow) and row not in self.new:
                raise StatementRefused("The audit is only added to.")

    def connection(self, *_: Any, **__: Any) -> NoReturn:
        raise StatementRefused("A bare connection is not narrowed to an organisation.")

    def _bulk(self, *_: Any, **__: Any) -> NoReturn:
        raise StatementRefused("Bulk writes are not narrowed to an organisation.")

    bulk_save_objects = bulk_insert_mappings = bulk_update_mappings = _bulk


# One criterion for all sessions, which say whose rows they see by its parameter: so the database layer knows the
# statement again, and each costs about half of what it would with a criterion of its own.
_NARROWING = with_loader_criteria(
    Owned,
    lambda row: row.organisation_id == bindparam("whose_organisation"),
    include_aliases=True,
    propagate_to_loaders=True,
    track_closure_variables=False,
)
_narrowed_forms: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()
_TRANSACTION_TIME = select(func.transaction_timestamp())
_ORGANISATION = select(OrganisationRow.id, OrganisationRow.team_id, OrganisationRow.name).where(
    OrganisationRow.id == bindparam("id")
)


@cache
def locked(statement: S) -> S:
    """The same, with a row lock on PostgreSQL that lets others still refer to the row; SQLite has one writer anyway."""
    return statement.with_for_update(key_share=True)


@cache
def _upsert(dialect: str, model: type[Base], unique: tuple[str, ...], replace: tuple[str, ...]) -> Executable:
    insert = sqlite.insert(model) if dialect == "sqlite" else postgresql.insert(model)
    if replace:
        fresh = {column: insert.excluded[column] for column in replace}
        insert = insert.on_conflict_do_update(index_elements=unique, set_=fresh)
    else:
        insert = insert.on_conflict_do_nothing(index_elements=unique)
    return insert.returning(getattr(model, unique[-1]))


def _narrowed(statement: Any) -> Any:
    """The same about one organisation's rows; made once of a statement that lives in a module."""
    known = _narrowed_forms.get(statement)
    if known is None:
        known = _narrowed_forms[statement] = statement.options(_NARROWING)
    return known


@event.listens_for(OrganisationSession, "do_orm_execute")
def _narrow(state: ORMExecuteState) -> None:
    session = state.session
    assert isinstance(session, OrganisationSession)
    session.refuse_statement(state)
    if not state.is_insert:
        # Rows met before in this transaction are read again: another organisation's object could not hide among them.
        state.update_execution_options(populate_existing=True)
        state.statement = _narrowed(state.statement)
        parameters = state.parameters or {}
        assert isinstance(parameters, Mapping), "only upsert takes many rows"
        state.parameters = {**parameters, "whose_organisation": session.organisation_id}


@event.listens_for(SystemSession, "before_flush")
def _refuse_writing(session: Session, _context: UOWTransaction, _instances: object) -> None:
    assert isinstance(session, SystemSession)
    session.must_write()


@event.listens_for(OrganisationSession, "before_flush")
def _refuse_foreign_rows(session: Session, _context: UOWTransaction, _instances: object) -> None:
    assert isinstance(session, OrganisationSession)
    session.refuse_rows()
