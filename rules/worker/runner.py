"""Whoever runs rules: a pool of processes, or this one."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from rules.host.scene import Outcome, Scene
from rules.worker.frames import Json
from sync.rule import RuleSide

# What only the node can answer: a name of rules/host's table of host calls, and its arguments.
Answer = Callable[[str, dict[str, Json]], Awaitable[Json]]


@dataclass(frozen=True, slots=True)
class Job:
    """One run: `key` names the connection whose turn it is, `sha256` (hex) the text."""

    key: str
    side: RuleSide
    sha256: str
    source: str = field(repr=False)
    scene: Scene = field(repr=False)


class Runner(Protocol):
    async def run(self, job: Job, answer: Answer) -> Outcome:
        """Raises RuleError, and whatever `answer` raises."""
