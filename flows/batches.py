"""The two halves of an exchange, the same for the side that dials and the side that answers."""

import json
from datetime import datetime

from flows.arrivals import result_arrived, ticket_arrived, wake_what_waits
from flows.catch_up import look_for_a_gap
from flows.node import Node
from flows.notify import changed, refresh, tell
from flows.parcels import RESULT
from flows.settle import CLOSED_BY_PARTNER
from pairing.connection import Connection, ConnectionState
from pairing.names import stated_name
from pairing.notice import NoticeKind
from storage.store import Transaction
from sync.envelope import CLOSE, PAUSE, RESUME, Batch, Envelope, Stream

MOST_ENVELOPES = 100
MOST_BYTES = 900 * 1024
MOST_ACKS = 500
MOST_UNPROCESSED = 1000


def outgoing_batch(tx: Transaction, connection: Connection, *, wait: int = 0, ack: tuple[str, ...] = ()) -> Batch:
    """A prefix of what the partner has not acknowledged: control first, tickets only while nobody paused."""
    envelopes, more = tx.outbox.batch(
        connection.id,
        limit=MOST_ENVELOPES,
        control_only=connection.state is not ConnectionState.ACTIVE,
        max_bytes=MOST_BYTES,
    )
    return Batch(have=connection.have, ack=ack, envelopes=envelopes, wait=wait, more=more)


def take_in(node: Node, tx: Transaction, connection: Connection, batch: Batch) -> Connection:
    """Stores what is new, drops what was acknowledged, obeys control envelopes; returns the connection as saved."""
    stored = tx.inbox.store(connection.id, batch.envelopes)
    taken = connection.after_receiving(len(stored)).after_acks(tx.outbox.ack(connection.id, batch.ack))
    taken = look_for_a_gap(node, tx, taken, batch.have)
    for envelope in stored:
        if envelope.stream is Stream.CONTROL:
            taken = _obey(node, tx, taken, envelope)
        else:
            ticket_arrived(tx, taken, envelope)
    return taken


def _obey(node: Node, tx: Transaction, connection: Connection, envelope: Envelope) -> Connection:
    if envelope.type == RESULT:
        result_arrived(node, tx, connection, envelope)
        return connection
    if envelope.type not in (PAUSE, RESUME, CLOSE):
        tx.inbox.settle(connection.id, envelope.id, "unsupported")
        return connection
    tx.inbox.settle(connection.id, envelope.id, "done")
    if not connection.is_open:
        return connection
    if envelope.type == CLOSE:
        return closed_by_partner(node, tx, connection, closing_reason(envelope), tx.now)
    paused = envelope.type == PAUSE
    moved = connection.after_pause(ours=False) if paused else connection.after_resume(ours=False)
    if moved.paused_by_them != connection.paused_by_them:
        tell(node, tx, NoticeKind.PAUSED if paused else NoticeKind.RESUMED, moved)
        refresh(node, tx)
        tx.audit.write(f"connection.{'pause' if paused else 'resume'}", connection.name, detail="partner")
    if moved.state is ConnectionState.ACTIVE:
        wake_what_waits(tx, moved)
    return moved


def closed_by_partner(node: Node, tx: Transaction, connection: Connection, reason: str, now: datetime) -> Connection:
    """Our half after the partner ended it: nothing of ours is sent any more, its key is worthless and goes."""
    closed = connection.after_close(reason or CLOSED_BY_PARTNER, now)
    tx.outbox.clear(connection.id)
    tell(node, tx, NoticeKind.CLOSED, closed, reason)
    refresh(node, tx)
    tx.audit.write("connection.close", connection.name, detail="partner")
    return closed


def closing_reason(envelope: Envelope) -> str:
    """What the partner's person wrote, in one clean line; "" when it was nothing."""
    reason = json.loads(envelope.body).get("reason", "")
    return stated_name(reason, 200) if isinstance(reason, str) else ""


def save_taken(tx: Transaction, before: Connection, taken: Connection) -> None:
    """Saves the outcome of an exchange; only a real move wakes others, or two polls would wake each other for ever."""
    if before.state is not taken.state or before.paused_by_them != taken.paused_by_them:
        changed(tx, taken)
    else:
        tx.connections.save(taken)
