"""What time alone brings about: invitations run out, claims nobody answered are dropped, old traces are swept."""

from flows.invitations import expire
from flows.node import Node


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
    await node.store.system(lambda tx: tx.sweep(tx.now))
    if failed:
        raise ExceptionGroup("some invitations could not be ended", failed)
