"""Saves what Slack has to be told, in the transaction of the change itself; it is delivered after the commit."""

from flows.draw import new_id
from flows.node import Node
from pairing.connection import Connection
from pairing.notice import Notice, NoticeKind
from storage.store import Transaction

_MOST_TEXT = 300


def tell(node: Node, tx: Transaction, kind: NoticeKind, connection: Connection, text: str = "") -> None:
    """To whoever made our half of the connection."""
    notice = Notice(new_id(node), kind, tx.now, connection.id, connection.created_by, text[:_MOST_TEXT])
    tx.notices.add(notice)
    tx.wake("notices")


def refresh(node: Node, tx: Transaction, *kinds: NoticeKind, connection: Connection | None = None) -> None:
    """Brings what stands in Slack up to date: the Homes always, the posted invitation and the card on request."""
    for kind in kinds:
        tx.notices.add(Notice(new_id(node), kind, tx.now, connection.id if connection else None))
    tx.notices.add(Notice(new_id(node), NoticeKind.HOME, tx.now))
    tx.wake("notices")


def changed(tx: Transaction, connection: Connection) -> None:
    """Saves the connection and wakes whoever waits on it: a parked poll, a sender, the dialler."""
    tx.connections.save(connection)
    tx.wake(f"connection:{connection.id}")
    tx.wake("dialler")
