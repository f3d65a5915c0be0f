"""What time alone brings about: invitations run out, a partner stays silent, old traces are swept."""

from flows.invitations import expire
from flows.node import Node
from flows.reach import look_for_silence


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
