"""The organisation's connections: to look at, rename, pause, resume and close."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace

from flows.arrivals import wake_what_waits
from flows.draw import new_id
from flows.errors import FieldErrors, NotFound
from flows.node import Node
from flows.notify import changed, refresh
from flows.settle import CLOSED_BY_US, end_offer
from flows.wizard import MAX_DESCRIPTION
from pairing.connection import Connection, ConnectionState
from pairing.errors import MoveNotPossible, NameNotUsable
from pairing.invitation import Invitation, InvitationState
from pairing.names import connection_name, stated_name
from pairing.notice import NoticeKind
from pairing.organisation import Actor
from storage.store import Transaction
from sync.desk import Desk
from sync.envelope import CLOSE, PAUSE, RESUME, Envelope

MAX_REASON = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One connection as people see it. `invitation` is None at the invitee; `desk` is None once it was removed after
    closing; `waiting` counts our envelopes that the partner has not acknowledged; `needs_number`: a claim waits for
    *Enter number* or *Reject*; `linked` counts pairs of tickets, `parked` updates that wait for a person; `scope` is
    the filter of what is taken by itself, empty for nothing."""

    connection: Connection
    invitation: Invitation | None
    desk: Desk | None
    waiting: int
    needs_number: bool
    linked: int = 0
    parked: int = 0
    scope: str = ""


async def overview(node: Node, actor: Actor) -> tuple[Line, ...]:
    """Those that are not closed first, then by name. Offers that never became a connection are left out once closed."""

    def read(tx: Transaction) -> tuple[Line, ...]:
        counts, parked = tx.outbox.counts(), tx.parked.count()
        shown = [c for c in tx.connections.all() if c.state is not ConnectionState.CLOSED or c.approved_at is not None]
        shown.sort(key=lambda c: (c.state is ConnectionState.CLOSED, c.name))
        return tuple(
            _line(tx, connection, counts.get(connection.id, 0), parked.get(connection.id, 0)) for connection in shown
        )

    return await node.store.read(actor.organisation_id, read)


async def status(node: Node, actor: Actor, name: str) -> Line:
    """Raises NotFound, which lists the names there are."""

    def read(tx: Transaction) -> Line:
        connection = named_connection(tx, name)
        return _line_now(tx, connection)

    return await node.store.read(actor.organisation_id, read)


async def edit(node: Node, actor: Actor, connection_id: str, *, name: str, description: str) -> Connection:
    """Renames our half and rewords it; the partner's half keeps its own.

    Raises FieldErrors(name, description), NotFound, MoveNotPossible.
    """

    def write(tx: Transaction) -> Connection:
        connection = tx.connections.find(connection_id)
        if connection is None:
            raise NotFound("That connection is not there any more.")
        edited = replace(connection, name=_new_name(tx, connection, name), description=_new_text(description))
        changed(tx, edited)
        tx.audit.write("connection.edit", edited.name, actor_user=actor.user_id, actor_team=actor.team_id)
        refresh(node, tx)
        return edited

    return await node.store.run(actor.organisation_id, write)


async def pause(node: Node, actor: Actor, name: str) -> Connection:
    """Holds tickets back on our word; the partner is told. Raises NotFound, MoveNotPossible."""
    return await _moved(node, actor, name, "pause", lambda connection: connection.after_pause(ours=True), PAUSE)


async def resume(node: Node, actor: Actor, name: str) -> Connection:
    """Takes our own pause back. Raises NotFound, MoveNotPossible."""
    return await _moved(node, actor, name, "resume", lambda connection: connection.after_resume(ours=True), RESUME)


async def close(node: Node, actor: Actor, name: str, reason: str = "") -> Connection:
    """Ends a connection for good: both halves close, tickets stay where they are.

    A pending one ends its invitation (ours) or withdraws our claim. Raises NotFound, MoveNotPossible.
    """

    def write(tx: Transaction) -> Connection:
        connection = named_connection(tx, name)
        invitation = tx.invitations.of_connection(connection.id)
        if connection.state is ConnectionState.PENDING and invitation is not None and invitation.is_waiting:
            ended = invitation.after_revocation(actor.user_id, tx.now)
            return end_offer(node, tx, connection, ended, "cancelled", actor=actor, action="invite.cancel").connection
        closed = connection.after_close(stated_name(reason, MAX_REASON) or CLOSED_BY_US, tx.now)
        _leave(node, tx, connection, reason)
        changed(tx, closed)
        tx.audit.write("connection.close", closed.name, actor_user=actor.user_id, actor_team=actor.team_id)
        refresh(node, tx, NoticeKind.CARD, connection=closed)
        return closed

    return await node.store.run(actor.organisation_id, write)


def _leave(node: Node, tx: Transaction, connection: Connection, reason: str) -> None:
    """What waits is dropped; where we can call the partner one last envelope tells it, elsewhere its next poll does."""
    tx.outbox.clear(connection.id)
    for kind in ("number", "claim"):
        tx.vault.forget(kind, connection.id)
    if connection.may_dial and connection.their_key is not None:
        body = json.dumps({"reason": stated_name(reason, MAX_REASON)})
        tx.outbox.add(connection.id, Envelope(new_id(node), CLOSE, tx.now.replace(microsecond=0), body))


async def _moved(
    node: Node, actor: Actor, name: str, verb: str, move: Callable[[Connection], Connection], envelope_type: str
) -> Connection:
    def write(tx: Transaction) -> Connection:
        connection = move(named_connection(tx, name))
        if connection.state is ConnectionState.ACTIVE:
            wake_what_waits(tx, connection)
        tx.outbox.add(connection.id, Envelope(new_id(node), envelope_type, tx.now.replace(microsecond=0)))
        changed(tx, connection)
        tx.audit.write(f"connection.{verb}", connection.name, actor_user=actor.user_id, actor_team=actor.team_id)
        refresh(node, tx)
        return connection

    return await node.store.run(actor.organisation_id, write)


def line_of(tx: Transaction, connection_id: str) -> Line | None:
    connection = tx.connections.find(connection_id)
    return None if connection is None else _line_now(tx, connection)


def _line_now(tx: Transaction, connection: Connection) -> Line:
    return _line(tx, connection, tx.outbox.count(connection.id), tx.parked.count().get(connection.id, 0))


def _line(tx: Transaction, connection: Connection, waiting: int, parked: int) -> Line:
    invitation, scope = tx.invitations.of_connection(connection.id), tx.scopes.find(connection.id)
    return Line(
        connection=connection,
        invitation=invitation,
        desk=tx.desks.find(connection.desk_id),
        waiting=waiting,
        needs_number=invitation is not None and invitation.state is InvitationState.CLAIMED,
        linked=tx.links.count(connection.id),
        parked=parked,
        scope=scope.query if scope is not None else "",
    )


def named_connection(tx: Transaction, name: str) -> Connection:
    """By the name a person typed. Raises NotFound, which lists the names there are."""
    wanted = name.strip().strip("`").lower()
    connection = tx.connections.named(wanted)
    if connection is not None:
        return connection
    known = ", ".join(f"`{known}`" for known in sorted(tx.connections.names()))
    there = f"These are: {known}." if known else "There is none yet: make one with `initiate`."
    raise NotFound(f"There is no connection of that name. {there}")


def _new_name(tx: Transaction, connection: Connection, typed: str) -> str:
    try:
        name = connection_name(typed)
    except NameNotUsable as error:
        raise FieldErrors({"name": str(error)}) from error
    if connection.state is ConnectionState.CLOSED:
        raise MoveNotPossible(f"`{connection.name}` is closed: its name stays as it was.")
    if name != connection.name and name in tx.connections.names():
        raise FieldErrors({"name": f"There is a connection `{name}` already. Choose another name."})
    return name


def _new_text(typed: str) -> str:
    if len(typed.strip()) > MAX_DESCRIPTION:
        raise FieldErrors({"description": f"Shorten the description to {MAX_DESCRIPTION} characters."})
    return typed.strip()
