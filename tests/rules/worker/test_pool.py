"""Rules in processes of their own: they answer, they ask, they stop, and one that dies takes nothing with it."""

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rules.errors import RuleError
from rules.host.scene import Json, Scene, SeenReplica, SeenTicket
from rules.script import RuleTexts, ScriptRules
from rules.worker.in_process import InProcess
from rules.worker.pool import Pool
from rules.worker.runner import Runner
from sync.rule import RuleSide

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OUTGOING = Scene(RuleSide.OUTGOING, NOW, SeenTicket("7", "#7", fields={"summary": "s", "status": "Open"}))
INCOMING = Scene(RuleSide.INCOMING, NOW, replica=SeenReplica("#9", fields={"summary": "t"}))


async def nobody(name: str, arguments: dict[str, Json]) -> Json:
    return None


def pair(runner: Runner, outgoing: str = "", incoming: str = "", key: str = "one") -> ScriptRules:
    return ScriptRules(runner, key, RuleTexts(outgoing, incoming))


def seen_of(pid: int) -> tuple[set[str], int]:
    """The names in a process's environment, and how many files it has open."""
    words = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    return {word.split(b"=")[0].decode() for word in words if word}, len(tuple(Path(f"/proc/{pid}/fd").iterdir()))


@pytest.fixture
async def pool() -> AsyncIterator[Pool]:
    made = Pool(size=1, most=2, wall_seconds=11)
    await made.start()
    yield made
    await made.close()


async def test_a_worker_answers_asks_stops_and_goes_on(pool: Pool) -> None:
    """One process start for all of it."""
    asked: list[str] = []

    async def ann(name: str, arguments: dict[str, Json]) -> Json:
        asked.append(f"{name} {arguments['email']}")
        return {"name": "Ann", "email": arguments["email"], "id": "5", "is_agent": True}

    async def unwell(name: str, arguments: dict[str, Json]) -> Json:
        raise ConnectionError("the desk is away")

    (pid,) = pool.pids
    left = await pair(pool, "replica.summary = issue.summary + '!'").outgoing(OUTGOING, nobody)
    assert left.fields["summary"] == "s!"
    wanted = await pair(pool, "", "issue.assignee = nodeHelper.getUserByEmail('a@x.example')").incoming(INCOMING, ann)
    assert wanted.fields["assignee"] == "a@x.example"
    assert asked == ["person_by_email a@x.example"]
    with pytest.raises(RuleError, match="null object") as failed:
        await pair(pool, "\nreplica.x = null.y").outgoing(OUTGOING, nobody)
    assert failed.value.line == 2
    with pytest.raises(ConnectionError):
        await pair(pool, "", "issue.assignee = nodeHelper.getUserByEmail('a@x.example')").incoming(INCOMING, unwell)
    assert pool.pids == (pid,)
    environment, files = seen_of(pid)
    assert environment <= {"PYTHONPATH", "LC_ALL", "PYTHONDONTWRITEBYTECODE"}
    assert files <= 6


async def test_a_killed_worker_is_an_error_of_that_rule_and_the_next_one_runs(pool: Pool) -> None:
    (pid,) = pool.pids

    async def deadly(name: str, arguments: dict[str, Json]) -> Json:
        os.kill(pid, 9)
        return None

    ask = "issue.assignee = nodeHelper.getUserByEmail('a@x.example')"
    with pytest.raises(RuleError, match="stopped from outside"):
        await pair(pool, "", ask).incoming(INCOMING, deadly)
    left = await pair(pool, "replica.summary = 'again'").outgoing(OUTGOING, nobody)
    assert left.fields["summary"] == "again"
    assert pid not in pool.pids


async def test_a_slow_rule_of_one_connection_holds_up_no_other(pool: Pool) -> None:
    waiting, go_on = asyncio.Event(), asyncio.Event()

    async def slow(name: str, arguments: dict[str, Json]) -> Json:
        waiting.set()
        await go_on.wait()
        return None

    ask = "issue.assignee = nodeHelper.getUserByEmail('a@x.example')"
    first = asyncio.create_task(pair(pool, "", ask, key="slow").incoming(INCOMING, slow))
    await waiting.wait()
    left = await pair(pool, "replica.summary = 'neighbour'", key="other").outgoing(OUTGOING, nobody)
    assert left.fields["summary"] == "neighbour"
    go_on.set()
    await first


async def test_in_this_process_a_question_is_answered_by_running_again() -> None:
    asked: list[str] = []

    async def ann(name: str, arguments: dict[str, Json]) -> Json:
        asked.append(str(arguments["email"]))
        return {"name": "Ann", "email": arguments["email"], "id": "5", "is_agent": True}

    text = (
        "a = nodeHelper.getUserByEmail('a@x.example'); b = nodeHelper.getUserByEmail('b@x.example'); issue.assignee = b"
    )
    wanted = await pair(InProcess(), "", text).incoming(INCOMING, ann)
    assert wanted.fields["assignee"] == "b@x.example"
    assert asked == ["a@x.example", "b@x.example"]
