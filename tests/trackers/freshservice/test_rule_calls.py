"""A rule's own calls, where a desk answers otherwise than it should."""

import asyncio

import aiohttp
import pytest
from aiohttp import web

from sync.errors import RemoteUnavailable
from tests.trackers.freshservice.scripted import KEY, ScriptedDesk, Unlimited, answered
from trackers.errors import CallNotAllowed
from trackers.freshservice.desks import FreshserviceDesks
from trackers.freshservice.tracker import FreshserviceTracker
from trackers.port import CallKind


async def test_the_key_goes_along_and_nothing_of_the_rules_choosing(
    script: ScriptedDesk, tracker: FreshserviceTracker
) -> None:
    script.on("POST tickets/372/notes", {"conversation": {"id": 1}})
    answer = await tracker.http("POST", "api/v2/tickets/372/notes", {}, {"body": "x", "private": True})
    (call,) = script.calls
    assert (answer.status, call.body) == (200, {"body": "x", "private": True})
    assert call.headers["Authorization"].startswith("Basic ")
    assert call.headers["Content-Type"] == "application/json"
    assert KEY.reveal() not in answer.text
    assert set(answer.headers) <= {"content-type", "date", "link", "location", "x-request-id"}


async def test_a_redirect_is_an_answer_and_is_not_followed(script: ScriptedDesk, tracker: FreshserviceTracker) -> None:
    script.on("GET tickets/1", lambda request: web.Response(status=302, headers={"Location": "https://evil.example/"}))
    answer = await tracker.http("GET", "/api/v2/tickets/1")
    assert answer.status == 302
    assert script.lines() == ["GET tickets/1"]


async def test_an_answer_over_two_megabytes_is_not_taken(script: ScriptedDesk, tracker: FreshserviceTracker) -> None:
    script.on("GET tickets/1", lambda request: web.Response(text="x" * (2 * 1024 * 1024 + 1)))
    with pytest.raises(CallNotAllowed, match="larger than 2 MB"):
        await tracker.http("GET", "/api/v2/tickets/1")


async def test_too_many_calls_are_nobodys_move(script: ScriptedDesk, tracker: FreshserviceTracker) -> None:
    script.on("GET tickets/1", answered({"message": "slow down"}, 429, **{"Retry-After": "7"}))
    with pytest.raises(RemoteUnavailable) as busy:
        await tracker.http("GET", "/api/v2/tickets/1")
    assert busy.value.retry_after == 7


async def test_a_desk_that_does_not_answer_in_time_is_unavailable(
    script: ScriptedDesk, http_session: aiohttp.ClientSession
) -> None:
    async def slow(request: web.Request) -> web.Response:
        await asyncio.sleep(5)
        return web.Response()

    script.on("GET tickets/1", slow)
    kind = FreshserviceDesks(http_session, frozenset({script.origin}), call_seconds=0.1)
    with pytest.raises(RemoteUnavailable):
        await kind.open(script.origin, KEY, budget=Unlimited()).http("GET", "/api/v2/tickets/1")


@pytest.mark.parametrize(
    ("method", "path", "drawn"),
    [
        ("GET", "/api/v2/tickets?include=stats", (CallKind.LIST, 3)),
        ("GET", "/api/v2/tickets/372?include=stats,%20tags", (CallKind.VIEW, 3)),
        ("PUT", "/api/v2/tickets/372", (CallKind.UPDATE, 1)),
        ("POST", "/api/v2/tickets", (CallKind.CREATE, 1)),
        ("GET", "/api/v2/agents", (CallKind.LIST_AGENTS, 1)),
        ("DELETE", "/api/v2/tickets/372", (CallKind.OTHER, 1)),
        ("GET", "/api/v2/groups", (CallKind.OTHER, 1)),
    ],
)
async def test_each_call_draws_on_the_limit_that_it_will_cost(
    tracker: FreshserviceTracker, budget: Unlimited, method: str, path: str, drawn: tuple[CallKind, int]
) -> None:
    await tracker.http(method, path, {}, {} if method == "PUT" else None)
    assert [(kind, price) for kind, price, _ in budget.asked] == [drawn]
    assert len(budget.told) == 1


async def test_what_is_not_below_the_interface_is_not_called(
    tracker: FreshserviceTracker, script: ScriptedDesk
) -> None:
    with pytest.raises(CallNotAllowed, match="/api/v2/"):
        await tracker.http("GET", "/a/admin/home")
    assert script.calls == []
