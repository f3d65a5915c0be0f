"""What time alone brings about: invitations run out, a partner falls silent, old traces are swept."""

from datetime import timedelta

from flows.desk_lanes import PROBE, probe_desk
from flows.invitations import expire
from flows.node import Node
from flows.notify import NOTICES
from flows.reach import look_for_silence
from storage.lanes import LaneKind, Lease
from storage.store import SystemTransaction

# The node's own lanes of care, which belong to no organisation.
SWEEP, ROUNDS, FORGETTING = "sweep", "rounds", "forgetting"
_FORGETS_EVERY = 3600.0
_ROUNDS_EACH = 10  # of the others' time: every lane is woken by what it is for, and rounds by way of caution


async def care(node: Node) -> None:
    """One round; harmless at any time and in any number. Raises ExceptionGroup after doing all that could be done."""
    overdue = await node.store.system(lambda tx: tx.overdue_invitations(tx.now))
    failed: list[Exception] = []
    for organisation_id, invitation_id in overdue:
        try:
            await expire(node, organisation_id, invitation_id)
        except Exception as error:
            # One that cannot be ended must not keep the others open.
            failed.append(error)
    for organisation in await node.store.system(lambda tx: tx.organisations()):
        await look_for_silence(node, organisation.id)
    await node.store.system(lambda tx: tx.sweep(tx.now))
    if failed:
        raise ExceptionGroup("some invitations could not be ended", failed)


async def start_caring(node: Node) -> None:
    """The node's own lanes are due now; harmless when they go on already."""

    def write(tx: SystemTransaction) -> None:
        for name in (SWEEP, ROUNDS, FORGETTING):
            tx.lanes.wake("", LaneKind.CARE, name)

    await node.store.system(write)


async def take_care(node: Node, lease: Lease, *, seconds: float) -> None:
    """The lane's key names what is to be done: it is done again after `seconds` or longer, whatever came of it."""
    name, _, of_whom = lease.key.partition(":")
    if name == PROBE:
        await probe_desk(node, lease, of_whom)
        return
    try:
        if name == SWEEP:
            await care(node)
        elif name == FORGETTING:
            await node.store.system(lambda tx: tx.lanes.forget_idle())
        else:
            await node.store.system(_make_rounds)
    finally:
        pauses = {FORGETTING: _FORGETS_EVERY, ROUNDS: _ROUNDS_EACH * seconds}
        again = timedelta(seconds=pauses.get(name, seconds))
        await node.store.system(lambda tx: tx.lanes.finish(lease, again=tx.now + again))


def _make_rounds(tx: SystemTransaction) -> None:
    """Wakes what may have been forgotten: lanes of before there were any, and of a restored backup."""
    for duty in tx.dialling():
        for kind in (LaneKind.SEND, LaneKind.LISTEN):
            tx.lanes.wake(duty.organisation_id, kind, duty.connection_id)
    for organisation_id in tx.due_notices():
        tx.lanes.wake(organisation_id, LaneKind.CARE, NOTICES)
