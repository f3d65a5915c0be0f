"""Two sides over Freshservice accounts: the real client, the strict stand-in, one clock for all of them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from random import Random
from typing import Any, cast

import aiohttp

from pairing.secret import Secret
from sandbox.freshservice import UNLIMITED, FreshserviceStandIn, Plan
from storage.memory.store import MemoryStore
from storage.store import Store, Transaction
from tests.flows.two_sides import Clock, HalfPair, Pair, two_sides
from trackers.freshservice.desks import FreshserviceDesks
from trackers.freshservice.rates import Windows
from trackers.port import DeskKind, Tracker


@dataclass
class Desks:
    pair: Pair
    acme: FreshserviceStandIn
    globex: FreshserviceStandIn

    async def settle(self, rounds: int = 4) -> None:
        await self.pair.settle(rounds=rounds)

    def writes(self) -> int:
        return sum(call.method != "GET" for desk in (self.acme, self.globex) for call in desk.calls)


@dataclass(frozen=True)
class _OnTheClock:
    """The kind of desk, with limits that go by the pair's clock."""

    kind: FreshserviceDesks
    budget: Windows
    name: str = "freshservice"

    def open(self, address: str, key: Secret, **more: Any) -> Tracker:
        return self.kind.open(address, key, **{**more, "budget": self.budget})


@asynccontextmanager
async def two_accounts(
    plan: Plan = UNLIMITED, *, grain_seconds: int = 1, store_of: Callable[[Clock], Store] | None = None
) -> AsyncIterator[Desks]:
    """`store_of` opens a side's store, else it is in memory."""
    clock, random = Clock(datetime.now(UTC)), Random(3)
    opened = store_of or (lambda clock: MemoryStore(clock=clock, chance=random.randbytes))
    stores = (opened(clock), opened(clock))
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        accounts = []
        for name in ("acme", "globex"):
            account = FreshserviceStandIn({"key"}, name=name, plan=plan, now=clock, monotonic=lambda: _seconds(clock))
            account.switches.grain_seconds = grain_seconds
            stack.push_async_callback(account.stop)
            accounts.append(await account.start())
        pair = await stack.enter_async_context(two_sides(stores, clock))
        for half, account in zip((pair.acme, pair.globex), accounts, strict=True):
            await _move(half, account, session, clock)
        clock.advance(2)
        yield Desks(pair, *accounts)


def _seconds(clock: Clock) -> float:
    return clock.now.timestamp()


async def _move(half: HalfPair, desk: FreshserviceStandIn, session: aiohttp.ClientSession, clock: Clock) -> None:
    async def sleep(seconds: float) -> None:
        clock.advance(seconds)
        await asyncio.sleep(0)

    kind = FreshserviceDesks(session, frozenset({desk.origin}), clock=lambda: _seconds(clock), call_seconds=2.0)
    limited = _OnTheClock(kind, Windows(clock=lambda: _seconds(clock), sleep=sleep))
    half.node = replace(half.node, desks={"freshservice": cast(DeskKind, limited)})

    def write(tx: Transaction) -> None:
        kept = tx.desks.by_id(half.desk_id)
        tx.desks.save(replace(kept, kind="freshservice", address=desk.origin))
        tx.vault.put("desk_token", kept.id, b"key")

    await half.node.store.run(half.organisation_id, write)
