"""What a list tells of tags spares the price of asking for them again, and never shows a tag that is not there."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from sandbox.freshservice import UNLIMITED, FreshserviceStandIn, Person
from tests.trackers.freshservice.scripted import KEY, LISTED, VIEWED, ScriptedDesk, Unlimited, answered
from trackers.freshservice.desks import FreshserviceDesks
from trackers.freshservice.tags import KEPT_SECONDS
from trackers.freshservice.tracker import FreshserviceTracker
from trackers.port import CallKind

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.25

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def desk(clock: Clock) -> AsyncIterator[FreshserviceStandIn]:
    stand_in = FreshserviceStandIn({KEY.reveal()}, plan=UNLIMITED, now=clock.now, monotonic=clock.monotonic)
    yield await stand_in.start()
    await stand_in.stop()


@pytest.fixture
def lena(desk: FreshserviceStandIn, clock: Clock) -> Person:
    """Five tickets, a second apart; each has one tag."""
    person = desk.add_requester("Lena Maes")
    for number in range(5):
        person.raise_ticket(f"T{number}", tags=[f"tag{number}"])
        clock.seconds += 1
    return person


@pytest.fixture
def budget() -> Unlimited:
    return Unlimited()


@pytest.fixture
def listing(
    desk: FreshserviceStandIn, http_session: aiohttp.ClientSession, clock: Clock, budget: Unlimited, lena: Person
) -> FreshserviceTracker:
    kind = FreshserviceDesks(http_session, frozenset({desk.origin}), clock=clock.monotonic)
    return kind.open(desk.origin, KEY, budget=budget)


def views(budget: Unlimited) -> list[int]:
    """What each look at a ticket did cost."""
    return [price for kind, price, _ in budget.asked if kind is CallKind.VIEW]


async def test_g11_after_a_list_a_look_costs_one(listing: FreshserviceTracker, budget: Unlimited) -> None:
    await listing.tickets_since(START)
    tags = [(await listing.read(str(number))).fields["tags"] for number in range(1, 6)]
    assert tags == [(f"tag{number}",) for number in range(5)]
    assert views(budget) == [1, 1, 1, 1, 2]  # of the last one nobody knows whether its second was over


async def test_whoever_changes_a_tag_since_is_seen(
    listing: FreshserviceTracker, budget: Unlimited, lena: Person, clock: Clock
) -> None:
    await listing.tickets_since(START)
    lena.edit(2, tags=["new"])
    assert (await listing.read("2")).fields["tags"] == ("new",)
    assert views(budget) == [1, 2]


async def test_within_the_same_second_a_list_is_not_believed(
    listing: FreshserviceTracker, lena: Person, clock: Clock
) -> None:
    lena.edit(1, tags=["a"])
    await listing.tickets_since(START)
    lena.edit(1, tags=["b"])  # moves no time
    assert (await listing.read("1")).fields["tags"] == ("b",)


async def test_what_a_list_told_is_forgotten_after_minutes(
    listing: FreshserviceTracker, budget: Unlimited, clock: Clock
) -> None:
    await listing.tickets_since(START)
    clock.seconds += KEPT_SECONDS
    await listing.read("1")
    assert views(budget) == [2]


async def test_a_poll_asks_for_tags_once_many_looks_had_to_pay_for_them(
    listing: FreshserviceTracker, budget: Unlimited
) -> None:
    for _ in range(3):
        await listing.changed_since(START)
        await listing.read("1")
    assert [price for kind, price, _ in budget.asked if kind is CallKind.LIST] == [1, 1, 1]
    plain = await listing.changed_since(START)
    await listing.read("1")
    assert [price for kind, price, _ in budget.asked if kind is CallKind.LIST][-1] == 3
    assert views(budget) == [2, 2, 2, 1]
    assert plain == await listing.changed_since(START)  # tags are no part of what is seen


async def test_an_account_that_shows_no_tags_in_lists_is_asked_once(
    script: ScriptedDesk, tracker: FreshserviceTracker
) -> None:
    refusal = answered(
        {"description": "Validation failed", "errors": [{"field": "include", "code": "invalid_value"}]}, 400
    )
    script.on("GET tickets", refusal, {"tickets": [LISTED]})
    script.on("GET tickets/372", {"ticket": VIEWED})
    for _ in range(2):
        (listed,) = (await tracker.tickets_since(START)).tickets
        assert "tags" not in listed.fields
    assert (await tracker.read("372")).fields["tags"] == ("vpn",)
    assert ["include" in call.query for call in script.calls if call.line == "GET tickets"] == [True, False, False]
