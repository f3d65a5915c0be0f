"""Whoever runs rules: a pool of processes, or this one."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from rules.worker.facts import FactsText
from rules.worker.frames import Json
from sync.rule import RuleSide

# What only the node can answer: a name of rules/host's table of host calls, and its arguments.
Answer = Callable[[str, dict[str, Json]], Awaitable[Json]]


@dataclass(frozen=True, slots=True)
class Job:
    """One run: `key` names the connection whose turn it is, `sha256` (hex) the text, `scene` is JSON of a Scene without
    its facts."""

    key: str
    side: RuleSide
    sha256: str
    source: str = field(repr=False)
    scene: Json = field(repr=False)
    facts: FactsText = field(repr=False)

    def text(self, sha256: str) -> str | None:
        """What a worker may ask for by its hash."""
        return {self.sha256: self.source, self.facts.sha256: self.facts.text}.get(sha256)


class Runner(Protocol):
    async def run(self, job: Job, answer: Answer) -> Json:
        """JSON of an Outcome. Raises RuleError, and whatever `answer` raises."""
