"""Answers that are lost, forged or come from somebody else: what is repeated, what is believed, what a person reads."""

import asyncio
import json
from collections.abc import Callable, Iterator
from itertools import cycle

import pytest
from aiohttp import web

from pairing.code import commitment_to, read_code
from pairing.connection import ConnectionState
from pairing.digests import b64u
from pairing.terms import Reach
from sandbox.story import modal_called
from tests.journeys.acts import (
    accept,
    add_desks,
    answered,
    card,
    connect,
    count_told,
    enter_number,
    invite,
    look,
    told,
)
from tests.journeys.proxy import Proxy
from tests.journeys.stage import Stage

Forged = Callable[[], web.Response]
CLAIM, SYNC = "/bridge/v1/claim", "/bridge/v1/sync/"


async def accept_in_vain(stage: Stage, code: str) -> str:
    """Bob accepts, and is told that it goes on by itself."""
    await look(stage.bob, code)
    assert await stage.bob.submit() == {}
    later = await modal_called(stage.bob, "Not yet")
    assert "so we keep trying" in later.text
    await stage.bob.close_modal(everything=True)
    return later.text


async def test_a_lost_answer_to_a_claim_is_asked_for_again_with_the_same_bytes(stage: Stage) -> None:
    """P8 and P15: the same claim gets the same answer, so the number is the one that the inviter checks."""
    await add_desks(stage)
    proxy = await stage.restart_behind_proxy(stage.acme)
    code = await invite(stage)
    proxy.lose = lambda path: path == CLAIM and len(proxy.of(CLAIM)) < 4
    await accept_in_vain(stage, code)
    note = await told(stage.bob, stage.globex, "Tell the person at Acme")
    number = note.blocks[0]["text"]["text"]
    stage.numbers.append(number.replace(" ", ""))
    claims = proxy.of(CLAIM)
    assert len(claims) == 4 and {one.status for one in claims} == {200}
    assert len({one.body for one in claims}) == 1
    assert await enter_number(stage, number) == {}
    await told(stage.bob, stage.globex, "you are connected with")
    assert count_told(stage.alice, stage.acme, "to use the code of") == 0


async def test_a_node_that_answers_errors_never_gets_a_second_body(stage: Stage) -> None:
    """P15: however often and however it fails, every repetition carries the same bytes."""
    await add_desks(stage)
    proxy = await stage.restart_behind_proxy(stage.acme)
    code = await invite(stage)
    forged: Iterator[Forged] = cycle(
        (
            lambda: web.Response(status=502, text="<html>Bad gateway</html>", content_type="text/html"),
            lambda: web.json_response({"v": 1, "error": "unavailable"}, status=503),
            lambda: web.json_response({"v": 1, "error": "clock_skew"}, status=401),
            lambda: web.Response(status=302, headers={"Location": "http://127.0.0.1:9/"}),
        )
    )
    proxy.instead = lambda path: next(forged)() if path == CLAIM else None
    await accept_in_vain(stage, code)
    await stage.until(lambda: len(proxy.of(CLAIM)) >= 8)
    assert len({one.body for one in proxy.of(CLAIM)}) == 1
    proxy.instead = lambda path: None
    await told(stage.bob, stage.globex, "Tell the person at Acme")
    assert (await stage.connection(stage.globex)).state is ConnectionState.PENDING


async def test_an_answer_by_somebody_who_did_not_make_the_code_is_refused(stage: Stage) -> None:
    """P13: the commitment in the code."""
    await add_desks(stage)
    proxy = await stage.restart_behind_proxy(stage.acme)
    code = await invite(stage)
    key = bytes(range(32))
    body = {
        "v": 1,
        "key": b64u(key),
        "side": "a" * 26,
        "name": "Acme",
        "protocol": 1,
        "features": [],
        "inviter": "acme",
        "invitee": "globex",
        "mode": "private",
        "rules": "basic",
        "policy": "latest",
        "description": "",
        "expires_at": "2027-01-01T00:00:00Z",
        "approve_by": "2027-01-01T00:00:00Z",
    }
    assert commitment_to(key) != read_code(code, frozenset({stage.acme.url or ""})).commitment
    proxy.instead = lambda path: web.json_response(body) if path == CLAIM else None
    text = await accept_in_vain(stage, code)
    assert "somebody answers at that address who did not make this code" in text
    pending = await stage.connection(stage.globex)
    assert pending.their_key is None and pending.state is ConnectionState.PENDING
    assert count_told(stage.bob, stage.globex, "Tell the person") == 0


async def test_a_claim_without_any_answer_ends_after_a_day(stage: Stage) -> None:
    await add_desks(stage)
    proxy = await stage.restart_behind_proxy(stage.acme)
    code = await invite(stage, expiry="7 days")
    proxy.instead = lambda path: web.Response(status=502) if path == CLAIM else None
    await accept_in_vain(stage, code)
    status = await answered(stage.bob, "/connect status")
    assert "Last problem: your partner's node gave no usable answer" in status.text
    stage.clock.advance(hours=25)
    note = await told(stage.bob, stage.globex, "could not be used")
    assert "Your partner's node did not answer for a day, so this attempt ended." in note.text
    assert (await stage.connection(stage.globex)).state is ConnectionState.CLOSED


async def test_a_claim_refused_after_a_lost_answer_is_told_by_message(stage: Stage) -> None:
    await add_desks(stage)
    proxy = await stage.restart_behind_proxy(stage.acme)
    code = await invite(stage)
    proxy.instead = lambda path: web.Response(status=502) if path == CLAIM else None
    await accept_in_vain(stage, code)
    await answered(stage.alice, "/connect cancel")
    proxy.instead = lambda path: None
    note = await told(stage.bob, stage.globex, "could not be used")
    assert "Your partner withdrew this code." in note.text
    assert (await stage.connection(stage.globex)).state is ConnectionState.CLOSED


@pytest.mark.slow
async def test_someone_who_withdraws_before_any_answer_sends_nothing_more(stage: Stage) -> None:
    await add_desks(stage)
    proxy = await stage.restart_behind_proxy(stage.acme)
    code = await invite(stage)
    proxy.instead = lambda path: web.Response(status=502) if path == CLAIM else None
    await accept_in_vain(stage, code)
    await stage.bob.command("/connect close")
    await modal_called(stage.bob, "Withdraw")
    assert await stage.bob.submit() == {}
    await stage.until_state(stage.globex, ConnectionState.CLOSED)
    await stage.until_nothing_is_dialled()
    proxy.instead = lambda path: None
    await accept(stage, code)
    await card(stage)


def signed_by_nobody(error: str) -> str:
    return json.dumps({"v": 1, "error": error})


UNSIGNED = (
    (401, signed_by_nobody("auth_failed"), "application/json"),
    (404, signed_by_nobody("not_found"), "application/json"),
    (410, signed_by_nobody("closed"), "application/json"),
    (410, signed_by_nobody("rejected"), "application/json"),
    (200, json.dumps({"v": 1, "have": 0, "ack": [], "envelopes": []}), "application/json"),
    (200, "<html>It works!</html>", "text/html"),
)


@pytest.mark.parametrize("stage", [Reach.PRIVATE, pytest.param(Reach.PUBLIC, marks=pytest.mark.slow)], indirect=True)
async def test_an_unsigned_answer_changes_no_state(stage: Stage) -> None:
    """S7: only what the partner signed counts; the rest is a transport problem that passes."""
    await add_desks(stage)
    proxy = await stage.restart_behind_proxy(stage.acme)
    number = await accept(stage, await invite(stage))
    for answer in UNSIGNED:
        await until_answered_with(stage, proxy, *answer)
        assert (await stage.connection(stage.globex)).state is ConnectionState.PENDING, answer
    proxy.instead = lambda path: None
    assert await enter_number(stage, number) == {}
    await told(stage.bob, stage.globex, "you are connected with")
    await answered(stage.bob, "/connect pause globex_to_acme")
    for answer in UNSIGNED:
        await until_answered_with(stage, proxy, *answer)
        assert "no usable answer" in await last_error(stage), answer
        assert (await stage.connection(stage.globex)).state is ConnectionState.PAUSED, answer
    assert count_told(stage.bob, stage.globex, "Your partner closed") == 0
    proxy.instead = lambda path: None
    await told(stage.alice, stage.acme, "Your partner paused")


async def test_a_cut_line_loses_and_doubles_nothing(stage: Stage) -> None:
    """E2 over real sockets: stored at one side, the answer lost, sent again, told once."""
    await connect(stage)
    proxy = await stage.restart_behind_proxy(stage.acme)
    proxy.lose = lambda path: path.startswith(SYNC) and len(proxy.of(SYNC)) < 6
    await answered(stage.bob, "/connect pause globex_to_acme")
    await told(stage.alice, stage.acme, "Your partner paused")
    await stage.until_delivered(stage.globex)
    assert count_told(stage.alice, stage.acme, "Your partner paused") == 1
    assert (await stage.connection(stage.acme)).have == 1


async def test_clocks_that_differ_are_named_on_the_status(stage: Stage) -> None:
    await connect(stage)
    stage.globex_is_behind(minutes=7)
    await answered(stage.bob, "/connect pause globex_to_acme")
    status = ""
    for _ in range(40):
        status = (await answered(stage.bob, "/connect status globex_to_acme")).text
        if "clock is" in status:
            break
    assert "Your node's clock is 7 min behind your partner's. Ask the operators to set them." in status
    assert (await stage.connection(stage.globex)).is_open
    stage.globex_is_behind(minutes=0)
    await told(stage.alice, stage.acme, "Your partner paused")


async def last_error(stage: Stage) -> str:
    """What Globex's node wrote down, which it does a moment after the answer."""
    for _ in range(100):
        if error := (await stage.connection(stage.globex)).last_error:
            return error
        await asyncio.sleep(0.05)
    return ""


async def until_answered_with(stage: Stage, proxy: Proxy, status: int, content: str, kind: str) -> None:
    """Globex's node was given this answer a few times."""
    before = len(proxy.of(SYNC))

    def instead(path: str) -> web.Response | None:
        return web.Response(status=status, text=content, content_type=kind) if path.startswith(SYNC) else None

    proxy.instead = instead
    await stage.until(lambda: sum(one.status == 0 for one in proxy.of(SYNC)[before:]) >= 3, seconds=20)
