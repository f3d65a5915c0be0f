"""How an invitation of ours ends: in an active connection, or closed together with the pending one."""

from dataclasses import dataclass

from flows.arrivals import wake_what_waits
from flows.node import Node
from flows.notify import changed, refresh, tell
from pairing.connection import Connection
from pairing.invitation import Invitation
from pairing.notice import NoticeKind
from pairing.organisation import Actor
from storage.store import Transaction

# Why a connection is closed where nobody gave a reason; not to be told to a partner.
CLOSED_BY_US, CLOSED_BY_PARTNER = "closed by us", "closed by the partner"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A connection whose invitation is open or claimed."""

    connection: Connection
    invitation: Invitation


def activate(node: Node, tx: Transaction, connection: Connection, approved: Invitation, *, by: str) -> Connection:
    """Makes our half active; tickets may travel once the partner's poll or our push told the other half."""
    active = connection.after_approval(by, tx.now)
    tx.invitations.save(approved)
    tx.vault.forget("number", connection.id)
    changed(tx, active)
    wake_what_waits(tx, active)
    tx.audit.write("approve", active.name, actor_user=by, detail="auto" if approved.auto else "number")
    tell(node, tx, NoticeKind.ACTIVE, active)
    refresh(node, tx, NoticeKind.INVITATION, NoticeKind.CARD, connection=active)
    return active


def end_offer(
    node: Node,
    tx: Transaction,
    connection: Connection,
    ended: Invitation,
    reason: str,
    *,
    actor: Actor | None,
    action: str,
) -> Waiting:
    """Closes the pending connection together with its invitation, whatever ended it."""
    closed = connection.after_close(reason, tx.now)
    tx.invitations.save(ended)
    tx.vault.forget("number", connection.id)
    changed(tx, closed)
    tx.audit.write(
        action,
        ended.handle,
        actor_user=actor.user_id if actor else None,
        actor_team=actor.team_id if actor else None,
        detail=reason,
    )
    refresh(node, tx, NoticeKind.INVITATION, NoticeKind.CARD, connection=closed)
    return Waiting(closed, ended)
