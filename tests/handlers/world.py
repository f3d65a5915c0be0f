"""A small Slack that answers like Slack, refuses like Slack and remembers everything, and a node in front of it."""

import asyncio
import itertools
import json
import secrets
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.test_utils import TestServer
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from exchange.client import PartnerClient
from exchange.endpoint import Endpoint
from exchange.parking import Parking
from flows.node import Node
from flows.organisations import register
from flows.receive import Receiving
from handlers.app import build_slack_app, open_front
from handlers.doors import Flows
from handlers.front import Front
from handlers.notices import SlackNotices
from handlers.workspaces import Workspace, Workspaces
from pairing.address import local_address
from pairing.secret import Secret
from sandbox.slack.checks import message_problems, view_problems
from storage.store import Store
from trackers.memory import MemoryDesks

Json = dict[str, Any]
ACME, GLOBEX = "T0ACME", "T0GLOBEX"
COMMAND = "/connect"


@dataclass
class Clock:
    """Monotonic seconds that stand still until a test moves them."""

    seconds: float = 1000.0

    def __call__(self) -> float:
        return self.seconds


@dataclass
class RecordedSlack:
    """What the workspaces hold, and every call in order. Views and messages that Slack would refuse fail the test."""

    people: dict[str, Json] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=dict)
    channels: dict[str, Json] = field(default_factory=dict)
    calls: list[tuple[str, Json]] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)  # method -> error code, until removed
    hung: dict[str, float] = field(default_factory=dict)  # method -> seconds until it answers
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    answers: list[Json] = field(default_factory=list)  # what came to response URLs
    views: dict[str, Json] = field(default_factory=dict)
    origin: str = ""  # of its files
    files: dict[str, bytes] = field(default_factory=dict)  # by the last part of their address

    def upload(self, name: str, content: bytes) -> str:
        """What to fill into a file_input: the address of a file that a person put there."""
        self.files[name] = content
        return f"{self.origin}/files/{name}"

    def show(self, view_id: str, view: Json) -> None:
        self.views.pop(view_id, None)
        self.views[view_id] = view

    def of(self, method: str) -> list[Json]:
        return [arguments for name, arguments in self.calls if name == method]

    def add_person(self, user_id: str, team: str, **flags: bool) -> str:
        self.people[user_id] = {"id": user_id, "team_id": team, "is_bot": False, "deleted": False} | flags
        return user_id

    def add_channel(self, channel_id: str, *, shared: bool = False, member: bool = True) -> str:
        self.channels[channel_id] = {"id": channel_id, "is_ext_shared": shared, "is_member": member}
        return channel_id

    async def call(self, method: str, arguments: Json) -> Json:
        self.calls.append((method, arguments))
        await asyncio.sleep(self.hung.get(method, 0))
        if method in self.refusals:
            raise _refused(method, self.refusals[method])
        answer: Callable[[Json], Json] = getattr(self, "_" + method.replace(".", "_"))
        return {"ok": True} | answer(arguments)

    def _views_open(self, arguments: Json) -> Json:
        return self._kept(arguments["view"], "modal")

    def _views_push(self, arguments: Json) -> Json:
        return self._kept(arguments["view"], "modal")

    def _views_update(self, arguments: Json) -> Json:
        return self._kept(arguments["view"], "modal", arguments["view_id"])

    def _views_publish(self, arguments: Json) -> Json:
        return self._kept(arguments["view"], "home", "H" + arguments["user_id"])

    def _kept(self, view: Json, surface: str, view_id: str = "") -> Json:
        problems = view_problems(view, surface)
        assert problems is None, problems
        view_id = view_id or f"V{next(self.numbers)}"
        self.show(view_id, view)
        return {"view": view | {"id": view_id, "hash": f"{next(self.numbers)}.hash"}}

    def _chat_postMessage(self, arguments: Json) -> Json:
        _check_message(arguments)
        assert arguments["unfurl_links"] is False and arguments["unfurl_media"] is False
        channel = arguments["channel"]
        if channel in self.channels and not self.channels[channel]["is_member"]:
            raise _refused("chat.postMessage", "not_in_channel")
        return {"channel": "D" + channel if channel in self.people else channel, "ts": f"{next(self.numbers)}.0"}

    def _chat_update(self, arguments: Json) -> Json:
        _check_message(arguments)
        return {"channel": arguments["channel"], "ts": arguments["ts"]}

    def _conversations_open(self, arguments: Json) -> Json:
        return {"channel": {"id": "D" + arguments["users"]}}

    def _files_getUploadURLExternal(self, arguments: Json) -> Json:
        file_id = f"F{next(self.numbers)}"
        return {"upload_url": f"{self.origin}/files/{file_id}", "file_id": file_id}

    def _files_completeUploadExternal(self, arguments: Json) -> Json:
        (file,) = json.loads(arguments["files"])
        assert self.files[file["id"]] and arguments["channel_id"].startswith("D")
        return {"files": [file]}

    def _users_info(self, arguments: Json) -> Json:
        if arguments["user"] not in self.people:
            raise _refused("users.info", "user_not_found")
        return {"user": self.people[arguments["user"]]}

    def _usergroups_users_list(self, arguments: Json) -> Json:
        if arguments["usergroup"] not in self.groups:
            raise _refused("usergroups.users.list", "no_such_subteam")
        return {"users": self.groups[arguments["usergroup"]]}

    def _conversations_info(self, arguments: Json) -> Json:
        if arguments["channel"] not in self.channels:
            raise _refused("conversations.info", "channel_not_found")
        return {"channel": self.channels[arguments["channel"]]}


def _check_message(arguments: Json) -> None:
    assert arguments["text"], "a message without text is silent for a screen reader"
    assert arguments["parse"] == "none" and arguments["link_names"] is False
    problems = message_problems(arguments.get("blocks") or [])
    assert problems is None, problems


def _refused(method: str, code: str) -> SlackApiError:
    answer = AsyncSlackResponse(
        client=None,
        http_verb="POST",
        api_url=method,
        req_args={},
        data={"ok": False, "error": code},
        headers={},
        status_code=200,
    )
    return SlackApiError("the whole answer stands here", answer)


class RecordedClient(AsyncWebClient):
    """The SDK's client with the network cut off."""

    def __init__(self, slack: RecordedSlack) -> None:
        super().__init__()
        self._slack = slack

    async def api_call(self, api_method: str, **how: Any) -> Any:
        arguments = json.loads(json.dumps(how.get("json") or how.get("params") or {}))
        return await self._slack.call(api_method, arguments)


@dataclass
class Person:
    """Acts as Slack's client would, with payloads of Slack's shape. `team` is the person's own workspace, `at` the one
    whose app is used: another one only in a channel that both share."""

    world: "World"
    id: str
    team: str
    at: str

    async def command(self, text: str, *, channel: str = "C0HERE", trigger: str = "") -> BoltResponse:
        body = {
            "command": COMMAND,
            "text": text,
            "user_id": self.id,
            "user_name": "somebody",
            "team_id": self.at,
            "team_domain": "domain",
            "channel_id": channel,
            "channel_name": "here",
            "api_app_id": "A0APP",
            "is_enterprise_install": "false",
            "response_url": self.world.response_url,
            "trigger_id": trigger or self.world.next("trigger"),
        }
        return await self.world.dispatch(body)

    async def click(
        self,
        action: str,
        value: str = "",
        *,
        view: Json | None = None,
        trigger: str = "",
        element: Json | None = None,
        channel: str = "C0HERE",
        ts: str = "1.0",
    ) -> BoltResponse:
        """A click in `view`, or on a message when there is none; `channel` and `ts` are where that stands."""
        held = element or {"type": "button", "value": value}
        body = self._interaction("block_actions", trigger) | {
            "actions": [{"action_id": action, "block_id": "b", "action_ts": "1.0"} | held]
        }
        if view is None:
            body |= {
                "container": {"type": "message", "message_ts": ts, "channel_id": channel},
                "channel": {"id": channel, "name": "here"},
                "message": {"ts": ts},
                "response_url": self.world.response_url,
            }
        else:
            body |= {"container": {"type": "view", "view_id": view["id"]}, "view": view}
        return await self.world.dispatch(body)

    async def choose(self, action: str, value: str, *, view: Json | None = None) -> BoltResponse:
        element = {"type": "overflow", "selected_option": {"value": value, "text": {}}}
        return await self.click(action, view=view, element=element)

    async def submit(self, view: Json, trigger: str = "") -> BoltResponse:
        body = self._interaction("view_submission", trigger) | {"view": self._theirs(view), "response_urls": []}
        before = len(self.world.slack.of("views.update"))
        answer = await self.world.dispatch(body)
        shown = json.loads(answer.body).get("view") if answer.body else None
        if shown is not None:
            assert view_problems(shown, "modal") is None, view_problems(shown, "modal")
            if len(self.world.slack.of("views.update")) == before:
                self.world.slack.show(view["id"], shown)
        return answer

    async def close(self, view: Json) -> BoltResponse:
        body = self._interaction("view_closed", "") | {"view": self._theirs(view), "is_cleared": False}
        body.pop("trigger_id")
        return await self.world.dispatch(body)

    async def open_home(self, event_id: str = "") -> BoltResponse:
        body = {
            "type": "event_callback",
            "event_id": event_id or self.world.next("Ev"),
            "team_id": self.at,
            "api_app_id": "A0APP",
            "event": {"type": "app_home_opened", "user": self.id, "channel": "D1", "tab": "home", "event_ts": "1.0"},
            "authorizations": [{"team_id": self.at, "is_enterprise_install": False}],
        }
        return await self.world.dispatch(body)

    def _interaction(self, kind: str, trigger: str) -> Json:
        """In a shared channel `team` is the app's workspace and `user.team_id` the person's own; a submission turns it
        round and names the app's workspace in the view."""
        return {
            "type": kind,
            "user": {"id": self.id, "username": "somebody", "team_id": self.team},
            "team": {"id": self.team if kind.startswith("view_") else self.at, "domain": "domain"},
            "api_app_id": "A0APP",
            "token": "deprecated",
            "trigger_id": trigger or self.world.next("trigger"),
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _theirs(self, view: Json) -> Json:
        return view if self.at == self.team else view | {"app_installed_team_id": self.at}


@dataclass
class World:
    slack: RecordedSlack
    node: Node
    front: Front
    app: AsyncApp
    notices: SlackNotices
    clock: Clock
    response_url: str
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def next(self, name: str) -> str:
        return f"{name}.{next(self.numbers)}"

    def person(self, user_id: str, at: str = "") -> Person:
        team = self.slack.people[user_id]["team_id"]
        return Person(self, user_id, team, at or team)

    def admin(self, team: str = ACME) -> Person:
        user_id = "U0ADMIN" + team[2:]
        self.slack.add_person(user_id, team, is_admin=True)
        return self.person(user_id)

    def organisation(self, team: str = ACME) -> str:
        workspace = self.front.workspaces.of_team(team)
        assert workspace is not None
        return workspace.organisation_id

    async def dispatch(self, body: Json) -> BoltResponse:
        """As Socket Mode hands it over; returns once everything that the payload set off is done."""
        answer = await self.app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))
        await asyncio.sleep(0)  # Bolt acknowledges an event before the listener has begun
        await self.front.drain(10)
        return answer

    async def deliver_notices(self, team: str = ACME) -> None:
        """What the courier does."""
        organisation_id = self.organisation(team)
        while due := await self.node.store.read(organisation_id, lambda tx: tx.notices.due(100)):
            for notice in due:
                await self.notices.deliver(organisation_id, notice)
                await self.node.store.run(organisation_id, lambda tx, done=notice.id: tx.notices.done(done))  # type: ignore[misc]

    async def audit(self, action: str, team: str = ACME) -> list[str]:
        """The objects of all entries of this kind."""
        entries = await self.node.store.read(self.organisation(team), lambda tx: tx.audit.all(1000))
        return [entry.object for entry in entries if entry.action == action]

    # --- what people see

    @property
    def modal(self) -> Json:
        """The view that was shown last, as it comes back from Slack, with nothing filled in."""
        view_id = next(name for name in reversed(self.slack.views) if self.slack.views[name]["type"] == "modal")
        return as_sent(self.slack.views[view_id], view_id)

    @property
    def home(self) -> str:
        return seen(self.slack.of("views.publish")[-1]["view"])

    @property
    def said(self) -> str:
        """The last ephemeral answer."""
        return seen(self.slack.answers[-1])


def as_sent(view: Json, view_id: str = "V1", **typed: str) -> Json:
    """A view as Slack sends it back: with an id, and the state of its inputs: first values, or what was typed."""
    state: Json = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            name = block["block_id"].partition(".")[0]
            state[block["block_id"]] = {element["action_id"]: _state_of(element, typed.get(name))}
    return view | {"id": view_id, "hash": "1.hash", "state": {"values": state}, "team_id": ACME, "app_id": "A0APP"}


def filled(view: Json, **typed: str) -> Json:
    return as_sent(view, view["id"], **typed)


def _state_of(element: Json, typed: str | None) -> Json:
    kind = element["type"]
    if kind == "file_input":
        file = {"id": "F0", "name": (typed or "").rpartition("/")[2], "size": 1, "url_private_download": typed}
        return {"type": kind, "files": [file] if typed else []}
    if kind == "checkboxes":
        ticked = bool(element.get("initial_options")) if typed is None else bool(typed)
        return {"type": kind, "selected_options": element["options"] if ticked else []}
    words = {
        "static_select": ("selected_option", "initial_option"),
        "radio_buttons": ("selected_option", "initial_option"),
        "users_select": ("selected_user", "initial_user"),
        "conversations_select": ("selected_conversation", "initial_conversation"),
    }
    word, initial = words.get(kind, ("value", "initial_value"))
    if typed is None:
        return {"type": kind, word: element.get(initial)}
    if word != "selected_option":
        return {"type": kind, word: typed}
    (option,) = [option for option in element["options"] if option["value"] == typed]
    return {"type": kind, word: option}


def seen(held: Any) -> str:
    """All text that a person reads in a view or a message."""
    if isinstance(held, list):
        return "\n".join(filter(None, map(seen, held)))
    if not isinstance(held, dict):
        return ""
    if isinstance(held.get("text"), str):
        return str(held["text"]) + "\n" + seen([value for name, value in held.items() if name != "text"])
    return seen([held[name] for name in held])


def text_of(answer: BoltResponse) -> str:
    """What the acknowledgement shows."""
    body = json.loads(answer.body) if answer.body else {}
    return seen(body.get("view", {})) + "\n" + "\n".join(body.get("errors", {}).values())


def errors_of(answer: BoltResponse) -> dict[str, str]:
    """By field."""
    body = json.loads(answer.body) if answer.body else {}
    assert body.get("response_action") == "errors", body
    return {block.partition(".")[0]: sentence for block, sentence in body["errors"].items()}


def as_http(body: Json) -> str:
    """A payload as Slack posts it."""
    return urlencode({"payload": json.dumps(body)})


@asynccontextmanager
async def a_world(
    store: Store, *, flows: Callable[[Node], Flows] = Flows, address: str | None = None, patience_seconds: float = 5
) -> AsyncIterator[World]:
    """Two organisations on one node: Acme and Globex, each with one admin."""
    slack, clock = RecordedSlack(), Clock()
    async with _response_urls(slack) as server, aiohttp.ClientSession() as session:
        node = await a_node(store, address)
        origin = slack.origin = str(server.make_url("")).rstrip("/")
        workspaces = Workspaces(
            [await _workspace(node, ACME, "Acme"), await _workspace(node, GLOBEX, "Globex")],
            session=session,
            trusted=frozenset({origin}),
            make_client=lambda token: RecordedClient(slack),
        )
        front = open_front(
            flows=flows(node),
            workspaces=workspaces,
            command=COMMAND,
            admin_groups=frozenset({"S0ADMINS"}),
            monotonic=clock,
            reference=lambda: "ref00001",
            patience_seconds=patience_seconds,
            ack_lead_seconds=0,
        )
        world = World(
            slack, node, front, build_slack_app(front), SlackNotices(front), clock, str(server.make_url("/answer"))
        )
        world.admin(ACME), world.admin(GLOBEX)
        try:
            yield world
        finally:
            await front.drain(5)
            await node.wire.close()


@asynccontextmanager
async def _response_urls(slack: RecordedSlack) -> AsyncIterator[TestServer]:
    async def answer(request: web.Request) -> web.Response:
        body = await request.json()
        assert body["response_type"] == "ephemeral" and body["replace_original"] is False
        _check_message(body)
        slack.answers.append(body)
        return web.Response(text="ok")

    async def download(request: web.Request) -> web.Response:
        assert request.headers["Authorization"].startswith("Bearer ")
        return web.Response(body=slack.files[request.match_info["name"]])

    async def upload(request: web.Request) -> web.Response:
        slack.files[request.match_info["name"]] = await request.read()
        return web.Response(text="OK")

    app = web.Application(client_max_size=2**22)
    app.router.add_post("/answer", answer)
    app.router.add_get("/files/{name}", download)
    app.router.add_post("/files/{name}", upload)
    server = TestServer(app)
    await server.start_server()
    try:
        yield server
    finally:
        await server.close()


class NoNames(AbstractResolver):
    """No name leads anywhere, and no question leaves this machine."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        raise OSError("no such name")

    async def close(self) -> None:
        """Holds nothing."""


async def _workspace(node: Node, team: str, name: str) -> Workspace:
    organisation = await register(node, team_id=team, name=name)
    return Workspace(organisation.id, team, Secret("xoxb-" + team), "U0BOT" + team[2:], "B0" + team[2:], name)


async def a_node(store: Store, address: str | None) -> Node:
    node_id = await store.system(lambda tx: tx.node_id())
    wire = PartnerClient(
        trusted=frozenset(), clock=_now, chance=secrets.token_bytes, resolver=NoNames(), local_address=address
    )
    node = Node(
        store=store,
        wire=wire,
        desks={"memory": MemoryDesks(silent=frozenset({"memory:silent"}), missing=frozenset({"memory:missing"}))},
        address=address,
        node_id=node_id,
        trusted=frozenset(),
        software="drawbridge/test",
        chance=secrets.token_bytes,
    )
    parking = Parking(lambda names: store.system(lambda tx: tx.with_news(names)))
    endpoint = Endpoint(
        base=address or local_address(node_id),
        local_base=local_address(node_id),
        receiver=Receiving(node),
        parking=parking,
        clock=_now,
        monotonic=asyncio.get_running_loop().time,
    )
    wire.local = endpoint.answer
    return node


def _now() -> datetime:
    return datetime.now(UTC)
