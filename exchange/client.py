"""The dialling side: the one module that calls a partner's node."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import NoReturn

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from exchange.errors import (
    CLAIM_REFUSALS,
    AnswerNotTrusted,
    ClaimRefused,
    MessageNotReadable,
    NotADrawbridge,
    NotAllowed,
    NotReachable,
    PartnerSays,
    PartnerUnavailable,
)
from exchange.guard import AddressRefused, GuardedResolver
from exchange.limits import DEADLINES, LIMITS, Deadlines
from exchange.messages import (
    MAX_REASON,
    PROTOCOLS,
    decline_body,
    first_half,
    fitting_body,
    look_body,
    read_batch,
    read_claim_answer,
    read_error,
    read_info,
    read_reason,
    read_terms,
)
from exchange.paths import CLAIM, DECLINE, INFO, LOOK, SYNC
from exchange.ports import ClaimAnswer, Headers, WireAnswer, WireRequest
from exchange.signatures import JSON, NotSigned, is_answer_by, read_answer, sign_request
from pairing.address import canonical_address, is_local, origin_of
from pairing.code import commitment_to
from pairing.digests import b64u
from pairing.errors import AddressNotUsable
from pairing.keys import is_good_key
from pairing.names import stated_name
from pairing.offer import OfferTerms
from sync.envelope import Batch

_UNSIGNED = frozenset({"auth_failed", "clock_skew", "too_slow", "too_large", "media_type", "unavailable"})
_PLAIN: Headers = (("Content-Type", JSON),)

Local = Callable[[WireRequest], Awaitable[WireAnswer]]


class PartnerClient:
    """Calls partners at their canonical base addresses: guarded, without redirects, cookies, environment proxies or
    decompression, within a deadline, and believing nothing that is not signed.

    `trusted` holds exact origins that the operator exempts from the address rules. `clock` gives aware UTC, `chance(n)`
    n random bytes. A base that is `local_address` (our own public one) or "local:…" never touches a socket: the same
    bytes go to `local`, which may also be set later. `egress_proxy` takes over the vetting of addresses."""

    def __init__(
        self,
        *,
        trusted: frozenset[str],
        clock: Callable[[], datetime],
        chance: Callable[[int], bytes],
        deadlines: Deadlines = DEADLINES,
        resolver: AbstractResolver | None = None,
        ca_file: str | None = None,
        egress_proxy: str | None = None,
        local: Local | None = None,
        local_address: str | None = None,
    ) -> None:
        self.local = local
        self._trusted = trusted
        self._clock = clock
        self._chance = chance
        self._deadlines = deadlines
        self._resolver = resolver
        self._ca_file = ca_file
        self._proxy = egress_proxy
        self._local_address = local_address
        self._sessions: dict[bool, aiohttp.ClientSession] = {}

    async def info(self, base: str) -> None:
        """Returns when a Drawbridge of our protocol is there. Raises NotReachable, NotAllowed or NotADrawbridge."""
        answer = await self._call(WireRequest("GET", INFO, base=base), self._deadlines.exchange)
        try:
            protocols = read_info(answer.body)
        except MessageNotReadable:
            raise NotADrawbridge from None
        if answer.status != 200:
            raise NotADrawbridge
        if not set(protocols) & set(PROTOCOLS):
            raise NotADrawbridge(
                "The Drawbridge at that address speaks another version: one of the two needs an upgrade."
            )

    async def look(self, base: str, token: bytes) -> OfferTerms:
        """The terms of an invitation; changes nothing there. Raises ClaimRefused or PartnerUnavailable."""
        answer = await self._ask(base, LOOK, look_body(token))
        try:
            return read_terms(answer.body)
        except MessageNotReadable:
            raise NotADrawbridge from None

    async def decline(self, base: str, token: bytes, reason: str) -> None:
        """Raises ClaimRefused or PartnerUnavailable."""
        await self._ask(base, DECLINE, decline_body(token, reason))

    async def claim(self, base: str, body: bytes, *, key: bytes, commitment: bytes) -> ClaimAnswer:
        """Sends the claim's bytes as they are, signed with `key` (a 32-byte seed). `commitment` is the code's.

        Raises ClaimRefused, PartnerUnavailable, or AnswerNotTrusted when the answer is not from the code's maker."""
        answer, nonce = await self._send_signed(base, CLAIM, body, key, self._deadlines.exchange)
        if answer.status != 200:
            _raise_refusal(answer)
        try:
            granted, protocol = read_claim_answer(answer.body)
        except MessageNotReadable:
            raise NotADrawbridge from None
        if not is_good_key(granted.key) or commitment_to(granted.key) != commitment:
            raise AnswerNotTrusted("commitment")
        created = _signed_at(answer, nonce, granted.key)
        if created is None:
            raise AnswerNotTrusted("signature")
        if abs(created - self._now()) > LIMITS.clock_seconds:
            raise AnswerNotTrusted("stale")
        if protocol not in PROTOCOLS:
            raise AnswerNotTrusted("protocol")
        return granted

    async def sync(self, base: str, their_id: str, batch: Batch, *, key: bytes, their_key: bytes) -> Batch:
        """One exchange, signed with `key` (a 32-byte seed); what does not fit into a body is left out, and `more` said.

        Raises PartnerSays only for an error signed with `their_key`, PartnerUnavailable for everything else."""
        body = fitting_body(batch, LIMITS.sync_bytes)
        seconds = self._deadlines.exchange if not batch.wait else batch.wait + self._deadlines.poll
        for is_last in (False, True):
            try:
                return await self._exchange(base, their_id, body, key, their_key, seconds)
            except PartnerSays as says:
                # Somebody sent our bytes before us, or a proxy sent them twice: a new nonce settles it.
                if is_last or says.code != "replayed":
                    raise
            except PartnerUnavailable as unavailable:
                if is_last or unavailable.reason != "too_large" or len(batch.envelopes) < 2:
                    raise
                body = fitting_body(first_half(batch), LIMITS.sync_bytes)
        raise AssertionError

    async def close(self) -> None:
        for session in self._sessions.values():
            await session.close()
        self._sessions.clear()

    async def _exchange(
        self, base: str, their_id: str, body: bytes, key: bytes, their_key: bytes, seconds: float
    ) -> Batch:
        answer, nonce = await self._send_signed(base, SYNC + their_id, body, key, seconds)
        created = _signed_at(answer, nonce, their_key)
        if created is None:
            raise _unavailable(answer)
        ahead = created - self._now()
        try:
            if answer.status == 200 and abs(ahead) <= LIMITS.clock_seconds:
                return read_batch(answer.body)
            code, pause, envelope_id = read_error(answer.body)
            reason = stated_name(read_reason(answer.body), MAX_REASON)
        except MessageNotReadable:
            raise PartnerUnavailable("bad_answer") from None
        if code == "clock_skew":
            raise PartnerSays(code, pause, clock_diff_seconds=ahead)
        if abs(ahead) > LIMITS.clock_seconds:
            raise PartnerUnavailable("bad_answer")
        raise PartnerSays(code, pause, envelope_id, reason=reason)

    async def _ask(self, base: str, path: str, body: bytes) -> WireAnswer:
        answer = await self._call(WireRequest("POST", path, _PLAIN, body, base=base), self._deadlines.exchange)
        if answer.status != 200:
            _raise_refusal(answer)
        return answer

    async def _send_signed(
        self, base: str, path: str, body: bytes, key: bytes, seconds: float
    ) -> tuple[WireAnswer, str]:
        """The answer, and the nonce that it must carry."""
        nonce = b64u(self._chance(16))
        headers = sign_request(key, method="POST", uri=base + path, body=body, created=self._now(), nonce=nonce)
        return await self._call(WireRequest("POST", path, headers, body, base=base), seconds), nonce

    async def _call(self, request: WireRequest, seconds: float) -> WireAnswer:
        base = request.base or ""
        if is_local(base) or base == self._local_address:
            return await self._call_locally(request, seconds)
        try:
            is_canonical = canonical_address(base, self._trusted) == base
        except AddressNotUsable:
            is_canonical = False
        if not is_canonical:
            raise NotAllowed
        return await self._dial(base, request, seconds)

    async def _call_locally(self, request: WireRequest, seconds: float) -> WireAnswer:
        if self.local is None:
            raise NotReachable
        try:
            async with asyncio.timeout(seconds):
                return await self.local(request)
        except TimeoutError:
            raise NotReachable from None

    async def _dial(self, base: str, request: WireRequest, seconds: float) -> WireAnswer:
        is_trusted = origin_of(base) in self._trusted
        try:
            async with (
                asyncio.timeout(seconds),
                self._session(is_trusted).request(
                    request.method,
                    URL(base + request.path, encoded=True),
                    data=request.body or None,
                    headers=request.headers,
                    allow_redirects=False,
                    proxy=None if is_trusted else self._proxy,
                ) as response,
            ):
                return await self._counted(response)
        except aiohttp.ClientConnectorDNSError as exc:
            raise (NotAllowed if isinstance(exc.os_error, AddressRefused) else NotReachable) from exc
        except (aiohttp.ClientError, OSError, ValueError) as exc:
            raise NotReachable from exc

    async def _counted(self, response: aiohttp.ClientResponse) -> WireAnswer:
        """The answer, read as it comes and cut where it grows too long."""
        if response.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise PartnerUnavailable("bad_answer")
        body = bytearray()
        async for chunk in response.content.iter_any():
            body += chunk
            if len(body) > self._deadlines.answer_bytes:
                raise PartnerUnavailable("bad_answer")
        headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.raw_headers)
        return WireAnswer(response.status, headers, bytes(body))

    def _session(self, is_trusted: bool) -> aiohttp.ClientSession:
        """Made at first use, inside the event loop: a guarded one, and one for the operator's trusted origins."""
        if is_trusted not in self._sessions:
            # An egress proxy is the operator's own: the name that is resolved here is the proxy's.
            is_open = is_trusted or self._proxy is not None
            guarded = GuardedResolver(self._resolver, seconds=self._deadlines.resolve)
            self._sessions[is_trusted] = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    resolver=None if is_open else guarded,
                    use_dns_cache=False,
                    limit=0,
                    ssl=ssl.create_default_context() if self._ca_file is None else _context(self._ca_file),
                ),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=self._deadlines.connect),
                headers={"Accept-Encoding": "identity", "User-Agent": "drawbridge"},
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                trust_env=False,
            )
        return self._sessions[is_trusted]

    def _now(self) -> int:
        return int(self._clock().astimezone(UTC).timestamp())


def _context(ca_file: str) -> ssl.SSLContext:
    """The usual certificate checks, with the company's own authority beside the public ones."""
    context = ssl.create_default_context()
    context.load_verify_locations(ca_file)
    return context


def _signed_at(answer: WireAnswer, nonce: str, public: bytes) -> int | None:
    """When the holder of this key signed this answer to this question, in Unix seconds; None when it did not."""
    try:
        stated = read_answer(answer.headers)
    except NotSigned:
        return None
    if stated.nonce != nonce or not is_answer_by(public, stated, status=answer.status, body=answer.body):
        return None
    return stated.created


def _raise_refusal(answer: WireAnswer) -> NoReturn:
    """The unsigned advice of an inviter's node, when it is that; otherwise a transport problem."""
    try:
        code, _, _ = read_error(answer.body)
    except MessageNotReadable:
        code = ""
    if CLAIM_REFUSALS.get(code) == answer.status:
        raise ClaimRefused(code)
    raise _unavailable(answer)


def _unavailable(answer: WireAnswer) -> PartnerUnavailable:
    try:
        code, pause, _ = read_error(answer.body)
    except MessageNotReadable:
        code, pause = "", 0
    if code in _UNSIGNED:
        return PartnerUnavailable(code, retry_after=pause or None)
    # A proxy's limit on bodies speaks HTML; sending less is harmless advice to follow.
    return PartnerUnavailable("too_large" if answer.status == 413 else "unsigned")
