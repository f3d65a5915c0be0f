import asyncio
from dataclasses import fields, replace
from typing import Any

import pytest

from pairing.connection import Connection, ConnectionState
from pairing.terms import ConflictPolicy, Reach, RulesMode, Side
from storage.errors import RowConflict, RowGone
from storage.store import Store, Transaction
from tests.storage import samples

FULL = Connection(
    id=samples.some_id("full"),
    name="full",
    side=Side.INVITEE,
    reach=Reach.LOCAL,
    rules=RulesMode.SCRIPT,
    policy=ConflictPolicy.INVITEE,
    state=ConnectionState.PAUSED,
    desk_id=samples.some_id("desk"),
    local_name="a",
    remote_name="b",
    description="Ünïcode 🌉",
    our_id=samples.some_id("ours"),
    our_key=bytes(range(32)),
    created_by="U1",
    created_at=samples.NOW,
    their_id=samples.some_id("their"),
    their_key=b"\x00\xff" * 16,
    their_url="https://bridge.example",
    address_proved=True,
    partner_name="Globex",
    partner_team="T2",
    partner_team_name="Globex Ltd",
    partner_desk="freshservice",
    paused_by_us=True,
    paused_by_them=True,
    have=2**40,
    acked=7,
    claim_sha256=b"c" * 32,
    approved_by="U2",
    approved_at=samples.NOW,
    closed_at=samples.NOW,
    closed_reason="why",
    last_contact_at=samples.NOW,
    last_error="oh",
    clock_diff_seconds=-420,
)


async def test_every_field_comes_back_as_it_was(store: Store) -> None:
    assert all(getattr(FULL, field.name) for field in fields(FULL)), "a field without a value proves nothing"
    organisation_id = await samples.connected(store)
    await store.run(organisation_id, lambda tx: tx.connections.add(FULL))
    assert await store.read(organisation_id, lambda tx: tx.connections.by_id(FULL.id)) == FULL


async def test_saving_replaces_every_field(store: Store) -> None:
    organisation_id = await samples.connected(store)
    saved = replace(FULL, id=samples.connection().id)
    await store.run(organisation_id, lambda tx: tx.connections.save(saved))
    assert await store.read(organisation_id, lambda tx: tx.connections.find(saved.id)) == saved


async def test_what_is_not_there_is_gone(store: Store) -> None:
    organisation_id = await samples.connected(store)
    for attempt in (
        lambda tx: tx.connections.by_id("nothing"),
        lambda tx: tx.connections.save(FULL),
        lambda tx: tx.connections.remove("nothing"),
    ):
        with pytest.raises(RowGone):
            await store.run(organisation_id, attempt)
    assert await store.read(organisation_id, lambda tx: tx.connections.find("nothing")) is None


async def test_a_name_is_taken_until_its_connection_is_closed(store: Store) -> None:
    organisation_id = await samples.connected(store)
    again = samples.connection(id=samples.some_id("again"), our_id=samples.some_id("other"))
    with pytest.raises(RowConflict):
        await store.run(organisation_id, lambda tx: tx.connections.add(again))

    def close(tx: Transaction) -> None:
        tx.connections.save(tx.connections.by_id(samples.connection().id).after_close("", tx.now))
        tx.connections.add(again)

    await store.run(organisation_id, close)
    assert await store.read(organisation_id, lambda tx: tx.connections.named("acme_to_globex")) == again
    assert await store.read(organisation_id, lambda tx: tx.connections.names()) == {"acme_to_globex"}
    assert await store.read(organisation_id, lambda tx: len(tx.connections.all())) == 2


async def test_all_are_listed_by_name(store: Store) -> None:
    organisation_id = await samples.connected(store, name="b")

    def write(tx: Transaction) -> None:
        tx.connections.add(samples.connection("c"))
        tx.connections.add(samples.connection("a"))

    await store.run(organisation_id, write)
    names = await store.read(organisation_id, lambda tx: [found.name for found in tx.connections.all()])
    assert names == ["a", "b", "c"]


async def test_those_of_a_desk_that_are_open_are_listed_by_name(store: Store) -> None:
    organisation = await samples.organisation(store)

    def write(tx: Transaction) -> list[str]:
        tx.desks.add(samples.desk())
        tx.desks.add(samples.desk("other"))
        for name, state in (("d", "paused"), ("c", "closed"), ("b", "pending"), ("a", "active")):
            tx.connections.add(samples.connection(name, state=ConnectionState(state)))
        elsewhere = samples.connection("e", state=ConnectionState.ACTIVE, desk_id=samples.some_id("other"))
        tx.connections.add(elsewhere)
        return [one.name for one in tx.connections.open_at(samples.some_id("desk"))]

    assert await store.run(organisation.id, write) == ["a", "d"]


async def test_two_sides_of_one_node_cannot_share_a_side_id(store: Store) -> None:
    await samples.connected(store, "T1")
    with pytest.raises(RowConflict):
        await samples.connected(store, "T2")


async def test_a_removed_connection_takes_its_rows_along(store: Store) -> None:
    organisation_id = await samples.connected(store)
    connection_id = samples.connection().id

    def fill(tx: Transaction) -> None:
        tx.invitations.add(samples.invitation())
        tx.outbox.add(connection_id, samples.envelope(1))
        tx.inbox.store(connection_id, [samples.envelope(2)])
        tx.nonces.add(connection_id, "n", samples.NOW)
        tx.notices.add(samples.notice(1, connection_id=connection_id))
        tx.cards.put(connection_id, "number", "C1", "1.1")

    def look(tx: Transaction) -> list[Any]:
        return [tx.invitations.waiting(), tx.outbox.counts(), tx.notices.due(9), tx.cards.find(connection_id, "number")]

    await store.run(organisation_id, fill)
    await store.run(organisation_id, lambda tx: tx.connections.remove(connection_id))
    assert await store.read(organisation_id, look) == [(), {}, (), None]


async def test_a_connection_needs_a_desk_that_is_there(store: Store) -> None:
    organisation = await samples.organisation(store)
    with pytest.raises(RowConflict):
        await store.run(organisation.id, lambda tx: tx.connections.add(samples.connection()))
    await store.run(organisation.id, lambda tx: tx.desks.add(samples.desk()))
    await store.run(organisation.id, lambda tx: tx.desks.remove(samples.desk().id))
    with pytest.raises(RowConflict):
        await store.run(organisation.id, lambda tx: tx.connections.add(samples.connection()))


async def test_e3_reading_and_saving_at_once_loses_nothing(store: Store) -> None:
    organisation_id = await samples.connected(store)
    connection_id = samples.connection().id

    def count_one(tx: Transaction) -> None:
        tx.connections.save(tx.connections.by_id(connection_id).after_receiving(1))

    await asyncio.gather(*(store.run(organisation_id, count_one) for _ in range(40)))
    assert (await store.read(organisation_id, lambda tx: tx.connections.by_id(connection_id))).have == 40


async def test_of_two_who_take_a_name_at_once_the_second_one_sees_that_it_is_taken(store: Store) -> None:
    organisation = await samples.organisation(store)
    await store.run(organisation.id, lambda tx: tx.desks.add(samples.desk()))

    def take(number: int) -> Any:
        def write(tx: Transaction) -> bool:
            if "same" in tx.connections.names():
                return False
            own = samples.some_id(f"number{number}x")
            tx.connections.add(samples.connection("same", id=own, our_id=own))
            return True

        return write

    took = await asyncio.gather(*(store.run(organisation.id, take(number)) for number in range(8)))
    assert took.count(True) == 1
