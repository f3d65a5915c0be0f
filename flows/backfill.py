"""A back-fill: existing tickets that match are taken, page by page, never more at once than the connection digests."""

from datetime import timedelta

from flows.desk_of import OpenDesk, open_desk
from flows.node import Node
from flows.notify import tell
from pairing.connection import ConnectionState
from pairing.notice import NoticeKind
from storage.lanes import LaneKind, Lease
from storage.store import Transaction
from sync.backfill import Backfill
from sync.scope import is_in_scope
from sync.ticket import TicketPage

# So many tickets may be under way before the next page is asked for.
_UNDER_WAY = 50
_PAUSE = timedelta(seconds=2)


async def fill_back(node: Node, lease: Lease) -> None:
    """The lane's key is the connection's id. Raises the Remote family."""
    organisation, connection_id = lease.organisation_id, lease.key
    ready = await node.store.read(organisation, lambda tx: _ready(node, tx, connection_id))
    if ready is None:
        await node.store.run(organisation, lambda tx: tx.lanes.finish(lease), lease=lease)
        return
    backfill, desk, under_way = ready
    if backfill.page is None or under_way >= _UNDER_WAY:
        await node.store.run(organisation, lambda tx: _waits(node, tx, lease, under_way), lease=lease)
        return
    page = await desk.tracker.tickets_since(backfill.since, backfill.page or None)
    await node.store.run(organisation, lambda tx: _wanted(node, tx, lease, page), lease=lease)


def _ready(node: Node, tx: Transaction, connection_id: str) -> tuple[Backfill, OpenDesk, int] | None:
    backfill, connection = tx.backfills.find(connection_id), tx.connections.find(connection_id)
    if backfill is None or backfill.is_over or connection is None or connection.state is ConnectionState.CLOSED:
        return None
    desk = open_desk(node, tx, connection)
    return None if desk is None else (backfill, desk, tx.asked.count(connection_id, "backfill"))


def _waits(node: Node, tx: Transaction, lease: Lease, under_way: int) -> None:
    backfill = tx.backfills.find(lease.key)
    if backfill is None or backfill.is_over:
        tx.lanes.finish(lease)
        return
    if backfill.page is None and under_way == 0:
        tx.backfills.put(lease.key, backfill.after_end(tx.now))
        tx.lanes.finish(lease)
    else:
        tx.lanes.finish(lease, again=tx.now + _PAUSE)
    tell(node, tx, NoticeKind.BACKFILL, tx.connections.by_id(lease.key))


def _wanted(node: Node, tx: Transaction, lease: Lease, page: TicketPage) -> None:
    """The page's matching tickets that are not linked yet are asked for; where the list goes on is kept with them."""
    backfill = tx.backfills.find(lease.key)
    if backfill is None or backfill.is_over:  # stopped meanwhile
        tx.lanes.finish(lease)
        return
    matching = [
        ticket for ticket in page.tickets if ticket.marker is None and is_in_scope(backfill.query, ticket.native)
    ]
    linked = tx.links.among(lease.key, [ticket.id for ticket in matching])
    fresh = [ticket for ticket in matching if ticket.id not in linked and tx.asked.find(lease.key, ticket.id) is None]
    for ticket in fresh:
        tx.asked.put(lease.key, ticket.id, "backfill", backfill.started_by)
        tx.lanes.wake(LaneKind.TAKE, f"{lease.key}:{ticket.id}")
    tx.backfills.put(lease.key, backfill.after_page(page.next, len(fresh)))
    tx.lanes.finish(lease, again=tx.now)
