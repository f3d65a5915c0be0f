from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest

from storage.errors import RowConflict, RowGone
from storage.store import Store, Transaction
from sync.intent import Disagreement, ParkedUpdate
from tests.storage import samples

ID = samples.connection().id
OTHER = samples.connection("other")


async def with_parked(store: Store, *updates: ParkedUpdate) -> str:
    organisation_id = await samples.linked(store)

    def write(tx: Transaction) -> None:
        tx.connections.add(OTHER)
        for parked in updates:
            tx.parked.add(parked)

    await store.run(organisation_id, write)
    return organisation_id


def parked_later(number: int, **changes: Any) -> ParkedUpdate:
    return samples.parked(number, parked_at=samples.NOW + timedelta(seconds=number), **changes)


async def test_what_was_skipped_is_found_and_neither_listed_nor_counted(store: Store) -> None:
    mine = parked_later(1)
    organisation_id = await with_parked(store, mine, parked_later(2))
    await store.run(organisation_id, lambda tx: tx.parked.add(mine.after_skipping()))

    def read(tx: Transaction) -> tuple[object, ...]:
        return (
            tx.parked.find(mine.connection_id, mine.envelope_id),
            tx.parked.all(),
            tx.parked.all(mine.connection_id),
            tx.parked.count(),
        )

    found, everything, of_connection, counts = await store.read(organisation_id, read)
    assert found == mine.after_skipping()
    assert everything == of_connection == (parked_later(2),)
    assert counts == {mine.connection_id: 1}


async def test_what_is_parked_comes_back_as_it_was(store: Store) -> None:
    full = samples.parked()
    assert all(getattr(full, field.name) for field in fields(full)), "a field without a value proves nothing"
    organisation_id = await with_parked(store, full)
    assert await store.read(organisation_id, lambda tx: tx.parked.find(ID, full.envelope_id)) == full
    assert await store.read(organisation_id, lambda tx: tx.parked.find(OTHER.id, full.envelope_id)) is None


async def test_what_is_parked_is_listed_newest_first_and_counted_by_connection(store: Store) -> None:
    one, two, three = parked_later(1), parked_later(2, connection_id=OTHER.id), parked_later(3)
    organisation_id = await with_parked(store, one, three, two)

    def look(tx: Transaction) -> list[Any]:
        return [tx.parked.all(None, 2), tx.parked.all(limit=9), tx.parked.all(ID, 9), tx.parked.all("nothing", 9)]

    assert await store.read(organisation_id, look) == [(three, two), (three, two, one), (three, one), ()]
    assert await store.read(organisation_id, lambda tx: tx.parked.count()) == {ID: 2, OTHER.id: 1}


async def test_what_is_parked_of_one_ticket_is_listed_oldest_first(store: Store) -> None:
    one, other, two = parked_later(1), parked_later(2, their_ticket="t15"), parked_later(3)
    organisation_id = await with_parked(store, one, other, two)
    assert await store.read(organisation_id, lambda tx: tx.parked.of_ticket(ID, "t372")) == (one, two)
    assert await store.read(organisation_id, lambda tx: tx.parked.of_ticket(OTHER.id, "t372")) == ()


async def test_parked_again_the_newer_reason_stands(store: Store) -> None:
    newer = samples.parked(text="Another reason.", code="rule", parked_at=samples.NOW + timedelta(hours=1))
    organisation_id = await with_parked(store, samples.parked(), newer)
    assert await store.read(organisation_id, lambda tx: tx.parked.all()) == (newer,)


async def test_what_somebody_settled_is_gone(store: Store) -> None:
    organisation_id = await with_parked(store, samples.parked())
    await store.run(organisation_id, lambda tx: tx.parked.remove(ID, samples.parked().envelope_id))
    with pytest.raises(RowGone):
        await store.run(organisation_id, lambda tx: tx.parked.remove(ID, samples.parked().envelope_id))
    assert await store.read(organisation_id, lambda tx: tx.parked.count()) == {}


async def test_nothing_is_parked_on_a_connection_that_is_not_there(store: Store) -> None:
    organisation_id = await with_parked(store)
    with pytest.raises(RowConflict):
        await store.run(organisation_id, lambda tx: tx.parked.add(samples.parked(connection_id="nothing")))


async def test_a_disagreement_comes_back_as_it_was_and_is_saved(store: Store) -> None:
    organisation_id = await samples.linked(store)
    full = samples.disagreement(taken=True)
    assert all(getattr(full, field.name) for field in fields(full)), "a field without a value proves nothing"
    plain = replace(full, taken=False)
    await store.run(organisation_id, lambda tx: tx.disagreements.add(plain))
    assert await store.read(organisation_id, lambda tx: tx.disagreements.find(full.id)) == plain
    await store.run(organisation_id, lambda tx: tx.disagreements.save(plain.after_taking()))
    assert await store.read(organisation_id, lambda tx: tx.disagreements.find(full.id)) == full
    assert await store.read(organisation_id, lambda tx: tx.disagreements.find("nothing")) is None


async def test_disagreements_are_listed_newest_first(store: Store) -> None:
    organisation_id = await samples.linked(store)

    def write(tx: Transaction) -> list[tuple[Disagreement, ...]]:
        for number in (1, 2, 3):
            tx.disagreements.add(samples.disagreement(number))
        return [tx.disagreements.recent(ID, 2), tx.disagreements.recent("nothing", 2)]

    expected = (samples.disagreement(3), samples.disagreement(2))
    assert await store.run(organisation_id, write) == [expected, ()]


async def test_a_disagreement_is_told_once_and_needs_its_link(store: Store) -> None:
    organisation_id = await samples.linked(store)
    await store.run(organisation_id, lambda tx: tx.disagreements.add(samples.disagreement()))
    for wrong in (samples.disagreement(), samples.disagreement(2, link_id="nothing")):
        with pytest.raises(RowConflict):
            await store.run(organisation_id, lambda tx, wrong=wrong: tx.disagreements.add(wrong))  # type: ignore[misc]
    with pytest.raises(RowGone):
        await store.run(organisation_id, lambda tx: tx.disagreements.save(samples.disagreement(3)))
