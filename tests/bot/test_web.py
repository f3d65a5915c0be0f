"""What a node with a URL answers over HTTP: Slack's signature is looked at first, Bolt's answer goes out as it is."""

import json
import time
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from aiohttp.test_utils import TestClient, TestServer
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bot.web import build_web, slack_route
from handlers.verification import SIGNATURE, TIMESTAMP, signature_of
from pairing.secret import Secret

SECRET = Secret("s" * 32)
PATH = "/office/slack/events"
COMMAND = {"command": "/connect", "text": "list ä & 1", "team_id": "T1", "user_id": "U1", "trigger_id": "1"}
FORM = "application/x-www-form-urlencoded"


async def authorize(**_: Any) -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-1", bot_id="B1", bot_user_id="U9")


@pytest.fixture
async def http() -> AsyncIterator[TestClient[Any, Any]]:
    app = AsyncApp(signing_secret="", request_verification_enabled=False, authorize=authorize)

    @app.command("/connect")
    async def repeat(ack: AsyncAck, command: Mapping[str, str]) -> None:
        await ack(command["text"])

    @app.view_submission("form")
    async def refuse(ack: AsyncAck) -> None:
        await ack(response_action="errors", errors={"name": "Taken."})

    route = slack_route(app, SECRET, lambda: datetime.now(UTC))
    server = TestServer(build_web(base="https://bridge.example.com/office", partner_routes=(), slack=route))
    async with TestClient(server) as client:
        yield client


def signed(body: str, content_type: str = FORM, secret: Secret = SECRET) -> dict[str, Any]:
    stamp = str(int(time.time()))
    signature = signature_of(secret, stamp, body.encode())
    return {"data": body, "headers": {TIMESTAMP: stamp, SIGNATURE: signature, "Content-Type": content_type}}


async def test_a_command_is_answered_with_text(http: TestClient[Any, Any]) -> None:
    answer = await http.post(PATH, **signed(urlencode(COMMAND)))
    assert (answer.status, answer.content_type, await answer.text()) == (200, "text/plain", "list ä & 1")


async def test_a_submission_is_answered_with_json(http: TestClient[Any, Any]) -> None:
    view = {"type": "modal", "callback_id": "form"}
    payload = {"type": "view_submission", "team": {"id": "T1"}, "user": {"id": "U1"}, "view": view}
    answer = await http.post(PATH, **signed(urlencode({"payload": json.dumps(payload)})))
    assert answer.content_type == "application/json"
    assert await answer.json() == {"response_action": "errors", "errors": {"name": "Taken."}}


async def test_slacks_challenge_is_repeated(http: TestClient[Any, Any]) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "abc"})
    answer = await http.post(PATH, **signed(body, "application/json"))
    assert answer.status == 200 and "abc" in await answer.text()


@pytest.mark.parametrize("body", [urlencode(COMMAND), ""])
async def test_what_slack_did_not_sign_is_refused(http: TestClient[Any, Any], body: str) -> None:
    answer = await http.post(PATH, **signed(body, secret=Secret("another")))
    assert answer.status == 401 and await answer.read() == b""


async def test_the_health_page_needs_no_signature(http: TestClient[Any, Any]) -> None:
    answer = await http.get("/office/healthz")
    assert await answer.json() == {"ok": True}
