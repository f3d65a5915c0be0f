"""I17: yesterday's backup of one node is restored, while both desks and the other node went on."""

import shutil
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from storage.store import Transaction
from sync.marker import split_marker
from tests.databases import SqliteFiles
from tests.flows.two_sides import Clock, HalfPair, Pair, open_store, two_sides
from trackers.memory_desk import MemoryAccount


class Restorable:
    """Two sides in files; either file can be put back to how it was."""

    def __init__(self, pair: Pair, urls: dict[str, str], folder: Path) -> None:
        self.pair = pair
        self._urls = urls
        self._folder = folder

    def half(self, name: str) -> HalfPair:
        return self.pair.acme if name == "acme" else self.pair.globex

    def back_up(self, name: str) -> None:
        """As an operator does while the node runs."""
        with closing(sqlite3.connect(self._file(name))) as database:
            database.execute("VACUUM INTO ?", (str(self._folder / name),))

    async def restore(self, name: str) -> None:
        half, file = self.half(name), self._file(name)
        await half.node.store.close()
        for ending in ("-wal", "-shm"):
            Path(f"{file}{ending}").unlink(missing_ok=True)  # noqa: ASYNC240
        shutil.copy(self._folder / name, file)
        half.node = replace(half.node, store=open_store(self._urls[name], self.pair.clock))

    def _file(self, name: str) -> str:
        return self._urls[name].removeprefix("sqlite:///")


@pytest.fixture
async def both(memory_files: SqliteFiles, tmp_path: Path) -> AsyncIterator[Restorable]:
    clock = Clock()
    urls = {name: memory_files.fresh_url() for name in ("acme", "globex")}
    stores = (open_store(urls["acme"], clock), open_store(urls["globex"], clock))
    async with two_sides(stores, clock) as pair:
        yield Restorable(pair, urls, tmp_path)
        for half in (pair.acme, pair.globex):
            await half.node.store.close()


@pytest.mark.parametrize("name", ["acme", "globex"])
async def test_what_travelled_since_the_backup_comes_neither_twice_nor_not_at_all_I17(
    both: Restorable, name: str
) -> None:
    pair, acme, globex = both.pair, both.pair.acme.account, both.pair.globex.account
    old_ours, old_theirs = acme.raise_ticket("Old of Acme", "One."), globex.raise_ticket("Old of Globex", "Two.")
    await pair.settle()
    both.back_up(name)
    acme.edit(old_ours, priority="High")
    acme.comment(old_ours, "Lena", "said since by Acme")
    globex.edit(old_theirs, status="Pending")
    globex.comment(old_theirs, "Bob", "said since by Globex")
    new_ours, new_theirs = acme.raise_ticket("New of Acme", "Three."), globex.raise_ticket("New of Globex", "Four.")
    acme.attach(new_ours, "photo.png", b"png")
    await pair.settle()
    globex.comment(twin(both, "globex", "New of Acme"), "Bob", "said since on a copy")
    await pair.settle()
    await both.restore(name)
    acme.comment(new_ours, "Lena", "said afterwards by Acme")
    globex.comment(new_theirs, "Bob", "said afterwards by Globex")
    acme.edit(old_ours, summary="Old of Acme, changed")
    globex.edit(old_theirs, summary="Old of Globex, changed")
    await pair.settle(rounds=20)
    assert told(both, "acme") == told(both, "globex")
    assert len(told(both, "acme")) == 4
    for half in (pair.acme, pair.globex):
        assert await waiting(half) == []
    writes = acme.calls.copy(), globex.calls.copy()
    await pair.settle()
    assert [written(calls) for calls in writes] == [written(acme.calls), written(globex.calls)], "both rest"


def twin(both: Restorable, name: str, summary: str) -> str:
    records = both.half(name).account.records.values()
    return next(record.id for record in records if record.fields["summary"] == summary)


def told(both: Restorable, name: str) -> list[tuple[object, ...]]:
    """Every ticket with what stands on it, in words that are the same at both desks."""
    account = both.half(name).account
    return sorted(
        (
            record.fields["summary"],
            record.fields["status"],
            record.fields["priority"],
            split_marker(str(record.fields["description"]))[0],
            sorted(split_marker(c.text)[0].split("\n\n")[-1] for c in record.comments.values()),
            sorted(file.name for file in record.files.values()),
        )
        for record in account.records.values()
    )


def written(calls: Counter[str]) -> list[int]:
    return [calls[name] for name in ("create", "update", "add_comment", "edit_comment", "remove_comment")]


async def waiting(half: HalfPair) -> list[str]:
    def read(tx: Transaction) -> list[str]:
        return [one.text for one in tx.parked.all(half.connection_id, 10)]

    return await half.node.store.read(half.organisation_id, read)


@pytest.mark.parametrize("seed", [1, 2, 3, *(pytest.param(n, marks=pytest.mark.slow) for n in range(4, 24))])
async def test_whatever_was_done_since_the_backup_both_ends_are_equal_again_I17(both: Restorable, seed: int) -> None:
    chance = Random(seed)
    busy = Busy(both, chance)
    name = chance.choice(("acme", "globex"))
    await busy.do(4)
    both.back_up(name)
    await busy.do(8)
    await both.restore(name)
    await busy.do(4)
    await both.pair.settle(rounds=25)
    assert told(both, "acme") == told(both, "globex")
    for company in ("acme", "globex"):
        assert await waiting(both.half(company)) == []
        texts = [text for ticket in told(both, company) for text in ticket[4]]  # type: ignore[attr-defined]
        assert sorted(texts) == sorted(busy.said)


class Busy:
    """People who raise, edit, comment and attach; at times everything travels before they go on."""

    def __init__(self, both: Restorable, chance: Random) -> None:
        self._both = both
        self._chance = chance
        self.said: list[str] = []
        self._count = 0

    async def do(self, acts: int) -> None:
        for _ in range(acts):
            self._act(self._both.half(self._chance.choice(("acme", "globex"))).account)
            if self._chance.random() < 0.5:
                await self._both.pair.settle(rounds=self._chance.randrange(1, 4), seconds=7)

    def _act(self, account: MemoryAccount) -> None:
        self._count += 1
        word, dice = f"word{self._count}", self._chance.random()
        if not account.records or dice < 0.2:
            account.raise_ticket(word, f"About {word}.")
            return
        ticket = self._chance.choice(sorted(account.records))
        if dice < 0.6:
            account.comment(ticket, "Lena", word)
            self.said.append(word)
        elif dice < 0.75:
            account.attach(ticket, f"{word}.txt", word.encode())
        else:
            account.edit(
                ticket, **self._chance.choice(({"summary": word}, {"priority": "High"}, {"status": "Pending"}))
            )
