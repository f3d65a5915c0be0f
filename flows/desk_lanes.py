"""A desk that refuses our key: every duty that asks it stops, one card says so, and all go on once it takes a key."""

from datetime import timedelta

from flows.draw import new_id
from flows.node import Node
from flows.notify import refresh
from pairing.notice import Notice, NoticeKind
from pairing.secret import Secret
from storage.lanes import LaneKind, Lease
from storage.store import Transaction
from sync.desk import Desk
from sync.errors import RemoteError, RemoteGone, RemoteRefusedUs

PROBE = "probe"
_PROBED_AFTER = timedelta(minutes=5)
_MOST_REASON = 300


async def stop_desk(node: Node, lease: Lease, reason: str) -> bool:
    """Gives the lane back and halts all that ask its desk, once the desk itself said again that it refuses our key.

    False when it did not: what it refused then is one ticket. Raises LeaseLost and RemoteUnavailable.
    """
    organisation = lease.organisation_id
    found = await node.store.read(organisation, lambda tx: _key_of(tx, _desk_of(tx, lease)))
    if found is None or not await _is_refused(node, *found):
        return False
    desk = found[0]

    def write(tx: Transaction) -> None:
        tx.desks.by_id(desk.id)  # held until the commit, so that of many who were refused one says so
        tx.lanes.halt(lease, reason[:_MOST_REASON])
        if tx.lanes.halt_desk(desk.id, _connections(tx, desk.id), reason[:_MOST_REASON]):
            tx.audit.write("desk.refused", desk.id)
            _tell(node, tx, NoticeKind.DESK_REFUSED, desk)
            tx.lanes.wake(LaneKind.CARE, f"{PROBE}:{desk.id}", at=tx.now + _PROBED_AFTER)

    await node.store.run(organisation, write, lease=lease)
    return True


async def _is_refused(node: Node, desk: Desk, key: Secret) -> bool:
    try:
        await node.desks[desk.kind].check(desk.address, key)
    except (RemoteRefusedUs, RemoteGone):
        return True
    return False


def start_desk(node: Node, tx: Transaction, desk: Desk) -> None:
    """The desk takes our key again. Nothing happens when it did so all the time."""
    tx.desks.by_id(desk.id)
    if tx.lanes.revive_desk(desk.id, _connections(tx, desk.id)):
        tx.audit.write("desk.back", desk.id)
        _tell(node, tx, NoticeKind.DESK_BACK, desk)


async def probe_desk(node: Node, lease: Lease, desk_id: str) -> None:
    """Asks a desk that refused us whether it still does; asked again later until it does not, or has a new key."""
    organisation = lease.organisation_id
    found = await node.store.read(organisation, lambda tx: _halted_desk(tx, desk_id))
    if found is None:
        await node.store.run(organisation, lambda tx: tx.lanes.finish(lease), lease=lease)
        return
    desk, key = found
    try:
        await node.desks[desk.kind].check(desk.address, key)
    except RemoteError:
        await node.store.run(organisation, lambda tx: tx.lanes.finish(lease, again=tx.now + _PROBED_AFTER), lease=lease)
        return

    def write(tx: Transaction) -> None:
        start_desk(node, tx, desk)
        tx.lanes.finish(lease)

    await node.store.run(organisation, write, lease=lease)


def _halted_desk(tx: Transaction, desk_id: str) -> tuple[Desk, Secret] | None:
    return _key_of(tx, tx.desks.find(desk_id)) if desk_id in tx.lanes.halted(LaneKind.POLL) else None


def _key_of(tx: Transaction, desk: Desk | None) -> tuple[Desk, Secret] | None:
    key = None if desk is None else tx.vault.get("desk_token", desk.id)
    return None if desk is None or key is None else (desk, Secret(key.decode()))


def _desk_of(tx: Transaction, lease: Lease) -> Desk | None:
    if lease.kind is LaneKind.POLL:
        return tx.desks.find(lease.key)
    if lease.kind not in (LaneKind.BACKFILL, LaneKind.APPLY, LaneKind.TAKE):
        return None
    connection = tx.connections.find(lease.key.partition(":")[0])
    return None if connection is None else tx.desks.find(connection.desk_id)


def _connections(tx: Transaction, desk_id: str) -> list[str]:
    return [connection.id for connection in tx.connections.all() if connection.desk_id == desk_id]


def _tell(node: Node, tx: Transaction, kind: NoticeKind, desk: Desk) -> None:
    tx.notices.add(Notice(new_id(node), kind, tx.now, None, desk.created_by, desk.id))
    refresh(node, tx)
