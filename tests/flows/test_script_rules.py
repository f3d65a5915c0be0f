"""Script mode through the whole engine: what a rule of one side does shows at the desks."""

import logging
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from flows.apply import apply_next
from flows.errors import NotFound
from flows.poll import look_at
from flows.tickets import retry, skip
from pairing.terms import RulesMode
from rules.shipped import shipped
from storage.lanes import LaneKind
from storage.store import Transaction
from sync.fields import Value
from sync.intent import Scope
from sync.rule import RuleSide, RuleVersion
from sync.ticket import Comment, Person
from tests.flows.two_sides import HalfPair, Pair, in_memory


@pytest.fixture
async def pair() -> AsyncIterator[Pair]:
    async with in_memory() as both:
        yield both


async def rule(half: HalfPair, side: RuleSide, text: str, *, whole: bool = False, number: int = 1) -> None:
    """Saves the shipped rule with these lines behind it, or the lines alone."""

    def write(tx: Transaction) -> None:
        connection = tx.connections.by_id(half.connection_id)
        tx.connections.save(replace(connection, rules=RulesMode.SCRIPT))
        lines = text if whole else f"{shipped(side)}\n{text}\n"
        at = tx.now
        tx.rules.add(RuleVersion.of(half.connection_id, side, number, lines, author="U1", note="", at=at))

    await half.node.store.run(half.organisation_id, write)


async def parked(half: HalfPair) -> list[tuple[str, str]]:
    def read(tx: Transaction) -> list[tuple[str, str]]:
        return [(one.envelope_id, one.text) for one in tx.parked.all(half.connection_id, 10)]

    return await half.node.store.read(half.organisation_id, read)


def comments(half: HalfPair) -> list[Comment]:
    (record,) = half.account.records.values()
    return list(record.comments.values())


async def test_an_outgoing_rule_that_stops_parks_its_ticket_and_no_other_I11(pair: Pair) -> None:
    await rule(pair.acme, RuleSide.OUTGOING, "if (issue.summary.startsWith('Secret')) debug.error('Not for partners.')")
    secret = pair.acme.account.raise_ticket("Secret plan", "Of ours.")
    pair.acme.account.raise_ticket("Printer smokes", "In room 4.")
    await pair.settle()
    assert [record.fields["summary"] for record in pair.globex.account.records.values()] == ["Printer smokes"]
    ((name, text),) = await parked(pair.acme)
    assert "Not for partners." in text
    pair.acme.account.edit(secret, summary="Open plan")
    await pair.settle()
    assert len(pair.globex.account.records) == 2
    assert await parked(pair.acme) == []
    assert name == f"take.{secret}"


async def test_a_stopped_change_goes_when_the_rule_is_mended_and_somebody_says_retry(pair: Pair) -> None:
    await rule(pair.acme, RuleSide.OUTGOING, "replica.tags = nothing.here")
    pair.acme.account.raise_ticket("Printer smokes", "In room 4.")
    await pair.settle()
    ((name, text),) = await parked(pair.acme)
    assert "No such property: nothing" in text and "line" in text
    await rule(pair.acme, RuleSide.OUTGOING, "", number=2)
    await retry(pair.acme.node, pair.acme.actor, pair.acme.connection_id, name)
    await pair.settle()
    assert len(pair.globex.account.records) == 1
    assert await parked(pair.acme) == []


async def test_a_skipped_change_of_ours_goes_with_the_next_one(pair: Pair) -> None:
    await rule(pair.acme, RuleSide.OUTGOING, "if (issue.priority.name == 'Low') debug.error('Too small.')")
    ticket = pair.acme.account.raise_ticket("Printer smokes", "In room 4.", priority="Low")
    await pair.acme.poll()
    await pair.acme.work()
    ((name, _),) = await parked(pair.acme)
    await skip(pair.acme.node, pair.acme.actor, pair.acme.connection_id, name)
    assert await parked(pair.acme) == []
    await look_at(pair.acme.node, pair.acme.organisation_id, pair.acme.desk_id, ticket)
    await pair.acme.work()
    assert await parked(pair.acme) == [], "looked at again, the same change is not parked again"
    with pytest.raises(NotFound, match="settled already"):
        await skip(pair.acme.node, pair.acme.actor, pair.acme.connection_id, name)
    pair.clock.advance(60)
    pair.acme.account.edit(ticket, summary="Printer burns")
    await pair.settle()
    assert [name for name, _ in await parked(pair.acme)] == [name], "a newer change that is stopped waits again"
    pair.acme.account.edit(ticket, priority="High")
    await pair.settle()
    (copy,) = pair.globex.account.records.values()
    assert copy.fields["priority"] == "High"
    assert await parked(pair.acme) == []


async def test_internal_notes_travel_as_private_notes_where_both_rules_say_so(pair: Pair) -> None:
    await rule(pair.acme, RuleSide.OUTGOING, "replica.comments = issue.comments")
    await rule(pair.globex, RuleSide.INCOMING, "")
    ours = pair.acme.account.raise_ticket("Printer smokes", "In room 4.")
    pair.acme.account.comment(ours, "Andy", "For colleagues only.", public=False)
    pair.acme.account.comment(ours, "Lena", "For all.")
    await pair.settle()
    assert [(c.is_public, "For" in c.text) for c in comments(pair.globex)] == [(False, True), (True, True)]


async def test_what_the_outgoing_rule_keeps_is_in_no_envelope_no_log_and_no_error_I15(
    pair: Pair, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await rule(pair.acme, RuleSide.OUTGOING, "replica.summary = issue.summary", whole=True)
    await rule(pair.globex, RuleSide.INCOMING, "")
    ours = pair.acme.account.raise_ticket("Printer smokes", "The canary sings.", tags=("canary",))
    pair.acme.account.comment(ours, "Andy", "A canary for colleagues.", public=False)
    pair.acme.account.attach(ours, "canary.txt", b"canary")
    await pair.acme.poll()
    await pair.acme.work()

    def queued(tx: Transaction) -> list[str]:
        envelopes, _ = tx.outbox.batch(pair.acme.connection_id, limit=100, control_only=False, max_bytes=10**6)
        return [envelope.body for envelope in envelopes]

    bodies = await pair.acme.node.store.read(pair.acme.organisation_id, queued)
    assert bodies and "Printer smokes" in "".join(bodies)
    await rule(
        pair.acme, RuleSide.OUTGOING, "replica.summary = issue.description.size().nonsense", whole=True, number=2
    )
    pair.acme.account.edit(ours, summary="Printer burns")
    await pair.settle()
    ((_, error),) = await parked(pair.acme)
    there = str(pair.globex.account.records) + str(pair.globex.account.contents)
    for text in (*bodies, error, caplog.text, there):
        assert "canary" not in text


async def test_an_authors_address_travels_to_rules_and_not_in_basic_mode(pair: Pair) -> None:
    await rule(pair.globex, RuleSide.INCOMING, "issue.summary = replica.comments*.author*.email.toString()")
    await rule(pair.globex, RuleSide.OUTGOING, "")
    ours = pair.acme.account.raise_ticket("Printer smokes", "In room 4.")
    said = pair.acme.account.comment(ours, "Lena", "For all.")
    record = pair.acme.account.records[ours]
    record.comments[said] = replace(record.comments[said], author=Person("Lena", "lena@acme.example"))
    await pair.settle()
    assert [record.fields["summary"] for record in pair.globex.account.records.values()] == ["[null]"]
    await rule(pair.acme, RuleSide.OUTGOING, "")
    pair.acme.account.edit_comment(ours, said, "For all of you.")
    pair.acme.account.edit(ours, priority="High")
    await pair.settle()
    summaries = [record.fields["summary"] for record in pair.globex.account.records.values()]
    assert summaries == ["[lena@acme.example]"]


async def test_a_comment_that_a_rule_adds_is_written_once(pair: Pair) -> None:
    line = "issue.comments = commentHelper.addComment('Handled by both companies.', issue.comments)"
    await rule(pair.globex, RuleSide.INCOMING, line)
    ours = pair.acme.account.raise_ticket("Printer smokes", "In room 4.")
    await pair.settle()
    pair.acme.account.edit(ours, summary="Printer burns")
    await pair.settle()
    texts = [comment.text for comment in comments(pair.globex)]
    assert len([text for text in texts if "Handled by both companies." in text]) == 1


async def test_a_rule_links_to_a_ticket_that_is_there_instead_of_making_one(pair: Pair) -> None:
    only_urgent = Scope("priority:4", pair.clock.now)
    await pair.globex.node.store.run(
        pair.globex.organisation_id, lambda tx: tx.scopes.put(pair.globex.connection_id, only_urgent)
    )
    there = pair.globex.account.raise_ticket("Printer smokes already", "We know.", priority="Low")
    text = f"""
if (firstSync) {{
    def known = new com.exalate.basic.domain.BasicIssueKey("{there}", "{there}")
    return new scala.Tuple2(known, scala.collection.JavaConverters.asScalaBuffer(traces).toSeq())
}}
issue.summary = replica.summary
"""
    await rule(pair.globex, RuleSide.INCOMING, text, whole=True)
    await rule(pair.globex, RuleSide.OUTGOING, "")
    ours = pair.acme.account.raise_ticket("Printer smokes", "In room 4.")
    await pair.settle()
    assert [record.fields["summary"] for record in pair.globex.account.records.values()] == ["Printer smokes already"]
    pair.acme.account.edit(ours, summary="Printer burns")
    await pair.settle()
    assert [record.fields["summary"] for record in pair.globex.account.records.values()] == ["Printer burns"]


async def test_a_rule_that_stores_first_makes_one_ticket(pair: Pair) -> None:
    text = "if (firstSync) { store(issue); issue.tags = ['number-' + issue.id] }"
    await rule(pair.globex, RuleSide.INCOMING, text)
    pair.acme.account.raise_ticket("Printer smokes", "In room 4.")
    await pair.settle()
    ((identity, record),) = pair.globex.account.records.items()
    assert record.fields["tags"] == (f"number-{identity}",)


async def test_values_that_only_the_rules_know_travel_whole(pair: Pair) -> None:
    await rule(pair.acme, RuleSide.OUTGOING, "replica.caller = [name: 'Lena', rooms: ['4', '5']]")
    await rule(pair.globex, RuleSide.INCOMING, "issue.tags = replica.caller.rooms.collect { 'room-' + it }")
    pair.acme.account.raise_ticket("Printer smokes", "In room 4.")
    await pair.settle()
    (copy,) = pair.globex.account.records.values()
    assert copy.fields["tags"] == ("room-4", "room-5")


async def _settled(pair: Pair) -> None:
    """And Globex read its list just now, so that no update has to wait for one."""
    await pair.settle()
    await pair.globex.poll()
    await pair.globex.work()


async def _reads_of_an_update(pair: Pair, ours: str, **values: Value) -> int:
    """How often Globex reads its own ticket to apply a change of Acme's."""
    pair.acme.account.edit(ours, **values)
    await pair.told()
    before = pair.globex.account.calls["read"]
    (lease,) = await pair.globex.node.store.system(lambda tx: tx.lanes.claim("test", (LaneKind.APPLY,), 1, 30))
    await apply_next(pair.globex.node, lease)
    return pair.globex.account.calls["read"] - before


async def test_an_incoming_rule_that_looks_at_our_comments_sees_them_for_one_read(pair: Pair) -> None:
    text = """
issue.summary = replica.summary
def mine = issue.comments.findAll { it.internal }.collect { "${it.author.displayName}: ${it.body}" }
def all = mine + issue.attachments.collect { it.filename } + [issue.status?.name]
issue.tags = replica.priority.name == "High" ? all : []
"""
    await rule(pair.globex, RuleSide.INCOMING, text, whole=True)
    await rule(pair.globex, RuleSide.OUTGOING, "")
    ours = pair.acme.account.raise_ticket("Printer smokes", "In room 4.")
    await _settled(pair)
    ((theirs, record),) = pair.globex.account.records.items()
    pair.globex.account.comment(theirs, "Gus", "We know them.", public=False)
    pair.globex.account.attach(theirs, "smoke.txt", b"smoke")
    pair.globex.account.edit(theirs, status="Pending")  # nobody has looked at it since
    assert await _reads_of_an_update(pair, ours, priority="High") == 1
    assert record.fields["tags"] == ("Gus: We know them.", "smoke.txt", "Pending")
    assert record.fields["status"] == "Pending", "both runs saw it, so it is no difference"


async def test_an_incoming_rule_that_looks_at_fields_alone_costs_no_read(pair: Pair) -> None:
    await rule(pair.globex, RuleSide.INCOMING, "if (issue.status.name == 'Open') issue.tags = [replica.priority.name]")
    await rule(pair.globex, RuleSide.OUTGOING, "")
    ours = pair.acme.account.raise_ticket("Printer smokes", "In room 4.")
    await _settled(pair)
    assert await _reads_of_an_update(pair, ours, priority="High") == 0
    (record,) = pair.globex.account.records.values()
    assert record.fields["tags"] == ("High",)


async def test_what_our_people_added_since_the_last_look_survives_a_rule_that_reads_our_ticket(pair: Pair) -> None:
    text = "issue.tags = issue.tags + (issue.comments ? [replica.priority.name] : [])"
    await rule(pair.globex, RuleSide.INCOMING, text, whole=True)
    await rule(pair.globex, RuleSide.OUTGOING, "")
    ours = pair.acme.account.raise_ticket("Printer smokes", "In room 4.")
    await _settled(pair)
    ((theirs, record),) = pair.globex.account.records.items()
    pair.globex.account.comment(theirs, "Gus", "We know them.")
    pair.globex.account.edit(theirs, tags=("ours",))
    await _reads_of_an_update(pair, ours, priority="High")
    assert record.fields["tags"] == ("ours", "High")


async def test_addresses_of_both_desks_and_tickets_are_known_to_both_rules(pair: Pair) -> None:
    text = "[connection.trackerUrl, syncHelper.getTrackerUrl(), issue.url, issueUrl]"
    await rule(pair.globex, RuleSide.INCOMING, f"if (issue.key) issue.summary = ({text} + replica.priority).join(' ')")
    await rule(pair.globex, RuleSide.OUTGOING, "")
    await rule(pair.acme, RuleSide.OUTGOING, f"replica.summary = {text}.join(' ')")
    ours = pair.acme.account.raise_ticket("Printer smokes", "In room 4.")
    await pair.settle()
    ((theirs, record),) = pair.globex.account.records.items()
    assert record.fields["summary"] == f"memory:acme memory:acme memory:#{ours} memory:#{ours}"
    pair.acme.account.edit(ours, priority="High")
    await pair.settle()
    assert record.fields["summary"] == f"memory:globex memory:globex memory:#{theirs} memory:#{theirs} High"
