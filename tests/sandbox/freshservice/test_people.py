"""People, groups, workspaces and the form, as the API shows them."""

import aiohttp
import pytest

from sandbox.freshservice import FreshserviceStandIn, Person
from tests.sandbox.freshservice.conftest import Client


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Ana", "Bridge", "Carl"]),
        ("?email=ANA.RUIZ%40acme.example", ["Ana"]),
        ("?query=%22email:'carl@acme.example'%22", ["Carl"]),
        ("?active=false", ["Carl"]),
        ("?state=occasional", []),
        ("?email=nobody%40acme.example", []),
        ("?per_page=1&page=2", ["Bridge"]),
    ],
)
async def test_agents_are_listed_by_first_name(
    desk: FreshserviceStandIn, call: Client, ana: Person, query: str, names: list[str]
) -> None:
    desk.add_agent("Carl", active=False)
    assert [one["first_name"] for one in (await call.get(f"agents{query}"))["agents"]] == names


async def test_an_agent_is_no_requester_unless_they_are_mixed(call: Client, ana: Person, lena: Person) -> None:
    assert (await call("GET", f"requesters/{ana.id}")).status == 404
    assert (await call("GET", f"agents/{lena.id}")).status == 404
    query = "requesters?email=ana.ruiz%40acme.example"
    assert (await call.get(query))["requesters"] == []
    (found,) = (await call.get(f"{query}&include_agents=true"))["requesters"]
    assert (found["id"], found["is_agent"], found["primary_email"]) == (ana.id, True, "ana.ruiz@acme.example")


async def test_requesters_are_found_by_second_addresses(desk: FreshserviceStandIn, call: Client) -> None:
    pia = desk.add_requester("Pia", secondary_emails=("p.lund@northwind.example",))
    (found,) = (await call.get("requesters?email=p.lund%40northwind.example"))["requesters"]
    assert found["id"] == pia.id


async def test_who_am_i_may_not_exist(desk: FreshserviceStandIn, call: Client) -> None:
    assert (await call.get("agents/me"))["agent"]["id"] == desk.people.bridge.id
    desk.switches.agents_me = False
    assert (await call("GET", "agents/me")).status == 404


async def test_groups_are_of_one_workspace(desk: FreshserviceStandIn, call: Client) -> None:
    legal = desk.people.add_workspace("Legal")
    desk.people.add_group("Advice", workspace_id=legal.id)
    desk.people.add_group("Network")
    assert [one["name"] for one in (await call.get("groups"))["groups"]] == ["Network", "Service Desk"]
    assert [one["name"] for one in (await call.get(f"groups?workspace_id={legal.id}"))["groups"]] == ["Advice"]


async def test_only_workspaces_that_the_agent_sees_are_listed(desk: FreshserviceStandIn, call: Client) -> None:
    legal = desk.people.add_workspace("Legal")
    assert [one["id"] for one in (await call.get("workspaces"))["workspaces"]] == [2]
    assert (await call("GET", f"workspaces/{legal.id}")).status == 403


async def test_departments_have_milliseconds(desk: FreshserviceStandIn, call: Client) -> None:
    made = desk.people.add_department("Sales")
    shown = (await call.get(f"departments/{made.id}"))["department"]
    assert (shown["name"], shown["created_at"]) == ("Sales", "2026-03-02T09:15:04.250Z")


async def test_the_form_tells_choices_as_tickets_hold_them(
    desk: FreshserviceStandIn, call: Client, ana: Person
) -> None:
    desk.form.add_custom("site", "dropdown", choices=("Ghent", "Lyon"), required=True)
    desk.form.add_custom("since", "date")
    desk.form.add_status("With the supplier")
    fields = {one["name"]: one for one in (await call.get("ticket_form_fields"))["ticket_fields"]}
    assert [(one["id"], one["value"]) for one in fields["status"]["choices"]] == [
        (2, "Open"),
        (3, "Pending"),
        (4, "Resolved"),
        (5, "Closed"),
        (6, "With the supplier"),
    ]
    assert [one["value"] for one in fields["site"]["choices"]] == ["Ghent", "Lyon"]
    assert (fields["site"]["field_type"], fields["site"]["required_for_agents"]) == ("custom_dropdown", True)
    assert fields["since"]["date_only"] is True
    assert "Bridge (Me)" in [one["value"] for one in fields["agent"]["choices"]]
    category = next(one for one in fields["category"]["choices"] if one["value"] == "Network")
    assert [one["value"] for one in category["nested_options"]] == ["Access", "Connectivity"]
    required = {name for name, one in fields.items() if one["required_for_agents"]}
    assert required == {"workspace", "requester", "subject", "status", "priority", "description", "site"}


async def test_fields_of_a_workspace_come_when_asked_for(desk: FreshserviceStandIn, call: Client) -> None:
    legal = desk.people.add_workspace("Legal")
    desk.form.add_custom("court", workspace_id=legal.id)
    names = [one["name"] for one in (await call.get("ticket_form_fields"))["ticket_fields"]]
    assert "court" not in names
    there = (await call.get(f"ticket_form_fields?workspace_id={legal.id}"))["ticket_fields"]
    assert next(one for one in there if one["name"] == "court")["workspace_id"] == legal.id


async def test_a_modest_agent_does_not_see_the_form(desk: FreshserviceStandIn, http: aiohttp.ClientSession) -> None:
    modest = desk.people.add_agent("Modest", may_see_fields=False)
    client = Client(http, desk, desk.give_key(modest))
    assert (await client("GET", "ticket_form_fields")).status == 403
    assert (await client("GET", "tickets")).status == 200


async def test_a_nested_field_is_one_entry_with_its_levels(desk: FreshserviceStandIn, call: Client) -> None:
    desk.form.add_nested("where", "floor", "room", tree={"Ghent": {"Ground": ("G1",)}})
    entries = {one["name"]: one for one in (await call.get("ticket_form_fields"))["ticket_fields"]}
    assert "floor" not in entries
    assert [(one["name"], one["level"]) for one in entries["where"]["nested_fields"]] == [("floor", 2), ("room", 3)]
    assert entries["where"]["default_field"] is False
    (ghent,) = entries["where"]["choices"]
    assert ghent["nested_options"][0]["nested_options"][0]["value"] == "G1"


async def test_people_are_searched_by_how_a_name_starts(desk: FreshserviceStandIn, call: Client, lena: Person) -> None:
    for path, person in (("requesters", lena), ("agents", desk.add_agent("Mara Lenz"))):
        found = await call.get(f"{path}?query=\"~[first_name|last_name]:'LEN'\"")
        assert [one["id"] for one in found[path]] == [person.id]
        assert (await call.get(f"{path}?query=\"~[first_name|last_name]:'zz'\""))[path] == []
