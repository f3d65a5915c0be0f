"""What the dialling side does: one exchange with the partner, and what its answer means for our half."""

from dataclasses import dataclass
from enum import Enum

from exchange.errors import PartnerSays
from flows.arrivals import wake_what_waits
from flows.batches import MOST_ACKS, outgoing_batch, save_taken, take_in
from flows.batches import closed_by_partner as closed_by
from flows.node import Node
from flows.notify import refresh, tell
from flows.reach import notice_return, notice_silence
from pairing.connection import Connection, ConnectionState
from pairing.notice import NoticeKind
from pairing.terms import Side
from storage.store import Transaction
from sync.envelope import Batch, Envelope
from sync.errors import RemoteError, RemoteUnavailable


class Outcome(Enum):
    """What the caller does next: at once again, wait for news, wait and repeat, or stop for good."""

    MORE = "more"
    QUIET = "quiet"
    PENDING = "pending"
    FAILED = "failed"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Exchanged:
    """`pause_seconds` is what the partner asked us to wait, 0 when it did not say."""

    outcome: Outcome
    pause_seconds: float = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """A connection as it is now; `has_news` when something waits that may travel in its present state."""

    connection: Connection
    has_news: bool


async def standing(node: Node, organisation_id: str, connection_id: str) -> Standing | None:
    """What whoever dials looks at before each step; None when the connection is gone."""

    def read(tx: Transaction) -> Standing | None:
        connection = tx.connections.find(connection_id)
        if connection is None:
            return None
        only_control = connection.state is not ConnectionState.ACTIVE
        first, _ = tx.outbox.batch(connection_id, limit=1, control_only=only_control, max_bytes=0)
        return Standing(connection, bool(first))

    return await node.store.read(organisation_id, read)


async def exchange_once(node: Node, organisation_id: str, connection_id: str, *, wait: int) -> Exchanged:
    """Sends what waits, takes in what comes; `wait` (whole seconds) lets the partner hold its answer that long."""
    ready = await node.store.read(organisation_id, lambda tx: _ready(tx, connection_id, wait))
    if ready is None:
        return Exchanged(Outcome.OVER)
    connection, batch, seed = ready
    assert connection.their_url
    assert connection.their_id
    assert connection.their_key
    try:
        answer = await node.wire.sync(
            connection.their_url, connection.their_id, batch, key=seed, their_key=connection.their_key
        )
    except PartnerSays as error:
        said = error
        return await node.store.run(organisation_id, lambda tx: _told(node, tx, connection_id, batch, said))
    except RemoteError as error:
        sentence = f"no usable answer ({getattr(error, 'reason', '') or 'not reachable'})"
        await node.store.run(organisation_id, lambda tx: _failed(node, tx, connection_id, sentence))
        return Exchanged(Outcome.FAILED, error.retry_after or 0 if isinstance(error, RemoteUnavailable) else 0)
    return await node.store.run(organisation_id, lambda tx: _answered(node, tx, connection_id, batch, answer))


def _ready(tx: Transaction, connection_id: str, wait: int) -> tuple[Connection, Batch, bytes] | None:
    connection = tx.connections.find(connection_id)
    seed = tx.vault.get("connection_key", connection_id)
    if connection is None or seed is None or not connection.may_dial or connection.their_key is None:
        return None
    batch = outgoing_batch(tx, connection, wait=wait, ack=tx.inbox.unacked(connection_id, MOST_ACKS))
    if connection.state is ConnectionState.CLOSED and not batch.envelopes:
        return None
    return connection, batch, seed


def _answered(node: Node, tx: Transaction, connection_id: str, sent: Batch, answer: Batch) -> Exchanged:
    before = tx.connections.by_id(connection_id)
    tx.inbox.confirm(connection_id, sent.ack)
    notice_return(node, tx, before)
    connection = before.after_contact(tx.now)
    if connection.state is ConnectionState.PENDING and connection.side is Side.INVITEE:
        connection = _activated(node, tx, connection)
    taken = take_in(node, tx, connection, answer)
    save_taken(tx, before, taken)
    if not taken.is_open and not tx.outbox.count(connection_id):
        return Exchanged(Outcome.OVER)
    more = answer.more or answer.envelopes or sent.more
    return Exchanged(Outcome.MORE if more else Outcome.QUIET, answer.pause)


def _activated(node: Node, tx: Transaction, connection: Connection) -> Connection:
    """A signed 200 to a pending half: the number was typed over there."""
    active = connection.after_approval("partner", tx.now)
    wake_what_waits(tx, active)
    tx.vault.forget("number", connection.id)
    tx.audit.write("approve", active.name, detail="partner")
    tell(node, tx, NoticeKind.ACTIVE, active)
    refresh(node, tx, NoticeKind.CARD, connection=active)
    return active


def _told(node: Node, tx: Transaction, connection_id: str, sent: Batch, said: PartnerSays) -> Exchanged:
    """The partner's node refused, and signed it: this alone may change our state."""
    before = tx.connections.by_id(connection_id)
    connection = before.after_contact(tx.now)
    if said.code in ("closed", "rejected"):
        save_taken(tx, before, _ended(node, tx, connection, said))
        return Exchanged(Outcome.OVER)
    if said.code == "pending":
        tx.connections.save(connection)
        return Exchanged(Outcome.PENDING, said.pause or 0)
    if said.code == "bad_request" and (bad := _named_in(sent, said.envelope_id)) is not None:
        return _give_up_on(node, tx, connection, bad)
    sentence = _SAID.get(said.code, f"the partner's node said: {said.code}")
    tx.connections.save(connection.after_failure(sentence, said.clock_diff_seconds))
    return Exchanged(Outcome.FAILED, said.pause or 0)


def _named_in(sent: Batch, envelope_id: str | None) -> Envelope | None:
    return next((envelope for envelope in sent.envelopes if envelope.id == envelope_id), None)


def _give_up_on(node: Node, tx: Transaction, connection: Connection, envelope: Envelope) -> Exchanged:
    """The partner's node cannot read this one and never will; what waits behind it goes on."""
    tx.outbox.ack(connection.id, [envelope.id])
    tx.connections.save(connection)
    tx.audit.write("envelope.refused", envelope.id, "refused", detail="bad_request")
    if envelope.ticket is not None:
        tell(node, tx, NoticeKind.PARKED_THERE, connection, f"{envelope.ticket}|bad_request")
    return Exchanged(Outcome.MORE)


_SAID = {
    "clock_skew": "the clocks of the two nodes differ by more than five minutes",
    "busy": "the partner's node is busy",
    "protocol_unsupported": "the partner's node speaks another version: upgrade Drawbridge",
}


def _ended(node: Node, tx: Transaction, connection: Connection, said: PartnerSays) -> Connection:
    if connection.state is ConnectionState.CLOSED:  # our own close crossed theirs, nobody is left to tell
        tx.outbox.clear(connection.id)
        return connection
    if connection.state is not ConnectionState.PENDING:
        return closed_by(node, tx, connection, said.reason, tx.now)
    rejected = connection.after_close("rejected" if said.code == "rejected" else "withdrawn", tx.now)
    tx.vault.forget("number", connection.id)
    tx.audit.write("reject", connection.name, detail="partner")
    tell(node, tx, NoticeKind.REJECTED, rejected)
    refresh(node, tx, NoticeKind.CARD, connection=rejected)
    return rejected


def _failed(node: Node, tx: Transaction, connection_id: str, sentence: str) -> None:
    connection = tx.connections.find(connection_id)
    if connection is None:
        return
    notice_silence(node, tx, connection)
    if connection.last_error != sentence:
        tx.connections.save(connection.after_failure(sentence))


async def announce_unreachable(node: Node, organisation_id: str, connection_id: str) -> None:
    """Several attempts to prove the partner's address failed: its initiator, who waits for the number, is told once."""

    def write(tx: Transaction) -> None:
        connection = tx.connections.find(connection_id)
        if connection is None or connection.state is not ConnectionState.PENDING or connection.address_proved:
            return
        if connection.last_error != _UNREACHABLE:
            tx.connections.save(connection.after_failure(_UNREACHABLE))
            tell(node, tx, NoticeKind.UNREACHABLE, connection)
            refresh(node, tx)

    await node.store.run(organisation_id, write)


_UNREACHABLE = "the partner's address does not answer"
