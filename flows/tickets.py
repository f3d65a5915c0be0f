"""What people do with tickets: one by hand, a scope, a back-fill, joining, parting, settling what is parked."""

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flows.connections import named_connection
from flows.desk_of import OpenDesk, facts_in_time, open_desk
from flows.draw import new_id
from flows.errors import DeskNotUsable, NotFound
from flows.node import Node
from flows.notify import refresh, tell
from flows.parcels import ASK, GONE, UPDATE, ParcelNotReadable, Result, ask_body, gone_body, read_update
from flows.poll import start_polling
from flows.tell_tickets import send_result
from pairing.connection import Connection
from pairing.errors import MoveNotPossible
from pairing.notice import NoticeKind
from pairing.organisation import Actor
from storage.lanes import LaneKind
from storage.store import Transaction
from sync.backfill import Backfill
from sync.envelope import Envelope
from sync.errors import RemoteError, RemoteGone, RemoteRefusedUs
from sync.fields import Fields, Value
from sync.intent import Disagreement, ParkedUpdate, Scope
from sync.link import Link, LinkState
from sync.marker import marker_line
from sync.scope import is_in_scope, read_scope
from sync.ticket import Ticket

MAX_BACKFILL = 10_000
_PREVIEW_PAGES = 5
_PREVIEW_DAYS = 30


@dataclass(frozen=True, slots=True)
class Preview:
    """What a scope matches among the tickets of the last 30 days: at most `shown` of them, and how many in all.
    `is_partial`: the desk has more than were looked at."""

    query: str
    matches: int
    looked_at: int
    examples: tuple[str, ...]
    is_partial: bool


@dataclass(frozen=True, slots=True)
class Trouble:
    """One line of `errors`."""

    connection: Connection
    parked: ParkedUpdate


async def preview_scope(node: Node, actor: Actor, name: str, query: str) -> Preview:
    """Asks the desk for recent tickets and tries the filter on them; writes nothing.

    Raises ScopeNotReadable, NotFound, DeskNotUsable.
    """
    read_scope(query, await _custom_fields(node, actor, name))
    _, desk = await _open(node, actor, name)
    since = datetime.now(UTC) - timedelta(days=_PREVIEW_DAYS)
    matches, looked_at, page = 0, 0, None
    examples: list[str] = []
    for _ in range(_PREVIEW_PAGES):
        try:
            found = await desk.tracker.tickets_since(since, page)
        except RemoteError as error:
            raise desk_trouble(error) from error
        for ticket in found.tickets:
            looked_at += 1
            if is_in_scope(query, ticket.native):
                matches += 1
                examples += [_named(ticket)] if len(examples) < 5 else []
        page = found.next
        if page is None:
            break
    return Preview(query.strip(), matches, looked_at, tuple(examples), is_partial=page is not None)


async def set_scope(node: Node, actor: Actor, name: str, query: str) -> Connection:
    """From now on changes of matching tickets are taken; an empty query takes none. Raises ScopeNotReadable."""
    if query.strip():
        read_scope(query, await _custom_fields(node, actor, name))

    def write(tx: Transaction) -> Connection:
        connection = named_connection(tx, name)
        if query.strip():
            tx.scopes.put(connection.id, Scope(query.strip(), tx.now))
        else:
            tx.scopes.remove(connection.id)
        start_polling(tx, connection.desk_id)
        tx.audit.write("connection.scope", connection.name, actor_user=actor.user_id, actor_team=actor.team_id)
        refresh(node, tx)
        return connection

    return await node.store.run(actor.organisation_id, write)


async def scope_of(node: Node, actor: Actor, name: str) -> str:
    """The filter as it stands; empty when nothing is taken by itself."""

    def read(tx: Transaction) -> str:
        scope = tx.scopes.find(named_connection(tx, name).id)
        return scope.query if scope is not None else ""

    return await node.store.read(actor.organisation_id, read)


async def sync_ticket(node: Node, actor: Actor, name: str, ticket_id: str) -> Ticket:
    """Takes one ticket whatever the scope says. Raises NotFound, MoveNotPossible, DeskNotUsable."""
    connection, desk = await _open(node, actor, name)
    ticket = await read_ticket(desk, ticket_id)

    def write(tx: Transaction) -> None:
        _must_be_open(tx.connections.by_id(connection.id))
        tx.asked.put(connection.id, ticket.id, "sync", actor.user_id)
        tx.lanes.wake(LaneKind.TAKE, f"{connection.id}:{ticket.id}")
        tx.audit.write("ticket.sync", f"{connection.name} {ticket.id}", actor_user=actor.user_id)

    await node.store.run(actor.organisation_id, write)
    return ticket


async def link_tickets(node: Node, actor: Actor, name: str, ours: str, theirs: str) -> Ticket:
    """Asks the partner to join two existing tickets; it happens once somebody there says yes."""
    connection, desk = await _open(node, actor, name)
    ticket = await read_ticket(desk, ours)

    def write(tx: Transaction) -> None:
        _must_be_open(tx.connections.by_id(connection.id))
        for existing in (tx.links.by_ours(connection.id, ticket.id), tx.links.by_theirs(connection.id, theirs)):
            if existing is not None and existing.state is LinkState.LINKED:
                raise MoveNotPossible("One of the two is linked already. `unlink` it first.")
            if existing is not None:
                tx.links.remove(existing.id)
        link = Link(new_id(node), connection.id, ticket.id, theirs, born_here=True, state=LinkState.ASKED)
        tx.links.add(link)
        body = ask_body(theirs, ticket.shown, str(ticket.fields.get("summary") or ""))
        _send(node, tx, connection, link, ASK, body)
        tx.audit.write("ticket.link", f"{connection.name} {ticket.id}", actor_user=actor.user_id)

    await node.store.run(actor.organisation_id, write)
    return ticket


async def answer_join(node: Node, actor: Actor, connection_id: str, ours: str, *, yes: bool) -> Link:
    """What our person says to the partner's wish. Raises NotFound."""

    def write(tx: Transaction) -> Link:
        link = tx.links.by_ours(connection_id, ours)
        if link is None or link.state is not LinkState.ASKED or link.born_here:
            raise NotFound("Nobody asks for that any more.")
        connection = tx.connections.by_id(connection_id)
        answered = link.after_joining() if yes else link.after_cut("not joined")
        tx.links.save(answered)
        envelope = Envelope("", ASK, tx.now, ticket=link.their_ticket, peer=ours)
        send_result(node, tx, connection, envelope, Result("join", "applied" if yes else "failed", ours))
        if yes:
            tx.lanes.wake(LaneKind.TAKE, f"{connection_id}:{ours}")
        tx.audit.write("ticket.join", f"{connection.name} {ours}", "ok" if yes else "refused", actor_user=actor.user_id)
        return answered

    return await node.store.run(actor.organisation_id, write)


async def unlink(node: Node, actor: Actor, name: str, ours: str) -> Link:
    """Cuts the pair on both sides and leaves both tickets. Raises NotFound."""
    number = _number(ours)

    def write(tx: Transaction) -> Link:
        connection = named_connection(tx, name)
        link = tx.links.by_ours(connection.id, number)
        if link is None or link.state is not LinkState.LINKED:
            raise NotFound(f"Ticket #{number} is not linked on `{connection.name}`.")
        cut = link.after_cut("unlinked here")
        tx.links.save(cut)
        _send(node, tx, connection, link, GONE, gone_body("unlinked"))
        tx.audit.write("ticket.unlink", f"{connection.name} {number}", actor_user=actor.user_id)
        refresh(node, tx)
        return cut

    return await node.store.run(actor.organisation_id, write)


async def errors(node: Node, actor: Actor, name: str | None = None) -> tuple[Trouble, ...]:
    """What is parked, newest first, at most 50."""

    def read(tx: Transaction) -> tuple[Trouble, ...]:
        wanted = named_connection(tx, name).id if name else None
        return tuple(Trouble(tx.connections.by_id(p.connection_id), p) for p in tx.parked.all(wanted, 50))

    return await node.store.read(actor.organisation_id, read)


async def retry(node: Node, actor: Actor, connection_id: str, envelope_id: str) -> None:
    """Tries a parked update again, and with it what waits behind it. Raises NotFound."""

    def write(tx: Transaction) -> None:
        parked = _parked(tx, connection_id, envelope_id)
        tx.parked.remove(connection_id, envelope_id)
        if parked.our_ticket is not None:
            tx.lanes.wake(LaneKind.TAKE, f"{connection_id}:{parked.our_ticket}")
        else:
            tx.lanes.wake(LaneKind.APPLY, f"{connection_id}:{parked.their_ticket}")
        tx.audit.write("ticket.retry", parked.shown, actor_user=actor.user_id)
        refresh(node, tx)

    await node.store.run(actor.organisation_id, write)


async def skip(node: Node, actor: Actor, connection_id: str, envelope_id: str) -> None:
    """Lets a parked update go: what it wanted is not written, what follows is; a change of ours goes with the next one
    of its ticket. Raises NotFound."""

    def write(tx: Transaction) -> None:
        parked = _parked(tx, connection_id, envelope_id)
        if parked.our_ticket is not None:
            tx.parked.add(parked.after_skipping())
        else:
            tx.parked.remove(connection_id, envelope_id)
            _let_go(node, tx, connection_id, parked)
        tx.audit.write("ticket.skip", parked.shown, actor_user=actor.user_id)
        refresh(node, tx)

    await node.store.run(actor.organisation_id, write)


def _let_go(node: Node, tx: Transaction, connection_id: str, parked: ParkedUpdate) -> None:
    """The partner learns that it was skipped, and what waits behind it is done."""
    _pass_over(tx, connection_id, parked)
    tx.inbox.settle(connection_id, parked.envelope_id, "done")
    connection = tx.connections.by_id(connection_id)
    envelope = Envelope(parked.envelope_id, "ticket.update", tx.now, ticket=parked.their_ticket)
    send_result(node, tx, connection, envelope, Result(parked.envelope_id, "skipped"))
    tx.lanes.wake(LaneKind.APPLY, f"{connection_id}:{parked.their_ticket}")


def _pass_over(tx: Transaction, connection_id: str, parked: ParkedUpdate) -> None:
    """Its number counts as settled, so that the next one does not seem to come too early."""
    link = tx.links.by_theirs(connection_id, parked.their_ticket)
    (envelope,) = tx.inbox.of_ticket(connection_id, parked.their_ticket, 1) or (None,)
    if link is None or envelope is None or envelope.id != parked.envelope_id or envelope.type != UPDATE:
        return
    with suppress(ParcelNotReadable):
        tx.links.save(link.after_passing_over(read_update(envelope).number))


async def take_other(node: Node, actor: Actor, disagreement_id: str) -> Disagreement:
    """Writes the value that lost into our desk, as a change of our person's: it travels like any other.

    Raises NotFound, DeskNotUsable.
    """

    def read(tx: Transaction) -> tuple[Disagreement, Link, Connection, OpenDesk]:
        found = tx.disagreements.find(disagreement_id)
        link = tx.links.by_id(found.link_id) if found is not None else None
        if found is None or link is None or found.taken or link.state is not LinkState.LINKED:
            raise NotFound("That was settled already.")
        connection = tx.connections.by_id(found.connection_id)
        desk = open_desk(node, tx, connection)
        if desk is None:
            raise DeskNotUsable("The desk of this connection is not there any more.")
        return found, link, connection, desk

    found, link, connection, desk = await node.store.read(actor.organisation_id, read)
    other: Value = json.loads(found.theirs if found.ours_stays else found.ours)
    try:
        partner = connection.partner
        line = marker_line(partner, link.their_shown, link.marker) if link.marker else ""
        await desk.tracker.update(str(link.our_ticket), Fields({found.field: other}), marker_line=line)
    except RemoteError as error:
        raise desk_trouble(error) from error

    def write(tx: Transaction) -> Disagreement:
        taken = found.after_taking()
        tx.disagreements.save(taken)
        tx.lanes.wake(LaneKind.TAKE, f"{found.connection_id}:{link.our_ticket}")
        tx.audit.write("conflict.take", found.field, actor_user=actor.user_id, actor_team=actor.team_id)
        return taken

    return await node.store.run(actor.organisation_id, write)


async def start_backfill(node: Node, actor: Actor, name: str, query: str, days: int) -> Backfill:
    """Takes existing tickets of the last `days` that match; goes on by itself with progress. Raises ScopeNotReadable,
    MoveNotPossible, NotFound."""
    read_scope(query, await _custom_fields(node, actor, name))

    def write(tx: Transaction) -> Backfill:
        connection = named_connection(tx, name)
        _must_be_open(connection)
        running = tx.backfills.find(connection.id)
        if running is not None and not running.is_over:
            raise MoveNotPossible(f"A back-fill of `{name}` is running already.")
        backfill = Backfill(connection.id, query.strip(), tx.now - timedelta(days=days), actor.user_id, tx.now)
        tx.backfills.put(connection.id, backfill)
        tx.lanes.wake(LaneKind.BACKFILL, connection.id)
        tx.audit.write("backfill.start", connection.name, actor_user=actor.user_id, actor_team=actor.team_id)
        tell(node, tx, NoticeKind.BACKFILL, connection)
        return backfill

    return await node.store.run(actor.organisation_id, write)


async def stop_backfill(node: Node, actor: Actor, name: str) -> Backfill:
    """What was taken stays; the rest is left alone. Raises NotFound."""

    def write(tx: Transaction) -> Backfill:
        connection = named_connection(tx, name)
        running = tx.backfills.find(connection.id)
        if running is None or running.is_over:
            raise NotFound(f"No back-fill of `{connection.name}` is running.")
        stopped = running.after_stop(tx.now)
        tx.backfills.put(connection.id, stopped)
        tx.audit.write("backfill.stop", connection.name, actor_user=actor.user_id, actor_team=actor.team_id)
        tell(node, tx, NoticeKind.BACKFILL, connection)
        return stopped

    return await node.store.run(actor.organisation_id, write)


def _send(node: Node, tx: Transaction, connection: Connection, link: Link, kind: str, body: str) -> None:
    at = tx.now.replace(microsecond=0)
    tx.outbox.add(connection.id, Envelope(new_id(node), kind, at, body, ticket=link.our_ticket, peer=link.their_ticket))
    tx.wake(f"connection:{connection.id}")
    if connection.may_dial:
        tx.lanes.wake(LaneKind.SEND, connection.id)


def _must_be_open(connection: Connection) -> None:
    if not connection.is_open:
        raise MoveNotPossible(f"`{connection.name}` is {connection.state}: tickets travel once it is active.")


async def _open(node: Node, actor: Actor, name: str) -> tuple[Connection, OpenDesk]:
    def read(tx: Transaction) -> tuple[Connection, OpenDesk]:
        connection = named_connection(tx, name)
        _must_be_open(connection)
        desk = open_desk(node, tx, connection)
        if desk is None:
            raise DeskNotUsable("The desk of this connection is not there any more.")
        return connection, desk

    return await node.store.read(actor.organisation_id, read)


async def read_ticket(desk: OpenDesk, typed: str) -> Ticket:
    """Raises NotFound, DeskNotUsable."""
    number = _number(typed)
    try:
        return await desk.tracker.read(number)
    except RemoteGone as error:
        raise NotFound(f"Your desk has no ticket #{number}.") from error
    except RemoteError as error:
        raise desk_trouble(error) from error


def _number(typed: str) -> str:
    """People write #372, INC-372 or 372. Raises NotFound."""
    number = "".join(c for c in typed.rsplit("-", 1)[-1] if c.isascii() and c.isdigit())
    if not number or len(number) > 12:
        raise NotFound("Name a ticket by its number, for example `#372`.")
    return number


def desk_trouble(error: RemoteError) -> DeskNotUsable:
    if isinstance(error, RemoteRefusedUs):
        return DeskNotUsable("The desk refused Drawbridge's key. Replace it with `setup`.")
    return DeskNotUsable("The desk did not answer. Try again in a minute.")


def _parked(tx: Transaction, connection_id: str, envelope_id: str) -> ParkedUpdate:
    parked = tx.parked.find(connection_id, envelope_id)
    if parked is None or parked.is_skipped:
        raise NotFound("That was settled already.")
    return parked


def _named(ticket: Ticket) -> str:
    return f"{ticket.shown} {ticket.fields.get('summary') or ''}".strip()[:120]


async def _custom_fields(node: Node, actor: Actor, name: str) -> frozenset[str]:
    """The desk's custom fields by name; none when the desk does not answer, so that a typo there is found later."""
    _, desk = await _open(node, actor, name)
    facts = await facts_in_time(desk)
    return frozenset() if facts is None else facts.custom
