"""The workspaces of a node, and what it costs to know them."""

from typing import Any

import aiohttp
import pytest

from handlers.workspaces import Workspace, Workspaces, slack_client
from pairing.secret import Secret
from tests.handlers.world import ACME, GLOBEX, World

ONE = Workspace("o" * 26, "T1", Secret("xoxb-1"), "U0BOT", "B0BOT", "Acme")


async def test_a_request_is_authorised_from_memory(world: World) -> None:
    result = await world.front.workspaces.authorize(ACME, "U1")
    assert result is not None
    assert (result.team_id, result.bot_token, result.user_id) == (ACME, "xoxb-T0ACME", "U1")
    assert await world.front.workspaces.authorize("T0OTHER", "U1") is None
    assert await world.front.workspaces.authorize(None, "U1") is None
    await world.person("U0ADMINACME").command("help")
    assert "auth.test" not in [method for method, _ in world.slack.calls]


@pytest.mark.parametrize("event", ["app_uninstalled", "tokens_revoked"])
async def test_a_workspace_that_removed_the_app_is_forgotten(world: World, event: str) -> None:
    body: dict[str, Any] = {"type": "event_callback", "event_id": "Ev9", "team_id": ACME, "event": {"type": event}}
    await world.dispatch(body)
    assert world.front.workspaces.of_team(ACME) is None and world.front.workspaces.of_team(GLOBEX) is not None
    with pytest.raises(KeyError):
        world.front.workspaces.client("o" * 26)


async def test_each_workspace_has_one_client_and_all_share_one_session() -> None:
    async with aiohttp.ClientSession() as session:
        workspaces = Workspaces([ONE], session=session)
        client = workspaces.client(ONE.organisation_id)
        assert client is workspaces.client(ONE.organisation_id)
        assert client.session is session and client.token == "xoxb-1"
        assert workspaces.anonymous.session is session and workspaces.anonymous.token is None


async def test_no_proxy_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    async with aiohttp.ClientSession() as session:
        client = slack_client(Secret("x"), session=session, api_url="https://slack.com/api/", proxy=None)
        assert client.proxy is None
        chosen = slack_client(Secret("x"), session=session, api_url="https://slack.com/api/", proxy="http://own:1")
        assert chosen.proxy == "http://own:1"


def test_a_token_never_prints() -> None:
    assert "xoxb" not in repr(ONE)
