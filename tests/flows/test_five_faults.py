"""The five faults in which peers lose or double something, against us, over two Freshservice accounts: 0 and 0.

People on both sides raise tickets, comment, attach files and edit fields; every text is said once and is looked for at
the other desk (I1, I2); the last word on a field stands on both (I3, I4); afterwards both rest (I5).
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from random import Random

import pytest

from flows.poll import look_at
from sandbox.freshservice import FreshserviceStandIn, Plan, Trouble
from tests.flows.freshservice_pair import Desks, two_accounts
from tests.flows.ledger import Ledger
from tests.flows.two_sides import HalfPair

SEEDS = ((1, 24), *(pytest.param((seed, 48), marks=pytest.mark.slow) for seed in (2, 3, 4)))  # with the number of acts
SWEEP = 301
Fault = Callable[["Driver"], Awaitable[None]]


@dataclass
class Driver:
    """Two accounts, what was said at them, and who works for them."""

    desks: Desks
    random: Random
    acts: int

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.desks.acme, self.desks.globex, self.random)
        pair = self.desks.pair
        self.sides: list[tuple[FreshserviceStandIn, HalfPair]] = [
            (self.desks.acme, pair.acme),
            (self.desks.globex, pair.globex),
        ]

    async def rest(self) -> None:
        """Long enough for everything that waits, and for sweeps."""
        for desk, _ in self.sides:
            desk.faults.clear()
        await self.desks.settle(10)
        await self.desks.pair.settle(rounds=3, seconds=SWEEP)


async def kill(driver: Driver) -> None:
    """In the middle of its work, wherever that is: nothing after that point happens, leases are given back at once."""
    desk, half = driver.random.choice(driver.sides)
    await half.poll()
    working = asyncio.ensure_future(half.work())
    seen, calls = len(desk.calls), driver.random.randrange(1, 7)
    while len(desk.calls) < seen + calls and not working.done():
        await asyncio.wait({working}, timeout=0)
    for _ in range(driver.random.randrange(12)):
        await asyncio.sleep(0)
    working.cancel()
    with suppress(asyncio.CancelledError):
        await working
    await half.node.store.system(lambda tx: tx.lanes.release_all(half.name))


async def outage(driver: Driver) -> None:
    """For some rounds the desk answers nothing of use."""
    desk, _ = driver.random.choice(driver.sides)
    trouble = driver.random.choice((Trouble.ERROR, Trouble.RESET))
    desk.faults.add(trouble, times=driver.random.randrange(3, 25), status=503)


async def lose_replies(driver: Driver) -> None:
    """The desk does what it is told, and the answer does not come."""
    desk, _ = driver.random.choice(driver.sides)
    trouble = driver.random.choice((Trouble.LOST, Trouble.CUT, Trouble.ERROR_AFTER, Trouble.NOT_JSON))
    for method in ("POST", "PUT"):
        desk.faults.add(trouble, method=method, times=2, skip=driver.random.randrange(2))


async def limit(driver: Driver) -> None:
    """The desk says 429 on top of its small plan, with and without the time to wait."""
    desk, _ = driver.random.choice(driver.sides)
    desk.faults.add(Trouble.TOO_MANY, times=driver.random.randrange(1, 6), seconds=driver.random.choice((None, 7.0)))


async def repeat_hints(driver: Driver) -> None:
    """Every hook of the last minutes comes again and again, shuffled, also for tickets that nobody knows."""
    hints = [(half, str(ticket.id)) for desk, half in driver.sides for ticket in desk.tickets]
    hints += [(half, "4711") for _, half in driver.sides]
    for half, ticket_id in driver.random.sample(hints * 4, k=len(hints) * 2):
        await look_at(half.node, half.organisation_id, half.desk_id, ticket_id)
        if driver.random.random() < 0.1:
            await half.work()


FAULTS: dict[str, Fault] = {
    "kill": kill,
    "outage": outage,
    "lost reply": lose_replies,
    "rate limit": limit,
    "repeated hint": repeat_hints,
}


@pytest.fixture(params=SEEDS, ids=lambda seed_and_acts: f"seed {seed_and_acts[0]}")
async def driver(request: pytest.FixtureRequest) -> AsyncIterator[Driver]:
    is_limited = "rate limit" in request.node.name
    async with two_accounts(*((Plan(60, 40, 40),) if is_limited else ())) as desks:
        seed, acts = request.param
        yield Driver(desks, Random(seed), acts)


@pytest.mark.parametrize("name", FAULTS)
async def test_five_faults_none_lost_and_none_doubled(driver: Driver, name: str) -> None:
    struck = 0
    for number in range(driver.acts):
        driver.desks.pair.clock.advance(4)
        driver.ledger.act()
        if number % 4 == 3:
            await FAULTS[name](driver)
            struck += 1
            await driver.desks.pair.settle(rounds=1, seconds=13)
    await driver.rest()
    assert struck == driver.acts // 4
    assert driver.ledger.lost_and_doubled() == ([], [])
    # At a desk that refuses to answer nobody sees in time that somebody's later word stands there already: decision 10.
    assert driver.ledger.differing(last_of_all=name != "rate limit") == []
    writes = driver.desks.writes()
    await driver.rest()
    assert driver.desks.writes() == writes
