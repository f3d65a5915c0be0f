"""The lane of a connection's outbox: it claims or proves while the connection is pending, then sends what waits."""

from datetime import timedelta

from flows.claim import GIVE_UP_AFTER, give_up, send_claim
from flows.dial import Outcome, announce_unreachable, exchange_once, standing
from flows.node import Node
from flows.prove import prove_address
from pairing.connection import Connection, ConnectionState
from pairing.terms import Reach, Side
from storage.lanes import Lease
from storage.store import Transaction
from sync.errors import RemoteUnavailable

_EXCHANGES = 20  # of one connection, before another one has its turn


async def send_waiting(node: Node, lease: Lease, *, proofs: int = 5) -> None:
    """The lane's key is the connection's id. After `proofs` attempts in vain to prove an address its person is told.

    Raises RemoteUnavailable. An exchange is harmless when it is made twice, so only the lane's end proves the lease.
    """
    organisation, connection_id = lease.organisation_id, lease.key
    pause: float | None = None
    for _ in range(_EXCHANGES):
        found = await standing(node, organisation, connection_id)
        if found is None or not found.connection.may_dial:
            break
        if found.connection.state is ConnectionState.PENDING:
            await _pair(node, lease, found.connection, proofs)
            break
        if not found.has_news:
            break
        exchanged = await exchange_once(node, organisation, connection_id, wait=0)
        if exchanged.outcome in (Outcome.FAILED, Outcome.PENDING):
            raise RemoteUnavailable(retry_after=exchanged.pause_seconds or None)
        if exchanged.outcome is Outcome.OVER:
            break
        if exchanged.pause_seconds:
            pause = exchanged.pause_seconds
            break
    else:
        pause = 0.0
    await give_back(node, lease, pause)


async def give_back(node: Node, lease: Lease, again_seconds: float | None = None) -> None:
    """Raises LeaseLost."""

    def write(tx: Transaction) -> None:
        again = None if again_seconds is None else tx.now + timedelta(seconds=again_seconds)
        tx.lanes.finish(lease, again=again)

    await node.store.run(lease.organisation_id, write, lease=lease)


async def _pair(node: Node, lease: Lease, connection: Connection, proofs: int) -> None:
    if connection.side is Side.INVITEE:
        if connection.their_key is None:
            await _claim(node, lease, connection)
    elif connection.reach is not Reach.PRIVATE and not connection.address_proved and connection.their_key is not None:
        await _prove(node, lease, proofs)


async def _claim(node: Node, lease: Lease, connection: Connection) -> None:
    if await send_claim(node, lease.organisation_id, connection.id) is not None:
        return
    now = await node.store.read(lease.organisation_id, lambda tx: tx.now)
    if now - connection.created_at <= GIVE_UP_AFTER:
        raise RemoteUnavailable
    await give_up(node, lease.organisation_id, connection.id)


async def _prove(node: Node, lease: Lease, proofs: int) -> None:
    if await prove_address(node, lease.organisation_id, lease.key):
        return
    if lease.attempts + 1 >= proofs:
        await announce_unreachable(node, lease.organisation_id, lease.key)
    raise RemoteUnavailable
