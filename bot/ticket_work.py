"""Which flow does the work of which lane."""

from collections.abc import Mapping

from bot.workers import Work
from flows.apply import apply_next
from flows.backfill import fill_back
from flows.desk_lanes import PROBE, probe_desk
from flows.node import Node
from flows.poll import poll_desk
from flows.take import take_change
from storage.lanes import LaneKind, Lease


async def _care(node: Node, lease: Lease) -> None:
    """A duty with a name of its own."""
    name, _, rest = lease.key.partition(":")
    if name == PROBE:
        await probe_desk(node, lease, rest)
    else:
        await node.store.run(lease.organisation_id, lambda tx: tx.lanes.finish(lease), lease=lease)


TICKET_WORK: Mapping[LaneKind, Work] = {
    LaneKind.POLL: poll_desk,
    LaneKind.TAKE: take_change,
    LaneKind.APPLY: apply_next,
    LaneKind.BACKFILL: fill_back,
    LaneKind.CARE: _care,
}
