"""What the answering side needs from the rest of the house, and the plain values that cross that door."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from pairing.connection import ConnectionState
from pairing.offer import OfferTerms
from pairing.terms import Reach
from sync.envelope import Batch

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class WireRequest:
    """`path` starts at /bridge/v1/ and holds no query; header names in any case, repeated ones repeated. `caller` is
    the network address that rates are counted by, "" for a call inside this process, which also says in `base` the
    address it was signed for."""

    method: str
    path: str
    headers: Headers = ()
    body: bytes = field(default=b"", repr=False)
    caller: str = ""
    base: str | None = None


@dataclass(frozen=True, slots=True)
class WireAnswer:
    status: int
    headers: Headers = ()
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Claim:
    """What an acceptor asks with: 16 bytes of token, its 32-byte public key, its side id and what it states about
    itself (cleaned for showing)."""

    token: bytes = field(repr=False)
    key: bytes
    side: str
    reach: Reach
    url: str | None
    name: str
    team: str | None = None
    team_name: str | None = None
    desk: str | None = None
    software: str | None = None
    protocols: tuple[int, ...] = (1,)
    features: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimAnswer:
    """The inviter's answer to a claim that won: its public key, its side id, the terms, and what it states about
    itself (the organisation's name is in the terms). `approve_by` is aware UTC in whole seconds."""

    terms: OfferTerms
    key: bytes
    side: str
    approve_by: datetime
    team: str | None = None
    team_name: str | None = None
    desk: str | None = None
    software: str | None = None
    features: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimGranted(ClaimAnswer):
    """The same at the inviter, with the private key (32-byte seed) that signs this one answer."""

    signing_key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Peer:
    """A connection as the wire sees it. `our_key` is our private key (32-byte seed), `their_keys` the partner's public
    key, and the next one where one was announced. `is_told` is False until the first answer after our person's yes:
    from it the partner learns that the connection is active. `rejected` tells a closed connection that never became
    active; `reason` is what our person wrote when they closed one that was."""

    organisation_id: str
    connection_id: str
    our_id: str
    our_key: bytes = field(repr=False)
    their_keys: tuple[bytes, ...]
    state: ConnectionState
    rejected: bool = False
    reason: str = ""
    is_told: bool = True


class ReceiptKind(StrEnum):
    STORED = "stored"
    REPLAYED = "replayed"  # this nonce was seen before: nothing was stored or acknowledged
    BUSY = "busy"  # the inbox is full: acknowledgements were applied, no envelope was stored


@dataclass(frozen=True, slots=True)
class Receipt:
    """`ack` are the ids of this request's envelopes, all of which are stored now (or were before)."""

    kind: ReceiptKind = ReceiptKind.STORED
    ack: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What a reply would say at this moment."""

    state: ConnectionState
    batch: Batch
    rejected: bool = False
    reason: str = ""


class Receiver(Protocol):
    """The answering side's way to the database; flows/receive.py is it."""

    async def look(self, token: bytes) -> OfferTerms:
        """Changes nothing. Raises ClaimRefused."""

    async def decline(self, token: bytes, reason: str) -> None:
        """`reason` is cleaned and at most 200 characters. Raises ClaimRefused."""

    async def claim(self, claim: Claim, claim_sha256: bytes) -> ClaimGranted:
        """The same claim again gets the same answer. Raises ClaimRefused."""

    async def peer(self, to: str) -> Peer | None:
        """The connection whose own side id this is."""

    async def receive(self, peer: Peer, nonce: str, batch: Batch | None) -> Receipt:
        """One transaction for the nonce and all of the batch; None means an unreadable body: only the nonce is kept.

        While a connection is pending nothing of a batch counts but that the partner closes."""

    async def outgoing(self, peer: Peer, ack: tuple[str, ...]) -> Outgoing:
        """The reply's batch, repeating `ack`; its envelopes are control ones only unless the connection is active."""
