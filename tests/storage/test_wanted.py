import asyncio
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest

from storage.errors import RowConflict
from storage.store import Store, Transaction
from sync.backfill import Backfill
from sync.intent import Scope
from tests.storage import samples

ID = samples.connection().id
SCOPE = Scope("priority:>3", samples.NOW)
BACKFILL = Backfill(
    connection_id=ID,
    query="status:2",
    since=samples.NOW - timedelta(days=30),
    started_by="U1",
    started_at=samples.NOW,
    page="next",
    found=12,
    done=3,
    ended_at=samples.NOW + timedelta(hours=1),
    is_stopped=True,
)


async def test_a_scope_is_kept_replaced_and_removed(store: Store) -> None:
    organisation_id = await samples.connected(store)
    assert await store.read(organisation_id, lambda tx: tx.scopes.find(ID)) is None
    for scope in (SCOPE, Scope("tag:'vpn'", samples.NOW + timedelta(seconds=1))):
        await store.run(organisation_id, lambda tx, scope=scope: tx.scopes.put(ID, scope))  # type: ignore[misc]
        assert await store.read(organisation_id, lambda tx: tx.scopes.find(ID)) == scope
    for _ in range(2):
        await store.run(organisation_id, lambda tx: tx.scopes.remove(ID))
    assert await store.read(organisation_id, lambda tx: tx.scopes.find(ID)) is None


async def test_a_backfill_comes_back_as_it_was_and_is_replaced_and_removed(store: Store) -> None:
    assert all(getattr(BACKFILL, field.name) for field in fields(BACKFILL)), "a field without a value proves nothing"
    organisation_id = await samples.connected(store)
    for backfill in (BACKFILL, Backfill(ID, "status:3", samples.NOW, "U2", samples.NOW, page=None)):
        await store.run(organisation_id, lambda tx, one=backfill: tx.backfills.put(ID, one))  # type: ignore[misc]
        assert await store.read(organisation_id, lambda tx: tx.backfills.find(ID)) == backfill
    for _ in range(2):
        await store.run(organisation_id, lambda tx: tx.backfills.remove(ID))
    assert await store.read(organisation_id, lambda tx: tx.backfills.find(ID)) is None


async def test_tickets_taken_at_once_are_all_counted(store: Store) -> None:
    organisation_id = await samples.connected(store)
    await store.run(organisation_id, lambda tx: tx.backfills.put(ID, replace(BACKFILL, done=0)))

    def take_one(tx: Transaction) -> None:
        running = tx.backfills.find(ID)
        assert running is not None
        tx.backfills.put(ID, running.after_taking())

    await asyncio.gather(*(store.run(organisation_id, take_one) for _ in range(20)))
    found = await store.read(organisation_id, lambda tx: tx.backfills.find(ID))
    assert found is not None
    assert found.done == 20


async def test_what_was_asked_for_is_known_until_it_was_looked_at(store: Store) -> None:
    organisation_id = await samples.connected(store)

    def write(tx: Transaction) -> list[Any]:
        tx.asked.put(ID, "372", "sync", "U1")
        tx.asked.put(ID, "15", "backfill", "U1")
        tx.asked.put(ID, "16", "backfill", "U1")
        return [tx.asked.find(ID, "372"), tx.asked.find(ID, "99"), tx.asked.find("nothing", "372")]

    def counts(tx: Transaction) -> list[int]:
        return [tx.asked.count(ID, "sync"), tx.asked.count(ID, "backfill"), tx.asked.count("nothing", "sync")]

    assert await store.run(organisation_id, write) == ["sync", None, None]
    assert await store.read(organisation_id, counts) == [1, 2, 0]
    among = await store.read(organisation_id, lambda tx: tx.asked.among(ID, ["15", "372", "99"]))
    assert among == {"15": "backfill", "372": "sync"}
    for _ in range(2):
        await store.run(organisation_id, lambda tx: tx.asked.remove(ID, "15"))
    assert await store.read(organisation_id, counts) == [1, 1, 0]


async def test_asked_for_again_the_newer_kind_stands(store: Store) -> None:
    organisation_id = await samples.connected(store)
    await store.run(organisation_id, lambda tx: tx.asked.put(ID, "372", "backfill", "U1"))
    await store.run(organisation_id, lambda tx: tx.asked.put(ID, "372", "sync", "U2"))
    assert await store.read(organisation_id, lambda tx: tx.asked.find(ID, "372")) == "sync"
    assert await store.read(organisation_id, lambda tx: tx.asked.count(ID, "backfill")) == 0


async def test_nothing_is_wanted_on_a_connection_that_is_not_there_or_is_removed(store: Store) -> None:
    organisation_id = await samples.connected(store)

    def fill(tx: Transaction) -> None:
        tx.scopes.put(ID, SCOPE)
        tx.backfills.put(ID, BACKFILL)
        tx.asked.put(ID, "372", "sync", "U1")
        tx.connections.remove(ID)

    await store.run(organisation_id, fill)
    found = await store.read(
        organisation_id, lambda tx: (tx.scopes.find(ID), tx.backfills.find(ID), tx.asked.find(ID, "372"))
    )
    assert found == (None, None, None)
    for attempt in (
        lambda tx: tx.scopes.put(ID, SCOPE),
        lambda tx: tx.backfills.put(ID, BACKFILL),
        lambda tx: tx.asked.put(ID, "372", "sync", "U1"),
    ):
        with pytest.raises(RowConflict):
            await store.run(organisation_id, attempt)
