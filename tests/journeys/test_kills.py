"""Two real nodes under a stream of changes, either of which is killed again and again, as by a power cut (L5)."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random, SystemRandom

import pytest

from pairing.terms import Reach
from sandbox.companies import Companies, Company, node_environment, two_companies
from sandbox.freshservice import UNLIMITED
from sandbox.process import NodeProcess
from sandbox.story import modal_called, must_be_taken, steps_of
from storage.vault import new_key_text
from tests.databases import PostgresqlServer
from tests.flows.ledger import Ledger
from tests.journeys.scripted import ScriptedLedger, furnish, type_rules

CHANGES, KILLS = 600, 60
SCRIPT_CHANGES, SCRIPT_KILLS = 300, 30  # what runs rules is the same in both modes: half as many will do
_LONGEST_PAUSE = 0.25  # seconds between two changes
_MOST_SETTLING = 120.0


@dataclass
class Storm:
    """Both companies, connected; `nodes` are Acme's and Globex's."""

    companies: Companies
    nodes: tuple[NodeProcess, NodeProcess]
    ledger: Ledger
    random: Random

    async def rage(self, changes: int, kills: int) -> None:
        """Each node dies half of the times, whatever the other one does just then; the changes are spread over it."""
        await asyncio.gather(*(self._against(node, changes // kills, kills // 2) for node in self.nodes))

    async def _against(self, node: NodeProcess, changes: int, kills: int) -> None:
        """So many changes for each death."""
        for _ in range(kills):
            acting = asyncio.create_task(self._act(changes))
            await asyncio.sleep(self.random.uniform(0.1, 1.5))
            await node.kill()
            await node.start()
            await acting

    async def _act(self, changes: int) -> None:
        for _ in range(changes):
            self.ledger.act()
            await asyncio.sleep(self.random.uniform(0, _LONGEST_PAUSE))

    async def settle(self) -> bool:
        """Until all words have arrived and nothing is written any more; False when that takes too long."""
        ends, before = time.monotonic() + _MOST_SETTLING, -1
        while time.monotonic() < ends:
            await asyncio.sleep(4)
            writes = self._writes()
            if writes == before and not self.ledger.lost_and_doubled()[0]:
                return True
            before = writes
        return False

    def _writes(self) -> int:
        return sum(call.method != "GET" for desk in (self.ledger.acme, self.ledger.globex) for call in desk.calls)


@pytest.fixture(params=["sqlite", "postgresql"])
def urls(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[str]]:
    """Of the two nodes' databases."""
    if request.param == "sqlite":
        yield _sqlite_urls(tmp_path)
        return
    server: PostgresqlServer = request.getfixturevalue("postgresql")
    found = [server.fresh_url() for _ in range(2)]
    yield found
    for url in found:
        server.take_back(url)


def _sqlite_urls(folder: Path) -> list[str]:
    return [f"sqlite:///{folder / name}.sqlite3" for name in ("acme", "globex")]


@pytest.fixture
async def storm(urls: list[str], tmp_path: Path) -> AsyncIterator[Storm]:
    random = _random(tmp_path)
    async with connected(urls, tmp_path) as (companies, nodes):
        yield Storm(companies, nodes, Ledger(companies.acme.desk, companies.globex.desk, random), random)


@pytest.fixture
async def script_storm(tmp_path: Path) -> AsyncIterator[Storm]:
    random = _random(tmp_path)
    async with connected(_sqlite_urls(tmp_path), tmp_path, "Script") as (companies, nodes):
        await type_rules(companies.acme, "acme_to_globex")
        await type_rules(companies.globex, "globex_to_acme")
        yield Storm(companies, nodes, ScriptedLedger(companies.acme.desk, companies.globex.desk, random), random)


def _random(folder: Path) -> Random:
    seed = SystemRandom().randrange(10**6)
    sys.stdout.write(f"seed {seed}, logs in {folder}\n")
    return Random(seed)


@asynccontextmanager
async def connected(
    urls: list[str], folder: Path, mode: str = "Basic"
) -> AsyncIterator[tuple[Companies, tuple[NodeProcess, NodeProcess]]]:
    """An active connection over two nodes, one of which listens nowhere; both sides let everything travel. For rules
    there are desks that have little in common."""
    async with AsyncExitStack() as stack:
        companies = await stack.enter_async_context(two_companies(Reach.PRIVATE))
        nodes = []
        for company, url in zip((companies.acme, companies.globex), urls, strict=True):
            company.desk.limits.change(UNLIMITED)
            if mode == "Script":
                furnish(company.desk)
            environment = node_environment(companies, company, (), url, new_key_text())
            node = NodeProcess(company.name, environment, folder / f"{company.name}.log")
            stack.push_async_callback(node.stop)
            nodes.append(await node.start())
        for step in steps_of(companies, Reach.PRIVATE, mode):
            assert await step.act(), step.title
        await _let_travel(companies.acme, "acme_to_globex")
        await _let_travel(companies.globex, "globex_to_acme")
        yield companies, (nodes[0], nodes[1])


async def _let_travel(company: Company, name: str) -> None:
    await company.admin.command(f"/connect scope {name}")
    await modal_called(company.admin, "Scope")
    await company.admin.type("Filter", "priority:>1")
    must_be_taken(await company.admin.submit())
    await modal_called(company.admin, "Scope saved")
    await company.admin.close_modal()


@pytest.mark.slow
async def test_under_a_stream_of_changes_either_node_is_killed_and_nothing_is_lost_or_doubled(storm: Storm) -> None:
    await _weather(storm, CHANGES, KILLS)


@pytest.mark.slow
async def test_so_it_is_with_rules_that_map_statuses_people_and_custom_fields(script_storm: Storm) -> None:
    """300 changes, 30 kills, both sides in Script mode: at the end both desks say the same in their own words."""
    await _weather(script_storm, SCRIPT_CHANGES, SCRIPT_KILLS)
    ledger = script_storm.ledger
    assert {name for _, name in ledger.last} == set(ScriptedLedger.FIELDS)


async def _weather(storm: Storm, changes: int, kills: int) -> None:
    """The storm, and what must stand when it is over."""
    begun = time.monotonic()
    await storm.rage(changes, kills)
    is_quiet = await storm.settle()
    seconds = time.monotonic() - begun
    lost, doubled = storm.ledger.lost_and_doubled()
    figures = f"{changes} changes, {kills} kills: {len(lost)} lost, {len(doubled)} doubled, {seconds:.0f} s"
    sys.stdout.write(figures + "\n")
    assert (lost, doubled) == ([], [])
    assert storm.ledger.differing(last_of_all=False) == []
    assert is_quiet
