"""What people and the partner are told about tickets: parked, in conflict, cut, or asked to be joined."""

import json
from collections.abc import Iterable

from flows.draw import new_id
from flows.node import Node
from flows.notify import refresh, tell
from flows.parcels import RESULT, Result, read_ask, read_gone, result_body
from pairing.connection import Connection
from pairing.notice import NoticeKind
from rules.errors import RuleError
from storage.lanes import LaneKind, Lease
from storage.store import Transaction
from sync.envelope import Envelope
from sync.errors import RemoteRefusedTicket
from sync.fields import Value, plain
from sync.incoming import Conflict
from sync.intent import Disagreement, ParkedUpdate
from sync.link import Link, LinkState


def park(
    node: Node, tx: Transaction, lease: Lease, connection: Connection, envelope: Envelope, error: Exception
) -> None:
    """This ticket waits for a person; the partner is told, everything else goes on."""
    their_ticket = str(envelope.ticket)
    link = tx.links.by_theirs(connection.id, their_ticket)
    parked = ParkedUpdate(
        connection_id=connection.id,
        envelope_id=envelope.id,
        their_ticket=their_ticket,
        shown=(link.their_shown if link and link.their_shown else f"#{their_ticket}")[:60],
        code=_code(error),
        text=_sentence(error)[:1000],
        parked_at=tx.now,
    )
    tx.intents.drop_of_envelope(connection.id, envelope.id)
    tx.parked.add(parked)
    send_result(node, tx, connection, envelope, Result(envelope.id, "failed", reason=parked.code))
    tell(node, tx, NoticeKind.PARKED, connection, envelope.id)
    refresh(node, tx)
    tx.lanes.finish(lease)


def park_ours(
    node: Node, tx: Transaction, connection: Connection, ticket_id: str, shown: str, error: Exception
) -> None:
    """A change of our ticket waits for a person; it is told once, however often the same thing stops it."""
    text = _sentence(error)
    parked = ParkedUpdate.of_ours(connection.id, ticket_id, shown or f"#{ticket_id}", _code(error), text, tx.now)
    before = tx.parked.find(connection.id, parked.envelope_id)
    if before is not None:
        tx.parked.remove(connection.id, parked.envelope_id)
    tx.parked.add(parked)
    if before is None or before.is_skipped or before.text != parked.text:
        tell(node, tx, NoticeKind.PARKED, connection, parked.envelope_id)
        refresh(node, tx)


def send_result(node: Node, tx: Transaction, connection: Connection, envelope: Envelope, result: Result) -> None:
    body = result_body(result)
    at = tx.now.replace(microsecond=0)
    tx.outbox.add(connection.id, Envelope(new_id(node), RESULT, at, body, ticket=result.ticket, peer=envelope.ticket))
    tx.wake(f"connection:{connection.id}")
    if connection.may_dial:
        tx.lanes.wake(LaneKind.SEND, connection.id)


def tell_conflicts(
    node: Node, tx: Transaction, connection: Connection, link: Link, envelope_id: str, conflicts: Iterable[Conflict]
) -> None:
    """Kept with both values. The id comes from the envelope, so that a decision made again is not told again."""
    for conflict in conflicts:
        identity = f"{envelope_id}.{conflict.field}"[:100]
        if tx.disagreements.find(identity) is not None:
            continue
        tx.disagreements.add(
            Disagreement(
                id=identity,
                connection_id=connection.id,
                link_id=link.id,
                field=conflict.field,
                ours=_json(conflict.ours),
                theirs=_json(conflict.theirs),
                ours_stays=conflict.ours_stays,
                at=tx.now,
            )
        )
        tell(node, tx, NoticeKind.CONFLICT, connection, identity)


def settled(tx: Transaction, lease: Lease, connection: Connection, envelope: Envelope, state: str = "done") -> None:
    """The lane's turn ends; it goes on at once where more waits about this ticket."""
    tx.inbox.settle(connection.id, envelope.id, state)
    more = tx.inbox.has_more(connection.id, str(envelope.ticket))
    tx.lanes.finish(lease, again=tx.now if more else None)


def tell_cut(node: Node, tx: Transaction, connection: Connection, link: Link, why: str) -> None:
    tell(node, tx, NoticeKind.CUT, connection, f"{link.our_ticket or ''}|{link.their_shown}|{why}")
    refresh(node, tx)


def tell_gone(
    node: Node, tx: Transaction, lease: Lease, connection: Connection, link: Link | None, envelope: Envelope
) -> None:
    """The partner's ticket is no more: the pair is cut, ours stays, and neither is ever made again by itself."""
    reason = read_gone(envelope)
    if link is not None and link.state is LinkState.LINKED:
        current = tx.links.by_id(link.id)
        tx.links.save(current.after_cut(f"{reason} there"))
        tell_cut(node, tx, connection, current, f"{reason} there")
    settled(tx, lease, connection, envelope)


def ask_to_join(node: Node, tx: Transaction, lease: Lease, connection: Connection, envelope: Envelope) -> None:
    """The partner would like to join its ticket with one of ours: a person here says yes or no."""
    asked = read_ask(envelope)
    existing = tx.links.by_ours(connection.id, asked.ours) or tx.links.by_theirs(connection.id, str(envelope.ticket))
    if existing is not None and existing.state is LinkState.LINKED:
        send_result(node, tx, connection, envelope, Result(envelope.id, "failed", reason="linked_already"))
    else:
        if existing is not None:
            tx.links.remove(existing.id)
        tx.links.add(
            Link(
                new_id(node),
                connection.id,
                asked.ours,
                envelope.ticket,
                born_here=False,
                state=LinkState.ASKED,
                their_shown=asked.shown,
            )
        )
        tell(node, tx, NoticeKind.JOIN_ASKED, connection, f"{asked.ours}|{asked.shown}|{asked.summary}")
    settled(tx, lease, connection, envelope)


def _code(error: Exception) -> str:
    if isinstance(error, RuleError):
        return "rule"
    return "refused" if isinstance(error, RemoteRefusedTicket) else "unreadable"


def _sentence(error: Exception) -> str:
    if isinstance(error, RuleError):
        where = f" ({error.rule} rule, line {error.line})" if error.line else ""
        return f"{error}{where}"
    if isinstance(error, RemoteRefusedTicket):
        return f"Your desk refused it: {error}"
    return f"The partner's update {error}. Skip it, or ask your partner's operator."


def _json(value: Value) -> str:
    return json.dumps(plain(value), ensure_ascii=False)
