"""Two whole sides in this process over two Freshservice stand-ins, on a clock that runs only while nobody works:
minutes of a desk's limits pass in the time that the calls take. One side dials the other, as in a private connection.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import Any, cast

import aiohttp

from exchange.client import PartnerClient
from exchange.errors import PartnerSays
from exchange.ports import ReceiptKind
from flows.apply import apply_next
from flows.backfill import fill_back
from flows.dial import exchange_once
from flows.node import Node, Tempo
from flows.poll import poll_desk
from flows.receive import Receiving
from flows.take import take_change
from pairing.connection import Connection, ConnectionState
from pairing.organisation import Actor
from pairing.secret import Secret
from pairing.terms import ConflictPolicy, Reach, RulesMode, Side
from sandbox.freshservice import FreshserviceStandIn, Plan
from storage.lanes import LaneKind, Lease
from storage.memory.store import MemoryStore
from storage.store import Store, Transaction
from sync.brakes import Brakes
from sync.desk import Desk
from sync.envelope import Batch
from sync.errors import RemoteConflict, RemoteUnavailable
from sync.intent import Scope
from sync.patience import Patience
from trackers.freshservice.desks import FreshserviceDesks
from trackers.freshservice.rates import Windows
from trackers.port import CallKind, DeskKind, Reading, Tracker

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_WORK = {LaneKind.POLL: poll_desk, LaneKind.TAKE: take_change, LaneKind.APPLY: apply_next, LaneKind.BACKFILL: fill_back}
_AT_ONCE = {LaneKind.POLL: 1, LaneKind.BACKFILL: 1, LaneKind.TAKE: 8, LaneKind.APPLY: 8}
_LEASE_SECONDS = 600.0
_QUIET_SECONDS, _QUIET_LOOKS = 0.002, 2
_MOMENT = timedelta(milliseconds=1)


@dataclass
class Clock:
    """`sleep` waits until `advance` has come there."""

    now: datetime = START
    _order: Any = field(default_factory=count)
    _sleepers: list[tuple[datetime, int, "asyncio.Future[None]"]] = field(default_factory=list)

    def __call__(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        return self.now.timestamp()

    @property
    def asleep(self) -> int:
        return len(self._sleepers)

    @property
    def next_awake(self) -> datetime | None:
        return self._sleepers[0][0] if self._sleepers else None

    async def sleep(self, seconds: float) -> None:
        waking: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heappush(self._sleepers, (self.now + timedelta(seconds=seconds), next(self._order), waking))
        await waking

    def advance(self, to: datetime) -> None:
        self.now = max(self.now, to)
        while self._sleepers and self._sleepers[0][0] <= self.now:
            _, _, waking = heappop(self._sleepers)
            if not waking.done():
                waking.set_result(None)


@dataclass
class Half:
    """One side and the desk it works for."""

    name: str
    node: Node
    organisation_id: str
    connection_id: str
    desk_id: str
    desk: FreshserviceStandIn
    wire: "DirectWire"
    budget: "Counted"
    working: dict["asyncio.Task[None]", Lease] = field(default_factory=dict)

    @property
    def actor(self) -> Actor:
        return Actor(self.organisation_id, f"T{self.name}", f"U{self.name}")

    async def begin_due(self) -> int:
        """How many pieces of work were begun."""
        free = Counter(_AT_ONCE)
        free.subtract(lease.kind for lease in self.working.values())
        kinds = [kind for kind, number in free.items() if number > 0]
        leases = await self.node.store.system(
            lambda tx: tx.lanes.claim(self.name, kinds, 20, _LEASE_SECONDS, most=free)
        )
        for lease in leases:
            self.working[asyncio.ensure_future(self._work(lease))] = lease
        return len(leases)

    async def next_due(self) -> datetime | None:
        """A lane that is held counts as due when its lease is over, long after everything here."""
        free = [kind for kind in _WORK if sum(one.kind is kind for one in self.working.values()) < _AT_ONCE[kind]]
        return await self.node.store.system(lambda tx: tx.lanes.next_due(free))

    async def exchange(self) -> None:
        await exchange_once(self.node, self.organisation_id, self.connection_id, wait=0)

    async def _work(self, lease: Lease) -> None:
        try:
            await _WORK[lease.kind](self.node, lease)
        except (RemoteUnavailable, RemoteConflict) as error:
            asked = error.retry_after if isinstance(error, RemoteUnavailable) else None
            rest = Patience().rest_seconds(lease.attempts, 0.5, asked)

            def write(tx: Transaction) -> None:
                tx.lanes.fail(lease, again=tx.now + timedelta(seconds=rest))

            await self.node.store.run(self.organisation_id, write, lease=lease)


@dataclass
class DirectWire:
    """Hands a batch to the other side at once."""

    other: Half | None = None
    number: int = 0

    async def sync(self, base: str, their_id: str, batch: Batch, *, key: bytes, their_key: bytes) -> Batch:
        assert self.other is not None
        receiving = Receiving(self.other.node)
        peer = await receiving.peer(their_id)
        assert peer is not None
        self.number += 1
        receipt = await receiving.receive(peer, f"nonce{self.number:017d}", batch)
        if receipt.kind is ReceiptKind.BUSY:
            raise PartnerSays("busy", 30)
        return (await receiving.outgoing(peer, receipt.ack)).batch


@dataclass
class Pair:
    """Acme is called, Globex calls."""

    acme: Half
    globex: Half
    clock: Clock
    _quiet: int = 0
    _may_begin: bool = True

    @property
    def halves(self) -> tuple[Half, Half]:
        return self.acme, self.globex

    async def run_until(self, seconds: float, *, is_over: Callable[[], bool] = lambda: False) -> None:
        """Works for so many seconds of the clock, or until `is_over`."""
        self._may_begin = True
        ends = self.clock.now + timedelta(seconds=seconds)
        while not is_over():
            begun = sum([await half.begin_due() for half in self.halves]) if self._may_begin else 0
            self._may_begin = False
            if await self._is_busy() or begun:
                continue
            following = await self._next_moment()
            if following is None or following > ends:
                self.clock.advance(ends)
                return
            self.clock.advance(following)
            self._may_begin = True

    async def _is_busy(self) -> bool:
        """Lets calls end. False once whoever works only waits for the clock: no call is on its way, and none ended."""
        running = {task: half for half in self.halves for task in half.working}
        if not running:
            return False
        done, _ = await asyncio.wait(running, timeout=_QUIET_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            del running[task].working[task]
            await task
        if done:  # only then anything may have changed
            await self.globex.exchange()
            self._may_begin = True
        is_calling = any(half.budget.flying for half in self.halves)
        self._quiet = 0 if done or is_calling or not self.clock.asleep else self._quiet + 1
        return self._quiet < _QUIET_LOOKS

    async def _next_moment(self) -> datetime | None:
        """The earliest at which anybody goes on; of what is due and cannot be begun just now, a moment later."""
        moments = [self.clock.next_awake, *[await half.next_due() for half in self.halves]]
        known = [max(moment, self.clock.now + _MOMENT) for moment in moments if moment is not None]
        return min(known, default=None)


@asynccontextmanager
async def pair_of_desks(
    plan: Plan, *, share: float = 0.8, store_of: Callable[[str, Clock], Store] | None = None
) -> AsyncIterator[Pair]:
    """Basic mode; both sides let everything travel whose priority is above low. `store_of` opens the store of a name,
    else it is in memory."""
    clock, random = Clock(), Random(7)
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()))
        halves = []
        for name, side in (("acme", Side.INVITER), ("globex", Side.INVITEE)):
            desk = FreshserviceStandIn(
                {"key"}, name=name, plan=plan, now=clock, monotonic=clock.seconds, sleep=clock.sleep
            )
            stack.push_async_callback(desk.stop)
            await desk.start()
            store = store_of(name, clock) if store_of else MemoryStore(clock=clock, chance=random.randbytes)
            stack.push_async_callback(store.close)
            halves.append(await _half(name, side, desk, store, clock, random, session, share))
        halves[0].wire.other, halves[1].wire.other = halves[1], halves[0]
        clock.advance(clock.now + timedelta(seconds=2.25))
        yield Pair(halves[0], halves[1], clock)


@dataclass
class Counted:
    """A budget that tells how many calls are on their way."""

    windows: Windows
    flying: int = 0

    async def reserve(self, kind: CallKind, price: int = 1, *, urgent: bool = False) -> None:
        await self.windows.reserve(kind, price, urgent=urgent)
        self.flying += 1

    def learned(self, kind: CallKind, reading: Reading) -> None:
        self.flying -= 1
        self.windows.learned(kind, reading)

    @property
    def has_room(self) -> bool:
        return self.windows.has_room


@dataclass(frozen=True)
class _OnTheClock:
    """The kind of desk, with limits that go by the clock."""

    kind: FreshserviceDesks
    budget: Counted
    name: str = "freshservice"

    def open(self, address: str, key: Secret, **more: Any) -> Tracker:
        return self.kind.open(address, key, **{**more, "budget": self.budget})


async def _half(
    name: str,
    side: Side,
    account: FreshserviceStandIn,
    store: Store,
    clock: Clock,
    random: Random,
    session: aiohttp.ClientSession,
    share: float,
) -> Half:
    other = "globex" if side is Side.INVITER else "acme"
    organisation = await store.system(lambda tx: tx.register(f"T{name}", name))
    desk = Desk(f"desk{name}".ljust(26, "a"), "freshservice", name, account.origin, f"U{name}", START)
    connection = side_of(name, other, side, desk.id)
    kind = FreshserviceDesks(session, frozenset({account.origin}), clock=clock.seconds)
    budget = Counted(Windows(share, clock=clock.seconds, sleep=clock.sleep))
    limited = _OnTheClock(kind, budget)
    wire = DirectWire()
    node = Node(
        store=store,
        wire=cast(PartnerClient, wire),
        desks={"freshservice": cast(DeskKind, limited)},
        address="https://bridge.example.com",
        node_id="n" * 26,
        trusted=frozenset(),
        software="benchmark",
        chance=random.randbytes,
        brakes=Brakes(creations=10**6, rounds=10**6),
        tempo=Tempo(poll_least=5, poll_most=60, sweep=10**9),
    )

    def write(tx: Transaction) -> None:
        tx.desks.add(desk)
        tx.vault.put("desk_token", desk.id, b"key")
        tx.connections.add(connection)
        tx.vault.put("connection_key", connection.id, b"k" * 32)
        tx.scopes.put(connection.id, Scope("priority:>1", START))
        tx.lanes.wake(LaneKind.POLL, desk.id)

    await store.run(organisation.id, write)
    return Half(name, node, organisation.id, connection.id, desk.id, account, wire, budget)


def side_of(name: str, other: str, side: Side, desk_id: str) -> Connection:
    """Our end of an active connection, in which the invitee dials."""
    return Connection(
        id=f"connection{name}".ljust(26, "a"),
        name=f"{name}_to_{other}",
        side=side,
        reach=Reach.PRIVATE,
        rules=RulesMode.BASIC,
        policy=ConflictPolicy.LATEST,
        state=ConnectionState.ACTIVE,
        desk_id=desk_id,
        local_name=name,
        remote_name=other,
        description="",
        our_id=f"side{name}".ljust(26, "a"),
        our_key=name.ljust(32, "k").encode(),
        created_by=f"U{name}",
        created_at=START,
        their_id=f"side{other}".ljust(26, "a"),
        their_key=other.ljust(32, "k").encode(),
        their_url="https://bridge.example.com" if side is Side.INVITEE else None,
        partner_name=other,
        approved_at=START,
    )
