"""The outbound guard: which addresses a partner's host name may lead to. Anyone who may type an address or paste a code
makes this node dial it, so nothing inside our own network may ever be reached that way."""

import asyncio
import ipaddress
import socket

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

# IANA's special-purpose registries (read 2026), kept here so that the rules do not depend on the Python version.
_CLOSED_V4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carriers' shared space
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, cloud metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
# Only global unicast is open, less what is carved out of it.
_OPEN_V6 = ipaddress.IPv6Network("2000::/3")
_CLOSED_V6 = tuple(
    ipaddress.IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments, Teredo, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4 hides any IPv4 address
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class AddressRefused(OSError):
    """A host name leads, also, to an address that may not be called."""


def is_public(text: str) -> bool:
    """True for an address of the public internet; False for anything else, unreadable texts included."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return _is_public_v4(address)
    return _is_public_v6(address)


def _is_public_v4(address: ipaddress.IPv4Address) -> bool:
    return address.is_global and not any(address in network for network in _CLOSED_V4)


def _is_public_v6(address: ipaddress.IPv6Address) -> bool:
    if address.scope_id is not None:
        return False
    if address.ipv4_mapped is not None:
        return _is_public_v4(address.ipv4_mapped)
    if address in _NAT64:
        return _is_public_v4(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return address.is_global and address in _OPEN_V6 and not any(address in network for network in _CLOSED_V6)


class GuardedResolver(AbstractResolver):
    """Resolves a name and hands on its addresses only when every one of them is public: the connector dials exactly
    those, so a name that means something else a moment later has nothing to rebind."""

    def __init__(self, resolver: AbstractResolver | None = None, *, seconds: float = 5.0) -> None:
        self._resolver = resolver or ThreadedResolver()
        self._seconds = seconds

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Raises OSError when the name has no address, AddressRefused when one of them is not public."""
        try:
            async with asyncio.timeout(self._seconds):
                found = await self._resolver.resolve(host, port, family)
        except (TimeoutError, UnicodeError) as exc:
            raise OSError("the name has no address") from exc
        if not found:
            raise OSError("the name has no address")
        if not all(is_public(result["host"]) for result in found):
            raise AddressRefused("not a public address")
        return found

    async def close(self) -> None:
        await self._resolver.close()
