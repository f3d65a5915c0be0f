from __future__ import annotations

from time import time
from urllib.parse import parse_qs

import pytest
from aiohttp import ClientSession, WSMsgType
from slack_sdk.signature import SignatureVerifier

from sandbox.slack.errors import SlackRefused
from tests.sandbox.slack.bare import bare
from tests.sandbox.slack.wizard import MANIFEST, Stage, staged


async def test_every_request_is_signed_as_slack_signs() -> None:
    async with bare() as made:
        p = made.slack.person(made.alice)
        await p.command("/wizard help & more")
        await p.open_home(made.app)
        verifier = SignatureVerifier(made.app.signing_secret)
        pairs = list(zip(made.listener.bodies, made.listener.headers, strict=True))
        assert len(pairs) == 3  # the command, the challenge, the event
        for body, headers in pairs:
            assert verifier.is_valid_request(body, headers)
            assert abs(int(headers["x-slack-request-timestamp"]) - time()) < 5
        kinds = [headers["content-type"] for _, headers in pairs]
        assert kinds == ["application/x-www-form-urlencoded", "application/json", "application/json"]
        assert parse_qs(made.listener.bodies[0].decode())["text"] == ["help &amp; more"]


async def test_events_go_only_to_a_url_that_repeats_the_challenge() -> None:
    async with bare() as made:
        made.listener.challenge = "something else"
        await made.slack.person(made.alice).open_home(made.app)
        assert all(b"url_verification" in body for body in made.listener.bodies)
        assert "its URL did not answer with the challenge" in made.slack.refusals[0]


async def test_an_event_is_repeated_three_times_with_its_number_and_reason() -> None:
    async with bare() as made:
        made.listener.statuses = [500, 500, 500, 500]
        await made.slack.person(made.alice).open_home(made.app)
        numbers = [one.get("x-slack-retry-num") for one in made.listener.headers[1:]]
        assert numbers == [None, "1", "2", "3"]
        assert made.listener.headers[2]["x-slack-retry-reason"] == "http_error"
        assert len(set(made.listener.bodies[1:])) == 1  # the same event_id each time
        assert "the event app_home_opened was never acknowledged by Wizard" in made.slack.refusals[-1]


async def test_an_event_is_not_repeated_once_it_was_taken() -> None:
    async with bare() as made:
        made.listener.statuses = [500]
        await made.slack.person(made.alice).open_home(made.app)
        assert len(made.listener.bodies) == 3
        assert not made.slack.refusals


@pytest.mark.parametrize(("status", "word"), [(500, "http_service_error"), (404, "http_client_error")])
async def test_a_command_that_fails_says_how(status: int, word: str) -> None:
    async with bare() as made:
        made.listener.statuses = [status]
        with pytest.raises(SlackRefused, match=f"/wizard failed with the error “{word}”"):
            await made.slack.person(made.alice).command("/wizard")


async def test_an_event_that_the_app_did_not_subscribe_to_is_not_sent() -> None:
    async with bare() as made:
        await made.slack.send_event(made.install, {"type": "channel_archive", "channel": "C1"})
        assert made.listener.bodies == []


async def test_a_redelivered_payload_is_the_same_with_a_retry_number(stage: Stage) -> None:
    stage.slack.faults.redeliver_next()
    await stage.slack.person(stage.alice).command("/wizard help", channel=stage.shared)
    first, second = stage.seen.bodies
    assert first == second
    assert "1" in stage.seen.retries
    assert len(stage.slack.person(stage.alice).ephemerals()) == 1  # only the first answer is shown


async def test_a_torn_socket_is_followed_by_a_new_one() -> None:
    async with staged("socket") as stage:
        p, app = stage.slack.person(stage.alice), stage.install.app
        assert stage.slack.faults.drop_sockets() == 1
        await p.until(lambda: stage.slack.connections(app) == 0)
        await p.until(lambda: stage.slack.connections(app) == 1)
        await p.command("/wizard help")
        assert p.ephemerals()[0].text == "Try `/wizard`"


async def test_a_refreshed_socket_is_followed_by_a_new_one() -> None:
    async with staged("socket") as stage:
        p, app = stage.slack.person(stage.alice), stage.install.app
        assert await stage.slack.faults.refresh_sockets() == 1
        assert stage.slack.connections(app) == 0
        await p.until(lambda: stage.slack.connections(app) == 1)
        await p.command("/wizard help")
        assert p.ephemerals()[0].text == "Try `/wizard`"


async def test_without_a_socket_a_command_fails_at_once() -> None:
    async with staged("http") as stage:
        acme = stage.acme
        stage.slack.world.add_app("Deaf", manifest=MANIFEST, transport="socket").install(acme)
        with pytest.raises(SlackRefused, match="/wizard failed with the error “dispatch_failed”"):
            await stage.slack.person(stage.alice).command("/wizard")


async def test_a_socket_begins_with_hello_and_its_ticket_is_good_once() -> None:
    async with staged("http") as stage, ClientSession() as session:
        app = stage.slack.world.add_app("Deaf", manifest=MANIFEST, transport="socket")
        headers = {"Authorization": f"Bearer {app.app_token}"}
        async with session.post(stage.slack.api_url + "apps.connections.open", headers=headers) as answer:
            url = (await answer.json())["url"]
        assert url.startswith("ws://127.0.0.1:")
        async with session.ws_connect(url) as ws:
            hello = await ws.receive_json()
            assert (hello["type"], hello["connection_info"]["app_id"]) == ("hello", app.id)
        async with session.get(url) as again:
            assert again.status == 403


async def test_an_app_holds_ten_sockets_and_no_more() -> None:
    async with staged("http") as stage, ClientSession() as session:
        app = stage.slack.world.add_app("Many", manifest=MANIFEST, transport="socket")
        sockets = stage.slack.new_socket_address
        opened = [await session.ws_connect(sockets(app)) for _ in range(10)]
        for one in opened:
            assert (await one.receive_json())["type"] == "hello"
        async with session.ws_connect(sockets(app)) as eleventh:
            assert (await eleventh.receive_json())["reason"] == "too_many_websockets"
            assert (await eleventh.receive()).type is WSMsgType.CLOSE
        for one in opened:
            await one.close()


async def test_a_wrong_app_token_opens_no_connection() -> None:
    async with staged("http") as stage, ClientSession() as session:
        headers = {"Authorization": "Bearer xapp-no"}
        async with session.post(stage.slack.api_url + "apps.connections.open", headers=headers) as answer:
            assert (await answer.json())["error"] == "invalid_auth"


async def test_a_delay_counts_against_the_deadline() -> None:
    async with staged("socket", ack_seconds=0.3) as stage:
        p = stage.slack.person(stage.alice)
        stage.slack.faults.delay_ms = 20
        await p.command("/wizard help")
        stage.slack.faults.delay_ms = 310
        with pytest.raises(SlackRefused, match="operation_timeout"):
            await p.command("/wizard help")


async def test_the_switches_say_what_is_still_to_happen(http_stage: Stage) -> None:
    faults = http_stage.slack.faults
    faults.rate_limit("auth.test", times=2)
    faults.fail("views.open", error="fatal_error")
    faults.redeliver_next()
    assert faults.waiting == (
        "auth.test: 429, 2 times",
        "views.open: fatal_error, 1 times",
        "payloads to come twice: 1",
    )
    assert faults.take_redelivery()
    assert faults.take_failure("views.open") == "fatal_error"
    assert list(faults.waiting) == ["auth.test: 429, 2 times"]
