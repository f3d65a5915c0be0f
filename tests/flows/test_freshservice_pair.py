"""Two Freshservice accounts in step: the real client on both sides, over the strict stand-in."""

from collections.abc import AsyncIterator

import pytest

from sandbox.freshservice import Trouble
from sync.rule import RuleSide
from tests.flows.freshservice_pair import Desks, two_accounts
from tests.flows.test_script_rules import rule


@pytest.fixture
async def desks() -> AsyncIterator[Desks]:
    async with two_accounts() as both:
        yield both


async def test_a_ticket_with_its_file_appears_once_and_tells_where_it_is_from(desks: Desks) -> None:
    lena = desks.acme.add_requester("Lena Maes", "lena@acme.example")
    lena.raise_ticket("Printer smokes", "Since this morning.", priority="Medium", files={"photo.txt": b"smoke"})
    await desks.settle()
    (twin,) = desks.globex.tickets
    assert (twin.subject, twin.priority) == ("Printer smokes", 2)
    assert "Since this morning." in twin.description
    assert "Acme #1 · drawbridge:" in twin.description
    assert [file.content for file in desks.globex.files_of(twin)] == [b"smoke"]


async def test_changes_replies_and_files_cross_and_internal_notes_do_not(desks: Desks) -> None:
    ana, bob = desks.acme.add_agent("Ana Ruiz"), desks.globex.add_agent("Bob Bates")
    ticket = ana.raise_ticket("Printer smokes", "Since this morning.", priority="Medium")
    await desks.settle()
    (twin,) = desks.globex.tickets
    bob.edit(twin.id, priority="High")
    ana.edit(ticket.id, subject="Printer burns")
    ana.reply(ticket.id, "We come.", files={"plan.txt": b"first the door"})
    ana.note(ticket.id, "The customer is difficult.", private=True)
    await desks.settle()
    assert desks.acme.ticket(ticket.id).priority == desks.globex.ticket(twin.id).priority == 3
    assert desks.globex.ticket(twin.id).subject == "Printer burns"
    (said,) = desks.globex.said_on(twin.id)
    assert "<strong>Ana Ruiz</strong> (Acme)" in said.body
    assert not said.private
    assert [file.content for file in desks.globex.files_of(said)] == [b"first the door"]


@pytest.mark.parametrize("scripted", [False, True])
async def test_a_note_that_becomes_internal_and_public_again_is_seen_by_those_who_may(
    desks: Desks, scripted: bool
) -> None:
    if scripted:
        all_leave = "replica.comments = issue.comments\nreplica.attachments = issue.attachments"
        await rule(desks.pair.acme, RuleSide.OUTGOING, all_leave)
        await rule(desks.pair.globex, RuleSide.INCOMING, "")
    ana = desks.acme.add_agent("Ana Ruiz")
    ticket = ana.raise_ticket("Printer smokes", "Since this morning.", priority="Medium")
    note = ana.note(ticket.id, "We come.", private=False, files={"plan.txt": b"first the door"})
    await desks.settle()
    (twin,) = desks.globex.tickets
    for text, private in (("They are difficult.", True), ("We are there.", False)):
        ana.edit_note(note.id, text)
        ana.show_note(note.id, private=private)
        ana.edit(ticket.id, subject=text)
        await desks.settle()
        found = [(one.private, text in one.body) for one in desks.globex.said_on(twin.id)]
        assert found == ([(private, True)] if scripted or not private else [])
        files = [file.content for one in desks.globex.said_on(twin.id) for file in desks.globex.files_of(one)]
        assert files == [b"first the door"] * len(found)
    assert len(desks.acme.said_on(ticket.id)) == 1


async def test_afterwards_nothing_more_is_written_I5(desks: Desks) -> None:
    ana = desks.acme.add_agent("Ana Ruiz")
    ticket = ana.raise_ticket("Printer smokes", "Since **this** morning.\n\nOr last night?", priority="Medium")
    ana.reply(ticket.id, "We come.")
    await desks.settle()
    ana.edit(ticket.id, description="Since Monday.")
    await desks.settle()
    writes = desks.writes()
    await desks.settle(12)
    assert desks.writes() == writes


@pytest.mark.parametrize("trouble", [Trouble.LOST, Trouble.CUT, Trouble.ERROR_AFTER, Trouble.NOT_JSON])
async def test_a_create_whose_answer_was_lost_is_found_not_repeated_I2(desks: Desks, trouble: Trouble) -> None:
    desks.globex.faults.add(trouble, method="POST", path="tickets$")
    desks.acme.add_agent("Ana Ruiz").raise_ticket("Printer smokes", "Since this morning.", priority="Medium")
    await desks.settle(6)
    assert [ticket.subject for ticket in desks.globex.tickets] == ["Printer smokes"]


@pytest.mark.parametrize("trouble", [Trouble.LOST, Trouble.CUT, Trouble.ERROR_AFTER, Trouble.NOT_JSON])
async def test_a_comment_whose_answer_was_lost_is_found_not_repeated_I2(desks: Desks, trouble: Trouble) -> None:
    ana = desks.acme.add_agent("Ana Ruiz")
    ticket = ana.raise_ticket("Printer smokes", "Since this morning.", priority="Medium")
    await desks.settle()
    desks.globex.faults.add(trouble, method="POST", path="tickets/.*/notes")
    ana.reply(ticket.id, "We come.")
    await desks.settle(6)
    assert len(desks.globex.said_on(desks.globex.tickets[0].id)) == 1


async def test_a_status_that_we_do_not_have_parks_the_ticket_with_the_list_of_ours(desks: Desks) -> None:
    desks.acme.form.add_status("With the supplier")
    ana = desks.acme.add_agent("Ana Ruiz")
    ana.raise_ticket("Printer smokes", "Since this morning.", priority="Medium", status="With the supplier")
    await desks.settle()
    assert desks.globex.tickets == ()
    half = desks.pair.globex
    (parked,) = await half.node.store.read(half.organisation_id, lambda tx: tx.parked.all(None, 5))
    assert "“With the supplier” is none of your desk's" in parked.text
    assert "Open, Pending, Resolved, Closed" in parked.text


async def test_a_trashed_ticket_cuts_the_pair_and_nothing_is_made_again_I13(desks: Desks) -> None:
    ana = desks.acme.add_agent("Ana Ruiz")
    ticket = ana.raise_ticket("Printer smokes", "Since this morning.", priority="Medium")
    await desks.settle()
    bob = desks.globex.add_agent("Bob Bates")
    bob.trash(desks.globex.tickets[0].id)
    desks.pair.clock.advance(700)
    await desks.settle(16)
    ana.edit(ticket.id, priority="High")
    await desks.settle(6)
    assert len(desks.globex.tickets) == 1
    assert desks.acme.ticket(ticket.id).priority == 3
