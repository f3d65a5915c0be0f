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
