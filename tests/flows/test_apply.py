from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from pairing.connection import ConnectionState
from sync.brakes import Brakes
from sync.errors import RemoteUnavailable
from tests.flows.two_sides import Pair, in_memory


@pytest.fixture
async def pair() -> AsyncIterator[Pair]:
    async with in_memory() as both:
        yield both


async def test_a_new_ticket_counts_once_for_the_brake_however_often_it_is_tried(pair: Pair) -> None:
    globex, left = pair.globex, 8
    globex.node = replace(globex.node, brakes=Brakes(creations=2))

    def silent(moment: str, call: str) -> None:
        nonlocal left
        if (moment, call) == ("before", "facts") and left:
            left -= 1
            raise RemoteUnavailable("no answer", 1)

    globex.account.watch = silent
    pair.clock.advance(5)
    for number in range(2):
        pair.acme.account.raise_ticket(f"Ticket {number}")
    await pair.settle(rounds=16, seconds=11)
    assert left == 0
    assert len(globex.account.records) == 2
    assert (await globex.connection()).state is ConnectionState.ACTIVE


async def test_one_new_ticket_too_many_pauses_the_connection_instead(pair: Pair) -> None:
    globex = pair.globex
    globex.node = replace(globex.node, brakes=Brakes(creations=2))
    pair.clock.advance(5)
    for number in range(3):
        pair.acme.account.raise_ticket(f"Ticket {number}")
    await pair.settle(rounds=3, seconds=11)
    assert len(globex.account.records) == 2
    assert (await globex.connection()).paused_by_us


async def test_what_our_people_changed_since_an_old_list_is_known_before_the_partners_value_is_written_I9(
    pair: Pair,
) -> None:
    acme, globex = pair.acme, pair.globex
    ticket, twin = await pair.linked()
    acme.account.edit(ticket, priority="Low")
    pair.clock.advance(2)
    globex.account.edit(twin, priority="Urgent")
    pair.clock.advance(2)
    await pair.told()
    for _ in range(4):
        await globex.work()
        pair.clock.advance(0.3)
    await pair.settle(rounds=4, seconds=61)
    found = await globex.node.store.read(
        globex.organisation_id, lambda tx: tx.disagreements.recent(globex.connection_id, 5)
    )
    assert [(one.field, one.ours, one.theirs) for one in found] == [("priority", '"Urgent"', '"Low"')]
    said = {acme.account.records[ticket].fields["priority"], globex.account.records[twin].fields["priority"]}
    assert said == {"Urgent"}  # the later one


async def test_a_list_that_fails_keeps_no_update_waiting(pair: Pair) -> None:
    acme, globex = pair.acme, pair.globex
    ticket, twin = await pair.linked()

    def fail(moment: str, call: str) -> None:
        if (moment, call) == ("before", "list"):
            raise RemoteUnavailable("no answer", 600)

    globex.account.watch = fail
    acme.account.edit(ticket, summary="Printer burns")
    await pair.told()
    for _ in range(3):
        await globex.work()
        pair.clock.advance(0.3)
    assert globex.account.records[twin].fields["summary"] == "Printer burns"


async def test_a_fresh_list_keeps_no_update_waiting(pair: Pair) -> None:
    acme, globex = pair.acme, pair.globex
    ticket, twin = await pair.linked()
    await globex.poll()
    await globex.work()
    acme.account.edit(ticket, summary="Printer burns")
    await pair.told()
    await globex.work()
    assert globex.account.records[twin].fields["summary"] == "Printer burns"
