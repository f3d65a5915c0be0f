"""Tickets, lists and writes, with the key sets of the reference. Checklist 5, 6, 7, 8, 9 and 10."""

import copy
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sync.errors import RemoteGone, RemoteRefusedTicket, RemoteUnavailable, VisibilityStays
from sync.fields import Fields
from sync.marker import marker_line
from sync.ticket import NewTicket, Person, TicketState, Upload
from tests.trackers.freshservice.scripted import LISTED, NOTE, VIEWED, WRITTEN, ScriptedDesk, Unlimited, answered
from trackers.freshservice.tracker import FreshserviceTracker
from trackers.port import CallKind, Tracker

SINCE = datetime(2026, 1, 5, 7, 0, 0, 900, tzinfo=UTC)
CODE = "abcdefgh2345"
LINE = marker_line("Acme", "#9", CODE)


def puts(script: ScriptedDesk) -> list[Any]:
    return [call.body for call in script.calls if call.method == "PUT"]


def test_the_account_is_a_tracker(tracker: FreshserviceTracker) -> None:
    port: Tracker = tracker
    assert port is tracker


# reading


async def test_a_ticket_is_read_in_neutral_words_and_in_the_desks_own(tracker: FreshserviceTracker) -> None:
    ticket = await tracker.read("372")
    assert ticket.fields == Fields(
        {
            "summary": "VPN drops every ten minutes",
            "description": "Since Monday.",
            "type": "Incident",
            "status": "Open",
            "priority": "Medium",
            "tags": ("vpn",),
            "custom.affected_site": "Ghent",
            "custom.seats": 2,
            "custom.vendor_case": None,
            "assignee": "ana@acme.example",
            "requester": "lena@northwind.example",
            "group": "27000184410",  # neither the form nor a list names it
            "department": None,
            "category": "Network",
            "sub_category": "Access",
            "item": None,
            "urgency": "Medium",
            "impact": "Low",
            "source": "Portal",
            "due_by": "2026-03-03T09:15:04Z",
            "first_response_due_by": "2026-03-02T17:15:04Z",
        }
    )
    assert ticket.assignee == Person("Ana Ruiz", "ana@acme.example")
    assert ticket.native["status"] == 2
    assert ticket.native["responder_id"] == 27001930207
    assert ticket.native["tags"] == ("vpn",)
    assert ticket.native["custom_fields.affected_site"] == "Ghent"
    assert ticket.native["email"] == "lena@northwind.example"
    assert ticket.native["urgency"] == 2
    assert ticket.native["due_by"] == "2026-03-03T09:15:04Z"
    assert "description" not in ticket.native
    assert ticket.version == datetime(2026, 3, 2, 9, 41, 37, tzinfo=UTC)
    assert ticket.requester == Person("Lena Maes", "lena@northwind.example")
    assert ticket.shown == "#372"
    assert ticket.url.endswith("/a/tickets/372")
    assert ticket.state is TicketState.LIVE


async def test_g8_a_changed_ticket_costs_one_view_and_one_list_of_conversations(
    script: ScriptedDesk, tracker: FreshserviceTracker, budget: Unlimited
) -> None:
    await tracker.read("372")
    script.calls.clear()
    budget.asked.clear()
    await tracker.read("372")
    assert sorted(script.lines()) == ["GET tickets/372", "GET tickets/372/conversations"]
    assert sorted(budget.asked) == [(CallKind.OTHER, 1, False), (CallKind.VIEW, 2, False)]


@pytest.mark.parametrize("name", sorted(set(VIEWED) - {"id", "updated_at"}))
@pytest.mark.parametrize("is_null", [True, False])
async def test_a_ticket_survives_the_absence_of_any_other_key(
    script: ScriptedDesk, tracker: FreshserviceTracker, name: str, is_null: bool
) -> None:
    held = {**VIEWED, name: None} if is_null else {key: value for key, value in VIEWED.items() if key != name}
    script.on("GET tickets/372", {"ticket": held})
    assert (await tracker.read("372")).id == "372"


async def test_strange_kinds_and_new_keys_are_read_leniently(
    script: ScriptedDesk, tracker: FreshserviceTracker
) -> None:
    strange = {
        "id": "372",
        "status": "3",
        "priority": 1.0,
        "planned_effort": {"x": 1},
        "bcc_emails": [],
        "due_by": "2026-03-03T14:45:04+05:30",
        "tags": None,
        "custom_fields": {"many": ["a", "b"], "odd": {"a": 1}, "on": False},
    }
    script.on("GET tickets/372", {"ticket": {**VIEWED, **strange}})
    ticket = await tracker.read("372")
    assert ticket.fields["status"] == "Pending"
    assert ticket.fields["priority"] == "Low"
    assert ticket.fields["tags"] == ()
    assert ticket.fields["custom.many"] == ("a", "b")
    assert ticket.fields["custom.odd"] == '{"a": 1}'
    assert ticket.fields["custom.on"] is False
    assert ticket.native["due_by"] == "2026-03-03T09:15:04Z"


@pytest.mark.parametrize(
    ("flags", "state"), [({"deleted": True}, TicketState.TRASHED), ({"spam": True}, TicketState.SPAM)]
)
async def test_a_trashed_ticket_is_answered_with_its_state(
    script: ScriptedDesk, tracker: FreshserviceTracker, flags: dict[str, bool], state: TicketState
) -> None:
    script.on("GET tickets/372", {"ticket": {**VIEWED, **flags}})
    script.on("GET tickets/372/conversations", answered("", 404))
    assert (await tracker.read("372")).state is state


async def test_i13_a_live_ticket_whose_conversations_are_hidden_is_not_one_without_comments(
    script: ScriptedDesk, tracker: FreshserviceTracker
) -> None:
    script.on("GET tickets/372/conversations", answered("", 404))
    with pytest.raises(RemoteUnavailable):
        await tracker.read("372")


async def test_i13_a_list_without_its_list_is_no_empty_one(script: ScriptedDesk, tracker: FreshserviceTracker) -> None:
    script.on("GET tickets/372/conversations", {"meta": {"count": 0}})
    with pytest.raises(RemoteUnavailable):
        await tracker.read("372")
    script.on("GET tickets", {"result": []})
    with pytest.raises(RemoteUnavailable):
        await tracker.changed_since(SINCE)


async def test_a_ticket_that_is_nowhere_is_gone(script: ScriptedDesk, tracker: FreshserviceTracker) -> None:
    with pytest.raises(RemoteGone):
        await tracker.read("999")
    assert "GET tickets" in script.lines()  # the second look, which tells that the desk itself is there


# lists


async def test_a_list_always_has_a_time_and_a_workspace(script: ScriptedDesk, tracker: FreshserviceTracker) -> None:
    await tracker.changed_since(SINCE)
    (listed,) = [call for call in script.calls if call.line == "GET tickets"]
    assert listed.query == {
        "updated_since": "2026-01-05T07:00:00Z",
        "order_type": "asc",
        "per_page": "100",
        "workspace_id": "0",
    }


async def test_an_explicit_workspace_is_asked_for(script: ScriptedDesk, tracker: FreshserviceTracker) -> None:
    await replace(tracker, workspace=3).changed_since(SINCE)
    assert script.calls[0].query["workspace_id"] == "3"


async def test_an_account_without_workspaces_is_asked_without(
    script: ScriptedDesk, tracker: FreshserviceTracker
) -> None:
    refused = answered({"errors": [{"field": "workspace_id", "code": "invalid_field"}]}, 400)
    script.on("GET tickets", refused, {"tickets": [LISTED]})
    assert len((await tracker.changed_since(SINCE)).sightings) == 1
    await tracker.changed_since(SINCE)
    assert ["workspace_id" in call.query for call in script.calls if call.line == "GET tickets"] == [True, False, False]


async def test_pages_are_followed_by_number_and_never_to_another_place(
    script: ScriptedDesk, tracker: FreshserviceTracker
) -> None:
    link = '<https://evil.example/api/v2/tickets?page={}&per_page=100>;rel="next"'
    script.on(
        "GET tickets",
        answered({"tickets": [LISTED]}, Link=link.format(2)),
        answered({"tickets": [{**LISTED, "id": 373}]}, Link=link.format(3).replace(";", "; ")),
        answered({"tickets": []}, Link=link.format(3)),  # a page that points at itself would never end
    )
    first = await tracker.changed_since(SINCE)
    second = await tracker.changed_since(SINCE, first.next)
    third = await tracker.changed_since(SINCE, second.next)
    assert (first.next, second.next, third.next) == ("2", "3", None)
    pages = [call.query.get("page") for call in script.calls if call.line == "GET tickets"]
    assert pages == [None, "2", "3"]


async def test_trashed_and_spam_tickets_are_not_listed(script: ScriptedDesk, tracker: FreshserviceTracker) -> None:
    script.on("GET tickets", {"tickets": [{**LISTED, "deleted": True}, {**LISTED, "id": 373, "spam": True}]})
    assert (await tracker.changed_since(SINCE)).sightings == ()


async def test_a_list_of_whole_tickets_costs_no_more_than_the_list(
    script: ScriptedDesk, tracker: FreshserviceTracker
) -> None:
    script.on("GET tickets", {"tickets": [LISTED]})
    page = await tracker.tickets_since(SINCE)
    assert [ticket.fields["status"] for ticket in page.tickets] == ["Open"]
    assert "tags" not in page.tickets[0].fields
    assert script.lines() == ["GET tickets", "GET ticket_form_fields"]


async def digest(script: ScriptedDesk, tracker: FreshserviceTracker, **changes: object) -> str:
    script.on("GET tickets", {"tickets": [{**LISTED, **changes}]})
    return (await tracker.changed_since(SINCE)).sightings[0].digest


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": "x"},
        {"description": "<div>x</div>"},
        {"status": 3},
        {"priority": 1},
        {"group_id": None},
        {"responder_id": 1},
        {"type": "Case"},
        {"due_by": "2026-03-04T09:15:04Z"},
        {"cc_emails": ["a@b.example"]},
        {"is_escalated": True},
        {"category": None},
        {"custom_fields": {"affected_site": "Ghent", "seats": 3}},
    ],
)
async def test_i1_the_digest_covers_what_the_list_shows(
    script: ScriptedDesk, tracker: FreshserviceTracker, changes: dict[str, object]
) -> None:
    assert await digest(script, tracker, **changes) != await digest(script, tracker)


@pytest.mark.parametrize(
    "changes",
    [
        {"to_emails": []},
        {"due_by": "2026-03-03T14:45:04+05:30"},
        {"group_id": "27000184410"},
        {"description_text": "x"},
        {"custom_fields": {"affected_site": "Ghent", "seats": 2}},
        {"tags": ["x"]},
        {"planned_effort": None},
    ],
)
async def test_the_digest_does_not_mind_how_the_same_is_written(
    script: ScriptedDesk, tracker: FreshserviceTracker, changes: dict[str, object]
) -> None:
    assert await digest(script, tracker, **changes) == await digest(script, tracker)


async def test_i5_the_answer_to_our_write_is_what_the_next_list_shows(
    script: ScriptedDesk, tracker: FreshserviceTracker
) -> None:
    answer = {**WRITTEN, "due_by": "2026-03-03T14:45:04+05:30", "planned_effort": None}
    answer["custom_fields"] = {**WRITTEN["custom_fields"], "only_here": "of the primary workspace"}
    script.on("PUT tickets/372", {"ticket": answer})
    script.on("GET tickets", {"tickets": [LISTED]})
    written = await tracker.update("372", Fields({"priority": "Medium"}))
    assert (await tracker.changed_since(SINCE)).sightings == (written.sighting,)


async def test_without_sight_of_the_form_custom_fields_are_left_to_the_time(
    script: ScriptedDesk, tracker: FreshserviceTracker
) -> None:
    script.on("GET ticket_form_fields", answered({"code": "access_denied"}, 403))
    assert await digest(script, tracker, custom_fields={}) == await digest(script, tracker)


# writing


async def test_only_the_fields_that_are_meant_are_sent(script: ScriptedDesk, tracker: FreshserviceTracker) -> None:
    script.on("PUT tickets/372", {"ticket": WRITTEN})
    await tracker.update(
        "372",
        Fields(
            {
                "summary": "two\nlines",
                "status": "with the supplier",
                "priority": "Urgent",
                "type": "incident",
                "tags": ("a", "b"),
                "custom.affected_site": "Lyon",
                "custom.vendor_case": None,
                "group_id": None,
            }
        ),
    )
    assert puts(script) == [
        {
            "subject": "two lines",
            "status": 6,
            "priority": 4,
            "type": "Incident",
            "tags": ["a", "b"],
            "custom_fields": {"affected_site": "Lyon", "vendor_case": None},
            "group_id": None,
        }
    ]


async def test_tags_are_emptied_with_an_empty_list(script: ScriptedDesk, tracker: FreshserviceTracker) -> None:
    script.on("PUT tickets/372", {"ticket": WRITTEN})
    await tracker.update("372", Fields({"tags": ()}))
    assert puts(script) == [{"tags": []}]


async def test_a_field_that_the_desk_has_no_word_for_is_refused_before_anything_is_sent(
    script: ScriptedDesk, tracker: FreshserviceTracker
) -> None:
    with pytest.raises(RemoteRefusedTicket, match="called colour"):
        await tracker.update("372", Fields({"colour": "red"}))
    assert puts(script) == []


async def test_g8_an_update_is_one_call(script: ScriptedDesk, tracker: FreshserviceTracker, budget: Unlimited) -> None:
    script.on("PUT tickets/372", {"ticket": WRITTEN})
    await tracker.facts()
    script.calls.clear()
    budget.asked.clear()
    written = await tracker.update("372", Fields({"status": "Open", "description": "Since Monday."}))
    assert script.lines() == ["PUT tickets/372"]
    assert budget.asked == [(CallKind.UPDATE, 1, False)]
    assert written.fields["status"] == "Open"


async def test_the_desks_own_idea_of_a_value_is_what_was_written(
    script: ScriptedDesk, tracker: FreshserviceTracker
) -> None:
    """A priority matrix, or a business rule, may change what we sent."""
    script.on("PUT tickets/372", {"ticket": {**WRITTEN, "priority": 4}})
    assert (await tracker.update("372", Fields({"priority": "Low"}))).fields["priority"] == "Urgent"


async def test_a_description_keeps_its_marker_and_is_read_without(
    script: ScriptedDesk, tracker: FreshserviceTracker
) -> None:
    stored: dict[str, Any] = copy.deepcopy(WRITTEN)
    script.on("PUT tickets/372", lambda request: answered({"ticket": stored})(request))
    stored["description"] = f"<p>New <strong>text</strong></p>\n<p>{LINE}</p>"
    written = await tracker.update("372", Fields({"description": "New **text**"}), marker_line=LINE)
    assert puts(script) == [{"description": stored["description"]}]
    assert written.fields["description"] == "New **text**"
    assert written.sighting.marker == CODE


async def test_images_in_a_description_survive_a_partners_edit(
    script: ScriptedDesk, tracker: FreshserviceTracker
) -> None:
    image = '<img src="https://attachment.freshservice.com/inline/attachment?token=t" class="inline-image" data-id="5">'
    script.on("GET tickets/372", {"ticket": {**VIEWED, "description": f"<p>Old</p>{image}"}})
    script.on("PUT tickets/372", {"ticket": WRITTEN})
    assert (await tracker.read("372")).fields["description"] == "Old\n\n(image: image-5)"
    await tracker.update("372", Fields({"description": "New\n\n(image: image-5)"}))
    assert 'data-id="5"' in puts(script)[0]["description"]
    assert "token=t" in puts(script)[0]["description"]


async def test_a_new_ticket_has_what_the_desk_demands_and_our_line_last(
    script: ScriptedDesk, tracker: FreshserviceTracker
) -> None:
    script.on("GET requesters", {"requesters": [{"id": 5, "primary_email": "desk@acme.example"}]})
    script.on("POST tickets", answered({"ticket": WRITTEN}, 201))
    written = await tracker.create(NewTicket(Fields({"summary": "", "description": "", "custom.seats": None}), LINE))
    assert script.calls[-1].body == {
        "subject": "(no summary)",
        "status": 2,
        "priority": 1,
        "description": f"<p>{LINE}</p>",
        "requester_id": 5,
    }
    assert written.ticket_id == "372"
    assert written.url.endswith("/372")


async def test_a_new_ticket_goes_into_the_workspace_that_was_chosen(
    script: ScriptedDesk, tracker: FreshserviceTracker
) -> None:
    script.on("GET requesters", {"requesters": [{"id": 5, "primary_email": "desk@acme.example"}]})
    script.on("POST tickets", answered({"ticket": WRITTEN}, 201))
    await replace(tracker, workspace=3).create(NewTicket(Fields(), LINE))
    assert script.calls[-1].body["workspace_id"] == 3


async def test_files_go_along_in_the_same_call(script: ScriptedDesk, tracker: FreshserviceTracker) -> None:
    script.on("PUT tickets/372", {"ticket": WRITTEN})
    upload = Upload('../été "1".txt\r\nX: y', "text/plain\r\nX: y", b"\x00bytes")
    await tracker.update(
        "372",
        Fields({"tags": ("a", "b"), "custom.affected_site": "Ghent", "custom.on": True, "status": "Closed"}),
        (upload, Upload("b.png", "image/png", b"")),
    )
    parts = puts(script)[0]
    assert sorted((name, content) for name, file, _, content in parts if file is None) == [
        ("custom_fields[affected_site]", b"Ghent"),
        ("custom_fields[on]", b"true"),
        ("status", b"5"),
        ("tags[]", b"a"),
        ("tags[]", b"b"),
    ]
    assert [part for part in parts if part[1] is not None] == [
        ("attachments[]", "été _1_.txtX_ y", "application/octet-stream", b"\x00bytes"),
        ("attachments[]", "b.png", "image/png", b""),
    ]


async def test_what_a_form_cannot_say_goes_ahead_of_the_files(
    script: ScriptedDesk, tracker: FreshserviceTracker
) -> None:
    script.on("PUT tickets/372", {"ticket": WRITTEN})
    await tracker.update("372", Fields({"tags": (), "status": "Closed"}), (Upload("a", "text/plain", b"x"),))
    first, second = puts(script)
    assert first == {"tags": [], "status": 5}
    assert [part[0] for part in second] == ["attachments[]"]


# comments


async def test_a_comment_is_a_note_that_says_that_it_is_public(
    script: ScriptedDesk, tracker: FreshserviceTracker
) -> None:
    made = {key: value for key, value in NOTE.items() if key not in ("source", "from_email", "cc_emails", "bcc_emails")}
    script.on("POST tickets/372/notes", answered({"conversation": made}, 201))
    written = await tracker.add_comment("372", "**Ana** (Globex):\n\nDone <b>now</b>.", LINE)
    assert script.calls[-1].body == {
        "body": "<p><strong>Ana</strong> (Globex):</p>\n<p>Done &lt;b&gt;now&lt;/b&gt;.</p>\n" + f"<p>{LINE}</p>",
        "private": False,
    }
    assert written.comment_id == "27009930188"
    assert written.at == datetime(2026, 3, 2, 10, 15, tzinfo=UTC)
    assert script.lines() == ["POST tickets/372/notes"]


async def test_a_comment_with_files_is_one_call(script: ScriptedDesk, tracker: FreshserviceTracker) -> None:
    made = {**NOTE, "attachments": [{"id": 27011200417, "name": "vpn.log", "size": 3, "content_type": "text/plain"}]}
    script.on("POST tickets/372/notes", answered({"conversation": made}, 201))
    written = await tracker.add_comment("372", "see", LINE, (Upload("vpn.log", "text/plain", b"log"),))
    assert written.file_ids == ("27011200417",)
    parts = script.calls[-1].body
    assert ("private", None, "text/plain; charset=utf-8", b"false") in parts
    assert len(script.calls) == 1


async def test_a_comment_is_edited_and_removed_by_its_own_id(
    script: ScriptedDesk, tracker: FreshserviceTracker
) -> None:
    script.on("PUT conversations/27009930188", {"conversation": NOTE})
    script.on("DELETE conversations/27009930188", answered("", 204), answered("", 404))
    await tracker.edit_comment("372", "27009930188", "new", LINE)
    assert puts(script) == [{"body": f"<p>new</p>\n<p>{LINE}</p>"}]
    await tracker.remove_comment("372", "27009930188")
    await tracker.remove_comment("372", "27009930188")  # gone already is fine


@pytest.mark.parametrize("private", [True, False])
async def test_an_edit_whose_answer_does_not_say_who_sees_it_asks_the_list(
    script: ScriptedDesk, tracker: FreshserviceTracker, private: bool
) -> None:
    unsaid = {name: value for name, value in NOTE.items() if name != "private"}
    script.on("PUT conversations/27009930188", {"conversation": unsaid})
    script.on("GET tickets/372/conversations", {"conversations": [{**NOTE, "private": private}]})
    with pytest.raises(VisibilityStays) if private else nullcontext():
        await tracker.edit_comment("372", "27009930188", "new", LINE, is_public=True)
    assert script.lines() == ["PUT conversations/27009930188", "GET tickets/372/conversations"]


async def test_a_comment_that_the_agent_may_not_remove_is_refused_in_words_for_people(
    script: ScriptedDesk, tracker: FreshserviceTracker
) -> None:
    script.on("DELETE conversations/27009930188", answered({"code": "access_denied", "message": "no"}, 403))
    with pytest.raises(RemoteRefusedTicket, match="Give it a role that can"):
        await tracker.remove_comment("372", "27009930188")


async def test_an_edit_of_a_comment_that_is_gone_says_so(script: ScriptedDesk, tracker: FreshserviceTracker) -> None:
    with pytest.raises(RemoteGone):
        await tracker.edit_comment("372", "27009930188", "new", LINE)


# looking for what may have happened


async def test_i2_a_create_whose_answer_was_lost_is_found_by_its_line_in_the_list(
    script: ScriptedDesk, tracker: FreshserviceTracker
) -> None:
    marked = {**LISTED, "id": 374, "description": f"<div><p>Help</p>\n<p>{LINE}</p></div>"}
    quoted = {**LISTED, "id": 373, "description": f"<div><p>{LINE}</p><p>What is this line?</p></div>"}
    link = '<https://x/api/v2/tickets?page=2>;rel="next"'
    script.on("GET tickets", answered({"tickets": [LISTED, quoted]}, Link=link), answered({"tickets": [marked]}))
    found = await tracker.find_marked(CODE, SINCE)
    assert found is not None
    assert found.ticket_id == "374"
    script.on("GET tickets", {"tickets": [LISTED, quoted]})
    assert await tracker.find_marked(CODE, SINCE) is None
    assert {call.path for call in script.calls} <= {"/api/v2/tickets", "/api/v2/ticket_form_fields"}


async def test_i2_of_two_that_carry_the_line_the_older_is_meant(
    script: ScriptedDesk, tracker: FreshserviceTracker
) -> None:
    marked = {**LISTED, "description": f"<p>{LINE}</p>"}
    script.on("GET tickets", {"tickets": [{**marked, "id": 1000}, {**marked, "id": 999}]})
    found = await tracker.find_marked(CODE, SINCE + timedelta(days=1))
    assert found is not None
    assert found.ticket_id == "999"
