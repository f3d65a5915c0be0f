"""Which flow does the work of which lane."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from bot.courier import Deliver, deliver_notices
from bot.workers import Work
from flows.apply import apply_next
from flows.backfill import fill_back
from flows.care import take_care
from flows.listen import listen
from flows.node import Node
from flows.notify import NOTICES
from flows.poll import poll_desk
from flows.send import send_waiting
from flows.take import take_change
from storage.lanes import LaneKind, Lease


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds: how long a partner may hold our poll, and the rest after one that was answered at once without news.
    After `proofs` attempts in vain to prove an address its person is told, and the attempts go on."""

    poll: int = 25
    breath: float = 1
    proofs: int = 5


def duties(slack: Deliver, *, pace: Pace, care_seconds: float, draw: Callable[[], float]) -> Mapping[LaneKind, Work]:
    """`draw()` gives from 0 to 1."""

    async def care(node: Node, lease: Lease) -> None:
        if lease.key == NOTICES:
            await deliver_notices(node, lease, slack)
        else:
            await take_care(node, lease, seconds=care_seconds)

    return {
        LaneKind.POLL: poll_desk,
        LaneKind.BACKFILL: fill_back,
        LaneKind.APPLY: apply_next,
        LaneKind.TAKE: take_change,
        LaneKind.SEND: partial(send_waiting, proofs=pace.proofs),
        LaneKind.LISTEN: partial(listen, poll_seconds=pace.poll, breath_seconds=pace.breath, draw=draw),
        LaneKind.CARE: care,
    }
