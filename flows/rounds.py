"""The brakes: a connection that runs away is paused, and a person is asked."""

from datetime import datetime

from flows.draw import new_id
from flows.node import Node
from flows.notify import changed, refresh, tell
from pairing.connection import Connection, ConnectionState
from pairing.notice import NoticeKind
from storage.lanes import Lease
from storage.store import Transaction
from sync.envelope import PAUSE, Envelope
from sync.replica import Update

CREATION, ROUND, APPLIED = "creation", "round", "applied"


def brake_on_creations(
    node: Node, tx: Transaction, connection: Connection, lease: Lease, *, asked: bool = False
) -> bool:
    """True when one more new ticket would be one too many: the connection is paused instead. Tickets that a person
    asked for do not count."""
    if asked:
        return False
    window, most = node.brakes.creations_window, node.brakes.creations
    if tx.moments.count(connection.id, CREATION, None, tx.now - window) < most:
        tx.moments.add(connection.id, CREATION, "", tx.now)
        return False
    minutes = node.brakes.creations_minutes
    _pause(
        node,
        tx,
        connection,
        f"{most} new tickets within {minutes} minutes: more than this connection may make by itself",
    )
    tx.lanes.finish(lease, again=tx.now + window)
    return True


def is_braked(node: Node, tx: Transaction, connection: Connection, lease: Lease, update: Update) -> bool:
    """The same for tickets that the partner's updates create here."""
    return brake_on_creations(node, tx, connection, lease, asked=update.is_backfill)


def remember_applied(tx: Transaction, connection: Connection, ticket_id: str) -> None:
    """One of the partner's updates changed our ticket: an update of ours that follows is its answer."""
    tx.moments.add(connection.id, APPLIED, ticket_id, tx.now)


def brake_on_rounds(node: Node, tx: Transaction, connection: Connection, lease: Lease, ticket_id: str) -> bool:
    """Counts an update of ours that answers one of theirs; True when this ticket goes round too often."""
    window, most = node.brakes.rounds_window, node.brakes.rounds
    since = tx.now - window
    rounds = tx.moments.count(connection.id, ROUND, ticket_id, since)
    if tx.moments.count(connection.id, APPLIED, ticket_id, since) <= rounds:
        return False
    if rounds < most:
        tx.moments.add(connection.id, ROUND, ticket_id, tx.now)
        return False
    minutes = node.brakes.rounds_minutes
    _pause(node, tx, connection, f"ticket {ticket_id} went back and forth {most} times within {minutes} minutes")
    tx.lanes.finish(lease, again=tx.now + window)
    return True


def _pause(node: Node, tx: Transaction, connection: Connection, why: str) -> None:
    current = tx.connections.by_id(connection.id)
    if current.state is ConnectionState.CLOSED or current.paused_by_us:
        return
    paused = current.after_pause(ours=True)
    tx.outbox.add(connection.id, Envelope(new_id(node), PAUSE, _whole_seconds(tx.now)))
    changed(tx, paused)
    tx.audit.write("connection.pause", connection.name, detail="brake")
    tell(node, tx, NoticeKind.BRAKED, paused, why)
    refresh(node, tx)


def _whole_seconds(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
