"""How often a stranger may ask, and how often a partner may exchange. Kept in memory: a restart forgives."""

import ipaddress
from collections import deque
from collections.abc import Callable

Monotonic = Callable[[], float]
_MINUTE = 60.0


class ClaimRates:
    """So many claims a minute for each address, and for the whole node. Refused ones do not count."""

    def __init__(self, monotonic: Monotonic, *, per_address: int, per_node: int) -> None:
        self._monotonic = monotonic
        self._per_address = per_address
        self._per_node = per_node
        self._admitted: deque[tuple[float, str]] = deque()

    def may(self, caller: str) -> bool:
        """Counts one claim, if it is allowed. `caller` "" is this process, where each person has a limit already."""
        now = self._monotonic()
        while self._admitted and self._admitted[0][0] <= now - _MINUTE:
            self._admitted.popleft()
        network = _network(caller)
        if len(self._admitted) >= self._per_node:
            return False
        if network and sum(one == network for _, one in self._admitted) >= self._per_address:
            return False
        self._admitted.append((now, network))
        return True


class ExchangeRates:
    """A bucket of `burst` exchanges for each connection, filled `per_second`."""

    def __init__(self, monotonic: Monotonic, *, per_second: float, burst: int) -> None:
        self._monotonic = monotonic
        self._interval = 1 / per_second
        self._burst = burst
        # When each connection's bucket will be full again; a time that is past needs no entry.
        self._full_at: dict[str, float] = {}

    def may(self, connection_id: str) -> bool:
        now = self._monotonic()
        full_at = max(self._full_at.get(connection_id, now), now) + self._interval
        if full_at - now > self._burst * self._interval + 1e-9:
            return False
        if len(self._full_at) >= 4096:
            self._full_at = {key: at for key, at in self._full_at.items() if at > now}
        self._full_at[connection_id] = full_at
        return True


def _network(caller: str) -> str:
    """One household is one caller: an IPv6 customer holds a whole /64."""
    try:
        address = ipaddress.ip_address(caller)
    except ValueError:
        return caller
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((int(address) >> 64 << 64, 64)))
    return str(address)
