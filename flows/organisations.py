"""What a workspace has on this node besides its connections: itself, the Homes and cards we posted, denied attempts."""

from flows.connections import Line, line_of
from flows.node import Node
from pairing.organisation import Organisation
from storage.store import Transaction


async def register(node: Node, *, team_id: str, name: str) -> Organisation:
    """Finds or makes the organisation of a workspace; its name follows Slack's."""
    return await node.store.system(lambda tx: tx.register(team_id, name))


async def remember_home(node: Node, organisation_id: str, user_id: str) -> None:
    """Slack keeps no list of the Homes an app published, so we do."""

    def write(tx: Transaction) -> None:
        tx.homes.put(user_id)

    if user_id not in await homes(node, organisation_id):
        await node.store.run(organisation_id, write)


async def homes(node: Node, organisation_id: str) -> tuple[str, ...]:
    return await node.store.read(organisation_id, lambda tx: tx.homes.all())


async def remember_card(
    node: Node, organisation_id: str, connection_id: str, purpose: str, *, channel: str, ts: str
) -> None:
    await node.store.run(organisation_id, lambda tx: tx.cards.put(connection_id, purpose, channel, ts))


async def card(node: Node, organisation_id: str, connection_id: str, purpose: str) -> tuple[str, str] | None:
    """Channel and ts of the card posted for this purpose."""
    return await node.store.read(organisation_id, lambda tx: tx.cards.find(connection_id, purpose))


async def notice_line(node: Node, organisation_id: str, connection_id: str) -> Line | None:
    """The connection a notice speaks of as it is now; None when it is gone."""
    return await node.store.read(organisation_id, lambda tx: line_of(tx, connection_id))


async def number_to_tell(node: Node, organisation_id: str, connection_id: str) -> str | None:
    """The six digits that the acceptor reads out; None once the connection was decided. Never the inviter's copy."""

    def read(tx: Transaction) -> str | None:
        if tx.invitations.of_connection(connection_id) is not None:
            return None
        number = tx.vault.get("number", connection_id)
        return number.decode() if number is not None else None

    return await node.store.read(organisation_id, read)


async def audit_denied(node: Node, organisation_id: str, *, team_id: str, user_id: str, action: str) -> None:
    def write(tx: Transaction) -> None:
        tx.audit.write("denied", action, "refused", actor_user=user_id, actor_team=team_id)

    await node.store.run(organisation_id, write)
