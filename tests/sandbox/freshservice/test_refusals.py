"""Every body and query that the real desk refuses is refused, with the field and the code that it gives."""

from typing import Any

import pytest

from sandbox.freshservice import FreshserviceStandIn, Person
from tests.sandbox.freshservice.conftest import Client

GOOD = {"subject": "S", "description": "D", "status": 2, "priority": 1, "email": "new@northwind.example"}


@pytest.fixture
def form(desk: FreshserviceStandIn, lena: Person) -> FreshserviceStandIn:
    """Ticket 1 is live, 2 in the trash; there is a custom field of each kind."""
    desk.form.add_custom("site", "dropdown", choices=("Ghent", "Lyon"))
    desk.form.add_custom("floors", "multi_select_dropdown", choices=("1", "2"))
    for kind in ("text", "paragraph", "checkbox", "number", "decimal", "date", "url"):
        desk.form.add_custom(f"a_{kind}", kind)
    desk.form.add_custom("a_lookup", "lookup_bigint")
    desk.form.add_nested("where", "floor", "room", tree={"Ghent": {"Ground": ("G1",)}, "Lyon": {"Top": ()}})
    lena.raise_ticket("A")
    lena.trash(lena.raise_ticket("B").id)
    return desk


@pytest.mark.parametrize(
    ("missing", "named"),
    [
        ("subject", "subject"),
        ("description", "description"),
        ("status", "status"),
        ("priority", "priority"),
        ("email", "requester_id"),
    ],
)
async def test_a_new_ticket_needs_the_five(call: Client, missing: str, named: str) -> None:
    got = await call("POST", "tickets", {name: value for name, value in GOOD.items() if name != missing})
    assert (got.status, got.codes) == (400, {named: "missing_field"})
    assert got.body["description"] == "Validation failed"


async def test_all_that_is_wrong_is_told_at_once(call: Client) -> None:
    got = await call("POST", "tickets", {"priority": 9, "nonsense": 1})
    assert got.codes == {
        "nonsense": "invalid_field",
        "priority": "invalid_value",
        "subject": "missing_field",
        "description": "missing_field",
        "status": "missing_field",
        "requester_id": "missing_field",
    }


async def test_somebody_known_by_phone_alone_needs_a_name(call: Client) -> None:
    body = {**GOOD, "phone": "+32 1"}
    del body["email"]
    assert (await call("POST", "tickets", body)).codes == {"name": "missing_field"}
    assert (await call("POST", "tickets", {**body, "name": "Pia"})).status == 201


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("nonsense", 1, "invalid_field"),
        ("ticket", {}, "invalid_field"),
        ("id", 7, "invalid_field"),
        ("created_at", "2026-01-01", "invalid_field"),
        ("deleted", False, "invalid_field"),
        ("spam", False, "invalid_field"),
        ("requested_for_id", 1, "invalid_field"),
        ("attachments", [], "invalid_field"),
        ("subject", 5, "datatype_mismatch"),
        ("description", None, "datatype_mismatch"),
        ("status", "2", "datatype_mismatch"),
        ("status", "Open", "datatype_mismatch"),
        ("status", 2.0, "datatype_mismatch"),
        ("status", True, "datatype_mismatch"),
        ("status", 6, "invalid_value"),
        ("priority", 5, "invalid_value"),
        ("urgency", 4, "invalid_value"),
        ("source", 99, "invalid_value"),
        ("type", "incident", "invalid_value"),
        ("type", "Service Request", "invalid_value"),
        ("email", "nobody", "invalid_value"),
        ("group_id", 1, "invalid_value"),
        ("responder_id", "x", "datatype_mismatch"),
        ("responder_id", 1, "invalid_value"),
        ("requester_id", 1, "invalid_value"),
        ("tags", "vpn", "datatype_mismatch"),
        ("tags", [1], "datatype_mismatch"),
        ("cc_emails", ["nobody"], "invalid_value"),
        ("category", "Space", "invalid_value"),
        ("sub_category", "Access", "invalid_value"),
        ("due_by", "soon", "datatype_mismatch"),
        ("custom_fields", [], "datatype_mismatch"),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT"])
async def test_a_wrong_attribute_is_refused_and_nothing_is_done(
    form: FreshserviceStandIn, call: Client, method: str, field: str, value: Any, code: str
) -> None:
    before = form.tickets
    body = {**GOOD, field: value} if method == "POST" else {field: value}
    got = await call(method, "tickets" if method == "POST" else "tickets/1", body)
    assert (got.status, got.codes) == (400, {field: code})
    assert form.tickets == before


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("nonsense", 1, "invalid_field"),
        ("cf_site", "Ghent", "invalid_field"),
        ("site", "Paris", "invalid_value"),
        ("site", 3, "datatype_mismatch"),
        ("floors", "1", "datatype_mismatch"),
        ("floors", ["3"], "invalid_value"),
        ("a_text", 3, "datatype_mismatch"),
        ("a_checkbox", "true", "datatype_mismatch"),
        ("a_number", "3", "datatype_mismatch"),
        ("a_number", 3.5, "datatype_mismatch"),
        ("a_decimal", "x", "datatype_mismatch"),
        ("a_date", "yesterday", "datatype_mismatch"),
        ("a_date", "2026-03-02T10:00:00Z", "datatype_mismatch"),
        ("a_lookup", "7", "datatype_mismatch"),
        ("a_lookup", -7, "datatype_mismatch"),
        ("where", "Paris", "invalid_value"),
        ("where", 3, "datatype_mismatch"),
        ("floor", "Ground", "invalid_value"),  # without the level above it
    ],
)
async def test_a_wrong_custom_field_is_refused(
    form: FreshserviceStandIn, call: Client, field: str, value: Any, code: str
) -> None:
    got = await call("PUT", "tickets/1", {"custom_fields": {field: value}})
    assert (got.status, got.codes) == (400, {field: code})


@pytest.mark.parametrize(
    "values",
    [
        {"site": "Ghent", "floors": ["1", "2"], "a_text": "x", "a_checkbox": True, "a_number": 3},
        {"a_decimal": 2.5, "a_date": "2026-03-02", "a_url": "https://x.example", "a_paragraph": "a\nb"},
        {"where": "Ghent", "floor": "Ground", "room": "G1", "a_lookup": 7},
        {"where": "Ghent", "floor": None, "room": None},
        dict.fromkeys(("site", "floors", "a_text", "a_checkbox", "a_number", "a_date")),
    ],
)
async def test_right_custom_fields_are_taken(form: FreshserviceStandIn, call: Client, values: dict[str, Any]) -> None:
    after = (await call.put("tickets/1", {"custom_fields": values}))["ticket"]
    assert {name: after["custom_fields"][name] for name in values} == values


@pytest.mark.parametrize("field", ["workspace_id", "phone", "name"])
async def test_what_only_a_new_ticket_takes_is_refused_later(
    form: FreshserviceStandIn, call: Client, field: str
) -> None:
    assert (await call("PUT", "tickets/1", {field: 2})).codes == {field: "invalid_field"}


@pytest.mark.parametrize("field", ["subject", "description", "status"])
async def test_what_must_be_there_cannot_be_emptied(form: FreshserviceStandIn, call: Client, field: str) -> None:
    got = await call("PUT", "tickets/1", {field: "" if field != "status" else None})
    assert got.status == 400
    assert got.codes.keys() == {field}


@pytest.mark.parametrize(
    ("method", "path", "body", "field", "code"),
    [
        ("GET", "tickets?per_page=101", None, "per_page", "invalid_value"),
        ("GET", "tickets?per_page=0", None, "per_page", "invalid_value"),
        ("GET", "tickets?page=0", None, "page", "invalid_value"),
        ("GET", "tickets?page=x", None, "page", "invalid_value"),
        ("GET", "tickets?nonsense=1", None, "nonsense", "invalid_field"),
        ("GET", "tickets?filter=assigned_to_me", None, "filter", "invalid_value"),
        ("GET", "tickets?order_type=up", None, "order_type", "invalid_value"),
        ("GET", "tickets?updated_since=soon", None, "updated_since", "invalid_value"),
        ("GET", "tickets?include=conversations", None, "include", "invalid_value"),
        ("GET", "tickets/1?include=everything", None, "include", "invalid_value"),
        ("GET", "tickets/1/conversations?per_page=101", None, "per_page", "invalid_value"),
        ("GET", "agents?active=yes", None, "active", "datatype_mismatch"),
        ("GET", "agents?name=x", None, "name", "invalid_field"),
        ("GET", "requesters?query=%22phone:'1'%22", None, "phone", "invalid_value"),
        ("GET", "groups?workspace_id=9", None, "workspace_id", "invalid_value"),
        ("POST", "tickets/1/reply", {}, "body", "missing_field"),
        ("POST", "tickets/1/reply", {"body": " "}, "body", "missing_field"),
        ("POST", "tickets/1/reply", {"body": 5}, "body", "datatype_mismatch"),
        ("POST", "tickets/1/reply", {"body": "x", "private": True}, "private", "invalid_field"),
        ("POST", "tickets/1/reply", {"body": "x", "cc_emails": "a@b.example"}, "cc_emails", "datatype_mismatch"),
        ("POST", "tickets/1/notes", {"body": "x", "private": "no"}, "private", "datatype_mismatch"),
        ("POST", "tickets/1/notes", {"body": "x", "user_id": 1}, "user_id", "invalid_value"),
        ("POST", "tickets/1/notes", {"body": "x", "cc_emails": []}, "cc_emails", "invalid_field"),
        ("PUT", "tickets/1/move_workspace", {"workspace_id": 9}, "workspace_id", "invalid_value"),
    ],
)
async def test_a_wrong_call_is_refused(
    form: FreshserviceStandIn, call: Client, method: str, path: str, body: Any, field: str, code: str
) -> None:
    got = await call(method, path, body)
    assert (got.status, got.codes) == (400, {field: code})


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "tickets/2", {"status": 2}),
        ("POST", "tickets/2/reply", {"body": "x"}),
        ("POST", "tickets/2/notes", {"body": "x"}),
        ("DELETE", "tickets/2", None),
        ("PUT", "tickets/1/restore", None),
        ("PUT", "tickets/9", {"status": 2}),
        ("DELETE", "tickets/9", None),
        ("PUT", "conversations/9", {"body": "x"}),
        ("DELETE", "conversations/9", None),
        ("DELETE", "tickets/1/attachments/9", None),
        ("GET", "attachments/9", None),
        ("GET", "agents/9", None),
        ("GET", "requesters/9", None),
        ("GET", "groups/9", None),
        ("GET", "workspaces/9", None),
    ],
)
async def test_what_is_not_there_or_in_the_trash_is_404(
    form: FreshserviceStandIn, call: Client, method: str, path: str, body: Any
) -> None:
    assert (await call(method, path, body)).status == 404


async def test_a_ticket_of_a_workspace_that_the_agent_does_not_see_is_403(
    form: FreshserviceStandIn, call: Client, lena: Person
) -> None:
    legal = form.people.add_workspace("Legal")
    hidden = lena.raise_ticket("secret", workspace_id=legal.id)
    for method, path in (("GET", ""), ("PUT", ""), ("DELETE", ""), ("GET", "/conversations")):
        got = await call(method, f"tickets/{hidden.id}{path}")
        assert (got.status, got.body["code"]) == (403, "access_denied")
    assert (await call("GET", f"tickets?workspace_id={legal.id}")).status == 403
