"""A desk on a clock that moves by hand, and a way to call it."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from sandbox.freshservice import UNLIMITED, FreshserviceStandIn, Person
from sandbox.slack.clock import HandClock

START = datetime(2026, 3, 2, 9, 15, 4, 250_000, tzinfo=UTC)


def basic(key: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{key}:X".encode()).decode()}


@dataclass(frozen=True, slots=True)
class Got:
    """An answer; `body` is None where there was no JSON."""

    status: int
    body: Any
    headers: Mapping[str, str]
    text: str

    @property
    def codes(self) -> dict[str, str]:
        """What was wrong, by field."""
        return {error["field"]: error["code"] for error in self.body["errors"]}


@dataclass(frozen=True, slots=True)
class Client:
    """Somebody with a key."""

    session: aiohttp.ClientSession
    desk: FreshserviceStandIn
    key: str = "good"

    async def __call__(
        self, method: str, path: str, body: Any = None, *, headers: Mapping[str, str] | None = None, data: Any = None
    ) -> Got:
        """`path` is what follows /api/v2/."""
        sent = {**basic(self.key), **(headers or {})}
        address = f"{self.desk.origin}/api/v2/{path}"
        async with self.session.request(method, address, json=body, data=data, headers=sent) as answer:
            text = await answer.text()
            is_json = answer.content_type == "application/json" and text
            return Got(answer.status, await answer.json() if is_json else None, answer.headers, text)

    async def get(self, path: str) -> Any:
        got = await self("GET", path)
        assert got.status == 200, got
        return got.body

    async def put(self, path: str, body: Any) -> Any:
        got = await self("PUT", path, body)
        assert got.status == 200, got
        return got.body

    async def ids(self, path: str) -> list[int]:
        """Of the tickets in a list."""
        return [one["id"] for one in (await self.get(path))["tickets"]]


@pytest.fixture
def clock() -> HandClock:
    return HandClock(START)


@pytest.fixture
async def desk(clock: HandClock) -> AsyncIterator[FreshserviceStandIn]:
    stand_in = FreshserviceStandIn(
        {"good"}, {"limited"}, monotonic=clock.monotonic, now=clock.now, plan=UNLIMITED, name="acme"
    )
    await stand_in.start()
    yield stand_in
    await stand_in.stop()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def call(desk: FreshserviceStandIn, http: aiohttp.ClientSession) -> Client:
    return Client(http, desk)


@pytest.fixture
def ana(desk: FreshserviceStandIn) -> Person:
    return desk.add_agent("Ana Ruiz")


@pytest.fixture
def lena(desk: FreshserviceStandIn) -> Person:
    return desk.add_requester("Lena Maes", "lena@northwind.example")
