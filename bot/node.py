"""One node, wired and running: everything that is made here is closed here, in the reverse order."""

import asyncio
import gc
import logging
import random
import secrets
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import aiohttp
from aiohttp import web
from slack_bolt.async_app import AsyncApp

from bot import VERSION
from bot.duties import Pace, duties
from bot.preflight import Installed, preflight
from bot.settings import Settings, Transport
from bot.socket_mode import slack_socket
from bot.web import build_web, hook_route, slack_route
from bot.workers import Terms, Workers
from exchange.client import PartnerClient
from exchange.endpoint import Endpoint
from exchange.limits import DEADLINES, LIMITS, Deadlines, Limits
from exchange.parking import Parking
from exchange.web import routes
from flows.budgets import Budgets
from flows.care import start_caring
from flows.node import Node
from flows.node import Tempo as DeskTempo
from flows.organisations import register
from flows.receive import Receiving
from handlers.app import build_slack_app, open_front
from handlers.doors import Flows
from handlers.notices import SlackNotices
from handlers.workspaces import Workspace, Workspaces, slack_client
from pairing.address import local_address
from rules.worker.pool import Pool
from storage.errors import ConfigError
from storage.migrate import upgrade
from storage.store import Store
from storage.vault import KeyRing
from sync.brakes import Brakes
from trackers.kinds import desk_kinds

_log = logging.getLogger(__name__)
_DRAIN_SECONDS = 5  # for what people started, when the node is told to stop


@dataclass(frozen=True, slots=True)
class Tempo:
    """Every waiting time of a node, so that tests need not wait."""

    pace: Pace = Pace()
    limits: Limits = LIMITS
    deadlines: Deadlines = DEADLINES
    care_seconds: float = 30
    terms: Terms = Terms()


class Only(StrEnum):
    """One half of a node, where a single process is not enough."""

    WEB = "web"  # what others call: Slack, partners, desks
    WORKERS = "workers"  # what we do by ourselves


@dataclass(frozen=True, slots=True)
class Running:
    """What a test may look at in a running node."""

    node: Node
    slack: AsyncApp
    workspaces: Workspaces


async def run(settings: Settings, only: Only | None = None) -> None:
    """Runs until the process is told to stop (SIGINT, SIGTERM). Raises ConfigError when it cannot start."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with running(settings, only=only):
        _spare_the_collector()
        await stop.wait()
        _log.info("stopping")


def _spare_the_collector() -> None:
    """All that is loaded by now stays: looking through it for garbage, again and again, made every answer slower."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@asynccontextmanager
async def running(
    settings: Settings,
    tempo: Tempo = Tempo(),
    clock: Callable[[], datetime] | None = None,
    only: Only | None = None,
) -> AsyncIterator[Running]:
    """A node that serves and works while the block lasts, or does one of the two. Raises ConfigError when it cannot."""
    if only is not None and settings.database_url.startswith("sqlite"):
        raise ConfigError(
            ["SQLite serves one process: leave out --only, or set DRAWBRIDGE_DATABASE_URL to PostgreSQL."]
        )
    now = clock or _now
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(_outgoing_session(settings))
        installed = await preflight(settings, session)
        store = await _open_store(settings, clock)
        stack.push_async_callback(store.close)
        rules = Pool()  # its processes start with the first rules: a node without a ticket needs none
        stack.push_async_callback(rules.close)
        node, parking, endpoint = await _wired(settings, store, session, tempo, now, rules)
        stack.push_async_callback(node.wire.close)
        workspaces = await _workspaces(settings, node, installed, session)
        front = open_front(
            flows=Flows(node), workspaces=workspaces, command=settings.command, admin_groups=settings.admin_groups
        )
        slack = build_slack_app(front)
        store.wakeups.subscribe(lambda topics: _wake_polls(parking, topics))
        if only is not Only.WORKERS and settings.public_base_url is not None:
            await stack.enter_async_context(_served(settings, node, endpoint, tempo, slack, now))
        stack.push_async_callback(parking.close)
        if only is not Only.WORKERS and settings.transport is Transport.SOCKET:
            assert settings.slack_app_token is not None
            asking = slack_client(
                settings.slack_app_token, session=session, api_url=settings.slack_api_url, proxy=settings.egress_proxy
            )
            await stack.enter_async_context(slack_socket(slack, settings.slack_app_token, asking))
        stack.push_async_callback(front.drain, _DRAIN_SECONDS)
        await stack.enter_async_context(_hearing(store))
        if only is not Only.WEB:
            await stack.enter_async_context(_working(node, SlackNotices(front), tempo))
        _log.info("started", extra={"version": VERSION, "transport": settings.transport, "only": only})
        yield Running(node, slack, workspaces)


def _now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def _outgoing_session(settings: Settings) -> AsyncIterator[aiohttp.ClientSession]:
    """One session for Slack and desks: a new one for each call would cost a connection each time."""
    connector = aiohttp.TCPConnector(limit=0, limit_per_host=0, keepalive_timeout=60)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


async def _open_store(settings: Settings, clock: Callable[[], datetime] | None) -> Store:
    keys = KeyRing.from_texts([key.reveal() for key in settings.secret_keys])

    def opened() -> Store:
        upgrade(settings.database_url)
        return Store.open(settings.database_url, keys, clock=clock)

    return await asyncio.to_thread(opened)


async def _wired(
    settings: Settings,
    store: Store,
    session: aiohttp.ClientSession,
    tempo: Tempo,
    now: Callable[[], datetime],
    rules: Pool,
) -> tuple[Node, Parking, Endpoint]:
    node_id = await store.system(lambda tx: tx.node_id())
    wire = PartnerClient(
        trusted=settings.trusted_origins,
        clock=now,
        chance=secrets.token_bytes,
        deadlines=tempo.deadlines,
        ca_file=str(settings.ca_file) if settings.ca_file else None,
        egress_proxy=settings.egress_proxy,
        local_address=settings.public_base_url,
    )
    node = Node(
        store=store,
        wire=wire,
        desks=desk_kinds(
            session=session,
            trusted=settings.trusted_origins,
            toy_desks=settings.toy_desks,
            share=settings.desk_share,
        ),
        address=settings.public_base_url,
        node_id=node_id,
        trusted=settings.trusted_origins,
        software=f"drawbridge/{VERSION}",
        chance=secrets.token_bytes,
        runner=rules,
        excluded_files=settings.excluded_files,
        brakes=Brakes(creations=settings.brake_creations, rounds=settings.brake_rounds),
        budgets=Budgets(store) if store.is_shared else None,
        tempo=DeskTempo(poll_least=settings.poll_seconds, poll_most=12 * settings.poll_seconds),
    )
    parking = Parking(
        lambda ids: store.system_read(lambda tx: tx.with_news(ids)),
        cap=settings.parked_polls,
        pause=tempo.limits.full_pause,
    )
    endpoint = Endpoint(
        base=settings.public_base_url or local_address(node_id),
        local_base=local_address(node_id),
        receiver=Receiving(node),
        parking=parking,
        clock=now,
        monotonic=time.monotonic,
        limits=tempo.limits,
    )
    # The wire calls this very node in process where a connection is local: set here, because each needs the other.
    wire.local = endpoint.answer
    return node, parking, endpoint


async def _workspaces(
    settings: Settings, node: Node, installed: tuple[Installed, ...], session: aiohttp.ClientSession
) -> Workspaces:
    found = []
    for one in installed:
        organisation = await register(node, team_id=one.team_id, name=one.team_name)
        found.append(
            Workspace(
                organisation_id=organisation.id,
                team_id=one.team_id,
                bot_token=one.bot_token,
                bot_user_id=one.bot_user_id,
                bot_id=one.bot_id,
                name=one.team_name,
            )
        )
    return Workspaces(
        found,
        session=session,
        api_url=settings.slack_api_url,
        proxy=settings.egress_proxy,
        trusted=settings.trusted_origins,
    )


def _wake_polls(parking: Parking, topics: frozenset[str]) -> None:
    for topic in topics:
        kind, _, connection_id = topic.partition(":")
        if kind == "connection":
            parking.wake(connection_id)


@asynccontextmanager
async def _served(
    settings: Settings, node: Node, endpoint: Endpoint, tempo: Tempo, slack: AsyncApp, now: Callable[[], datetime]
) -> AsyncIterator[None]:
    """The only listening socket there is, and only on a node that has a public URL."""
    assert settings.public_base_url is not None
    partner_routes = routes(endpoint, prefix=_path(settings.public_base_url), limits=tempo.limits)
    handler = None
    if settings.transport is Transport.HTTP:
        assert settings.slack_signing_secret is not None
        handler = slack_route(slack, settings.slack_signing_secret, now)
    app = build_web(base=settings.public_base_url, partner_routes=partner_routes, slack=handler, hooks=hook_route(node))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=5)
    await runner.setup()
    try:
        await web.TCPSite(runner, *settings.listen).start()
        yield
    finally:
        await runner.cleanup()


def _path(base: str) -> str:
    return "/".join(["", *base.split("/")[3:]]).rstrip("/")


@asynccontextmanager
async def _hearing(store: Store) -> AsyncIterator[None]:
    """While the block lasts, what other processes commit wakes whoever waits for it here."""
    task = asyncio.create_task(store.hear())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def _working(node: Node, notices: SlackNotices, tempo: Tempo) -> AsyncIterator[None]:
    draw = random.SystemRandom().random
    works = duties(notices, pace=tempo.pace, care_seconds=tempo.care_seconds, draw=draw)
    workers = Workers(node, works, draw=draw, terms=tempo.terms)
    await start_caring(node)
    task = asyncio.create_task(workers.run())
    try:
        yield
    finally:
        workers.stop()  # drains, and gives its lanes back
        await asyncio.gather(task, return_exceptions=True)
        if node.budgets is not None:
            await node.budgets.settled()
