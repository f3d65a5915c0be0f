from dataclasses import replace
from typing import Any

import pytest

from storage.errors import RowConflict, RowGone
from storage.store import Store, Transaction
from tests.storage import samples

OTHER = samples.desk("other")


async def with_desks(store: Store) -> str:
    organisation = await samples.organisation(store)

    def write(tx: Transaction) -> None:
        tx.desks.add(OTHER)
        tx.desks.add(samples.desk())

    await store.run(organisation.id, write)
    return organisation.id


async def test_desks_are_listed_by_short_name(store: Store) -> None:
    organisation_id = await with_desks(store)
    assert await store.read(organisation_id, lambda tx: tx.desks.all()) == (samples.desk(), OTHER)
    assert await store.read(organisation_id, lambda tx: tx.desks.named("other")) == OTHER
    assert await store.read(organisation_id, lambda tx: tx.desks.find(OTHER.id)) == OTHER


async def test_saving_replaces_every_field(store: Store) -> None:
    organisation_id = await with_desks(store)
    saved = replace(OTHER, kind="freshservice", short_name="new", address="https://new.example", created_by="U9")
    await store.run(organisation_id, lambda tx: tx.desks.save(saved))
    assert await store.read(organisation_id, lambda tx: tx.desks.by_id(OTHER.id)) == saved


async def test_a_short_name_is_taken_until_its_desk_is_removed(store: Store) -> None:
    organisation_id = await with_desks(store)
    again = replace(OTHER, id=samples.some_id("again"))
    with pytest.raises(RowConflict):
        await store.run(organisation_id, lambda tx: tx.desks.add(again))
    await store.run(organisation_id, lambda tx: tx.desks.remove(OTHER.id))
    await store.run(organisation_id, lambda tx: tx.desks.add(again))
    assert await store.read(organisation_id, lambda tx: tx.desks.named("other")) == again


async def test_a_removed_desk_is_readable_only_by_the_id_that_old_connections_hold(store: Store) -> None:
    organisation_id = await with_desks(store)
    await store.run(organisation_id, lambda tx: tx.desks.remove(OTHER.id))

    def look(tx: Transaction) -> tuple[Any, ...]:
        return tx.desks.by_id(OTHER.id), tx.desks.find(OTHER.id), tx.desks.named("other"), tx.desks.all()

    assert await store.read(organisation_id, look) == (OTHER, None, None, (samples.desk(),))
    for attempt in (lambda tx: tx.desks.remove(OTHER.id), lambda tx: tx.desks.save(OTHER)):
        with pytest.raises(RowGone):
            await store.run(organisation_id, attempt)


async def test_what_never_was_is_gone(store: Store) -> None:
    organisation_id = await with_desks(store)
    with pytest.raises(RowGone):
        await store.read(organisation_id, lambda tx: tx.desks.by_id("nothing"))
