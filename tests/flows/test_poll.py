from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any, cast

import pytest

from flows.poll import look_at, poll_desk
from storage.lanes import LaneKind, Lease
from storage.store import Transaction
from sync.errors import RemoteUnavailable
from tests.flows.two_sides import HalfPair, Pair, in_memory
from tests.simulation.world import now_done
from trackers.memory_desk import MemoryTracker


@dataclass
class Silence:
    """A kind of desk that does not answer while `lasts`; then it is `half`'s toy desk."""

    half: HalfPair
    lasts: bool = True

    def open(self, *_: Any, **__: Any) -> MemoryTracker:
        if self.lasts:
            raise RemoteUnavailable("no answer")
        return MemoryTracker(self.half.account)


@pytest.fixture
async def pair() -> AsyncIterator[Pair]:
    async with in_memory() as both:
        yield both


async def polled(half: HalfPair) -> set[str]:
    """Looks once; which tickets are to be read."""
    await half.poll()
    (lease,) = await half.node.store.system(lambda tx: tx.lanes.claim("w", (LaneKind.POLL,), 1, 30))
    await poll_desk(half.node, lease)
    taken: tuple[Lease, ...] = await half.node.store.system(lambda tx: tx.lanes.claim("w", (LaneKind.TAKE,), 5000, 30))
    return {lease.key.rpartition(":")[2] for lease in taken}


async def test_what_was_raised_while_the_very_first_looks_failed_is_found_I1(pair: Pair) -> None:
    acme, silence = pair.acme, Silence(pair.acme)
    acme.node = replace(acme.node, desks=cast(Any, {"memory": silence}))
    pair.clock.advance(5)
    ticket = acme.account.raise_ticket("Printer smokes")
    for _ in range(5):
        await acme.poll()
        await acme.work()
        pair.clock.advance(120)
    silence.lasts = False
    assert await polled(acme) == {ticket}


async def test_a_desk_that_was_never_looked_at_before_a_scope_is_looked_at_from_the_scope_on(pair: Pair) -> None:
    pair.clock.advance(-600)
    pair.acme.account.raise_ticket("Old")
    pair.clock.advance(3600)
    assert await polled(pair.acme) == set()


async def test_a_thousand_and_more_changes_at_once_are_all_found_I1(pair: Pair) -> None:
    pair.clock.advance(5)
    made = {pair.acme.account.raise_ticket(f"Ticket {number}") for number in range(1250)}
    assert await polled(pair.acme) == made


async def test_what_comes_in_the_second_of_a_look_that_found_nothing_is_found_by_a_second_look_I1(pair: Pair) -> None:
    """A hint that comes while a ticket is read has it read again at once: that is not yet the second look."""
    acme, clock = pair.acme, pair.clock
    clock.advance(5)
    ticket = acme.account.raise_ticket("Printer smokes")
    await pair.settle(rounds=2, seconds=61)
    acme.account.comment(ticket, "Ana", "one")
    reads = 0

    def hint(moment: str, call: str) -> None:
        nonlocal reads
        if (moment, call) == ("after", "read"):
            reads += 1
            if reads == 1:
                now_done(look_at(acme.node, acme.organisation_id, acme.desk_id, ticket))

    acme.account.watch = hint
    await acme.poll()
    await acme.work()
    assert reads == 2
    clock.advance(0.2)
    acme.account.comment(ticket, "Ana", "two")
    await pair.settle(rounds=4, seconds=10)
    (twin,) = pair.globex.account.records.values()
    assert [comment.text.split("\n\n")[1] for comment in twin.comments.values()] == ["one", "two"]


@pytest.mark.parametrize("what", ["comment", "tags", "file"])
async def test_what_no_list_shows_moves_the_version_and_is_found_by_the_next_look_I10(pair: Pair, what: str) -> None:
    account = pair.acme.account
    pair.clock.advance(5)
    ticket = account.raise_ticket("Printer smokes")
    await pair.settle(rounds=2, seconds=30)
    if what == "comment":
        account.comment(ticket, "Ana", "We come.")
    elif what == "tags":
        account.edit(ticket, tags=("smoke",))
    else:
        account.attach(ticket, "a.txt", b"a")
    assert await polled(pair.acme) == {ticket}


async def test_what_one_connection_wrote_is_told_by_the_desks_other_connections_too_I1(pair: Pair) -> None:
    acme = pair.acme
    ticket, twin = await pair.linked()
    first = await acme.connection()
    second = replace(first, id="second".ljust(26, "a"), name="acme_to_initech", our_id="secondside".ljust(26, "a"))

    def join(tx: Transaction) -> None:
        linked = tx.links.by_ours(first.id, ticket)
        assert linked is not None
        tx.connections.add(second)
        tx.links.add(replace(linked, id="l" * 26, connection_id=second.id, their_ticket="77"))

    await acme.node.store.run(acme.organisation_id, join)
    pair.globex.account.edit(twin, priority="Urgent")
    await pair.settle(rounds=3, seconds=61)
    (told,), _ = await acme.node.store.read(
        acme.organisation_id, lambda tx: tx.outbox.batch(second.id, max_bytes=10**6)
    )
    assert (told.ticket, told.peer, '"Urgent"' in told.body) == (ticket, "77", True)


async def test_a_comment_of_ours_costs_one_look_and_the_list_that_shows_it_none(pair: Pair) -> None:
    acme, globex = pair.acme, pair.globex
    ticket, _ = await pair.linked()
    reads: list[str] = []
    globex.account.watch = lambda moment, call: reads.append(call) if (moment, call) == ("before", "read") else None
    acme.account.comment(ticket, "Ana", "We come.")
    await pair.told()
    await globex.work()
    pair.clock.advance(4)
    await globex.work()
    assert reads == ["read"]
    pair.clock.advance(61)
    await globex.poll()
    await globex.work()
    assert reads == ["read"]


async def test_a_look_at_what_we_wrote_waits_until_the_desk_has_calls_to_spare_and_is_made_once(pair: Pair) -> None:
    acme, globex = pair.acme, pair.globex
    ticket, twin = await pair.linked()
    globex.account.has_room = False
    before = globex.account.calls["read"]
    for priority in ("High", "Urgent", "Low"):
        acme.account.edit(ticket, priority=priority)
        await pair.settle(rounds=1, seconds=20)
    assert (globex.account.records[twin].fields["priority"], globex.account.calls["read"]) == ("Low", before)
    ours = globex.account.records[twin].version
    globex.account.comment(twin, "Bob", "Just before you wrote.")
    globex.account.records[twin].version = ours  # our write came after it: no list tells
    globex.account.has_room = True
    await pair.settle(rounds=2, seconds=20)
    assert globex.account.calls["read"] == before + 1
    (comment,) = acme.account.records[ticket].comments.values()
    assert "Just before you wrote." in comment.text
