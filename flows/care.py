"""What time alone brings about: invitations run out, claims nobody answered are dropped, old traces are swept."""

from flows.invitations import expire
from flows.node import Node


async def care(node: Node) -> None:
    """One round; harmless at any time and in any number."""
    overdue = await node.store.system(lambda tx: tx.overdue_invitations(tx.now))
    for organisation_id, invitation_id in overdue:
        await expire(node, organisation_id, invitation_id)
    await node.store.system(lambda tx: tx.sweep(tx.now))
