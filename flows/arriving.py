"""What the incoming rule makes of a partner's update: run on the replica before and on the new one."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime

from flows.answers import Answers, NoWrites, Writes
from flows.desk_of import OpenDesk
from flows.node import Node
from flows.rule_texts import pair_of
from flows.rule_writes import RuleWrites, new_link
from flows.scenes import fields_of, incoming_scene
from pairing.connection import Connection
from pairing.terms import RulesMode
from rules.errors import RuleError
from rules.host.looks import looks_at_our_ticket
from rules.host.scene import Outcome
from rules.script import RuleTexts
from storage.lanes import Lease
from sync.envelope import Envelope
from sync.errors import RemoteGone
from sync.fields import Fields
from sync.intent import Intent
from sync.link import Link, LinkState, Trace
from sync.replica import Update
from sync.rule import RuleSide
from sync.ticket import DeskFacts, Ticket

_QUICKLY_READ = 20_000  # characters of a rule: some milliseconds, once


@dataclass(frozen=True, slots=True)
class Arrived:
    """`before` and `now` are the fields that the rule wants; `link` is what the rule itself may have made or chosen."""

    link: Link | None
    before: Fields
    now: Fields
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Arriving:
    """One update on its way to our ticket. `fields` is its replica without texts that were cut."""

    connection: Connection
    desk: OpenDesk
    texts: RuleTexts
    link: Link | None
    traces: tuple[Trace, ...]
    envelope: Envelope
    update: Update
    fields: Fields
    now: datetime

    def new_link(self, node: Node) -> Link:
        return new_link(node, self.connection, self.envelope, self.update)


async def arrive(node: Node, lease: Lease, arriving: Arriving, kept: tuple[Intent, ...], facts: DeskFacts) -> Arrived:
    """`kept` are intents of an earlier run of the rule. Raises RuleError, Braked and the Remote family."""
    writes = RuleWrites(
        node,
        lease,
        arriving.connection,
        arriving.desk,
        arriving.link,
        arriving.envelope,
        arriving.update,
        arriving.texts,
        kept,
    )
    await writes.settle_earlier(kept)
    ticket = await _looked_at(arriving, writes.link)
    before = await _wanted_before(node, lease, arriving, writes.link, ticket, facts)
    outcome = await _played(node, lease, arriving, writes.link, ticket, facts, writes, is_before=False)
    link = writes.link
    if outcome.link_to is not None and (link is None or link.our_ticket is None):
        link = await _chosen(node, lease, arriving, link, outcome.link_to)
    return Arrived(link, before, fields_of(outcome.fields, RuleSide.INCOMING), outcome)


async def _looked_at(arriving: Arriving, link: Link | None) -> Ticket | None:
    """Our ticket as it stands now, where the rule looks at more of it than its fields: read once, so that both runs see
    the same. None where the fields that we saw last will do. Raises the Remote family."""
    if link is None or link.our_ticket is None or arriving.connection.rules is not RulesMode.SCRIPT:
        return None
    text = arriving.texts.incoming
    quick = len(text) <= _QUICKLY_READ
    looks = looks_at_our_ticket(text) if quick else await asyncio.to_thread(looks_at_our_ticket, text)
    return await arriving.desk.tracker.read(link.our_ticket) if looks else None


async def _wanted_before(
    node: Node, lease: Lease, arriving: Arriving, link: Link | None, ticket: Ticket | None, facts: DeskFacts
) -> Fields:
    """What the rule makes of the replica before the partner's change. Nothing where it cannot tell, where there is no
    ticket of ours yet, and where the rule writes by itself: then all that it wants is compared with our ticket."""
    if link is None or link.our_ticket is None or not arriving.update.before:
        return Fields()
    try:
        outcome = await _played(node, lease, arriving, link, ticket, facts, NoWrites(), is_before=True)
        return Fields() if outcome.used_once else fields_of(outcome.fields, RuleSide.INCOMING)
    except RuleError:
        return Fields()


async def _played(
    node: Node,
    lease: Lease,
    arriving: Arriving,
    link: Link | None,
    ticket: Ticket | None,
    facts: DeskFacts,
    writes: Writes,
    *,
    is_before: bool,
) -> Outcome:
    """One run of the rule. On the replica before it is a dry one: nothing is written by the rule itself."""
    connection, texts, update = arriving.connection, arriving.texts, arriving.update
    scene = incoming_scene(
        connection,
        texts,
        link,
        arriving.traces,
        update,
        update.before if is_before else arriving.fields,
        update.before if update.before else None,
        facts,
        arriving.now,
        ticket=ticket,
        our_url=arriving.desk.desk.address,
        url=arriving.desk.tracker.url_of(link.our_ticket) if link is not None and link.our_ticket else "",
        is_before=is_before,
        dry_run=is_before,
    )
    answers = Answers(node, lease.organisation_id, connection, arriving.desk, writes, may_call=texts.may_call)
    return await pair_of(node, connection, texts).incoming(scene, answers)


async def _chosen(node: Node, lease: Lease, arriving: Arriving, link: Link | None, key: str) -> Link:
    """The pair with a ticket of ours that the rule chose. Raises RuleError when that cannot be."""
    ticket_id = key.strip().removeprefix("#")
    connection_id = arriving.connection.id
    other = await node.store.read(lease.organisation_id, lambda tx: tx.links.by_ours(connection_id, ticket_id))
    if other is not None and other.state is LinkState.LINKED:
        raise RuleError(f"The rule chose our ticket {key}, which is connected to another one already.", "incoming")
    try:
        ticket = await arriving.desk.tracker.read(ticket_id)
    except RemoteGone:
        raise RuleError(f"The rule chose our ticket {key}, which our desk does not have.", "incoming") from None
    return replace(link or arriving.new_link(node), our_ticket=ticket.id, seen=ticket.fields)
