"""Two complete sides over real stores and toy desks, joined by an honest wire: for tests of what happens to tickets."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import cast

from exchange.client import PartnerClient
from exchange.errors import NotReachable, PartnerSays
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
from pairing.terms import ConflictPolicy, Reach, RulesMode, Side
from storage.lanes import LaneKind, Lease
from storage.memory.store import MemoryStore
from storage.store import Store, Transaction
from storage.vault import KeyRing
from sync.desk import Desk
from sync.envelope import Batch
from sync.errors import RemoteConflict, RemoteUnavailable
from sync.intent import Scope
from trackers.memory import MemoryDesks
from trackers.memory_desk import MemoryAccount

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WORK = {LaneKind.POLL: poll_desk, LaneKind.TAKE: take_change, LaneKind.APPLY: apply_next, LaneKind.BACKFILL: fill_back}


@dataclass
class Clock:
    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class DirectWire:
    """Hands a batch to the other side in this process, as exchange/ would after checking every signature."""

    other: "HalfPair | None" = None
    number: int = 0
    is_cut: bool = False

    async def sync(self, base: str, their_id: str, batch: Batch, *, key: bytes, their_key: bytes) -> Batch:
        assert self.other is not None
        if self.is_cut:
            raise NotReachable
        receiving = Receiving(self.other.node)
        peer = await receiving.peer(their_id)
        if peer is None or peer.state is ConnectionState.CLOSED:
            raise PartnerSays("closed")
        self.number += 1
        receipt = await receiving.receive(peer, f"nonce{self.number:017d}", batch)
        if receipt.kind is ReceiptKind.BUSY:
            raise PartnerSays("busy", 30)
        return (await receiving.outgoing(peer, receipt.ack)).batch


@dataclass
class HalfPair:
    """One side."""

    name: str
    side: Side
    node: Node
    organisation_id: str
    account: MemoryAccount
    wire: DirectWire
    connection_id: str
    desk_id: str
    errors: list[Exception] = field(default_factory=list)

    @property
    def actor(self) -> Actor:
        return Actor(self.organisation_id, f"T{self.name.upper()}", f"U{self.name.upper()}")

    async def connection(self) -> Connection:
        return await self.node.store.read(self.organisation_id, lambda tx: tx.connections.by_id(self.connection_id))

    async def poll(self) -> None:
        """The desk's list is due now."""

        def write(tx: Transaction) -> None:
            tx.lanes.wake(LaneKind.POLL, self.desk_id)

        await self.node.store.run(self.organisation_id, write)

    async def work(self) -> int:
        """Does everything that is due; how many pieces of work that was."""
        done = 0
        while leases := await self.node.store.system(lambda tx: tx.lanes.claim(self.name, tuple(WORK), 20, 30)):
            for lease in leases:
                done += 1
                await self._one(lease)
        return done

    async def _one(self, lease: Lease) -> None:
        try:
            await WORK[lease.kind](self.node, lease)
        except (RemoteUnavailable, RemoteConflict) as error:
            self.errors.append(error)
            seconds = (error.retry_after if isinstance(error, RemoteUnavailable) else None) or 1

            def write(tx: Transaction) -> None:
                tx.lanes.fail(lease, again=tx.now + timedelta(seconds=seconds))

            await self.node.store.run(self.organisation_id, write, lease=lease)

    async def exchange(self) -> None:
        """One exchange, when this side is one that dials."""
        if (await self.connection()).may_dial:
            await exchange_once(self.node, self.organisation_id, self.connection_id, wait=0)


@dataclass
class Pair:
    """Acme invited, Globex accepted; both active."""

    acme: HalfPair
    globex: HalfPair
    clock: Clock

    async def linked(self) -> tuple[str, str]:
        """A ticket of Acme's and its twin at Globex, after the second looks at both."""
        self.clock.advance(5)
        ours = self.acme.account.raise_ticket("Printer smokes", priority="Medium")
        await self.settle(rounds=2)
        (theirs,) = self.globex.account.records
        return ours, theirs

    async def told(self) -> None:
        """What moved at Acme's desk waits at Globex."""
        await self.acme.poll()
        await self.acme.work()
        await self.globex.exchange()

    async def settle(self, *, rounds: int = 12, seconds: float = 61) -> None:
        """Lets time pass until nobody has anything to do."""
        for _ in range(rounds):
            for half in (self.acme, self.globex):
                await half.poll()
                await half.work()
            for half in (self.globex, self.acme, self.globex):
                await half.exchange()
                await half.work()
            await self.acme.work()
            self.clock.advance(seconds)


@asynccontextmanager
async def two_sides(
    stores: tuple[Store, Store],
    clock: Clock,
    *,
    reach: Reach = Reach.PRIVATE,
    policy: ConflictPolicy = ConflictPolicy.LATEST,
) -> AsyncIterator[Pair]:
    random = Random(7)
    halves = [
        await make_half(store, clock, name, side, reach, policy, random)
        for store, name, side in zip(stores, ("acme", "globex"), (Side.INVITER, Side.INVITEE), strict=True)
    ]
    halves[0].wire.other, halves[1].wire.other = halves[1], halves[0]
    yield Pair(halves[0], halves[1], clock)


async def make_half(
    store: Store, clock: Clock, name: str, side: Side, reach: Reach, policy: ConflictPolicy, random: Random
) -> HalfPair:
    organisation = await store.system(lambda tx: tx.register(f"T{name.upper()}", name.capitalize()))
    desks, wire = MemoryDesks(clock=clock), DirectWire()
    other = "globex" if side is Side.INVITER else "acme"
    desk = Desk(f"desk{name}".ljust(26, "a"), "memory", name, f"memory:{name}", "U1", START)
    connection = Connection(
        id=f"connection{name}".ljust(26, "a"),
        name=f"{name}_to_{other}",
        side=side,
        reach=reach,
        rules=RulesMode.BASIC,
        policy=policy,
        state=ConnectionState.ACTIVE,
        desk_id=desk.id,
        local_name=name,
        remote_name=other,
        description="",
        our_id=f"side{name}".ljust(26, "a"),
        our_key=name.ljust(32, "k").encode(),
        created_by="U1",
        created_at=START,
        their_id=f"side{other}".ljust(26, "a"),
        their_key=other.ljust(32, "k").encode(),
        their_url="https://bridge.example.com" if side is Side.INVITEE or reach is not Reach.PRIVATE else None,
        partner_name=other.capitalize(),
        approved_at=START,
    )
    node = Node(
        store=store,
        wire=cast(PartnerClient, wire),
        desks={"memory": desks},
        address="https://bridge.example.com",
        node_id="n" * 26,
        trusted=frozenset(),
        software="test",
        chance=random.randbytes,
        tempo=Tempo(poll_least=5, poll_most=60, sweep=300),
    )

    def write(tx: Transaction) -> None:
        tx.desks.add(desk)
        tx.vault.put("desk_token", desk.id, b"toy-key")
        tx.connections.add(connection)
        tx.vault.put("connection_key", connection.id, b"k" * 32)
        tx.scopes.put(connection.id, Scope("priority:>1", START))

    await store.run(organisation.id, write)
    account = desks.account(desk.address)
    return HalfPair(name, side, node, organisation.id, account, wire, connection.id, desk.id)


def open_store(url: str, clock: Clock) -> Store:
    return Store.open(url, KeyRing((b"k" * 32,)), clock=clock)


@asynccontextmanager
async def in_memory() -> AsyncIterator[Pair]:
    """Two sides whose stores are in memory."""
    clock, random = Clock(), Random(5)
    stores = (MemoryStore(clock=clock, chance=random.randbytes), MemoryStore(clock=clock, chance=random.randbytes))
    async with two_sides(stores, clock) as both:
        yield both
