from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import (
    Engine,
    Executable,
    delete,
    exists,
    func,
    insert,
    literal,
    literal_column,
    select,
    table,
    text,
    true,
    update,
)
from sqlalchemy.orm import aliased
from sqlalchemy.sql.expression import column

from storage.engines import open_engines
from storage.errors import StatementRefused
from storage.sessions import OrganisationSession, SystemSession
from storage.tables import AuditRow, ConnectionRow, DeskRow, HomeRow, NodeRow, OrganisationRow, SecretRow
from tests.storage import samples

OTHER = aliased(DeskRow)
CORE: Any = DeskRow.__table__
SECRETS: Any = SecretRow.__table__


def desk_row(organisation_id: str, **changes: Any) -> DeskRow:
    plain = {"id": "d", "kind": "memory", "short_name": "s", "address": organisation_id, "created_by": "U1"}
    return DeskRow(organisation_id=organisation_id, created_at=samples.NOW, **{**plain, **changes})


@pytest.fixture
def engine(store_url: str) -> Iterator[Engine]:
    """Two organisations, A and B, each with one desk of the same id."""
    engines = open_engines(store_url)
    with SystemSession(engines.writer, None) as session:
        for name in ("A", "B"):
            session.add(OrganisationRow(id=name, team_id=name, name=name, created_at=samples.NOW))
            session.flush()
            session.add(desk_row(name))
            session.flush()
        session.commit()
    yield engines.writer
    engines.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[OrganisationSession]:
    with OrganisationSession(engine, "A", clock=lambda: samples.NOW) as opened:
        yield opened


NARROWED: dict[str, tuple[Any, Any]] = {
    "rows": (select(DeskRow.address), ["A"]),
    "a count": (select(func.count(DeskRow.id)), [1]),
    "a count of all": (select(func.count()).select_from(DeskRow), [1]),
    "a literal": (select(literal(7)).select_from(DeskRow), [7]),
    "an alias": (select(OTHER.address), ["A"]),
    "a self join": (select(OTHER.address).join(DeskRow, true()), ["A"]),
    "two in one from": (select(OTHER.address).where(DeskRow.id == OTHER.id), ["A"]),
    "a sub-query": (select(select(DeskRow.address).subquery()), ["A"]),
    "a CTE": (select(select(DeskRow.address).cte()), ["A"]),
    "a scalar sub-query": (select(select(func.max(DeskRow.address)).scalar_subquery()), ["A"]),
    "exists": (select(DeskRow.address).where(exists().where(OTHER.address == "B")), []),
    "in": (select(DeskRow.address).where(DeskRow.id.in_(select(OTHER.id).where(OTHER.address == "B"))), []),
    "a union": (select(DeskRow.address).union_all(select(OTHER.address)), ["A", "A"]),
    "another's criterion": (select(DeskRow.address).where(DeskRow.organisation_id == "B"), []),
}


@pytest.mark.parametrize(("statement", "found"), NARROWED.values(), ids=NARROWED)
def test_x5_a_statement_about_mapped_classes_sees_one_organisation(
    session: OrganisationSession, statement: Any, found: list[Any]
) -> None:
    assert list(session.values(statement)) == found


REFUSED: dict[str, Callable[[], Executable]] = {
    "a text": lambda: text("SELECT address FROM desk"),
    "a text inside": lambda: select(DeskRow).where(text("1 = 1")),
    "a text as column": lambda: select(text("address")).select_from(DeskRow),
    "a literal column": lambda: select(literal_column("(SELECT min(token) FROM secret)")),
    "rows from a text": lambda: select(DeskRow).from_statement(text("SELECT * FROM desk")),
    "a core table": lambda: select(CORE),
    "a core column": lambda: select(CORE.c.address),
    "a count of a core table": lambda: select(func.count()).select_from(CORE),
    "a core table beside a class": lambda: select(DeskRow, SECRETS.c.token),
    "a core criterion": lambda: select(DeskRow).where(SECRETS.c.token != ""),
    "the class's own core column": lambda: select(DeskRow).where(CORE.c.address == "B"),
    "a core table in exists": lambda: select(DeskRow.id).where(exists(select(literal(1)).select_from(SECRETS))),
    "a core table in in": lambda: select(DeskRow).where(DeskRow.id.in_(select(CORE.c.id))),
    "a core alias joined": lambda: select(DeskRow.id).select_from(DeskRow).join(CORE.alias(), true()),
    "a core alias beside a class": lambda: select(DeskRow.id, CORE.alias().c.address),
    "a nameless table": lambda: select(table("secret", column("token"))),
    "an insert": lambda: insert(DeskRow).values(id="x"),
    "a core insert": lambda: insert(CORE),
    "a core update": lambda: update(CORE).values(kind="x"),
    "a core delete": lambda: delete(CORE),
    "an update from a core table": lambda: update(DeskRow).values(kind=select(SECRETS.c.token).scalar_subquery()),
    "a delete by a core table": lambda: delete(DeskRow).where(DeskRow.id.in_(select(CORE.c.id))),
    "organisations": lambda: select(OrganisationRow),
    "an organisation's column": lambda: select(OrganisationRow.name),
    "the node": lambda: select(NodeRow.canary),
    "an update beside another class": lambda: (
        update(DeskRow).values(kind="x").where(DeskRow.id == ConnectionRow.desk_id)
    ),
    "a delete beside another class": lambda: delete(DeskRow).where(DeskRow.id == ConnectionRow.desk_id),
    "an update of the audit": lambda: update(AuditRow).values(outcome="ok"),
    "a delete from the audit": lambda: delete(AuditRow),
}


@pytest.mark.parametrize("statement", REFUSED.values(), ids=REFUSED)
def test_x5_a_statement_that_cannot_be_narrowed_is_refused(
    session: OrganisationSession, statement: Callable[[], Executable]
) -> None:
    for way in (session.rows, session.execute, session.scalars):
        with pytest.raises(StatementRefused):
            way(statement())


def test_x5_updates_and_deletes_meet_one_organisation(session: OrganisationSession, engine: Engine) -> None:
    assert session.change(update(DeskRow).values(kind="changed")) == 1
    assert session.change(delete(DeskRow)) == 1
    session.commit()
    with SystemSession(engine, None) as everything:
        assert [(row.organisation_id, row.kind) for row in everything.scalars(select(DeskRow))] == [("B", "memory")]


def test_x5_objects_are_not_read(session: OrganisationSession) -> None:
    for way in (lambda: session.get(DeskRow, ("A", "d")), lambda: session.scalars(select(DeskRow.id))):
        with pytest.raises(StatementRefused):
            way()


@pytest.mark.parametrize(
    "way",
    [
        lambda session: session.connection(),
        lambda session: session.bulk_save_objects([desk_row("B", id="x")]),
        lambda session: session.bulk_insert_mappings(DeskRow, [{}]),
        lambda session: session.bulk_update_mappings(DeskRow, [{}]),
        lambda session: session.insert(OrganisationRow, {"id": "C", "team_id": "C", "name": "C"}),
        lambda session: session.upsert(OrganisationRow, [{"id": "C"}], unique=("id",)),
    ],
    ids=["connection", "bulk save", "bulk insert", "bulk update", "an organisation", "an organisation upserted"],
)
def test_x5_there_is_no_way_around(session: OrganisationSession, way: Callable[[OrganisationSession], object]) -> None:
    with pytest.raises(StatementRefused):
        way(session)


@pytest.mark.parametrize("owner", ["A", "B"])
def test_x5_objects_are_not_written(session: OrganisationSession, owner: str) -> None:
    session.add(desk_row(owner, id="x"))
    with pytest.raises(StatementRefused):
        session.flush()


def test_x5_a_row_of_another_organisation_is_not_deleted(session: OrganisationSession, engine: Engine) -> None:
    with SystemSession(engine, None) as everything:
        foreign = everything.scalars(select(DeskRow).where(DeskRow.organisation_id == "B")).one()
        everything.expunge(foreign)
    session.delete(foreign)
    with pytest.raises(StatementRefused):
        session.flush()


def test_what_changed_is_read_as_it_is_now(session: OrganisationSession) -> None:
    before = session.rows(select(DeskRow)).one()
    session.change(update(DeskRow).values(kind="changed"))
    assert (before.kind, session.rows(select(DeskRow)).one().kind) == ("memory", "changed")


def test_an_insert_writes_for_its_own_organisation_whatever_the_row_says(session: OrganisationSession) -> None:
    session.insert(HomeRow, {"user_id": "U1", "published_at": samples.NOW, "organisation_id": "B"})
    assert session.values(select(HomeRow.organisation_id)).all() == ["A"]


def test_an_upsert_writes_for_its_own_organisation_whatever_the_row_says(session: OrganisationSession) -> None:
    row = {"user_id": "U1", "published_at": samples.NOW, "organisation_id": "B"}
    session.upsert(HomeRow, [row], unique=("organisation_id", "user_id"))
    assert session.values(select(HomeRow.organisation_id)).all() == ["A"]


def test_an_upsert_tells_what_was_new(session: OrganisationSession) -> None:
    def put(*names: str) -> frozenset[str]:
        rows = [{"user_id": name, "published_at": samples.NOW} for name in names]
        return session.upsert(HomeRow, rows, unique=("organisation_id", "user_id"))

    assert put("U1", "U2") == {"U1", "U2"}
    assert put("U2", "U3") == {"U3"}
    assert put() == frozenset()


def test_an_insert_is_refused_again_after_an_upsert(session: OrganisationSession) -> None:
    session.upsert(HomeRow, [{"user_id": "U1", "published_at": samples.NOW}], unique=("organisation_id", "user_id"))
    with pytest.raises(StatementRefused):
        session.execute(insert(HomeRow).values(user_id="U2"))


def test_a_session_needs_its_organisation(engine: Engine) -> None:
    with pytest.raises(StatementRefused):
        OrganisationSession(engine, "", clock=None)


def test_a_session_cannot_change_its_organisation(session: OrganisationSession) -> None:
    with pytest.raises(AttributeError):
        session.organisation_id = "B"  # type: ignore[misc]


def test_a_session_that_reads_does_not_write(engine: Engine) -> None:
    with OrganisationSession(engine, "A", clock=None, writable=False) as session:
        with pytest.raises(StatementRefused, match=r"Store\.run"):
            session.change(update(DeskRow).values(kind="x"))
        with pytest.raises(StatementRefused):
            session.insert(HomeRow, {"user_id": "U1", "published_at": samples.NOW})
        with pytest.raises(StatementRefused):
            session.upsert(HomeRow, [], unique=("organisation_id", "user_id"))


def test_x5_criteria_do_not_leak_from_one_session_into_the_next(engine: Engine) -> None:
    statement = select(DeskRow.address)
    for name in ("A", "B", "A", "nobody"):
        with OrganisationSession(engine, name, clock=None) as session:
            assert session.values(statement).all() == ([] if name == "nobody" else [name])


def test_x5_a_join_to_another_table_is_narrowed_on_both(session: OrganisationSession) -> None:
    statement = select(DeskRow.address).outerjoin(ConnectionRow, ConnectionRow.desk_id == DeskRow.id)
    assert session.values(statement).all() == ["A"]
