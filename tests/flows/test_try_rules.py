"""Rules tried on tickets of a toy desk: verdicts, sums, patience, and that nothing is written."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from flows.desk_of import OpenDesk
from flows.errors import DeskNotUsable, NotFound
from flows.rule_trial import Played, Summary, Verdict
from flows.rules import RulesOpen, keep_draft, open_rules
from flows.try_rules import recent_tickets, try_days, try_ticket
from pairing.terms import RulesMode
from rules.errors import RuleError
from storage.store import Transaction
from sync.errors import RemoteRefusedUs, RemoteUnavailable
from sync.fields import Fields
from sync.intent import Scope
from sync.link import Link, LinkState, Trace
from sync.replica import LetOut, ReplicaComment, Update
from sync.ticket import DeskFacts, Ticket
from tests.flows.sides import Half, Pair, offered
from trackers.memory import MemoryDesks
from trackers.memory_desk import MemoryAccount


class ToyRules:
    """Lets the summary out and writes it; a text "STOP" stops, and "SAY" says something."""

    def __init__(self, organisation_id: str, desk: OpenDesk, opened: RulesOpen) -> None:
        self.draft = opened.draft

    async def outgoing(
        self, ticket: Ticket, link: Link | None, traces: Sequence[Trace], facts: DeskFacts
    ) -> tuple[LetOut, Played]:
        if "STOP" in self.draft.outgoing or ticket.fields["summary"] == "bad":
            raise RuleError("Cannot get property 'x' on null object (line 3, column 9)", "outgoing", 3)
        fields = ticket.fields.only(("summary",))
        comments = tuple(ReplicaComment(c.id, c.author.name, c.text, c.at) for c in ticket.comments)
        log = ("hello",) if "SAY" in self.draft.outgoing else ()
        return LetOut(fields, comments), Played(fields, (), log)

    async def incoming(
        self, link: Link, traces: Sequence[Trace], ticket: Ticket, facts: DeskFacts, waiting: Update | None
    ) -> Played:
        if "STOP" in self.draft.incoming:
            raise RuleError("no such property: y (line 1, column 2)", "incoming", 1)
        return Played({"summary": link.received["summary"]})


@pytest.fixture
async def acme(pair: Pair) -> Half:
    await offered(pair, rules=RulesMode.SCRIPT)
    return pair.acme


def account(half: Half) -> MemoryAccount:
    kind = half.node.desks["memory"]
    assert isinstance(kind, MemoryDesks)
    return kind.account(f"memory:{half.name.lower()}")


def raised(half: Half, summary: str, priority: str = "Low") -> str:
    return account(half).raise_ticket(summary, priority=priority)


async def link_of(half: Half, ticket: str, state: LinkState = LinkState.LINKED, **values: object) -> Link:
    connection_id = (await half.connection()).id
    link = Link(f"l{ticket}".ljust(26, "x"), connection_id, ticket, f"t{ticket}", born_here=True, state=state)
    link = replace(link, **values)  # type: ignore[arg-type]
    await half.node.store.run(half.id, lambda tx: tx.links.add(link))
    return link


async def over(half: Half, days: int = 3650) -> Summary:
    async def go_on(summary: Summary) -> bool:
        return True

    return await try_days(half.node, half.actor, (await half.connection()).id, days, ToyRules, go_on)


async def draft(half: Half, **texts: str) -> None:
    connection_id = (await half.connection()).id
    opened = await open_rules(half.node, half.actor, connection_id)
    await keep_draft(half.node, half.actor, connection_id, replace(opened.draft, **texts))  # type: ignore[arg-type]


async def test_a_new_ticket_would_be_created_with_what_the_rule_lets_out(acme: Half) -> None:
    ticket = raised(acme, "Printer smokes")
    trial = await try_ticket(acme.node, acme.actor, (await acme.connection()).id, f"#{ticket}", ToyRules)
    assert (trial.summary, trial.incoming) == ("Printer smokes", None)
    assert (trial.outgoing.verdict, trial.outgoing.changes) == (Verdict.CREATE, ("summary: Printer smokes",))


async def test_of_a_linked_ticket_both_ways_are_tried(acme: Half) -> None:
    ticket = raised(acme, "New words")
    await link_of(
        acme, ticket, let_out=Fields({"summary": "Old words", "status": "Open"}), received=Fields({"summary": "Theirs"})
    )
    trial = await try_ticket(acme.node, acme.actor, (await acme.connection()).id, ticket, ToyRules)
    assert trial.outgoing.verdict is Verdict.UPDATE
    assert trial.outgoing.changes == ("summary: Old words → New words", "status: no longer let out")
    assert trial.incoming is not None and trial.incoming.verdict is Verdict.UPDATE
    assert trial.incoming.changes == ("summary: New words → Theirs",)


async def test_where_the_partner_would_learn_nothing_nothing_is_sent(acme: Half) -> None:
    same = raised(acme, "Same")
    await link_of(acme, same, let_out=Fields({"summary": "Same"}), received=Fields({"summary": "Same"}))
    trial = await try_ticket(acme.node, acme.actor, (await acme.connection()).id, same, ToyRules)
    assert trial.outgoing.verdict is Verdict.SKIP
    assert trial.incoming is not None and trial.incoming.verdict is Verdict.SKIP
    parted = raised(acme, "Parted")
    await link_of(acme, parted, LinkState.CUT)
    trial = await try_ticket(acme.node, acme.actor, (await acme.connection()).id, parted, ToyRules)
    assert trial.outgoing.verdict is Verdict.SKIP and "was parted" in trial.outgoing.others[0]


async def test_the_draft_is_tried_and_what_it_says_and_where_it_stops_is_told(acme: Half) -> None:
    ticket = raised(acme, "x")
    await link_of(acme, ticket, received=Fields({"summary": "y"}))
    await draft(acme, outgoing="SAY", incoming="STOP")
    trial = await try_ticket(acme.node, acme.actor, (await acme.connection()).id, ticket, ToyRules)
    assert trial.outgoing.log == ("hello",)
    assert trial.incoming is not None and (trial.incoming.verdict, trial.incoming.line) == (Verdict.FAIL, 1)
    assert "line 1, column 2" in trial.incoming.trouble


async def test_over_days_verdicts_are_counted_with_examples_and_calls(acme: Half) -> None:
    for number in range(5):
        raised(acme, f"New {number}")
    raised(acme, "bad")
    known = raised(acme, "Known")
    await link_of(acme, known, let_out=Fields({"summary": "Known"}), received=Fields({"summary": "Theirs"}))
    calls: set[str] = set()
    account(acme).watch = lambda moment, call: calls.add(call)
    summary = await over(acme)
    assert summary.looked_at == 7 and summary.is_over and not summary.was_stopped
    assert dict(summary.outgoing.numbers) == {Verdict.CREATE: 5, Verdict.FAIL: 1, Verdict.SKIP: 1}
    assert dict(summary.incoming.numbers) == {Verdict.UPDATE: 1}
    assert len(summary.outgoing.examples[Verdict.CREATE]) == 3
    assert "Cannot get property 'x' on null object" in summary.outgoing.examples[Verdict.FAIL][0]
    assert (summary.our_calls, summary.their_calls, summary.minutes) == (1 + 7 * 2 + 1, 5, 1)
    assert calls == {"facts", "list", "read"}, "nothing is written"


async def test_tickets_outside_of_the_scope_are_left_alone(acme: Half) -> None:
    raised(acme, "In", priority="Urgent")
    raised(acme, "Out", priority="Low")
    connection_id = (await acme.connection()).id

    def scope(tx: Transaction) -> None:
        tx.scopes.put(connection_id, Scope("priority:4", tx.now))

    await acme.node.store.run(acme.id, scope)
    summary = await over(acme)
    assert dict(summary.outgoing.numbers) == {Verdict.CREATE: 1, Verdict.SKIP: 1}
    assert "not in the scope" in summary.outgoing.examples[Verdict.SKIP][0]


async def test_a_ticket_that_would_not_travel_by_itself_is_said_to_be_one(acme: Half) -> None:
    connection_id = (await acme.connection()).id

    async def notes(ticket: str) -> str:
        trial = await try_ticket(acme.node, acme.actor, connection_id, ticket, ToyRules)
        return " ".join(trial.outgoing.notes)

    ticket = raised(acme, "Out", priority="Low")
    assert "has no scope: a ticket is shared when somebody asks for it" in await notes(ticket)
    await acme.node.store.run(acme.id, lambda tx: tx.scopes.put(connection_id, Scope("priority:4", tx.now)))
    assert "not in this connection's scope" in await notes(ticket)
    assert await notes(raised(acme, "In", priority="Urgent")) == ""
    copy = account(acme).raise_ticket("Copy", "Text\n\nGlobex #1 · drawbridge:abcdefgh2345")
    assert "copies are not shared on" in await notes(copy)
    await link_of(acme, ticket, received=Fields({"summary": "x"}))
    assert await notes(ticket) == ""


async def test_it_ends_where_it_is_told_to(acme: Half) -> None:
    for number in range(5):
        raised(acme, f"New {number}")
    seen: list[int] = []

    async def report(summary: Summary) -> bool:
        seen.append(summary.looked_at)
        return summary.looked_at < 2

    summary = await try_days(acme.node, acme.actor, (await acme.connection()).id, 3650, ToyRules, report)
    assert (seen, summary.was_stopped, summary.looked_at) == ([1, 2], True, 2)


async def test_a_desk_whose_calls_are_spent_is_waited_for(acme: Half) -> None:
    raised(acme, "x")
    waits: list[float] = []
    errors: list[Exception] = [RemoteUnavailable("busy", wait) for wait in (7.0, None, 900.0)]

    def watch(when: str, call: str) -> None:
        if when == "before" and call == "read" and errors:
            raise errors.pop(0)

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    async def go_on(summary: Summary) -> bool:
        return True

    account(acme).watch = watch
    connection_id = (await acme.connection()).id
    summary = await try_days(acme.node, acme.actor, connection_id, 3650, ToyRules, go_on, sleep=sleep)
    assert waits == [7.0, 5.0, 60.0] and summary.outgoing.number(Verdict.CREATE) == 1
    errors += [RemoteUnavailable("down")] * 4
    with pytest.raises(DeskNotUsable, match="did not answer"):
        await try_days(acme.node, acme.actor, connection_id, 3650, ToyRules, go_on, sleep=sleep)
    errors[:] = [RemoteRefusedUs("no")]
    with pytest.raises(DeskNotUsable, match="refused Drawbridge's key"):
        await try_days(acme.node, acme.actor, connection_id, 3650, ToyRules, go_on, sleep=sleep)


async def test_recent_tickets_are_offered_newest_first(acme: Half) -> None:
    raised(acme, "First")
    raised(acme, "Second")
    connection_id = (await acme.connection()).id
    recent = await recent_tickets(acme.node, acme.actor, connection_id)
    assert {words.partition(" ")[2] for _, words in recent} <= {"First", "Second"}
    with pytest.raises(NotFound, match="Your desk has no ticket #99"):
        await try_ticket(acme.node, acme.actor, connection_id, "99", ToyRules)
