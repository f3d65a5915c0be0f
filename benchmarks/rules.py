"""What a rule costs: a typical pair beside the same logic in plain Python, in process and through a worker process; and
what a rule without end costs those that have nothing to do with it."""

import asyncio
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.figures import percentile
from benchmarks.load import cpu_seconds
from benchmarks.typical_rules import COMMENTS, INCOMING, OUTGOING, plain_incoming, plain_outgoing, scenes
from rules.errors import RuleError
from rules.host.run_rule import run_rule
from rules.language.evaluate import read
from rules.script import RuleTexts, ScriptRules
from rules.worker.pool import WALL_SECONDS, Pool


class NoCalls:
    """A host that a benchmark's rules have no reason to ask."""

    def ask(self, name: str, arguments: dict[str, Any]) -> Any:
        raise AssertionError(name)


async def no_answer(name: str, arguments: dict[str, Any]) -> Any:
    raise AssertionError(name)


@dataclass(frozen=True, slots=True)
class Scale:
    """Pairs to run in process and through a worker; seconds of company for a rule without end."""

    pairs: int = 300
    through: int = 200
    neighbours: int = 400


_UNCOUNTED = 2  # the first pairs carry the texts over
SMALL = Scale(pairs=5, through=5, neighbours=10)


@dataclass(frozen=True, slots=True)
class Found:
    """Microseconds of a pair (median; of processor time in process), of the processor time at both ends of the pipe
    (mean; None where the system does not tell) and of reading and compiling; seconds until a rule without end and one
    that eats memory are stopped; a neighbour's p99 in milliseconds alone and beside each."""

    plain: float
    in_process: float
    compiling: float
    worker_p50: float
    worker_p99: float
    worker_cpu: float | None
    node_cpu: float
    groovy: float | None
    endless: float
    eater: float
    alone: float
    beside_endless: float
    beside_eater: float


def _median_micros(count: int, act: Callable[[], Any]) -> float:
    """Processor time, so that what else the machine does counts little."""
    act()
    taken: list[float] = []
    for _ in range(count):
        start = time.process_time()
        act()
        taken.append(time.process_time() - start)
    return median(taken) * 1e6


def _plainly(count: int) -> float:
    said = [
        {"author": "Ann", "body": f"Comment {number} about the matter", "internal": number % 5 == 0}
        for number in range(COMMENTS)
    ]
    ticket = {
        "key": "#372",
        "summary": "Printer smokes",
        "description": "A lot.",
        "status": "Open",
        "priority": "High",
        "labels": ["it"],
        "comments": said,
    }
    replica = {
        "summary": "Printer smokes",
        "description": "A lot.",
        "status": "Waiting",
        "priority": "High",
        "comments": said,
    }
    return _median_micros(count, lambda: (plain_outgoing(ticket), plain_incoming(replica)))


def _in_process(count: int) -> float:
    out, into = scenes()
    calls = NoCalls()
    sent, taken = read(OUTGOING), read(INCOMING)
    return _median_micros(count, lambda: (run_rule(sent, out, calls), run_rule(taken, into, calls)))


def _rules(pool: Pool, key: str, outgoing: str = OUTGOING, incoming: str = INCOMING) -> ScriptRules:
    return ScriptRules(pool, key, RuleTexts(outgoing, incoming))


async def _through(pool: Pool, count: int, key: str = "typical") -> list[float]:
    """Milliseconds of each pair, one after the other."""
    out, into = scenes()
    rules = _rules(pool, key)
    taken: list[float] = []
    for number in range(count + _UNCOUNTED):
        start = time.perf_counter()
        await rules.outgoing(out, no_answer)
        await rules.incoming(into, no_answer)
        if number >= _UNCOUNTED:
            taken.append((time.perf_counter() - start) * 1e3)
    return taken


async def _costs(pool: Pool, count: int) -> tuple[list[float], float | None, float]:
    """The same, and the microseconds of processor time that a pair took from its worker and from us."""
    await _through(pool, 0)
    theirs, ours = _processor_seconds(pool.pids), time.process_time()
    taken = await _through(pool, count)
    micros = 1e6 / (count + _UNCOUNTED)
    ours = (time.process_time() - ours) * micros
    after = _processor_seconds(pool.pids)
    return taken, None if theirs is None or after is None else (after - theirs) * micros, ours


def _processor_seconds(pids: Sequence[int]) -> float | None:
    used = [cpu_seconds(pid) for pid in pids]
    return None if None in used else sum(one for one in used if one is not None)


async def _stopped(pool: Pool, rule: str, key: str) -> float:
    """Seconds until a rule that has to be stopped is."""
    start = time.perf_counter()
    try:
        await _rules(pool, key, rule).outgoing(scenes()[0], no_answer)
    except RuleError:
        return time.perf_counter() - start
    raise AssertionError("a rule without end ended")


async def _beside(pool: Pool, rule: str, count: int) -> tuple[float, float]:
    """Seconds until the rule is stopped, and the p99 of a neighbour that works meanwhile, in milliseconds."""
    first = asyncio.ensure_future(_stopped(pool, rule, "hostile"))
    taken: Sequence[float] = await _through(pool, count, "neighbour")
    return await first, percentile(taken, 99)


# Each ends at a limit of the evaluator, in its worker, long before the worker would be killed.
ENDLESS = "while (true) { }"
EATER = "def kept = []; while (true) { kept << 'abcdefghijklmnop' * 4000 }"


async def measured(scale: Scale, say: Callable[[str], None]) -> Found:
    say("plain Python and in process")
    plain, inside = _plainly(scale.pairs), _in_process(scale.pairs)
    compiling = _median_micros(scale.pairs, lambda: (read(OUTGOING), read(INCOMING)))
    say("Groovy")
    groovy = await asyncio.to_thread(_groovy, scale.pairs)
    pool = Pool()
    await pool.start()
    try:
        say("through the worker process")
        through, worker_cpu, node_cpu = await _costs(pool, scale.through)
        say("beside a rule without end")
        alone = percentile(await _through(pool, scale.neighbours, "neighbour"), 99)
        endless, beside_endless = await _beside(pool, ENDLESS, scale.neighbours)
        say("beside one that eats memory")
        eater, beside_eater = await _beside(pool, EATER, scale.neighbours)
    finally:
        await pool.close()
    return Found(
        plain,
        inside,
        compiling,
        median(through) * 1e3,
        percentile(through, 99) * 1e3,
        worker_cpu,
        node_cpu,
        groovy,
        endless,
        eater,
        alone,
        beside_endless,
        beside_eater,
    )


_GROOVY = """
class One { String body; boolean internal; Map author }
def comments = (0..<50).collect {
    new One(body: "Comment $it about the matter".toString(), internal: it % 5 == 0, author: [displayName: 'Ann'])
}
def issue = [key: '#372', summary: 'Printer smokes', description: 'A lot.', status: [name: 'Open'], priority: 'High',
             labels: ['it'], comments: comments]
def script = new GroovyShell().parse(new File(args[0]))
def run = { script.binding = new Binding([issue: issue, replica: [:]]); script.run() }
2000.times { run() }
def taken = (0..<(args[1] as int)).collect { def start = System.nanoTime(); run(); System.nanoTime() - start }.sort()
println taken[taken.size().intdiv(2)] / 1000.0
"""


def _groovy(count: int) -> float | None:
    """Microseconds of the outgoing rule alone on warm Groovy, where it is installed."""
    command = shutil.which("groovy")
    if command is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        rule, driver = Path(folder) / "rule.groovy", Path(folder) / "driver.groovy"
        rule.write_text(OUTGOING)
        driver.write_text(_GROOVY)
        done = subprocess.run(
            [command, str(driver), str(rule), str(count)], capture_output=True, text=True, timeout=300
        )
    return float(done.stdout) if done.returncode == 0 else None


def as_json(found: Found) -> dict[str, Any]:
    return {name: getattr(found, name) for name in Found.__slots__}


def show(found: Found, console: Console) -> None:
    table = Table(title="a typical pair of rules, 50 comments")
    table.add_column("figure")
    table.add_column("measured", justify="right")
    table.add_column("aim", justify="right")
    rows = [
        ("plain Python", f"{found.plain:,.0f} µs", ""),
        ("rules, in process", f"{found.in_process:,.0f} µs ({found.in_process / found.plain:.1f} ×)", ""),
        ("rules, through the worker process, p50", f"{found.worker_p50:,.0f} µs", "≤ 4,000 µs (2 ms a rule)"),
        ("rules, through the worker process, p99", f"{found.worker_p99:,.0f} µs", ""),
        ("its processor time: the worker's / the node's", _cpu(found), ""),
        ("reading and compiling both, once a version", f"{found.compiling:,.0f} µs", ""),
        ("outgoing rule on warm Groovy", "not installed" if found.groovy is None else f"{found.groovy:,.0f} µs", ""),
        ("a rule without end is stopped after", f"{found.endless:.2f} s", f"≤ {WALL_SECONDS * 1.2:.1f} s"),
        ("one that eats memory", f"{found.eater:.2f} s", f"≤ {WALL_SECONDS * 1.2:.1f} s"),
        ("neighbour's p99 alone", f"{found.alone:.2f} ms", ""),
        ("beside the endless one", _times(found.beside_endless, found.alone), "≤ 1.2 ×"),
        ("beside the eater", _times(found.beside_eater, found.alone), "≤ 1.2 ×"),
    ]
    for row in rows:
        table.add_row(*row)
    console.print(table)


def _cpu(found: Found) -> str:
    worker = "not told" if found.worker_cpu is None else f"{found.worker_cpu:,.0f}"
    return f"{worker} / {found.node_cpu:,.0f} µs"


def _times(value: float, base: float) -> str:
    return f"{value:.2f} ms ({value / base:.2f} ×)"
