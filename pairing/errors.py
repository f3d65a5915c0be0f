"""The root of our errors, and the family that a person can put right."""

from typing import ClassVar


class DrawbridgeError(Exception):
    """Every error that Drawbridge raises on purpose."""


class UserError(DrawbridgeError):
    """Something a person can put right: `str(error)` is the sentence they read, `code` its name in tests and logs."""

    code: ClassVar[str] = "user_error"


class CodeNotReadable(UserError):
    """What was pasted holds no whole invitation code."""

    code = "code_malformed"

    def __init__(self, text: str = "") -> None:
        super().__init__(
            text
            or "There is no invitation code in what you pasted. It starts with `brg_`: copy the whole message again."
        )


class CodeTruncated(CodeNotReadable):
    code = "code_truncated"

    def __init__(self) -> None:
        super().__init__("The last part of this invitation code is missing. Copy the whole code and try again.")


class CodeChecksum(CodeNotReadable):
    code = "code_checksum"

    def __init__(self) -> None:
        super().__init__("A character of this invitation code was changed on the way. Copy it again from the message.")


class CodeNewerVersion(CodeNotReadable):
    code = "code_newer_version"

    def __init__(self) -> None:
        super().__init__(
            "This code was made by a newer Drawbridge. Your node is older than your partner's: upgrade it, then try"
            " again."
        )


class AddressNotUsable(UserError):
    """An address that cannot be a partner's Drawbridge; the sentence says which part is wrong."""

    code = "address_not_usable"


class NameNotUsable(UserError):
    """A name of a connection or a side that breaks its rule; the sentence says the rule."""

    code = "name_not_usable"


class MoveNotPossible(UserError):
    """A connection or an invitation is not in a state that allows this step."""

    code = "move_not_possible"


class InvitationExpired(MoveNotPossible):
    code = "invite_expired"


class InvitationSpent(MoveNotPossible):
    code = "invite_used"
