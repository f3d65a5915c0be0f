"""What Slack still has to be told: saved with the change it reports, delivered after its commit."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class NoticeKind(StrEnum):
    """Each kind has one renderer in handlers/notices.py; `text` of the notice holds what is named in brackets."""

    CLAIMED = "claimed"  # to the initiator: a partner used the code; asks for the number, or to reject
    SECOND_CLAIM = "second_claim"  # to the initiator: somebody else tried the code that is already used
    DECLINED = "declined"  # to the initiator [the partner's reason, may be empty]
    EXPIRED = "expired"  # to the initiator: nobody used the code, or nobody approved the claim in time
    NUMBER = "number"  # to the acceptor: the number to tell the initiator (kept in the vault, never in the notice)
    CLAIM_REFUSED = "claim_refused"  # to the acceptor [the sentence why the code could not be used]
    ACTIVE = "active"  # to whoever made our half: tickets may travel
    REJECTED = "rejected"  # to the acceptor: the initiator said no, three wrong numbers, or too late
    UNREACHABLE = "unreachable"  # to the initiator of a public connection: the partner's address did not answer
    PAUSED = "paused"  # the partner paused
    RESUMED = "resumed"  # the partner resumed
    CLOSED = "closed"  # the partner closed [its reason, may be empty]
    INVITATION = "invitation"  # nobody reads it: the posted invitation is replaced by what became of it
    CARD = "card"  # nobody reads it: the card with *Enter number* and *Reject* is replaced by what was decided
    BRAKED = "braked"  # a brake paused the connection [why]
    PARKED = "parked"  # a ticket waits for a person [the envelope's id]; asks *Retry* or *Skip*
    PARKED_THERE = "parked_there"  # the partner could not apply an update of ours [our ticket|code]
    CONFLICT = "conflict"  # both sides changed a field [the disagreement's id]; offers the other value
    CUT = "cut"  # a pair of tickets was cut [our ticket|theirs|why]
    JOIN_ASKED = "join_asked"  # the partner would like to join two tickets [ours|theirs|summary]
    DESK_REFUSED = "desk_refused"  # the desk refuses the key [the desk's id]; one card for the desk
    DESK_BACK = "desk_back"  # the desk takes the key again [the desk's id]
    OUT_OF_REACH = "out_of_reach"  # the partner's node has not answered for a while
    IN_REACH = "in_reach"  # it answers again
    RESTORED = "restored"  # the partner's node forgot what it knew since a backup
    BACKFILL = "backfill"  # progress of a back-fill: one message that is edited
    HOME = "home"  # nobody reads it: every Home we published to this organisation is published again


@dataclass(frozen=True, slots=True)
class Notice:
    """`user_id` is the person it goes to (None for HOME, INVITATION, CARD); `text` is plain, at most 300 characters."""

    id: str
    kind: NoticeKind
    created_at: datetime
    connection_id: str | None = None
    user_id: str | None = None
    text: str = ""
    tries: int = 0
