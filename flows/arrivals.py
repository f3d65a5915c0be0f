"""What happens to a ticket envelope, and to a result, in the transaction that stores it: its worker is woken."""

from flows.catch_up import BEHIND, told_behind
from flows.node import Node
from flows.notify import refresh, tell
from flows.parcels import ParcelNotReadable, read_result
from pairing.connection import Connection
from pairing.notice import NoticeKind
from storage.lanes import LaneKind
from storage.store import Transaction
from sync.envelope import Envelope
from sync.link import Link, LinkState


def ticket_arrived(tx: Transaction, connection: Connection, envelope: Envelope) -> None:
    """Its own lane, so that a bad one delays no other ticket."""
    if envelope.ticket is None:
        tx.inbox.settle(connection.id, envelope.id, "unsupported")
    else:
        tx.lanes.wake(LaneKind.APPLY, f"{connection.id}:{envelope.ticket}")


def result_arrived(node: Node, tx: Transaction, connection: Connection, envelope: Envelope) -> None:
    """What the partner made of an update of ours. Our ticket is looked up by this connection's own links only."""
    tx.inbox.settle(connection.id, envelope.id, "done")
    try:
        result = read_result(envelope)
    except ParcelNotReadable:
        return
    link = tx.links.by_ours(connection.id, envelope.peer) if envelope.peer else None
    if link is None:
        return
    if result.status in ("applied", BEHIND):
        _named(tx, link, result.ticket, result.shown, result.url)
    elif link.state is LinkState.ASKED:
        tx.links.save(link.after_cut("not joined"))
    if result.status == BEHIND and link.state is LinkState.LINKED:
        told_behind(tx, tx.links.by_id(link.id), result.known, result.refused)
    if result.status == "failed":
        tell(node, tx, NoticeKind.PARKED_THERE, connection, f"{link.our_ticket}|{result.reason}")
        refresh(node, tx)


def _named(tx: Transaction, link: Link, their_ticket: str | None, shown: str, url: str) -> None:
    if link.state is LinkState.ASKED and link.born_here:
        tx.links.save(link.after_joining())
        tx.lanes.wake(LaneKind.TAKE, f"{link.connection_id}:{link.our_ticket}")
    elif link.their_ticket is None and their_ticket is not None:
        other = tx.links.by_theirs(link.connection_id, their_ticket)
        if other is None:
            tx.links.save(link.after_naming_theirs(their_ticket, shown, url))


def wake_what_waits(tx: Transaction, connection: Connection) -> None:
    """After a pause, or when a connection becomes active: everything that had to wait."""
    for their_ticket in tx.inbox.tickets_waiting(connection.id):
        tx.lanes.wake(LaneKind.APPLY, f"{connection.id}:{their_ticket}")
    tx.lanes.wake(LaneKind.POLL, connection.desk_id)
