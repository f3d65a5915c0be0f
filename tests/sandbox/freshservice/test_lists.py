"""Lists: which tickets, in which order, in which pages, and how they move meanwhile."""

from datetime import timedelta

import pytest

from sandbox.freshservice import FreshserviceStandIn, Person
from sandbox.slack.clock import HandClock
from tests.sandbox.freshservice.conftest import START, Client

DAY = 86400.0


async def test_without_a_time_only_the_last_thirty_days_are_listed(
    call: Client, lena: Person, clock: HandClock
) -> None:
    lena.raise_ticket("old")
    clock.advance(29 * DAY)
    lena.raise_ticket("new")
    assert await call.ids("tickets") == [2, 1]
    clock.advance(1.1 * DAY)
    assert await call.ids("tickets") == [2]
    assert await call.ids("tickets?order_type=asc") == [2]
    assert await call.ids("tickets?updated_since=2026-01-01") == [2, 1]


async def test_updated_since_counts_its_bound_unless_switched(
    desk: FreshserviceStandIn, call: Client, lena: Person, clock: HandClock
) -> None:
    lena.raise_ticket("A")
    at = "updated_since=2026-03-02T09:15:04Z"
    assert await call.ids(f"tickets?{at}") == [1]
    desk.switches.updated_since_is_exclusive = True
    assert await call.ids(f"tickets?{at}") == []
    clock.advance(1)
    lena.raise_ticket("B")
    assert await call.ids(f"tickets?{at}") == [2]


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-02",
        "2026-03-02T09:15",
        "2026-03-02T09:15Z",
        "2026-03-02T09:15:04",
        "2026-03-02T10:15:04%2B01:00",
        "2026-03-02T10:15:04%2B0100",
        "2026-03-02T10:15:04%2B01",
    ],
)
async def test_times_are_read_in_all_documented_forms(call: Client, lena: Person, clock: HandClock, text: str) -> None:
    lena.raise_ticket("A")
    clock.advance(1)
    assert await call.ids(f"tickets?updated_since={text}") == [1]


async def test_ascending_goes_by_creation_unless_the_account_obeys_order_by(
    desk: FreshserviceStandIn, call: Client, lena: Person, ana: Person, clock: HandClock
) -> None:
    for subject in "ABC":
        lena.raise_ticket(subject)
    clock.advance(5)
    ana.edit(1, status="Pending")
    query = "tickets?updated_since=2026-03-01&order_type=asc&order_by=updated_at"
    assert await call.ids(query) == [1, 2, 3]
    desk.switches.obeys_order_by = True
    assert await call.ids(query) == [2, 3, 1]


async def test_trash_and_spam_are_hidden_unless_asked_for(call: Client, lena: Person, ana: Person) -> None:
    for subject in "ABC":
        lena.raise_ticket(subject)
    ana.trash(1)
    ana.mark_spam(2)
    assert await call.ids("tickets") == [3]
    assert await call.ids("tickets?updated_since=2026-01-01") == [3]
    assert await call.ids("tickets?filter=deleted") == [1]
    assert await call.ids("tickets?filter=spam") == [2]
    assert await call.ids("tickets?filter=all_tickets") == [3]


async def test_lists_are_of_one_workspace_or_of_all_with_global_fields(
    desk: FreshserviceStandIn, call: Client, lena: Person
) -> None:
    legal = desk.people.add_workspace("Legal")
    desk.people.change_agent(desk.people.bridge, workspace_ids=(2, legal.id))
    desk.form.add_custom("everywhere")
    desk.form.add_custom("here", workspace_id=legal.id)
    lena.raise_ticket("A")
    lena.raise_ticket("B", workspace_id=legal.id, custom_fields={"here": "x"})
    assert await call.ids("tickets") == [1]
    (there,) = (await call.get(f"tickets?workspace_id={legal.id}"))["tickets"]
    assert there["custom_fields"] == {"everywhere": None, "here": "x"}
    everything = (await call.get("tickets?workspace_id=0"))["tickets"]
    assert [one["custom_fields"] for one in everything] == [{"everywhere": None}] * 2


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("email=lena%40northwind.example", [1]),
        ("type=Incident", [3, 1]),
        ("type=Service+Request", [2]),
        ("filter=new_and_my_open", [3, 1]),
        ("filter=watching", []),
    ],
)
async def test_lists_can_be_narrowed(call: Client, lena: Person, ana: Person, query: str, found: list[int]) -> None:
    lena.raise_ticket("A")
    ana.request_service("B", status="Pending")
    ana.raise_ticket("C")
    assert await call.ids(f"tickets?{query}") == found


async def test_pages_link_to_the_next_with_all_parameters(call: Client, lena: Person) -> None:
    for number in range(5):
        lena.raise_ticket(f"T{number}")
    first = await call("GET", "tickets?per_page=2&updated_since=2026-03-01&workspace_id=0")
    address, _, relation = first.headers["Link"].partition(">;")
    assert relation == 'rel="next"'
    assert "per_page=2" in address and "page=2" in address and "workspace_id=0" in address
    second = await call("GET", address.removeprefix("<").partition("/api/v2/")[2])
    assert [one["id"] for one in second.body["tickets"]] == [3, 2]
    last = await call("GET", "tickets?per_page=2&page=3")
    assert "Link" not in last.headers
    assert await call.ids("tickets?per_page=2&page=4") == []


async def test_pages_are_cut_at_the_time_of_the_call(
    desk: FreshserviceStandIn, call: Client, lena: Person, ana: Person
) -> None:
    """One that enters is shown twice; one that leaves takes another along."""
    for number in range(6):
        lena.raise_ticket(f"T{number}")
    desk.faults.after_page = lambda page: lena.raise_ticket("new") if page == 1 else None
    assert await call.ids("tickets?per_page=2") == [6, 5]
    assert await call.ids("tickets?per_page=2&page=2") == [5, 4]
    desk.faults.after_page = lambda page: ana.trash(7) if page == 1 else None
    assert await call.ids("tickets?per_page=2") == [7, 6]
    assert await call.ids("tickets?per_page=2&page=2") == [4, 3]


async def test_a_stubborn_list_gives_two_at_a_time(desk: FreshserviceStandIn, call: Client, lena: Person) -> None:
    for number in range(3):
        lena.raise_ticket(f"T{number}")
    desk.switches.most_per_page = 2
    got = await call("GET", "tickets?per_page=100")
    assert [one["id"] for one in got.body["tickets"]] == [3, 2]
    assert "per_page=100" in got.headers["Link"]
    assert await call.ids("tickets?per_page=100&page=2") == [1]


async def test_a_stale_list_shows_how_it_was(
    desk: FreshserviceStandIn, call: Client, lena: Person, ana: Person, clock: HandClock
) -> None:
    desk.switches.list_lag_seconds = 60
    lena.raise_ticket("A")
    assert await call.ids("tickets") == []
    clock.advance(60)
    assert await call.ids("tickets") == [1]
    ana.edit(1, status="Pending")
    ana.trash(1)
    assert (await call.get("tickets"))["tickets"][0]["status"] == 2
    assert (await call.get("tickets/1"))["ticket"]["deleted"] is True
    clock.advance(60)
    assert await call.ids("tickets") == []


async def test_a_long_list_is_whole_across_pages(call: Client, lena: Person, ana: Person, clock: HandClock) -> None:
    for number in range(250):
        lena.raise_ticket(f"T{number}")
    clock.advance(10)
    for ticket_id in range(1, 251, 3):
        ana.edit(ticket_id, status="Pending")
    since = (START + timedelta(seconds=10)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert await call.ids(f"tickets?per_page=100&order_type=asc&updated_since={since}") == [*range(1, 251, 3)]
    pages = [await call.ids(f"tickets?per_page=100&updated_since=2026-01-01&page={page}") for page in (1, 2, 3)]
    assert [one for page in pages for one in page] == [*range(250, 0, -1)]
