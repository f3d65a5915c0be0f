"""The store: plain functions run in one transaction each, in a thread, and committed on their return."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TypeVar

from storage.engines import Engines, open_engines
from storage.first import check_schema, open_canary
from storage.hearing import Hearing
from storage.lanes import Lease
from storage.repeat import Again, transact
from storage.sessions import Clock, OrganisationSession, StoreSession, SystemSession
from storage.system import Duty, Swept, SystemTransaction
from storage.transaction import Transaction
from storage.vault import KeyRing
from storage.wakeups import Wakeups

__all__ = ["Duty", "Store", "Swept", "SystemTransaction", "Transaction"]

T = TypeVar("T")


class Store:
    """Made by `Store.open`. A work may be called more than once: it changes nothing but what the transaction holds."""

    def __init__(self, engines: Engines, keys: KeyRing, clock: Clock | None, *, inline: bool = False) -> None:
        self.wakeups = Wakeups()
        self._inline = inline
        self._engines = engines
        self._keys = keys
        self._hearing = Hearing(engines)
        self._clock = clock or (_process_clock if engines.is_sqlite else None)
        self._writers = ThreadPoolExecutor(engines.writer_threads, thread_name_prefix="store")
        self._readers = self._writers
        if engines.reader_threads:
            self._readers = ThreadPoolExecutor(engines.reader_threads, thread_name_prefix="store-read")

    @classmethod
    def open(cls, url: str, keys: KeyRing, *, clock: Clock | None = None, inline: bool = False) -> "Store":
        """Raises ConfigError: an unusable URL, tables that are not up to date, secrets sealed by a key that is not set.

        A given clock tells every transaction's time; without one it is PostgreSQL's own, or the process's on SQLite.
        `inline` runs every work where it is asked, without a thread and without an event loop: for simulations.
        """
        engines = open_engines(url)
        try:
            check_schema(engines)
            open_canary(engines, keys)
        except BaseException:
            engines.dispose()
            raise
        return cls(engines, keys, clock, inline=inline)

    @property
    def is_shared(self) -> bool:
        """Whether other processes may work on the same tables."""
        return not self._engines.is_sqlite

    async def run(self, organisation_id: str, work: Callable[[Transaction], T], *, lease: Lease | None = None) -> T:
        """One transaction that may write, committed on return and undone when `work` raises; the topics it woke follow.

        With a lease it is committed only while the lane is still held under it: else LeaseLost, before `work` is asked.
        Repeated when the database undid it, but not when a commit's outcome is unknown. Raises StorageUnavailable, and
        RowConflict for a row that breaks a rule of its table.
        """
        loop = self._loop()
        return await self._repeated(self._writers, lambda: self._write(organisation_id, work, lease, loop))

    async def read(self, organisation_id: str, work: Callable[[Transaction], T]) -> T:
        """One consistent view of the tables, through which nothing can be written. Raises StorageUnavailable."""
        return await self._repeated(self._readers, lambda: self._read(organisation_id, work))

    async def system(self, work: Callable[[SystemTransaction], T]) -> T:
        """One transaction over all organisations, for the few named questions. Raises StorageUnavailable."""
        loop = self._loop()
        return await self._repeated(self._writers, lambda: self._system(work, loop))

    async def system_read(self, work: Callable[[SystemTransaction], T]) -> T:
        """One consistent view over all organisations, through which nothing can be written, for the few named questions
        that strangers make us ask: they keep no writer waiting. Raises StorageUnavailable."""
        return await self._repeated(self._readers, lambda: self._system_read(work))

    async def hear(self) -> None:
        """Wakes our listeners by what other processes commit, until it is cancelled; PostgreSQL only.

        Where it cannot (SQLite, a pooler in between), whoever listens has to look by the clock, as well.
        """
        await self._hearing.listen(self.wakeups)

    async def close(self) -> None:
        """Waits for the works that run, then closes every connection."""
        await asyncio.to_thread(self.close_now)

    def let_go(self) -> None:
        """Closes the connections that nobody uses just now; the next work opens new ones."""
        self._engines.dispose()

    def close_now(self) -> None:
        """The same where there is no event loop."""
        for threads in (self._writers, self._readers):
            threads.shutdown()
        self._engines.dispose()

    def _write(
        self,
        organisation_id: str,
        work: Callable[[Transaction], T],
        lease: Lease | None,
        loop: asyncio.AbstractEventLoop | None,
    ) -> T:
        with OrganisationSession(self._engines.writer, organisation_id, clock=self._clock) as session:
            tx = Transaction(session, self._keys)

            def whole() -> tuple[T, frozenset[str]]:
                if lease is not None:
                    tx.lanes.book.prove(lease)
                return self._settled(session, tx, lambda: work(tx))

            done, topics = transact(session, whole)
        self._wake(topics, loop)
        return done

    def _read(self, organisation_id: str, work: Callable[[Transaction], T]) -> T:
        reader = self._engines.reader
        with OrganisationSession(reader, organisation_id, clock=self._clock, writable=False) as session:
            return transact(session, lambda: work(Transaction(session, self._keys)))

    def _system(self, work: Callable[[SystemTransaction], T], loop: asyncio.AbstractEventLoop | None) -> T:
        with SystemSession(self._engines.writer, self._clock) as session:
            tx = SystemTransaction(session, self._keys)
            done, topics = transact(session, lambda: self._settled(session, tx, lambda: work(tx)))
        self._wake(topics, loop)
        return done

    def _system_read(self, work: Callable[[SystemTransaction], T]) -> T:
        with SystemSession(self._engines.reader, self._clock, writable=False) as session:
            return transact(session, lambda: work(SystemTransaction(session, self._keys)))

    def _settled(
        self, session: StoreSession, tx: Transaction | SystemTransaction, work: Callable[[], T]
    ) -> tuple[T, frozenset[str]]:
        done = work()
        # Everything else first: while we wait for somebody's lane, nobody may wait for a row of ours.
        session.flush()
        topics = tx.settle()
        self._hearing.tell(session, topics)
        return done, topics

    def _wake(self, topics: frozenset[str], loop: asyncio.AbstractEventLoop | None) -> None:
        if not topics:
            return
        if loop is None:
            self.wakeups.publish(topics)
        elif not loop.is_closed():
            # From this thread, so that a caller who stopped waiting does not take the wake-up along.
            loop.call_soon_threadsafe(self.wakeups.publish, topics)

    def _loop(self) -> asyncio.AbstractEventLoop | None:
        return None if self._inline else asyncio.get_running_loop()

    async def _repeated(self, threads: ThreadPoolExecutor, attempt: Callable[[], T]) -> T:
        tries = 0
        while True:
            try:
                if self._inline:
                    return attempt()
                return await asyncio.get_running_loop().run_in_executor(threads, attempt)
            except Again as again:
                if tries == len(again.pauses):
                    raise again.verdict from again.__cause__
                if not self._inline:
                    await asyncio.sleep(again.pauses[tries])
                tries += 1


def _process_clock() -> datetime:
    return datetime.now(UTC)
