"""Rules tried on tickets that there are: what would leave, what would be written, and nothing is written anywhere."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypeVar

from flows.desk_of import OpenDesk, open_desk
from flows.errors import DeskNotUsable
from flows.node import Node
from flows.parcels import UPDATE, ParcelNotReadable, read_update
from flows.rule_trial import (
    Rehearsal,
    Rehearse,
    Summary,
    TicketTrial,
    Tried,
    Verdict,
    change_lines,
    example_of,
    letter_lines,
)
from flows.rules import RulesOpen, open_rules
from flows.tickets import desk_trouble, read_ticket
from pairing.organisation import Actor
from rules.errors import RuleError
from storage.store import Transaction
from sync.envelope import Envelope
from sync.errors import RemoteError, RemoteGone, RemoteUnavailable
from sync.link import Link, LinkState, Trace
from sync.outgoing import is_taken, next_update
from sync.replica import Update
from sync.rule import RuleSide
from sync.scope import is_in_scope
from sync.ticket import DeskFacts, Ticket, TicketState

RECENT_DAYS = 30
_MOST_RECENT = 25
_WAITS = (1.0, 5.0, 20.0)  # seconds before a call that was not answered is tried again
_LONGEST_WAIT = 60.0
T = TypeVar("T")
_AT_ONCE = 20
_CALLS_A_READ = 2  # a ticket and its conversations


@dataclass(frozen=True, slots=True)
class _Stage:
    """What a trial needs, read once."""

    opened: RulesOpen
    desk: OpenDesk
    rehearsal: Rehearsal
    scope: str | None


@dataclass(frozen=True, slots=True)
class _Pair:
    """What is known of a ticket here; `waiting` is the first update of the partner's that is not settled."""

    link: Link | None
    traces: tuple[Trace, ...] = ()
    waiting: Update | None = None


async def recent_tickets(node: Node, actor: Actor, connection_id: str) -> tuple[tuple[str, str], ...]:
    """Id and name of tickets that changed lately, at most 25, for a menu. Raises NotFound, DeskNotUsable."""
    _, desk, _ = await _open(node, actor, connection_id)
    since = datetime.now(UTC) - timedelta(days=RECENT_DAYS)
    try:
        page = await desk.tracker.tickets_since(since, None)
    except RemoteError as error:
        raise desk_trouble(error) from error
    newest = sorted(page.tickets, key=lambda one: one.version, reverse=True)[:_MOST_RECENT]
    return tuple((one.id, f"{one.shown} {one.fields.get('summary') or ''}".strip()) for one in newest)


async def try_ticket(node: Node, actor: Actor, connection_id: str, typed: str, rehearse: Rehearse) -> TicketTrial:
    """The person's draft, or else the rules that run. Raises NotFound, DeskNotUsable, MoveNotPossible."""
    stage = await _stage(node, actor, connection_id, rehearse)
    ticket = await read_ticket(stage.desk, typed)
    pair = await node.store.read(actor.organisation_id, lambda tx: _pair_of(tx, connection_id, ticket.id))
    facts = await _facts(stage.desk)
    outgoing = await _try_outgoing(stage.rehearsal, ticket, pair, facts)
    return TicketTrial(
        ticket.shown,
        str(ticket.fields.get("summary") or ""),
        replace(outgoing, notes=outgoing.notes + _not_by_itself(stage.scope, ticket, pair)),
        await _try_incoming(stage.rehearsal, ticket, pair, facts),
    )


def _not_by_itself(scope: str | None, ticket: Ticket, pair: _Pair) -> tuple[str, ...]:
    """Why this ticket would not travel, whatever the rule lets out."""
    if pair.link is not None:
        return ()
    if ticket.marker is not None:
        return ("It is a copy of a partner's ticket, and copies are not shared on.",)
    if scope is None:
        return ("This connection has no scope: a ticket is shared when somebody asks for it.",)
    if not is_in_scope(scope, ticket.native):
        return ("It is not in this connection's scope, so it is shared only when somebody asks for it.",)
    return ()


async def try_days(
    node: Node,
    actor: Actor,
    connection_id: str,
    days: int,
    rehearse: Rehearse,
    report: Callable[[Summary], Awaitable[bool]],
    *,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Summary:
    """All tickets of the last days, one after the other; `report` is called after each and says whether to go on.

    Raises NotFound, DeskNotUsable, MoveNotPossible.
    """
    stage = await _stage(node, actor, connection_id, rehearse)
    facts = await _facts(stage.desk)
    since, page, summary = datetime.now(UTC) - timedelta(days=days), None, Summary(days)
    while True:
        found = await _patiently(partial(stage.desk.tracker.tickets_since, since, page), sleep)
        summary = replace(summary, our_calls=summary.our_calls + 1)
        for listed in found.tickets:
            summary = await _counted(node, actor, stage, facts, listed, summary, sleep)
            if not await report(summary):
                return replace(summary, is_over=True, was_stopped=True)
        page = found.next
        if page is None:
            return replace(summary, is_over=True)


async def _counted(
    node: Node,
    actor: Actor,
    stage: _Stage,
    facts: DeskFacts,
    listed: Ticket,
    summary: Summary,
    sleep: Callable[[float], Awaitable[None]],
) -> Summary:
    connection_id = stage.opened.connection.id
    pair = await node.store.read(actor.organisation_id, lambda tx: _pair_of(tx, connection_id, listed.id))
    summary = replace(summary, looked_at=summary.looked_at + 1)
    in_scope = stage.scope is None or is_in_scope(stage.scope, listed.native)
    if not is_taken(pair.link, in_scope=in_scope, is_copy=listed.marker is not None):
        left = Tried(RuleSide.OUTGOING, Verdict.SKIP)
        return replace(summary, outgoing=summary.outgoing.after(left, f"{listed.shown}: not in the scope"))
    try:
        ticket = await _patiently(partial(stage.desk.tracker.read, listed.id), sleep)
    except RemoteGone:
        return summary
    if ticket.state is not TicketState.LIVE:
        return summary
    out = await _try_outgoing(stage.rehearsal, ticket, pair, facts)
    into = await _try_incoming(stage.rehearsal, ticket, pair, facts)
    ours, theirs = _CALLS_A_READ, 0
    if out.verdict in (Verdict.CREATE, Verdict.UPDATE):
        theirs += 1 + len(out.others)
    counted = replace(summary, outgoing=summary.outgoing.after(out, example_of(ticket, out)))
    if into is not None:
        ours += bool(into.changes) + len(into.others)
        counted = replace(counted, incoming=summary.incoming.after(into, example_of(ticket, into)))
    return replace(counted, our_calls=summary.our_calls + ours, their_calls=summary.their_calls + theirs)


async def _patiently(call: Callable[[], Awaitable[T]], sleep: Callable[[float], Awaitable[None]]) -> T:
    """Nobody waits for each ticket: where the desk's calls are spent the trial waits with everybody else.

    Raises RemoteGone, DeskNotUsable.
    """
    for wait in (*_WAITS, None):
        try:
            return await call()
        except RemoteGone:
            raise
        except RemoteUnavailable as error:
            if wait is None:
                raise desk_trouble(error) from error
            await sleep(min(error.retry_after or wait, _LONGEST_WAIT))
        except RemoteError as error:
            raise desk_trouble(error) from error
    raise AssertionError("the last try returned or raised")


async def _try_outgoing(rehearsal: Rehearsal, ticket: Ticket, pair: _Pair, facts: DeskFacts) -> Tried:
    side, link, traces = RuleSide.OUTGOING, pair.link, pair.traces
    if link is not None and link.state is not LinkState.LINKED:
        return Tried(side, Verdict.SKIP, others=("this pair of tickets was parted, or is not joined yet",))
    try:
        let_out, played = await rehearsal.outgoing(ticket, link, traces, facts)
    except RuleError as error:
        return Tried(side, Verdict.FAIL, trouble=str(error), line=error.line)
    except RemoteError as error:  # what the rule asked its desk
        raise desk_trouble(error) from error
    if link is None:
        changes = change_lines(played.fields, {})
        return Tried(side, Verdict.CREATE, changes, letter_lines(let_out) + played.others, played.log)
    departure = next_update(link, traces, ticket, let_out)
    if departure.update is None:
        return Tried(side, Verdict.SKIP, others=played.others, log=played.log)
    news = replace(let_out, comments=departure.update.comments, files=departure.files)
    changes = change_lines(played.fields, link.let_out, whole=True)
    return Tried(side, Verdict.UPDATE, changes, letter_lines(news) + played.others, played.log)


async def _try_incoming(rehearsal: Rehearsal, ticket: Ticket, pair: _Pair, facts: DeskFacts) -> Tried | None:
    side, link = RuleSide.INCOMING, pair.link
    if link is None or link.state is not LinkState.LINKED or not (link.received or pair.waiting):
        return None
    try:
        played = await rehearsal.incoming(link, pair.traces, ticket, facts, pair.waiting)
    except RuleError as error:
        return Tried(side, Verdict.FAIL, trouble=str(error), line=error.line)
    except RemoteError as error:  # what the rule asked its desk
        raise desk_trouble(error) from error
    changes = change_lines(played.fields, ticket.fields)
    verdict = Verdict.UPDATE if changes or played.others else Verdict.SKIP
    return Tried(side, verdict, changes, played.others, played.log, notes=played.notes)


def _pair_of(tx: Transaction, connection_id: str, ticket_id: str) -> _Pair:
    link = tx.links.by_ours(connection_id, ticket_id)
    if link is None:
        return _Pair(None)
    envelopes = tx.inbox.of_ticket(connection_id, link.their_ticket, _AT_ONCE) if link.their_ticket else ()
    return _Pair(link, tx.traces.of_link(link.id), next(_updates(envelopes), None))


def _updates(envelopes: Sequence[Envelope]) -> Iterator[Update]:
    for envelope in envelopes:
        if envelope.type == UPDATE:
            with suppress(ParcelNotReadable):
                yield read_update(envelope)


async def _facts(desk: OpenDesk) -> DeskFacts:
    try:
        return await desk.tracker.facts()
    except RemoteError as error:
        raise desk_trouble(error) from error


async def _stage(node: Node, actor: Actor, connection_id: str, rehearse: Rehearse) -> _Stage:
    opened, desk, scope = await _open(node, actor, connection_id)
    return _Stage(opened, desk, rehearse(actor.organisation_id, desk, opened), scope)


async def _open(node: Node, actor: Actor, connection_id: str) -> tuple[RulesOpen, OpenDesk, str | None]:
    opened = await open_rules(node, actor, connection_id)

    def read(tx: Transaction) -> tuple[OpenDesk | None, str | None]:
        scope = tx.scopes.find(connection_id)
        return open_desk(node, tx, opened.connection), scope.query if scope is not None else None

    desk, scope = await node.store.read(actor.organisation_id, read)
    if desk is None:
        raise DeskNotUsable("The desk of this connection is not there any more.")
    return opened, desk, scope
