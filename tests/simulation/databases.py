"""The same histories over real databases: each side has one, emptied after each history; works run on the spot."""

import random
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from storage.store import Store
from storage.vault import KeyRing
from tests.databases import PostgresqlServer, SqliteFiles
from tests.flows.two_sides import START, Clock
from tests.simulation.history import Broken, History

_KEYS = KeyRing((b"k" * 32,))


class SideStore:
    """One side's store for many histories: opened once, because compiling its statements costs more than a history."""

    def __init__(self, databases: SqliteFiles | PostgresqlServer) -> None:
        self._databases = databases
        self._url = databases.fresh_url()
        self._clock = Clock(START)
        self.store = Store.open(self._url, _KEYS, clock=self._now, inline=True)

    def begin(self, clock: Clock) -> Store:
        self._clock = clock
        return self.store

    def empty(self) -> None:
        self.store.let_go()
        self._databases.empty(self._url)

    def close(self) -> None:
        self.store.close_now()
        self._databases.take_back(self._url)

    def _now(self) -> datetime:
        return self._clock.now


def first_broken_on(seeds: Iterable[int], databases: SqliteFiles | PostgresqlServer) -> str | None:
    """The story of the first history that breaks on such a database."""
    with _stores(databases) as (sides, open_store):
        for seed in seeds:
            try:
                History(seed, open_store=open_store).run()
            except Broken as broken:
                return str(broken)
            for side in sides:
                side.empty()
    return None


_OpenStore = Callable[[str, Clock, random.Random], Store]


@contextmanager
def _stores(databases: SqliteFiles | PostgresqlServer) -> Iterator[tuple[tuple[SideStore, ...], _OpenStore]]:
    sides = {name: SideStore(databases) for name in ("acme", "globex")}
    try:
        yield tuple(sides.values()), lambda name, clock, chance: sides[name].begin(clock)
    finally:
        for side in sides.values():
            side.close()
