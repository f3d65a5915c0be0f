"""After a restored backup one side knows less of a pair than the other thinks. It says how far it is, the other tells
the whole ticket once more, and what stands at the desk already is recognised instead of being written again (I17).

Recognised by the codes of our marker lines: they follow from what they stand for, so that no memory of them is needed.
"""

import hashlib
from datetime import timedelta

from flows.desk_of import OpenDesk
from flows.node import Node
from flows.notify import tell
from flows.parcels import CHECK, ParcelNotReadable, Result, check_body
from flows.take import send_to_partner
from pairing.connection import Connection, ConnectionState
from pairing.digests import b32
from pairing.notice import NoticeKind
from storage.lanes import LaneKind
from storage.store import Transaction
from sync.envelope import Envelope
from sync.errors import RemoteGone
from sync.incoming import is_next
from sync.link import Link, Trace, TraceKind
from sync.outgoing import file_digest
from sync.replica import Update
from sync.ticket import Ticket, TicketState

BEHIND = "behind"  # a result's status
NOT_LINKED = "names a ticket that is not linked to it"
_CODE_LENGTH = 12
_APART, _MEMORY = timedelta(seconds=10), timedelta(hours=1)
_PAGE = 500


def code_of_ticket(connection: Connection, their_ticket: str) -> str:
    """The 12 base32 symbols in the line under our copy of that ticket."""
    return _code(connection, "ticket", their_ticket)


def code_of_comment(connection: Connection, their_ticket: str, their_id: str) -> str:
    """The same for the line under our copy of one of its comments."""
    return _code(connection, "comment", their_ticket, their_id)


def code_of_taken_back(connection: Connection, our_id: str) -> str:
    """The same for the line that stays at a comment of our desk which could not be removed."""
    return _code(connection, "taken back", our_id)


def _code(connection: Connection, *parts: str) -> str:
    text = "\0".join((connection.our_id, *parts))
    return b32(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())[:_CODE_LENGTH]


def behind(link: Link | None, update: Update, envelope: Envelope) -> Result | None:
    """What to answer instead of applying it: the number of the last update that we know. None for one that is next."""
    if link is None or (is_next(link, update) and (update.is_whole or update.number == link.applied_number + 1)):
        return None
    return Result(envelope.id, BEHIND, link.our_ticket, known=link.applied_number, refused=update.number)


def look_for_a_gap(node: Node, tx: Transaction, connection: Connection, have: int) -> Connection:
    """A partner that `have`s fewer of our envelopes than it acknowledged has forgotten them. Exchanges may overtake
    each other, so it counts when it says so twice, ten seconds apart; then every pair is checked."""
    if have >= connection.acked or connection.state is not ConnectionState.ACTIVE:
        return connection
    said = tx.moments.count(connection.id, BEHIND, None, tx.now - _MEMORY)
    lately = tx.moments.count(connection.id, BEHIND, None, tx.now - _APART)
    if said == lately:
        if not lately:
            tx.moments.add(connection.id, BEHIND, "", tx.now)
        return connection
    _check_all(node, tx, connection)
    tx.audit.write("connection.resync", connection.name, detail="partner restored")
    tell(node, tx, NoticeKind.RESTORED, connection)
    return connection.after_gap(have)


def _check_all(node: Node, tx: Transaction, connection: Connection) -> None:
    """One small envelope for each pair: no desk is asked, and only what differs is told again."""
    last = ""
    while links := tx.links.after(connection.id, last, _PAGE):
        for link in links:
            if link.our_ticket is not None:
                send_to_partner(node, tx, connection, link, CHECK, check_body(link.sent_number, link.applied_number))
        last = links[-1].id


def told_behind(tx: Transaction, link: Link, known: int, refused: int) -> None:
    """The partner does not know our ticket as we thought: the next look tells it whole, numbered on from what they
    know."""
    tx.links.save(link.after_being_behind(known, refused))
    tx.traces.forget(*(trace for trace in tx.traces.of_link(link.id) if trace.from_us))
    tx.lanes.wake(LaneKind.TAKE, f"{link.connection_id}:{link.our_ticket}")


async def named_twin(desk: OpenDesk, connection: Connection, envelope: Envelope) -> Ticket:
    """The ticket of ours that the partner names as the twin: our copy of theirs, or an original. Raises
    ParcelNotReadable for a copy of another ticket: no partner gets at a ticket by naming it."""
    try:
        ticket = await desk.tracker.read(str(envelope.peer))
    except RemoteGone:
        ticket = None
    if ticket is None or ticket.state is not TicketState.LIVE:
        raise ParcelNotReadable("names a ticket that our desk does not have")
    if ticket.marker not in (None, code_of_ticket(connection, str(envelope.ticket))):
        raise ParcelNotReadable(NOT_LINKED)
    return ticket


def standing(
    connection: Connection, link: Link, update: Update, traces: tuple[Trace, ...], ticket: Ticket
) -> list[Trace]:
    """Comments and files of the update that stand at our ticket without a trace."""
    known = {(trace.kind, trace.their_id) for trace in traces if not trace.from_us}
    by_code = {comment.marker: comment for comment in ticket.comments if comment.marker is not None}
    found = []
    for comment in update.comments:
        code = code_of_comment(connection, str(link.their_ticket), comment.id)
        if code in by_code and (TraceKind.COMMENT, comment.id) not in known:
            # Which of its texts stands there is not known: it is written once more.
            found.append(Trace(link.id, TraceKind.COMMENT, False, by_code[code].id, comment.id, "", marker=code))
    files = {(file.name, file.size): file.id for file in ticket.files}
    for file in update.files:
        our_id = files.get((file.name, file.size))
        if our_id is not None and (TraceKind.FILE, file.id) not in known:
            digest = file_digest(file.name, file.size)
            found.append(Trace(link.id, TraceKind.FILE, False, our_id, file.id, digest))
    return found
