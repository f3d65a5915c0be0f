"""What becomes of a ticket: creates, updates, trash, moves, and the rules of the account."""

from typing import Any

import aiohttp
import pytest

from sandbox.freshservice import FreshserviceStandIn, Person
from sandbox.slack.clock import HandClock
from tests.sandbox.freshservice.conftest import Client

NEW = {"subject": "S", "description": "D", "status": 2, "priority": 1, "email": "lena@northwind.example"}


async def test_a_new_ticket_wraps_its_text_and_copies_its_copies(call: Client, lena: Person) -> None:
    body = {**NEW, "tags": ["a", "b"], "cc_emails": ["pia@northwind.example"], "priority": 3}
    made = (await call("POST", "tickets", body)).body["ticket"]
    assert made["description"] == "<div>D</div>"
    assert made["requester_id"] == made["requested_for_id"] == lena.id
    assert made["tags"] == ["a", "b"]
    assert made["cc_emails"] == made["reply_cc_emails"] == ["pia@northwind.example"]
    assert (made["fr_due_by"], made["due_by"]) == ("2026-03-02T13:15:04Z", "2026-03-02T21:15:04Z")
    assert (made["source"], made["type"], made["workspace_id"]) == (2, "Incident", 2)


async def test_html_that_is_in_a_div_stays_as_it_is(call: Client, lena: Person) -> None:
    made = (await call("POST", "tickets", {**NEW, "description": "<div>a<br>b</div>"})).body["ticket"]
    assert (made["description"], made["description_text"]) == ("<div>a<br>b</div>", "a b")


async def test_an_address_that_nobody_has_makes_a_requester(desk: FreshserviceStandIn, call: Client) -> None:
    made = (await call("POST", "tickets", {**NEW, "email": "pia@northwind.example", "name": "Pia Lund"})).body["ticket"]
    assert desk.people.requesters[made["requester_id"]].name == "Pia Lund"
    again = (await call("POST", "tickets", {**NEW, "email": "PIA@northwind.example"})).body["ticket"]
    assert again["requester_id"] == made["requester_id"]


async def test_there_is_no_protection_from_a_second_create(call: Client, lena: Person) -> None:
    first, second = [await call("POST", "tickets", NEW) for _ in range(2)]
    assert (first.body["ticket"]["id"], second.body["ticket"]["id"]) == (1, 2)


async def test_an_update_changes_what_it_names(desk: FreshserviceStandIn, call: Client, lena: Person) -> None:
    desk.form.add_custom("site", "dropdown", choices=("Ghent", "Lyon"))
    desk.form.add_custom("seats", "number")
    lena.raise_ticket("A", "old", tags=["x", "y"], custom_fields={"site": "Ghent", "seats": 3})
    after = (await call.put("tickets/1", {"tags": ["z"], "custom_fields": {"site": "Lyon"}}))["ticket"]
    assert after["tags"] == ["z"]
    assert after["custom_fields"] == {"site": "Lyon", "seats": 3}
    after = (await call.put("tickets/1", {"tags": [], "custom_fields": {"seats": None}}))["ticket"]
    assert (after["tags"], after["custom_fields"]) == ([], {"site": "Lyon", "seats": None})
    assert (await call.put("tickets/1", {"description": "bare"}))["ticket"]["description"] == "bare"


async def test_an_assignment_is_taken_away_with_null(
    desk: FreshserviceStandIn, call: Client, lena: Person, ana: Person
) -> None:
    lena.raise_ticket("A", responder_id=ana.id, group_id=next(iter(desk.people.groups)))
    after = (await call.put("tickets/1", {"responder_id": None, "group_id": None}))["ticket"]
    assert (after["responder_id"], after["group_id"]) == (None, None)


async def test_a_level_of_a_category_needs_those_above(call: Client, lena: Person) -> None:
    lena.raise_ticket("A")
    whole = {"category": "Network", "sub_category": "Access", "item_category": "VPN"}
    after = (await call.put("tickets/1", whole))["ticket"]
    assert {name: after[name] for name in whole} == whole
    assert (await call("PUT", "tickets/1", {"sub_category": "Access"})).codes == {"sub_category": "invalid_value"}
    after = (await call.put("tickets/1", {"category": "Hardware"}))["ticket"]
    assert (after["category"], after["sub_category"], after["item_category"]) == ("Hardware", None, None)


async def test_times_are_whole_seconds_so_two_changes_may_share_one(
    call: Client, lena: Person, clock: HandClock
) -> None:
    lena.raise_ticket("A")
    clock.advance(0.5)
    after = (await call.put("tickets/1", {"status": 3}))["ticket"]
    assert after["updated_at"] == after["created_at"] == "2026-03-02T09:15:04Z"


async def test_times_may_be_cut_to_minutes(
    desk: FreshserviceStandIn, call: Client, lena: Person, clock: HandClock
) -> None:
    desk.switches.grain_seconds = 60
    lena.raise_ticket("A")
    assert (await call.get("tickets/1"))["ticket"]["updated_at"] == "2026-03-02T09:15:00Z"


@pytest.mark.parametrize(
    ("method", "path", "body", "switch", "moves"),
    [
        ("PUT", "tickets/1", {"status": 3}, {}, True),
        ("PUT", "tickets/1", {"status": 2}, {}, True),
        ("PUT", "tickets/1", {"status": 2}, {"idle_updates_touch": False}, False),
        ("PUT", "tickets/1", {"status": 3}, {"idle_updates_touch": False}, True),
        ("POST", "tickets/1/reply", {"body": "x"}, {}, True),
        ("POST", "tickets/1/notes", {"body": "x", "private": False}, {"private_notes_touch": False}, True),
        ("POST", "tickets/1/notes", {"body": "x"}, {}, True),
        ("POST", "tickets/1/notes", {"body": "x"}, {"private_notes_touch": False}, False),
        ("PUT", "conversations/{note}", {"body": "y"}, {}, False),
        ("PUT", "conversations/{note}", {"body": "y"}, {"unproven_touches": True}, True),
        ("DELETE", "conversations/{note}", None, {}, False),
        ("DELETE", "tickets/1", None, {}, True),
    ],
)
async def test_what_moves_updated_at(
    desk: FreshserviceStandIn,
    call: Client,
    lena: Person,
    ana: Person,
    clock: HandClock,
    method: str,
    path: str,
    body: Any,
    switch: dict[str, bool],
    moves: bool,
) -> None:
    before = lena.raise_ticket("A").updated_at
    note = ana.note(1, "n")
    for name, value in switch.items():
        setattr(desk.switches, name, value)
    clock.advance(10)
    assert (await call(method, path.format(note=note.id), body)).status < 300
    assert (desk.ticket(1).updated_at > before) is moves


async def test_a_trashed_ticket_is_shown_as_deleted_or_not_at_all(
    desk: FreshserviceStandIn, call: Client, lena: Person
) -> None:
    lena.raise_ticket("A")
    deleted = await call("DELETE", "tickets/1")
    assert (deleted.status, deleted.text) == (204, "")
    assert (await call.get("tickets/1"))["ticket"]["deleted"] is True
    desk.switches.trashed_is_gone = True
    assert (await call("GET", "tickets/1")).status == 404
    assert (await call("GET", "tickets/1/conversations")).status == 404
    assert (await call("PUT", "tickets/1/restore")).status == 204
    assert (await call.get("tickets/1"))["ticket"]["deleted"] is False


async def test_the_priority_matrix_overrules(desk: FreshserviceStandIn, call: Client, lena: Person) -> None:
    desk.switches.priority_matrix = True
    made = (await call("POST", "tickets", {**NEW, "priority": 1, "urgency": 3, "impact": 3})).body["ticket"]
    assert made["priority"] == 4
    assert (await call.put("tickets/1", {"priority": 1}))["ticket"]["priority"] == 4
    assert (await call.put("tickets/1", {"urgency": 1}))["ticket"]["priority"] == 2


async def test_a_rule_of_the_account_acts_after_the_answer(
    desk: FreshserviceStandIn, call: Client, lena: Person
) -> None:
    group = next(iter(desk.people.groups))
    desk.switches.business_rule = {"group_id": group, "priority": 3}
    made = (await call("POST", "tickets", NEW)).body["ticket"]
    assert (made["group_id"], made["priority"]) == (None, 1)
    seen = (await call.get("tickets/1"))["ticket"]
    assert (seen["group_id"], seen["priority"], seen["updated_at"]) == (group, 3, made["updated_at"])


async def test_the_form_may_demand_more(desk: FreshserviceStandIn, call: Client, lena: Person) -> None:
    lena.raise_ticket("old")
    desk.form.add_custom("site", "dropdown", choices=("Ghent",))
    desk.form.require("group", "site")
    assert (await call("POST", "tickets", NEW)).codes == {"group_id": "missing_field", "site": "missing_field"}
    assert (await call("PUT", "tickets/1", {"status": 3})).status == 200
    assert (await call("PUT", "tickets/1", {"group_id": None})).codes == {"group_id": "missing_field"}


async def test_closing_may_demand_more_unless_an_admin_skips_it(
    desk: FreshserviceStandIn, http: aiohttp.ClientSession, call: Client, lena: Person, ana: Person
) -> None:
    lena.raise_ticket("A")
    desk.form.add_custom("cause")
    desk.form.require("cause", closing=True)
    assert (await call("PUT", "tickets/1", {"status": 3})).status == 200
    assert (await call("PUT", "tickets/1", {"status": 4})).codes == {"cause": "missing_field"}
    modest = Client(http, desk, desk.give_key(desk.people.agents[ana.id]))
    assert (await modest("PUT", "tickets/1?bypass_mandatory=true", {"status": 4})).status == 403
    assert (await call("PUT", "tickets/1?bypass_mandatory=true", {"status": 4})).status == 200
    after = await call("PUT", "tickets/1", {"status": 5, "custom_fields": {"cause": "rain"}})
    assert after.status == 200


async def test_statuses_of_its_own_are_taken_and_can_go_away(
    desk: FreshserviceStandIn, call: Client, lena: Person
) -> None:
    lena.raise_ticket("A")
    number = desk.form.add_status("With the supplier")
    assert number == 6
    assert (await call.put("tickets/1", {"status": 6}))["ticket"]["status"] == 6
    desk.form.remove_choice("status", "With the supplier")
    assert (await call("PUT", "tickets/1", {"status": 6})).codes == {"status": "invalid_value"}
    assert (await call.get("tickets/1"))["ticket"]["status"] == 6


async def test_a_move_loses_what_only_the_old_workspace_has(
    desk: FreshserviceStandIn, call: Client, lena: Person, ana: Person
) -> None:
    legal = desk.people.add_workspace("Legal")
    desk.people.change_agent(desk.people.bridge, workspace_ids=(2, legal.id))
    desk.form.add_custom("here", workspace_id=2)
    desk.form.add_custom("everywhere")
    lena.raise_ticket("A", responder_id=ana.id, custom_fields={"here": "x", "everywhere": "y"})
    after = (await call.put("tickets/1/move_workspace", {"workspace_id": legal.id}))["ticket"]
    assert (after["workspace_id"], after["responder_id"]) == (legal.id, None)
    assert after["custom_fields"] == {"everywhere": "y"}
    assert await call.ids("tickets") == []


async def test_stats_follow_what_happens(call: Client, lena: Person, ana: Person, clock: HandClock) -> None:
    lena.raise_ticket("A")
    clock.advance(60)
    ana.edit(1, responder_id=ana.id, status="Pending")
    ana.reply(1, "x")
    clock.advance(60)
    ana.edit(1, status="Resolved")
    stats = (await call.get("tickets/1?include=stats"))["ticket"]["stats"]
    assert (stats["first_assigned_at"], stats["resolved_at"]) == ("2026-03-02T09:16:04Z", "2026-03-02T09:17:04Z")
    assert (stats["first_resp_time_in_secs"], stats["outbound_count"]) == (60, 1)


async def test_activities_are_text_newest_first_in_pages(call: Client, lena: Person, ana: Person) -> None:
    lena.raise_ticket("A")
    for number in range(25):
        ana.edit(1, status="Pending" if number % 2 == 0 else "Open")
    first = await call.get("tickets/1/activities")
    assert len(first["activities"]) == 20
    assert first["activities"][0]["actor"] == {"id": ana.id, "name": "Ana Ruiz"}
    assert first["activities"][0]["content"] == " set Status as Pending"
    rest = await call.get(first["next_page_url"].partition("/api/v2/")[2])
    assert [one["content"] for one in rest["activities"]][-1] == " created this ticket"
    assert rest["next_page_url"] is None
