"""The store in memory: the same transactions on the spot, for simulations and tests that need no database.

It keeps what Store promises (all or nothing, unique keys, references, revisions, one organisation at a time) and is
deterministic: no thread, no chance but the one given, and time only from the given clock.
"""

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar, cast

from storage.lanes import Lease
from storage.memory.everything import Everything
from storage.memory.session import MemorySession
from storage.memory.system import MemorySystemTransaction
from storage.memory.transaction import MemoryTransaction
from storage.store import Store, SystemTransaction, Transaction
from storage.system import new_id
from storage.wakeups import Wakeups

T = TypeVar("T")
S = TypeVar("S")


class MemoryStore(Store):
    """`chance(n)` gives n random bytes, for ids."""

    def __init__(self, *, clock: Callable[[], datetime], chance: Callable[[int], bytes] = secrets.token_bytes) -> None:
        # Nothing of Store's own is set up: every method of it that reaches a database is replaced below.
        self.wakeups = Wakeups()
        self.everything = Everything(new_id(chance))
        self._given_clock = clock
        self._chance = chance

    @property
    def is_shared(self) -> bool:
        return False

    async def run(self, organisation_id: str, work: Callable[[Transaction], T], *, lease: Lease | None = None) -> T:
        tx = self._transaction(organisation_id)

        def proved() -> T:
            if lease is not None:
                tx.lanes.prove(lease)
            return work(_as_transaction(tx))

        done = self._transact(proved, writable=True)
        if tx.woken:
            self.wakeups.publish(tx.woken)
        return done

    async def read(self, organisation_id: str, work: Callable[[Transaction], T]) -> T:
        tx = self._transaction(organisation_id)
        return self._transact(lambda: work(_as_transaction(tx)), writable=False)

    async def system(self, work: Callable[[SystemTransaction], T]) -> T:
        tx = MemorySystemTransaction(self.everything, self._given_clock, self._chance)
        done = self._transact(lambda: work(cast(SystemTransaction, tx)), writable=True)
        if tx.lanes.topic:
            self.wakeups.publish(frozenset({tx.lanes.topic}))
        return done

    async def system_read(self, work: Callable[[SystemTransaction], T]) -> T:
        tx = MemorySystemTransaction(self.everything, self._given_clock, self._chance)
        return self._transact(lambda: work(cast(SystemTransaction, tx)), writable=False)

    async def hear(self) -> None:
        """Nobody else commits here."""

    async def close(self) -> None:
        """Nothing is open."""

    def let_go(self) -> None:
        """Nothing is open."""

    def close_now(self) -> None:
        """Nothing is open."""

    def _transaction(self, organisation_id: str) -> MemoryTransaction:
        everything = self.everything
        session = MemorySession(
            everything.organisation(organisation_id),
            everything.rows(organisation_id),
            everything.lanes,
            self._given_clock,
        )
        return MemoryTransaction(session)

    def _transact(self, work: Callable[[], S], *, writable: bool) -> S:
        journal = self.everything.journal
        journal.begin(writable=writable)
        try:
            return work()
        except BaseException:
            journal.undo()
            raise


def _as_transaction(tx: MemoryTransaction) -> Transaction:
    """The one place that says so; tests/storage/memory/test_surface.py holds every method against its namesake."""
    return cast(Transaction, tx)
