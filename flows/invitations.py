"""The initiator's half of pairing: what waits, the number, rejecting, cancelling, and what runs out."""

from typing import Literal

from flows.errors import NotFound, PartnerNotReachable, WrongNumber
from flows.node import Node
from flows.notify import tell
from flows.prove import prove_address
from flows.settle import Waiting, activate, end_offer
from pairing.connection import Connection
from pairing.invitation import Invitation, InvitationState
from pairing.notice import NoticeKind
from pairing.number import is_same_number
from pairing.organisation import Actor
from pairing.terms import Reach
from storage.store import Transaction


async def pending(node: Node, actor: Actor) -> tuple[Waiting, ...]:
    """Oldest first."""

    def read(tx: Transaction) -> tuple[Waiting, ...]:
        return tuple(Waiting(tx.connections.by_id(i.connection_id), i) for i in tx.invitations.waiting())

    return await node.store.read(actor.organisation_id, read)


async def cancel(node: Node, actor: Actor, name: str) -> Waiting:
    """Withdraws an invitation, found by its connection's name or its handle. Raises NotFound, MoveNotPossible."""

    def write(tx: Transaction) -> Waiting:
        found = _waiting_named(tx, name.strip().lower())
        invitation = found.invitation.after_revocation(actor.user_id, tx.now)
        return end_offer(node, tx, found.connection, invitation, "cancelled", actor=actor, action="invite.cancel")

    return await node.store.run(actor.organisation_id, write)


async def reject(node: Node, actor: Actor, connection_id: str) -> Connection:
    """Turns the claimant away. Raises NotFound, InvitationExpired, InvitationSpent, MoveNotPossible."""

    def write(tx: Transaction) -> Connection:
        connection, invitation = _offer_of(tx, connection_id)
        rejected = invitation.after_rejection(actor.user_id, tx.now)
        return end_offer(node, tx, connection, rejected, "rejected", actor=actor, action="reject").connection

    return await node.store.run(actor.organisation_id, write)


async def enter_number(node: Node, actor: Actor, connection_id: str, typed: str) -> Connection:
    """The active connection, once the number is right and the partner's address is proved.

    Raises WrongNumber (tries_left 0: the invitation is closed), PartnerNotReachable (the number was right and no try is
    used), InvitationExpired, InvitationSpent, NotFound.
    """
    outcome = await node.store.run(actor.organisation_id, lambda tx: _judge(node, tx, actor, connection_id, typed))
    if isinstance(outcome, int):
        raise _wrong_number(outcome)
    if outcome == "unproved" and not await prove_address(node, actor.organisation_id, connection_id):
        raise PartnerNotReachable(
            "The number is right, but your partner's node does not answer at the address you typed. Ask them whether it"
            " runs, then enter the number again. This did not use up a try."
        )

    def approve(tx: Transaction) -> Connection:
        connection, invitation = _offer_of(tx, connection_id)
        if connection.is_open:  # it wanted no number, and the proof of the address was all that it waited for
            return connection
        approved = invitation.after_approval(actor.user_id, tx.now)
        return activate(node, tx, connection, approved, by=actor.user_id)

    return await node.store.run(actor.organisation_id, approve)


async def expire(node: Node, organisation_id: str, invitation_id: str) -> None:
    """Ends one invitation whose time ran out; nothing when someone was faster."""

    def write(tx: Transaction) -> None:
        invitation = tx.invitations.by_id(invitation_id)
        if not invitation.is_expired(tx.now):
            return
        connection = tx.connections.by_id(invitation.connection_id)
        ended = invitation.after_expiry(tx.now)
        closed = end_offer(node, tx, connection, ended, "expired", actor=None, action="invite.expire").connection
        tell(node, tx, NoticeKind.EXPIRED, closed)

    await node.store.run(organisation_id, write)


def _judge(
    node: Node, tx: Transaction, actor: Actor, connection_id: str, typed: str
) -> int | Literal["unproved", "right"]:
    """How many tries are left after a wrong number, or what the right one still lacks."""
    connection, invitation = _offer_of(tx, connection_id)
    number = tx.vault.get("number", connection_id)
    wrong = invitation.after_wrong_number(actor.user_id, tx.now)  # also the check that a claim is waiting at all
    if number is not None and is_same_number(typed, number.decode()):
        return "right" if connection.reach is Reach.PRIVATE or connection.address_proved else "unproved"
    if wrong.state is InvitationState.REJECTED:
        end_offer(node, tx, connection, wrong, "wrong number", actor=actor, action="wrong_number")
        return 0
    tx.invitations.save(wrong)
    tx.audit.write("wrong_number", wrong.handle, "refused", actor_user=actor.user_id, actor_team=actor.team_id)
    return wrong.tries_left


def _wrong_number(tries_left: int) -> WrongNumber:
    if tries_left:
        times = "one more try" if tries_left == 1 else f"{tries_left} more tries"
        return WrongNumber(
            f"That is not the number your partner's Slack shows. Ask them to read it out again; you have {times}.",
            tries_left,
        )
    return WrongNumber(
        "That was the third wrong number: the invitation is closed and nothing was shared. If your partner did read"
        " the number from their Slack, somebody else used the code. Make a new invitation and send it privately.",
        0,
    )


def _offer_of(tx: Transaction, connection_id: str) -> tuple[Connection, Invitation]:
    connection, invitation = tx.connections.find(connection_id), tx.invitations.of_connection(connection_id)
    if connection is None or invitation is None:
        raise NotFound("That invitation is not there any more.")
    return connection, invitation


def _waiting_named(tx: Transaction, name: str) -> Waiting:
    waiting = [Waiting(tx.connections.by_id(i.connection_id), i) for i in tx.invitations.waiting()]
    for found in waiting:
        if name in (found.connection.name, found.invitation.handle):
            return found
    known = ", ".join(f"`{found.connection.name}`" for found in waiting)
    raise NotFound(
        f"No invitation of that name is waiting. These are: {known}." if known else "No invitation is waiting."
    )
