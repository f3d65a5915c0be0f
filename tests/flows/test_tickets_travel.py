from collections.abc import AsyncIterator

import pytest

from sync.ticket import Person
from tests.databases import SqliteFiles
from tests.flows.two_sides import Clock, Pair, open_store, two_sides


@pytest.fixture
async def pair(sqlite_files: SqliteFiles) -> AsyncIterator[Pair]:
    clock = Clock()
    stores = (open_store(sqlite_files.fresh_url(), clock), open_store(sqlite_files.fresh_url(), clock))
    async with two_sides(stores, clock) as both:
        yield both
    for store in stores:
        await store.close()


async def test_a_ticket_raised_here_appears_there_once(pair: Pair) -> None:
    pair.clock.advance(5)
    pair.acme.account.raise_ticket("Printer smokes", "In room 4.", Person("Lena", "lena@acme.example"), priority="High")
    await pair.settle()
    (copy,) = pair.globex.account.records.values()
    assert copy.fields["summary"] == "Printer smokes"
    assert copy.fields["priority"] == "High"
    assert str(copy.fields["description"]).startswith("In room 4.\n\nAcme #1 · drawbridge:")
    assert len(pair.acme.account.records) == 1


async def test_changes_on_both_sides_of_different_fields_both_survive_I3(pair: Pair) -> None:
    ours = pair.acme.account.raise_ticket("Printer smokes", "In room 4.")
    await pair.settle()
    (theirs,) = pair.globex.account.records
    pair.acme.account.edit(ours, summary="Printer burns")
    pair.globex.account.edit(theirs, status="Pending")
    await pair.settle()
    for account in (pair.acme.account, pair.globex.account):
        (record,) = account.records.values()
        assert (record.fields["summary"], record.fields["status"]) == ("Printer burns", "Pending")


async def test_comments_and_files_cross_both_ways(pair: Pair) -> None:
    ours = pair.acme.account.raise_ticket("Printer smokes", "In room 4.")
    pair.acme.account.comment(ours, "Lena", "It smells, too.")
    pair.acme.account.comment(ours, "Andy", "The customer is difficult.", public=False)
    pair.acme.account.attach(ours, "photo.png", b"png" * 100_000, "image/png")
    await pair.settle()
    (theirs,) = pair.globex.account.records
    pair.globex.account.comment(theirs, "Bob", "We send someone.")
    await pair.settle()
    there, here = pair.globex.account.records[theirs], pair.acme.account.records[ours]
    texts = [comment.text for comment in there.comments.values()]
    assert len(texts) == 2
    assert texts[0].startswith("**Lena** (Acme):\n\nIt smells, too.")
    assert [file.name for file in there.files.values()] == ["photo.png"]
    assert pair.globex.account.contents[next(iter(there.files))] == b"png" * 100_000
    assert len(here.files) == 1
    assert [c.text.split("\n\n")[1] for c in here.comments.values() if "Bob" in c.text] == ["We send someone."]


async def test_afterwards_everything_rests_I5(pair: Pair) -> None:
    ours = pair.acme.account.raise_ticket("Printer smokes", "In room 4.")
    pair.acme.account.comment(ours, "Lena", "It smells, too.")
    await pair.settle()
    before = {half.name: dict(half.account.calls) for half in (pair.acme, pair.globex)}
    await pair.settle()
    for half in (pair.acme, pair.globex):
        for call in ("create", "update", "add_comment", "edit_comment"):
            assert half.account.calls[call] == before[half.name].get(call, 0)
