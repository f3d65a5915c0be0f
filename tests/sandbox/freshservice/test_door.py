"""What is refused at the door, before any endpoint: keys, headers, paths, methods, bodies."""

import aiohttp
import pytest

from sandbox.freshservice import FreshserviceStandIn, Person
from tests.sandbox.freshservice.conftest import Client


async def test_it_listens_on_the_loopback_only(desk: FreshserviceStandIn) -> None:
    assert desk.origin.startswith("http://127.0.0.1:")


async def test_every_answer_has_the_headers_of_the_real_one(call: Client) -> None:
    for path in ("tickets", "tickets/99", "nothing"):
        headers = (await call("GET", path)).headers
        assert {"X-RateLimit-Total", "X-RateLimit-Remaining", "X-RateLimit-Used-CurrentRequest"} <= headers.keys()
        assert headers["X-Freshservice-Api-Version"] == "latest=v2; requested=v2"
        assert headers["X-Request-Id"]
        assert not {"ETag", "Last-Modified"} & headers.keys()


@pytest.mark.parametrize(
    ("method", "path", "headers", "status", "code"),
    [
        ("GET", "tickets", {"Accept": "text/html"}, 406, "not_acceptable"),
        ("GET", "nothing", {}, 404, None),
        ("GET", "tickets/99", {}, 404, None),
        ("GET", "tickets/abc", {}, 404, None),
        ("PUT", "tickets", {}, 405, None),
        ("POST", "tickets/1", {}, 405, None),
        ("GET", "tickets/1/reply", {}, 405, None),
    ],
)
async def test_it_refuses_what_the_real_desk_refuses(
    call: Client, method: str, path: str, headers: dict[str, str], status: int, code: str | None
) -> None:
    got = await call(method, path, headers=headers)
    assert got.status == status
    assert (got.body or {}).get("code") == code


async def test_a_wrong_method_hears_which_are_right(call: Client) -> None:
    got = await call("PATCH", "tickets/1")
    assert got.status == 405
    assert got.headers["Allow"] == "GET, PUT, DELETE"
    assert got.body.keys() == {"message"}


@pytest.mark.parametrize(
    ("content_type", "content", "status", "code"),
    [
        ("application/xml", "<ticket/>", 415, "invalid_content_type"),
        ("application/x-www-form-urlencoded", "a=b", 415, "invalid_content_type"),
        ("application/json", "{", 400, "invalid_json"),
        ("application/json", "[]", 400, "invalid_json"),
        ("application/json", '"text"', 400, "invalid_json"),
    ],
)
async def test_a_body_that_cannot_be_read_is_refused(
    call: Client, lena: Person, content_type: str, content: str, status: int, code: str
) -> None:
    lena.raise_ticket("A")
    got = await call("PUT", "tickets/1", data=content, headers={"Content-Type": content_type})
    assert (got.status, got.body["code"]) == (status, code)


@pytest.mark.parametrize("header", [None, "Bearer good", "Basic !", "Basic Z29vZA", "Basic /w=="])
async def test_a_call_without_a_key_that_can_be_read_is_refused(
    desk: FreshserviceStandIn, http: aiohttp.ClientSession, header: str | None
) -> None:
    headers = {"Authorization": header} if header else {}
    async with http.get(f"{desk.origin}/api/v2/tickets", headers=headers) as answer:
        assert answer.status == 401
        assert (await answer.json()).keys() == {"code", "message"}
        assert "X-RateLimit-Total" in answer.headers


@pytest.mark.parametrize("status", [401, 403])
async def test_a_bad_key_is_refused_as_accounts_differ(
    desk: FreshserviceStandIn, http: aiohttp.ClientSession, status: int
) -> None:
    desk.switches.refusal_status = status
    got = await Client(http, desk, "other")("GET", "tickets")
    assert (got.status, got.body["code"]) == (status, "invalid_credentials")


async def test_a_limited_key_reads_no_tickets(desk: FreshserviceStandIn, http: aiohttp.ClientSession) -> None:
    limited = Client(http, desk, "limited")
    for path in ("tickets", "tickets/1", "tickets/filter?query=x", "tickets/1/conversations"):
        got = await limited("GET", path)
        assert (got.status, got.body["code"]) == (403, "access_denied")
    assert (await limited("GET", "agents")).status == 200


async def test_a_key_that_was_changed_is_refused_and_the_new_one_goes_on(
    desk: FreshserviceStandIn, http: aiohttp.ClientSession, ana: Person
) -> None:
    key = desk.give_key(desk.people.agents[ana.id])
    new = desk.rotate_key(key)
    assert (await Client(http, desk, key)("GET", "tickets")).status == 401
    assert (await Client(http, desk, new).get("agents/me"))["agent"]["id"] == ana.id


async def test_an_unknown_account_answers_without_the_limit_headers(desk: FreshserviceStandIn, call: Client) -> None:
    desk.switches.unknown = True
    got = await call("GET", "tickets")
    assert got.status == 404
    assert "X-RateLimit-Total" not in got.headers


async def test_what_is_not_found_may_come_with_json(desk: FreshserviceStandIn, call: Client) -> None:
    assert (await call("GET", "tickets/1")).text == ""
    desk.switches.not_found_has_json = True
    assert (await call("GET", "tickets/1")).body["code"] == "not_found"


async def test_calls_are_remembered_without_the_key(desk: FreshserviceStandIn, call: Client) -> None:
    await call("GET", "tickets?per_page=1")
    (seen,) = desk.calls
    assert (seen.method, seen.path, seen.query, seen.status) == ("GET", "/api/v2/tickets", "per_page=1", 200)
    assert "good" not in repr(seen)
