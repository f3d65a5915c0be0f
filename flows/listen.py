"""The lane of a side that nobody can call: it keeps a poll open at the partner's node, answered as soon as news is."""

import asyncio
from collections.abc import Callable

from flows.dial import Exchanged, Outcome, exchange_once, standing
from flows.node import Node
from flows.send import give_back
from storage.lanes import Lease
from sync.errors import RemoteUnavailable

_POLLS = 20  # of one connection, before another one has its turn


async def listen(
    node: Node, lease: Lease, *, poll_seconds: int = 25, breath_seconds: float = 1, draw: Callable[[], float]
) -> None:
    """The lane's key is the connection's id; the partner may hold each poll for `poll_seconds`.

    Raises RemoteUnavailable. As with sending, only the lane's end proves the lease.
    """
    for _ in range(1 if lease.attempts else _POLLS):
        found = await standing(node, lease.organisation_id, lease.key)
        if found is None or not found.connection.is_listening or found.connection.their_key is None:
            break
        begun = asyncio.get_running_loop().time()
        exchanged = await exchange_once(node, lease.organisation_id, lease.key, wait=poll_seconds)
        if exchanged.outcome is Outcome.FAILED:
            raise RemoteUnavailable(retry_after=exchanged.pause_seconds or None)
        if exchanged.outcome is Outcome.OVER:
            break
        lasted = asyncio.get_running_loop().time() - begun
        await asyncio.sleep(_pause(exchanged, lasted, breath_seconds, draw()))
    else:
        await give_back(node, lease, 0.0)
        return
    await give_back(node, lease)


def _pause(exchanged: Exchanged, lasted: float, breath: float, draw: float) -> float:
    """Nothing where news came. A poll that was answered at once without any would otherwise be a hot loop."""
    is_empty = exchanged.outcome in (Outcome.QUIET, Outcome.PENDING)
    return max(exchanged.pause_seconds, breath * draw if is_empty and lasted < breath else 0.0)
