"""Each kind of answer has exactly the keys that it was seen to have."""

from typing import Any

import pytest

from sandbox.freshservice import FreshserviceStandIn, Person
from tests.sandbox.freshservice.conftest import Client


def _names(text: str) -> set[str]:
    return set(text.split())


LISTED = _names(
    "subject group_id department_id category sub_category item_category requester_id responder_id due_by "
    "fr_escalated deleted spam email_config_id fwd_emails reply_cc_emails cc_emails is_escalated fr_due_by id "
    "priority status source created_at updated_at requested_for_id to_emails type description description_text "
    "custom_fields workspace_id"
)
VIEWED = LISTED | _names(
    "urgency impact sla_policy_id attachments resolution_notes resolution_notes_html approval_status "
    "approval_status_name"
)
WRITTEN = (LISTED - {"deleted"}) | {"tags", "attachments", "resolution_notes", "resolution_notes_html"}
SAID = _names(
    "id body body_text incoming private created_at updated_at user_id support_email source ticket_id to_emails "
    "from_email cc_emails bcc_emails attachments"
)
REPLY = SAID - {"private", "incoming", "source", "support_email"}
NOTE = SAID - {"source", "from_email", "cc_emails", "bcc_emails"}
FILE = _names("id content_type size name attachment_url created_at updated_at")
AGENT = _names(
    "id first_name last_name email active occasional job_title work_phone_number mobile_phone_number department_ids "
    "can_see_all_tickets_from_associated_departments reporting_manager_id address time_zone time_format language "
    "location_id background_information scoreboard_level_id scoreboard_points signature vip_user external_id "
    "auto_assign_tickets auto_assign_status_changed_at member_of observer_of member_of_pending_approval "
    "observer_of_pending_approval roles workspace_ids custom_fields has_logged_in last_login_at last_active_at "
    "created_at updated_at"
)
FIELD = _names(
    "id workspace_id name label description field_type position default_field required_for_closure "
    "required_for_agents required_for_customers customers_can_edit label_for_customers displayed_to_customers "
    "belongs_to_section created_at updated_at choices nested_fields sections"
)
STATS = _names(
    "created_at updated_at ticket_id opened_at group_escalated inbound_count status_updated_at outbound_count "
    "pending_since resolved_at closed_at first_assigned_at assigned_at agent_responded_at requester_responded_at "
    "first_responded_at first_resp_time_in_secs resolution_time_in_secs"
)


@pytest.fixture
def told(desk: FreshserviceStandIn, ana: Person, lena: Person) -> None:
    """Ticket 1 has a file, a reply and a note."""
    desk.form.add_custom("site", "dropdown", choices=("Ghent",))
    lena.raise_ticket("VPN", "Since Monday.", files={"vpn.log": b"log"}, tags=["vpn"])
    ana.reply(1, "We are on it.")
    ana.note(1, "Ask the supplier.")


@pytest.mark.usefixtures("told")
async def test_a_ticket_has_other_keys_in_each_answer(call: Client) -> None:
    new = {"subject": "S", "description": "D", "status": 2, "priority": 1, "email": "lena@northwind.example"}
    assert (await call.get("tickets"))["tickets"][0].keys() == LISTED
    assert (await call.get("tickets/filter?query=%22status:2%22"))["tickets"][0].keys() == LISTED
    assert (await call.get("tickets/1"))["ticket"].keys() == VIEWED
    assert (await call.put("tickets/1", {"status": 3}))["ticket"].keys() == WRITTEN
    created = await call("POST", "tickets", new)
    assert created.body["ticket"].keys() == WRITTEN
    assert created.headers["Location"].endswith("/api/v2/tickets/2")


@pytest.mark.usefixtures("told")
async def test_a_newer_account_adds_keys_to_a_view(desk: FreshserviceStandIn, call: Client) -> None:
    desk.switches.newer_account = True
    assert (await call.get("tickets/1"))["ticket"].keys() > VIEWED


@pytest.mark.usefixtures("told")
async def test_an_account_without_workspaces_does_not_know_the_word(desk: FreshserviceStandIn, call: Client) -> None:
    assert (await call.get("tickets"))["tickets"][0]["workspace_id"] == 2
    desk.switches.workspaces = False
    assert (await call.get("tickets"))["tickets"][0].keys() == LISTED - {"workspace_id"}
    assert (await call.get("tickets/1"))["ticket"].keys() == VIEWED - {"workspace_id"}
    assert (await call("GET", "tickets?workspace_id=0")).codes == {"workspace_id": "invalid_field"}
    assert (await call("GET", "workspaces")).body["code"] == "require_feature"
    assert "workspace_id" not in (await call.get("ticket_form_fields"))["ticket_fields"][0]
    assert (await call("GET", "tickets/1")).status == 200


@pytest.mark.usefixtures("told")
async def test_what_is_said_has_other_keys_in_each_answer(call: Client) -> None:
    listed = await call.get("tickets/1/conversations")
    assert [one.keys() for one in listed["conversations"]] == [SAID, SAID]
    assert listed["meta"] == {"count": 2}
    note = (await call("POST", "tickets/1/notes", {"body": "x"})).body["conversation"]
    assert note.keys() == NOTE
    assert (await call("POST", "tickets/1/reply", {"body": "x"})).body["conversation"].keys() == REPLY
    assert (await call.put(f"conversations/{note['id']}", {"body": "y"}))["conversation"].keys() == NOTE


@pytest.mark.usefixtures("told")
async def test_files_people_and_fields_have_their_keys(call: Client, lena: Person) -> None:
    assert (await call.get("tickets/1"))["ticket"]["attachments"][0].keys() == FILE
    assert (await call.get("agents"))["agents"][0].keys() == AGENT
    assert {"primary_email", "secondary_emails", "is_agent"} <= (await call.get(f"requesters/{lena.id}"))[
        "requester"
    ].keys()
    fields = (await call.get("ticket_form_fields"))["ticket_fields"]
    assert {one["name"]: one.keys() - FIELD for one in fields if one.keys() != FIELD} == {
        "requester": {"portal_cc", "portalcc_to"}
    }
    assert (await call.get("workspaces/2"))["workspace"] == {
        "id": 2,
        "name": "IT",
        "description": None,
        "primary": True,
        "restricted": False,
        "state": "active",
        "template_name": "it",
        "type": "workspace",
        "created_at": "2026-03-02T09:15:04Z",
        "updated_at": "2026-03-02T09:15:04Z",
    }


@pytest.mark.usefixtures("told")
async def test_what_is_included_is_added_and_nothing_else(call: Client, lena: Person) -> None:
    shown = (await call.get("tickets/1?include=tags,requester, stats,conversations"))["ticket"]
    assert shown.keys() == VIEWED | {"tags", "requester", "stats", "conversations"}
    assert shown["tags"] == ["vpn"]
    assert shown["requester"] == {
        "id": lena.id,
        "name": "Lena Maes",
        "email": "lena@northwind.example",
        "mobile": None,
        "phone": None,
    }
    assert shown["stats"].keys() == STATS
    assert shown["stats"]["ticket_id"] != 1
    listed = (await call.get("tickets?include=tags,requester"))["tickets"][0]
    assert listed.keys() == LISTED | {"tags", "requester"}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("id", 1),
        ("description", "<div>Since Monday.</div>"),
        ("description_text", "Since Monday."),
        ("created_at", "2026-03-02T09:15:04Z"),
        ("due_by", "2026-03-05T09:15:04Z"),
        ("custom_fields", {"site": None}),
        ("to_emails", None),
        ("cc_emails", []),
        ("type", "Incident"),
    ],
)
@pytest.mark.usefixtures("told")
async def test_values_look_as_on_the_wire(call: Client, key: str, value: Any) -> None:
    assert (await call.get("tickets"))["tickets"][0][key] == value


@pytest.mark.usefixtures("told")
async def test_times_of_an_update_may_come_with_an_offset(desk: FreshserviceStandIn, call: Client) -> None:
    desk.switches.offset_times = True
    after = (await call.put("tickets/1", {"priority": 1}))["ticket"]
    assert after["due_by"] == "2026-03-05T14:45:04+05:30"
    assert after["updated_at"] == "2026-03-02T09:15:04Z"
    assert (await call.get("tickets/1"))["ticket"]["due_by"] == "2026-03-05T09:15:04Z"
