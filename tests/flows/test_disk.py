"""L6, I16: a node whose database was cut in the middle of a write, is full, or may only be read, loses and doubles
nothing once it goes on."""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

import pytest
from sqlalchemy.exc import OperationalError

from storage.errors import StorageUnavailable
from storage.store import Store
from tests.databases import SqliteFiles
from tests.flows.freshservice_pair import Desks, two_accounts
from tests.flows.ledger import Ledger
from tests.flows.two_sides import Clock, HalfPair, open_store

CUTS = 200
_FRAME_HEADER, _WAL_HEADER = 24, 32


@dataclass
class Disks:
    """Two accounts whose sides keep their tables in files."""

    desks: Desks
    ledger: Ledger
    random: Random
    paths: dict[str, Path]
    opened: list[Store]
    torn: list[int] = field(default_factory=list)  # bytes of unfinished writes that each cut left in the log

    @property
    def halves(self) -> tuple[HalfPair, HalfPair]:
        return self.desks.pair.acme, self.desks.pair.globex

    def write_much(self, number: int) -> None:
        """More than fits into pages that are there."""
        for desk in (self.desks.acme, self.desks.globex):
            person = desk.person(desk.people.bridge)
            for ticket in desk.tickets[:3]:
                person.edit(ticket.id, description=f"{number} " * 20_000)

    async def rest(self) -> None:
        self.desks.pair.clock.advance(31)
        await self.desks.settle(8)
        await self.desks.pair.settle(rounds=3, seconds=301)

    async def cut(self, half: HalfPair, folder: Path) -> None:
        """Power fails while it works: what the disk has is a copy of table and log, torn behind the last commit."""
        working = await self._begun(half)
        path, kept = self.paths[half.name], folder / "copy.sqlite3"
        self.torn.append(_copied(path, kept, self.random))
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working
        await half.node.store.close()
        _put_back(kept, path)
        assert _is_sound(path)
        store = open_store(f"sqlite:///{path}", self.desks.pair.clock)
        self.opened.append(store)
        half.node = replace(half.node, store=store)
        await store.system(lambda tx: tx.lanes.release_all(half.name))

    async def _begun(self, half: HalfPair) -> "asyncio.Future[int]":
        """In the middle of its work, wherever that is."""
        await half.poll()
        working = asyncio.ensure_future(half.work())
        for _ in range(self.random.randrange(60)):
            await asyncio.sleep(0)
            if working.done():
                break
        return working


def _copied(path: Path, kept: Path, random: Random) -> int:
    """How many bytes behind the last commit the copied log has; at which of them it ends, chance decides."""
    shutil.copyfile(path, kept)
    log = Path(f"{path}-wal").read_bytes()
    ends = _end_of_last_commit(log)
    if len(log) == ends:  # on a quick machine no copy meets a write that is under way: so one is begun here
        log += _unfinished(log, random)
    torn = random.randint(0, len(log) - ends)
    Path(f"{kept}-wal").write_bytes(log[: ends + torn])
    return torn


def _unfinished(log: bytes, random: Random) -> bytes:
    """A frame of this round of the log whose page did not get to the disk whole; nothing where the log is empty."""
    if len(log) < _WAL_HEADER:
        return b""
    page, commits_nothing, checksum = random.randrange(1, 50).to_bytes(4), bytes(4), random.randbytes(8)
    return page + commits_nothing + log[16:24] + checksum + random.randbytes(int.from_bytes(log[8:12]))


def _put_back(kept: Path, path: Path) -> None:
    for ending in ("", "-wal"):
        shutil.copyfile(f"{kept}{ending}", f"{path}{ending}")
    Path(f"{path}-shm").unlink(missing_ok=True)


def _end_of_last_commit(log: bytes) -> int:
    """SQLite, WAL file format: a frame that ends a commit names the size of the database. Frames of an older round of
    the log have other salts, and count for nothing."""
    if len(log) < _WAL_HEADER:
        return 0
    size, salts, end = int.from_bytes(log[8:12]), log[16:24], _WAL_HEADER
    for start in range(_WAL_HEADER, len(log), size + _FRAME_HEADER):
        if log[start + 8 : start + 16] != salts:
            break
        if int.from_bytes(log[start + 4 : start + 8]):
            end = start + size + _FRAME_HEADER
    return min(end, len(log))


def _is_sound(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as database:
        return database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> SqliteFiles:
    return SqliteFiles(tmp_path_factory.mktemp("disk"))


@asynccontextmanager
async def disks(files: SqliteFiles, seed: int) -> AsyncIterator[Disks]:
    opened: list[Store] = []
    paths: list[Path] = []

    def store_of(clock: Clock) -> Store:
        url = files.fresh_url()
        paths.append(Path(url.removeprefix("sqlite:///")))
        opened.append(open_store(url, clock))
        return opened[-1]

    async with two_accounts(store_of=store_of) as found:
        random = Random(seed)
        named = dict(zip(("acme", "globex"), paths, strict=True))
        try:
            yield Disks(found, Ledger(found.acme, found.globex, random), random, named, opened)
        finally:
            for store in opened:
                await store.close()


@pytest.mark.slow
async def test_i16_power_fails_in_the_middle_of_a_write_and_nothing_is_lost_or_doubled(
    files: SqliteFiles, tmp_path: Path
) -> None:
    async with disks(files, 5) as node:
        for _ in range(CUTS):
            node.desks.pair.clock.advance(4)
            node.ledger.act()
            await node.cut(node.random.choice(node.halves), tmp_path)
            await node.desks.pair.settle(rounds=1, seconds=13)
        await node.rest()
        assert len(node.torn) == CUTS
        assert any(node.torn), "no cut ever met an unfinished write"
        assert node.ledger.lost_and_doubled() == ([], [])
        assert node.ledger.differing() == []
        writes = node.desks.writes()
        await node.rest()
        assert node.desks.writes() == writes  # I5


@pytest.mark.parametrize("trouble", ["full", "read-only"])
@pytest.mark.slow
async def test_i18_a_disk_that_takes_nothing_stops_a_node_and_costs_no_change(files: SqliteFiles, trouble: str) -> None:
    async with disks(files, 6) as node:
        stopped = 0
        for number in range(12):
            node.desks.pair.clock.advance(4)
            node.ledger.act()
            if number % 3 == 1:
                for half in node.halves:
                    node.write_much(number)
                    _spoil(half.node.store, trouble)
                    stopped += await _stops(half)
                    _mend(half.node.store)
                node.desks.pair.clock.advance(31)  # what they held is free again
            await node.desks.pair.settle(rounds=1, seconds=13)
        await node.rest()
        assert stopped
        assert node.ledger.lost_and_doubled() == ([], [])
        assert node.ledger.differing() == []


async def _stops(half: HalfPair) -> bool:
    try:
        await half.poll()
        await half.work()
    except (StorageUnavailable, OperationalError):
        return True
    return False


def _spoil(store: Store, trouble: str) -> None:
    """The disk ends where the database ends now, with every free page of it taken; or nobody may write to it."""
    with closing(store._engines.writer.raw_connection()) as connection:
        cursor = connection.cursor()
        if trouble == "read-only":
            cursor.execute("PRAGMA query_only=ON")
            return
        cursor.execute("CREATE TABLE ballast (held BLOB)")
        (pages,) = cursor.execute("PRAGMA page_count").fetchone()
        cursor.execute(f"PRAGMA max_page_count={pages}")
        for size in (100_000, 10_000, 1000, 10):
            with suppress(sqlite3.OperationalError):
                for _ in range(1000):
                    cursor.execute("INSERT INTO ballast VALUES (zeroblob(?))", (size,))


def _mend(store: Store) -> None:
    with closing(store._engines.writer.raw_connection()) as connection:
        cursor = connection.cursor()
        cursor.execute("PRAGMA query_only=OFF")
        cursor.execute("PRAGMA max_page_count=1073741823")
        cursor.execute("DROP TABLE IF EXISTS ballast")
