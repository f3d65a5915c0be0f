"""An update of the partner's: run the incoming rule, merge, write down what will be done, do it, cross it out.

Killed at any point it goes on where it was: what was written down and not crossed out is looked up at the desk first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flows.arriving import Arriving, arrive
from flows.catch_up import BEHIND, NOT_LINKED, behind, named_twin, standing
from flows.deeds import Afterwards
from flows.desk_of import OpenDesk, open_desk
from flows.draw import new_id
from flows.intended import Intended
from flows.node import Node
from flows.parcels import (
    ASK,
    CHECK,
    CHUNK,
    GONE,
    UPDATE,
    ParcelNotReadable,
    Result,
    gone_body,
    is_cut,
    read_check,
    read_chunk,
    read_update,
)
from flows.perform import known_afterwards, perform
from flows.performing import Performing
from flows.poll import fresh_until
from flows.rounds import is_braked, remember_applied
from flows.rule_texts import running_texts
from flows.rule_writes import Braked
from flows.take import SAME_SECOND, send_to_partner
from flows.tell_tickets import ask_to_join, park, send_result, settled, tell_conflicts, tell_cut, tell_gone
from pairing.connection import Connection, ConnectionState
from rules.errors import RuleError
from rules.script import RuleTexts
from storage.lanes import LaneKind, Lease
from storage.store import Transaction
from sync.envelope import Envelope
from sync.errors import RemoteConflict, RemoteGone, RemoteRefusedTicket
from sync.fields import Fields
from sync.incoming import plan_update
from sync.intent import Intent, IntentKind
from sync.link import Link, LinkState, Trace
from sync.replica import Update
from sync.scope import is_in_scope

_AT_ONCE = 20
_UNTIL_TOLD = timedelta(seconds=10)
_UNTIL_LISTED, _UNTIL_READ = timedelta(seconds=1), timedelta(seconds=0.2)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the database knows of one ticket of the partner's."""

    connection: Connection
    desk: OpenDesk
    link: Link | None
    traces: tuple[Trace, ...]
    intents: tuple[Intent, ...]
    envelopes: tuple[Envelope, ...]
    now: datetime
    texts: RuleTexts
    is_list_old: bool  # our people may have changed what no list showed yet
    is_to_be_read: bool  # a list showed that our ticket moved


async def apply_next(node: Node, lease: Lease) -> None:
    """The lane's key is "connection:their ticket". Settles the oldest envelope of that ticket, or parks it."""
    connection_id, _, their_ticket = lease.key.partition(":")
    organisation = lease.organisation_id
    waiting = await node.store.read(organisation, lambda tx: _waiting(node, tx, connection_id, their_ticket))
    if waiting is None or not waiting.envelopes:
        await node.store.run(organisation, lambda tx: tx.lanes.finish(lease), lease=lease)
        return
    envelope = waiting.envelopes[0]
    try:
        await _settle(node, lease, waiting, envelope)
    except (RuleError, RemoteRefusedTicket, ParcelNotReadable) as error:
        problem = error
        await node.store.run(
            organisation, lambda tx: park(node, tx, lease, waiting.connection, envelope, problem), lease=lease
        )
    except RemoteGone:
        await node.store.run(organisation, lambda tx: _our_ticket_is_gone(node, tx, lease, waiting), lease=lease)


async def _settle(node: Node, lease: Lease, waiting: Waiting, envelope: Envelope) -> None:
    if envelope.type == CHUNK:
        await _keep_chunks(node, lease, waiting)
    elif envelope.type == UPDATE:
        await _update(node, lease, waiting, envelope)
    elif envelope.type == CHECK:
        await _check(node, lease, waiting, envelope)
    elif envelope.type == GONE:
        await node.store.run(
            lease.organisation_id,
            lambda tx: tell_gone(node, tx, lease, waiting.connection, waiting.link, envelope),
            lease=lease,
        )
    elif envelope.type == ASK:
        await node.store.run(
            lease.organisation_id, lambda tx: ask_to_join(node, tx, lease, waiting.connection, envelope), lease=lease
        )
    else:
        await _closed(node, lease, waiting.connection, envelope, Result(envelope.id, "unsupported"))


async def _keep_chunks(node: Node, lease: Lease, waiting: Waiting) -> None:
    """Pieces of files, as many as stand in a row: they wait beside the inbox until an update names their file."""
    chunks = []
    for envelope in waiting.envelopes:
        if envelope.type != CHUNK:
            break
        chunks.append((envelope, read_chunk(envelope)))

    def write(tx: Transaction) -> None:
        for envelope, chunk in chunks:
            tx.blobs.put(waiting.connection.id, str(envelope.ticket), chunk.file, chunk.offset, chunk.size, chunk.data)
            tx.inbox.settle(waiting.connection.id, envelope.id, "done")
        tx.lanes.finish(lease, again=tx.now)  # the update that names the file comes next

    await node.store.run(lease.organisation_id, write, lease=lease)


async def _update(node: Node, lease: Lease, waiting: Waiting, envelope: Envelope) -> None:
    update = read_update(envelope)
    found = await _with_pair(node, lease, waiting, envelope, update.shown)
    if found is None:
        return
    waiting, connection, link = found, found.connection, found.link
    if link is not None and link.state is not LinkState.LINKED:
        await _closed(node, lease, connection, envelope, Result(envelope.id, "skipped"))
        return
    if missing := behind(link, update, envelope):
        await _closed(node, lease, connection, envelope, missing)
        return
    kept = tuple(intent for intent in waiting.intents if intent.envelope_id == envelope.id)
    intents = tuple(intent for intent in kept if intent.position >= 0)
    is_fresh = not intents
    if is_fresh and update.changed and (waiting.is_list_old or waiting.is_to_be_read):
        await _list_first(node, lease, waiting)
        return
    if is_fresh:
        try:
            planned = await _planned(node, lease, waiting, envelope, update, kept)
        except Braked:
            return
        if planned is None:
            return
        link, intents = planned
    assert link is not None
    performing = Performing(waiting.desk, connection, link, update, envelope.id, waiting.texts)
    link = await perform(node, lease, performing, intents, is_fresh=is_fresh)
    # Of a ticket that was there before the partner told anything, it is taken to know everything that we let out.
    let_out, after = link.let_out, _afterwards(intents)
    if link.is_untold and not let_out:
        let_out = await known_afterwards(node, lease, performing, link, None, Fields(), waiting.now)
    await node.store.run(
        lease.organisation_id,
        lambda tx: _applied(
            node,
            tx,
            lease,
            connection,
            link,
            envelope,
            update,
            let_out,
            wrote=bool(intents),
            may_look=waiting.desk.tracker.has_room,
            after=after,
        ),
        lease=lease,
    )


async def _with_pair(node: Node, lease: Lease, waiting: Waiting, envelope: Envelope, shown: str = "") -> Waiting | None:
    """With the pair that the envelope is about, also where we forgot it. None for an original of ours that is to be
    shared: its own lane tells it, and this envelope waits until it did. Raises ParcelNotReadable, the Remote family."""
    connection = waiting.connection
    if waiting.link is not None or envelope.peer is None:
        _must_agree(waiting.link, envelope)
        return waiting
    twin = await named_twin(waiting.desk, connection, envelope)
    fresh = Link(new_id(node), connection.id, None, envelope.ticket, born_here=False, their_shown=shown)

    def write(tx: Transaction) -> Link | None:
        known, scope = tx.links.by_ours(connection.id, twin.id), tx.scopes.find(connection.id)
        if known is None and twin.marker is not None:
            tx.links.add(fresh.after_adopting(twin.id, twin.marker))
            return tx.links.by_id(fresh.id)
        is_told = known is not None and known.their_ticket is None
        if not is_told and (known is not None or scope is None or not is_in_scope(scope.query, twin.native)):
            raise ParcelNotReadable(NOT_LINKED)
        tx.lanes.wake(LaneKind.TAKE, f"{connection.id}:{twin.id}")
        tx.lanes.finish(lease, again=tx.now + _UNTIL_TOLD)
        return None

    link = await node.store.run(lease.organisation_id, write, lease=lease)
    return None if link is None else replace(waiting, link=link)


async def _check(node: Node, lease: Lease, waiting: Waiting, envelope: Envelope) -> None:
    """The partner asks whether we are as far as it thinks, for one of us seems to have forgotten something."""
    number, knows = read_check(envelope)
    found = await _with_pair(node, lease, waiting, envelope)
    if found is None:
        return
    connection, link = found.connection, found.link

    def write(tx: Transaction) -> None:
        if link is not None and link.state is LinkState.LINKED and link.sent_number < knows:
            tx.links.save(link.after_hearing(knows))
        if link is not None and link.applied_number != number:
            known = link.applied_number
            missing = Result(envelope.id, BEHIND, link.our_ticket, known=known, refused=number + 1)
            _close(node, tx, lease, connection, envelope, missing)
        else:
            settled(tx, lease, connection, envelope)

    await node.store.run(lease.organisation_id, write, lease=lease)


async def _planned(
    node: Node, lease: Lease, waiting: Waiting, envelope: Envelope, update: Update, kept: tuple[Intent, ...]
) -> tuple[Link, tuple[Intent, ...]] | None:
    """Decides, and commits what will be done before any of it is; None when it ended otherwise."""
    facts = await waiting.desk.tracker.facts()
    waiting, adopted_traces = await _with_standing(waiting, update)
    arriving = Arriving(
        connection=waiting.connection,
        desk=waiting.desk,
        texts=waiting.texts,
        link=waiting.link,
        traces=waiting.traces,
        envelope=envelope,
        update=update,
        fields=_whole(update.fields, waiting.link),
        now=waiting.now,
    )
    arrived = await arrive(node, lease, arriving, kept, facts)
    if arrived.outcome.is_dropped and arrived.link is None:
        await _closed(node, lease, waiting.connection, envelope, Result(envelope.id, "skipped"))
        return None
    link = arrived.link or arriving.new_link(node)
    plan = plan_update(
        link,
        waiting.traces,
        update,
        wanted_before=arrived.before,
        wanted_now=arrived.now,
        policy=waiting.connection.policy,
        our_side=waiting.connection.side,
    )
    intended = Intended(node, waiting.connection, link, waiting.traces, envelope, update, arrived.outcome)
    intents = intended.intents(plan, waiting.now)
    planned = replace(link, own=tuple(c for c in link.own if c.number > update.knows and c.field not in plan.settled))

    def write(tx: Transaction) -> Link | None:
        is_kept = waiting.link is not None or tx.links.by_theirs(link.connection_id, str(link.their_ticket)) is not None
        if not is_kept:
            # Counted together with the link, or every new try after a crash would count as one more ticket.
            if is_braked(node, tx, waiting.connection, lease, update):
                return None
            tx.links.add(planned)
        else:
            tx.links.save(planned)  # RemoteConflict when a change of ours went out meanwhile: decide again
        tx.traces.put(*adopted_traces)
        tx.intents.add(*intents)
        tell_conflicts(node, tx, waiting.connection, link, envelope.id, plan.conflicts)
        return tx.links.by_id(planned.id)

    stored = await node.store.run(lease.organisation_id, write, lease=lease)
    return None if stored is None else (stored, intents)


async def _with_standing(waiting: Waiting, update: Update) -> tuple[Waiting, tuple[Trace, ...]]:
    """A whole update may bring what stands at our ticket already: then there are traces of it."""
    link = waiting.link
    if link is None or link.our_ticket is None or not update.is_whole:
        return waiting, ()
    ticket = await waiting.desk.tracker.read(link.our_ticket)
    found = tuple(standing(waiting.connection, link, update, waiting.traces, ticket))
    return replace(waiting, traces=waiting.traces + found), found


async def _closed(node: Node, lease: Lease, connection: Connection, envelope: Envelope, result: Result) -> None:
    await node.store.run(
        lease.organisation_id, lambda tx: _close(node, tx, lease, connection, envelope, result), lease=lease
    )


def _afterwards(intents: Sequence[Intent]) -> Afterwards:
    found = [Afterwards.from_json(one.payload) for one in intents if one.kind is IntentKind.AFTERWARDS]
    return found[0] if found else Afterwards()


async def _list_first(node: Node, lease: Lease, waiting: Waiting) -> None:
    """What our people wrote last must be known before the partner's value is written over it. The poll wakes who waits;
    where another process polls, or a crash came between, the clock does."""
    desk_id = waiting.desk.desk.id
    if waiting.is_list_old:
        node.waits_for_list.setdefault(desk_id, set()).add(lease.key)

    def write(tx: Transaction) -> None:
        if waiting.is_list_old:
            tx.lanes.wake(LaneKind.POLL, desk_id)
        tx.lanes.finish(lease, again=tx.now + (_UNTIL_LISTED if waiting.is_list_old else _UNTIL_READ))

    await node.store.run(lease.organisation_id, write, lease=lease)


def _whole(fields: Fields, link: Link | None) -> Fields:
    """A text that was cut on its way is never written back: what stands there stays."""
    cut = [name for name, value in fields.items() if is_cut(value)]
    if not cut or link is None:
        return fields
    return fields.without(cut).with_values(dict(link.received.only(cut)))


def _applied(
    node: Node,
    tx: Transaction,
    lease: Lease,
    connection: Connection,
    link: Link,
    envelope: Envelope,
    update: Update,
    let_out: Fields,
    *,
    wrote: bool,
    may_look: bool,
    after: Afterwards,
) -> None:
    """`may_look`: the desk has calls to spare for a look at what we wrote; else a poll does it once there are."""
    if tx.links.by_id(link.id).revision != link.revision:
        raise RemoteConflict("a change of ours went out meanwhile")
    is_unlooked = wrote and not update.is_backfill
    applied = link.after_applying(
        number=update.number,
        knows=update.knows,
        received=_whole(update.fields, link),
        written=Fields(),
        let_out=let_out,
        settled=frozenset(),
    )
    if is_unlooked and not may_look:
        applied = applied.after_putting_off(tx.now)
    tx.links.save(applied)
    tx.intents.drop_of_envelope(connection.id, envelope.id)
    if applied.our_ticket is not None:
        if update.changed:
            remember_applied(tx, connection, applied.our_ticket)
        if is_unlooked and may_look:
            # Desks know whole seconds: what somebody added in the second of our write shows no newer time.
            tx.lanes.wake(LaneKind.TAKE, f"{connection.id}:{applied.our_ticket}", at=tx.now + SAME_SECOND)
        if after.sync_back:
            tx.lanes.wake(LaneKind.TAKE, f"{connection.id}:{applied.our_ticket}")
    for file in update.files:
        tx.blobs.forget(connection.id, file.id)
    _close(node, tx, lease, connection, envelope, Result(envelope.id, "applied", applied.our_ticket))
    if after.unlink:
        cut = tx.links.by_id(applied.id).after_cut("unlinked by the rule")
        tx.links.save(cut)
        send_to_partner(node, tx, connection, cut, GONE, gone_body("unlinked"))
        tell_cut(node, tx, connection, cut, "unlinked by the rule")


def _close(
    node: Node, tx: Transaction, lease: Lease, connection: Connection, envelope: Envelope, result: Result
) -> None:
    """The envelope is settled, and the partner learns what became of it."""
    send_result(node, tx, connection, envelope, result)
    settled(tx, lease, connection, envelope, "unsupported" if result.status == "unsupported" else "done")


def _our_ticket_is_gone(node: Node, tx: Transaction, lease: Lease, waiting: Waiting) -> None:
    """Our twin was deleted: the take lane finds out for certain and says so on both sides."""
    assert waiting.link is not None
    tx.lanes.wake(LaneKind.TAKE, f"{waiting.connection.id}:{waiting.link.our_ticket}")
    tx.lanes.finish(lease, again=tx.now + timedelta(seconds=90))


def _must_agree(link: Link | None, envelope: Envelope) -> None:
    """Raises ParcelNotReadable when the envelope names a ticket of ours that is not its twin."""
    ours = link.our_ticket if link is not None else None
    if envelope.peer is not None and envelope.peer != ours:
        raise ParcelNotReadable(NOT_LINKED)


def _waiting(node: Node, tx: Transaction, connection_id: str, their_ticket: str) -> Waiting | None:
    connection = tx.connections.find(connection_id)
    if connection is None or connection.state is not ConnectionState.ACTIVE:
        return None
    if tx.parked.of_ticket(connection_id, their_ticket):
        return None  # what follows a parked update waits behind it
    desk = open_desk(node, tx, connection)
    if desk is None:
        return None
    link = tx.links.by_theirs(connection_id, their_ticket)
    envelopes = tx.inbox.of_ticket(connection_id, their_ticket, _AT_ONCE)
    return Waiting(
        connection=connection,
        desk=desk,
        link=link,
        traces=tx.traces.of_link(link.id) if link else (),
        intents=tx.intents.open_of_link(link.id) if link else (),
        envelopes=envelopes,
        now=tx.now,
        texts=running_texts(tx, connection),
        is_list_old=_is_list_old(node, tx, desk, link, envelopes),
        is_to_be_read=_is_to_be_read(tx, link),
    )


def _is_list_old(
    node: Node, tx: Transaction, desk: OpenDesk, link: Link | None, envelopes: tuple[Envelope, ...]
) -> bool:
    """One list after the update came is enough, so a node that has too much to do keeps nothing waiting."""
    if link is None or link.our_ticket is None or not envelopes:
        return False
    until = fresh_until(node, tx, desk.desk.id)
    return until < tx.now and until < tx.inbox.received_at(link.connection_id, envelopes[0].id)


def _is_to_be_read(tx: Transaction, link: Link | None) -> bool:
    if link is None or link.our_ticket is None:
        return False
    return tx.lanes.is_due(LaneKind.TAKE, f"{link.connection_id}:{link.our_ticket}")
