"""What can go wrong between us and Slack."""

from pairing.errors import DrawbridgeError, UserError


class NotAllowed(UserError):
    """The person may not do this here; `why` is a word for the audit."""

    code = "not_allowed"

    def __init__(self, text: str, why: str) -> None:
        super().__init__(text)
        self.why = why


class SlackRefused(DrawbridgeError):
    """Slack understood the call and said no; `code` is its error code."""

    def __init__(self, method: str, code: str) -> None:
        super().__init__(f"{method}: {code}")
        self.code = code

    @property
    def is_late(self) -> bool:
        """The trigger that would open a window is too old or was used."""
        return self.code in ("expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id")

    @property
    def is_gone(self) -> bool:
        """The person closed the window, or a newer one stands there: normal life."""
        return self.code in ("not_found", "view_not_found", "hash_conflict")
