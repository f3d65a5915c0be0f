"""What a person can get wrong about a desk."""

from pairing.errors import UserError
from sync.errors import RemoteRefusedTicket


class DeskAddressNotUsable(UserError):
    """What was typed is no address of this kind of desk; the sentence says how one looks."""

    code = "desk_address_not_usable"


class CallNotAllowed(RemoteRefusedTicket):
    """A rule's own call to its desk that is not made, or whose answer is not taken; the sentence says why."""
