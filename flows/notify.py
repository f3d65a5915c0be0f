"""Saves what Slack has to be told, in the transaction of the change itself; it is delivered after the commit."""

from flows.draw import new_id
from flows.node import Node
from pairing.connection import Connection
from pairing.notice import Notice, NoticeKind
from storage.lanes import LaneKind
from storage.store import Transaction

NOTICES = "notices"  # the lane of care that tells Slack what is to be told
_MOST_TEXT = 300


def tell(node: Node, tx: Transaction, kind: NoticeKind, connection: Connection, text: str = "") -> None:
    """To whoever made our half of the connection."""
    notice = Notice(new_id(node), kind, tx.now, connection.id, connection.created_by, text[:_MOST_TEXT])
    tx.notices.add(notice)
    deliver(tx)


def refresh(node: Node, tx: Transaction, *kinds: NoticeKind, connection: Connection | None = None) -> None:
    """Brings what stands in Slack up to date: the Homes always, the posted invitation and the card on request."""
    for kind in kinds:
        tx.notices.add(Notice(new_id(node), kind, tx.now, connection.id if connection else None))
    tx.notices.add(Notice(new_id(node), NoticeKind.HOME, tx.now))
    deliver(tx)


def deliver(tx: Transaction) -> None:
    """After the commit, by whoever holds this organisation's lane: no notice is told by two of us."""
    tx.lanes.wake(LaneKind.CARE, NOTICES)


def changed(tx: Transaction, connection: Connection) -> None:
    """Saves the connection and wakes whoever waits on it: a parked poll, a sender, a listener."""
    tx.connections.save(connection)
    tx.wake(f"connection:{connection.id}")
    wake_dialling(tx, connection)


def wake_dialling(tx: Transaction, connection: Connection) -> None:
    """Our side may have something to send, or to ask for."""
    if connection.may_dial:
        tx.lanes.wake(LaneKind.SEND, connection.id)
    if connection.is_listening:
        tx.lanes.wake(LaneKind.LISTEN, connection.id)
