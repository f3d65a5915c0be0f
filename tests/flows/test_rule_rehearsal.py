"""Rules in Groovy tried on a toy desk's tickets: what they would do is told, and nothing is done."""

from dataclasses import replace

import pytest

from flows.rule_rehearsal import rehearsal
from flows.rule_trial import TicketTrial, Verdict
from flows.rules import keep_draft, let_call, open_rules
from flows.try_rules import try_ticket
from pairing.terms import RulesMode
from sync.fields import Fields
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
