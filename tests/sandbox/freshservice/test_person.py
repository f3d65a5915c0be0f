"""What people do by hand."""

import pytest

from sandbox.freshservice import FreshserviceStandIn, NotPossible, Person
from sandbox.slack.clock import HandClock


async def test_people_speak_in_labels(ana: Person, lena: Person, desk: FreshserviceStandIn) -> None:
    ticket = lena.raise_ticket("VPN", "a < b\nc", priority="Urgent", status="Pending", tags=["x"])
    assert (ticket.priority, ticket.status, ticket.tags) == (4, 3, ("x",))
    assert ticket.description == "<div>a &lt; b<br>c</div>"
    assert ana.edit(ticket.id, status="Resolved", description="new").description == "<div>new</div>"
    with pytest.raises(ValueError, match="no status that is called Gone"):
        ana.edit(ticket.id, status="Gone")


async def test_a_requesters_answer_opens_a_solved_ticket_again(
    desk: FreshserviceStandIn, ana: Person, lena: Person
) -> None:
    lena.raise_ticket("A", status="Resolved")
    said = lena.reply(1, "No, it is not.")
    assert (said.incoming, said.private, said.from_email) == (True, False, '"Lena Maes" <lena@northwind.example>')
    assert desk.ticket(1).status == 2
    with pytest.raises(NotPossible):
        lena.note(1, "x")


async def test_a_merged_ticket_is_closed_in_the_trash_with_a_note_on_the_other(
    desk: FreshserviceStandIn, ana: Person, lena: Person
) -> None:
    lena.raise_ticket("A")
    lena.raise_ticket("B")
    ana.merge(2, into=1)
    assert (desk.ticket(2).status, desk.ticket(2).deleted) == (5, True)
    assert "Ticket 2 (B) was merged" in desk.said_on(1)[0].body


async def test_a_trashed_ticket_rests(desk: FreshserviceStandIn, ana: Person, lena: Person) -> None:
    lena.raise_ticket("A")
    ana.trash(1)
    with pytest.raises(NotPossible, match="Restore it first"):
        ana.edit(1, status="Pending")
    ana.restore(1)
    with pytest.raises(NotPossible):
        ana.restore(1)
    ana.purge(1)
    assert desk.tickets == ()
    with pytest.raises(KeyError):
        desk.ticket(1)


async def test_files_and_notes_come_and_go(desk: FreshserviceStandIn, ana: Person, lena: Person) -> None:
    ticket = lena.raise_ticket("A", files={"a.txt": b"1"})
    assert [one.content for one in desk.files_of(ticket)] == [b"1"]
    file = ana.attach(1, "b.png", b"2")
    assert file.content_type == "image/png"
    ana.remove_file(1, file.id)
    note = ana.note(1, "x", private=False, files={"c.txt": b"3"})
    assert ana.edit_note(note.id, "y").body == "<div>y</div>"
    with pytest.raises(NotPossible):
        ana.edit_note(ana.reply(1, "z").id, "zz")
    ana.delete_note(note.id)
    assert [one.body for one in desk.said_on(1)] == ["<div>z</div>"]


async def test_somebody_can_wait_for_a_change(desk: FreshserviceStandIn, lena: Person, clock: HandClock) -> None:
    lena.raise_ticket("A")
    await desk.until(lambda: desk.ticket(1).subject == "A")
    with pytest.raises(TimeoutError, match="did not come"):
        await desk.until(lambda: False, seconds=0.01)


async def test_the_clock_of_a_desk_never_goes_back(desk: FreshserviceStandIn, lena: Person, clock: HandClock) -> None:
    first = lena.raise_ticket("A")
    clock.advance(-3600)
    assert lena.raise_ticket("B").updated_at == first.updated_at
