"""What a person can get wrong about a desk."""

from pairing.errors import UserError


class DeskAddressNotUsable(UserError):
    """What was typed is no address of this kind of desk; the sentence says how one looks."""

    code = "desk_address_not_usable"
