"""One suite over every Tracker, so that what holds on the toy desk holds on the real one: it may not be the kinder."""

from contextlib import aclosing
from datetime import timedelta

import pytest

from sync.errors import RemoteGone, RemoteRefusedTicket
from sync.fields import Fields
from sync.marker import marker_line
from sync.ticket import MORE, FileRef, NewTicket, Person, TicketState, Upload
from tests.contracts.desk_people import AGENT, REQUESTER
from tests.contracts.tracker_case import Case
from tests.flows.two_sides import START

CODE, OTHER_CODE = "abcdefgh2345", "zyxwvutsrq76"
LINE, OTHER_LINE = marker_line("Acme", "#9", CODE), marker_line("Acme", "#10", OTHER_CODE)
CONTENT = bytes(range(256)) * 300
DERIVED = ("due_by", "first_response_due_by")
NEEDED = {"summary": "Printer smokes", "description": "In room 4.", "status": "Pending", "priority": "High"}


def new(**more: object) -> NewTicket:
    return NewTicket(Fields({**NEEDED, **more}), LINE, REQUESTER)


# tickets


async def test_what_is_created_is_read_back_with_its_marker_and_its_requester(case: Case) -> None:
    asked = new(tags=("vpn", "été"))
    written = await case.tracker.create(asked)
    ticket = await case.tracker.read(written.ticket_id)
    assert ticket.id == written.ticket_id
    assert ticket.fields.only(asked.fields) == asked.fields
    assert (ticket.marker, ticket.requester, ticket.state) == (CODE, REQUESTER, TicketState.LIVE)
    assert (ticket.shown, ticket.url) == (written.shown, written.url)
    assert written.shown == f"#{written.ticket_id}"
    assert written.url


async def test_the_answer_to_a_create_says_all_that_stands_there_now_defaults_included(case: Case) -> None:
    written = await case.tracker.create(NewTicket(Fields({"summary": "x", "description": "y"}), LINE))
    ticket = await case.tracker.read(written.ticket_id)
    assert written.fields == ticket.fields
    assert {"type", "status", "priority", "tags"} <= set(written.fields)


@pytest.mark.parametrize("field", ["status", "priority"])
async def test_a_choice_that_the_desk_lacks_is_refused_with_those_that_it_has(case: Case, field: str) -> None:
    with pytest.raises(RemoteRefusedTicket) as refused:
        await case.tracker.create(new(**{field: "Frozen"}))
    labels = (await case.tracker.facts()).labels(field)
    assert labels
    assert field in str(refused.value)
    assert ", ".join(labels) in str(refused.value)
    assert await case.seen() == {}


async def test_a_field_that_the_desk_lacks_is_refused_by_its_name(case: Case) -> None:
    with pytest.raises(RemoteRefusedTicket, match="moon"):
        await case.tracker.create(new(moon="full"))
    ticket_id = case.people.raise_ticket("x")
    with pytest.raises(RemoteRefusedTicket, match="moon"):
        await case.tracker.update(ticket_id, Fields({"moon": "full"}))


async def test_a_refused_update_leaves_everything_as_it_was(case: Case) -> None:
    ticket_id = case.people.raise_ticket("x", priority="Low")
    before = await case.tracker.read(ticket_id)
    with pytest.raises(RemoteRefusedTicket):
        await case.tracker.update(ticket_id, Fields({"summary": "y", "status": "Frozen"}))
    assert await case.tracker.read(ticket_id) == before


async def test_an_empty_summary_or_description_is_no_reason_to_refuse_a_new_ticket(case: Case) -> None:
    """A catalogue request has no description at its own desk; its twin has some word instead."""
    written = await case.tracker.create(NewTicket(Fields({"summary": "", "description": ""}), LINE))
    assert (await case.tracker.read(written.ticket_id)).fields["summary"] != ""


async def test_an_update_writes_these_fields_and_no_others(case: Case) -> None:
    ticket_id = case.people.raise_ticket("Printer smokes", "In room 4.", priority="Low", tags=("a",))
    before = await case.tracker.read(ticket_id)
    written = await case.tracker.update(ticket_id, Fields({"priority": "Urgent", "summary": "Printer burns"}))
    after = await case.tracker.read(ticket_id)
    kept = before.fields.without(DERIVED)  # when it is due follows from the priority
    assert after.fields.without(DERIVED) == kept.with_values({"priority": "Urgent", "summary": "Printer burns"})
    told = after.fields.only(written.fields)
    assert written.fields == told
    assert {*before.fields.without(MORE)} <= {*told}
    assert written.ticket_id == ticket_id


async def test_tags_are_replaced_whole(case: Case) -> None:
    ticket_id = case.people.raise_ticket("x", tags=("a", "b"))
    await case.tracker.update(ticket_id, Fields({"tags": ("b", "c")}))
    assert (await case.tracker.read(ticket_id)).fields["tags"] == ("b", "c")
    await case.tracker.update(ticket_id, Fields({"tags": ()}))
    assert (await case.tracker.read(ticket_id)).fields["tags"] == ()


async def test_a_summary_is_one_line(case: Case) -> None:
    written = await case.tracker.create(new(summary="two\nlines  and   spaces "))
    assert written.fields["summary"] == "two lines and spaces"


async def test_a_description_that_is_written_anew_keeps_our_line_and_loses_it_without(case: Case) -> None:
    ticket_id = (await case.tracker.create(new())).ticket_id
    await case.tracker.update(ticket_id, Fields({"description": "New."}), marker_line=LINE)
    ticket = await case.tracker.read(ticket_id)
    assert (ticket.fields["description"], ticket.marker) == ("New.", CODE)
    await case.tracker.update(ticket_id, Fields({"description": "Newer."}))
    ticket = await case.tracker.read(ticket_id)
    assert (ticket.fields["description"], ticket.marker) == ("Newer.", None)


async def test_an_update_of_other_fields_leaves_our_line_alone(case: Case) -> None:
    ticket_id = (await case.tracker.create(new())).ticket_id
    await case.tracker.update(ticket_id, Fields({"status": "Open"}), marker_line=OTHER_LINE)
    ticket = await case.tracker.read(ticket_id)
    assert (ticket.fields["description"], ticket.marker) == ("In room 4.", CODE)


@pytest.mark.parametrize("ticket_id", ["999", "abc", ""])
async def test_a_ticket_that_never_was_is_gone_whatever_one_does_to_it(case: Case, ticket_id: str) -> None:
    file = FileRef("1", "a.txt", 1, "text/plain")
    with pytest.raises(RemoteGone):
        await case.tracker.read(ticket_id)
    with pytest.raises(RemoteGone):
        await case.tracker.update(ticket_id, Fields({"status": "Open"}))
    with pytest.raises(RemoteGone):
        await case.tracker.add_comment(ticket_id, "x", LINE)
    with pytest.raises(RemoteGone):
        await case.content(ticket_id, file)


# the trash


async def test_what_is_in_the_trash_is_read_with_its_state_and_neither_listed_nor_written(case: Case) -> None:
    ticket_id = case.people.raise_ticket("x")
    case.people.trash(ticket_id)
    assert (await case.tracker.read(ticket_id)).state is TicketState.TRASHED
    assert await case.seen() == {}
    with pytest.raises(RemoteGone):
        await case.tracker.update(ticket_id, Fields({"status": "Open"}))
    with pytest.raises(RemoteGone):
        await case.tracker.add_comment(ticket_id, "x", LINE)


async def test_spam_is_read_with_its_state_and_not_listed(case: Case) -> None:
    ticket_id = case.people.raise_ticket("x")
    case.people.mark_spam(ticket_id)
    assert (await case.tracker.read(ticket_id)).state is TicketState.SPAM
    assert await case.seen() == {}


async def test_what_comes_back_from_the_trash_is_listed_again(case: Case) -> None:
    ticket_id = case.people.raise_ticket("x")
    case.people.trash(ticket_id)
    case.people.restore(ticket_id)
    assert (await case.tracker.read(ticket_id)).state is TicketState.LIVE
    assert set(await case.seen()) == {ticket_id}


async def test_what_is_deleted_for_good_is_gone(case: Case) -> None:
    ticket_id = case.people.raise_ticket("x")
    case.people.trash(ticket_id)
    case.people.purge(ticket_id)
    with pytest.raises(RemoteGone):
        await case.tracker.read(ticket_id)


# the list


async def test_the_sighting_of_our_write_is_what_the_next_list_shows(case: Case) -> None:
    written = await case.tracker.create(new(tags=("a",)))
    assert await case.seen() == {written.ticket_id: written.sighting}
    assert written.sighting.marker == CODE
    case.clock.advance(90)
    for fields in ({"priority": "Low"}, {"tags": ("b",)}, {"summary": "Printer burns", "description": "All of it."}):
        written = await case.tracker.update(written.ticket_id, Fields(fields), marker_line=LINE)
        assert await case.seen() == {written.ticket_id: written.sighting}
        case.clock.advance(90)


async def test_a_sighting_differs_after_a_person_touched_the_ticket(case: Case) -> None:
    ticket_id = case.people.raise_ticket("x", priority="Low")
    looks = [(await case.seen())[ticket_id]]
    acts = (
        lambda: case.people.edit(ticket_id, priority="High"),
        lambda: case.people.edit(ticket_id, tags=("a",)),
        lambda: case.people.reply(ticket_id, "We come."),
        lambda: case.people.attach(ticket_id, "a.txt", b"a"),
    )
    for act in acts:
        case.clock.advance(90)
        act()
        looks.append((await case.seen())[ticket_id])
    assert len(set(looks)) == len(looks)


async def test_versions_are_whole_seconds_and_two_changes_in_one_second_may_share_one(case: Case) -> None:
    ticket_id = case.people.raise_ticket("x", priority="Low")
    case.clock.advance(0.3)
    case.people.edit(ticket_id, tags=("a",))
    first = (await case.seen())[ticket_id]
    case.clock.advance(0.3)
    case.people.edit(ticket_id, tags=("b",))
    assert first.version.microsecond == 0
    assert (await case.seen())[ticket_id] == first  # a list shows no tags: nothing tells the second change
    assert (await case.tracker.read(ticket_id)).fields["tags"] == ("b",)


async def test_a_change_of_a_listed_field_within_the_same_second_shows_in_the_digest(case: Case) -> None:
    ticket_id = case.people.raise_ticket("x", priority="Low")
    first = (await case.seen())[ticket_id]
    case.people.edit(ticket_id, priority="High")
    second = (await case.seen())[ticket_id]
    assert second.version == first.version
    assert second.digest != first.digest


async def test_an_edited_or_removed_comment_moves_no_list(case: Case) -> None:
    """Nobody outside knows for certain that it does, so nothing may be built on it: the sweep finds these."""
    ticket_id = case.people.raise_ticket("x")
    comments = [case.people.reply(ticket_id, text) for text in ("one", "two")]
    before = await case.seen()
    case.clock.advance(90)
    case.people.reword(ticket_id, comments[0], "other")
    case.people.unsay(ticket_id, comments[1])
    assert await case.seen() == before


async def test_the_list_starts_at_the_moment_asked_for_inclusive(case: Case) -> None:
    old = case.people.raise_ticket("old")
    case.clock.advance(60)
    fresh = case.people.raise_ticket("fresh")
    moment = (await case.seen())[fresh].version
    assert set(await case.seen(moment)) == {fresh}
    assert set(await case.seen(moment - timedelta(seconds=60))) == {old, fresh}
    assert await case.seen(moment + timedelta(seconds=1)) == {}


async def test_all_pages_together_show_every_ticket(case: Case) -> None:
    made = {case.people.raise_ticket(f"ticket {number}") for number in range(230)}
    first = await case.tracker.changed_since(START)
    assert len(first.sightings) == 100
    assert first.next is not None
    assert set(await case.seen()) == made


async def test_a_list_with_tickets_shows_what_a_read_shows_but_comments_files_tags_and_more(case: Case) -> None:
    case.people.raise_ticket("Printer smokes", "In room 4.", priority="High", tags=("a",))
    (listed,) = (await case.tracker.tickets_since(START)).tickets
    whole = await case.tracker.read(listed.id)
    assert listed.fields.without(("tags",)) == whole.fields.without(("tags", *MORE))
    assert listed.fields.get("tags", ("a",)) == ("a",)  # some lists show them
    assert (listed.comments, listed.files) == ((), ())
    assert (listed.id, listed.version, listed.state, listed.shown) == (
        whole.id,
        whole.version,
        whole.state,
        whole.shown,
    )


async def test_a_scope_filter_finds_what_it_needs_in_a_ticket(case: Case) -> None:
    ticket = await case.tracker.read(case.people.raise_ticket("x", status="Pending", priority="High", tags=("a",)))
    assert ticket.native.only(("status", "priority", "tags")) == Fields({"status": 3, "priority": 3, "tags": ("a",)})
    assert {"created_at", "updated_at"} <= set(ticket.native)


# markers


async def test_a_copy_is_found_by_its_marker_and_nothing_else_is(case: Case) -> None:
    case.people.raise_ticket("x")
    written = await case.tracker.create(new())
    assert await case.tracker.find_marked(CODE, START) == written.sighting
    assert await case.tracker.find_marked(OTHER_CODE, START) is None


async def test_a_copy_is_found_behind_more_than_a_page_of_others(case: Case) -> None:
    for number in range(120):
        case.people.raise_ticket(f"ticket {number}")
    written = await case.tracker.create(new())
    assert await case.tracker.find_marked(CODE, START) == written.sighting


async def test_a_copy_that_somebody_edited_since_is_still_found(case: Case) -> None:
    written = await case.tracker.create(new())
    case.clock.advance(90)
    case.people.edit(written.ticket_id, priority="Urgent")
    found = await case.tracker.find_marked(CODE, START)
    assert found is not None
    assert found.ticket_id == written.ticket_id
    assert found != written.sighting


async def test_a_copy_in_the_trash_is_not_found(case: Case) -> None:
    case.people.trash((await case.tracker.create(new())).ticket_id)
    assert await case.tracker.find_marked(CODE, START) is None


# comments


async def test_comments_are_read_oldest_first_with_their_authors_and_who_may_see_them(case: Case) -> None:
    ticket_id = case.people.raise_ticket("x")
    case.people.note(ticket_id, "The customer is difficult.")
    case.people.reply(ticket_id, "We come.")
    case.clock.advance(5)
    mine = await case.tracker.add_comment(ticket_id, "**Bo** (Globex):\n\nDone.", LINE)
    comments = (await case.tracker.read(ticket_id)).comments
    assert [(c.text, c.is_public, c.marker) for c in comments] == [
        ("The customer is difficult.", False, None),
        ("We come.", True, None),
        ("**Bo** (Globex):\n\nDone.", True, CODE),
    ]
    assert [comment.author.name for comment in comments[:2]] == [AGENT.name, AGENT.name]
    assert (comments[2].id, comments[2].at) == (mine.comment_id, mine.at)
    assert all(comment.at.microsecond == 0 and comment.at.tzinfo is not None for comment in comments)


async def test_a_comment_is_edited_and_removed_and_its_removal_can_be_repeated(case: Case) -> None:
    ticket_id = case.people.raise_ticket("x")
    mine = await case.tracker.add_comment(ticket_id, "Done.", LINE)
    case.clock.advance(5)
    edited = await case.tracker.edit_comment(ticket_id, mine.comment_id, "Not yet.", LINE)
    (comment,) = (await case.tracker.read(ticket_id)).comments
    assert (comment.id, comment.text, comment.marker) == (mine.comment_id, "Not yet.", CODE)
    assert edited.comment_id == mine.comment_id
    assert edited.at == comment.edited_at > comment.at
    for _ in range(2):
        await case.tracker.remove_comment(ticket_id, mine.comment_id)
        assert (await case.tracker.read(ticket_id)).comments == ()
    with pytest.raises(RemoteGone):
        await case.tracker.edit_comment(ticket_id, mine.comment_id, "Again.", LINE)


async def test_a_person_who_edits_a_comment_of_ours_may_leave_our_line_out(case: Case) -> None:
    ticket_id = case.people.raise_ticket("x")
    mine = await case.tracker.add_comment(ticket_id, "Done.", LINE)
    case.people.reword(ticket_id, mine.comment_id, "Done, says Bo.")
    (comment,) = (await case.tracker.read(ticket_id)).comments
    assert (comment.text, comment.marker) == ("Done, says Bo.", None)


# files


async def test_files_go_up_with_each_kind_of_write_and_come_down_as_they_were(case: Case) -> None:
    uploads = [Upload(name, "text/plain", CONTENT[:size]) for name, size in (("a.txt", 70_000), ("b.txt", 1))]
    made = await case.tracker.create(NewTicket(Fields(NEEDED), LINE, REQUESTER, (uploads[0],)))
    await case.tracker.update(made.ticket_id, Fields({"status": "Open"}), (uploads[1],))
    said = await case.tracker.add_comment(made.ticket_id, "See.", LINE, (Upload("c.txt", "text/plain", b""),))
    ticket = await case.tracker.read(made.ticket_id)
    assert [(file.name, file.size, file.comment_id) for file in ticket.files] == [
        ("a.txt", 70_000, None),
        ("b.txt", 1, None),
        ("c.txt", 0, said.comment_id),
    ]
    assert said.file_ids == (ticket.files[2].id,)
    contents = [await case.content(ticket.id, file) for file in ticket.files]
    assert contents == [CONTENT[:70_000], CONTENT[:1], b""]


async def test_a_file_that_is_not_there_is_gone(case: Case) -> None:
    ticket_id = case.people.raise_ticket("x")
    with pytest.raises(RemoteGone):
        await case.content(ticket_id, FileRef("999999", "a.txt", 1, "text/plain"))


async def test_a_download_may_be_left_in_the_middle(case: Case) -> None:
    ticket_id = case.people.raise_ticket("x")
    case.people.attach(ticket_id, "a.txt", CONTENT)
    (file,) = (await case.tracker.read(ticket_id)).files
    pieces = case.tracker.download(ticket_id, file)
    async with aclosing(pieces):  # type: ignore[type-var]
        assert CONTENT.startswith(await anext(pieces))


# people


async def test_a_person_is_known_by_any_spelling_of_the_address_and_a_stranger_is_nobody(case: Case) -> None:
    assert await case.tracker.person_by_email(" LENA@acme.example ") == REQUESTER
    assert await case.tracker.person_by_email(str(AGENT.email)) == AGENT
    assert await case.tracker.person_by_email("nobody@acme.example") is None


async def test_a_ticket_for_a_stranger_is_raised_in_another_name_and_nobody_is_made(case: Case) -> None:
    before = case.people.known()
    stranger = Person("Nobody", "nobody@elsewhere.example")
    written = await case.tracker.create(NewTicket(Fields(NEEDED), LINE, stranger))
    assert (await case.tracker.read(written.ticket_id)).requester not in (None, stranger)
    assert case.people.known() == before


async def test_a_desk_tells_its_choices_in_its_own_order(case: Case) -> None:
    facts = await case.tracker.facts()
    assert facts.labels("status") == ("Open", "Pending", "Resolved", "Closed")
    assert facts.labels("priority") == ("Low", "Medium", "High", "Urgent")
    assert "Incident" in (facts.labels("type") or ())
    assert facts.labels("summary") is None


async def test_the_page_of_a_ticket_is_known_without_a_look(case: Case) -> None:
    ticket_id = case.people.raise_ticket("x")
    assert case.tracker.url_of(ticket_id) == (await case.tracker.read(ticket_id)).url != ""
