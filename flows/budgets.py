"""The calls that may be spent at a desk account, in one row that all machines share."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from storage.store import Store, SystemTransaction
from trackers.booking import booked, until_booked
from trackers.port import CallKind, Limits, Reading

# Another machine's call may be on its way: its answer is worth a moment, not a hundred questions to the database.
_LEAST_WAIT_SECONDS = 0.05


@dataclass(slots=True)
class SharedBudget:
    """Implements trackers.port.Budget. `read` makes limits of what was kept, by the database's time; `clock` (seconds)
    tells how long somebody has waited here."""

    store: Store
    account: str
    read: Callable[[str], Limits]
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    _had_room: bool = True
    _saving: set[asyncio.Task[None]] = field(default_factory=set)

    async def reserve(self, kind: CallKind, price: int = 1, *, urgent: bool = False) -> None:
        def write(tx: SystemTransaction) -> tuple[float, bool]:
            limits, now = self._limits(tx), tx.now.timestamp()
            had_room = limits.has_room(now)
            wait = booked(limits, now, kind, price, urgent=urgent)
            tx.rates.save_bucket(self.account, limits.to_text())
            return wait, had_room

        async def book() -> float:
            wait, self._had_room = await self.store.system(write)
            return wait

        await until_booked(book, self.clock, self.sleep, least_wait_seconds=_LEAST_WAIT_SECONDS)

    def learned(self, kind: CallKind, reading: Reading) -> None:
        # The caller has its answer; nobody waits for this row to be written, but for the next reservation.
        saving = asyncio.get_running_loop().create_task(self._learn(kind, reading))
        self._saving.add(saving)
        saving.add_done_callback(self._saving.discard)

    @property
    def has_room(self) -> bool:
        """As of the last call that was reserved here."""
        return self._had_room

    async def settled(self) -> None:
        """All that was learned so far is written."""
        await asyncio.gather(*self._saving)

    async def _learn(self, kind: CallKind, reading: Reading) -> None:
        def write(tx: SystemTransaction) -> None:
            limits = self._limits(tx)
            limits.learned(tx.now.timestamp(), kind, reading)
            tx.rates.save_bucket(self.account, limits.to_text())

        await self.store.system(write)

    def _limits(self, tx: SystemTransaction) -> Limits:
        return self.read(tx.rates.bucket(self.account))


@dataclass(slots=True)
class Budgets:
    """One for each account, made when it is first asked for."""

    store: Store
    _known: dict[str, SharedBudget] = field(default_factory=dict)

    def of(self, account: str, read: Callable[[str], Limits]) -> SharedBudget:
        return self._known.setdefault(account, SharedBudget(self.store, account, read))

    async def settled(self) -> None:
        for budget in self._known.values():
            await budget.settled()
