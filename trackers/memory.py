"""A toy desk that lives in this process: for tests, the demo and a first look around."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pairing.secret import Secret
from sync.errors import RemoteGone, RemoteRefusedUs, RemoteUnavailable
from trackers.errors import DeskAddressNotUsable
from trackers.memory_desk import MemoryAccount, MemoryTracker
from trackers.port import Budget

PREFIX = "memory:"
KEY_PREFIX = "toy-"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


@dataclass(frozen=True, slots=True)
class MemoryDesks:
    """Every name is a desk, but those in `missing`; those in `silent` do not answer. Keys start with "toy-"."""

    missing: frozenset[str] = frozenset()
    silent: frozenset[str] = frozenset()
    name: str = "memory"
    label: str = "Toy desk"
    address_hint: str = "memory:acme, with a key like toy-1234"
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    accounts: dict[str, MemoryAccount] = field(default_factory=dict)

    def canonical_address(self, typed: str) -> str:
        desk = typed.strip().lower().removeprefix(PREFIX)
        if not _NAME.fullmatch(desk):
            raise DeskAddressNotUsable("A toy desk is called memory:<name>, with a-z, 0-9 and - in the name.")
        return PREFIX + desk

    async def check(self, address: str, key: Secret) -> None:
        if address in self.silent:
            raise RemoteUnavailable("The desk does not answer. Try again in a few minutes.")
        if address in self.missing:
            raise RemoteGone("There is no desk at this address. Check how it is spelled.")
        if not key.reveal().startswith(KEY_PREFIX):
            raise RemoteRefusedUs("The desk refused the API key. A toy desk takes keys that start with toy-.")

    def account(self, address: str) -> MemoryAccount:
        """The desk behind an address; its tickets live as long as this process."""
        return self.accounts.setdefault(address, MemoryAccount(self.clock))

    def limits(self, kept: str) -> None:
        return None

    def open(
        self,
        address: str,
        key: Secret,
        *,
        fallback_requester: str = "",
        budget: Budget | None = None,
        urgent: bool = False,
    ) -> MemoryTracker:
        return MemoryTracker(self.account(address))
