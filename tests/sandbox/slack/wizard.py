"""A small real Bolt app with a modal of every input we use, for the tests of the stand-in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientSession, web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack.server import SlackStandIn
from sandbox.slack.world import App, Channel, Install, Person, Team, Transport

Json = dict[str, Any]

MANIFEST: Json = {
    "_metadata": {"major_version": 2},
    "display_information": {"name": "Wizard"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "bot_user": {"display_name": "Wizard"},
        "slash_commands": [
            {"command": "/wizard", "description": "Opens the wizard", "should_escape": True},
            {"command": "/plain", "description": "Repeats its text", "should_escape": False},
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                "commands",
                "chat:write",
                "im:write",
                "users:read",
                "channels:read",
                "groups:read",
                "files:read",
                "files:write",
                "usergroups:read",
            ]
        }
    },
    "settings": {
        "event_subscriptions": {"bot_events": ["app_home_opened"]},
        "interactivity": {"is_enabled": True},
    },
}


def text(words: str) -> Json:
    return {"type": "plain_text", "text": words}


def option(words: str) -> Json:
    return {"text": text(words), "value": words.lower().replace(" ", "_")}


def options(*words: str) -> list[Json]:
    return [option(one) for one in words]


def input_block(block_id: str, label: str, element: Json, **more: Any) -> Json:
    element = {"action_id": "value", **element}
    return {"type": "input", "block_id": block_id, "label": text(label), "element": element, **more}


def button(words: str, action_id: str, **more: Any) -> Json:
    return {"type": "button", "text": text(words), "action_id": action_id, **more}


def section(words: str, **more: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": words}, **more}


def wizard_blocks(reach: str = "public") -> list[Json]:
    reaches = options("Public", "Private")
    chosen = reaches[0 if reach == "public" else 1]
    radio = {"type": "radio_buttons", "action_id": "reach", "options": reaches, "initial_option": chosen}
    address = input_block("address", "Partner's address", {"type": "url_text_input"})
    note = section("They will call you.", block_id="note")
    return [
        input_block("reach", "Reach", radio, dispatch_action=True),
        address if reach == "public" else note,
        input_block(
            "name", "Connection name", {"type": "plain_text_input", "initial_value": "acme_to_globex", "max_length": 40}
        ),
        input_block("about", "Description", {"type": "plain_text_input", "multiline": True}, optional=True),
        input_block(
            "hours", "Hours", {"type": "number_input", "is_decimal_allowed": False, "min_value": "1"}, optional=True
        ),
        input_block(
            "policy",
            "Policy",
            {
                "type": "static_select",
                "options": options("Latest wins", "Inviter wins"),
                "initial_option": option("Latest wins"),
            },
        ),
        input_block("person", "Person", {"type": "users_select"}, optional=True),
        input_block(
            "channel",
            "Channel",
            {
                "type": "conversations_select",
                "default_to_current_conversation": True,
                "response_url_enabled": True,
                "filter": {"include": ["public", "private"]},
            },
            optional=True,
        ),
        input_block(
            "extras", "Extras", {"type": "checkboxes", "options": options("Auto", "Loud", "Fast")}, optional=True
        ),
        input_block("script", "Script", {"type": "file_input", "filetypes": ["groovy"], "max_files": 1}, optional=True),
        {
            "type": "actions",
            "block_id": "more",
            "elements": [button("Test connection", "test"), button("Details", "details")],
        },
    ]


def modal(blocks: list[Json], **more: Any) -> Json:
    return {
        "type": "modal",
        "callback_id": "wizard",
        "title": text("New connection 1/3"),
        "submit": text("Next"),
        "close": text("Cancel"),
        "blocks": blocks,
        **more,
    }


def wizard(reach: str = "public", **more: Any) -> Json:
    return modal(wizard_blocks(reach), notify_on_close=True, **more)


def invitation() -> list[Json]:
    sure = {
        "title": text("Accept?"),
        "text": text("Tickets will travel."),
        "confirm": text("Accept"),
        "deny": text("Not now"),
    }
    accept = button("Accept", "accept", value="i1", style="primary", confirm=sure)
    return [
        section("*Acme* invites you"),
        {"type": "actions", "block_id": "answer", "elements": [accept, button("Ask", "ask", value="i1")]},
    ]


@dataclass(slots=True)
class Seen:
    """Every payload that reached the app, and answers that a test can set before it acts."""

    bodies: list[Json] = field(default_factory=list)
    submission: Json = field(default_factory=dict)
    retries: list[str] = field(default_factory=list)

    def last(self, kind: str) -> Json:
        return next(body for body in reversed(self.bodies) if body.get("type", body.get("command")) == kind)


def wizard_app(slack: SlackStandIn, install: Install, session: ClientSession, seen: Seen) -> AsyncApp:
    client = AsyncWebClient(token=install.bot_token, base_url=slack.api_url, session=session)
    app = AsyncApp(client=client, signing_secret=install.app.signing_secret)

    @app.use
    async def remember(body: Json, request: Any, next: Any) -> None:
        seen.bodies.append(body)
        seen.retries += request.headers.get("x-slack-retry-num", [])
        await next()

    @app.command("/wizard")
    async def command(ack: Any, body: Json, client: AsyncWebClient) -> None:
        word = body["text"].partition(" ")[0]
        if word == "help":
            await ack("Try `/wizard`")
        elif word == "loud":
            await ack(text="Hello all", response_type="in_channel")
        elif word == "silent":
            return
        elif word == "invite":
            await ack()
            await client.chat_postMessage(channel=body["channel_id"], text="Acme invites you", blocks=invitation())
        else:
            await ack()
            await client.views_open(trigger_id=body["trigger_id"], view=wizard())

    @app.command("/plain")
    async def plain(ack: Any, body: Json) -> None:
        await ack(f"You said {body['text']}")

    @app.action("reach")
    async def reach(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        chosen = body["actions"][0]["selected_option"]["value"]
        await client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=wizard(chosen))

    @app.action("test")
    async def test(ack: Any) -> None:
        await ack()

    @app.action("details")
    async def details(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        view = modal([section("More about it")], title=text("Details"), callback_id="details", notify_on_close=True)
        await client.views_push(trigger_id=body["trigger_id"], view=view)

    @app.action("accept")
    async def accept(ack: Any, respond: Any) -> None:
        await ack()
        await respond(text="Accepted", replace_original=True)

    @app.action("ask")
    async def ask(ack: Any, body: Json, respond: Any, client: AsyncWebClient) -> None:
        await ack()
        await respond(text="Ask whom?", replace_original=False)
        await client.views_open(trigger_id=body["trigger_id"], view=modal([section("Ask here")], callback_id="asked"))

    @app.view("wizard")
    async def submitted(ack: Any) -> None:
        await ack(**seen.submission)

    @app.view("asked")
    async def asked(ack: Any) -> None:
        await ack()

    @app.view_closed("wizard")
    async def closed(ack: Any) -> None:
        await ack()

    @app.view_closed("details")
    async def details_closed(ack: Any) -> None:
        await ack()

    @app.event("app_home_opened")
    async def home(event: Json, client: AsyncWebClient) -> None:
        blocks = [section("Connections"), {"type": "actions", "elements": [button("Initiate", "initiate")]}]
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    @app.action("initiate")
    async def initiate(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=wizard())

    return app


@asynccontextmanager
async def listening(app: AsyncApp, known: App, slack: SlackStandIn) -> AsyncIterator[None]:
    """The Bolt app, reachable by the transport that its Slack app has."""
    if known.transport == "socket":
        web_client = AsyncWebClient(token=known.app_token, base_url=slack.api_url)
        handler = AsyncSocketModeHandler(app, known.app_token, web_client=web_client, ping_interval=0.1)
        await handler.connect_async()
        try:
            yield
        finally:
            await handler.close_async()
        return

    async def events(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    server = web.Application()
    server.add_routes([web.post("/slack/events", events)])
    runner = web.AppRunner(server, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    known.request_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    try:
        yield
    finally:
        await runner.cleanup()


@dataclass(frozen=True, slots=True)
class Stage:
    """Two organisations with a shared channel; the app is installed in Acme only."""

    slack: SlackStandIn
    acme: Team
    globex: Team
    alice: Person
    gus: Person
    shared: Channel
    install: Install
    client: AsyncWebClient
    seen: Seen


@asynccontextmanager
async def staged(transport: Transport, **limits: Any) -> AsyncIterator[Stage]:
    slack = await SlackStandIn.start(**limits)
    try:
        acme, globex = slack.world.add_team("Acme"), slack.world.add_team("Globex")
        alice, gus = acme.add_person("Alice", admin=True), globex.add_person("Gus")
        known = slack.world.add_app("Wizard", manifest=MANIFEST, transport=transport)
        install = known.install(acme)
        shared = slack.world.add_channel("acme-globex", teams=[acme, globex], members=[alice, gus, install])
        seen = Seen()
        async with ClientSession() as session:
            client = AsyncWebClient(token=install.bot_token, base_url=slack.api_url, session=session)
            async with listening(wizard_app(slack, install, session, seen), known, slack):
                yield Stage(slack, acme, globex, alice, gus, shared, install, client, seen)
    finally:
        await slack.stop()
