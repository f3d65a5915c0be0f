"""What a change costs when a hundred tickets are linked and when a hundred thousand are, and what connections cost that
have nothing to do. Processor time of this process: both sides with their SQLite stores, clients and stand-ins."""

import asyncio
import random
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import cast

from benchmarks.pair import START, Clock, Pair, pair_of_desks, side_of
from bot.duties import Pace, duties
from bot.workers import Terms, Workers
from exchange.client import PartnerClient
from flows.node import Node, Tempo
from pairing.notice import Notice
from pairing.terms import Side
from sandbox.freshservice import UNLIMITED
from storage.lanes import LaneKind
from storage.migrate import upgrade
from storage.store import Store, Transaction
from storage.vault import KeyRing
from sync.desk import Desk
from sync.envelope import Batch
from sync.intent import Cursor
from trackers.memory import MemoryDesks

_KEYS = KeyRing((b"k" * 32,))
_COPIED = ("link", "trace", "sighting", "lane")


@dataclass(frozen=True, slots=True)
class Scale:
    """Numbers of linked tickets, changes at each, numbers of connections, and seconds for which they are watched."""

    linked: tuple[int, ...] = (100, 1_000, 10_000, 100_000)
    changes: int = 40
    connections: tuple[int, ...] = (1, 50, 500)
    seconds: float = 20.0


SMALL = Scale(linked=(10, 500), changes=3, connections=(1, 20), seconds=1.0)


@dataclass(frozen=True, slots=True)
class Growth:
    """Milliseconds of a change by the number of linked tickets, and processor milliseconds that idle connections take
    in a second, by their number."""

    change_ms: dict[int, float]
    idle_ms: dict[int, float]


async def measured(scale: Scale, folder: Path, say: Callable[[str], None]) -> Growth:
    change_ms = {}
    for number in scale.linked:
        say(f"{number:,} linked tickets")
        change_ms[number] = await _change_ms(number, scale.changes, folder / f"linked{number}")
    idle_ms = {}
    for number in scale.connections:
        say(f"{number:,} connections with nothing to do")
        idle_ms[number] = await _idle_ms(number, scale.seconds, folder / f"idle{number}.sqlite3")
    return Growth(change_ms, idle_ms)


async def _change_ms(number: int, changes: int, folder: Path) -> float:
    await asyncio.to_thread(folder.mkdir)

    def store_of(name: str, clock: Clock) -> Store:
        url = f"sqlite:///{folder / name}.sqlite3"
        upgrade(url)
        return Store.open(url, _KEYS, clock=clock)

    async with pair_of_desks(UNLIMITED, store_of=store_of) as pair:
        ana = pair.acme.desk.add_agent("Ana Ruiz")
        made = [ana.raise_ticket(f"Ticket {n}", "…", priority="Medium").id for n in range(changes)]
        await pair.run_until(200)
        for half in pair.halves:
            await asyncio.to_thread(_copies, folder / f"{half.name}.sqlite3", number - changes)
        before = time.process_time()
        await pair.run_until(200)
        idle = time.process_time() - before
        before = time.process_time()
        for ticket_id in made:
            ana.edit(ticket_id, subject=f"Ticket {ticket_id} again")
        await pair.run_until(200)
        _must_have_arrived(pair)
        return (time.process_time() - before - idle) * 1000 / changes


def _must_have_arrived(pair: Pair) -> None:
    assert all(ticket.subject.endswith(" again") for ticket in pair.globex.desk.tickets), "a change did not arrive"


def _copies(path: Path, number: int) -> None:
    """So many more linked tickets with all that hangs at them, of which no desk ever hears."""
    with sqlite3.connect(path) as database:
        database.row_factory = sqlite3.Row
        link = dict(database.execute("SELECT * FROM link ORDER BY id LIMIT 1").fetchone())
        for table in _COPIED:
            found = database.execute(f"SELECT * FROM {table} WHERE {_WHOSE[table]}", link).fetchall()
            for row in found:
                kept = {name: row[name] for name in row.keys() if name not in _NUMBERED[table]}  # noqa: SIM118
                names, places = ", ".join(kept), ", ".join(f":{name}" for name in kept)
                rows = (_renamed(table, kept, 10**6 + n) for n in range(max(number, 0)))
                database.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)
        database.execute("ANALYZE")


_WHOSE = {
    "link": "id = :id",
    "trace": "link_id = :id",
    "sighting": "ticket_id = :our_ticket",
    "lane": "key = :connection_id || ':' || :our_ticket AND kind = 'take'",
}
_NUMBERED: dict[str, tuple[str, ...]] = {"link": (), "trace": ("seq",), "sighting": (), "lane": ("id",)}


def _renamed(table: str, row: dict[str, object], number: int) -> dict[str, object]:
    link_id = f"copy{number:022}"
    if table == "link":
        return {**row, "id": link_id, "our_ticket": str(number), "their_ticket": str(number), "marker": ""}
    if table == "trace":
        return {**row, "link_id": link_id}
    if table == "sighting":
        return {**row, "ticket_id": str(number)}
    connection_id = str(row["key"]).partition(":")[0]
    return {**row, "key": f"{connection_id}:{number}", "due_at": None, "owner": None}


# connections with nothing to do


class _SilentPartner:
    """Holds every poll as long as it may, and has no news."""

    async def sync(self, base: str, their_id: str, batch: Batch, *, key: bytes, their_key: bytes) -> Batch:
        await asyncio.sleep(batch.wait)
        return Batch()


async def _idle_ms(number: int, seconds: float, path: Path) -> float:
    """All of them listen at a partner and look at a desk of their own."""
    url, desks, tempo = f"sqlite:///{path}", MemoryDesks(), Tempo()
    upgrade(url)
    store = Store.open(url, _KEYS)
    organisation = await store.system(lambda tx: tx.register("TIDLE", "Idle"))
    node = Node(
        store=store,
        wire=cast(PartnerClient, _SilentPartner()),
        desks={"memory": desks},
        address="https://bridge.example.com",
        node_id="n" * 26,
        trusted=frozenset(),
        software="benchmark",
        chance=random.Random(1).randbytes,
        tempo=tempo,
    )

    def write(tx: Transaction) -> None:
        for at in range(number):
            name = f"idle{at}"
            desk = Desk(f"desk{at}".ljust(26, "a"), "memory", name, f"memory:{name}", "U1", START)
            connection = side_of(name, f"other{at}", Side.INVITEE, desk.id)
            tx.desks.add(desk)
            tx.vault.put("desk_token", desk.id, b"toy-key")
            tx.connections.add(replace(connection, their_key=b"k" * 32))
            tx.vault.put("connection_key", connection.id, b"k" * 32)
            # As after an hour: looks at the desks have become rare, and all come at moments of their own.
            tx.cursors.put(desk.id, Cursor(tx.now, tempo.poll_most, tx.now))
            part = at / number
            tx.lanes.wake(LaneKind.POLL, desk.id, at=tx.now + timedelta(seconds=tempo.poll_most * part))
            tx.lanes.wake(LaneKind.LISTEN, connection.id, at=tx.now + timedelta(seconds=Pace().poll * part))

    await store.run(organisation.id, write)
    works = duties(_NoSlack(), pace=Pace(), care_seconds=30, draw=random.Random(2).random)
    workers = Workers(node, works, draw=random.Random(3).random, terms=Terms())
    task = asyncio.create_task(workers.run())
    await asyncio.sleep(min(seconds, Pace().poll))  # until all of them listen
    before, began = time.process_time(), time.perf_counter()
    await asyncio.sleep(seconds)
    spent = (time.process_time() - before) / (time.perf_counter() - began)
    workers.stop()
    with suppress(asyncio.CancelledError):
        await task
    await store.close()
    return spent * 1000


class _NoSlack:
    async def deliver(self, organisation_id: str, notice: Notice) -> None:
        raise AssertionError("nobody is told anything here")
