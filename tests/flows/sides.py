"""Two sides at the level of the flows: real stores, keys, endpoints and signatures, and a wire that a test spoils."""

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from exchange.client import PartnerClient
from exchange.endpoint import Endpoint
from exchange.limits import LIMITS
from exchange.parking import Parking
from exchange.ports import WireAnswer, WireRequest
from flows.accept import Accepted, accept, read_offer
from flows.desks import add_desk
from flows.dial import Exchanged, exchange_once
from flows.invitations import enter_number
from flows.node import Node
from flows.organisations import register
from flows.prove import prove_address
from flows.receive import Receiving
from flows.wizard import Draft, Initiated, initiate
from pairing.address import local_address
from pairing.connection import Connection
from pairing.invitation import Invitation
from pairing.notice import Notice, NoticeKind
from pairing.organisation import Actor
from pairing.secret import Secret
from pairing.terms import Reach, RulesMode
from storage.store import Store, Transaction
from storage.vault import KeyRing
from sync.desk import Desk
from trackers.memory import MemoryDesks

ACME_URL, GLOBEX_URL = "https://bridge.acme.example", "https://bridge.globex.example"
START = datetime(2027, 1, 15, 8, 0, tzinfo=UTC)
# Nobody here is asked to slow down, and a held poll ends at once.
FAST = replace(
    LIMITS,
    wait_seconds=0.01,
    claims_per_address=10**6,
    claims_per_node=10**6,
    exchanges_per_second=10.0**6,
    exchanges_burst=10**6,
)
Answering = Callable[[WireRequest], Awaitable[WireAnswer]]
Spoil = Callable[[WireRequest, Answering], Awaitable[WireAnswer]]


async def as_it_is(request: WireRequest, answer: Answering) -> WireAnswer:
    return await answer(request)


async def lost_on_the_way(request: WireRequest, answer: Answering) -> WireAnswer:
    raise TimeoutError


async def lost_on_the_way_back(request: WireRequest, answer: Answering) -> WireAnswer:
    await answer(request)
    raise TimeoutError


@dataclass
class Clock:
    """Stands still until it is moved."""

    at: datetime = START

    def __call__(self) -> datetime:
        return self.at

    def advance(self, **by: float) -> None:
        self.at += timedelta(**by)


@dataclass
class Half:
    """One organisation on one node. `spoil` stands between this side's requests and the other end."""

    name: str
    node: Node
    endpoint: Endpoint
    actor: Actor
    desk: Desk
    clock: Clock
    spoil: Spoil = as_it_is
    asked: list[WireRequest] = field(default_factory=list)

    @property
    def id(self) -> str:
        return self.actor.organisation_id

    async def connections(self) -> tuple[Connection, ...]:
        return await self.node.store.read(self.id, lambda tx: tx.connections.all())

    async def connection(self) -> Connection:
        (only,) = await self.connections()
        return only

    async def invitation(self) -> Invitation:
        connection = await self.connection()

        def read(tx: Transaction) -> Invitation | None:
            return tx.invitations.of_connection(connection.id)

        found = await self.node.store.read(self.id, read)
        assert found is not None
        return found

    async def notices(self) -> list[NoticeKind]:
        """What its people are to be told, oldest first, without what nobody reads."""
        return [notice.kind for notice in await self.told()]

    async def told(self) -> list[Notice]:
        unread = (NoticeKind.HOME, NoticeKind.INVITATION, NoticeKind.CARD)
        due = await self.node.store.read(self.id, lambda tx: tx.notices.due(1000))
        return [notice for notice in due if notice.kind not in unread]

    async def audit(self) -> list[str]:
        """Oldest first: action, outcome, detail."""
        entries = await self.node.store.read(self.id, lambda tx: tx.audit.all(1000))
        return [f"{entry.action} {entry.outcome} {entry.detail}".strip() for entry in reversed(entries)]

    async def exchange(self, *, wait: int = 0) -> Exchanged:
        return await exchange_once(self.node, self.id, (await self.connection()).id, wait=wait)

    async def secret(self, kind: str, ref: str) -> bytes | None:
        return await self.node.store.read(self.id, lambda tx: tx.vault.get(kind, ref))

    async def queued(self) -> int:
        connection = await self.connection()
        return await self.node.store.read(self.id, lambda tx: tx.outbox.count(connection.id))


@dataclass
class Pair:
    """Acme invites, Globex accepts; one clock for both."""

    acme: Half
    globex: Half
    clock: Clock

    @property
    def halves(self) -> tuple[Half, Half]:
        return self.acme, self.globex


@asynccontextmanager
async def two_sides(
    url_of: Callable[[], str], keys: KeyRing, *, globex_url: str | None = GLOBEX_URL
) -> AsyncIterator[Pair]:
    """Each with a database of its own."""
    clock = Clock()
    async with AsyncExitStack() as stack:
        stores = [Store.open(url_of(), keys, clock=clock) for _ in range(2)]
        for store in stores:
            stack.push_async_callback(store.close)
        acme = await _half("Acme", ACME_URL, stores[0], clock)
        globex = await _half("Globex", globex_url, stores[1], clock)
        join(acme, globex)
        yield Pair(acme, globex, clock)


@asynccontextmanager
async def one_node(url_of: Callable[[], str], keys: KeyRing) -> AsyncIterator[Pair]:
    """Two organisations on one node with one database."""
    clock = Clock()
    store = Store.open(url_of(), keys, clock=clock)
    acme = await _half("Acme", ACME_URL, store, clock)
    globex = await _half("Globex", ACME_URL, store, clock, node=acme.node, endpoint=acme.endpoint)
    acme.node.wire.local = _asking(acme, acme.endpoint)
    yield Pair(acme, globex, clock)
    await store.close()


async def _half(
    name: str,
    url: str | None,
    store: Store,
    clock: Clock,
    *,
    node: Node | None = None,
    endpoint: Endpoint | None = None,
) -> Half:
    node = node or await _node(url, store, clock)
    endpoint = endpoint or Endpoint(
        base=url or local_address(node.node_id),
        receiver=Receiving(node),
        parking=Parking(),
        clock=clock,
        monotonic=lambda: 0.0,
        limits=FAST,
        local_base=local_address(node.node_id),
    )
    organisation = await register(node, team_id=f"T0{name.upper()}", name=name)
    actor = Actor(organisation.id, organisation.team_id, f"U0{name.upper()}")
    desk = await add_desk(
        node,
        actor,
        kind="memory",
        short_name=f"{name.lower()}-desk",
        address=f"memory:{name.lower()}",
        api_key=Secret("toy-canary-key"),
    )
    return Half(name, node, endpoint, actor, desk, clock)


async def _node(url: str | None, store: Store, clock: Clock) -> Node:
    wire = PartnerClient(trusted=frozenset(), clock=clock, chance=secrets.token_bytes, local_address=url)
    return Node(
        store=store,
        wire=wire,
        desks={"memory": MemoryDesks()},
        address=url,
        node_id=await store.system(lambda tx: tx.node_id()),
        trusted=frozenset(),
        software="drawbridge/test",
        chance=secrets.token_bytes,
    )


def join(one: Half, other: Half) -> None:
    """Each one's requests reach the other's endpoint in process, through its `spoil`."""
    for half, partner in ((one, other), (other, one)):
        wire = PartnerClient(
            trusted=frozenset(),
            clock=half.clock,
            chance=secrets.token_bytes,
            local=_asking(half, partner.endpoint),
            local_address=partner.node.address,
        )
        half.node = replace(half.node, wire=wire)


def _asking(half: Half, endpoint: Endpoint) -> Answering:
    async def ask(request: WireRequest) -> WireAnswer:
        half.asked.append(request)
        return await half.spoil(request, endpoint.answer)

    return ask


# --- what the two do


def a_draft(half: Half, reach: Reach, **changes: object) -> Draft:
    draft = Draft(
        step=4,
        desk_id=half.desk.id,
        reach=reach,
        partner_url=GLOBEX_URL if reach is Reach.PUBLIC else "",
        rules=RulesMode.BASIC,
        local_name="acme",
        remote_name="globex",
        name="acme_to_globex",
        description="A canary description",
    )
    return replace(draft, **changes)  # type: ignore[arg-type]


async def offered(pair: Pair, reach: Reach = Reach.PRIVATE, **changes: object) -> Initiated:
    return await initiate(pair.acme.node, pair.acme.actor, a_draft(pair.acme, reach, **changes))


async def accepted(half: Half, made: Initiated, *, name: str = "globex_to_acme") -> Accepted:
    offer = await read_offer(half.node, half.actor, made.code.reveal())
    return await accept(
        half.node, half.actor, offer.ref, desk_id=half.desk.id, local_name="globex", remote_name="acme", name=name
    )


async def connected(pair: Pair, reach: Reach = Reach.PRIVATE, **changes: object) -> tuple[Connection, Connection]:
    """Both halves, active."""
    made = await offered(pair, reach, **changes)
    answer = await accepted(pair.globex, made)
    if reach is not Reach.PRIVATE:
        assert await prove_address(pair.acme.node, pair.acme.id, made.connection.id)
    assert answer.number is not None
    await enter_number(pair.acme.node, pair.acme.actor, made.connection.id, answer.number)
    await exchange_once(pair.globex.node, pair.globex.id, answer.connection.id, wait=0)
    return await pair.acme.connection(), await pair.globex.connection()


def wrong(number: str) -> str:
    return f"{(int(number) + 1) % 10**6:06d}"
