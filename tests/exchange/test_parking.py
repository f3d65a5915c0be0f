import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from exchange.parking import Check, Parking


@asynccontextmanager
async def parking_with(check: Check | None = None, *, cap: int = 2000) -> AsyncIterator[Parking]:
    parking = Parking(check, cap=cap, every=0.01)
    yield parking
    await parking.close()


async def held(parking: Parking, connection_id: str, seconds: float = 5) -> int:
    with parking.place(connection_id) as place:
        await place.wait(seconds)
        return place.pause


async def settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_e8_a_poll_is_answered_when_its_connection_is_woken() -> None:
    async with parking_with() as parking, asyncio.timeout(2):
        poll, other = asyncio.create_task(held(parking, "one")), asyncio.create_task(held(parking, "two"))
        await settled()
        parking.wake("one")
        assert await poll == 0
        assert not other.done()
        parking.wake("two")
        await other


async def test_e8_a_poll_without_news_ends_when_its_time_is_over() -> None:
    async with parking_with() as parking, asyncio.timeout(2):
        before = time.monotonic()
        assert await held(parking, "one", 0.05) == 0
        assert 0.04 < time.monotonic() - before < 1
        assert parking.held == 0


async def test_e8_a_newer_poll_releases_the_older() -> None:
    async with parking_with() as parking, asyncio.timeout(2):
        older = asyncio.create_task(held(parking, "one"))
        await settled()
        newer = asyncio.create_task(held(parking, "one"))
        await older
        await settled()
        assert not newer.done()
        assert parking.held == 1
        parking.wake("one")
        await newer


async def test_a_wake_between_taking_the_place_and_waiting_is_not_lost() -> None:
    async with parking_with() as parking, asyncio.timeout(2):
        with parking.place("one") as place:
            parking.wake("one")
            await place.wait(5)


async def test_waking_nobody_does_nothing() -> None:
    async with parking_with() as parking:
        parking.wake("one")
        assert parking.held == 0


async def test_d7_beyond_the_cap_a_poll_is_answered_at_once_and_asked_to_stay_away() -> None:
    async with parking_with(cap=2) as parking, asyncio.timeout(2):
        polls = [asyncio.create_task(held(parking, name)) for name in ("one", "two")]
        await settled()
        assert await held(parking, "three") == 5
        # A connection that holds a place already may still renew it.
        renewed = asyncio.create_task(held(parking, "two"))
        await polls[1]
        await settled()
        assert not renewed.done()
        for name in ("one", "two"):
            parking.wake(name)
        await asyncio.gather(polls[0], renewed)
        assert await held(parking, "three", 0.01) == 0


async def test_one_check_serves_all_held_polls() -> None:
    asked: list[frozenset[str]] = []

    async def check(ids: frozenset[str]) -> frozenset[str]:
        asked.append(ids)
        return frozenset({"two"}) if len(asked) > 1 else frozenset()

    async with parking_with(check) as parking, asyncio.timeout(2):
        polls = [asyncio.create_task(held(parking, name)) for name in ("one", "two")]
        await polls[1]
        assert asked == [frozenset({"one", "two"})] * 2
        assert not polls[0].done()
        parking.wake("one")
        await polls[0]


async def test_nothing_is_checked_while_nobody_waits() -> None:
    asked = 0

    async def check(_: frozenset[str]) -> frozenset[str]:
        nonlocal asked
        asked += 1
        return frozenset()

    async with parking_with(check) as parking:
        await held(parking, "one", 0.001)
        await asyncio.sleep(0.05)
        assert asked <= 1


async def test_a_check_that_fails_is_logged_and_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    asked = 0

    async def check(ids: frozenset[str]) -> frozenset[str]:
        nonlocal asked
        asked += 1
        if asked == 1:
            raise OSError("the database is away")
        return ids

    async with parking_with(check) as parking, asyncio.timeout(2):
        await held(parking, "one")
    assert "the check for held polls failed" in caplog.text


async def test_closing_answers_every_held_poll() -> None:
    async with asyncio.timeout(2):
        async with parking_with() as parking:
            polls = [asyncio.create_task(held(parking, name)) for name in ("one", "two")]
            await settled()
        await asyncio.gather(*polls)
        # A poller that is back at once while the node stops is not held either.
        assert await held(parking, "one") == 5
