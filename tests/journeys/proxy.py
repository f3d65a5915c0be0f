"""A proxy in front of a node, as operators have one, that can lose, forge and remember answers."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web

_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server", "host"}


@dataclass(frozen=True, slots=True)
class Seen:
    """One request that passed, with what the node answered; status 0 when the node was not asked."""

    path: str
    body: bytes
    status: int


@dataclass(slots=True)
class Proxy:
    """`instead(path)` answers without asking the node; `lose(path)` asks it and cuts the line before its answer."""

    target: str
    instead: Callable[[str], web.Response | None] = lambda path: None
    lose: Callable[[str], bool] = lambda path: False
    seen: list[Seen] = field(default_factory=list)

    def of(self, path: str) -> list[Seen]:
        return [one for one in self.seen if one.path.startswith(path)]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        if (forged := self.instead(request.path)) is not None:
            self.seen.append(Seen(request.path, body, 0))
            return forged
        headers = [(name, value) for name, value in request.headers.items() if name.lower() not in _HOP]
        async with (
            aiohttp.ClientSession(auto_decompress=False) as session,
            session.request(request.method, self.target + request.raw_path, data=body, headers=headers) as answer,
        ):
            content = await answer.read()
        self.seen.append(Seen(request.path, body, answer.status))
        if self.lose(request.path):
            assert request.transport is not None
            request.transport.abort()
            return web.Response(status=502)
        kept = [(name, value) for name, value in answer.headers.items() if name.lower() not in _HOP]
        return web.Response(status=answer.status, body=content, headers=kept)


@asynccontextmanager
async def proxied(address: str, target: str) -> AsyncIterator[Proxy]:
    """Listens at `address` and hands everything on to `target`."""
    proxy = Proxy(target)
    app = web.Application(client_max_size=8 * 1024 * 1024)
    app.router.add_route("*", "/{path:.*}", proxy.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    host, _, port = address.removeprefix("http://").rpartition(":")
    await web.TCPSite(runner, host, int(port)).start()
    try:
        yield proxy
    finally:
        await runner.cleanup()
