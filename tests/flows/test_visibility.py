"""A comment that becomes internal at one side, or public: what the other side's people see of it."""

from collections.abc import AsyncIterator

import pytest

from flows.tickets import retry, skip
from storage.store import Transaction
from sync.errors import RemoteRefusedTicket, RemoteUnavailable
from sync.link import TraceKind
from sync.rule import RuleSide
from sync.ticket import FileRef
from tests.flows.test_script_rules import comments, parked, rule
from tests.flows.two_sides import HalfPair, Pair, in_memory

ALL_LEAVE = "replica.comments = issue.comments\nreplica.attachments = issue.attachments"


@pytest.fixture
async def pair() -> AsyncIterator[Pair]:
    async with in_memory() as both:
        yield both


def said(half: HalfPair) -> list[tuple[bool, str]]:
    """Public or not, and the last line before ours."""
    return [(one.is_public, one.text.split("\n\n")[1].splitlines()[0]) for one in comments(half)]


async def raised(pair: Pair, *, file: bool = False) -> tuple[str, str]:
    """A ticket of Acme's with a comment, at both desks."""
    ours = pair.acme.account.raise_ticket("Printer smokes", "In room 4.")
    comment = pair.acme.account.comment(ours, "Lena", "It smells.")
    if file:
        record = pair.acme.account.records[ours]
        record.files["f1"] = FileRef("f1", "smell.txt", 5, "text/plain", comment)
        pair.acme.account.contents["f1"] = b"smell"
    await pair.settle()
    return ours, comment


async def shown(pair: Pair, ticket: str, comment: str, text: str, *, public: bool) -> None:
    """Acme's people change text and visibility, and both sides come to rest."""
    pair.acme.account.show_comment(ticket, comment, public=public)
    pair.acme.account.edit_comment(ticket, comment, text)
    pair.acme.account.edit(ticket, tags=(text,))
    await pair.settle()


def files(half: HalfPair) -> list[tuple[str, bytes]]:
    (record,) = half.account.records.values()
    of = {one.id: one for one in record.files.values() if one.comment_id in (None, *record.comments)}
    return [(of[identity].name, half.account.contents[identity]) for identity in of]


async def test_in_basic_mode_what_became_internal_goes_and_comes_back_with_its_file_when_it_is_public(
    pair: Pair,
) -> None:
    ours, comment = await raised(pair, file=True)
    assert (said(pair.globex), files(pair.globex)) == ([(True, "It smells.")], [("smell.txt", b"smell")])
    await shown(pair, ours, comment, "The customer is a nuisance.", public=False)
    assert (said(pair.globex), files(pair.globex)) == ([], [])
    await shown(pair, ours, comment, "It smells again.", public=True)
    assert (said(pair.globex), files(pair.globex)) == ([(True, "It smells again.")], [("smell.txt", b"smell")])
    assert await parked(pair.globex) == [] and len(pair.acme.account.records[ours].comments) == 1


@pytest.mark.parametrize("may_edit", [True, False])
async def test_a_desk_that_removes_no_comments_says_so_in_its_place_or_waits(pair: Pair, may_edit: bool) -> None:
    ours, comment = await raised(pair)

    def keeps(moment: str, call: str) -> None:
        if moment == "before" and (call == "remove_comment" or (call == "edit_comment" and not may_edit)):
            raise RemoteRefusedTicket("This desk keeps its comments.")

    pair.globex.account.watch = keeps
    await shown(pair, ours, comment, "The customer is a nuisance.", public=False)
    if may_edit:
        ((_, text),) = [(one.is_public, one.text) for one in comments(pair.globex)]
        assert text.startswith("(Acme took this comment back.)")
        assert await parked(pair.globex) == []
    else:
        ((_, why),) = await parked(pair.globex)
        assert "This desk keeps its comments." in why
    assert len(pair.acme.account.records[ours].comments) == 1, "nothing of it comes back"
    await shown(pair, ours, comment, "It smells again.", public=True)
    if may_edit:
        assert comments(pair.globex)[-1].text.startswith("**Lena** (Acme):\n\nIt smells again.")


async def test_in_script_mode_it_is_written_anew_for_those_who_may_see_it(pair: Pair) -> None:
    await rule(pair.acme, RuleSide.OUTGOING, ALL_LEAVE)
    await rule(pair.globex, RuleSide.INCOMING, "")
    await rule(pair.globex, RuleSide.OUTGOING, ALL_LEAVE)
    ours, comment = await raised(pair, file=True)
    for text, public in (("The customer is a nuisance.", False), ("It smells again.", True)):
        await shown(pair, ours, comment, text, public=public)
        assert (said(pair.globex), files(pair.globex)) == ([(public, text)], [("smell.txt", b"smell")])
    assert await parked(pair.globex) == []
    (record,) = pair.acme.account.records.values()
    assert (len(record.comments), len(record.files)) == (1, 1), "nothing of it comes back"


@pytest.mark.parametrize("lost", ["add_comment", "remove_comment", "edit_comment"])
@pytest.mark.parametrize("moment", ["before", "after"])
async def test_a_lost_answer_makes_no_second_one_and_shows_nothing_internal(pair: Pair, lost: str, moment: str) -> None:
    await rule(pair.acme, RuleSide.OUTGOING, ALL_LEAVE)
    await rule(pair.globex, RuleSide.INCOMING, "")
    ours, comment = await raised(pair, file=True)
    losses = [RemoteUnavailable("no answer")]

    def lose(when: str, call: str) -> None:
        public = [one.text for one in comments(pair.globex) if one.is_public]
        assert not any("nuisance" in text for text in public)
        if (when, call) == (moment, lost) and losses:
            raise losses.pop()

    pair.globex.account.watch = lose
    await shown(pair, ours, comment, "The customer is a nuisance.", public=False)
    assert said(pair.globex) == [(False, "The customer is a nuisance.")]
    assert files(pair.globex) == [("smell.txt", b"smell")]


async def test_a_rule_may_keep_what_is_gone_over_there(pair: Pair) -> None:
    keep = """
if (replica.removedComments) {
    issue.comments = commentHelper.addComment("They took back: ${replica.removedComments.size()}", true, issue.comments)
    replica.removedComments = []
}
"""
    await rule(pair.globex, RuleSide.INCOMING, keep)
    ours, comment = await raised(pair)
    await shown(pair, ours, comment, "The customer is a nuisance.", public=False)
    kept, note = comments(pair.globex)
    assert "It smells." in kept.text and not note.is_public and "They took back: 1" in note.text


async def test_a_file_of_an_internal_note_that_is_too_large_is_named_to_those_who_may_see_the_note(pair: Pair) -> None:
    await rule(pair.acme, RuleSide.OUTGOING, ALL_LEAVE)
    await rule(pair.globex, RuleSide.INCOMING, "")
    ours, _ = await raised(pair)
    note = pair.acme.account.comment(ours, "Andy", "For us.", public=False)
    record = pair.acme.account.records[ours]
    record.files["f2"] = FileRef("f2", "nuisance.zip", 11 * 2**20, "application/zip", note)
    pair.acme.account.contents["f2"] = b"x"
    pair.acme.account.edit(ours, tags=("x",))
    await pair.settle()
    await pair.settle()
    assert [one.is_public for one in comments(pair.globex) if "nuisance.zip" in one.text] == [False]


async def all_leave(pair: Pair, *, file: bool = False) -> tuple[str, str]:
    """As `raised`, where rules of both sides let internal notes travel."""
    await rule(pair.acme, RuleSide.OUTGOING, ALL_LEAVE)
    await rule(pair.globex, RuleSide.INCOMING, "")
    await rule(pair.globex, RuleSide.OUTGOING, ALL_LEAVE)
    return await raised(pair, file=file)


def live(half: HalfPair) -> list[tuple[bool, str]]:
    """Of those that nobody took back: public or not, and the text that stands under the author's line."""
    there = [one for one in comments(half) if "took this comment back" not in one.text]
    return [(one.is_public, one.text.split("\n\n")[1]) for one in there]


async def files_sent(half: HalfPair) -> list[str | None]:
    """Our ids of files that counted as ours, and so went to the partner."""
    (record,) = half.account.records.values()

    def read(tx: Transaction) -> list[str | None]:
        link = tx.links.by_ours(half.connection_id, record.id)
        assert link is not None
        return [one.our_id for one in tx.traces.of_link(link.id) if one.kind is TraceKind.FILE and one.from_us]

    return await half.node.store.read(half.organisation_id, read)


@pytest.mark.parametrize("lost", ["add_comment", "edit_comment"])
@pytest.mark.parametrize("moment", ["before", "after"])
async def test_where_nothing_is_removed_a_lost_answer_never_takes_what_was_taken_back_for_the_comment(
    pair: Pair, lost: str, moment: str
) -> None:
    losses: list[RemoteUnavailable] = []

    def keeps(when: str, call: str) -> None:
        if (when, call) == (moment, lost) and losses:
            raise losses.pop()
        if (when, call) == ("before", "remove_comment"):
            raise RemoteRefusedTicket("This desk keeps its comments.")

    pair.globex.account.watch = keeps
    ours, comment = await all_leave(pair, file=True)
    for text, public in (("A nuisance.", False), ("It smells again.", True), ("Still a nuisance.", False)):
        losses.append(RemoteUnavailable("no answer"))
        await shown(pair, ours, comment, text, public=public)
        assert live(pair.globex) == [(public, text)]
    assert not losses and await parked(pair.globex) == []
    assert len(pair.acme.account.records[ours].comments) == 1 and await files_sent(pair.globex) == []


async def test_where_nothing_is_removed_a_comment_that_comes_again_is_written_and_its_old_file_is_no_news(
    pair: Pair,
) -> None:
    def keeps(when: str, call: str) -> None:
        if (when, call) == ("before", "remove_comment"):
            raise RemoteRefusedTicket("This desk keeps its comments.")

    pair.globex.account.watch = keeps
    ours, comment = await raised(pair, file=True)
    await shown(pair, ours, comment, "A nuisance.", public=False)
    assert live(pair.globex) == []
    await shown(pair, ours, comment, "It smells again.", public=True)
    assert live(pair.globex) == [(True, "It smells again.")]
    pair.globex.account.edit(next(iter(pair.globex.account.records)), tags=("look",))
    await pair.settle()
    assert await files_sent(pair.globex) == []


async def test_a_desk_that_neither_removes_nor_edits_gets_one_copy_however_often_somebody_retries(pair: Pair) -> None:
    ours, comment = await all_leave(pair)

    def keeps(when: str, call: str) -> None:
        marks = sum(one.text.startswith("**Lena**") for one in comments(pair.globex))
        if when == "before" and (call == "remove_comment" or (call == "edit_comment" and marks > 1)):
            raise RemoteRefusedTicket("This desk keeps its comments.")

    pair.globex.account.watch = keeps
    await shown(pair, ours, comment, "A nuisance.", public=False)
    for _ in range(2):
        ((envelope, _),) = await parked(pair.globex)
        await retry(pair.globex.node, pair.globex.actor, pair.globex.connection_id, envelope)
        await pair.settle()
        assert live(pair.globex) == [(True, "It smells."), (False, "A nuisance.")]
    ((envelope, _),) = await parked(pair.globex)
    await skip(pair.globex.node, pair.globex.actor, pair.globex.connection_id, envelope)
    pair.globex.account.watch = lambda when, call: None
    await shown(pair, ours, comment, "Still a nuisance.", public=False)
    assert live(pair.globex) == [(False, "Still a nuisance.")]


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_a_file_does_not_come_back_where_the_answer_to_the_removal_was_lost(pair: Pair, moment: str) -> None:
    ours, comment = await all_leave(pair, file=True)
    losses = [RemoteUnavailable("no answer")]

    def lose(when: str, call: str) -> None:
        if (when, call) == (moment, "remove_comment") and losses:
            raise losses.pop()

    pair.globex.account.watch = lose
    await shown(pair, ours, comment, "A nuisance.", public=False)
    assert (live(pair.globex), files(pair.globex)) == ([(False, "A nuisance.")], [("smell.txt", b"smell")])
    assert await files_sent(pair.globex) == []


async def test_a_file_that_is_listed_but_has_no_content_waits_for_a_person(pair: Pair) -> None:
    ours, comment = await all_leave(pair, file=True)
    (record,) = pair.globex.account.records.values()
    for identity in record.files:
        del pair.globex.account.contents[identity]
    await shown(pair, ours, comment, "A nuisance.", public=False)
    ((_, why),) = await parked(pair.globex)
    assert "does not hand it out" in why
    assert live(pair.globex) == [(True, "It smells.")]


async def test_a_file_that_stays_while_its_comment_goes_comes_with_it_when_it_is_back(pair: Pair) -> None:
    files_stay = "replica.attachments = issue.attachments\nif (issue.tags.contains('quiet')) replica.comments = []"
    await rule(pair.acme, RuleSide.OUTGOING, files_stay)
    await rule(pair.globex, RuleSide.INCOMING, "")
    ours, _ = await raised(pair, file=True)
    for tags, left in ((("quiet",), []), (("loud",), [(True, "It smells.")])):
        pair.acme.account.edit(ours, tags=tags)
        await pair.settle()
        pair.acme.account.edit(ours, summary="Another look")
        await pair.settle()
        assert live(pair.globex) == left
    assert files(pair.globex) == [("smell.txt", b"smell")]
