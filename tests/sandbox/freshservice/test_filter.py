"""The query language, and the index behind it."""

from urllib.parse import quote

import pytest

from sandbox.freshservice import FreshserviceStandIn, Person
from sandbox.slack.clock import HandClock
from tests.sandbox.freshservice.conftest import Client


def asking(query: str) -> str:
    return f"tickets/filter?query={quote(chr(34) + query + chr(34))}"


@pytest.fixture
def tickets(desk: FreshserviceStandIn, lena: Person, ana: Person, clock: HandClock) -> None:
    desk.form.add_custom("site", "dropdown", choices=("Ghent", "L'Aquila"))
    desk.form.add_custom("seats", "number")
    desk.form.add_custom("on_call", "checkbox")
    desk.form.add_custom("since", "date")
    desk.form.add_custom("remark")
    lena.raise_ticket("A", priority=4, tags=["linked-acme"], custom_fields={"site": "Ghent", "since": "2026-03-02"})
    clock.advance(86400)
    lena.raise_ticket("B", priority=2, status=3, responder_id=ana.id, custom_fields={"site": "L'Aquila", "seats": 5})
    ana.raise_ticket("C", urgency=3, custom_fields={"on_call": True})


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("priority:4", [1]),
        ("priority: 4", [1]),
        ("priority:>2", [2, 1]),
        ("priority:<2", [3, 2]),
        ("status:2 AND priority:>2", [1]),
        ("status:3 OR priority:4", [2, 1]),
        ("status:2 AND (priority:4 OR urgency:3)", [3, 1]),
        ("status:3 OR status:2 AND priority:4", [2, 1]),
        ("agent_id:null", [3, 1]),
        ("group_id:null AND urgency:null", [2, 1]),
        ("tag:'linked-acme'", [1]),
        ("tag:'LINKED-ACME'", [1]),
        ("email:'lena@northwind.example'", [2, 1]),
        ("created_at:>'2026-03-03'", [3, 2]),
        ("created_at:<'2026-03-02'", [1]),
        ("updated_at:>'2026-03-02T09:15:04Z'", [3, 2, 1]),
        ("site:'Ghent'", [1]),
        (r"site:'L\'Aquila'", [2]),
        ("site:null", [3]),
        ("seats:5", [2]),
        ("seats:>3", [2]),
        ("on_call:true", [3]),
        ("since:>'2026-03-02'", [1]),
        ("since:<'2026-03-01'", []),
        ("workspace_id:2", [3, 2, 1]),
    ],
)
@pytest.mark.usefixtures("tickets")
async def test_a_query_finds(call: Client, query: str, found: list[int]) -> None:
    got = await call("GET", asking(query))
    assert [one["id"] for one in got.body["tickets"]] == found
    assert got.body["total"] == len(found)
    assert "Link" not in got.headers


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("subject:'A'", "subject"),
        ("source:2", "source"),
        ("type:'Incident'", "type"),
        ("department_id:1", "department_id"),
        ("remark:'x'", "remark"),
        ("Priority:4", "Priority"),
        ("priority:'4'", "priority"),
        ("priority:high", "priority"),
        ("created_at:'2026-03-02'", "created_at"),
        ("created_at:>soon", "created_at"),
        ("tag:>'a'", "tag"),
        ("status:null", "status"),
        ("site:>'A'", "site"),
        ("status:2 AND", "query"),
        ("NOT status:2", "query"),
        ("status:2 status:3", "query"),
        ("(status:2", "query"),
        ("status:2)", "query"),
        ("", "query"),
        ("status=2", "query"),
    ],
)
@pytest.mark.usefixtures("tickets")
async def test_a_query_that_is_none_is_refused(call: Client, query: str, field: str) -> None:
    got = await call("GET", asking(query))
    assert (got.status, got.body["description"]) == (400, "Validation failed")
    assert got.codes == {field: "invalid_value"}


@pytest.mark.usefixtures("tickets")
async def test_every_bad_field_is_named(call: Client) -> None:
    got = await call("GET", asking("subject:'A' OR source:2"))
    assert got.body["errors"] == [
        {"field": "subject", "message": "[:invalid_field]", "code": "invalid_value"},
        {"field": "source", "message": "[:invalid_field]", "code": "invalid_value"},
    ]


async def test_a_query_stands_in_quotes_and_is_short(call: Client) -> None:
    assert (await call("GET", "tickets/filter?query=status:2")).codes == {"query": "invalid_value"}
    assert (await call("GET", "tickets/filter")).codes == {"query": "missing_field"}
    assert (await call("GET", asking(" OR ".join(["status:2"] * 50)))).codes == {"query": "invalid_size"}


async def test_thirty_are_on_a_page_whatever_is_asked(desk: FreshserviceStandIn, call: Client, lena: Person) -> None:
    for number in range(35):
        lena.raise_ticket(f"T{number}")
    assert await call.ids(asking("status:2") + "&per_page=100") == [*range(35, 5, -1)]
    assert await call.ids(asking("status:2") + "&page=2") == [*range(5, 0, -1)]
    desk.switches.filter_obeys_per_page = True
    assert len(await call.ids(asking("status:2") + "&per_page=100")) == 35


async def test_trash_and_spam_are_not_found(call: Client, lena: Person, ana: Person) -> None:
    ana.trash(lena.raise_ticket("A").id)
    ana.mark_spam(lena.raise_ticket("B").id)
    assert await call.ids(asking("status:2")) == []


async def test_the_index_may_be_late(
    desk: FreshserviceStandIn, call: Client, lena: Person, ana: Person, clock: HandClock
) -> None:
    lena.raise_ticket("before the switch")
    clock.advance(200)
    desk.switches.filter_lag_seconds = 180
    ana.edit(1, status="Pending", tags=["late"])
    lena.raise_ticket("after")
    assert await call.ids(asking("status:2")) == [1]
    assert await call.ids(asking("tag:'late'")) == []
    clock.advance(180)
    assert await call.ids(asking("status:2")) == [2]
    assert await call.ids(asking("tag:'late'")) == [1]
