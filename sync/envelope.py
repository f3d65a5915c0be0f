"""Envelopes and the batches in which two sides exchange them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Stream(StrEnum):
    """Each connection has two; order holds in each, and control goes first."""

    CONTROL = "control"
    TICKET = "ticket"


PAUSE, RESUME, CLOSE = "connection.pause", "connection.resume", "connection.close"
_CONTROL = ("connection.", "key.", "result")


def stream_of(envelope_type: str) -> Stream:
    return Stream.CONTROL if envelope_type.startswith(_CONTROL) else Stream.TICKET


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message to the partner. `id` has 26 base32 symbols, `at` is aware UTC in whole seconds, `body` is JSON text
    of one object; `ticket` is the sender's id of the ticket, `peer` the receiver's, where they are known."""

    id: str
    type: str
    at: datetime
    body: str = field(default="{}", repr=False)
    ticket: str | None = None
    peer: str | None = None

    @property
    def stream(self) -> Stream:
        return stream_of(self.type)


@dataclass(frozen=True, slots=True)
class Batch:
    """One half of an exchange. `have` counts the partner's envelopes ever stored here, `ack` names those stored since
    the last exchange, `envelopes` is a prefix of each stream's unacked queue, control first; `wait` and `pause` are
    whole seconds."""

    have: int = 0
    ack: tuple[str, ...] = ()
    envelopes: tuple[Envelope, ...] = ()
    wait: int = 0
    more: bool = False
    pause: int = 0
