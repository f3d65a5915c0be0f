from dataclasses import fields
from typing import Any

import pytest
from sqlalchemy import UniqueConstraint, insert
from sqlalchemy.exc import IntegrityError

from pairing.connection import Connection
from pairing.invitation import Invitation
from pairing.notice import Notice
from storage.columns import columns_of
from storage.engines import open_engines
from storage.store import Store
from storage.tables import OF_NO_ORGANISATION, Base, ConnectionRow, InvitationRow, NoticeRow, Owned
from tests.storage import samples

OWNED = sorted(
    (mapper.class_ for mapper in Base.registry.mappers if mapper.class_ not in OF_NO_ORGANISATION),
    key=lambda model: model.__tablename__,
)
# A desk's hook arrives like a stranger, too: its address holds a token, of which the hash is kept.
LOOKED_UP_BY_STRANGERS = {
    "uq_organisation_team_id",
    "uq_connection_our_id",
    "uq_invitation_token_hash",
    "uq_hook_token_hash",
}


@pytest.mark.parametrize("model", OWNED, ids=lambda model: model.__tablename__)
def test_x1_every_table_but_the_named_ones_belongs_to_organisations(model: type[Base]) -> None:
    assert issubclass(model, Owned)
    assert not model.__table__.c.organisation_id.nullable


@pytest.mark.parametrize("model", OWNED, ids=lambda model: model.__tablename__)
def test_x1_rows_refer_to_each_other_only_together_with_their_organisation(model: type[Base]) -> None:
    for constraint in model.__table__.foreign_key_constraints:  # type: ignore[attr-defined]
        if constraint.referred_table.name != "organisation":
            assert constraint.column_keys[0] == "organisation_id"
            assert constraint.elements[0].target_fullname.endswith(".organisation_id")


def test_x1_only_what_strangers_look_up_by_is_unique_over_all_organisations() -> None:
    uniques = {
        str(constraint.name): [column.name for column in constraint.columns]
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint)
    } | {
        str(index.name): [column.name for column in index.columns]
        for table in Base.metadata.tables.values()
        for index in table.indexes
        if index.unique
    }
    over_all = {name for name, columns in uniques.items() if columns[0] != "organisation_id"}
    assert over_all == LOOKED_UP_BY_STRANGERS


@pytest.mark.parametrize(
    ("model", "value"), [(ConnectionRow, Connection), (InvitationRow, Invitation), (NoticeRow, Notice)]
)
def test_columns_are_named_like_the_fields_of_their_values(model: type[Base], value: Any) -> None:
    assert {field.name for field in fields(value)} <= set(model.__table__.c.keys())


async def test_x6_the_database_refuses_a_reference_into_another_organisation(
    database_store: Store, store_url: str
) -> None:
    ours = await samples.organisation(database_store, "T1")
    theirs = await samples.organisation(database_store, "T2")
    await database_store.run(theirs.id, lambda tx: tx.desks.add(samples.desk()))
    # Not through our sessions, which would refuse it by themselves: straight to the table.
    row = {"organisation_id": ours.id, "moved_at": samples.NOW, **columns_of(samples.connection())}
    engines = open_engines(store_url)
    try:
        with engines.writer.connect() as connection, pytest.raises(IntegrityError):
            connection.execute(insert(ConnectionRow), [row])
    finally:
        engines.dispose()
