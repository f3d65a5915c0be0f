import asyncio
import threading
from dataclasses import replace

import pytest

from storage.errors import RowGone
from storage.store import Store, Transaction
from sync.envelope import PAUSE, RESUME, Envelope, Stream
from tests.databases import is_postgresql
from tests.storage import samples

ID = samples.connection().id
PLENTY = 10**6


def ids(envelopes: tuple[Envelope, ...]) -> list[str]:
    return [envelope.id for envelope in envelopes]


async def queued(store: Store, *envelopes: Envelope) -> str:
    organisation_id = await samples.connected(store)

    def write(tx: Transaction) -> None:
        for envelope in envelopes:
            tx.outbox.add(ID, envelope)

    await store.run(organisation_id, write)
    return organisation_id


TICKETS = tuple(samples.envelope(number) for number in range(5))
CONTROLS = (samples.envelope("p", PAUSE), samples.envelope("r", RESUME))


async def test_an_envelope_goes_out_as_it_was_put_in(store: Store) -> None:
    full = samples.envelope(1, body='{"summary":"Ünïcode 🌉"}', ticket="372", peer="15")
    organisation_id = await queued(store, full)
    assert await store.read(organisation_id, lambda tx: tx.outbox.batch(ID, max_bytes=PLENTY)) == ((full,), False)


async def test_a_batch_is_a_prefix_of_each_stream_and_control_goes_first(store: Store) -> None:
    organisation_id = await queued(store, TICKETS[0], CONTROLS[0], TICKETS[1], CONTROLS[1], TICKETS[2])
    everything = [*CONTROLS, *TICKETS[:3]]

    def batches(tx: Transaction) -> list[tuple[tuple[Envelope, ...], bool]]:
        return [tx.outbox.batch(ID, limit=limit, max_bytes=PLENTY) for limit in range(1, 7)]

    for limit, (batch, more) in enumerate(await store.read(organisation_id, batches), 1):
        assert ids(batch) == [envelope.id for envelope in everything[:limit]]
        assert more == (limit < 5)


async def test_a_batch_keeps_to_its_bytes_without_leaving_a_hole(store: Store) -> None:
    small, large = samples.envelope(1, body="x" * 10), samples.envelope(2, body="x" * 100)
    organisation_id = await queued(store, small, large, replace(small, id=samples.some_id("third")))
    # The third would fit, but the second has not gone yet.
    batch, more = await store.read(organisation_id, lambda tx: tx.outbox.batch(ID, max_bytes=50))
    assert (ids(batch), more) == ([small.id], True)


async def test_bytes_are_counted_not_characters(store: Store) -> None:
    organisation_id = await queued(store, samples.envelope(1, body="€" * 10), samples.envelope(2, body="€" * 10))
    batch, _ = await store.read(organisation_id, lambda tx: tx.outbox.batch(ID, max_bytes=59))
    assert len(batch) == 1
    batch, _ = await store.read(organisation_id, lambda tx: tx.outbox.batch(ID, max_bytes=60))
    assert len(batch) == 2


async def test_an_envelope_larger_than_a_batch_goes_alone_and_blocks_nothing(store: Store) -> None:
    organisation_id = await queued(store, samples.envelope(1, body="x" * 100), samples.envelope(2))
    batch, more = await store.read(organisation_id, lambda tx: tx.outbox.batch(ID, max_bytes=10))
    assert (len(batch), more) == (1, True)


async def test_control_only_leaves_tickets_in_the_queue(store: Store) -> None:
    organisation_id = await queued(store, *TICKETS, *CONTROLS)
    batch, more = await store.read(organisation_id, lambda tx: tx.outbox.batch(ID, control_only=True, max_bytes=PLENTY))
    assert (ids(batch), more) == ([envelope.id for envelope in CONTROLS], False)


async def test_what_was_acknowledged_is_gone_and_counted_once(store: Store) -> None:
    organisation_id = await queued(store, *TICKETS)
    acked = [TICKETS[0].id, TICKETS[1].id, "unknown"]
    assert await store.run(organisation_id, lambda tx: tx.outbox.ack(ID, acked)) == 2
    assert await store.run(organisation_id, lambda tx: tx.outbox.ack(ID, acked)) == 0
    assert await store.run(organisation_id, lambda tx: tx.outbox.ack(ID, ())) == 0
    batch, _ = await store.read(organisation_id, lambda tx: tx.outbox.batch(ID, max_bytes=PLENTY))
    assert ids(batch) == [envelope.id for envelope in TICKETS[2:]]


async def test_queues_are_counted_by_connection(store: Store) -> None:
    organisation_id = await queued(store, *TICKETS)
    other = samples.connection("other")

    def write(tx: Transaction) -> dict[str, int]:
        tx.connections.add(other)
        tx.outbox.add(other.id, samples.envelope(9))
        return tx.outbox.counts()

    assert await store.run(organisation_id, write) == {ID: 5, other.id: 1}
    await store.run(organisation_id, lambda tx: tx.outbox.clear(ID))
    assert await store.read(organisation_id, lambda tx: (tx.outbox.count(ID), tx.outbox.count(other.id))) == (0, 1)


async def test_order_is_the_order_of_commits(database_store: Store, store_url: str) -> None:
    if not is_postgresql(store_url):
        return  # one writer: nothing can overtake
    organisation_id = await samples.connected(database_store)
    first_has_written, second_has_written = threading.Event(), threading.Event()
    overtaken: list[bool] = []

    def first(tx: Transaction) -> None:
        tx.outbox.add(ID, TICKETS[0])
        first_has_written.set()
        # The second one waits for our commit, so this wait runs out: long enough to see it, were it otherwise.
        if second_has_written.wait(0.2):
            overtaken.append(True)

    def second(tx: Transaction) -> None:
        first_has_written.wait(5)
        tx.outbox.add(ID, TICKETS[1])
        second_has_written.set()

    await asyncio.gather(database_store.run(organisation_id, first), database_store.run(organisation_id, second))
    assert not overtaken
    batch, _ = await database_store.read(organisation_id, lambda tx: tx.outbox.batch(ID, max_bytes=PLENTY))
    assert batch == TICKETS[:2]


async def test_e1_a_second_arrival_does_nothing(store: Store) -> None:
    organisation_id = await samples.connected(store)
    first, second = TICKETS[:3], TICKETS[1:]
    assert await store.run(organisation_id, lambda tx: tx.inbox.store(ID, first)) == first
    assert await store.run(organisation_id, lambda tx: tx.inbox.store(ID, second)) == TICKETS[3:]
    assert await store.run(organisation_id, lambda tx: tx.inbox.store(ID, TICKETS)) == ()
    assert await store.run(organisation_id, lambda tx: tx.inbox.store(ID, ())) == ()
    assert await store.read(organisation_id, lambda tx: tx.inbox.next(ID, Stream.TICKET, 10)) == TICKETS


async def test_an_id_twice_in_one_batch_counts_once_and_the_first_one_holds(store: Store) -> None:
    organisation_id = await samples.connected(store)
    twice = (TICKETS[0], TICKETS[1], replace(TICKETS[0], body='{"other":1}'))
    assert await store.run(organisation_id, lambda tx: tx.inbox.store(ID, twice)) == TICKETS[:2]
    assert await store.read(organisation_id, lambda tx: tx.inbox.next(ID, Stream.TICKET, 10)) == TICKETS[:2]


async def test_envelopes_of_all_shapes_keep_their_order(store: Store) -> None:
    organisation_id = await samples.connected(store)
    mixed = tuple(
        samples.envelope(number, ticket=str(number) if number % 2 else None, peer="p" if number % 3 else None)
        for number in range(100)
    )
    assert await store.run(organisation_id, lambda tx: tx.inbox.store(ID, mixed)) == mixed
    assert await store.read(organisation_id, lambda tx: tx.inbox.next(ID, Stream.TICKET, 100)) == mixed


async def test_e2_a_crash_before_the_commit_leaves_nothing_stored_and_nothing_counted(store: Store) -> None:
    organisation_id = await samples.connected(store)

    def crash(tx: Transaction) -> None:
        stored = tx.inbox.store(ID, TICKETS)
        tx.connections.save(tx.connections.by_id(ID).after_receiving(len(stored)))
        tx.nonces.add(ID, "nonce", tx.now)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await store.run(organisation_id, crash)
    assert await store.read(organisation_id, lambda tx: tx.inbox.unprocessed(ID)) == 0
    # The partner repeats the batch, and now it counts.
    assert await store.run(organisation_id, lambda tx: tx.inbox.store(ID, TICKETS)) == TICKETS


async def test_e3_batches_at_once_on_one_connection_are_stored_once(store: Store) -> None:
    organisation_id = await samples.connected(store)

    def take(tx: Transaction) -> int:
        before = tx.connections.by_id(ID)
        stored = tx.inbox.store(ID, TICKETS)
        tx.connections.save(before.after_receiving(len(stored)))
        return len(stored)

    counts = await asyncio.gather(*(store.run(organisation_id, take) for _ in range(16)))
    assert sorted(counts) == [0] * 15 + [5]
    assert await store.read(organisation_id, lambda tx: tx.connections.by_id(ID).have) == 5


async def test_e4_a_parked_envelope_does_not_stand_in_the_way(store: Store) -> None:
    organisation_id = await samples.connected(store)

    def write(tx: Transaction) -> tuple[Envelope, ...]:
        tx.inbox.store(ID, TICKETS)
        tx.inbox.settle(ID, TICKETS[0].id, "parked")
        tx.inbox.settle(ID, TICKETS[1].id, "done")
        tx.inbox.settle(ID, TICKETS[2].id, "unsupported")
        return tx.inbox.next(ID, Stream.TICKET, 10)

    assert await store.run(organisation_id, write) == TICKETS[3:]
    assert await store.read(organisation_id, lambda tx: tx.inbox.unprocessed(ID)) == 2


async def test_what_waits_for_a_ticket_of_theirs_is_read_in_the_order_of_arrival(store: Store) -> None:
    organisation_id = await samples.connected(store)
    first, other, second, third = (
        samples.envelope(number, ticket=ticket) for number, ticket in enumerate(("t1", "t2", "t1", "t1"))
    )
    result = samples.envelope("result", "result", ticket="t1")
    nameless = samples.envelope("nameless")
    arrived = (result, first, nameless, other, second, third)
    await store.run(organisation_id, lambda tx: tx.inbox.store(ID, arrived))

    def settle_first(tx: Transaction) -> list[tuple[Envelope, ...]]:
        before = tx.inbox.of_ticket(ID, "t1", 2)
        tx.inbox.settle(ID, first.id, "done")
        return [before, tx.inbox.of_ticket(ID, "t1", 9), tx.inbox.of_ticket(ID, "t3", 9)]

    assert await store.run(organisation_id, settle_first) == [(first, second), (second, third), ()]


async def test_it_is_known_when_an_envelope_came_first(store: Store) -> None:
    organisation_id = await samples.connected(store)
    one = samples.envelope(1, ticket="t1")
    await store.run(organisation_id, lambda tx: tx.inbox.store(ID, (one,)))
    came = await store.read(organisation_id, lambda tx: tx.inbox.received_at(ID, one.id))
    await store.run(organisation_id, lambda tx: tx.inbox.store(ID, (one,)))
    assert await store.read(organisation_id, lambda tx: tx.inbox.received_at(ID, one.id)) == came
    with pytest.raises(RowGone):
        await store.read(organisation_id, lambda tx: tx.inbox.received_at(ID, "nothing"))


async def test_a_ticket_has_more_until_all_about_it_is_settled(store: Store) -> None:
    organisation_id = await samples.connected(store)
    one, other = samples.envelope(1, ticket="t1"), samples.envelope(2, ticket="t2")
    result = samples.envelope("result", "result", ticket="t1")
    await store.run(organisation_id, lambda tx: tx.inbox.store(ID, (one, other, result)))

    def settle(tx: Transaction) -> list[bool]:
        before = tx.inbox.has_more(ID, "t1")
        tx.inbox.settle(ID, one.id, "done")
        return [before, tx.inbox.has_more(ID, "t1"), tx.inbox.has_more(ID, "t2"), tx.inbox.has_more(ID, "t3")]

    assert await store.run(organisation_id, settle) == [True, False, True, False]


async def test_tickets_about_which_something_waits_are_named_once_and_the_longest_wait_comes_first(
    store: Store,
) -> None:
    organisation_id = await samples.connected(store)
    arrived = [samples.envelope(number, ticket=ticket) for number, ticket in enumerate(("t2", "t10", "t2", "t1", None))]

    def write(tx: Transaction) -> list[tuple[str, ...]]:
        tx.inbox.store(ID, [samples.envelope("result", "result", ticket="t9"), *arrived])
        waiting = [tx.inbox.tickets_waiting(ID), tx.inbox.tickets_waiting("nothing")]
        tx.inbox.settle(ID, arrived[0].id, "done")
        return [*waiting, tx.inbox.tickets_waiting(ID)]

    assert await store.run(organisation_id, write) == [("t2", "t10", "t1"), (), ("t10", "t2", "t1")]


async def test_the_two_streams_are_read_apart(store: Store) -> None:
    organisation_id = await samples.connected(store)
    await store.run(organisation_id, lambda tx: tx.inbox.store(ID, (*TICKETS, *CONTROLS)))
    assert await store.read(organisation_id, lambda tx: tx.inbox.next(ID, Stream.CONTROL, 1)) == CONTROLS[:1]
    assert await store.read(organisation_id, lambda tx: tx.inbox.next(ID, Stream.TICKET, 9)) == TICKETS


async def test_acks_are_owed_until_the_partner_knows(store: Store) -> None:
    organisation_id = await samples.connected(store)
    await store.run(organisation_id, lambda tx: tx.inbox.store(ID, TICKETS))
    owed = await store.read(organisation_id, lambda tx: tx.inbox.unacked(ID, 3))
    assert owed == tuple(envelope.id for envelope in TICKETS[:3])
    await store.run(organisation_id, lambda tx: tx.inbox.confirm(ID, owed))
    assert await store.read(organisation_id, lambda tx: tx.inbox.unacked(ID)) == (TICKETS[3].id, TICKETS[4].id)


async def test_nothing_is_queued_or_stored_for_a_connection_that_is_not_there(store: Store) -> None:
    organisation = await samples.organisation(store)
    with pytest.raises(RowGone):
        await store.run(organisation.id, lambda tx: tx.outbox.add("nothing", TICKETS[0]))
    with pytest.raises(RowGone):
        await store.run(organisation.id, lambda tx: tx.inbox.store("nothing", TICKETS))
