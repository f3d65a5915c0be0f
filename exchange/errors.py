"""What can go wrong on the wire between two nodes. Texts name no address and repeat nothing the other end said."""

from sync.errors import RemoteError, RemoteUnavailable

# Answers to look, decline and claim, with the HTTP status of each: unsigned advice for whoever holds the token.
CLAIM_REFUSALS = {
    "invite_unknown": 404,
    "invite_used": 409,
    "invite_expired": 410,
    "invite_revoked": 410,
    "invite_declined": 410,
    "mode_mismatch": 403,
    "url_mismatch": 403,
    "team_mismatch": 403,
    "self_connection": 403,
    "bad_request": 400,
    "protocol_unsupported": 400,
    "slow_down": 429,
}


class PartnerUnavailable(RemoteUnavailable):
    """No answer that may be believed. It is tried again and changes no state; `reason` is a code for logs and tests:
    not_reachable, not_allowed, not_a_drawbridge, bad_answer, unsigned, or the unsigned code of the partner's node
    (auth_failed, clock_skew, too_slow, too_large, media_type, unavailable)."""

    def __init__(self, reason: str, text: str = "", retry_after: float | None = None) -> None:
        super().__init__(text or "The partner's node gave no usable answer.", retry_after)
        self.reason = reason


class NotReachable(PartnerUnavailable):
    def __init__(self, text: str = "Nothing answered at that address.") -> None:
        super().__init__("not_reachable", text)


class NotAllowed(PartnerUnavailable):
    """Our own guard refuses to call that address."""

    def __init__(self) -> None:
        super().__init__("not_allowed", "Drawbridge is not allowed to call that address.")


class NotADrawbridge(PartnerUnavailable):
    def __init__(self, text: str = "Something answered at that address, but it is not a Drawbridge.") -> None:
        super().__init__("not_a_drawbridge", text)


class ClaimRefused(RemoteError):
    """The inviter's node refused a look, a decline or a claim; `code` is a key of CLAIM_REFUSALS.

    The receiver raises it to refuse; the client raises it for the same code on the wire."""

    def __init__(self, code: str) -> None:
        assert code in CLAIM_REFUSALS
        super().__init__(f"The partner's node refused the invitation code ({code}).")
        self.code = code

    @property
    def is_final(self) -> bool:
        """False when the same claim may be sent again after a while."""
        return self.code != "slow_down"


class AnswerNotTrusted(RemoteError):
    """A claim was answered by somebody who is not the inviter that made the code; `reason`: commitment, signature,
    stale or protocol."""

    def __init__(self, reason: str) -> None:
        super().__init__("The answer did not come from the node that made this code.")
        self.reason = reason


class PartnerSays(RemoteError):
    """An error that the partner signed, so that it may change our state.

    `code` is protocol_unsupported, bad_request, clock_skew, pending, replayed, closed, rejected or busy (unknown ones
    of later versions are handed on). `pause` is in seconds, `envelope_id` names the envelope of a bad_request,
    `clock_diff_seconds` says with clock_skew how far the partner's clock is ahead of ours, and `reason` is with closed
    what a person there wrote, in one clean line."""

    def __init__(
        self,
        code: str,
        pause: int = 0,
        envelope_id: str | None = None,
        clock_diff_seconds: int | None = None,
        reason: str = "",
    ) -> None:
        super().__init__(f"The partner's node answered {code}.")
        self.reason = reason
        self.code = code
        self.pause = pause
        self.envelope_id = envelope_id
        self.clock_diff_seconds = clock_diff_seconds


class MessageNotReadable(ValueError):
    """A body that is not strict JSON of the expected shape; `envelope_id` names the envelope at fault, where one is."""

    def __init__(self, envelope_id: str | None = None) -> None:
        super().__init__("not a readable message")
        self.envelope_id = envelope_id
