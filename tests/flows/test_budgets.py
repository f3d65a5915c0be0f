"""I12: one row holds what may be spent at a desk account, for all machines that work for it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace

import pytest

from flows.budgets import Budgets, SharedBudget
from storage.store import Store
from storage.vault import KeyRing
from sync.errors import RemoteUnavailable
from tests.flows.two_sides import Clock
from trackers.freshservice.rates import AccountLimits
from trackers.port import CallKind, Limits, Reading

CREATES = 80  # a minute, on the plan Growth


@dataclass
class Account:
    """The desk's own count of one minute's creates; it has refused when there were too many."""

    used: int = 0
    refused: int = 0

    def call(self) -> Reading:
        self.used += 1
        if self.used > CREATES:
            self.refused += 1
            return Reading(1, CREATES, 0, 1, 30.0, refused=True)
        return Reading(1, CREATES, CREATES - self.used, 1)


@asynccontextmanager
async def machines(url: str, clock: Clock, number: int) -> AsyncIterator[list[SharedBudget]]:
    async def sleep(seconds: float) -> None:
        clock.advance(seconds)

    def read(kept: str) -> Limits:
        return AccountLimits.from_text(kept, 0.8)

    async with AsyncExitStack() as stack:
        made = []
        for _ in range(number):
            store = Store.open(url, KeyRing((b"k" * 32,)), clock=clock)
            stack.push_async_callback(store.close)
            made.append(
                SharedBudget(store, "https://acme.freshservice.com", read, lambda: clock.now.timestamp(), sleep)
            )
        yield made


async def spend(budget: SharedBudget, account: Account) -> None:
    await budget.reserve(CallKind.CREATE)
    budget.learned(CallKind.CREATE, account.call())
    await budget.settled()


async def test_a_machine_sees_by_its_own_calls_that_another_one_spent_half(store_url: str) -> None:
    clock, account = Clock(), Account()
    async with machines(store_url, clock, 2) as (one, other):
        assert one.has_room
        for _ in range(40):
            await spend(other, account)
        await spend(one, account)
        assert not one.has_room


async def test_two_machines_together_spend_one_share(store_url: str) -> None:
    account = Account()
    async with machines(store_url, Clock(), 2) as (one, other):
        for _ in range(32):
            await spend(one, account)
            await spend(other, account)
        with pytest.raises(RemoteUnavailable) as spent:
            await spend(one, account)
    assert account.used == 64  # 80 % of 80
    assert account.refused == 0
    assert spent.value.retry_after == pytest.approx(60, abs=1)


async def test_a_refusal_that_one_machine_met_holds_the_other_back(store_url: str) -> None:
    account = Account(used=CREATES)
    clock = Clock()
    async with machines(store_url, clock, 2) as (one, other):
        await spend(one, account)
        with pytest.raises(RemoteUnavailable):
            await other.reserve(CallKind.CREATE)
        clock.advance(31)
        account.used = 0
        await spend(other, account)
    assert account.refused == 1


async def test_calls_of_a_machine_that_died_are_not_waited_for_for_ever(store_url: str) -> None:
    clock = Clock()
    async with machines(store_url, clock, 2) as (dead, alive):
        await dead.reserve(CallKind.CREATE)  # its answer never comes
        with pytest.raises(RemoteUnavailable):
            await alive.reserve(CallKind.CREATE)
        clock.advance(5)
        account = Account()
        for _ in range(63):
            await spend(alive, account)  # 64, but for the one that may still be on its way
        clock.advance(61)
        account = Account()
        for _ in range(64):
            await spend(alive, account)
    assert account.refused == 0


async def test_one_account_has_one_budget(store: Store) -> None:
    budgets = Budgets(store)

    def read(kept: str) -> Limits:
        return AccountLimits.from_text(kept, 0.5)

    assert budgets.of("https://a.example.com", read) is budgets.of("https://a.example.com", read)
    assert budgets.of("https://a.example.com", read) is not budgets.of("https://b.example.com", read)


def test_limits_are_the_same_after_they_were_kept() -> None:
    limits = AccountLimits()
    limits.take(100.0, CallKind.VIEW, 2)
    limits.learned(101.0, CallKind.VIEW, Reading(2, 140, 100, 2))
    limits.learned(102.0, CallKind.UPDATE, replace(Reading(1), refused=True, retry_after=9.0))
    again = AccountLimits.from_text(limits.to_text(), 0.8)
    assert again == limits
    assert again.wait_seconds(103.0, CallKind.UPDATE, 1, urgent=False) > 5
