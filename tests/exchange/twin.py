"""A second Receiver, in memory and strict, so that the endpoint is tested without a database. Also keys and clocks."""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from exchange.endpoint import Endpoint
from exchange.errors import ClaimRefused
from exchange.limits import LIMITS, Limits
from exchange.messages import batch_body, claim_body
from exchange.parking import Parking
from exchange.paths import CLAIM, SYNC
from exchange.ports import Claim, ClaimGranted, Headers, Outgoing, Peer, Receipt, ReceiptKind, WireAnswer, WireRequest
from exchange.signatures import is_answer_by, public_of, read_answer, sign_request
from pairing.connection import ConnectionState
from pairing.digests import b32, b64u
from pairing.offer import OfferTerms
from pairing.terms import ConflictPolicy, Reach, RulesMode
from sync.envelope import Batch, Envelope

NOW = datetime(2027, 1, 15, 8, 0, tzinfo=UTC)
BASE = "https://bridge.acme.example"
LOCAL_BASE = "local:" + "n" * 26
TOKEN = bytes(range(0x40, 0x50))
ACME_SEED, GLOBEX_SEED = bytes(range(0x20)), bytes(range(0x20, 0x40))
ACME_KEY, GLOBEX_KEY = public_of(ACME_SEED), public_of(GLOBEX_SEED)
ACME_SIDE, GLOBEX_SIDE = "a" * 26, "b" * 26
TERMS = OfferTerms(
    organisation="Acme",
    inviter_name="acme",
    invitee_name="globex",
    reach=Reach.PRIVATE,
    rules=RulesMode.BASIC,
    policy=ConflictPolicy.LATEST,
    description="Incidents of the shared platform",
    expires_at=NOW + timedelta(hours=24),
)


@dataclass
class Clocks:
    """Both clocks of a node, moved by hand."""

    now: datetime = NOW
    seconds: float = 1000.0

    def clock(self) -> datetime:
        return self.now

    def monotonic(self) -> float:
        return self.seconds


@dataclass
class Chance:
    """Bytes that differ each time and are the same in each run."""

    count: int = 0

    def __call__(self, size: int) -> bytes:
        self.count += 1
        return hashlib.sha512(str(self.count).encode()).digest()[:size]


def new_id(number: int) -> str:
    return b32(hashlib.sha256(str(number).encode()).digest()[:16])


def envelope(number: int, *, type: str = "ticket.update", body: str = "{}") -> Envelope:
    return Envelope(new_id(number), type, NOW, body, ticket="372")


@dataclass
class Twin:
    """One invitation and some connections. `calls` lists what the endpoint asked for, in order."""

    peers: dict[str, Peer] = field(default_factory=dict)
    refusal: str | None = None
    claimed: bytes | None = None
    declined: str | None = None
    inbox_limit: int = 1000
    inbox: dict[str, list[Envelope]] = field(default_factory=dict)
    outbox: dict[str, list[Envelope]] = field(default_factory=dict)
    nonces: set[tuple[str, str]] = field(default_factory=set)
    calls: list[str] = field(default_factory=list)

    async def look(self, token: bytes) -> OfferTerms:
        self.calls.append("look")
        self._invited(token)
        return TERMS

    async def decline(self, token: bytes, reason: str) -> None:
        self.calls.append("decline")
        self._invited(token)
        self.declined = reason

    async def claim(self, claim: Claim, claim_sha256: bytes) -> ClaimGranted:
        self.calls.append("claim")
        self._invited(claim.token)
        if claim.reach is not TERMS.reach:
            raise ClaimRefused("mode_mismatch")
        if self.claimed not in (None, claim_sha256):
            raise ClaimRefused("invite_used")
        self.claimed = claim_sha256
        return granted()

    async def peer(self, to: str) -> Peer | None:
        assert len(to) == 26
        self.calls.append("peer")
        return self.peers.get(to)

    async def receive(self, peer: Peer, nonce: str, batch: Batch | None) -> Receipt:
        self.calls.append("receive")
        assert self.peers[peer.our_id].state in (ConnectionState.ACTIVE, ConnectionState.PAUSED)
        if (peer.connection_id, nonce) in self.nonces:
            return Receipt(ReceiptKind.REPLAYED)
        self.nonces.add((peer.connection_id, nonce))
        if batch is None:
            return Receipt()
        waiting = self.outbox.setdefault(peer.connection_id, [])
        waiting[:] = [one for one in waiting if one.id not in batch.ack]
        inbox = self.inbox.setdefault(peer.connection_id, [])
        if len(inbox) + len(batch.envelopes) > self.inbox_limit:
            return Receipt(ReceiptKind.BUSY)
        inbox += [one for one in batch.envelopes if one not in inbox]
        return Receipt(ack=tuple(one.id for one in batch.envelopes))

    async def outgoing(self, peer: Peer, ack: tuple[str, ...]) -> Outgoing:
        self.calls.append("outgoing")
        now = self.peers[peer.our_id]
        envelopes = tuple(self.outbox.get(peer.connection_id, ()))
        have = len(self.inbox.get(peer.connection_id, ()))
        return Outgoing(now.state, Batch(have=have, ack=ack, envelopes=envelopes), now.rejected)

    def move(self, to: str, state: ConnectionState, *, rejected: bool = False) -> None:
        self.peers[to] = replace(self.peers[to], state=state, rejected=rejected)

    def _invited(self, token: bytes) -> None:
        if token != TOKEN:
            raise ClaimRefused("invite_unknown")
        if self.refusal is not None:
            raise ClaimRefused(self.refusal)


def granted() -> ClaimGranted:
    return ClaimGranted(
        terms=TERMS,
        key=ACME_KEY,
        side=ACME_SIDE,
        approve_by=NOW + timedelta(hours=24),
        team="T0ACME",
        team_name="Acme",
        desk="freshservice",
        software="drawbridge/0.1",
        signing_key=ACME_SEED,
    )


def peer(state: ConnectionState = ConnectionState.ACTIVE, **changed: object) -> Peer:
    """Acme's half of the connection with Globex."""
    known = Peer("org-acme", "connection-1", ACME_SIDE, ACME_SEED, (GLOBEX_KEY,), state)
    return replace(known, **changed)  # type: ignore[arg-type]


def twin_with(*peers: Peer) -> Twin:
    return Twin(peers={one.our_id: one for one in peers})


def endpoint_for(
    twin: Twin, clocks: Clocks | None = None, *, parking: Parking | None = None, limits: Limits = LIMITS
) -> Endpoint:
    clocks = clocks or Clocks()
    return Endpoint(
        base=BASE,
        receiver=twin,
        parking=Parking() if parking is None else parking,
        clock=clocks.clock,
        monotonic=clocks.monotonic,
        limits=limits,
        local_base=LOCAL_BASE,
    )


@dataclass
class Asker:
    """Globex's side, by hand: builds and signs requests as the protocol says."""

    seed: bytes = field(default=GLOBEX_SEED, repr=False)
    base: str = BASE
    at: datetime = NOW
    chance: Chance = field(default_factory=Chance)
    nonce: str = ""

    def request(self, path: str, body: bytes, *, seed: bytes | None = None, nonce: str = "") -> WireRequest:
        self.nonce = nonce or b64u(self.chance(16))
        headers = sign_request(
            seed or self.seed,
            method="POST",
            uri=self.base + path,
            body=body,
            created=int(self.at.timestamp()),
            nonce=self.nonce,
        )
        return WireRequest("POST", path, headers, body, "198.51.100.7")

    def sync(self, batch: Batch = Batch(), to: str = ACME_SIDE) -> WireRequest:  # noqa: B008 - a frozen value
        return self.request(SYNC + to, batch_body(batch))

    def claim(self, **changed: object) -> WireRequest:
        return self.request(CLAIM, a_claim(**changed))


def a_claim(**changed: object) -> bytes:
    stated = {"token": TOKEN, "key": GLOBEX_KEY, "side": GLOBEX_SIDE, "reach": Reach.PRIVATE, "url": None}
    return claim_body(**{**stated, "name": "Globex", "team": "T0GLOBEX", **changed})  # type: ignore[arg-type]


def with_header(request: WireRequest, name: str, value: str) -> WireRequest:
    """The same request with one header replaced (or added)."""
    kept: Headers = tuple(header for header in request.headers if header[0].lower() != name.lower())
    return replace(request, headers=(*kept, (name, value)))


def is_signed(answer: WireAnswer, nonce: str, key: bytes = ACME_KEY) -> bool:
    stated = read_answer(answer.headers)
    return stated.nonce == nonce and is_answer_by(key, stated, status=answer.status, body=answer.body)
