import asyncio
import socket
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from exchange.guard import AddressRefused, GuardedResolver, is_public

REFUSED = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.8.8.8 169.254.169.254 169.254.0.1
172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.9 192.0.0.10 192.0.0.170 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1
198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 224.0.1.1 233.252.0.1 239.255.255.255 240.0.0.1 255.255.255.255
:: ::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:224.0.1.1 ::127.0.0.1 ::8.8.8.8 ::a9fe:a9fe
64:ff9b::a9fe:a9fe 64:ff9b::7f00:1 64:ff9b::a00:1 64:ff9b:1::1 64:ff9b:1::808:808 100::1 100:0:0:1::1
2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:2::1 2001:10::1 2001:20::1 2001:db8::1 2002::1 2002:7f00:1::
2002:808:808::1 3fff::1 3fff:fff::1 4000::1 5f00::1 fc00::1 fd12:3456:789a::1 fe80::1 fe80::1%eth0 fec0::1 ff02::1
ff0e::1 2606:4700::1111%1 2130706433 0x7f000001 0177.0.0.1 127.1 localhost 8.8.8.8. 8.8.8.8/32 ８.８.８.８
"""
ALLOWED = """
1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 93.184.216.34 100.63.255.255 100.128.0.0 172.15.255.255 172.32.0.0 192.0.1.1
198.17.255.255 198.20.0.0 223.255.255.255 ::ffff:8.8.8.8 64:ff9b::808:808 2606:4700:4700::1111 2a00:1450:4001:81b::200e
2620:fe::fe 2400:cb00::1
"""


@pytest.mark.parametrize("address", REFUSED.split())
def test_r2_an_address_that_is_not_of_the_public_internet_is_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ALLOWED.split())
def test_r2_a_public_address_is_allowed(address: str) -> None:
    assert is_public(address)


@dataclass
class Names(AbstractResolver):
    """A resolver whose answers are given, one list for each time it is asked."""

    answers: list[list[str]]
    asked: list[str] = field(default_factory=list)
    delay: float = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        self.asked.append(host)
        await asyncio.sleep(self.delay)
        addresses = self.answers[min(len(self.asked), len(self.answers)) - 1]
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST,
            )
            for address in addresses
        ]

    async def close(self) -> None:
        """Nothing is open."""


async def test_a_name_with_public_addresses_only_is_handed_on() -> None:
    found = await GuardedResolver(Names([["8.8.8.8", "2606:4700:4700::1111"]])).resolve("bridge.acme.example", 443)
    assert [result["host"] for result in found] == ["8.8.8.8", "2606:4700:4700::1111"]


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["10.0.0.1", "8.8.8.8"], ["fe80::1"]])
async def test_r3_one_closed_address_among_others_refuses_the_name(addresses: list[str]) -> None:
    with pytest.raises(AddressRefused):
        await GuardedResolver(Names([addresses])).resolve("bridge.acme.example", 443)


async def test_r3_a_name_that_turns_private_the_second_time_is_refused_then() -> None:
    guard = GuardedResolver(Names([["8.8.8.8"], ["127.0.0.1"]]))
    assert len(await guard.resolve("bridge.acme.example", 443)) == 1
    with pytest.raises(AddressRefused):
        await guard.resolve("bridge.acme.example", 443)


async def test_r3_the_connector_dials_what_was_vetted_and_asks_once() -> None:
    dialled: list[object] = []

    def refuse(info: tuple[object, ...]) -> socket.socket:
        dialled.append(info[-1])
        raise OSError("not in a test")

    names = Names([["8.8.8.8"], ["127.0.0.1"]])
    connector = aiohttp.TCPConnector(resolver=GuardedResolver(names), use_dns_cache=False, socket_factory=refuse)
    async with aiohttp.ClientSession(connector=connector) as session:
        with pytest.raises(aiohttp.ClientConnectorError):
            await session.get("https://bridge.acme.example/bridge/v1/info")
    assert dialled == [("8.8.8.8", 443)]
    assert names.asked == ["bridge.acme.example"]


async def test_a_name_without_an_address_is_an_os_error() -> None:
    with pytest.raises(OSError, match="no address"):
        await GuardedResolver(Names([[]])).resolve("bridge.acme.example", 443)


async def test_a_slow_resolver_is_cut() -> None:
    with pytest.raises(OSError, match="no address"):
        await GuardedResolver(Names([["8.8.8.8"]], delay=5), seconds=0.02).resolve("bridge.acme.example", 443)
