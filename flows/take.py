"""A ticket of ours moved: read it again, run the outgoing rule, and send what the partner would learn."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flows.desk_of import OpenDesk, open_desk
from flows.draw import new_id
from flows.files import Packed, packed
from flows.node import Node
from flows.parcels import CHUNK, GONE, MAX_BODY, UPDATE, chunk_body, gone_body, update_body
from flows.rounds import brake_on_creations, brake_on_rounds
from flows.rule_runs import let_out_now
from flows.rule_texts import running_texts
from flows.tell_tickets import park_ours, tell_cut
from pairing.connection import Connection
from rules.errors import RuleError
from rules.script import RuleTexts
from storage.lanes import LaneKind, Lease
from storage.store import Transaction
from sync.envelope import Envelope
from sync.errors import RemoteConflict, RemoteGone, RemoteRefusedTicket
from sync.fields import Fields
from sync.intent import ours
from sync.link import MISSING, Link, LinkState, Trace, TraceKind, value_digest
from sync.outgoing import Departure, comment_digest, is_taken, next_update
from sync.replica import Update
from sync.scope import is_in_scope
from sync.ticket import Ticket, TicketState

_WAIT_FOR_APPLY = timedelta(seconds=1)
_SECOND_LOOK = timedelta(seconds=60)
SAME_SECOND = timedelta(seconds=3)


@dataclass(frozen=True, slots=True)
class _Looked:
    """What the database knows before the ticket is read."""

    connection: Connection
    desk: OpenDesk
    link: Link | None
    traces: tuple[Trace, ...]
    scope: str | None
    now: datetime
    is_busy: bool  # our own write to this ticket is under way
    asked: str | None  # "sync" or "backfill" when a person asked for this ticket
    texts: RuleTexts
    is_parked: bool  # our rule did not let an earlier change of it pass


async def take_change(node: Node, lease: Lease) -> None:
    """The lane's key is "connection:ticket". Raises the Remote family; ends the lane's turn otherwise. What our rule or
    our desk does not let pass waits for a person."""
    connection_id, _, ticket_id = lease.key.partition(":")
    organisation = lease.organisation_id
    looked = await node.store.read(organisation, lambda tx: _look(node, tx, connection_id, ticket_id))
    if looked is None:
        await node.store.run(organisation, lambda tx: tx.lanes.finish(lease), lease=lease)
        return
    if looked.is_busy:
        again = looked.now + _WAIT_FOR_APPLY
        await node.store.run(organisation, lambda tx: tx.lanes.finish(lease, again=again), lease=lease)
        return
    try:
        ticket = await looked.desk.tracker.read(ticket_id)
    except RemoteGone:
        await node.store.run(organisation, lambda tx: _gone(node, tx, lease, looked), lease=lease)
        return
    if ticket.state is not TicketState.LIVE:
        reason = "spam" if ticket.state is TicketState.SPAM else "deleted"
        await node.store.run(organisation, lambda tx: _cut(node, tx, lease, looked, reason), lease=lease)
        return
    in_scope = looked.asked is not None or (looked.scope is not None and is_in_scope(looked.scope, ticket.native))
    if not is_taken(looked.link, in_scope=in_scope, is_copy=ticket.marker is not None):
        await node.store.run(organisation, lambda tx: _left(tx, lease, looked, ticket_id), lease=lease)
        return
    try:
        await send_news(node, lease, looked, ticket)
    except (RuleError, RemoteRefusedTicket) as error:
        problem = error
        await node.store.run(organisation, lambda tx: _stopped(node, tx, lease, looked, ticket, problem), lease=lease)


async def send_news(node: Node, lease: Lease, looked: _Looked, ticket: Ticket) -> None:
    """Decides on what was read, fetches new files, and commits link, traces and envelopes together or not at all."""
    let_out = await let_out_now(
        node,
        lease.organisation_id,
        looked.desk,
        looked.connection,
        looked.texts,
        ticket,
        looked.link,
        looked.traces,
        looked.now,
    )
    link = looked.link or Link(new_id(node), looked.connection.id, ticket.id, None, born_here=True)
    departure = next_update(link, looked.traces, ticket, let_out)
    files = Packed((), ())
    if departure.update is not None and departure.files:
        try:
            files = await packed(looked.desk.tracker, ticket, departure.files, node.excluded_files)
        except RemoteGone as error:  # a file was removed after we read the ticket: read it again
            raise RemoteConflict("the ticket's files changed meanwhile") from error

    def write(tx: Transaction) -> None:
        _depart(node, tx, lease, looked, departure, files, _second_look(ticket.version, tx.now))

    await node.store.run(lease.organisation_id, write, lease=lease)


def _look(node: Node, tx: Transaction, connection_id: str, ticket_id: str) -> _Looked | None:
    connection = tx.connections.find(connection_id)
    if connection is None or not connection.is_open:
        return None
    desk = open_desk(node, tx, connection)
    if desk is None:
        return None
    link = tx.links.by_ours(connection_id, ticket_id)
    scope = tx.scopes.find(connection_id)
    return _Looked(
        connection=connection,
        desk=desk,
        link=link,
        traces=tx.traces.of_link(link.id) if link else (),
        scope=scope.query if scope else None,
        now=tx.now,
        is_busy=link is not None and bool(tx.intents.open_of_link(link.id)),
        asked=tx.asked.find(connection_id, ticket_id),
        is_parked=tx.parked.find(connection_id, ours(ticket_id)) is not None,
        texts=running_texts(tx, connection),
    )


def _depart(
    node: Node,
    tx: Transaction,
    lease: Lease,
    looked: _Looked,
    departure: Departure,
    files: Packed,
    again: datetime | None,
) -> None:
    connection, update = looked.connection, departure.update
    parts = () if update is None else split(_filled(update, files, is_backfill=looked.asked is not None))
    # The next update is numbered on from the last part.
    link = replace(departure.link, sent_number=parts[-1].number) if parts else departure.link
    if looked.link is None:
        if update is None or tx.links.by_ours(connection.id, str(link.our_ticket)) is not None:
            tx.lanes.finish(lease)
            return
        if brake_on_creations(node, tx, connection, lease, asked=looked.asked is not None):
            return
        tx.links.add(link)
    else:
        is_answer = update is not None and bool(update.changed)
        if is_answer and brake_on_rounds(node, tx, connection, lease, str(link.our_ticket)):
            return
        tx.links.save(link)  # RemoteConflict when something of the partner's was applied meanwhile: read again
    named = tuple(Trace(link.id, TraceKind.COMMENT, True, c.id, None, comment_digest(c)) for c in files.named)
    fetched = tuple(
        Trace(link.id, TraceKind.FILE, True, parcel.file.id, None, value_digest(parcel.file.sha256, parcel.file.name))
        for parcel in files.parcels
    )
    skipped = tuple(
        Trace(link.id, TraceKind.FILE, True, c.id.removeprefix("file:"), None, "not sent") for c in files.named
    )
    tx.traces.put(*departure.traces, *named, *fetched, *skipped)
    tx.traces.forget(*departure.forgotten)
    for kind, body in _bodies(parts, files):
        send_to_partner(node, tx, connection, link, kind, body)
    _left(tx, lease, looked, str(link.our_ticket), again)


def _filled(update: Update, files: Packed, *, is_backfill: bool) -> Update:
    return replace(
        update,
        comments=update.comments + files.named,
        files=tuple(parcel.file for parcel in files.parcels),
        is_backfill=is_backfill,
    )


def _bodies(parts: tuple[Update, ...], files: Packed) -> list[tuple[str, str]]:
    """Pieces of files first, so that they are there when the update names them; long comments go in updates of their
    own number order, split so that no envelope is too large."""
    bodies = [(CHUNK, chunk_body(chunk)) for parcel in files.parcels for chunk in parcel.chunks]
    return bodies + [(UPDATE, update_body(part)) for part in parts]


def split(update: Update) -> tuple[Update, ...]:
    """The update in parts that fit an envelope, numbered on: the first says what changed, each its share of the
    comments with the files that hang at them."""
    if len(update_body(update).encode()) <= MAX_BODY or len(update.comments) <= 1:
        return (update,)
    half = len(update.comments) // 2
    late = {comment.id for comment in update.comments[half:]}
    first = replace(
        update,
        comments=update.comments[:half],
        files=tuple(file for file in update.files if file.comment_id not in late),
    )
    parts = split(first)
    rest = replace(
        update,
        number=parts[-1].number + 1,
        changed=(),
        was=Fields(),
        is_whole=False,
        comments=update.comments[half:],
        files=tuple(file for file in update.files if file.comment_id in late),
        removed=(),
    )
    return (*parts, *split(rest))


def send_to_partner(node: Node, tx: Transaction, connection: Connection, link: Link, kind: str, body: str) -> None:
    tx.outbox.add(
        connection.id,
        Envelope(
            new_id(node), kind, tx.now.replace(microsecond=0), body, ticket=link.our_ticket, peer=link.their_ticket
        ),
    )
    tx.wake(f"connection:{connection.id}")
    if connection.may_dial:
        tx.lanes.wake(LaneKind.SEND, connection.id)


def _second_look(version: datetime, now: datetime) -> datetime | None:
    """Desks know whole seconds: what came in the second in which we read shows no newer time, so we read once more;
    also when this look found nothing, because it may have come in place of the second one."""
    return now + SAME_SECOND if abs(now - version) < SAME_SECOND else None


def _left(tx: Transaction, lease: Lease, looked: _Looked, ticket_id: str, again: datetime | None = None) -> None:
    """Nothing more to do for this ticket now, or until `again`: who asked for it got it, what was parked is over."""
    if looked.is_parked:
        tx.parked.remove(looked.connection.id, ours(ticket_id))
    if looked.asked is not None:
        tx.asked.remove(looked.connection.id, ticket_id)
        backfill = tx.backfills.find(looked.connection.id)
        if looked.asked == "backfill" and backfill is not None and not backfill.is_over:
            tx.backfills.put(looked.connection.id, backfill.after_taking())
    tx.lanes.finish(lease, again=again)


def _stopped(node: Node, tx: Transaction, lease: Lease, looked: _Looked, ticket: Ticket, problem: Exception) -> None:
    if looked.link is not None and looked.link.unlooked_since is not None:
        tx.links.save(replace(looked.link, unlooked_since=None))
    if not _was_skipped(tx, looked, ticket):
        park_ours(node, tx, looked.connection, ticket.id, ticket.shown, problem)
    if looked.asked == "backfill":
        _left(tx, lease, looked, ticket.id)  # it is counted, and stays wanted for when somebody says Retry
        tx.asked.put(looked.connection.id, ticket.id, "sync", looked.connection.created_by)
    else:
        tx.lanes.finish(lease)


def _was_skipped(tx: Transaction, looked: _Looked, ticket: Ticket) -> bool:
    """Somebody let this very change go, and the ticket has not moved since it was parked."""
    parked = tx.parked.find(looked.connection.id, ours(ticket.id))
    return parked is not None and parked.is_skipped and looked.asked is None and ticket.version <= parked.parked_at


def _gone(node: Node, tx: Transaction, lease: Lease, looked: _Looked) -> None:
    """A 404 may be a fault: only a second one, a minute later, counts as deleted."""
    if looked.link is None or looked.link.state is not LinkState.LINKED:
        tx.lanes.finish(lease)
    elif looked.link.reason != MISSING:
        tx.links.save(looked.link.after_missing())
        tx.lanes.finish(lease, again=tx.now + _SECOND_LOOK)
    else:
        _cut(node, tx, lease, looked, "deleted")


def _cut(node: Node, tx: Transaction, lease: Lease, looked: _Looked, reason: str) -> None:
    link = looked.link
    if link is not None and link.state is LinkState.LINKED:
        tx.links.save(link.after_cut(f"{reason} here"))
        send_to_partner(node, tx, looked.connection, link, GONE, gone_body(reason))
        tell_cut(node, tx, looked.connection, link, f"{reason} here")
    tx.lanes.finish(lease)
