"""The answering side: one door for partners and strangers, checking in a fixed order, saying little."""

import hashlib
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from exchange.errors import CLAIM_REFUSALS, ClaimRefused, MessageNotReadable
from exchange.limits import LIMITS, Limits
from exchange.messages import (
    PROTOCOLS,
    claim_answer_body,
    error_body,
    fitting_body,
    info_body,
    read_batch,
    read_claim,
    read_decline,
    read_look,
    terms_body,
)
from exchange.parking import Parking
from exchange.paths import CLAIM, DECLINE, INFO, LOOK, SYNC
from exchange.ports import Headers, Outgoing, Peer, ReceiptKind, Receiver, WireAnswer, WireRequest
from exchange.rates import ClaimRates, ExchangeRates
from exchange.signatures import JSON, NotSigned, Stated, is_request_by, public_of, read_request, sign_answer
from exchange.strict_json import write
from pairing.connection import ConnectionState
from pairing.keys import is_good_key, key_id
from sync.envelope import CLOSE, Batch

logger = logging.getLogger(__name__)
_SYNC = re.compile(re.escape(SYNC) + "([a-z2-7]{26})")
_NOT_STORED: Headers = (("Cache-Control", "no-store, no-transform"),)
# A request for an unknown side id is verified against this key, so that it takes as long as one for a known id.
_DUMMY_KEY = public_of(hashlib.sha256(b"nobody holds this key").digest())


@dataclass(frozen=True, slots=True)
class _Reply:
    """Signs answers to one request whose signature was found right."""

    seed: bytes = field(repr=False)
    nonce: str
    now: int

    def __call__(self, status: int, body: bytes) -> WireAnswer:
        signature = sign_answer(self.seed, status=status, body=body, created=self.now, nonce=self.nonce)
        return WireAnswer(status, signature + _NOT_STORED, body)

    def error(
        self, status: int, code: str, pause: int = 0, envelope_id: str | None = None, reason: str = ""
    ) -> WireAnswer:
        return self(status, error_body(code, pause, envelope_id, reason))


class Endpoint:
    """Answers requests of the network (signed for `base`, our configured public address, whatever their Host says) and
    of this process (signed for `base` or `local_base`). `clock` gives aware UTC, `monotonic` seconds."""

    def __init__(
        self,
        *,
        base: str,
        receiver: Receiver,
        parking: Parking,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float],
        limits: Limits = LIMITS,
        local_base: str | None = None,
    ) -> None:
        self._base = base
        self._bases = frozenset({base, local_base or base})
        self._receiver = receiver
        self._parking = parking
        self._clock = clock
        self._limits = limits
        self._claims = ClaimRates(monotonic, per_address=limits.claims_per_address, per_node=limits.claims_per_node)
        self._exchanges = ExchangeRates(monotonic, per_second=limits.exchanges_per_second, burst=limits.exchanges_burst)

    def body_limit(self, path: str) -> int:
        """How many bytes of body a request to this path may have."""
        return self._limits.sync_bytes if path.startswith(SYNC) else self._limits.claim_bytes

    async def answer(self, request: WireRequest) -> WireAnswer:
        """Never raises: what goes wrong here is logged and answered 500."""
        try:
            return await self._routed(request)
        except ClaimRefused as refused:
            return unsigned(CLAIM_REFUSALS[refused.code], refused.code)
        except Exception:
            logger.exception("a request of a partner failed")
            return unsigned(500, "unavailable")

    async def _routed(self, request: WireRequest) -> WireAnswer:
        sync = _SYNC.fullmatch(request.path)
        if (request.base or self._base) not in self._bases:
            return unsigned(404, "not_found")
        if request.path not in (INFO, LOOK, DECLINE, CLAIM) and not request.path.startswith(SYNC):
            return unsigned(404, "not_found")
        if request.method != ("GET" if request.path == INFO else "POST"):
            return unsigned(405, "not_allowed")
        if request.path == INFO:
            return _plain(info_body())
        if request.path.startswith(SYNC):
            return self._misshapen(request) or await self._sync(request, sync[1] if sync else "")
        if not self._claims.may(request.caller):
            raise ClaimRefused("slow_down")
        return self._misshapen(request) or await self._about_a_code(request)

    def _misshapen(self, request: WireRequest) -> WireAnswer | None:
        if len(request.body) > self.body_limit(request.path):
            return unsigned(413, "too_large")
        names = [name.lower() for name, _ in request.headers]
        types = [value for name, value in request.headers if name.lower() == "content-type"]
        if "content-encoding" in names or (types != [JSON] and not request.path.startswith(SYNC)):
            return unsigned(415, "media_type")
        return None

    # ---- look, decline, claim ----

    async def _about_a_code(self, request: WireRequest) -> WireAnswer:
        try:
            if request.path == LOOK:
                return _plain(terms_body(await self._receiver.look(read_look(request.body))))
            if request.path == DECLINE:
                await self._receiver.decline(*read_decline(request.body))
                return _plain(write({"v": 1}))
            return await self._claim(request)
        except MessageNotReadable:
            raise ClaimRefused("bad_request") from None

    async def _claim(self, request: WireRequest) -> WireAnswer:
        """Nothing but the 200 is signed: before a claim has won, the invitation's key must stay unknown."""
        try:
            stated = read_request(request.headers)
        except NotSigned:
            return AUTH_FAILED
        claim = read_claim(request.body)
        if not is_good_key(claim.key) or not self._is_signed(request, stated, claim.key):
            return AUTH_FAILED
        if not self._is_in_time(stated):
            return unsigned(401, "clock_skew")
        if not set(claim.protocols) & set(PROTOCOLS):
            raise ClaimRefused("protocol_unsupported")
        granted = await self._receiver.claim(claim, hashlib.sha256(request.body).digest())
        return self._reply(granted.signing_key, stated)(200, claim_answer_body(granted))

    # ---- sync ----

    async def _sync(self, request: WireRequest, to: str) -> WireAnswer:
        try:
            stated = read_request(request.headers)
        except NotSigned:
            return AUTH_FAILED
        peer = await self._receiver.peer(to) if to else None
        if not self._is_authentic(request, stated, peer) or peer is None:
            return AUTH_FAILED
        reply = self._reply(peer.our_key, stated)
        if not self._is_in_time(stated):
            return reply.error(401, "clock_skew")
        return await self._stated_answer(request, peer, stated.nonce, reply)

    def _is_authentic(self, request: WireRequest, stated: Stated, peer: Peer | None) -> bool:
        """The same work for every way to fail. A broken connection has no key to answer with: it knows nobody."""
        keys = () if peer is None or peer.state is ConnectionState.BROKEN else peer.their_keys
        named = [key for key in keys if key_id(key) == stated.key_id]
        return self._is_signed(request, stated, named[0] if named else _DUMMY_KEY) and bool(named)

    async def _stated_answer(self, request: WireRequest, peer: Peer, nonce: str, reply: _Reply) -> WireAnswer:
        """From here on the partner is known, and every answer is signed."""
        batch, fault = _batch_of(request.body)
        may = self._exchanges.may(peer.connection_id)
        pause = 0
        if peer.state is ConnectionState.PENDING and may and batch is not None and batch.wait:
            peer, pause = await self._decided(peer, batch.wait)
        if peer.state is ConnectionState.PENDING and may and batch is not None and _closes(batch):
            await self._receiver.receive(peer, nonce, batch)
            peer = await self._receiver.peer(peer.our_id) or peer
        if refusal := _state_refusal(reply, peer, pause):
            return refusal
        if not may:
            return reply.error(429, "busy", self._limits.slow_pause)
        receipt = await self._receiver.receive(peer, nonce, batch)
        if receipt.kind is ReceiptKind.REPLAYED:
            return reply.error(409, "replayed")
        if batch is None:
            return reply.error(400, "bad_request", envelope_id=fault)
        if receipt.kind is ReceiptKind.BUSY:
            return reply.error(429, "busy", self._limits.busy_pause)
        # Whoever does not know yet that the connection is active learns it from this answer: it is not held.
        outgoing = await self._news(peer, receipt.ack, batch.wait if peer.is_told and not receipt.ack else 0)
        if refusal := _state_refusal(reply, outgoing, 0):
            return refusal
        return reply(200, fitting_body(outgoing.batch, self._limits.sync_bytes))

    async def _decided(self, peer: Peer, wait: int) -> tuple[Peer, int]:
        """The pending connection as it stands when a person decided or the time is over, and the pause to ask for."""
        with self._parking.place(peer.connection_id) as place:
            now = await self._receiver.peer(peer.our_id)
            if now is not None and now.state is ConnectionState.PENDING:
                await place.wait(min(wait, self._limits.wait_seconds))
                now = await self._receiver.peer(peer.our_id)
        return now or peer, place.pause

    async def _news(self, peer: Peer, ack: tuple[str, ...], wait: int) -> Outgoing:
        """What there is to say now, or as soon as there is something within the time the partner waits."""
        if not wait:
            return await self._receiver.outgoing(peer, ack)
        with self._parking.place(peer.connection_id) as place:
            outgoing = await self._receiver.outgoing(peer, ack)
            if outgoing.state is not peer.state or _says_something(outgoing.batch):
                return outgoing
            await place.wait(min(wait, self._limits.wait_seconds))
        outgoing = await self._receiver.outgoing(peer, ack)
        return _asking_for(place.pause, outgoing)

    # ---- signatures ----

    def _is_signed(self, request: WireRequest, stated: Stated, key: bytes) -> bool:
        uri = (request.base or self._base) + request.path
        return is_request_by(key, stated, method=request.method, uri=uri, body=request.body)

    def _is_in_time(self, stated: Stated) -> bool:
        return abs(stated.created - self._now()) <= self._limits.clock_seconds

    def _reply(self, seed: bytes, stated: Stated) -> _Reply:
        return _Reply(seed, stated.nonce, self._now())

    def _now(self) -> int:
        return int(self._clock().astimezone(UTC).timestamp())


def unsigned(status: int, code: str) -> WireAnswer:
    """An error that changes nothing at whoever reads it."""
    return _plain(error_body(code), status)


def _plain(body: bytes, status: int = 200) -> WireAnswer:
    return WireAnswer(status, (("Content-Type", JSON), *_NOT_STORED), body)


# One answer for every unauthenticated request: it must not tell which check failed.
AUTH_FAILED = unsigned(401, "auth_failed")


def _batch_of(body: bytes) -> tuple[Batch | None, str | None]:
    """The batch, or None and the id of the envelope at fault where it is known."""
    try:
        return read_batch(body), None
    except MessageNotReadable as error:
        return None, error.envelope_id


def _state_refusal(reply: _Reply, half: Peer | Outgoing, pause: int) -> WireAnswer | None:
    if half.state is ConnectionState.PENDING:
        return reply.error(403, "pending", pause)
    if half.state is ConnectionState.CLOSED:
        return reply.error(410, "rejected" if half.rejected else "closed", reason=half.reason)
    return None


def _closes(batch: Batch) -> bool:
    return any(envelope.type == CLOSE for envelope in batch.envelopes)


def _says_something(batch: Batch) -> bool:
    return bool(batch.envelopes or batch.pause)


def _asking_for(pause: int, outgoing: Outgoing) -> Outgoing:
    batch = outgoing.batch
    slower = Batch(batch.have, batch.ack, batch.envelopes, batch.wait, batch.more, max(pause, batch.pause))
    return replace(outgoing, batch=slower)
