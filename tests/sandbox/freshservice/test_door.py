"""The stand-in refuses what the real desk refuses."""

import base64
from collections.abc import AsyncIterator

import aiohttp
import pytest

from sandbox.freshservice import ENTERPRISE, FreshserviceStandIn

KEY = {"Authorization": "Basic " + base64.b64encode(b"good:X").decode()}


@pytest.fixture
async def desk() -> AsyncIterator[FreshserviceStandIn]:
    stand_in = await FreshserviceStandIn(keys={"good"}, limited_keys={"limited"}, monotonic=lambda: 100.0).start()
    yield stand_in
    await stand_in.stop()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def test_it_listens_on_the_loopback_only(desk: FreshserviceStandIn) -> None:
    assert desk.origin.startswith("http://127.0.0.1:")


async def test_a_list_carries_the_headers_that_every_answer_has(
    desk: FreshserviceStandIn, http: aiohttp.ClientSession
) -> None:
    async with http.get(f"{desk.origin}/api/v2/tickets", headers=KEY) as answer:
        assert answer.status == 200
        assert await answer.json() == {"tickets": []}
        assert answer.headers["X-RateLimit-Total"] == "140"
        assert answer.headers["X-RateLimit-Remaining"] == "139"
        assert answer.headers["X-Request-Id"]


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/api/v2/tickets", {"Accept": "text/html"}, 406),
        ("GET", "/api/v2/tickets?per_page=101", {}, 400),
        ("GET", "/api/v2/tickets?per_page=0", {}, 400),
        ("GET", "/api/v2/tickets?page=x", {}, 400),
        ("PUT", "/api/v2/tickets", {}, 405),
        ("GET", "/api/v2/nothing", {}, 404),
    ],
)
async def test_it_refuses_what_the_real_desk_refuses(
    desk: FreshserviceStandIn, http: aiohttp.ClientSession, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    async with http.request(method, desk.origin + path, headers=KEY | headers) as answer:
        assert answer.status == status


@pytest.mark.parametrize("header", [None, "Bearer good", "Basic !", "Basic Z29vZA", "Basic /w=="])
async def test_a_call_without_a_key_that_can_be_read_is_refused(
    desk: FreshserviceStandIn, http: aiohttp.ClientSession, header: str | None
) -> None:
    headers = {"Authorization": header} if header else {}
    async with http.get(f"{desk.origin}/api/v2/tickets", headers=headers) as answer:
        assert answer.status == 401
        assert (await answer.json())["code"] == "invalid_credentials"


async def test_the_limit_of_a_minute_is_kept(desk: FreshserviceStandIn, http: aiohttp.ClientSession) -> None:
    for _ in range(ENTERPRISE.lists):
        async with http.get(f"{desk.origin}/api/v2/tickets", headers=KEY) as answer:
            assert answer.status == 200
    async with http.get(f"{desk.origin}/api/v2/tickets", headers=KEY) as answer:
        assert answer.status == 429
        assert answer.headers["Retry-After"] == "60"
        assert answer.headers["X-RateLimit-Remaining"] == "0"
