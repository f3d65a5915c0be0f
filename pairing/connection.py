"""A connection and its legal moves: pending → active ⇄ paused → closed; broken when its own key is lost."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from pairing.errors import MoveNotPossible
from pairing.terms import ConflictPolicy, Reach, RulesMode, Side


class ConnectionState(StrEnum):
    PENDING = "pending"
    ACTIVE = "active"
    PAUSED = "paused"
    BROKEN = "broken"
    CLOSED = "closed"


OPEN_STATES = (ConnectionState.ACTIVE, ConnectionState.PAUSED)


@dataclass(frozen=True, slots=True)
class Connection:
    """One side's half of the agreement. Ids are 26 base32 symbols, keys 32 raw public bytes, times aware UTC.

    `their_url` is None at the inviter of a private connection: it has no address to dial, so it never dials.
    `have` counts distinct envelopes of theirs that we stored, `acked` those of ours that they acknowledged.
    """

    id: str
    name: str
    side: Side
    reach: Reach
    rules: RulesMode
    policy: ConflictPolicy
    state: ConnectionState
    desk_id: str
    local_name: str
    remote_name: str
    description: str
    our_id: str
    our_key: bytes
    created_by: str
    created_at: datetime
    their_id: str | None = None
    their_key: bytes | None = None
    their_url: str | None = None
    address_proved: bool = False
    partner_name: str | None = None
    partner_team: str | None = None
    partner_team_name: str | None = None
    partner_desk: str | None = None
    paused_by_us: bool = False
    paused_by_them: bool = False
    have: int = 0
    acked: int = 0
    claim_sha256: bytes | None = None
    approved_by: str | None = None
    approved_at: datetime | None = None
    closed_at: datetime | None = None
    closed_reason: str | None = None
    last_contact_at: datetime | None = None
    last_error: str | None = None
    clock_diff_seconds: int | None = None

    @property
    def partner(self) -> str:
        """How the other side calls itself, and until it told us, how we call it."""
        return self.partner_name or self.remote_name

    @property
    def is_open(self) -> bool:
        """Active or paused: control envelopes travel."""
        return self.state in OPEN_STATES

    @property
    def may_dial(self) -> bool:
        return self.their_url is not None

    @property
    def is_listening(self) -> bool:
        """True at the side that has to ask for news: always in a private connection, elsewhere until it is approved."""
        if self.side is not Side.INVITEE:
            return False
        return self.state is ConnectionState.PENDING or (self.reach is Reach.PRIVATE and self.is_open)

    def after_claim(
        self,
        *,
        their_id: str,
        their_key: bytes,
        their_url: str | None,
        partner_name: str,
        partner_team: str | None,
        partner_team_name: str | None,
        partner_desk: str | None,
        claim_sha256: bytes,
    ) -> "Connection":
        """The inviter's half once a partner used the code; still pending."""
        self._must_be(ConnectionState.PENDING)
        assert self.side is Side.INVITER
        assert self.reach is not Reach.PRIVATE or their_url is None
        return replace(
            self,
            their_id=their_id,
            their_key=their_key,
            their_url=their_url,
            partner_name=partner_name,
            partner_team=partner_team,
            partner_team_name=partner_team_name,
            partner_desk=partner_desk,
            claim_sha256=claim_sha256,
        )

    def after_approval(self, by: str, now: datetime) -> "Connection":
        self._must_be(ConnectionState.PENDING)
        return replace(self, state=ConnectionState.ACTIVE, approved_by=by, approved_at=now)

    def after_proof(self) -> "Connection":
        """The claimed key answered at the address that our admin typed."""
        return replace(self, address_proved=True)

    def after_answer(
        self, *, their_id: str, their_key: bytes, partner_name: str, partner_desk: str | None
    ) -> "Connection":
        """The acceptor's half once the inviter answered its claim; pending until the number is typed there."""
        self._must_be(ConnectionState.PENDING)
        assert self.side is Side.INVITEE
        return replace(
            self, their_id=their_id, their_key=their_key, partner_name=partner_name, partner_desk=partner_desk
        )

    def after_receiving(self, stored: int) -> "Connection":
        return replace(self, have=self.have + stored)

    def after_gap(self, have: int) -> "Connection":
        """The partner forgot what it acknowledged; from here on we count from what it has."""
        return replace(self, acked=have)

    def after_acks(self, acked: int) -> "Connection":
        return replace(self, acked=self.acked + acked)

    def after_pause(self, *, ours: bool) -> "Connection":
        """Paused by us (`ours`) or by the partner; both flags stand on their own."""
        self._must_be(*OPEN_STATES)
        if ours and self.paused_by_us:
            raise MoveNotPossible(f"`{self.name}` is paused on your side already.")
        return self._with_flags(ours or self.paused_by_us, self.paused_by_them or not ours)

    def after_resume(self, *, ours: bool) -> "Connection":
        """Each side clears its own flag; active again when both are clear."""
        self._must_be(*OPEN_STATES)
        if ours and not self.paused_by_us:
            if self.paused_by_them:
                raise MoveNotPossible(f"`{self.name}` is paused by your partner: only they can resume it.")
            raise MoveNotPossible(f"`{self.name}` is not paused.")
        return self._with_flags(self.paused_by_us and not ours, self.paused_by_them and ours)

    def after_close(self, reason: str, now: datetime) -> "Connection":
        if self.state is ConnectionState.CLOSED:
            raise MoveNotPossible(f"`{self.name}` is closed already.")
        return replace(self, state=ConnectionState.CLOSED, closed_at=now, closed_reason=reason)

    def after_contact(self, now: datetime) -> "Connection":
        return replace(self, last_contact_at=now, last_error=None, clock_diff_seconds=None)

    def after_failure(self, error: str, clock_diff_seconds: int | None = None) -> "Connection":
        """`error` is our own sentence; `clock_diff_seconds` says how far the partner's clock is ahead of ours."""
        return replace(self, last_error=error, clock_diff_seconds=clock_diff_seconds)

    def _with_flags(self, by_us: bool, by_them: bool) -> "Connection":
        state = ConnectionState.PAUSED if by_us or by_them else ConnectionState.ACTIVE
        return replace(self, state=state, paused_by_us=by_us, paused_by_them=by_them)

    def _must_be(self, *states: ConnectionState) -> None:
        if self.state in states:
            return
        if self.state is ConnectionState.PENDING:
            raise MoveNotPossible(f"`{self.name}` is pending: that works once it is active. `close` withdraws it.")
        raise MoveNotPossible(f"`{self.name}` is {self.state}: that is not possible now.")
