import asyncio
import gzip
import json
import ssl
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.x509.oid import NameOID

from exchange.client import PartnerClient
from exchange.errors import (
    AnswerNotTrusted,
    ClaimRefused,
    NotADrawbridge,
    NotAllowed,
    NotReachable,
    PartnerSays,
    PartnerUnavailable,
)
from exchange.limits import Deadlines
from exchange.messages import batch_body, claim_answer_body, error_body, info_body, read_batch
from exchange.ports import WireRequest
from exchange.signatures import public_of, read_request, sign_answer
from exchange.strict_json import write
from pairing.code import commitment_to
from pairing.connection import ConnectionState
from sync.envelope import Batch
from tests.exchange.test_guard import Names
from tests.exchange.twin import (
    ACME_KEY,
    ACME_SEED,
    ACME_SIDE,
    GLOBEX_SEED,
    LOCAL_BASE,
    NOW,
    TERMS,
    TOKEN,
    Clocks,
    Twin,
    a_claim,
    endpoint_for,
    envelope,
    granted,
    new_id,
    peer,
    twin_with,
)
from tests.exchange.wire import QUICK, Script, calling, http, node, serving

BASE = "https://bridge.acme.example"
COMMITMENT = commitment_to(ACME_KEY)
OTHER_SEED = bytes(range(0x60, 0x80))
Answer = Callable[[WireRequest], Awaitable[bytes]]


async def synced(client: PartnerClient, base: str, batch: Batch | None = None) -> Batch:
    return await client.sync(base, ACME_SIDE, batch or Batch(), key=GLOBEX_SEED, their_key=ACME_KEY)


def signed(
    request: WireRequest, status: int, body: bytes, *, seed: bytes = ACME_SEED, at: datetime = NOW, nonce: str = ""
) -> bytes:
    """The bytes of an answer to this request that is signed as the partner would."""
    created = int(at.timestamp())
    nonce = nonce or read_request(request.headers).nonce
    return http(status, body, *sign_answer(seed, status=status, body=body, created=created, nonce=nonce))


# ---- against our own endpoint, over a socket ----


async def test_both_sides_of_ours_understand_each_other_over_http() -> None:
    twin = twin_with(peer())
    twin.outbox["connection-1"] = [envelope(9)]
    async with node(twin) as base, calling(base) as client:
        await client.info(base)
        assert await client.look(base, TOKEN) == TERMS
        answer = await client.claim(base, a_claim(), key=GLOBEX_SEED, commitment=COMMITMENT)
        assert (answer.key, answer.side, answer.terms) == (ACME_KEY, ACME_SIDE, TERMS)
        reply = await synced(client, base, Batch(envelopes=(envelope(1),)))
        await client.decline(base, TOKEN, "not us")
    assert (reply.ack, reply.envelopes) == ((new_id(1),), (envelope(9),))
    assert twin.declined == "not us"


async def test_a_base_address_with_a_path_works_the_same() -> None:
    async with (
        node(twin_with(peer()), prefix="/drawbridge") as base,
        calling(base.removesuffix("/drawbridge")) as client,
    ):
        await client.info(base)
        assert (await synced(client, base)).have == 0


@pytest.mark.parametrize("code", ["invite_used", "invite_expired", "mode_mismatch", "self_connection"])
async def test_a_refusal_keeps_its_code(code: str) -> None:
    async with node(Twin(refusal=code)) as base, calling(base) as client:
        for attempt in (
            client.look(base, TOKEN),
            client.decline(base, TOKEN, ""),
            client.claim(base, a_claim(), key=GLOBEX_SEED, commitment=COMMITMENT),
        ):
            with pytest.raises(ClaimRefused) as caught:
                await attempt
            assert caught.value.code == code


async def test_what_the_partner_signs_is_told_with_its_pause() -> None:
    twin = twin_with(peer(ConnectionState.PENDING))
    twin.inbox_limit = 0
    async with node(twin) as base, calling(base) as client:
        with pytest.raises(PartnerSays) as pending:
            await synced(client, base)
        twin.move(ACME_SIDE, ConnectionState.ACTIVE)
        with pytest.raises(PartnerSays) as busy:
            await synced(client, base, Batch(envelopes=(envelope(1),)))
        twin.move(ACME_SIDE, ConnectionState.CLOSED, rejected=True)
        with pytest.raises(PartnerSays) as rejected:
            await synced(client, base)
    assert (pending.value.code, busy.value.code, busy.value.pause) == ("pending", "busy", 30)
    assert rejected.value.code == "rejected"


@pytest.mark.parametrize("ahead", [-600, 600])
async def test_another_clock_is_told_with_the_difference(ahead: int) -> None:
    clocks = Clocks(now=NOW + timedelta(seconds=ahead))
    async with node(twin_with(peer()), clocks=clocks) as base, calling(base) as client:
        with pytest.raises(PartnerSays) as caught:
            await synced(client, base)
        with pytest.raises(PartnerUnavailable) as claim:
            await client.claim(base, a_claim(), key=GLOBEX_SEED, commitment=COMMITMENT)
    assert (caught.value.code, caught.value.clock_diff_seconds) == ("clock_skew", ahead)
    assert claim.value.reason == "clock_skew"


# ---- S4, S6, S7: what may be believed ----


async def test_s4_an_answer_to_another_request_is_not_believed() -> None:
    async def answer(request: WireRequest) -> bytes:
        return signed(request, 200, batch_body(Batch(have=7)), nonce="A" * 22)

    await assert_not_believed(answer, "unsigned")


async def test_s4_a_stale_answer_is_not_believed() -> None:
    async def answer(request: WireRequest) -> bytes:
        return signed(request, 200, batch_body(Batch(have=7)), at=NOW - timedelta(seconds=301))

    await assert_not_believed(answer, "bad_answer")


async def test_s4_an_unsigned_answer_is_not_believed() -> None:
    async def answer(request: WireRequest) -> bytes:
        return http(200, batch_body(Batch(have=7)), ("Content-Type", "application/json"))

    await assert_not_believed(answer, "unsigned")


async def test_s6_an_answer_signed_by_another_key_is_not_believed() -> None:
    async def answer(request: WireRequest) -> bytes:
        return signed(request, 410, error_body("closed"), seed=OTHER_SEED)

    await assert_not_believed(answer, "unsigned")


async def test_s6_our_own_request_signature_sent_back_is_not_believed() -> None:
    async def answer(request: WireRequest) -> bytes:
        kept = {"content-type", "content-digest", "signature-input", "signature"}
        return http(200, request.body, *(header for header in request.headers if header[0].lower() in kept))

    await assert_not_believed(answer, "unsigned")


async def test_a_signed_answer_that_cannot_be_read_is_not_used() -> None:
    async def answer(request: WireRequest) -> bytes:
        return signed(request, 200, b'{"v":1,"envelopes":"many"}')

    await assert_not_believed(answer, "bad_answer")


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (401, error_body("auth_failed"), "auth_failed"),
        (408, error_body("too_slow"), "too_slow"),
        (415, error_body("media_type"), "media_type"),
        (500, error_body("unavailable"), "unavailable"),
        (404, error_body("closed"), "unsigned"),
        (410, error_body("closed"), "unsigned"),
        (410, error_body("rejected"), "unsigned"),
        (403, error_body("pending"), "unsigned"),
        (409, error_body("replayed"), "unsigned"),
        (200, b"<html>Sign in to the guest network</html>", "unsigned"),
        (404, b"<html>404</html>", "unsigned"),
        (502, b"Bad Gateway", "unsigned"),
        (413, b"<html>nginx</html>", "too_large"),
        (200, b"", "unsigned"),
    ],
)
async def test_s7_nothing_unsigned_is_ever_what_the_partner_says(status: int, body: bytes, reason: str) -> None:
    async def answer(request: WireRequest) -> bytes:
        return http(status, body)

    await assert_not_believed(answer, reason)


async def assert_not_believed(answer: Answer, reason: str) -> None:
    script = Script(answer)
    async with script.running() as base, calling(base) as client:
        with pytest.raises(PartnerUnavailable) as caught:
            await synced(client, base)
    assert caught.value.reason == reason
    assert len(script.seen) == 1


async def test_a_replayed_answer_is_followed_by_a_new_nonce_once() -> None:
    async def answer(request: WireRequest) -> bytes:
        return signed(request, 409, error_body("replayed"))

    script = Script(answer)
    async with script.running() as base, calling(base) as client:
        with pytest.raises(PartnerSays) as caught:
            await synced(client, base, Batch(envelopes=(envelope(1),)))
    assert caught.value.code == "replayed"
    first, second = script.seen
    assert first.body == second.body
    assert read_request(first.headers).nonce != read_request(second.headers).nonce


async def test_a_batch_that_is_too_large_for_a_proxy_is_halved_once() -> None:
    async def answer(request: WireRequest) -> bytes:
        if len(read_batch(request.body).envelopes) > 2:
            return http(413, b"<html>nginx</html>")
        return signed(request, 200, batch_body(Batch()))

    script = Script(answer)
    async with script.running() as base, calling(base) as client:
        await synced(client, base, Batch(envelopes=tuple(envelope(number) for number in range(4))))
    first, second = (read_batch(request.body) for request in script.seen)
    assert second.envelopes == first.envelopes[:2]
    assert (first.more, second.more) == (False, True)


async def test_a_batch_over_1_mib_is_cut_before_it_is_sent() -> None:
    twin = twin_with(peer())
    text = write({"text": "x" * 100_000}).decode()
    batch = Batch(envelopes=tuple(envelope(number, body=text) for number in range(20)))
    async with node(twin) as base, calling(base) as client:
        reply = await synced(client, base, batch)
    assert 0 < len(reply.ack) < 20


# ---- claim: P13, P15 ----


async def claimed(answer: Answer | bytes, commitment: bytes = COMMITMENT) -> None:
    async with Script(answer).running() as base, calling(base) as client:
        await client.claim(base, a_claim(), key=GLOBEX_SEED, commitment=commitment)


@pytest.mark.parametrize(
    ("seed", "key", "reason"),
    [
        (OTHER_SEED, public_of(OTHER_SEED), "commitment"),
        (OTHER_SEED, ACME_KEY, "signature"),
        (ACME_SEED, (1).to_bytes(32, "little"), "commitment"),
    ],
)
async def test_p13_an_answer_that_does_not_keep_the_codes_commitment_is_refused(
    seed: bytes, key: bytes, reason: str
) -> None:
    async def answer(request: WireRequest) -> bytes:
        return signed(request, 200, claim_answer_body(replace(granted(), key=key)), seed=seed)

    with pytest.raises(AnswerNotTrusted) as caught:
        await claimed(answer)
    assert caught.value.reason == reason


async def test_p13_a_key_of_low_order_is_refused_even_when_the_code_committed_to_it() -> None:
    low = (1).to_bytes(32, "little")

    async def answer(request: WireRequest) -> bytes:
        return signed(request, 200, claim_answer_body(replace(granted(), key=low)))

    with pytest.raises(AnswerNotTrusted):
        await claimed(answer, commitment_to(low))


@pytest.mark.parametrize(("changed", "reason"), [({"protocol": 2}, "protocol"), ({"nonce": "A" * 22}, "signature")])
async def test_i7_an_answer_with_a_protocol_we_did_not_offer_or_another_nonce_is_refused(
    changed: dict[str, object], reason: str
) -> None:
    async def answer(request: WireRequest) -> bytes:
        nonce = str(changed.get("nonce", ""))
        body = write({**json.loads(claim_answer_body(granted())), **changed})
        return signed(request, 200, body, nonce=nonce)

    with pytest.raises(AnswerNotTrusted) as caught:
        await claimed(answer)
    assert caught.value.reason == reason


async def test_a_stale_answer_to_a_claim_is_refused() -> None:
    async def answer(request: WireRequest) -> bytes:
        return signed(request, 200, claim_answer_body(granted()), at=NOW - timedelta(seconds=301))

    with pytest.raises(AnswerNotTrusted) as caught:
        await claimed(answer)
    assert caught.value.reason == "stale"


async def test_p15_every_repetition_of_a_claim_sends_the_same_bytes_under_a_new_nonce() -> None:
    script = Script(http(502, b"Bad Gateway"))
    async with script.running() as base, calling(base) as client:
        for _ in range(3):
            with pytest.raises(PartnerUnavailable):
                await client.claim(base, a_claim(), key=GLOBEX_SEED, commitment=COMMITMENT)
    assert {request.body for request in script.seen} == {a_claim()}
    assert len({read_request(request.headers).nonce for request in script.seen}) == 3


@pytest.mark.parametrize(
    ("status", "body"),
    [(404, b"<html>404</html>"), (409, error_body("invite_unknown")), (410, error_body("closed")), (401, b"{}")],
)
async def test_advice_that_does_not_fit_its_status_is_a_transport_problem(status: int, body: bytes) -> None:
    with pytest.raises(PartnerUnavailable):
        await claimed(http(status, body))


async def test_a_200_that_is_no_answer_to_a_claim_is_not_a_drawbridge() -> None:
    with pytest.raises(NotADrawbridge):
        await claimed(http(200, b"<html>Sign in to the guest network</html>"))


def test_only_slow_down_leaves_a_claim_alive() -> None:
    assert not ClaimRefused("slow_down").is_final
    assert ClaimRefused("invite_used").is_final


# ---- info, and what people are told (R7) ----


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (http(200, b"<html>hello</html>"), NotADrawbridge),
        (http(404, info_body()), NotADrawbridge),
        (http(200, b'{"service":"other","protocols":[1]}'), NotADrawbridge),
        (http(200, b'{"service":"bridge","protocols":[2]}'), NotADrawbridge),
        (http(302, b"", ("Location", "http://169.254.169.254/latest/meta-data/")), NotADrawbridge),
        (b"SSH-2.0-OpenSSH_9.2p1\r\n", NotReachable),
        (b"", NotReachable),
    ],
)
async def test_r7_what_stands_at_an_address_is_told_in_a_fixed_sentence(answer: bytes, error: type[Exception]) -> None:
    script = Script(answer)
    async with script.running() as base, calling(base) as client:
        with pytest.raises(error) as caught:
            await client.info(base)
    text = str(caught.value)
    assert base not in text
    assert "127.0.0.1" not in text
    assert not any(secret in text for secret in ("302", "404", "SSH", "hello", "169.254"))


async def test_r7_a_closed_port_is_not_reachable() -> None:
    script = Script(b"")
    async with script.running() as base:
        pass
    async with calling(base) as client:
        with pytest.raises(NotReachable):
            await client.info(base)


async def test_r1_an_address_that_is_not_canonical_or_not_allowed_is_never_dialled() -> None:
    names = Names([["8.8.8.8"]])
    async with calling(resolver=names) as client:
        for base in (
            "http://bridge.acme.example",
            "https://127.0.0.1",
            "https://localhost",
            "https://Bridge.acme.example",
            "https://bridge.acme.example/",
            "https://bridge.acme.example:8080",
            "https://bridge.acme.example?x",
            "https://a@bridge.acme.example",
            "",
        ):
            with pytest.raises(NotAllowed):
                await client.info(base)
    assert names.asked == []


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["169.254.169.254"], ["8.8.8.8", "10.0.0.1"], ["::1"]])
async def test_r3_a_name_that_leads_inside_is_not_allowed(addresses: list[str]) -> None:
    async with calling(resolver=Names([addresses])) as client:
        with pytest.raises(NotAllowed):
            await client.info(BASE)


async def test_a_name_that_does_not_exist_is_not_reachable() -> None:
    async with calling(resolver=Names([[]])) as client:
        with pytest.raises(NotReachable):
            await client.info(BASE)


async def test_p14_plain_http_is_refused_unless_that_very_origin_is_trusted() -> None:
    async with node(Twin()) as base:
        async with calling() as client, calling(base.replace("http:", "https:")) as other:
            for one in (client, other):
                with pytest.raises(NotAllowed):
                    await one.info(base)
        async with calling(base) as client:
            await client.info(base)


# ---- R4, R6, D4, D6: what the client puts up with ----


async def test_r4_a_redirect_is_not_followed_and_nothing_of_ours_goes_there() -> None:
    elsewhere = Script(http(200, info_body()))
    async with elsewhere.running() as target:
        script = Script(http(307, b"", ("Location", f"{target}/bridge/v1/info")))
        async with script.running() as base, calling(base, target) as client:
            with pytest.raises(NotADrawbridge):
                await client.info(base)
            with pytest.raises(PartnerUnavailable):
                await client.look(base, TOKEN)
            with pytest.raises(PartnerUnavailable):
                await synced(client, base)
    assert len(script.seen) == 3
    assert elsewhere.seen == []


@pytest.mark.parametrize("chunked", [False, True])
async def test_r6_an_answer_that_is_too_big_is_cut(chunked: bool) -> None:
    big = b" " * 40_000
    answer = http(200, big)
    if chunked:
        answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"".join(
            b"3e8\r\n" + b" " * 1000 + b"\r\n" for _ in range(1000)
        )
    async with Script(answer).running() as base, calling(base, deadlines=replace(QUICK, answer_bytes=20_000)) as client:
        with pytest.raises(PartnerUnavailable) as caught:
            await client.info(base)
    assert caught.value.reason == "bad_answer"


async def test_d6_an_answer_that_drips_is_cut_at_the_deadline_of_the_whole_exchange() -> None:
    script = Script(http(200, info_body()), drip=0.02)
    async with script.running() as base, calling(base, deadlines=replace(QUICK, exchange=0.2)) as client:
        before = time.monotonic()
        with pytest.raises(NotReachable):
            await client.info(base)
    assert time.monotonic() - before < 1


async def test_a_poll_may_last_as_long_as_it_asked_to_be_held() -> None:
    async def answer(request: WireRequest) -> bytes:
        await asyncio.sleep(0.3)
        return signed(request, 200, batch_body(Batch(have=7)))

    deadlines = Deadlines(exchange=0.1, poll=0.1)
    async with Script(answer).running() as base, calling(base, deadlines=deadlines) as client:
        assert (await synced(client, base, Batch(wait=1))).have == 7
        with pytest.raises(NotReachable):
            await synced(client, base)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "identity, gzip"])
async def test_d4_a_compressed_answer_is_refused_and_never_inflated(coding: str) -> None:
    bomb = gzip.compress(b" " * 5_000_000)
    async with Script(http(200, bomb, ("Content-Encoding", coding))).running() as base, calling(base) as client:
        with pytest.raises(PartnerUnavailable) as caught:
            await client.info(base)
    assert caught.value.reason == "bad_answer"


async def test_our_requests_carry_nothing_but_what_the_protocol_names() -> None:
    async def answer(request: WireRequest) -> bytes:
        return http(200, info_body(), ("Set-Cookie", "spy=1"))

    script = Script(answer)
    async with script.running() as base, calling(base) as client:
        for _ in range(2):
            with pytest.raises(PartnerUnavailable):
                await synced(client, base)
    for request in script.seen:
        assert {name.lower() for name, _ in request.headers} == {
            *("host", "accept", "accept-encoding", "user-agent", "content-length", "content-type"),
            *("content-digest", "signature-input", "signature"),
        }
        assert dict(request.headers)["Accept-Encoding"] == "identity"


async def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with node(Twin()) as base, calling(base) as client:
        await client.info(base)


async def test_an_egress_proxy_is_asked_to_connect_and_owns_the_look_up() -> None:
    script = Script(http(403, b"denied"))
    names = Names([["8.8.8.8"]])
    async with script.running() as proxy, calling(egress_proxy=proxy, resolver=names) as client:
        with pytest.raises(NotReachable):
            await client.info(BASE)
    assert (script.seen[0].method, script.seen[0].path) == ("CONNECT", "bridge.acme.example:443")
    assert names.asked == []


# ---- R5: certificates ----


async def test_r5_a_certificate_for_another_name_or_of_an_unknown_authority_is_refused(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    for names, ca_file, works in (
        (["localhost"], authority.file, True),
        (["bridge.evil.example"], authority.file, False),
        (["localhost"], None, False),
    ):
        app = web.Application()
        app.router.add_get("/bridge/v1/info", _info)
        async with (
            serving(app, tls=authority.server_for(*names)) as base,
            calling(base, ca_file=ca_file, deadlines=Deadlines()) as client,
        ):
            if works:
                await client.info(base)
            else:
                with pytest.raises(NotReachable):
                    await client.info(base)


async def _info(_: web.Request) -> web.Response:
    return web.Response(body=info_body(), content_type="application/json")


class Authority:
    """A certificate authority made for one test."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = generate_private_key(SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
        certificate = self._certificate(self._name, self._key, ()).sign(self._key, hashes.SHA256())
        self.file = str(self._write("authority.pem", certificate.public_bytes(serialization.Encoding.PEM)))

    def server_for(self, *names: str) -> ssl.SSLContext:
        key = generate_private_key(SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
        certificate = self._certificate(subject, key, names).sign(self._key, hashes.SHA256())
        pem = certificate.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self._write(f"{names[0]}.pem", pem))
        return context

    def _certificate(
        self, subject: x509.Name, key: EllipticCurvePrivateKey, names: tuple[str, ...]
    ) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(hours=1))
            .add_extension(x509.BasicConstraints(ca=not names, path_length=None), critical=True)
        )
        if not names:
            return builder
        return builder.add_extension(
            x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False
        )

    def _write(self, name: str, pem: bytes) -> Path:
        path = self._folder / name
        path.write_bytes(pem)
        return path


# ---- in process ----


@pytest.mark.parametrize("base", [LOCAL_BASE, BASE])
async def test_our_own_address_is_answered_in_process_without_a_socket(base: str) -> None:
    twin, names = twin_with(peer()), Names([["127.0.0.1"]])
    endpoint = endpoint_for(twin)
    async with calling(local=endpoint.answer, local_address=BASE, resolver=names) as client:
        await client.info(base)
        assert await client.look(base, TOKEN) == TERMS
        await client.claim(base, a_claim(), key=GLOBEX_SEED, commitment=COMMITMENT)
        assert (await synced(client, base, Batch(envelopes=(envelope(1),)))).ack == (new_id(1),)
    assert names.asked == []


async def test_another_nodes_local_address_is_not_ours_to_answer() -> None:
    async with calling(local=endpoint_for(Twin()).answer) as client:
        with pytest.raises(PartnerUnavailable):
            await client.look("local:" + "m" * 26, TOKEN)


async def test_a_local_address_without_a_handler_is_not_reachable() -> None:
    async with calling() as client:
        with pytest.raises(NotReachable):
            await client.info(LOCAL_BASE)


async def test_the_handler_in_process_may_be_given_later() -> None:
    async with calling() as client:
        client.local = endpoint_for(Twin()).answer
        await client.info(LOCAL_BASE)


async def test_the_deadline_holds_in_process_too() -> None:
    async def never(_: WireRequest) -> None:
        await asyncio.sleep(5)

    async with calling(local=never, deadlines=replace(QUICK, exchange=0.02)) as client:  # type: ignore[arg-type]
        with pytest.raises(NotReachable):
            await client.info(LOCAL_BASE)


async def test_a_poll_that_is_cut_by_a_proxy_is_tried_again_by_the_next() -> None:
    """E8: the answer was lost, the envelopes are still there."""
    twin = twin_with(peer())
    twin.outbox["connection-1"] = [envelope(9)]
    endpoint = endpoint_for(twin)
    lost: list[WireRequest] = []

    async def cut(request: WireRequest) -> bytes:
        lost.append(request)
        await endpoint.answer(replace(request, base=LOCAL_BASE))
        return b""

    async with Script(cut).running() as base, calling(base, local=endpoint.answer) as client:
        with pytest.raises(NotReachable):
            await synced(client, base, Batch(wait=1))
        assert (await synced(client, LOCAL_BASE, Batch(wait=1))).envelopes == (envelope(9),)
    assert len(lost) == 1
