"""Errors of the flows that a person can put right."""

from pairing.errors import UserError


class NotFound(UserError):
    """No connection, desk or invitation of that name in this organisation."""

    code = "not_found"


class DeskNotUsable(UserError):
    """The desk refused the key, did not answer, or is none; the sentence says which and what to do."""

    code = "desk_not_usable"


class NoDesk(UserError):
    code = "no_desk"


class PartnerNotReachable(UserError):
    """reachable, not reachable, not allowed, not a Drawbridge: never the partner's own words."""

    code = "partner_not_reachable"


class OfferNotUsable(UserError):
    """The partner's node refused the code; `refusal` is its error code (protocol.md §7.4)."""

    code = "offer_not_usable"

    def __init__(self, text: str, refusal: str = "") -> None:
        super().__init__(text)
        self.refusal = refusal


class WrongNumber(UserError):
    """`tries_left` is 0 when that was the last one and the invitation is closed."""

    code = "wrong_number"

    def __init__(self, text: str, tries_left: int) -> None:
        super().__init__(text)
        self.tries_left = tries_left


class TooMany(UserError):
    """A limit per person and hour, or per organisation."""

    code = "too_many"


class FieldErrors(UserError):
    """Several inputs are wrong at once: `fields` maps the argument's name to its sentence."""

    code = "field_errors"

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = fields
