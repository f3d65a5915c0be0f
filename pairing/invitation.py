"""An invitation and its legal moves: open → claimed → approved, rejected, declined, expired or revoked."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from pairing.errors import InvitationExpired, InvitationSpent, MoveNotPossible
from pairing.number import MAX_TRIES

APPROVE_WITHIN = timedelta(hours=24)
MAX_OPEN = 20
EXPIRY_HOURS = (1, 24, 168)


class InvitationState(StrEnum):
    OPEN = "open"
    CLAIMED = "claimed"
    APPROVED = "approved"
    REJECTED = "rejected"
    DECLINED = "declined"
    EXPIRED = "expired"
    REVOKED = "revoked"

    @property
    def told(self) -> str:
        """The word for people: a command cancels, and a claim uses the code."""
        return {"claimed": "used", "revoked": "cancelled"}.get(self.value, self.value)


@dataclass(frozen=True, slots=True)
class Invitation:
    """The offer behind one code. `token_hash` and `own_key` (public) are 32 bytes, times aware UTC.

    `posted_kind` says where the code went: "dm", "person", "channel" or "none"; `posted_channel` and `posted_ts` name
    the Slack message, so that it can be replaced.
    """

    id: str
    connection_id: str
    state: InvitationState
    token_hash: bytes
    own_key: bytes
    partner_url: str | None
    auto: bool
    created_by: str
    created_at: datetime
    expires_at: datetime
    posted_kind: str = "none"
    posted_channel: str | None = None
    posted_ts: str | None = None
    claim_sha256: bytes | None = None
    claimed_at: datetime | None = None
    tries: int = 0
    closed_by: str | None = None
    closed_at: datetime | None = None
    reason: str | None = None

    @property
    def handle(self) -> str:
        """The first 8 hex digits of the token's hash: the name for logs and lists, worth nothing to a thief."""
        return self.token_hash.hex()[:8]

    @property
    def is_waiting(self) -> bool:
        return self.state in (InvitationState.OPEN, InvitationState.CLAIMED)

    def is_expired(self, now: datetime) -> bool:
        """Open past its time, or claimed and not approved within a day."""
        if self.state is InvitationState.OPEN:
            return now >= self.expires_at
        return self.state is InvitationState.CLAIMED and self.claimed_at is not None and now >= self.approve_by

    @property
    def approve_by(self) -> datetime:
        assert self.claimed_at is not None
        return self.claimed_at + APPROVE_WITHIN

    @property
    def tries_left(self) -> int:
        return MAX_TRIES - self.tries

    def after_posting(self, channel: str, ts: str) -> "Invitation":
        return replace(self, posted_channel=channel, posted_ts=ts)

    def after_approval(self, by: str, now: datetime) -> "Invitation":
        """Raises InvitationSpent, InvitationExpired or MoveNotPossible."""
        self._must_be_claimed(now)
        return self._ended(InvitationState.APPROVED, by, now)

    def after_wrong_number(self, by: str, now: datetime) -> "Invitation":
        """One try fewer; the third wrong number ends the invitation as rejected."""
        self._must_be_claimed(now)
        tried = replace(self, tries=self.tries + 1)
        if tried.tries < MAX_TRIES:
            return tried
        return tried._ended(InvitationState.REJECTED, by, now, "wrong number")

    def after_rejection(self, by: str, now: datetime) -> "Invitation":
        self._must_be_claimed(now)
        return self._ended(InvitationState.REJECTED, by, now)

    def after_decline(self, reason: str, now: datetime) -> "Invitation":
        """The partner said no; only an open invitation can be declined."""
        self._must_be_open(now)
        return self._ended(InvitationState.DECLINED, None, now, reason)

    def after_withdrawal(self, reason: str, now: datetime) -> "Invitation":
        """The partner used the code and took it back before anybody approved."""
        self._must_be_claimed(now)
        return self._ended(InvitationState.DECLINED, None, now, reason)

    def after_revocation(self, by: str, now: datetime) -> "Invitation":
        if not self.is_waiting:
            raise MoveNotPossible(f"This invitation is {self.state.told} already: there is nothing to cancel.")
        return self._ended(InvitationState.REVOKED, by, now)

    def after_expiry(self, now: datetime) -> "Invitation":
        assert self.is_expired(now)
        return self._ended(InvitationState.EXPIRED, None, now)

    def _must_be_open(self, now: datetime) -> None:
        if self.state is InvitationState.OPEN and not self.is_expired(now):
            return
        self._refuse_over(now)

    def _must_be_claimed(self, now: datetime) -> None:
        if self.state is InvitationState.CLAIMED and not self.is_expired(now):
            return
        if self.state is InvitationState.OPEN and not self.is_expired(now):
            raise MoveNotPossible("Nobody has used this code yet: wait until your partner accepts it.")
        self._refuse_over(now)

    def _refuse_over(self, now: datetime) -> None:
        if self.state is InvitationState.EXPIRED or self.is_expired(now):
            raise InvitationExpired("This invitation has expired. Make a new one with `initiate`.")
        raise InvitationSpent(f"This invitation is {self.state.told} already. Make a new one with `initiate`.")

    def _ended(self, state: InvitationState, by: str | None, now: datetime, reason: str | None = None) -> "Invitation":
        return replace(self, state=state, closed_by=by, closed_at=now, reason=reason)
