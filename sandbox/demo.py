"""The demo: a Slack stand-in in this process, two real nodes beside it, and one story played before your eyes."""

import asyncio
import contextlib
import json
import signal
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from rich.console import Console

from pairing.terms import Reach
from sandbox.companies import Companies, Company, node_environment, two_companies
from sandbox.process import NodeProcess
from sandbox.story import steps_of
from sandbox.story_rules import rule_steps
from sandbox.story_tickets import ticket_steps
from storage.vault import new_key_text

_WHO_CALLS = {
    Reach.PUBLIC: "both sides have a URL and call each other",
    Reach.PRIVATE: "Globex has no URL: every request starts there",
    Reach.LOCAL: "one node serves both desks: nobody calls anybody",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One step as it went; `ms` is whole milliseconds."""

    step: str
    side: str
    ok: bool
    ms: int
    detail: str


def run_demo(*, tour: bool, as_json: bool, reach: str, port: int = 0, rules: str = "basic") -> int:
    """Plays the story; without `tour` the page stays open until Ctrl-C. 0 when every step went well, else 1."""
    mode = rules.capitalize()
    with contextlib.suppress(KeyboardInterrupt):
        return asyncio.run(_demo(tour=tour, printer=_Printer(as_json), reach=Reach(reach), mode=mode, port=port))
    return 0


class _Printer:
    def __init__(self, as_json: bool) -> None:
        self._as_json = as_json
        self._console = Console(highlight=False, soft_wrap=True)

    def opening(self, reach: Reach) -> None:
        if not self._as_json:
            self._console.print("\n[bold]Drawbridge[/bold]: two companies connect their service desks from Slack")
            self._console.print(f"[dim]A {reach} connection: {_WHO_CALLS[reach]}[/dim]\n")

    def line(self, line: Line) -> None:
        if self._as_json:
            sys.stdout.write(json.dumps(asdict(line), ensure_ascii=False) + "\n")
            sys.stdout.flush()
            return
        mark = "[green]✓[/green]" if line.ok else "[red]✗[/red]"
        self._console.print(f"{mark} [bold]{line.side:<7}[/bold] {line.step} [dim]{line.ms} ms[/dim]")
        self._console.print(f"          {line.detail}", style="dim" if line.ok else "red", markup=False)

    def closing(self, page: str, failed: int, *, stays: bool) -> None:
        if self._as_json:
            return
        if failed:
            self._console.print(f"\n[red]{failed} of the steps failed.[/red]")
        else:
            self._console.print("\n[green]Done.[/green] Both sides are active.")
        if stays:
            self._console.print(f"Go on yourself in both Slacks: [bold]{page}[/bold]   (Ctrl-C stops everything)\n")


async def _demo(*, tour: bool, printer: _Printer, reach: Reach, mode: str, port: int) -> int:
    stop = _stop_signal()
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="drawbridge-demo-")))
        companies = await stack.enter_async_context(two_companies(reach, port=port))
        printer.opening(reach)
        failed = await _play(companies, reach, mode, folder, stack, printer, stop)
        printer.closing(companies.slack.page_url, failed, stays=not tour)
        if not tour and not stop.is_set():
            await stop.wait()
    return 1 if failed else 0


async def _play(
    companies: Companies,
    reach: Reach,
    mode: str,
    folder: Path,
    stack: AsyncExitStack,
    printer: _Printer,
    stop: asyncio.Event,
) -> int:
    """How many steps failed; what comes after a failed one is not tried, because it builds on it."""
    nodes = {node.name: node for node in _nodes(companies, folder)}
    for node in nodes.values():
        stack.push_async_callback(node.stop)
        if not await _told(printer, node.name, "Starts its node", partial(_started, node), stop):
            return 1

    async def restart(company: Company) -> None:
        node = nodes.get(company.name, nodes[companies.acme.name])
        await node.kill()
        await node.start()

    steps = (*steps_of(companies, reach, mode), *ticket_steps(companies, restart))
    for step in (*steps, *(rule_steps(companies) if mode == "Script" else ())):
        if not await _told(printer, step.side, step.title, step.act, stop):
            return 1
    return 0


async def _started(node: NodeProcess) -> str:
    await node.start()
    return node.description


async def _told(
    printer: _Printer, side: str, title: str, act: Callable[[], Awaitable[str]], stop: asyncio.Event
) -> bool:
    begun = time.monotonic()
    task = asyncio.ensure_future(act())
    stopping = asyncio.ensure_future(stop.wait())
    await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not task.done():
        task.cancel()
        return False
    ms = round((time.monotonic() - begun) * 1000)
    error = task.exception()
    if error is not None:
        printer.line(Line(title, side, False, ms, f"{type(error).__name__}: {error}"))
        return False
    detail = task.result()
    printer.line(Line(title, side, bool(detail), ms, detail or "this was not to be seen"))
    return bool(detail)


def _nodes(companies: Companies, folder: Path) -> list[NodeProcess]:
    acme, globex = companies.acme, companies.globex
    nodes = []
    for company, others in ((acme, (globex,)),) if companies.is_one_node else ((acme, ()), (globex, ())):
        database = f"sqlite:///{folder / company.name.lower()}.sqlite3"
        environment = node_environment(companies, company, others, database, new_key_text())
        description = (
            f"public, Slack by HTTP, {company.url}" if company.url else "private, Slack by Socket Mode, listens nowhere"
        )
        nodes.append(NodeProcess(company.name, environment, folder / f"{company.name.lower()}.log", description))
    return nodes


def _stop_signal() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    return stop
