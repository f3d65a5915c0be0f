"""Calls cost, windows are fixed, headers tell of the tightest limit."""

import aiohttp
import pytest

from sandbox.freshservice import ENTERPRISE, GROWTH, HOURLY, PRO, STARTER, FreshserviceStandIn, Person, Plan
from sandbox.slack.clock import HandClock
from tests.sandbox.freshservice.conftest import Client, Got


def told(got: Got) -> tuple[int, int, int]:
    """Total, remaining, used by this call."""
    names = ("Total", "Remaining", "Used-CurrentRequest")
    total, remaining, used = (int(got.headers[f"X-RateLimit-{name}"]) for name in names)
    return total, remaining, used


@pytest.mark.parametrize(
    ("plan", "overall", "lists", "views"),
    [(STARTER, 100, 40, 50), (GROWTH, 200, 70, 80), (PRO, 400, 120, 140), (ENTERPRISE, 500, 140, 160)],
)
async def test_each_plan_has_its_limits(
    desk: FreshserviceStandIn, call: Client, lena: Person, plan: Plan, overall: int, lists: int, views: int
) -> None:
    lena.raise_ticket("A")
    desk.limits.change(plan)
    assert told(await call("GET", "groups")) == (overall, overall - 1, 1)
    for path in ("tickets", "agents", "requesters"):
        assert told(await call("GET", path)) == (lists, lists - 1, 1)
    assert told(await call("GET", "tickets/1")) == (views, views - 1, 1)
    assert told(await call("PUT", "tickets/1", {"status": 3})) == (views, views - 1, 1)
    assert told(await call("POST", "tickets", {})) == (views, views - 1, 1)
    for path in ("tickets/filter?query=x", "tickets/1/conversations", "ticket_form_fields"):
        assert told(await call("GET", path))[0] == overall
    assert desk.limits.used() == 10


@pytest.mark.parametrize(
    ("path", "price"),
    [
        ("tickets", 1),
        ("tickets?include=stats", 3),
        ("tickets?include=stats,requester", 5),
        ("tickets/1?include=conversations", 2),
        ("tickets/1?include=requester,stats", 3),
        ("tickets/1?include=requester, stats", 3),
    ],
)
async def test_what_is_included_costs(call: Client, lena: Person, path: str, price: int) -> None:
    lena.raise_ticket("A")
    assert told(await call("GET", path))[2] == price


async def test_a_window_is_fixed_and_starts_with_its_first_call(
    desk: FreshserviceStandIn, call: Client, clock: HandClock
) -> None:
    desk.limits.change(Plan(10, 2, 2))
    clock.advance(17)
    await call("GET", "tickets")
    clock.advance(40)
    assert told(await call("GET", "tickets"))[1] == 0
    refused = await call("GET", "tickets")
    assert (refused.status, refused.headers["Retry-After"]) == (429, "20")
    assert refused.body.keys() == {"message"}
    clock.advance(19.9)
    assert (await call("GET", "tickets")).headers["Retry-After"] == "1"
    clock.advance(0.1)
    assert told(await call("GET", "tickets")) == (2, 1, 1)


async def test_calls_that_are_refused_count(
    desk: FreshserviceStandIn, call: Client, http: aiohttp.ClientSession
) -> None:
    desk.limits.change(Plan(5, 5, 5))
    stranger = Client(http, desk, "wrong")
    assert [(await stranger("GET", "groups")).status for _ in range(3)] == [401] * 3
    assert (await call("GET", "tickets/99")).status == 404
    assert (await call("GET", "tickets?per_page=999")).status == 400
    assert (await call("GET", "groups")).status == 429
    assert desk.limits.refused == 1


async def test_a_refused_call_does_nothing(desk: FreshserviceStandIn, call: Client, lena: Person) -> None:
    lena.raise_ticket("A")
    desk.limits.change(Plan(0, 0, 0))
    assert (await call("PUT", "tickets/1", {"status": 3})).status == 429
    assert desk.ticket(1).status == 2


async def test_the_overall_limit_binds_lists_too(desk: FreshserviceStandIn, call: Client) -> None:
    desk.limits.change(Plan(3, 100, 100))
    await call("GET", "groups")
    assert told(await call("GET", "tickets")) == (3, 1, 1)


async def test_the_limit_may_be_by_the_hour(desk: FreshserviceStandIn, call: Client, clock: HandClock) -> None:
    desk.limits.change(HOURLY)
    assert told(await call("GET", "tickets")) == (5000, 4999, 1)
    clock.advance(3599)
    assert told(await call("GET", "tickets"))[1] == 4998


async def test_numbers_may_come_with_a_point(desk: FreshserviceStandIn, call: Client) -> None:
    desk.limits.change(GROWTH)
    desk.switches.decimal_limits = True
    assert (await call("GET", "tickets")).headers["X-RateLimit-Remaining"] == "69.0"
