"""What Drawbridge asks of every kind of service desk."""

from typing import Protocol

from pairing.secret import Secret


class DeskKind(Protocol):
    """One kind of service desk. `name` is stored ("freshservice"), `label` is for people, `address_hint` an example."""

    @property
    def name(self) -> str: ...

    @property
    def label(self) -> str: ...

    @property
    def address_hint(self) -> str: ...

    def canonical_address(self, typed: str) -> str:
        """The one spelling under which a desk is stored. Raises DeskAddressNotUsable."""

    async def check(self, address: str, key: Secret) -> None:
        """Asks the desk whether this key may read its tickets; changes nothing there.

        `address` is canonical. Raises RemoteRefusedUs (the key, or what it may do), RemoteGone (no desk there) or
        RemoteUnavailable (no usable answer). Their texts are sentences for people.
        """
