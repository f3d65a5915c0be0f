"""E1: control envelopes over a wire that loses, repeats, delays and overtakes: each arrives once, and in order."""

import asyncio
import random
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from exchange.ports import WireAnswer, WireRequest
from flows.connections import pause, resume
from flows.dial import Outcome
from flows.draw import new_id
from pairing.connection import ConnectionState
from pairing.terms import Reach
from storage.store import Transaction
from storage.vault import KeyRing
from sync.envelope import Envelope
from tests.databases import SqliteFiles
from tests.flows.sides import Answering, Half, Pair, as_it_is, connected, two_sides

FAST_SEEDS, SLOW_SEEDS = range(3), range(1000, 1200)


@dataclass
class Weather:
    """Loses a quarter of the requests and a quarter of the answers, repeats some, and lets them overtake each other."""

    chance: random.Random
    calm: bool = False
    late: set["asyncio.Task[WireAnswer]"] = field(default_factory=set)

    async def __call__(self, request: WireRequest, answer: Answering) -> WireAnswer:
        if self.calm:
            return await answer(request)
        for _ in range(self.chance.randrange(4)):
            await asyncio.sleep(0)  # others overtake
        if self.chance.random() < 0.25:
            raise TimeoutError
        if self.chance.random() < 0.2:  # the same bytes once more, on another way
            self.late.add(asyncio.create_task(self._later(request, answer)))
        answered = await answer(request)
        if self.chance.random() < 0.25:
            raise TimeoutError
        return answered

    async def _later(self, request: WireRequest, answer: Answering) -> WireAnswer:
        for _ in range(self.chance.randrange(12)):
            await asyncio.sleep(0)
        return await answer(request)

    async def settle(self) -> None:
        self.calm = True
        await asyncio.gather(*self.late)


async def work(half: Half, chance: random.Random, sent: list[str], turns: int) -> None:
    """One side's life: it says things, pauses and resumes, and exchanges, two exchanges at a time."""
    connection = await half.connection()
    for number in range(turns):
        moves = [half.exchange(wait=0) for _ in range(chance.randrange(1, 3) if connection.may_dial else 0)]
        await asyncio.gather(say(half, connection.id, chance, sent, number), *moves)


async def say(half: Half, connection_id: str, chance: random.Random, sent: list[str], number: int) -> None:
    if chance.random() < 0.3:
        own = await half.connection()
        await (resume if own.paused_by_us else pause)(half.node, half.actor, own.name)
        return
    envelope = Envelope(new_id(half.node), "connection.test", half.clock.at, f'{{"number":{number}}}')

    def write(tx: Transaction) -> None:
        tx.outbox.add(connection_id, envelope)
        tx.wake(f"connection:{connection_id}")

    await half.node.store.run(half.id, write)
    sent.append(envelope.id)


def stored(file: str) -> list[str]:
    """Ids in the order in which the inbox took them; what the flow itself sends is left out."""
    with sqlite3.connect(file) as database:
        rows = database.execute("SELECT id FROM inbox WHERE type = 'connection.test' ORDER BY seq").fetchall()
    return [str(row[0]) for row in rows]


async def until_quiet(pair: Pair) -> None:
    for _ in range(60):
        waiting = [await half.queued() for half in pair.halves]
        for half in pair.halves:
            if (await half.connection()).may_dial:
                last = await half.exchange()
                assert last.outcome in (Outcome.QUIET, Outcome.MORE)
        if not any(waiting):
            return
    raise AssertionError("it does not come to rest")


async def simulate(seed: int, folder: Path, files: SqliteFiles, keys: KeyRing, *, turns: int) -> None:
    chance = random.Random(seed)
    urls = [files.fresh_url() for _ in range(2)]
    rest = iter(urls)
    async with two_sides(lambda: next(rest), keys) as pair:
        await connected(pair, chance.choice((Reach.PRIVATE, Reach.PUBLIC)))
        weather, said = Weather(chance), ([], [])  # type: tuple[Weather, tuple[list[str], list[str]]]
        for half in pair.halves:
            half.spoil = weather
        await asyncio.gather(*(work(h, chance, s, turns) for h, s in zip(pair.halves, said, strict=True)))
        await weather.settle()
        for half in pair.halves:
            half.spoil = as_it_is
        await until_quiet(pair)
        acme, globex = await pair.acme.connection(), await pair.globex.connection()
    first, second = (url.removeprefix("sqlite:///") for url in urls)
    assert stored(second) == said[0], f"what Acme said, seed {seed}"
    assert stored(first) == said[1], f"what Globex said, seed {seed}"
    assert (acme.paused_by_us, acme.paused_by_them) == (globex.paused_by_them, globex.paused_by_us)
    assert acme.state is globex.state and acme.state in (ConnectionState.ACTIVE, ConnectionState.PAUSED)
    assert (acme.have, globex.have) == (globex.acked, acme.acked)


@pytest.mark.parametrize("seed", FAST_SEEDS)
async def test_everything_arrives_once_and_in_order(
    seed: int, tmp_path: Path, memory_files: SqliteFiles, keys: KeyRing
) -> None:
    await simulate(seed, tmp_path, memory_files, keys, turns=12)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SLOW_SEEDS)
async def test_everything_arrives_once_and_in_order_two_hundred_times(
    seed: int, tmp_path: Path, memory_files: SqliteFiles, keys: KeyRing
) -> None:
    await simulate(seed, tmp_path, memory_files, keys, turns=15)
