"""Real sockets on loopback: our own routes, or a server that answers by a script; and clients that may call them."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from aiohttp import web
from aiohttp.abc import AbstractResolver

from exchange.client import Local, PartnerClient
from exchange.endpoint import Endpoint
from exchange.limits import LIMITS, Deadlines, Limits
from exchange.parking import Parking
from exchange.ports import WireRequest
from exchange.web import routes
from tests.exchange.twin import Chance, Clocks, Twin

QUICK = Deadlines(resolve=5.0, connect=5.0, exchange=5.0, poll=5.0)


@asynccontextmanager
async def calling(
    *trusted: str,
    clocks: Clocks | None = None,
    deadlines: Deadlines = QUICK,
    resolver: AbstractResolver | None = None,
    ca_file: str | None = None,
    egress_proxy: str | None = None,
    local: Local | None = None,
    local_address: str | None = None,
) -> AsyncIterator[PartnerClient]:
    """A client that trusts exactly these origins, closed at the end."""
    client = PartnerClient(
        trusted=frozenset(trusted),
        clock=(clocks or Clocks()).clock,
        chance=Chance(),
        deadlines=deadlines,
        resolver=resolver,
        ca_file=ca_file,
        egress_proxy=egress_proxy,
        local=local,
        local_address=local_address,
    )
    try:
        yield client
    finally:
        await client.close()


@asynccontextmanager
async def serving(
    app: web.Application, *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None
) -> AsyncIterator[str]:
    """The origin at which the application answers."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, host, 0, ssl_context=tls)
    await site.start()
    port = runner.addresses[0][1]
    try:
        yield f"{'https' if tls else 'http'}://{host if tls is None else 'localhost'}:{port}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def node(
    twin: Twin, *, prefix: str = "", limits: Limits = LIMITS, clocks: Clocks | None = None
) -> AsyncIterator[str]:
    """The base address of a node over this receiver."""
    clocks, app = clocks or Clocks(), web.Application()
    async with serving_late(app) as (origin, start):
        endpoint = Endpoint(
            base=origin + prefix,
            receiver=twin,
            parking=Parking(),
            clock=clocks.clock,
            monotonic=clocks.monotonic,
            limits=limits,
        )
        app.add_routes(routes(endpoint, prefix, limits))
        await start()
        yield origin + prefix


@asynccontextmanager
async def serving_late(app: web.Application) -> AsyncIterator[tuple[str, Callable[[], Awaitable[None]]]]:
    """An origin that is known before the routes are: the endpoint must know its own address."""
    listening = socket.create_server(("127.0.0.1", 0))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)

    async def start() -> None:
        await runner.setup()
        await web.SockSite(runner, listening).start()

    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", start
    finally:
        await runner.cleanup()
        listening.close()


@dataclass
class Script:
    """A server that answers every request with the same bytes, whatever they are, and remembers what it was sent."""

    answer: bytes | Callable[[WireRequest], Awaitable[bytes]]
    drip: float = 0
    seen: list[WireRequest] = field(default_factory=list)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[str]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        try:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        finally:
            server.close()
            await server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await _read(reader)
            self.seen.append(request)
            answer = self.answer if isinstance(self.answer, bytes) else await self.answer(request)
            if self.drip:
                for byte in answer:
                    writer.write(bytes([byte]))
                    await writer.drain()
                    await asyncio.sleep(self.drip)
            writer.write(answer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()


async def _read(reader: asyncio.StreamReader) -> WireRequest:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, path, _ = head[0].split(" ")
    headers = tuple((name, value) for name, _, value in (line.partition(": ") for line in head[1:] if line))
    length = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
    return replace(WireRequest(method, path, headers), body=await reader.readexactly(length))


def http(status: int, body: bytes, *headers: tuple[str, str]) -> bytes:
    """The bytes of a whole answer."""
    lines = [f"HTTP/1.1 {status} Text", f"Content-Length: {len(body)}", "Connection: close"]
    return "\r\n".join([*lines, *(f"{name}: {value}" for name, value in headers), "", ""]).encode() + body
