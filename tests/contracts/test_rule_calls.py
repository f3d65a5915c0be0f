"""A rule's own calls to its desk: to this one and no other, however the path is written."""

import json

import pytest

from tests.contracts.tracker_case import Case
from trackers.errors import CallNotAllowed


def base(case: Case) -> str:
    """The toy desk has its little interface at the top."""
    return "" if "Memory" in type(case.tracker).__name__ else "/api/v2"


async def test_a_ticket_is_read_and_changed_by_path(case: Case) -> None:
    ticket_id = case.people.raise_ticket("x", priority="Low")
    answer = await case.tracker.http("get", f"{base(case)}/tickets/{ticket_id}")
    assert (answer.status, answer.headers["content-type"].partition(";")[0]) == (200, "application/json")
    assert str(json.loads(answer.text)["ticket"]["id"]) == ticket_id
    urgent = "Urgent" if not base(case) else 4
    changed = await case.tracker.http("PUT", f"{base(case)}/tickets/{ticket_id}", {}, {"priority": urgent})
    assert changed.status == 200
    assert (await case.tracker.read(ticket_id)).fields["priority"] == "Urgent"
    await case.tracker.http("PUT", f"{base(case)}/tickets/{ticket_id}", {}, json.dumps({"priority": urgent}))


async def test_whatever_the_desk_answers_is_an_answer(case: Case) -> None:
    assert (await case.tracker.http("GET", f"{base(case)}/tickets/999")).status == 404
    assert (await case.tracker.http("GET", f"{base(case)}/moon")).status == 404
    ticket_id = case.people.raise_ticket("x")
    refused = await case.tracker.http("PUT", f"{base(case)}/tickets/{ticket_id}", {}, {"moon": "full"})
    assert refused.status == 400
    assert "moon" in refused.text


async def test_parameters_come_from_the_path_and_from_beside_it(case: Case) -> None:
    people = "/people" if not base(case) else "/api/v2/requesters"
    by_path = await case.tracker.http("GET", f"{people}?email=lena%40acme.example")
    beside = await case.tracker.http("GET", people, {"email": "lena@acme.example"})
    assert "lena@acme.example" in by_path.text
    assert (by_path.status, by_path.text) == (beside.status, beside.text)
    assert "ana@" not in by_path.text


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example/api/v2/tickets",
        "//evil.example/api/v2/tickets",
        "/\\evil.example/api",
        "\\\\evil.example",
        "http:evil.example",
        "/api/v2/../../etc",
        "/api/v2/%2e%2e/x",
        "/api/v2/%252e%252e/x",
        "/api/v2/./tickets",
        "/api/v2/..%2ftickets",
        "/api/v2/tickets#x",
        "/api/v2/tickets\r\nX-Evil: 1",
        "/api/v2/tick ets",
        "/api/v2//evil.example",
        "@evil.example/api/v2/tickets",
        ":80/api/v2",
        "/api/v2/%ff",
        "/api/v2/%00",
        "",
        "?a=1",
        "/" + "x" * 5000,
        "/api/v2/tickets?" + "&".join(f"a{n}=1" for n in range(200)),
    ],
)
async def test_a_path_to_anywhere_else_is_not_called(case: Case, path: str) -> None:
    try:
        answer = await case.tracker.http("GET", path)
    except CallNotAllowed:
        return
    assert answer.status == 404  # below the desk, and nothing is there


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "OPTIONS", "", "GET /x HTTP/1.1\r\n"])
async def test_other_methods_are_not_called(case: Case, method: str) -> None:
    with pytest.raises(CallNotAllowed, match="GET, POST, PUT"):
        await case.tracker.http(method, f"{base(case)}/tickets/1")


@pytest.mark.parametrize("body", [object(), float("nan"), "x" * (1024 * 1024 + 1), {"a": {1, 2}}])
async def test_a_body_that_is_no_json_or_too_large_is_not_sent(case: Case, body: object) -> None:
    with pytest.raises(CallNotAllowed):
        await case.tracker.http("PUT", f"{base(case)}/tickets/1", {}, body)
