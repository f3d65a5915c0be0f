"""What an operator reads when a token is wrong, before anything starts."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.preflight import Installed, preflight
from bot.settings import Settings, Transport
from handlers import needs
from pairing.secret import Secret
from storage.errors import ConfigError

GOOD = {"ok": True, "team_id": "T1", "team": "Acme", "user_id": "U1", "bot_id": "B1"}


@dataclass
class Slack:
    """The two methods that a preflight calls, answered from tables by token."""

    url: str = ""
    tests: dict[str, Any] = field(default_factory=dict)
    sockets: dict[str, Any] = field(default_factory=dict)
    scopes: str | None = None
    calls: list[str] = field(default_factory=list)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/api/auth.test", partial(self._answer, self.tests)),
            web.post("/api/apps.connections.open", partial(self._answer, self.sockets)),
        ]

    async def _answer(self, table: dict[str, Any], request: web.Request) -> web.Response:
        self.calls.append(request.path)
        token = request.headers["Authorization"].removeprefix("Bearer ")
        answer = table.get(token, {"ok": False, "error": "invalid_auth"})
        if isinstance(answer, str):
            return web.Response(text=answer, content_type="text/html")
        headers = {} if self.scopes is None else {"X-OAuth-Scopes": self.scopes}
        return web.json_response(answer, headers=headers)


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    slack = Slack(tests={"xoxb-1": GOOD}, sockets={"xapp-1": {"ok": True, "url": "wss://x"}})
    app = web.Application()
    app.add_routes(slack.routes())
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    yield slack
    await runner.cleanup()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


def settings_for(slack: Slack, **changes: Any) -> Settings:
    settings = Settings(
        secret_keys=(Secret("k"),),
        slack_bot_tokens=(Secret("xoxb-1"),),
        slack_app_token=Secret("xapp-1"),
        slack_api_url=slack.url,
    )
    return replace(settings, **changes)


async def problems_of(settings: Settings, session: aiohttp.ClientSession) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as refused:
        await preflight(settings, session)
    return refused.value.problems


async def test_good_tokens_tell_which_workspaces_they_are_for(slack: Slack, session: aiohttp.ClientSession) -> None:
    slack.scopes = ",".join(needs.SCOPES)
    assert await preflight(settings_for(slack), session) == (Installed("T1", "Acme", "U1", "B1", Secret("xoxb-1")),)


async def test_no_socket_is_asked_for_where_slack_comes_over_http(slack: Slack, session: aiohttp.ClientSession) -> None:
    await preflight(settings_for(slack, slack_transport=Transport.HTTP), session)
    assert slack.calls == ["/api/auth.test"]


async def test_a_wrong_bot_token_is_named_by_its_place(slack: Slack, session: aiohttp.ClientSession) -> None:
    tokens = (Secret("xoxb-1"), Secret("xoxb-canary"))
    assert await problems_of(settings_for(slack, slack_bot_tokens=tokens), session) == (
        "DRAWBRIDGE_SLACK_BOT_TOKENS, token 2: Slack does not know it. Copy it again.",
    )


async def test_a_wrong_app_token_ends_the_start(slack: Slack, session: aiohttp.ClientSession) -> None:
    assert await problems_of(settings_for(slack, slack_app_token=Secret("xapp-canary")), session) == (
        "DRAWBRIDGE_SLACK_APP_TOKEN: Slack does not know it. Copy it again.",
    )


async def test_an_app_token_without_its_scope_says_which(slack: Slack, session: aiohttp.ClientSession) -> None:
    slack.sockets["xapp-1"] = {"ok": False, "error": "missing_scope"}
    (problem,) = await problems_of(settings_for(slack), session)
    assert "connections:write" in problem


async def test_all_that_is_wrong_is_said_at_once(slack: Slack, session: aiohttp.ClientSession) -> None:
    wrong = settings_for(slack, slack_bot_tokens=(Secret("xoxb-no"),), slack_app_token=Secret("xapp-no"))
    assert len(await problems_of(wrong, session)) == 2


async def test_two_tokens_of_one_workspace_are_refused(slack: Slack, session: aiohttp.ClientSession) -> None:
    slack.tests["xoxb-2"] = GOOD
    tokens = (Secret("xoxb-1"), Secret("xoxb-2"))
    (problem,) = await problems_of(settings_for(slack, slack_bot_tokens=tokens), session)
    assert problem.endswith("two tokens are for the same workspace, T1. Keep one.")


async def test_a_workspace_that_is_not_allowed_is_refused(slack: Slack, session: aiohttp.ClientSession) -> None:
    (problem,) = await problems_of(settings_for(slack, allowed_teams=frozenset({"T9"})), session)
    assert "workspace T1, which DRAWBRIDGE_ALLOWED_TEAMS does not list" in problem


async def test_scopes_that_the_app_lacks_are_named(slack: Slack, session: aiohttp.ClientSession) -> None:
    slack.scopes = ",".join(scope for scope in needs.SCOPES if scope != "users:read")
    (problem,) = await problems_of(settings_for(slack), session)
    assert "lacks the scopes users:read. Update its manifest" in problem


async def test_a_persons_token_is_refused(slack: Slack, session: aiohttp.ClientSession) -> None:
    slack.tests["xoxb-1"] = {"ok": True, "team_id": "T1", "user_id": "U1"}
    (problem,) = await problems_of(settings_for(slack), session)
    assert "belongs to a person" in problem


@pytest.mark.parametrize("answer", ["<html>", "", {"ok": True}, []])
async def test_something_else_at_the_address_is_said_to_be_no_slack(
    slack: Slack, session: aiohttp.ClientSession, answer: Any
) -> None:
    slack.tests["xoxb-1"] = answer
    (problem,) = await problems_of(settings_for(slack), session)
    assert "is not Slack's API. Check DRAWBRIDGE_SLACK_API_URL." in problem


async def test_an_unknown_refusal_keeps_slacks_code(slack: Slack, session: aiohttp.ClientSession) -> None:
    slack.tests["xoxb-1"] = {"ok": False, "error": "ekm_access_denied"}
    (problem,) = await problems_of(settings_for(slack), session)
    assert problem.endswith("Slack refused it (ekm_access_denied).")


async def test_no_answer_at_all_points_to_the_network(slack: Slack, session: aiohttp.ClientSession) -> None:
    gone = settings_for(slack, slack_api_url="http://127.0.0.1:1/api/")
    problems = await problems_of(gone, session)
    assert all("does not answer at http://127.0.0.1:1/api/" in problem for problem in problems)
