"""A partner's node that has not been heard of for a while: said once, and once more when it is back."""

from datetime import timedelta

from flows.node import Node
from flows.notify import refresh, tell
from pairing.connection import Connection
from pairing.notice import NoticeKind
from storage.lanes import LaneKind
from storage.store import Transaction

SILENT_AFTER = timedelta(minutes=10)
_LOST = "out_of_reach"


def is_silent(tx: Transaction, connection: Connection) -> bool:
    """Open, and nothing signed came from there for ten minutes."""
    last = connection.last_contact_at or connection.approved_at
    return connection.is_open and last is not None and tx.now - last >= SILENT_AFTER


def notice_silence(node: Node, tx: Transaction, connection: Connection) -> None:
    """One card for the whole silence; where it lasts, one more a day."""
    last = connection.last_contact_at or connection.created_at
    if is_silent(tx, connection) and not tx.moments.count(connection.id, _LOST, None, last):
        tx.moments.add(connection.id, _LOST, "", tx.now)
        tell(node, tx, NoticeKind.OUT_OF_REACH, connection)
        refresh(node, tx)


def notice_return(node: Node, tx: Transaction, before: Connection) -> None:
    """`before` is the connection as it was before it was heard of again."""
    if before.last_error is not None and before.may_dial:
        tx.lanes.hurry(LaneKind.SEND, before.id)  # it can be called again, surely
    last = before.last_contact_at or before.created_at
    if is_silent(tx, before) and tx.moments.count(before.id, _LOST, None, last):
        tell(node, tx, NoticeKind.IN_REACH, before)
        refresh(node, tx)


async def look_for_silence(node: Node, organisation_id: str) -> None:
    """For the side that cannot call: there nothing fails, it just stays quiet."""

    def read(tx: Transaction) -> tuple[str, ...]:
        return tuple(connection.id for connection in tx.connections.all() if is_silent(tx, connection))

    def write(tx: Transaction) -> None:
        for connection_id in silent:
            connection = tx.connections.find(connection_id)
            if connection is not None:
                notice_silence(node, tx, connection)

    silent = await node.store.read(organisation_id, read)
    if silent:
        await node.store.run(organisation_id, write)
