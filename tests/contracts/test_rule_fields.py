"""What rules read and write beside the basic fields, on every kind of desk."""

from typing import Any

import pytest

from sync.errors import RemoteRefusedTicket, VisibilityStays
from sync.fields import Fields
from sync.form import FieldType
from sync.marker import marker_line
from sync.ticket import MORE, NewTicket, Person
from tests.contracts.desk_people import AGENT, REQUESTER, Tree
from tests.contracts.tracker_case import Case

LINE = marker_line("Acme", "#9", "abcdefgh2345")
BO = Person("Bo Berg", "bo@acme.example")
SITES: Tree = {"Ghent": {"Ground": ("G1", "G2"), "First": ("F1",)}, "Lyon": {"Ground": ("L1",)}}
KINDS: list[tuple[str, tuple[str, ...], Any, Any]] = [
    ("text", (), "Rack 4", "Rack 4"),
    ("text", (), 5, "5"),
    ("paragraph", (), "one\ntwo", "one\ntwo"),
    ("number", (), 12, 12),
    ("number", (), "12", 12),
    ("decimal", (), 2.5, 2.5),
    ("decimal", (), "3.0", 3),
    ("checkbox", (), True, True),
    ("checkbox", (), "false", False),
    ("date", (), "2026-03-04", "2026-03-04"),
    ("date", (), "2026-03-04T23:30:00+02:00", "2026-03-04"),
    ("time", (), "2026-03-04T11:30:00+02:00", "2026-03-04T09:30:00Z"),
    ("dropdown", ("Ghent", "Lyon"), "lyon", "Lyon"),
    ("multi_select_dropdown", ("1st", "2nd", "3rd"), ("2nd", "1ST"), ("2nd", "1st")),
    ("multi_select_dropdown", ("1st", "2nd"), "2nd", ("2nd",)),
    ("url", (), "https://x.example/a", "https://x.example/a"),
    ("lookup_bigint", (), 27000000123, 27000000123),
]


async def write(case: Case, ticket_id: str, **fields: Any) -> Fields:
    """What stands there afterwards, after seeing that the answer told no lie."""
    values = {name.replace("custom_", "custom.", 1): value for name, value in fields.items()}
    written = await case.tracker.update(ticket_id, Fields(values))
    after = (await case.tracker.read(ticket_id)).fields
    assert written.fields.only(after) == after.only(written.fields)
    return after


@pytest.mark.parametrize(("kind", "labels", "value", "stands"), KINDS, ids=lambda one: str(one)[:20])
async def test_a_custom_field_of_each_kind_is_written_by_name_and_by_label_and_read_and_cleared(
    case: Case, kind: str, labels: tuple[str, ...], value: Any, stands: Any
) -> None:
    case.people.add_field("affected_thing", kind, *labels)
    for called in ("affected_thing", "Affected thing"):
        made = await case.tracker.create(
            NewTicket(Fields({"summary": "x", "description": "y", f"custom.{called}": value}), LINE)
        )
        assert made.fields["custom.affected_thing"] == stands
        assert (await case.tracker.read(made.ticket_id)).fields["custom.affected_thing"] == stands
        await case.tracker.update(made.ticket_id, Fields({f"custom.{called}": None}))
        assert (await case.tracker.read(made.ticket_id)).fields["custom.affected_thing"] in (None, ())
        await case.tracker.update(made.ticket_id, Fields({f"custom.{called}": value}))
        assert (await case.tracker.read(made.ticket_id)).fields["custom.affected_thing"] == stands


@pytest.mark.parametrize(
    ("kind", "labels", "value"),
    [
        ("number", (), "many"),
        ("number", (), 2.5),
        ("decimal", (), "many"),
        ("checkbox", (), "perhaps"),
        ("date", (), "soon"),
        ("time", (), "soon"),
        ("dropdown", ("Ghent", "Lyon"), "Paris"),
        ("multi_select_dropdown", ("1st", "2nd"), ("1st", "9th")),
    ],
)
async def test_a_value_of_another_kind_is_refused_by_the_fields_label_and_nothing_is_written(
    case: Case, kind: str, labels: tuple[str, ...], value: Any
) -> None:
    case.people.add_field("affected_thing", kind, *labels)
    ticket_id = case.people.raise_ticket("x")
    with pytest.raises(RemoteRefusedTicket, match="Affected thing"):
        await case.tracker.update(ticket_id, Fields({"summary": "y", "custom.affected_thing": value}))
    assert (await case.tracker.read(ticket_id)).fields["summary"] == "x"


async def test_two_fields_with_one_label_are_told_apart_by_name_only(case: Case) -> None:
    case.people.add_field("the_site", "text")
    case.people.add_field("the__site", "text")
    ticket_id = case.people.raise_ticket("x")
    facts = await case.tracker.facts()
    if facts.field("the__site") is None or facts.field("the_site") is None:
        pytest.fail("a name is always enough")
    after = await write(case, ticket_id, **{"custom.the_site": "a", "custom.the__site": "b"})
    assert (after["custom.the_site"], after["custom.the__site"]) == ("a", "b")


async def test_the_form_tells_each_fields_kind_label_and_choices(case: Case) -> None:
    case.people.add_field("affected_site", "dropdown", "Ghent", "Lyon")
    case.people.add_field("seats", "number")
    case.people.add_nested("site", "floor", "room", tree=SITES)
    facts = await case.tracker.facts()
    by_label, by_name = facts.field("Affected site"), facts.field("custom.affected_site")
    assert by_label is not None
    assert by_label == by_name == facts.field("AFFECTED SITE")
    assert (by_label.type, by_label.labels) == (FieldType.CHOICE, ("Ghent", "Lyon"))
    assert facts.labels("custom.affected_site") == ("Ghent", "Lyon")
    assert {"affected_site", "seats", "site", "floor", "room"} <= facts.custom
    seats, site, floor = facts.field("seats"), facts.field("site"), facts.field("floor")
    assert seats is not None and site is not None and floor is not None
    assert (seats.type, site.type, floor.type) == (FieldType.NUMBER, FieldType.NESTED, FieldType.NESTED)
    assert site.levels == ("custom.floor", "custom.room")
    assert (floor.above, floor.levels) == ("custom.site", ("custom.room",))
    assert [below.label for below in site.choices[0].below] == ["Ground", "First"]
    assert facts.field("status") is not None
    assert facts.field("moon") is None


async def test_the_desks_own_fields_have_kinds_too(case: Case) -> None:
    facts = await case.tracker.facts()
    kinds = {name: field.type for name in MORE if (field := facts.field(name)) is not None}
    assert set(kinds) == set(MORE)
    assert (kinds["assignee"], kinds["group"], kinds["due_by"]) == (FieldType.PERSON, FieldType.CHOICE, FieldType.TIME)
    assert facts.labels("urgency") == ("Low", "Medium", "High")
    assert "Service Desk" in (facts.labels("group") or ())
    assert facts.labels("assignee") is None


async def test_what_a_ticket_never_had_reads_as_nothing(case: Case) -> None:
    case.people.add_field("seats", "number")
    ticket = await case.tracker.read(case.people.raise_ticket("x"))
    assert set(MORE) <= set(ticket.fields)
    empty = ("assignee", "group", "department", "category", "sub_category", "item", "urgency", "custom.seats")
    assert {ticket.fields[name] for name in empty} == {None}
    assert (ticket.fields["requester"], ticket.assignee) == (REQUESTER.email, None)


async def test_a_ticket_is_assigned_by_address_and_let_go(case: Case) -> None:
    case.people.add_agent(BO)
    ticket_id = case.people.raise_ticket("x")
    for person in (AGENT, BO):
        await case.tracker.update(ticket_id, Fields({"assignee": str(person.email).upper()}))
        ticket = await case.tracker.read(ticket_id)
        assert (ticket.fields["assignee"], ticket.assignee) == (person.email, person)
    await case.tracker.update(ticket_id, Fields({"assignee": None}))
    ticket = await case.tracker.read(ticket_id)
    assert (ticket.fields["assignee"], ticket.assignee) == (None, None)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("assignee", "stranger@acme.example"),
        ("assignee", REQUESTER.email),
        ("assignee", "not an address"),
        ("requester", "stranger@acme.example"),
        ("requester", None),
        ("group", "Moon"),
        ("department", "Moon"),
        ("category", "Moon"),
        ("urgency", "Moon"),
        ("impact", "Moon"),
        ("source", "Moon"),
        ("due_by", "soon"),
    ],
)
async def test_who_or_what_the_desk_does_not_know_is_refused_by_the_fields_name_and_nobody_is_made(
    case: Case, field: str, value: Any
) -> None:
    ticket_id, before = case.people.raise_ticket("x"), case.people.known()
    with pytest.raises(RemoteRefusedTicket, match=field):
        await case.tracker.update(ticket_id, Fields({"summary": "y", field: value}))
    assert (await case.tracker.read(ticket_id)).fields["summary"] == "x"
    assert case.people.known() == before


async def test_another_requester_is_set_by_address(case: Case) -> None:
    ticket_id = case.people.raise_ticket("x")
    await case.tracker.update(ticket_id, Fields({"requester": AGENT.email}))
    ticket = await case.tracker.read(ticket_id)
    assert (ticket.requester, ticket.fields["requester"]) == (AGENT, AGENT.email)


async def test_groups_urgency_and_times_are_written_in_words_and_read_back(case: Case) -> None:
    ticket_id = case.people.raise_ticket("x")
    after = await write(
        case, ticket_id, group="service desk", urgency="high", impact="Low", source="Phone", due_by="2027-01-02T10:00Z"
    )
    assert after.only(("group", "urgency", "impact", "source", "due_by")) == Fields(
        {
            "group": "Service Desk",
            "urgency": "High",
            "impact": "Low",
            "source": "Phone",
            "due_by": "2027-01-02T10:00:00Z",
        }
    )
    after = await write(case, ticket_id, group=None, urgency=None)
    assert (after["group"], after["urgency"]) == (None, None)


async def test_a_new_ticket_takes_them_too(case: Case) -> None:
    asked = Fields(
        {
            "summary": "x",
            "description": "y",
            "assignee": AGENT.email,
            "group": "Service Desk",
            "urgency": "High",
            "category": "Network",
            "sub_category": "Access",
            "requester": AGENT.email,
        }
    )
    written = await case.tracker.create(NewTicket(asked, LINE, REQUESTER))
    assert written.fields.only(asked) == asked
    assert (await case.tracker.read(written.ticket_id)).fields == written.fields


async def test_a_lower_level_alone_is_written_where_it_belongs(case: Case) -> None:
    """A merge writes only what differs; a desk wants the levels above it as well."""
    case.people.add_nested("site", "floor", "room", tree=SITES)
    ticket_id = case.people.raise_ticket("x")
    after = await write(case, ticket_id, **{"category": "Network", "custom.room": "l1"})
    assert (after["category"], after["sub_category"]) == ("Network", None)
    assert [after[f"custom.{name}"] for name in ("site", "floor", "room")] == ["Lyon", "Ground", "L1"]
    after = await write(case, ticket_id, sub_category="access", item="VPN")
    assert (after["category"], after["sub_category"], after["item"]) == ("Network", "Access", "VPN")
    # "Ground" is below both sites: the one that stands in the ticket is meant.
    after = await write(case, ticket_id, **{"custom.floor": "Ground"})
    assert [after[f"custom.{name}"] for name in ("site", "floor", "room")] == ["Lyon", "Ground", None]
    after = await write(case, ticket_id, **{"custom.site": "Ghent", "category": "Hardware"})
    assert [after[f"custom.{name}"] for name in ("site", "floor")] == ["Ghent", None]
    assert (after["category"], after["sub_category"], after["item"]) == ("Hardware", None, None)


async def test_a_level_that_stands_below_several_is_refused_where_nothing_tells_which(case: Case) -> None:
    case.people.add_nested("site", "floor", "room", tree=SITES)
    ticket_id = case.people.raise_ticket("x")
    with pytest.raises(RemoteRefusedTicket, match=r"Write custom\.site as well"):
        await case.tracker.update(ticket_id, Fields({"custom.floor": "Ground"}))
    with pytest.raises(RemoteRefusedTicket, match="It has: Ground"):
        await case.tracker.update(ticket_id, Fields({"custom.site": "Lyon", "custom.floor": "First"}))


async def test_people_are_found_by_name_all_of_them(case: Case) -> None:
    case.people.add_agent(BO)
    case.people.add_agent(Person("Bo Berg", "other.bo@acme.example"))
    assert {person.email for person in await case.tracker.people_by_name(" bo  BERG ")} == {
        "bo@acme.example",
        "other.bo@acme.example",
    }
    assert await case.tracker.people_by_name(REQUESTER.name) == (REQUESTER,)
    assert await case.tracker.people_by_name("Bo") == ()
    assert await case.tracker.people_by_name("") == ()
    assert await case.tracker.people_by_name("x' OR '1") == ()


# comments that only agents see


async def test_a_private_note_is_private_keeps_its_line_and_is_edited_as_such(case: Case) -> None:
    ticket_id = case.people.raise_ticket("x")
    mine = await case.tracker.add_comment(ticket_id, "Between us.", LINE, is_public=False)
    (comment,) = (await case.tracker.read(ticket_id)).comments
    assert (comment.is_public, comment.marker) == (False, "abcdefgh2345")
    await case.tracker.edit_comment(ticket_id, mine.comment_id, "Still between us.", LINE, is_public=False)
    (comment,) = (await case.tracker.read(ticket_id)).comments
    assert (comment.text, comment.is_public) == ("Still between us.", False)


@pytest.mark.parametrize("is_public", [True, False])
async def test_who_sees_a_comment_cannot_be_changed_by_an_edit(case: Case, is_public: bool) -> None:
    ticket_id = case.people.raise_ticket("x")
    mine = await case.tracker.add_comment(ticket_id, "As it is.", LINE, is_public=is_public)
    with pytest.raises(VisibilityStays, match="who may see"):
        await case.tracker.edit_comment(ticket_id, mine.comment_id, "Other.", LINE, is_public=not is_public)
    (comment,) = (await case.tracker.read(ticket_id)).comments
    assert comment.is_public is is_public
    assert comment.text == "As it is." or not is_public, "what is internal is never written for all"
