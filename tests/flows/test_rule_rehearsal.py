"""Rules in Groovy tried on a toy desk's tickets: what they would do is told, and nothing is done."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from flows.parcels import UPDATE, update_body
from flows.rule_rehearsal import rehearsal
from flows.rule_trial import TicketTrial, Verdict
from flows.rules import keep_draft, let_call, open_rules
from flows.try_rules import try_ticket
from pairing.terms import RulesMode
from storage.store import Transaction
from sync.envelope import Envelope
from sync.fields import Fields
from sync.link import Link, Trace, TraceKind
from sync.outgoing import file_digest
from sync.replica import ReplicaComment, Update
from tests.flows.sides import Half, Pair, offered
from tests.flows.test_try_rules import account, link_of, raised


@pytest.fixture
async def acme(pair: Pair) -> Half:
    await offered(pair, rules=RulesMode.SCRIPT)
    return pair.acme


async def tried(half: Half, ticket: str, **texts: str) -> TicketTrial:
    """With these texts in the editor."""
    connection_id = (await half.connection()).id
    opened = await open_rules(half.node, half.actor, connection_id)
    await keep_draft(half.node, half.actor, connection_id, replace(opened.draft, **texts))  # type: ignore[arg-type]
    return await try_ticket(half.node, half.actor, connection_id, ticket, rehearsal(half.node))


async def test_what_we_ship_would_make_a_new_ticket(acme: Half) -> None:
    ticket = raised(acme, "Printer smokes", priority="High")
    account(acme).comment(ticket, "Ann", "It is off.")
    account(acme).comment(ticket, "Ben", "Careful.", public=False)
    trial = await tried(acme, ticket)
    assert trial.outgoing.verdict is Verdict.CREATE
    assert {"summary: Printer smokes", "priority: High"} <= set(trial.outgoing.changes)
    assert trial.outgoing.others == ("comment by Ann: It is off.",)


async def test_what_is_being_written_is_tried_with_what_it_says(acme: Half) -> None:
    ticket = raised(acme, "Printer smokes")
    text = 'replica.summary = issue.summary.toUpperCase()\nlog.info("tried ${issue.key}")'
    trial = await tried(acme, ticket, outgoing=text)
    assert trial.outgoing.changes == ("summary: PRINTER SMOKES",)
    assert "tried" in trial.outgoing.log[0]


async def test_where_a_rule_stops_is_told(acme: Half) -> None:
    trial = await tried(acme, raised(acme, "x"), outgoing="def a = null\nreplica.summary = a.name")
    assert trial.outgoing.verdict is Verdict.FAIL
    assert "Cannot get property 'name' on null object" in trial.outgoing.trouble
    assert "line 2" in trial.outgoing.trouble and trial.outgoing.line == 2


async def test_of_the_partners_last_replica_only_what_differs_would_be_written(acme: Half) -> None:
    ticket = raised(acme, "Old words")
    await link_of(acme, ticket, received=Fields({"summary": "Their words"}), their_shown="#t1")
    trial = await tried(acme, ticket, incoming="issue.summary = replica.summary\nissue.priority = 'Low'")
    assert trial.incoming is not None
    assert trial.incoming.changes == ("summary: Old words → Their words",)


async def test_a_rule_that_would_write_by_itself_writes_nothing(acme: Half) -> None:
    ticket = raised(acme, "x")
    await link_of(acme, ticket, received=Fields({"summary": "y"}))
    await let_call(acme.node, acme.actor, (await acme.connection()).id, allowed=True)
    calls: set[str] = set()
    account(acme).watch = lambda moment, call: calls.add(call)
    text = "httpClient.post('/api/v2/tickets', '{}')\nissue.summary = replica.summary\nstore(issue)"
    trial = await tried(acme, ticket, incoming=text)
    assert trial.incoming is not None and trial.incoming.verdict is Verdict.UPDATE, trial
    assert any(line.startswith("httpClient: POST") for line in trial.incoming.others), trial.incoming
    assert calls <= {"read", "facts"}


async def test_a_rule_knows_the_partners_desk_by_the_twin(acme: Half) -> None:
    ticket = raised(acme, "x")
    await link_of(acme, ticket, received=Fields({"summary": "x"}), their_url="https://globex.example/a/tickets/9")
    text = "log.info(syncHelper.getRemoteTrackerUrl() + ' ' + syncHelper.getRemoteIssueUrl())"
    trial = await tried(acme, ticket, incoming=text, outgoing=text)
    assert trial.incoming is not None
    assert trial.incoming.log == ("info: https://globex.example https://globex.example/a/tickets/9",)
    assert trial.outgoing.log == trial.incoming.log


async def with_letters(half: Half) -> tuple[str, Link]:
    """A linked ticket with two comments and a file of the partner's, and a note of our own."""
    ticket = raised(half, "Their words")
    said = [
        account(half).comment(ticket, "Drawbridge", "**Ann \\_A\\_** (Globex):\n\nIt is off."),
        account(half).comment(ticket, "Drawbridge", "**Ben** (Globex):\n\nStill off.", public=False),
    ]
    account(half).comment(ticket, "Gus", "Ours.", public=False)
    account(half).attach(ticket, "smoke.txt", b"smoke")
    link = await link_of(half, ticket, received=Fields({"summary": "Their words"}), their_shown="#t1", applied_number=2)
    traces = [Trace(link.id, TraceKind.COMMENT, False, our_id, f"c{our_id}", "d") for our_id in said]
    traces.append(Trace(link.id, TraceKind.FILE, False, None, "f1", file_digest("smoke.txt", 5)))
    traces.append(Trace(link.id, TraceKind.COMMENT, False, "99", "c99", "d"))
    await half.node.store.run(half.id, lambda tx: tx.traces.put(*traces))
    return ticket, link


async def test_the_partners_comments_and_files_are_tried_as_they_stand_here(acme: Half) -> None:
    ticket, _ = await with_letters(acme)
    trial = await tried(acme, ticket)
    assert trial.incoming is not None and trial.incoming.verdict is Verdict.SKIP, trial.incoming
    assert trial.incoming.notes == (
        "Comments and files of the partner's are tried as they stand at your ticket.",
        "What came with earlier updates and is gone from it is not tried (1).",
    )


async def test_what_a_rule_would_make_otherwise_of_comments_and_files_is_shown(acme: Half) -> None:
    ticket, _ = await with_letters(acme)
    text = """
issue.comments = commentHelper.mergeComments(issue, replica) { it.internal = true }
issue.comments = issue.comments.findAll { it.author?.displayName != "Ben" }
log.info(issue.comments.size() + " " + replica.addedComments*.body + replica.attachments*.filename)
"""
    trial = await tried(acme, ticket, incoming=text)
    assert trial.incoming is not None and trial.incoming.verdict is Verdict.UPDATE
    assert trial.incoming.others == (
        "comment by Ann _A_ (internal): It is off.",
        "leaves out the comment by Ben: Still off.",
        "leaves out the file smoke.txt",
    )
    assert trial.incoming.log == ("info: 2 [It is off., Still off.][smoke.txt]",)


async def test_a_rule_is_tried_on_the_update_that_waits(acme: Half) -> None:
    ticket, link = await with_letters(acme)
    at = datetime(2026, 3, 2, tzinfo=UTC)
    update = Update(
        *(3, 0, at, "#t1", Fields({"summary": "Their words", "priority": "High"}), ("priority",)),
        was=Fields({"priority": "Low"}),
        comments=(ReplicaComment("c1000", "Cy", "Now it burns.", at),),
    )
    envelope = Envelope("e".ljust(26, "e"), UPDATE, at, update_body(update), ticket=link.their_ticket)

    def arrived(tx: Transaction) -> None:
        tx.inbox.store(link.connection_id, (envelope,))

    await acme.node.store.run(acme.id, arrived)
    text = "issue.priority = replica.priority\nissue.tags = ['x']\n"
    text += "issue.comments = commentHelper.mergeComments(issue, replica)"
    trial = await tried(acme, ticket, incoming=text)
    assert trial.incoming is not None
    assert trial.incoming.changes == ("priority: Low → High",), "a tag that the rule sets always is no difference"
    assert trial.incoming.others == ("comment by Cy: Now it burns.",)
    assert trial.incoming.notes == ("Tried on the update of your partner's that waits for this ticket.",)
