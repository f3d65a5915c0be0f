"""One simulated Slack behind one loopback port: Web API, Socket Mode, response URLs, files and the page."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession, web

from sandbox.slack.answers import use_response_url
from sandbox.slack.api import WebApi
from sandbox.slack.clock import Clock
from sandbox.slack.delivery import ACK_SECONDS, EVENT_RETRY_SECONDS, Delivery
from sandbox.slack.errors import ApiError
from sandbox.slack.faults import Faults
from sandbox.slack.interactions import Interactions
from sandbox.slack.page import Page
from sandbox.slack.person import PersonDriver
from sandbox.slack.record import Call, Record
from sandbox.slack.sockets import Sockets
from sandbox.slack.world import App, Install, Person, World

_HOST = "127.0.0.1"
_BODY_LIMIT = 8 * 1024 * 1024


@dataclass(slots=True, eq=False)
class SlackStandIn:
    """Made by `start`. `faults` are the switches for bad days, `refusals` what Slack would not have taken."""

    world: World
    faults: Faults
    url: str
    _record: Record
    _interactions: Interactions
    _delivery: Delivery
    _sockets: Sockets
    _session: ClientSession
    _runner: web.AppRunner
    _drivers: dict[str, PersonDriver]

    @classmethod
    async def start(
        cls,
        port: int = 0,
        *,
        clock: Clock | None = None,
        ack_seconds: float = ACK_SECONDS,
        event_retry_seconds: Sequence[float] = EVENT_RETRY_SECONDS,
    ) -> SlackStandIn:
        """Listens on 127.0.0.1; port 0 takes a free one."""
        world, record, session = World(clock), Record(), ClientSession()
        sockets = Sockets(world)
        faults = Faults(world.permits, sockets.drop_all, sockets.refresh_all)
        delivery = Delivery(
            world,
            record,
            faults,
            sockets,
            session,
            ack_seconds=ack_seconds,
            event_retry_seconds=event_retry_seconds,
        )
        interactions = Interactions(world, delivery, record)
        api = WebApi(world, record, faults, sockets.new_address)
        app = web.Application(client_max_size=_BODY_LIMIT)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        standin = cls(world, faults, "", record, interactions, delivery, sockets, session, runner, {})
        page = Page(standin)
        app.add_routes([*api.routes(), *sockets.routes(), *standin._own_routes(), *page.routes()])
        app.on_shutdown.append(page.close)
        await runner.setup()
        site = web.TCPSite(runner, _HOST, port)
        await site.start()
        standin.url = f"http://{_HOST}:{runner.addresses[0][1]}"
        interactions.base_url = api.base_url = standin.url
        sockets.address = standin.url.replace("http", "ws", 1)
        return standin

    async def stop(self) -> None:
        await self._delivery.close()
        await self._sockets.close()
        await self._session.close()
        await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        """The `base_url` for Slack's SDK."""
        return f"{self.url}/api/"

    @property
    def page_url(self) -> str:
        return f"{self.url}/"

    @property
    def refusals(self) -> deque[str]:
        return self._record.refusals

    @property
    def calls(self) -> deque[Call]:
        """The Web API calls received, oldest first, the last 2,000."""
        return self._record.calls

    def connections(self, app: App) -> int:
        """How many Socket Mode connections the app holds now."""
        return self._sockets.count_of(app)

    def new_socket_address(self, app: App) -> str:
        """What `apps.connections.open` answers with: good for one connection."""
        return self._sockets.new_address(app)

    async def send_event(self, install: Install, event: dict[str, Any]) -> None:
        """Any event of the Events API, if the app subscribed to its type; returns when it was acknowledged."""
        if event["type"] in install.app.manifest.events:
            await self._delivery.event(install, event)

    def person(self, person: Person) -> PersonDriver:
        """The person's client: always the same one, so that the page and a test see the same screen."""
        driver = self._drivers.get(person.id)
        if driver is None:
            driver = self._drivers[person.id] = PersonDriver(person, self.world, self._interactions)
        return driver

    def _own_routes(self) -> list[web.RouteDef]:
        return [
            web.post("/actions/{team}/{token}", self._answer_response_url),
            web.get("/files/{file}/{name}", self._download),
            web.post("/upload/{token}", self._upload),
        ]

    async def _answer_response_url(self, request: web.Request) -> web.Response:
        path = f"{request.match_info['team']}/{request.match_info['token']}"
        try:
            use_response_url(self.world, path, await _json_body(request))
        except ApiError as error:
            self._record.refuse(f"a response_url: {error}")
            self.world.changes.ring()
            status = 404 if error.code in ("used_url", "expired_url", "invalid_url") else 400
            return web.json_response({"ok": False, "error": error.code}, status=status)
        return web.json_response({"ok": True})

    async def _download(self, request: web.Request) -> web.Response:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        install = self.world.tokens.get(token)
        stored = self.world.files.get(request.match_info["file"])
        if install is None or "files:read" not in install.scopes or stored is None or stored.content is None:
            return web.Response(text="<!doctype html><title>Sign in to Slack</title>", content_type="text/html")
        return web.Response(body=stored.content, content_type="application/octet-stream")

    async def _upload(self, request: web.Request) -> web.Response:
        """The bytes of a file, as many as were announced; the address serves once and asks for no token."""
        stored, length = self.world.uploads.pop(request.match_info["token"], (None, 0))
        content = await request.read()
        if stored is None or len(content) != length:
            self._record.refuse("an upload: unknown address, or other than the announced length")
            return web.Response(status=400, text="no such upload")
        stored.content = content
        return web.Response(text=f"OK - {length}")


async def _json_body(request: web.Request) -> dict[str, Any]:
    try:
        parsed = json.loads(await request.text())
    except ValueError:
        parsed = None
    if not isinstance(parsed, dict):
        raise ApiError("invalid_payload")
    return parsed
