"""Between us and Slack: deadlines, refusals, and where an answer may go."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from handlers.blocks import Message
from handlers.errors import SlackRefused
from handlers.slack import Deadlines, Posted, Slack
from handlers.workspaces import slack_client
from pairing.secret import Secret
from sync.errors import RemoteUnavailable

MESSAGE = Message("hello", ({"type": "divider"},))


class Api:
    """A Slack API over real HTTP whose next answers are set by the test."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, Any, dict[str, str]]] = []
        self.asked: list[tuple[str, Any, str]] = []

    async def answer(self, request: web.Request) -> web.Response:
        body = await (request.json() if request.content_type == "application/json" else request.post())
        self.asked.append((request.path, body, request.headers.get("Authorization", "")))
        status, answer, headers = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, float):
            await asyncio.sleep(answer)
            answer = {"ok": True}
        if isinstance(answer, str):
            return web.Response(text=answer, status=status, headers=headers, content_type="text/html")
        return web.json_response(answer, status=status, headers=headers)


@pytest.fixture
async def api() -> AsyncIterator[tuple[Api, Slack, str]]:
    answering = Api()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answering.answer)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        origin = str(server.make_url("")).rstrip("/")
        client = slack_client(Secret("xoxb-1"), session=session, api_url=origin + "/api/", proxy=None)
        yield answering, Slack(client, session, frozenset({origin})), origin


async def test_a_message_is_posted_without_mentions_links_and_previews(api: tuple[Api, Slack, str]) -> None:
    answering, slack, _ = api
    answering.answers = [(200, {"ok": True, "channel": "D1", "ts": "1.5"}, {})]
    assert await slack.post("U1", MESSAGE) == Posted("D1", "1.5")
    path, body, authorization = answering.asked[0]
    assert path == "/api/chat.postMessage" and authorization == "Bearer xoxb-1"
    assert body["parse"] == "none" and body["text"] == "hello"
    assert body["link_names"] is body["unfurl_links"] is body["unfurl_media"] is False


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (200, {"ok": False, "error": "internal_error"}),
        (500, {"ok": False, "error": "whatever"}),
        (502, "<html>bad gateway</html>"),
        (503, {}),
    ],
)
async def test_a_slack_that_is_down_is_nobodys_move(api: tuple[Api, Slack, str], status: int, answer: Any) -> None:
    answering, slack, _ = api
    answering.answers = [(status, answer, {})]
    with pytest.raises(RemoteUnavailable):
        await slack.post("U1", MESSAGE)


async def test_a_refusal_names_slacks_code_and_nothing_of_its_answer(api: tuple[Api, Slack, str]) -> None:
    answering, slack, _ = api
    answering.answers = [(200, {"ok": False, "error": "not_in_channel", "secret": "brg_0"}, {})]
    with pytest.raises(SlackRefused) as refused:
        await slack.post("C1", MESSAGE)
    assert refused.value.code == "not_in_channel" and str(refused.value) == "chat.postMessage: not_in_channel"
    assert refused.value.__suppress_context__


async def test_a_rate_limit_is_waited_out(api: tuple[Api, Slack, str]) -> None:
    answering, slack, _ = api
    limited = (429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "0"})
    answering.answers = [limited, (200, {"ok": True, "channel": "C1", "ts": "1"}, {})]
    assert (await slack.post("C1", MESSAGE)).ts == "1"
    answering.answers = [limited]
    with pytest.raises(RemoteUnavailable) as busy:
        await slack.post("C1", MESSAGE)
    assert busy.value.retry_after == 0


async def test_everything_has_a_deadline(api: tuple[Api, Slack, str]) -> None:
    answering, _, origin = api
    answering.answers = [(200, 5.0, {})]
    async with aiohttp.ClientSession() as session:
        client = slack_client(Secret("x"), session=session, api_url=origin + "/api/", proxy=None)
        slack = Slack(client, session, frozenset({origin}), Deadlines(view=0.05, check=0.05, call=0.05))
        for call in (
            slack.open("t", {"type": "modal"}),
            slack.person("U1"),
            slack.post("C1", MESSAGE),
            slack.answer(origin + "/x", MESSAGE),
        ):
            with pytest.raises(RemoteUnavailable):
                await call


async def test_nobody_listening_is_nobodys_move() -> None:
    async with aiohttp.ClientSession() as session:
        client = slack_client(Secret("x"), session=session, api_url="http://127.0.0.1:1/api/", proxy=None)
        with pytest.raises(RemoteUnavailable):
            await Slack(client, session, frozenset()).person("U1")


@pytest.mark.parametrize(
    ("flags", "is_admin", "is_guest"),
    [
        ({"is_admin": True}, True, False),
        ({"is_owner": True}, True, False),
        ({"is_primary_owner": True}, True, False),
        ({"is_restricted": True}, False, True),
        ({"is_ultra_restricted": True}, False, True),
        ({}, False, False),
    ],
)
async def test_what_slack_says_of_a_person(
    api: tuple[Api, Slack, str], flags: dict[str, bool], is_admin: bool, is_guest: bool
) -> None:
    answering, slack, _ = api
    answering.answers = [(200, {"ok": True, "user": {"id": "U1", "team_id": "T1"} | flags}, {})]
    person = await slack.person("U1")
    assert (person.team_id, person.is_admin, person.is_guest) == ("T1", is_admin, is_guest)


@pytest.mark.parametrize(
    ("flag", "shared"), [("is_ext_shared", True), ("is_pending_ext_shared", True), ("is_shared", False)]
)
async def test_a_channel_is_shared_when_another_organisation_is_in_it(
    api: tuple[Api, Slack, str], flag: str, shared: bool
) -> None:
    answering, slack, _ = api
    answering.answers = [(200, {"ok": True, "channel": {"id": "C1", flag: True, "is_member": True}}, {})]
    assert (await slack.channel("C1")).is_shared is shared


async def test_an_answer_goes_to_the_person_alone(api: tuple[Api, Slack, str]) -> None:
    answering, slack, origin = api
    answering.answers = [(200, "ok", {})]
    await slack.answer(origin + "/commands/1", MESSAGE)
    assert answering.asked[0][1]["response_type"] == "ephemeral"
    assert answering.asked[0][2] == "", "the token is for the API, not for answers"


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/hook",
        "https://hooks.slack.com.evil.example/",
        "http://hooks.slack.com/",
        "https://slack.com@evil.example/",
        "file:///etc/passwd",
        "",
    ],
)
async def test_r8_no_answer_goes_anywhere_else(api: tuple[Api, Slack, str], url: str) -> None:
    _, slack, _ = api
    with pytest.raises(SlackRefused):
        await slack.answer(url, MESSAGE)


async def test_an_answer_address_that_is_used_up_is_a_refusal(api: tuple[Api, Slack, str]) -> None:
    answering, slack, origin = api
    answering.answers = [(404, "used_url", {})]
    with pytest.raises(SlackRefused):
        await slack.answer(origin + "/x", MESSAGE)
    answering.answers = [(302, "", {"Location": "https://evil.example"})]
    with pytest.raises(SlackRefused):
        await slack.answer(origin + "/x", MESSAGE)
