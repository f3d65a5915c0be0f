"""What a rule costs: a typical pair beside the same logic in plain Python, in process and through a worker process; and
what a rule without end costs those that have nothing to do with it."""

import asyncio
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.figures import percentile
from rules.errors import RuleError
from rules.host.run_rule import run_rule
from rules.host.scene import Scene, SeenComment, SeenReplica, SeenTicket
from rules.language.evaluate import read
from rules.script import RuleTexts, ScriptRules
from rules.worker.pool import WALL_SECONDS, Pool
from sync.rule import RuleSide

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
COMMENTS = 50

OUTGOING = """
def statuses = ["Open": "New", "Pending": "Waiting", "Resolved": "Done", "Closed": "Done"]
replica.key = issue.key
replica.summary = "[ACME] ${issue.summary}"
replica.description = issue.description ?: ""
replica.status = statuses[issue.status?.name] ?: "New"
replica.priority = issue.priority
replica.labels = issue.labels
replica.first = 1
replica.second = replica.first + 1
replica.third = "x${replica.second}"
replica.fourth = replica.third.toUpperCase()
replica.fifth = ["a", "b"].join("-")
replica.sixth = replica.fifth.replace("-", "+")
replica.seventh = issue.summary?.size() ?: 0
replica.eighth = replica.seventh > 3
replica.ninth = replica.eighth ? "long" : "short"
replica.tenth = replica.ninth + "!"
replica.eleventh = 10 / 4
replica.twelfth = [1, 2, 3].collect { it * 2 }
replica.bodies = issue.comments.collect { comment ->
    comment.internal ? null : "${comment.author?.displayName}: ${comment.body}"
}.findAll { it }.join(" | ")
replica.comments = issue.comments.findAll { !it.internal }
"""

INCOMING = """
def statuses = ["New": "Open", "Waiting": "Pending", "Done": "Resolved"]
def priorities = ["High": "Urgent", "Low": "Low"]
def name = replica.status instanceof String ? replica.status : replica.status?.name
issue.summary = "From partner: ${replica.summary}"
issue.description = replica.description ?: "none"
issue.status = statuses[name] ?: "Open"
issue.priority = priorities[replica.priority?.toString()] ?: "Medium"
issue.labels = ["partner"]
def words = replica.comments.collect { it.body.trim().toLowerCase() }.findAll { it.contains("a") }
if (words.size() > 10) { issue.labels += "busy" }
issue.comments = commentHelper.mergeComments(issue, replica)
"""


def plain_outgoing(ticket: dict[str, Any]) -> dict[str, Any]:
    """What OUTGOING does, as one would write it in Python."""
    statuses = {"Open": "New", "Pending": "Waiting", "Resolved": "Done", "Closed": "Done"}
    sent: dict[str, Any] = {"key": ticket["key"], "summary": f"[ACME] {ticket['summary']}"}
    sent["description"] = ticket["description"] or ""
    sent["status"] = statuses.get(ticket["status"], "New")
    sent["priority"], sent["labels"] = ticket["priority"], ticket["labels"]
    sent["first"] = 1
    sent["second"] = sent["first"] + 1
    sent["third"] = f"x{sent['second']}"
    sent["fourth"] = sent["third"].upper()
    sent["fifth"] = "-".join(["a", "b"])
    sent["sixth"] = sent["fifth"].replace("-", "+")
    sent["seventh"] = len(ticket["summary"])
    sent["eighth"] = sent["seventh"] > 3
    sent["ninth"] = "long" if sent["eighth"] else "short"
    sent["tenth"] = sent["ninth"] + "!"
    sent["eleventh"] = 10 / 4
    sent["twelfth"] = [number * 2 for number in [1, 2, 3]]
    sent["bodies"] = " | ".join(f"{one['author']}: {one['body']}" for one in ticket["comments"] if not one["internal"])
    sent["comments"] = [one for one in ticket["comments"] if not one["internal"]]
    return sent


def plain_incoming(replica: dict[str, Any]) -> dict[str, Any]:
    """What INCOMING does."""
    statuses = {"New": "Open", "Waiting": "Pending", "Done": "Resolved"}
    priorities = {"High": "Urgent", "Low": "Low"}
    written: dict[str, Any] = {"summary": f"From partner: {replica['summary']}"}
    written["description"] = replica["description"] or "none"
    written["status"] = statuses.get(replica["status"], "Open")
    written["priority"] = priorities.get(replica["priority"], "Medium")
    words = [body for one in replica["comments"] if "a" in (body := one["body"].strip().lower())]
    written["labels"] = ["partner", "busy"] if len(words) > 10 else ["partner"]
    written["comments"] = [dict(one) for one in replica["comments"]]
    return written


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


SMALL = Scale(pairs=5, through=5, neighbours=10)


@dataclass(frozen=True, slots=True)
class Found:
    """Microseconds of a pair (median; of processor time in process) and of reading and compiling it; seconds until a
    rule without end and one that eats memory are stopped; a neighbour's p99 in milliseconds alone and beside each."""

    plain: float
    in_process: float
    compiling: float
    worker_p50: float
    worker_p99: float
    groovy: float | None
    endless: float
    eater: float
    alone: float
    beside_endless: float
    beside_eater: float


def scenes() -> tuple[Scene, Scene]:
    """One for each side, with fifty comments."""
    comments = tuple(
        SeenComment(str(number), f"Comment {number} about the matter", author="Ann", is_public=number % 5 > 0)
        for number in range(COMMENTS)
    )
    fields = {
        "summary": "Printer smokes",
        "description": "A lot.",
        "status": "Open",
        "priority": "High",
        "tags": ["it"],
    }
    ticket = SeenTicket("372", "#372", "https://desk.example/372", fields=fields, comments=comments)
    replica = SeenReplica(
        fields={"summary": "Printer smokes", "description": "A lot.", "status": "Waiting", "priority": "High"},
        comments=comments,
    )
    return (
        Scene(side=RuleSide.OUTGOING, ticket=ticket, now=NOW),
        Scene(side=RuleSide.INCOMING, ticket=ticket, replica=replica, now=NOW),
    )


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
    for number in range(count + 2):
        start = time.perf_counter()
        await rules.outgoing(out, no_answer)
        await rules.incoming(into, no_answer)
        if number >= 2:  # the first ones carry the texts over
            taken.append((time.perf_counter() - start) * 1e3)
    return taken


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
        through = await _through(pool, scale.through)
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


def _times(value: float, base: float) -> str:
    return f"{value:.2f} ms ({value / base:.2f} ×)"
