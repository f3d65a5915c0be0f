"""What can go wrong with a desk or a partner, sorted by whose move it is."""

from pairing.errors import DrawbridgeError


class RemoteError(DrawbridgeError):
    """A desk or a partner's node did not do what we asked. Texts name no address, credential or ticket text."""


class RemoteUnavailable(RemoteError):
    """Nobody's move: it is tried again. `retry_after` is in seconds, None when the other end said nothing."""

    def __init__(self, text: str = "no usable answer", retry_after: float | None = None) -> None:
        super().__init__(text)
        self.retry_after = retry_after


class RemoteRefusedTicket(RemoteError):
    """An admin's move: this ticket is parked, the rest goes on."""


class VisibilityStays(RemoteRefusedTicket):
    """The desk cannot change who may see this comment: write it anew and take the old one back."""


class RemoteGone(RemoteError):
    """The ticket is not there any more."""


class RemoteRefusedUs(RemoteError):
    """The other end refused our credential or right: an admin's move."""


class RemoteConflict(RemoteError):
    """Someone was faster: read and decide again."""
