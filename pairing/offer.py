"""What an inviter says about a connection before and after its code is used."""

from dataclasses import dataclass
from datetime import datetime

from pairing.terms import ConflictPolicy, Reach, RulesMode


@dataclass(frozen=True, slots=True)
class OfferTerms:
    """The terms of one invitation, as the inviter states them: shown by `look`, repeated and signed by the claim.

    `organisation` is the inviter's own name for itself, `inviter_name` and `invitee_name` are the two short names it
    chose, `expires_at` is aware UTC in whole seconds.
    """

    organisation: str
    inviter_name: str
    invitee_name: str
    reach: Reach
    rules: RulesMode
    policy: ConflictPolicy
    description: str
    expires_at: datetime
