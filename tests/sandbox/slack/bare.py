"""An app without Bolt behind it, for answers that Bolt would never give."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientSession, web

from sandbox.slack.server import SlackStandIn
from sandbox.slack.world import App, Install, Person
from tests.sandbox.slack.wizard import MANIFEST

Json = dict[str, Any]


@dataclass(slots=True)
class Listener:
    """Keeps the requests it got and answers what it is told to: `statuses` for the next ones, `ack` always."""

    statuses: list[int] = field(default_factory=list)
    ack: Json | str = field(default_factory=dict)
    challenge: str | None = None
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.Response:
        self.headers.append({name.lower(): value for name, value in request.headers.items()})
        self.bodies.append(await request.read())
        if request.content_type == "application/json":
            asked = await request.json()
            if asked["type"] == "url_verification":
                return web.json_response({"challenge": self.challenge or asked["challenge"]})
        status = self.statuses.pop(0) if self.statuses else 200
        if isinstance(self.ack, str):
            return web.Response(status=status, text=self.ack, content_type="application/json")
        return web.json_response(self.ack, status=status) if self.ack else web.Response(status=status)


@dataclass(frozen=True, slots=True)
class Bare:
    slack: SlackStandIn
    app: App
    install: Install
    alice: Person
    listener: Listener

    async def call(self, method: str, *, by: Install | None = None, **args: Any) -> Json:
        """One call of the Web API with the bot's token."""
        headers = {"Authorization": f"Bearer {(by or self.install).bot_token}"}
        url = self.slack.api_url + method
        async with ClientSession() as session, session.post(url, json=args, headers=headers) as answer:
            body: Json = await answer.json()
            return body

    def trigger(self) -> str:
        return self.slack.world.permits.trigger(self.install, self.alice, None).id


@asynccontextmanager
async def bare() -> AsyncIterator[Bare]:
    """One organisation with one person, whose app is a listener."""
    slack, listener = await SlackStandIn.start(event_retry_seconds=(0, 0, 0), ack_seconds=0.3), Listener()
    server = web.Application()
    server.add_routes([web.post("/", listener.handle)])
    runner = web.AppRunner(server, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        acme = slack.world.add_team("Acme")
        app = slack.world.add_app("Wizard", manifest=MANIFEST, transport="http")
        app.request_url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
        yield Bare(slack, app, app.install(acme), acme.add_person("Alice"), listener)
    finally:
        await slack.stop()
        await runner.cleanup()
