"""Proves that the key which used our code lives at the address our admin typed (public and local connections)."""

from exchange.errors import PartnerSays
from flows.node import Node
from flows.notify import changed
from flows.settle import activate
from pairing.connection import Connection, ConnectionState
from pairing.invitation import InvitationState
from storage.store import Transaction
from sync.envelope import Batch
from sync.errors import RemoteError


async def prove_address(node: Node, organisation_id: str, connection_id: str) -> bool:
    """Calls the partner once; any answer that its key signed is the proof, a refusal too."""
    found = await node.store.read(organisation_id, lambda tx: _with_key(tx, connection_id))
    if found is None:
        return False
    connection, seed = found
    if connection.address_proved:
        return True
    assert connection.their_url
    assert connection.their_id
    assert connection.their_key
    try:
        await node.wire.sync(
            connection.their_url, connection.their_id, Batch(), key=seed, their_key=connection.their_key
        )
    except PartnerSays:
        pass  # signed by the claimed key: that is all we asked for
    except RemoteError:
        return False
    await node.store.run(organisation_id, lambda tx: _proved(node, tx, connection_id))
    return True


def _with_key(tx: Transaction, connection_id: str) -> tuple[Connection, bytes] | None:
    connection = tx.connections.find(connection_id)
    seed = tx.vault.get("connection_key", connection_id)
    return None if connection is None or seed is None or not connection.may_dial else (connection, seed)


def _proved(node: Node, tx: Transaction, connection_id: str) -> None:
    connection = tx.connections.by_id(connection_id)
    if connection.state is not ConnectionState.PENDING or connection.address_proved:
        return
    proved = connection.after_proof()
    changed(tx, proved)
    invitation = tx.invitations.of_connection(connection_id)
    if invitation is not None and invitation.auto and invitation.state is InvitationState.CLAIMED:
        activate(node, tx, proved, invitation.after_approval(invitation.created_by, tx.now), by=invitation.created_by)
