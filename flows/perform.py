"""Does what intents say, one call to the desk at a time, and crosses each out in the transaction that keeps its answer.
The last one stays open until the whole update counts as applied: as long as it is, no look at the ticket takes what was
written for the partner as news.

An intent that is not fresh may have been done before a crash or a lost answer: it is looked for, never done again
blindly. A create and a comment are found by their marker; an update is compared with what stands there now.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from flows.deeds import TicketDeed
from flows.node import Node
from flows.perform_comment import perform_comment
from flows.performing import Performing, file_trace, must_be_over, still_ours, uploads_of
from flows.poll import remember_sight
from flows.rule_runs import known_by_partner
from storage.lanes import Lease
from storage.store import Transaction
from sync.fields import Fields, Value
from sync.intent import Intent, IntentKind
from sync.link import Link
from sync.ticket import NewTicket, Sighting, Ticket, Written

_LOOK_BACK = timedelta(minutes=5)
_EMPTY: tuple[Value, ...] = (None, "", ())
_COMMENTS = (IntentKind.ADD_COMMENT, IntentKind.EDIT_COMMENT, IntentKind.REMOVE_COMMENT)


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
            await perform_comment(node, lease, now, intent, is_fresh=is_fresh)
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
        tx.traces.put(*(file_trace(link, file) for file in deed.files))
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
    files = await uploads_of(node, lease, performing, deed.files)
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
    await must_be_over(node, lease, intent)
    await still_ours(node, lease)
    return None


async def _write(node: Node, lease: Lease, performing: Performing, deed: TicketDeed, *, is_fresh: bool) -> Written:
    tracker, ticket_id = performing.desk.tracker, str(performing.link.our_ticket)
    if is_fresh:
        uploads = await uploads_of(node, lease, performing, deed.files)
        return await tracker.update(ticket_id, deed.fields, uploads, deed.marker_line)
    ticket = await tracker.read(ticket_id)
    missing = _still_missing(performing.link, ticket, deed)
    there = {(file.name, file.size) for file in ticket.files}
    files = tuple(file for file in deed.files if (file.name, file.size) not in there)
    # Known is what we meant to write, never what somebody put there since; no list showed it, so the next poll looks.
    unseen = Sighting(ticket_id, ticket.version, "")
    if not missing and not files:
        return Written(ticket_id, deed.fields, unseen, ticket.shown, ticket.url)
    uploads = await uploads_of(node, lease, performing, files)
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
