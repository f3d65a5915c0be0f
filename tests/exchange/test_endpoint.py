import asyncio
import json
import logging
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.endpoint import AUTH_FAILED
from exchange.limits import LIMITS, Limits
from exchange.messages import (
    batch_body,
    decline_body,
    look_body,
    read_batch,
    read_claim_answer,
    read_error,
    read_terms,
)
from exchange.parking import Parking
from exchange.paths import CLAIM, DECLINE, INFO, LOOK, SYNC
from exchange.ports import Peer, WireAnswer, WireRequest
from exchange.signatures import NotSigned, public_of, read_answer
from exchange.strict_json import write
from pairing.connection import ConnectionState
from pairing.terms import Reach
from sync.envelope import Batch
from tests.exchange.twin import (
    ACME_KEY,
    ACME_SEED,
    ACME_SIDE,
    BASE,
    GLOBEX_KEY,
    GLOBEX_SEED,
    GLOBEX_SIDE,
    LOCAL_BASE,
    NOW,
    TERMS,
    TOKEN,
    Asker,
    Clocks,
    Twin,
    a_claim,
    endpoint_for,
    envelope,
    is_signed,
    new_id,
    peer,
    twin_with,
    with_header,
)

OTHER_SEED = bytes(range(0x60, 0x80))
OTHER_SIDE = "c" * 26
JSON_TYPE = (("Content-Type", "application/json"),)


def plain(path: str, body: bytes, caller: str = "198.51.100.7") -> WireRequest:
    return WireRequest("POST", path, JSON_TYPE, body, caller)


def outcome(answer: WireAnswer) -> tuple[int, str]:
    return answer.status, read_error(answer.body)[0]


def is_unsigned(answer: WireAnswer) -> bool:
    try:
        read_answer(answer.headers)
    except NotSigned:
        return True
    return False


# ---- info, look, decline ----


async def test_info_says_that_a_drawbridge_is_here_and_no_more() -> None:
    answer = await endpoint_for(Twin()).answer(WireRequest("GET", INFO))
    assert json.loads(answer.body) == {"service": "bridge", "protocols": [1]}
    assert ("Cache-Control", "no-store, no-transform") in answer.headers


async def test_look_shows_the_terms_and_neither_a_key_nor_a_signature() -> None:
    answer = await endpoint_for(Twin()).answer(plain(LOOK, look_body(TOKEN)))
    assert read_terms(answer.body) == TERMS
    assert "key" not in json.loads(answer.body)
    assert is_unsigned(answer)


async def test_decline_hands_on_the_reason_cleaned() -> None:
    twin = Twin()
    body = write({"v": 1, "token": json.loads(look_body(TOKEN))["token"], "reason": "not\nus\u202e"})
    answer = await endpoint_for(twin).answer(plain(DECLINE, body))
    assert (answer.status, twin.declined) == (200, "not us")


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("invite_used", 409),
        ("invite_expired", 410),
        ("invite_revoked", 410),
        ("invite_declined", 410),
        ("mode_mismatch", 403),
        ("url_mismatch", 403),
        ("team_mismatch", 403),
        ("self_connection", 403),
    ],
)
async def test_i5_a_code_that_cannot_be_used_is_refused_unsigned(code: str, status: int) -> None:
    endpoint = endpoint_for(Twin(refusal=code))
    for request in (plain(LOOK, look_body(TOKEN)), plain(DECLINE, decline_body(TOKEN, "")), Asker().claim()):
        answer = await endpoint.answer(request)
        assert outcome(answer) == (status, code)
        assert is_unsigned(answer)


@pytest.mark.parametrize("path", [LOOK, DECLINE])
async def test_an_unreadable_look_or_decline_never_reaches_the_receiver(path: str) -> None:
    twin = Twin()
    answer = await endpoint_for(twin).answer(plain(path, b'{"v":1,"token":"short"}'))
    assert (outcome(answer), twin.calls) == ((400, "bad_request"), [])


# ---- claim ----


async def test_a_claim_that_wins_is_answered_with_the_key_and_signed_by_it() -> None:
    asker, twin = Asker(), Twin()
    answer = await endpoint_for(twin).answer(asker.claim())
    granted, protocol = read_claim_answer(answer.body)
    assert (answer.status, protocol) == (200, 1)
    assert (granted.key, granted.terms) == (ACME_KEY, TERMS)
    assert is_signed(answer, asker.nonce)


async def test_p8_the_same_claim_again_gets_the_same_answer_and_another_is_refused() -> None:
    asker, endpoint = Asker(), endpoint_for(Twin())
    first, again = await endpoint.answer(asker.claim()), await endpoint.answer(asker.claim())
    assert first.body == again.body
    other = await endpoint.answer(asker.claim(name="Initech"))
    assert outcome(other) == (409, "invite_used")


async def test_p5_only_the_answer_to_a_claim_that_won_carries_the_key() -> None:
    endpoint = endpoint_for(Twin(refusal="invite_used"))
    answers = [
        await endpoint.answer(request)
        for request in (
            plain(LOOK, look_body(TOKEN)),
            plain(DECLINE, decline_body(TOKEN, "")),
            plain(CLAIM, a_claim()),
            Asker().claim(),
            Asker(at=NOW + timedelta(hours=1)).claim(),
            Asker().claim(reach=Reach.PUBLIC, url="https://bridge.globex.example"),
            Asker().sync(),
            WireRequest("GET", INFO),
        )
    ]
    key = json.loads(a_claim(key=ACME_KEY))["key"]
    assert all(key.encode() not in answer.body and is_unsigned(answer) for answer in answers)


async def test_a_claim_signed_by_another_key_than_it_states_is_refused() -> None:
    twin = Twin()
    answer = await endpoint_for(twin).answer(Asker(seed=OTHER_SEED).claim())
    assert (answer, twin.calls) == (AUTH_FAILED, [])


@pytest.mark.parametrize("y", [0, 1, 2**255 - 20, 2**255 - 18, 2**255 - 1])
async def test_s8_a_claim_with_a_key_of_low_order_or_odd_spelling_is_refused(y: int) -> None:
    twin = Twin()
    answer = await endpoint_for(twin).answer(Asker().claim(key=y.to_bytes(32, "little")))
    assert (answer, twin.calls) == (AUTH_FAILED, [])


async def test_a_claim_without_a_signature_is_refused() -> None:
    twin = Twin()
    assert await endpoint_for(twin).answer(plain(CLAIM, a_claim())) == AUTH_FAILED
    assert twin.calls == []


@pytest.mark.parametrize(("seconds", "status"), [(-301, 401), (-300, 200), (300, 200), (301, 401)])
async def test_s8_a_claim_more_than_five_minutes_off_is_refused_unsigned(seconds: int, status: int) -> None:
    answer = await endpoint_for(Twin()).answer(Asker(at=NOW + timedelta(seconds=seconds)).claim())
    assert answer.status == status
    if status == 401:
        assert outcome(answer) == (401, "clock_skew")
        assert is_unsigned(answer)


async def test_i7_a_claim_that_offers_no_protocol_of_ours_is_refused() -> None:
    twin = Twin()
    body = write({**json.loads(a_claim()), "protocols": [2, 3]})
    answer = await endpoint_for(twin).answer(Asker().request(CLAIM, body))
    assert (outcome(answer), twin.calls) == ((400, "protocol_unsupported"), [])


async def test_a_claim_with_an_unreadable_body_is_refused() -> None:
    twin = Twin()
    answer = await endpoint_for(twin).answer(Asker().request(CLAIM, b'{"v":1}'))
    assert (outcome(answer), twin.calls) == ((400, "bad_request"), [])


async def test_i6_an_unknown_token_costs_one_look_up_and_says_nothing_else() -> None:
    endpoint, twin = endpoint_for(twin := Twin()), twin
    wrong = bytes(16)
    answers = [
        await endpoint.answer(plain(LOOK, look_body(wrong))),
        await endpoint.answer(plain(DECLINE, decline_body(wrong, ""))),
        await endpoint.answer(Asker().claim(token=wrong)),
    ]
    assert {outcome(answer) for answer in answers} == {(404, "invite_unknown")}
    assert twin.calls == ["look", "decline", "claim"]


async def test_i6_the_rate_of_claims_is_kept_before_anything_else_and_looks_count() -> None:
    twin, clocks = Twin(), Clocks()
    endpoint = endpoint_for(twin, clocks)
    for _ in range(5):
        await endpoint.answer(plain(LOOK, look_body(bytes(16))))
        await endpoint.answer(plain(DECLINE, b"{}"))
    answer = await endpoint.answer(Asker().claim())
    assert (outcome(answer), len(twin.calls)) == ((429, "slow_down"), 5)
    assert (await endpoint.answer(replace(Asker().claim(), caller="198.51.100.8"))).status == 200
    clocks.seconds += 60
    assert (await endpoint.answer(plain(LOOK, look_body(TOKEN)))).status == 200


async def test_i6_a_node_answers_sixty_claims_a_minute_in_all() -> None:
    endpoint = endpoint_for(Twin())
    answers = [await endpoint.answer(plain(LOOK, look_body(TOKEN), f"198.51.100.{number}")) for number in range(70)]
    assert [answer.status for answer in answers] == [200] * 60 + [429] * 10


# ---- shape ----


@pytest.mark.parametrize("path", [LOOK, DECLINE, CLAIM])
async def test_d1_a_claim_over_16_kib_is_refused(path: str) -> None:
    twin = Twin()
    answer = await endpoint_for(twin).answer(plain(path, b"{" + b" " * 16 * 1024))
    assert (outcome(answer), twin.calls) == ((413, "too_large"), [])


async def test_d1_a_sync_over_1_mib_is_refused() -> None:
    twin = twin_with(peer())
    answer = await endpoint_for(twin).answer(Asker().request(SYNC + ACME_SIDE, b" " * (1024 * 1024 + 1)))
    assert (outcome(answer), twin.calls) == ((413, "too_large"), [])


@pytest.mark.parametrize("path", [LOOK, CLAIM, SYNC + ACME_SIDE])
async def test_d4_a_content_coding_is_refused(path: str) -> None:
    answer = await endpoint_for(Twin()).answer(with_header(plain(path, b"{}"), "Content-Encoding", "gzip"))
    assert outcome(answer) == (415, "media_type")


@pytest.mark.parametrize("media_type", ["text/plain", "application/json; charset=utf-8", "application/x-www-form"])
async def test_another_media_type_is_refused(media_type: str) -> None:
    answer = await endpoint_for(Twin()).answer(with_header(plain(LOOK, look_body(TOKEN)), "content-type", media_type))
    assert outcome(answer) == (415, "media_type")


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/", (404, "not_found")),
        ("GET", "/bridge/v2/info", (404, "not_found")),
        ("POST", INFO, (405, "not_allowed")),
        ("GET", LOOK, (405, "not_allowed")),
        ("PUT", CLAIM, (405, "not_allowed")),
        ("GET", SYNC + ACME_SIDE, (405, "not_allowed")),
    ],
)
async def test_other_paths_and_methods_are_not_there(method: str, path: str, expected: tuple[int, str]) -> None:
    assert outcome(await endpoint_for(Twin()).answer(WireRequest(method, path))) == expected


async def test_a_failure_behind_the_port_is_logged_and_answered_as_unavailable(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Broken(Twin):
        async def peer(self, to: str) -> Peer | None:
            raise OSError("the database is away")

    answer = await endpoint_for(Broken()).answer(Asker().sync())
    assert outcome(answer) == (500, "unavailable")
    assert b"database" not in answer.body
    assert "a request of a partner failed" in caplog.text


# ---- sync: who is it? ----


async def test_an_exchange_stores_acknowledges_and_answers_signed() -> None:
    twin, asker = twin_with(peer()), Asker()
    twin.outbox["connection-1"] = [envelope(9)]
    answer = await endpoint_for(twin).answer(asker.sync(Batch(envelopes=(envelope(1), envelope(2)))))
    reply = read_batch(answer.body)
    assert (answer.status, reply.have, reply.ack) == (200, 2, (new_id(1), new_id(2)))
    assert reply.envelopes == (envelope(9),)
    assert is_signed(answer, asker.nonce)
    assert not is_unsigned(answer)
    assert ("Cache-Control", "no-store, no-transform") in answer.headers


def strangers() -> dict[str, WireRequest]:
    """Requests that fail one check each of those that must look alike."""
    good = Asker().sync()
    return {
        "unknown side": Asker().sync(to="z" * 26),
        "odd side": Asker().sync(to="Z" * 26),
        "no side": Asker().sync(to=""),
        "unknown key": Asker(seed=OTHER_SEED).sync(),
        "reflected: our own key": Asker(seed=ACME_SEED).sync(),
        "another connection's side": Asker().sync(to=OTHER_SIDE),
        "bad signature": with_header(good, "Signature", dict(Asker().sync(Batch(have=1)).headers)["Signature"]),
        "another digest": with_header(good, "Content-Digest", "sha-256=:" + "A" * 43 + "=:"),
        "another body": replace(good, body=good.body + b" "),
        "another base": Asker(base="https://bridge.evil.example").sync(),
        "http instead of https": Asker(base=BASE.replace("https", "http")).sync(),
        "no signature": plain(SYNC + ACME_SIDE, good.body),
        "a header twice": replace(good, headers=(*good.headers, good.headers[-1])),
        "a request signature for another path": replace(Asker().claim(), path=SYNC + ACME_SIDE),
    }


@pytest.mark.parametrize("name", strangers())
async def test_s9_every_stranger_gets_the_same_bytes(name: str) -> None:
    """S5, S6, S8 and X3 of the test list meet here: no answer tells which check failed."""
    other = replace(peer(), connection_id="connection-2", our_id=OTHER_SIDE, their_keys=(public_of(OTHER_SEED),))
    twin = twin_with(peer(), other)
    assert await endpoint_for(twin).answer(strangers()[name]) == AUTH_FAILED
    assert set(twin.calls) <= {"peer"}


async def test_s9_an_unknown_side_takes_as_long_as_a_bad_signature() -> None:
    endpoint = endpoint_for(twin_with(peer()))
    times: dict[str, list[float]] = {"unknown side": [], "unknown key": [], "bad signature": []}
    requests = strangers()
    for _ in range(150):
        for name, taken in times.items():
            before = time.perf_counter()
            await endpoint.answer(requests[name])
            taken.append(time.perf_counter() - before)
    medians = [sorted(taken)[len(taken) // 2] for taken in times.values()]
    assert max(medians) < 2 * min(medians)


@pytest.mark.parametrize("name", ["Host", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded"])
async def test_s8_what_a_proxy_says_about_the_host_has_no_effect(name: str) -> None:
    request = with_header(Asker().sync(), name, "evil.example")
    assert (await endpoint_for(twin_with(peer())).answer(request)).status == 200


async def test_the_announced_next_key_of_the_partner_counts_too() -> None:
    twin = twin_with(replace(peer(), their_keys=(GLOBEX_KEY, public_of(OTHER_SEED))))
    endpoint = endpoint_for(twin)
    asker = Asker()
    assert (await endpoint.answer(asker.sync())).status == 200
    asker.seed = OTHER_SEED
    assert (await endpoint.answer(asker.sync())).status == 200


async def test_s5_the_old_key_counts_no_more_once_it_is_gone() -> None:
    twin = twin_with(replace(peer(), their_keys=(public_of(OTHER_SEED),)))
    assert await endpoint_for(twin).answer(Asker().sync()) == AUTH_FAILED


async def test_a_broken_connection_knows_nobody() -> None:
    twin = twin_with(replace(peer(ConnectionState.BROKEN), our_key=b""))
    assert await endpoint_for(twin).answer(Asker().sync()) == AUTH_FAILED


# ---- sync: in the order of the protocol ----


@pytest.mark.parametrize(("seconds", "status"), [(-301, 401), (-300, 200), (300, 200), (301, 401)])
async def test_s8_a_clock_more_than_five_minutes_off_is_said_and_signed(seconds: int, status: int) -> None:
    twin, asker = twin_with(peer()), Asker(at=NOW + timedelta(seconds=seconds))
    answer = await endpoint_for(twin).answer(asker.sync())
    assert answer.status == status
    assert is_signed(answer, asker.nonce)
    if status == 401:
        assert outcome(answer) == (401, "clock_skew")
        assert twin.calls == ["peer"]


@pytest.mark.parametrize(
    ("state", "rejected", "expected"),
    [
        (ConnectionState.PENDING, False, (403, "pending")),
        (ConnectionState.CLOSED, False, (410, "closed")),
        (ConnectionState.CLOSED, True, (410, "rejected")),
    ],
)
async def test_a_connection_that_is_not_open_says_so_signed_and_stores_nothing(
    state: ConnectionState, rejected: bool, expected: tuple[int, str]
) -> None:
    twin, asker = twin_with(replace(peer(state), rejected=rejected)), Asker()
    answer = await endpoint_for(twin).answer(asker.sync(Batch(envelopes=(envelope(1),))))
    assert outcome(answer) == expected
    assert is_signed(answer, asker.nonce)
    assert (twin.calls, twin.nonces) == (["peer"], set())


async def test_the_state_is_said_before_the_body_is_judged() -> None:
    answer = await endpoint_for(twin_with(peer(ConnectionState.PENDING))).answer(
        Asker().request(SYNC + ACME_SIDE, b"not json")
    )
    assert outcome(answer) == (403, "pending")


async def test_a_partner_over_its_rate_is_asked_to_pause_and_nothing_is_applied() -> None:
    twin, asker, clocks = twin_with(peer()), Asker(), Clocks()
    endpoint = endpoint_for(twin, clocks)
    answers = [await endpoint.answer(asker.sync()) for _ in range(21)]
    assert [answer.status for answer in answers] == [200] * 20 + [429]
    assert read_error(answers[-1].body) == ("busy", 1, None)
    assert is_signed(answers[-1], asker.nonce)
    assert len(twin.nonces) == 20
    clocks.seconds += 1
    assert (await endpoint.answer(asker.sync())).status == 200


async def test_d7_a_flood_on_one_connection_leaves_the_others_served() -> None:
    other = replace(peer(), connection_id="connection-2", our_id=OTHER_SIDE, their_keys=(public_of(OTHER_SEED),))
    endpoint = endpoint_for(twin_with(peer(), other))
    asker = Asker()
    flood = [await endpoint.answer(asker.sync()) for _ in range(100)]
    assert sum(answer.status == 429 for answer in flood) == 80
    assert (await endpoint.answer(Asker(seed=OTHER_SEED).sync(to=OTHER_SIDE))).status == 200


async def test_s3_the_same_request_again_is_a_replay_at_every_worker() -> None:
    twin, asker = twin_with(peer()), Asker()
    twin.outbox["connection-1"] = [envelope(9)]
    request = asker.sync(Batch(envelopes=(envelope(1),)))
    assert (await endpoint_for(twin).answer(request)).status == 200
    for worker in (endpoint_for(twin), endpoint_for(twin)):
        again = await worker.answer(request)
        assert outcome(again) == (409, "replayed")
        assert is_signed(again, asker.nonce)
        assert new_id(9).encode() not in again.body
    assert len(twin.inbox["connection-1"]) == 1


async def test_an_unreadable_body_spends_its_nonce_and_names_the_envelope() -> None:
    twin, asker = twin_with(peer()), Asker()
    body = json.loads(batch_body(Batch(ack=(new_id(8),), envelopes=(envelope(1), envelope(2)))))
    body["envelopes"][1]["at"] = "yesterday"
    twin.outbox["connection-1"] = [envelope(8)]
    request = asker.request(SYNC + ACME_SIDE, write(body))
    answer = await endpoint_for(twin).answer(request)
    assert (answer.status, read_error(answer.body)) == (400, ("bad_request", 0, new_id(2)))
    assert is_signed(answer, asker.nonce)
    assert outcome(await endpoint_for(twin).answer(request)) == (409, "replayed")
    assert "connection-1" not in twin.inbox
    assert twin.outbox["connection-1"] == [envelope(8)]


async def test_e9_a_full_inbox_stores_nothing_but_applies_acknowledgements() -> None:
    twin, asker = twin_with(peer()), Asker()
    twin.inbox_limit = 1
    twin.outbox["connection-1"] = [envelope(8), envelope(9)]
    batch = Batch(ack=(new_id(8),), envelopes=(envelope(1), envelope(2)))
    answer = await endpoint_for(twin).answer(asker.sync(batch))
    assert read_error(answer.body) == ("busy", 30, None)
    assert answer.status == 429
    assert is_signed(answer, asker.nonce)
    assert twin.inbox["connection-1"] == []
    assert twin.outbox["connection-1"] == [envelope(9)]


async def test_an_answer_never_grows_over_the_limit() -> None:
    twin = twin_with(peer())
    text = write({"text": "x" * 100_000}).decode()
    twin.outbox["connection-1"] = [envelope(number, body=text) for number in range(20)]
    answer = await endpoint_for(twin).answer(Asker().sync())
    assert len(answer.body) <= 1024 * 1024
    assert read_batch(answer.body).more


# ---- E8: the long poll ----

POLLS = replace(LIMITS, wait_seconds=0.08)


async def polled(twin: Twin, parking: Parking, *, limits: Limits = LIMITS, asker: Asker | None = None) -> WireAnswer:
    endpoint = endpoint_for(twin, parking=parking, limits=limits)
    return await endpoint.answer((asker or Asker()).sync(Batch(wait=25)))


async def until_held(parking: Parking, polls: int = 1) -> None:
    for _ in range(100):
        await asyncio.sleep(0)
    assert parking.held == polls


async def test_e8_a_poll_returns_at_once_when_there_is_something_to_say() -> None:
    twin, parking = twin_with(peer()), Parking()
    twin.outbox["connection-1"] = [envelope(9)]
    async with asyncio.timeout(2):
        answer = await polled(twin, parking)
    assert read_batch(answer.body).envelopes == (envelope(9),)


async def test_e8_the_first_poll_after_the_yes_is_answered_at_once() -> None:
    async with asyncio.timeout(2):
        answer = await polled(twin_with(peer(is_told=False)), Parking())
    assert (answer.status, read_batch(answer.body)) == (200, Batch())


async def test_e8_a_poll_returns_when_something_comes() -> None:
    twin, parking = twin_with(peer()), Parking()
    poll = asyncio.create_task(polled(twin, parking))
    await until_held(parking)
    twin.outbox["connection-1"] = [envelope(9)]
    parking.wake("connection-1")
    async with asyncio.timeout(2):
        answer = await poll
    assert read_batch(answer.body).envelopes == (envelope(9),)


async def test_e8_a_quiet_poll_returns_empty_when_its_time_is_over() -> None:
    async with asyncio.timeout(2):
        answer = await polled(twin_with(peer()), Parking(), limits=POLLS)
    assert (answer.status, read_batch(answer.body)) == (200, Batch())


async def test_e8_a_newer_poll_supersedes_the_older() -> None:
    twin, parking, asker = twin_with(peer()), Parking(), Asker()
    older = asyncio.create_task(polled(twin, parking, asker=asker))
    await until_held(parking)
    newer = asyncio.create_task(polled(twin, parking, asker=asker))
    async with asyncio.timeout(2):
        assert (await older).status == 200
        await until_held(parking)
        assert not newer.done()
        parking.wake("connection-1")
        await newer


async def test_e8_an_exchange_without_wait_leaves_the_held_poll_alone() -> None:
    twin, parking, asker = twin_with(peer()), Parking(), Asker()
    poll = asyncio.create_task(polled(twin, parking, asker=asker))
    await until_held(parking)
    answer = await endpoint_for(twin, parking=parking).answer(asker.sync(Batch(envelopes=(envelope(1),))))
    assert read_batch(answer.body).ack == (new_id(1),)
    assert not poll.done()
    parking.wake("connection-1")
    await poll


async def test_a_request_that_brought_envelopes_is_acknowledged_at_once() -> None:
    batch = Batch(envelopes=(envelope(1),), wait=25)
    async with asyncio.timeout(2):
        answer = await endpoint_for(twin_with(peer())).answer(Asker().sync(batch))
    assert read_batch(answer.body).ack == (new_id(1),)


async def test_d7_beyond_the_cap_a_poll_is_answered_at_once_with_a_pause() -> None:
    async with asyncio.timeout(2):
        answer = await polled(twin_with(peer()), Parking(cap=0))
        pending = await polled(twin_with(peer(ConnectionState.PENDING)), Parking(cap=0))
    assert read_batch(answer.body).pause == 5
    assert read_error(pending.body) == ("pending", 5, None)


async def test_a_pending_poll_is_held_until_the_partner_is_approved() -> None:
    twin, parking = twin_with(peer(ConnectionState.PENDING)), Parking()
    poll = asyncio.create_task(polled(twin, parking))
    await until_held(parking)
    assert twin.nonces == set()
    twin.move(ACME_SIDE, ConnectionState.ACTIVE)
    twin.outbox["connection-1"] = [envelope(9)]
    parking.wake("connection-1")
    async with asyncio.timeout(2):
        answer = await poll
    assert (answer.status, read_batch(answer.body).envelopes) == (200, (envelope(9),))
    assert len(twin.nonces) == 1


async def test_a_pending_poll_is_told_of_a_rejection_at_once() -> None:
    twin, parking = twin_with(peer(ConnectionState.PENDING)), Parking()
    poll = asyncio.create_task(polled(twin, parking))
    await until_held(parking)
    twin.move(ACME_SIDE, ConnectionState.CLOSED, rejected=True)
    parking.wake("connection-1")
    async with asyncio.timeout(2):
        assert outcome(await poll) == (410, "rejected")


async def test_a_pending_poll_ends_pending_when_its_time_is_over() -> None:
    async with asyncio.timeout(2):
        answer = await polled(twin_with(peer(ConnectionState.PENDING)), Parking(), limits=POLLS)
    assert outcome(answer) == (403, "pending")


async def test_a_decision_while_the_poll_arrives_is_not_slept_over() -> None:
    class Decided(Twin):
        async def peer(self, to: str) -> Peer | None:
            known = await super().peer(to)
            self.move(ACME_SIDE, ConnectionState.ACTIVE)
            return known

    twin = Decided(peers={ACME_SIDE: peer(ConnectionState.PENDING)})
    twin.outbox["connection-1"] = [envelope(9)]
    async with asyncio.timeout(2):
        assert (await polled(twin, Parking())).status == 200


async def test_a_connection_closed_during_a_poll_says_closed() -> None:
    twin, parking = twin_with(peer()), Parking()
    poll = asyncio.create_task(polled(twin, parking))
    await until_held(parking)
    twin.move(ACME_SIDE, ConnectionState.CLOSED)
    parking.wake("connection-1")
    async with asyncio.timeout(2):
        assert outcome(await poll) == (410, "closed")


async def test_a_flood_of_pending_polls_is_answered_without_holding_them() -> None:
    twin, parking, asker = twin_with(peer(ConnectionState.PENDING)), Parking(cap=0), Asker()
    endpoint = endpoint_for(twin, parking=parking)
    answers = [await endpoint.answer(asker.sync(Batch(wait=25))) for _ in range(30)]
    assert {outcome(answer) for answer in answers} == {(403, "pending")}
    assert [read_error(answer.body)[1] for answer in answers] == [5] * 20 + [0] * 10


# ---- calls inside the process ----


async def test_a_call_in_process_is_signed_for_the_local_address() -> None:
    endpoint = endpoint_for(twin_with(peer()))
    request = Asker(base=LOCAL_BASE).sync()
    assert (await endpoint.answer(replace(request, base=LOCAL_BASE, caller=""))).status == 200
    # From the network the local address is nobody's name.
    assert await endpoint.answer(request) == AUTH_FAILED


async def test_a_call_for_another_nodes_local_address_is_not_answered() -> None:
    other = "local:" + "m" * 26
    request = replace(Asker(base=other).sync(), base=other)
    assert outcome(await endpoint_for(twin_with(peer())).answer(request)) == (404, "not_found")


# ---- D5: fuzz ----

junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text("a0\0\ud800\u202eé", max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("av", max_size=5), inner, max_size=3),
    max_leaves=8,
)


anywhere = st.sampled_from([LOOK, DECLINE, CLAIM, SYNC + ACME_SIDE])


@settings(deadline=None)
@given(anywhere, st.data())
def test_d5_a_signed_body_of_any_kind_is_answered_200_or_400(path: str, data: st.DataObject) -> None:
    ask_with_junk(path, data)


@pytest.mark.slow
@settings(deadline=None, max_examples=3_000)
@given(anywhere, st.data())
def test_d5_many_more_bodies_are_answered_200_or_400(path: str, data: st.DataObject) -> None:
    ask_with_junk(path, data)


def ask_with_junk(path: str, data: st.DataObject) -> None:
    originals = {LOOK: look_body(TOKEN), DECLINE: decline_body(TOKEN, "no"), CLAIM: a_claim()}
    body: dict[str, Any] = json.loads(
        originals.get(path, batch_body(Batch(ack=(new_id(1),), envelopes=(envelope(1), envelope(2)))))
    )
    for name in data.draw(st.lists(st.sampled_from(sorted(body)), max_size=3)):
        body[name] = data.draw(junk)
    for one in body["envelopes"] if isinstance(body.get("envelopes"), list) else ():
        if isinstance(one, dict):
            one[data.draw(st.sampled_from(["id", "type", "at", "ref", "body"]))] = data.draw(junk)
    endpoint = endpoint_for(twin_with(peer()), limits=POLLS)
    answer = asyncio.run(endpoint.answer(Asker().request(path, json.dumps(body).encode())))
    assert answer.status in (200, 400) or outcome(answer) in _SAID_TO_A_READABLE_CLAIM


_SAID_TO_A_READABLE_CLAIM = {
    (401, "auth_failed"),  # the key was replaced by another well-formed one
    (403, "mode_mismatch"),
    (404, "invite_unknown"),
}


async def test_l1_nothing_that_was_sent_reaches_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    endpoint = endpoint_for(twin_with(peer()))
    canary = "canary-7f3k2q"
    token = json.loads(look_body(TOKEN))["token"]
    for path, body in (
        (LOOK, {"v": 1, "token": canary}),
        (DECLINE, {"v": 1, "token": token, "reason": canary}),
        (CLAIM, {**json.loads(a_claim()), "name": canary, "side": canary}),
        (SYNC + ACME_SIDE, {**json.loads(batch_body(Batch())), "envelopes": [{"id": canary}]}),
    ):
        await endpoint.answer(Asker().request(path, write(body)))
    await endpoint.answer(Asker().sync(to=GLOBEX_SIDE))
    assert canary not in caplog.text
    assert token not in caplog.text


def test_l2_no_value_prints_a_private_key_a_token_or_a_body() -> None:
    printed = repr((peer(), Asker().claim(), WireAnswer(200, (), b"canary"), Asker()))
    assert repr(ACME_SEED) not in printed
    assert repr(GLOBEX_SEED) not in printed
    assert "canary" not in printed
    assert "QEFCQ0RFRkdISUpLTE1OTw" not in printed


async def test_the_terms_that_look_shows_are_what_the_claim_repeats() -> None:
    endpoint = endpoint_for(Twin())
    look, claim = await endpoint.answer(plain(LOOK, look_body(TOKEN))), await endpoint.answer(Asker().claim())
    assert json.loads(look.body).items() <= json.loads(claim.body).items()
