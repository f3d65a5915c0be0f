"""Two companies with real nodes in this process: real sockets on loopback, real tables, short waits, one clock."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from bot.duties import Pace
from bot.manifest import SLACK_PATH, manifest
from bot.node import Only, Running, Tempo, running
from bot.settings import Settings
from bot.workers import Terms
from exchange.limits import LIMITS, Deadlines
from pairing.connection import Connection, ConnectionState
from pairing.invitation import Invitation
from pairing.organisation import Actor
from pairing.terms import Reach
from sandbox.companies import Companies, Company, free_address, node_environment, two_companies
from sandbox.freshservice import FreshserviceStandIn
from sandbox.slack.person import PersonDriver
from sandbox.slack.world import Channel
from storage.audit import AuditEntry
from storage.store import Transaction
from storage.vault import new_key_text
from sync.patience import Patience
from tests.journeys.proxy import Proxy, proxied

# Everything that a person would wait for is short, and nobody is asked to slow down on this one address.
QUICK = Tempo(
    pace=Pace(poll=5, breath=0.02, proofs=3),
    terms=Terms(look=0.5, patience=Patience(first=0.02, most=0.1)),
    limits=replace(
        LIMITS,
        wait_seconds=2.0,
        full_pause=0,
        claims_per_address=10_000,
        claims_per_node=10_000,
        exchanges_per_second=500.0,
        exchanges_burst=1000,
    ),
    deadlines=Deadlines(resolve=1.0, connect=1.0, exchange=3.0, poll=3.0),
    care_seconds=0.5,
)
Urls = Callable[[], str]

EVERY_REACH = pytest.mark.parametrize("stage", list(Reach), indirect=True)
# Where the reach makes no difference that anybody expects, the fast tests look at one.
PRIVATE_FIRST = pytest.mark.parametrize(
    "stage",
    [
        Reach.PRIVATE,
        pytest.param(Reach.PUBLIC, marks=pytest.mark.slow),
        pytest.param(Reach.LOCAL, marks=pytest.mark.slow),
    ],
    indirect=True,
)


@dataclass(slots=True)
class MovingClock:
    """The machine's time, and what a test adds to it: nodes and Slack share it."""

    ahead: timedelta = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def monotonic(self) -> float:
        """Slow, so that a busy machine does not let Slack's three seconds for a window run out."""
        return time.monotonic() / 5

    def advance(self, **by: float) -> None:
        self.ahead += timedelta(**by)


@dataclass(slots=True)
class NodeRun:
    """One node that can be stopped and started again with its database."""

    company: Company
    settings: Settings
    clock: Callable[[], datetime]
    tempo: Tempo
    database_url: str
    only: Only | None = None
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    _running: Running | None = None

    @property
    def running(self) -> Running:
        assert self._running is not None, "this node does not run now"
        return self._running

    async def start(self) -> None:
        self._stack = AsyncExitStack()
        self._running = await self._stack.enter_async_context(running(self.settings, self.tempo, self.clock, self.only))

    def trust(self, *origins: str) -> None:
        """From its next start on."""
        self.settings = replace(self.settings, trusted_origins=self.settings.trusted_origins | set(origins))

    async def stop(self) -> None:
        if self._running is not None:
            self._running = None
            await self._stack.aclose()


@dataclass(slots=True)
class Stage:
    """Acme invites Globex. `nodes` go by company name; in a local story both names mean one node."""

    companies: Companies
    reach: Reach
    clock: MovingClock
    fresh_url: Urls
    nodes: dict[str, NodeRun] = field(default_factory=dict)
    secrets: list[str] = field(default_factory=list)  # what was shown once: it must be nowhere else
    numbers: list[str] = field(default_factory=list)
    expected_refusals: tuple[str, ...] = ()
    behind: timedelta = timedelta()
    both_ends_are_acmes: bool = False
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    @property
    def acme(self) -> Company:
        return self.companies.acme

    @property
    def globex(self) -> Company:
        return self.companies.globex

    @property
    def alice(self) -> PersonDriver:
        return self.companies.acme.admin

    @property
    def bob(self) -> PersonDriver:
        return self.companies.globex.admin

    @property
    def channel(self) -> Channel:
        return self.companies.channel

    def node(self, company: Company) -> NodeRun:
        return self.nodes[company.name]

    async def organisation(self, company: Company) -> str:
        store = self.node(company).running.node.store
        found = await store.system(lambda tx: tx.organisation_of_team(company.team.id))
        assert found is not None
        return found.id

    async def actor(self, company: Company) -> Actor:
        """The company's admin, their right checked."""
        return Actor(await self.organisation(company), company.team.id, company.admin.person.id)

    async def connections(self, company: Company) -> tuple[Connection, ...]:
        store = self.node(company).running.node.store
        return await store.read(await self.organisation(company), lambda tx: tx.connections.all())

    async def connection(self, company: Company) -> Connection:
        """The only one there is."""
        (only,) = await self.connections(company)
        return only

    async def invitation(self, company: Company) -> Invitation:
        """That of the only connection."""
        connection = await self.connection(company)

        def read(tx: Transaction) -> Invitation | None:
            return tx.invitations.of_connection(connection.id)

        found = await self.node(company).running.node.store.read(await self.organisation(company), read)
        assert found is not None
        return found

    async def audit(self, company: Company) -> tuple[AuditEntry, ...]:
        store = self.node(company).running.node.store
        return await store.read(await self.organisation(company), lambda tx: tx.audit.all(1000))

    async def until(self, condition: Callable[[], object], seconds: float = 40.0) -> None:
        await self.alice.until(condition, seconds)

    async def until_state(self, company: Company, state: str, seconds: float = 40.0) -> Connection:
        """The only connection, once it is in this state."""
        ends = time.monotonic() + seconds
        while (connection := await self.connection(company)).state != state:
            assert time.monotonic() < ends, f"{company.name} is still {connection.state}, not {state}"
            await asyncio.sleep(0.02)
        return connection

    async def until_open(self, company: Company, name: str, seconds: float = 40.0) -> Connection:
        """The connection of this name, once it is active."""
        ends = time.monotonic() + seconds
        while True:
            for one in await self.connections(company):
                if one.name == name and one.state is ConnectionState.ACTIVE:
                    return one
            assert time.monotonic() < ends, f"{name} did not become active"
            await asyncio.sleep(0.02)

    async def until_delivered(self, company: Company, seconds: float = 40.0) -> None:
        """Nothing waits in the outbox of the only connection."""
        store, organisation = self.node(company).running.node.store, await self.organisation(company)
        connection, ends = await self.connection(company), time.monotonic() + seconds
        while await store.read(organisation, lambda tx: tx.outbox.count(connection.id)):
            assert time.monotonic() < ends, "an envelope is still waiting"
            await asyncio.sleep(0.02)

    def globex_is_behind(self, *, minutes: float) -> None:
        """Globex's machine shows another time than everybody else's."""
        self.behind = timedelta(minutes=minutes)

    async def until_nothing_is_dialled(self, seconds: float = 40.0) -> None:
        """No node has a connection left at which it would have to call somebody."""
        ends = time.monotonic() + seconds
        for run in self.nodes.values():
            while await run.running.node.store.system(lambda tx: tx.dialling()):
                assert time.monotonic() < ends, "there is still somebody to be called"
                await asyncio.sleep(0.02)

    async def serve_behind_proxy(self, company: Company) -> Proxy:
        """The company's public address is a proxy's; its node listens elsewhere."""
        assert company.url is not None
        inside = free_address()
        proxy = await self.stack.enter_async_context(proxied(company.url, inside))
        await self.serve(company, more={"DRAWBRIDGE_LISTEN": inside.removeprefix("http://")})
        return proxy

    async def restart_behind_proxy(self, company: Company) -> Proxy:
        """The same node with the same database, from now on behind a proxy."""
        assert company.url is not None
        run, inside = self.node(company), free_address()
        await run.stop()
        host, _, port = inside.removeprefix("http://").rpartition(":")
        run.settings = replace(run.settings, listen=(host, int(port)))
        proxy = await self.stack.enter_async_context(proxied(company.url, inside))
        await run.start()
        return proxy

    async def add_company(self, name: str, people: tuple[str, str], *, url: str | None) -> Company:
        """A third one with a node of its own; its admin reads the shared channel too."""
        slack = self.companies.slack
        app = slack.world.add_app(
            f"Drawbridge of {name}",
            manifest=manifest(url=url),
            transport="socket" if url is None else "http",
            request_url=None if url is None else url + SLACK_PATH,
        )
        team = slack.world.add_team(name)
        desk = await FreshserviceStandIn(keys={f"key-of-{name.lower()}"}).start()
        self.stack.push_async_callback(desk.stop)
        company = Company(
            name=name,
            team=team,
            admin=slack.person(team.add_person(people[0], admin=True)),
            member=slack.person(team.add_person(people[1])),
            app=app,
            bot_token=app.install(team).bot_token,
            desk=desk,
            desk_key=next(iter(desk.keys)),
            url=url,
        )
        await self.serve(company)
        return company

    async def serve(
        self, company: Company, *others: Company, tempo: Tempo = QUICK, more: Mapping[str, str] | None = None
    ) -> NodeRun:
        """Starts the node of these companies; `more` are further settings."""
        database_url = self.fresh_url()
        environment = node_environment(self.companies, company, others, database_url, new_key_text())
        environment |= more or {}
        environment["DRAWBRIDGE_TRUSTED_ORIGINS"] += "," + ",".join(self._every_address(company))
        run = NodeRun(company, Settings.from_env(environment), partial(self._time_at, company), tempo, database_url)
        for one in (company, *others):
            self.nodes[one.name] = run
        self.stack.push_async_callback(run.stop)
        await run.start()
        return run

    def _time_at(self, company: Company) -> datetime:
        return self.clock.now() - (self.behind if company is self.globex else timedelta())

    def _every_address(self, company: Company) -> list[str]:
        known = [self.acme, self.globex, company, *(run.company for run in self.nodes.values())]
        return sorted({one.url for one in known if one.url is not None})


@asynccontextmanager
async def staged(reach: Reach, fresh_url: Urls, *, serve: bool = True, tempo: Tempo = QUICK) -> AsyncIterator[Stage]:
    """Slack, both companies and their nodes. `serve=False` leaves the nodes to the test."""
    clock = MovingClock()
    async with AsyncExitStack() as stack:
        companies = await stack.enter_async_context(two_companies(reach, clock=clock, ack_seconds=15.0))
        stage = Stage(companies, reach, clock, fresh_url, stack=stack)
        if serve and companies.is_one_node:
            await stage.serve(companies.acme, companies.globex, tempo=tempo)
        elif serve:  # one after the other: Alembic migrates only once at a time in a process
            await stage.serve(companies.acme, tempo=tempo)
            await stage.serve(companies.globex, tempo=tempo)
        stage.secrets += [stage.acme.desk_key, stage.globex.desk_key]
        yield stage
