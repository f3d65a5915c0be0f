"""The budgets of desk accounts in memory; each method does what its namesake in storage/rates.py says."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from storage.memory.tables import Table
from storage.rates import Rate


@dataclass(frozen=True, slots=True)
class HeldBudget:
    next_at: datetime | None = None
    state: str = ""


class MemoryRates:
    def __init__(self, table: Table[HeldBudget], now: datetime) -> None:
        self._table = table
        self._now = now

    def reserve(self, account: str, rate: Rate, calls: int = 1) -> float:
        held = self._held(account)
        then = max(held.next_at or self._now, self._now) + rate.span(calls)
        self._table.put(account, replace(held, next_at=then))
        return max(0.0, (then - rate.tolerance - self._now).total_seconds())

    def hold(self, account: str, rate: Rate, seconds: float) -> None:
        held = self._held(account)
        until = self._now + timedelta(seconds=seconds) + rate.tolerance - rate.span(1)
        self._table.put(account, replace(held, next_at=max(held.next_at or until, until)))

    def bucket(self, account: str) -> str:
        return self._held(account).state

    def save_bucket(self, account: str, state: str) -> None:
        self._table.put(account, replace(self._held(account), state=state))

    def _held(self, account: str) -> HeldBudget:
        return self._table.get(account) or HeldBudget()
