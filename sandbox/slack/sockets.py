"""Socket Mode: WebSockets that apps open, envelopes that they acknowledge."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from itertools import count
from uuid import uuid4

from aiohttp import WSMsgType, web

from sandbox.slack.errors import NoAnswer
from sandbox.slack.forms import Json
from sandbox.slack.ids import secret
from sandbox.slack.world import App, World

SOCKETS_PER_APP = 10


@dataclass(slots=True, eq=False)
class Socket:
    request: web.Request
    ws: web.WebSocketResponse
    waiting: dict[str, asyncio.Future[Json]] = field(default_factory=dict)

    def tear(self) -> None:
        """Ends the connection without a goodbye, as a lost network does."""
        if self.request.transport is not None:
            self.request.transport.abort()


class Sockets:
    """All open sockets, by app. Each envelope goes to one of an app's sockets, in turn."""

    def __init__(self, world: World) -> None:
        self.address = ""  # ws://host:port, known once the server listens
        self._world = world
        self._tickets: dict[str, App] = {}
        self._open: dict[str, list[Socket]] = {}
        self._retired: set[Socket] = set()
        self._turn = count()

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/link/", self.handle)]

    def new_address(self, app: App) -> str:
        """For `apps.connections.open`: good for one connection."""
        ticket = secret("", 16)
        self._tickets[ticket] = app
        return f"{self.address}/link/?ticket={ticket}&app_id={app.id}"

    def count_of(self, app: App) -> int:
        return len(self._open.get(app.id, ()))

    async def handle(self, request: web.Request) -> web.StreamResponse:
        app = self._tickets.pop(request.query.get("ticket", ""), None)
        if app is None:
            return web.Response(status=403, text="this ticket is unknown or was used")
        ws = web.WebSocketResponse()
        await ws.prepare(request)
        mine = self._open.setdefault(app.id, [])
        if len(mine) >= SOCKETS_PER_APP:
            await ws.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await ws.close()
            return ws
        socket = Socket(request, ws)
        mine.append(socket)
        self._world.changes.ring()
        try:
            await self._serve(app, socket)
        finally:
            self._forget(socket, mine)
            self._world.changes.ring()
        return ws

    def _forget(self, socket: Socket, mine: list[Socket]) -> None:
        self._retired.discard(socket)
        if socket in mine:
            mine.remove(socket)
        _give_up(socket)

    async def _serve(self, app: App, socket: Socket) -> None:
        debug = {"host": "stand-in", "approximate_connection_time": 18060}
        hello = {
            "type": "hello",
            "num_connections": self.count_of(app),
            "debug_info": debug,
            "connection_info": {"app_id": app.id},
        }
        await socket.ws.send_json(hello)
        async for message in socket.ws:
            if message.type is WSMsgType.TEXT:
                _acknowledged(socket, message.data)

    async def deliver(self, app: App, envelope: Json, seconds: float) -> Json:
        """The acknowledgement's payload. Raises NoAnswer."""
        mine = self._open.get(app.id)
        if not mine:
            raise NoAnswer("dispatch_failed")
        socket = mine[next(self._turn) % len(mine)]
        envelope_id = str(uuid4())
        answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        socket.waiting[envelope_id] = answer
        try:
            await socket.ws.send_str(json.dumps({**envelope, "envelope_id": envelope_id}))
            return await asyncio.wait_for(answer, seconds)
        except (TimeoutError, ConnectionError):
            raise NoAnswer("operation_timeout") from None
        finally:
            socket.waiting.pop(envelope_id, None)

    def drop_all(self) -> int:
        """Tears every socket; answers how many."""
        sockets = [socket for mine in self._open.values() for socket in mine]
        for socket in sockets:
            socket.tear()
        return len(sockets)

    async def refresh_all(self) -> int:
        """Tells every socket that it gets nothing more, so that the app opens another one; answers how many."""
        sockets = [socket for mine in self._open.values() for socket in mine]
        goodbye = {"type": "disconnect", "reason": "refresh_requested", "debug_info": {"host": "stand-in"}}
        for socket in sockets:
            await socket.ws.send_json(goodbye)
        for mine in self._open.values():
            self._retired.update(mine)
            mine.clear()
        self._world.changes.ring()
        return len(sockets)

    async def close(self) -> None:
        for socket in [*self._retired, *(socket for mine in self._open.values() for socket in mine)]:
            await socket.ws.close()


def _acknowledged(socket: Socket, text: str) -> None:
    message = json.loads(text)
    answer = socket.waiting.get(message.get("envelope_id", ""))
    if answer is not None and not answer.done():
        answer.set_result(message.get("payload") or {})


def _give_up(socket: Socket) -> None:
    for answer in socket.waiting.values():
        if not answer.done():
            answer.set_exception(NoAnswer("operation_timeout"))
