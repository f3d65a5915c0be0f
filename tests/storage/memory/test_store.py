import random
import time
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from storage.errors import RowConflict
from storage.memory.store import MemoryStore
from storage.store import Transaction
from tests.databases import everything_in_memory
from tests.storage import samples

ID, LINK = samples.connection().id, samples.link()


def still() -> datetime:
    return samples.NOW


async def test_time_and_chance_are_what_was_given() -> None:
    async def ids(seed: int) -> tuple[Any, ...]:
        store = MemoryStore(clock=still, chance=random.Random(seed).randbytes)
        organisation = await samples.organisation(store)
        now = await store.read(organisation.id, lambda tx: tx.now)
        return await store.system(lambda tx: tx.node_id()), organisation.id, now

    assert await ids(7) == await ids(7)
    assert (await ids(7))[:2] != (await ids(8))[:2]
    assert (await ids(7))[2] == samples.NOW


async def test_a_clock_that_goes_on_stands_still_in_a_transaction() -> None:
    moments = iter(samples.NOW + timedelta(seconds=number) for number in range(99))
    store = MemoryStore(clock=lambda: next(moments))
    organisation = await samples.organisation(store)
    times = [await store.read(organisation.id, lambda tx: (tx.now, tx.now)) for _ in range(2)]
    assert times[0][0] == times[0][1] < times[1][0]


def test_it_needs_no_event_loop() -> None:
    store = MemoryStore(clock=still)
    work = store.system(lambda tx: tx.register("T1", "Acme"))
    with pytest.raises(StopIteration) as ended:
        work.send(None)
    assert ended.value.value.team_id == "T1"


async def test_i16_whatever_a_work_did_before_it_raised_is_taken_back() -> None:
    store = MemoryStore(clock=still)
    organisation_id = await samples.linked(store)

    def write(tx: Transaction) -> None:
        tx.outbox.add(ID, samples.envelope(1))
        tx.inbox.store(ID, [samples.envelope(2, ticket="t372")])
        tx.traces.put(samples.trace())
        tx.intents.add(samples.intent())
        tx.vault.put("draft", "U1", b"x")

    await store.run(organisation_id, write)
    before = everything_in_memory(store)

    def fail(tx: Transaction) -> None:
        tx.outbox.ack(ID, [samples.envelope(1).id])
        tx.inbox.settle(ID, samples.envelope(2).id, "done")
        tx.links.save(replace(tx.links.by_id(LINK.id), reason="changed"))
        tx.intents.done(samples.intent().id)
        tx.connections.remove(ID)
        tx.desks.remove(samples.desk().id)
        tx.vault.forget("draft", "U1")
        tx.homes.put("U1")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await store.run(organisation_id, fail)
    assert everything_in_memory(store) == before
    assert await store.read(organisation_id, lambda tx: tx.outbox.batch(ID, max_bytes=99)[0]) == (samples.envelope(1),)
    with pytest.raises(ZeroDivisionError):
        await store.system(lambda tx: (tx.register("T2", "Globex"), tx.sweep(tx.now + timedelta(days=999)), 1 / 0))
    assert everything_in_memory(store) == before
    assert len(await store.system(lambda tx: tx.organisations())) == 1


async def test_queues_keep_their_order_after_something_was_taken_back() -> None:
    store = MemoryStore(clock=still)
    organisation_id = await samples.connected(store)
    envelopes = [samples.envelope(number) for number in range(5)]

    def write(tx: Transaction) -> None:
        for envelope in envelopes:
            tx.outbox.add(ID, envelope)
        tx.inbox.store(ID, envelopes)

    def fail(tx: Transaction) -> None:
        tx.outbox.ack(ID, [envelopes[0].id, envelopes[2].id])
        tx.inbox.settle(ID, envelopes[1].id, "done")
        raise ZeroDivisionError

    await store.run(organisation_id, write)
    with pytest.raises(ZeroDivisionError):
        await store.run(organisation_id, fail)
    assert list((await store.read(organisation_id, lambda tx: tx.outbox.batch(ID, max_bytes=999)))[0]) == envelopes
    assert list(await store.read(organisation_id, lambda tx: tx.inbox.next(ID, envelopes[0].stream, 9))) == envelopes


async def test_a_stranger_gets_nothing_and_leaves_nothing() -> None:
    store = MemoryStore(clock=still)
    with pytest.raises(RowConflict):
        await store.run("nobody", lambda tx: tx.homes.put("U1"))
    assert await store.read("nobody", lambda tx: tx.homes.all()) == ()
    assert everything_in_memory(store) == b""


async def test_a_small_transaction_is_cheap() -> None:
    """Two reads and two writes take well under 60 µs; the bound here only finds what became slow by a mistake."""
    store = MemoryStore(clock=still)
    organisation_id = await samples.linked(store, *(samples.link(str(number)) for number in range(500)))
    envelopes = iter([samples.envelope(f"cheap{number}") for number in range(2000)])

    def small(tx: Transaction) -> None:
        tx.connections.by_id(ID)
        link = tx.links.by_ours(ID, "5")
        assert link is not None
        tx.links.save(link)
        tx.outbox.add(ID, next(envelopes))

    began = time.process_time()
    for _ in range(2000):
        await store.run(organisation_id, small)
    assert (time.process_time() - began) / 2000 < 0.0005
