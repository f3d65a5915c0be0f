"""One run of one rule, wherever it happens: a scene goes in, an outcome or a trouble comes out, all of it JSON."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from rules.worker.frames import Json

Ask = Callable[[str, dict[str, Json]], Json]


@dataclass(frozen=True, slots=True)
class Trouble:
    """A rule that ended early, in a sentence; `line` is 0 where none is known."""

    text: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Played:
    """Either of the two."""

    outcome: Json = None
    trouble: Trouble | None = None


class Player(Protocol):
    def __call__(self, side: str, source: str, scene: Json, ask: Ask) -> Played:
        """`ask` waits for what only the node knows."""


def play(side: str, source: str, scene: Json, ask: Ask) -> Played:
    return Played(outcome={"fields": {}, "side": side})
