"""Two real nodes, each a process of its own, in a private connection; their desks are stand-ins in this process."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from pairing.terms import Reach
from sandbox.companies import Companies, Company, free_address, node_environment, two_companies
from sandbox.freshservice import UNLIMITED, Call, FreshserviceStandIn, Person
from sandbox.process import NodeProcess
from sandbox.story import modal_called, must_be_taken, steps_of
from storage.vault import new_key_text

_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Stamped:
    """A call with the moment at which it was answered (time.perf_counter)."""

    at: float
    call: Call


class CallsWithTimes(list[Call]):
    """Notes when each call came in."""

    def __init__(self) -> None:
        super().__init__()
        self.stamped: list[Stamped] = []

    def append(self, call: Call) -> None:
        super().append(call)
        self.stamped.append(Stamped(time.perf_counter(), call))

    def clear(self) -> None:
        super().clear()
        self.stamped.clear()


@dataclass(frozen=True, slots=True)
class Site:
    """One company: its desk, somebody who works there, and its node."""

    desk: FreshserviceStandIn
    calls: CallsWithTimes
    person: Person
    key: str
    node: NodeProcess


@dataclass(frozen=True, slots=True)
class Sites:
    """Acme can be called, Globex calls. `delay` is of the line between them."""

    acme: Site
    globex: Site
    delay: "Delay"


@dataclass(slots=True)
class Delay:
    """Seconds that everything takes on its way between the nodes, each way."""

    seconds: float = 0.0

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """In order, and as fast as it comes, only later."""
        due: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

        async def deliver() -> None:
            while True:
                at, piece = await due.get()
                await asyncio.sleep(max(0.0, at - time.perf_counter()))
                if not piece:
                    return
                writer.write(piece)

        delivering = asyncio.create_task(deliver())
        try:
            while piece := await reader.read(_CHUNK):
                due.put_nowait((time.perf_counter() + self.seconds, piece))
            due.put_nowait((time.perf_counter() + self.seconds, b""))
            await delivering
        except (ConnectionError, asyncio.CancelledError):
            delivering.cancel()
        finally:
            writer.close()


@asynccontextmanager
async def line(address: str, target: str, delay: Delay) -> AsyncIterator[None]:
    """Listens at `address` and carries every byte to `target` and back."""
    host, port = _place(target)

    async def joined(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, back = await asyncio.open_connection(host, port)
        except OSError:
            writer.close()
            return
        await asyncio.gather(delay.carry(reader, back), delay.carry(there, writer))

    server = await asyncio.start_server(joined, *_place(address))
    try:
        yield
    finally:
        server.close()


def _place(address: str) -> tuple[str, int]:
    host, _, port = address.removeprefix("http://").rpartition(":")
    return host, int(port)


@asynccontextmanager
async def two_nodes(folder: Path) -> AsyncIterator[Sites]:
    """As operators run them, with SQLite, every check and their logs; they ask their desks every second."""
    delay = Delay()
    async with AsyncExitStack() as stack:
        companies = await stack.enter_async_context(two_companies(Reach.PRIVATE))
        assert companies.acme.url is not None
        behind = free_address()
        await stack.enter_async_context(line(companies.acme.url, behind, delay))
        sites = []
        for company in (companies.acme, companies.globex):
            url = f"sqlite:///{folder / company.name}.sqlite3"
            environment = node_environment(companies, company, (), url, new_key_text()) | _SETTINGS
            if company.url is not None:
                environment["DRAWBRIDGE_LISTEN"] = behind.removeprefix("http://")
            node = NodeProcess(company.name, environment, folder / f"{company.name}.log")
            stack.push_async_callback(node.stop)
            sites.append(_site(company, await node.start()))
        await _connected(companies)
        yield Sites(sites[0], sites[1], delay)


# So many tickets at once are meant here.
_SETTINGS = {"DRAWBRIDGE_BRAKE_CREATIONS": "10000", "DRAWBRIDGE_BRAKE_ROUNDS": "1000"}


def _site(company: Company, node: NodeProcess) -> Site:
    company.desk.limits.change(UNLIMITED)
    calls = CallsWithTimes()
    company.desk.calls = calls
    return Site(company.desk, calls, company.desk.add_agent("Ana Ruiz"), company.desk_key, node)


async def _connected(companies: Companies) -> None:
    for step in steps_of(companies, Reach.PRIVATE):
        assert await step.act(), step.title
    for company, name in ((companies.acme, "acme_to_globex"), (companies.globex, "globex_to_acme")):
        await company.admin.command(f"/connect scope {name}")
        await modal_called(company.admin, "Scope")
        await company.admin.type("Filter", "priority:>1")
        must_be_taken(await company.admin.submit())
        await modal_called(company.admin, "Scope saved")
        await company.admin.close_modal()
