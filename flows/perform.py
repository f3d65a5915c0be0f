"""Does what intents say, one call to the desk at a time, and crosses each out in the transaction that keeps its answer.
The last one stays open until the whole update counts as applied: as long as it is, no look at the ticket takes what was
written for the partner as news.

An intent that is not fresh may have been done before a crash or a lost answer: it is looked for, never done again
blindly. A create and a comment are found by their marker; an update is compared with what stands there now.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flows.deeds import CommentDeed, TicketDeed
from flows.desk_of import OpenDesk
from flows.node import Node
from flows.parcels import ParcelNotReadable
from flows.poll import remember_sight
from flows.rule_runs import known_by_partner
from pairing.connection import Connection
from rules.script import RuleTexts
from storage.lanes import Lease
from storage.store import Transaction
from sync.errors import RemoteGone, RemoteUnavailable
from sync.fields import Fields, Value
from sync.intent import Intent, IntentKind
from sync.link import Link, Trace, TraceKind
from sync.outgoing import file_digest
from sync.replica import ReplicaFile, Update
from sync.ticket import CommentWritten, NewTicket, Sighting, Ticket, Upload, Written

# How long a call whose answer was lost may still be at work over there.
GRACE = timedelta(seconds=10)
_LOOK_BACK = timedelta(minutes=5)
_EMPTY: tuple[Value, ...] = (None, "", ())
_COMMENTS = (IntentKind.ADD_COMMENT, IntentKind.EDIT_COMMENT, IntentKind.REMOVE_COMMENT)


@dataclass(frozen=True, slots=True)
class Performing:
    desk: OpenDesk
    connection: Connection
    link: Link
    update: Update
    envelope_id: str
    texts: RuleTexts
    is_last: bool = False

    def cross_out(self, tx: Transaction, intent: Intent) -> None:
        if not self.is_last:
            tx.intents.done(intent.id)


async def perform(
    node: Node,
    lease: Lease,
    performing: Performing,
    intents: tuple[Intent, ...],
    *,
    is_fresh: bool,
    keeps_last: bool = True,
) -> Link:
    """The link as it is afterwards; whoever calls crosses out the last intent. Raises the Remote family; what was done
    until then is kept."""
    link = performing.link
    for intent in intents:
        now = replace(performing, link=link, is_last=keeps_last and intent is intents[-1])
        if intent.kind in (IntentKind.CREATE, IntentKind.UPDATE):
            link = await _ticket(node, lease, now, intent, is_fresh=is_fresh)
        elif intent.kind in _COMMENTS:
            await _comment(node, lease, now, intent, is_fresh=is_fresh)
    return link


async def _ticket(node: Node, lease: Lease, performing: Performing, intent: Intent, *, is_fresh: bool) -> Link:
    deed = TicketDeed.from_json(intent.payload)
    if intent.kind is IntentKind.CREATE:
        written = None if is_fresh else await _found_creation(node, lease, performing, intent)
        if written is None:
            written = await _create(node, lease, performing, deed)
    else:
        written = await _write(node, lease, performing, deed, is_fresh=is_fresh)

    stands = _standing(performing.link, written, deed, intent)
    before = None if stands.is_untold else deed.before
    let_out = await known_afterwards(node, lease, performing, stands, before, deed.fields, intent.made_at)

    def settle(tx: Transaction) -> Link:
        link = tx.links.by_id(performing.link.id)
        # Both at once: what stands here and what the partner knows of it never differ by what it told us itself.
        now = replace(link, our_ticket=stands.our_ticket, marker=stands.marker, seen=stands.seen, let_out=let_out)
        tx.links.save(now)
        tx.traces.put(*(_file_trace(link, file) for file in deed.files))
        if _is_all_known(link, written, deed):
            remember_sight(tx, performing.connection, written.sighting)
        performing.cross_out(tx, intent)
        return tx.links.by_id(link.id)

    return await node.store.run(lease.organisation_id, settle, lease=lease)


def _standing(link: Link, written: Written, deed: TicketDeed, intent: Intent) -> Link:
    """The link with what our desk answered."""
    if link.our_ticket is None:  # of a new ticket everything that stands there is known, defaults included
        return replace(link, our_ticket=written.ticket_id, seen=written.fields, marker=intent.marker)
    standing = written.fields.only(deed.fields)
    return replace(link, our_ticket=written.ticket_id, seen=link.seen.with_values(dict(standing)))


async def known_afterwards(
    node: Node, lease: Lease, performing: Performing, link: Link, before: Fields | None, wrote: Fields, now: datetime
) -> Fields:
    """What the partner knows of our ticket, as the `link` says it stands, after its own update; see known_by_partner.
    Raises the Remote family."""
    desk, connection, texts = performing.desk, performing.connection, performing.texts
    return await known_by_partner(node, lease.organisation_id, desk, connection, texts, link, before, wrote, now)


async def _create(node: Node, lease: Lease, performing: Performing, deed: TicketDeed) -> Written:
    tracker = performing.desk.tracker
    files = await _uploads(node, lease, performing, deed.files)
    requester = None
    if deed.requester is not None and deed.requester.email:
        requester = await tracker.person_by_email(deed.requester.email)
    return await tracker.create(NewTicket(deed.fields, deed.marker_line, requester, files))


async def _found_creation(node: Node, lease: Lease, performing: Performing, intent: Intent) -> Written | None:
    """The ticket that an earlier attempt made; None when there is none for certain."""
    tracker = performing.desk.tracker
    found = await tracker.find_marked(intent.marker, intent.made_at - _LOOK_BACK)
    if found is not None:
        ticket = await tracker.read(found.ticket_id)
        # What we did not write somebody may have set since, and what we wrote changed: the next look tells it.
        wrote = TicketDeed.from_json(intent.payload).fields
        empty = {name: value for name, value in ticket.fields.items() if value in _EMPTY}
        unseen = Sighting(ticket.id, ticket.version, "")
        return Written(ticket.id, Fields(empty).with_values(dict(wrote)), unseen, ticket.shown, ticket.url)
    await _must_be_over(node, lease, intent)
    await _still_ours(node, lease)
    return None


async def _still_ours(node: Node, lease: Lease) -> None:
    """Looking takes time. Raises LeaseLost when somebody else does by now what we were about to do."""
    await node.store.run(lease.organisation_id, lambda tx: None, lease=lease)


async def _must_be_over(node: Node, lease: Lease, intent: Intent) -> None:
    """Raises RemoteUnavailable while an attempt without an answer may still take effect."""
    now = await node.store.read(lease.organisation_id, lambda tx: tx.now)
    left = intent.made_at + GRACE - now
    if left > timedelta(0):
        raise RemoteUnavailable("an earlier attempt may still be at work", left.total_seconds())


async def _write(node: Node, lease: Lease, performing: Performing, deed: TicketDeed, *, is_fresh: bool) -> Written:
    tracker, ticket_id = performing.desk.tracker, str(performing.link.our_ticket)
    if is_fresh:
        uploads = await _uploads(node, lease, performing, deed.files)
        return await tracker.update(ticket_id, deed.fields, uploads, deed.marker_line)
    ticket = await tracker.read(ticket_id)
    missing = _still_missing(performing.link, ticket, deed)
    there = {(file.name, file.size) for file in ticket.files}
    files = tuple(file for file in deed.files if (file.name, file.size) not in there)
    # Known is what we meant to write, never what somebody put there since; no list showed it, so the next poll looks.
    unseen = Sighting(ticket_id, ticket.version, "")
    if not missing and not files:
        return Written(ticket_id, deed.fields, unseen, ticket.shown, ticket.url)
    uploads = await _uploads(node, lease, performing, files)
    written = await tracker.update(ticket_id, missing, uploads, deed.marker_line)
    known = written.fields.with_values(dict(deed.fields.without(missing)))
    return replace(written, fields=known, sighting=replace(written.sighting, digest=""))


def _is_all_known(link: Link, written: Written, deed: TicketDeed) -> bool:
    """False when the answer shows that somebody changed another field just before: the next poll must look at it."""
    if link.our_ticket is None:
        return True
    others = written.fields.without(deed.fields).only(link.seen)
    return not others.differing_from(link.seen)


def _still_missing(link: Link, ticket: Ticket, deed: TicketDeed) -> Fields:
    """Fields that stand as they did before our write. What is neither before nor after, somebody changed since: their
    change is newer than ours and goes to the partner by the next look."""
    before = {name: value for name, value in deed.fields.items() if ticket.fields.get(name) == link.seen.get(name)}
    return Fields(before).differing_from(ticket.fields)


async def _comment(node: Node, lease: Lease, performing: Performing, intent: Intent, *, is_fresh: bool) -> None:
    deed = CommentDeed.from_json(intent.payload)
    ticket_id = str(performing.link.our_ticket)
    written = await _comment_written(node, lease, performing, intent, deed, ticket_id, is_fresh=is_fresh)

    def settle(tx: Transaction) -> None:
        link = performing.link
        if written is None:
            gone = Trace(link.id, TraceKind.COMMENT, False, deed.our_id, deed.their_id, deed.digest)
            tx.traces.forget(gone)
        else:
            trace = Trace(link.id, TraceKind.COMMENT, False, written.comment_id, deed.their_id, deed.digest)
            tx.traces.put(replace(trace, marker=intent.marker), *(_file_trace(link, file) for file in deed.files))
        performing.cross_out(tx, intent)

    await node.store.run(lease.organisation_id, settle, lease=lease)


async def _comment_written(
    node: Node,
    lease: Lease,
    performing: Performing,
    intent: Intent,
    deed: CommentDeed,
    ticket_id: str,
    *,
    is_fresh: bool,
) -> CommentWritten | None:
    """None for a comment that is not there any more."""
    tracker = performing.desk.tracker
    if intent.kind is IntentKind.REMOVE_COMMENT:
        await tracker.remove_comment(ticket_id, str(deed.our_id))
        return None
    if intent.kind is IntentKind.EDIT_COMMENT:
        try:
            # What became internal over there must not be written where everybody reads it: the update waits instead.
            is_public = None if deed.is_public else False
            line = deed.marker_line
            return await tracker.edit_comment(ticket_id, str(deed.our_id), deed.text, line, is_public=is_public)
        except RemoteGone:
            await tracker.read(ticket_id)  # RemoteGone again when it was the whole ticket
            return None
    if not is_fresh:
        ticket = await tracker.read(ticket_id)
        found = next((comment for comment in ticket.comments if comment.marker == intent.marker), None)
        if found is not None:
            return CommentWritten(found.id, found.at)
        await _must_be_over(node, lease, intent)
        await _still_ours(node, lease)
    files = await _uploads(node, lease, performing, deed.files)
    return await tracker.add_comment(ticket_id, deed.text, deed.marker_line, files, is_public=deed.is_public)


async def _uploads(
    node: Node, lease: Lease, performing: Performing, files: tuple[ReplicaFile, ...]
) -> tuple[Upload, ...]:
    """Each file pieced together and checked by its hash. Raises ParcelNotReadable when a piece is missing or wrong."""
    if not files:
        return ()
    connection_id = performing.connection.id
    contents = await node.store.read(
        lease.organisation_id, lambda tx: [tx.blobs.whole(connection_id, file.id) for file in files]
    )
    uploads = []
    for file, content in zip(files, contents, strict=True):
        if content is None or hashlib.sha256(content).hexdigest() != file.sha256:
            raise ParcelNotReadable(f"a file did not arrive whole ({file.size} bytes)")
        uploads.append(Upload(file.name, file.content_type, content))
    return tuple(uploads)


def _file_trace(link: Link, file: ReplicaFile) -> Trace:
    """Its id at our desk is learned when the ticket is read next."""
    return Trace(link.id, TraceKind.FILE, False, None, file.id, file_digest(file.name, file.size))
