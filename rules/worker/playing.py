"""One run of one rule, wherever it happens: a scene goes in, an outcome or a trouble comes out, all of it JSON."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from rules.host.scene import Outcome, Scene
from rules.worker.frames import Json
from sync.form import DeskFacts

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
    def __call__(self, source: str, scene: Json, facts: DeskFacts, ask: Ask) -> Played:
        """`scene` is without its facts; `ask` waits for what only the node knows."""


def play(source: str, scene: Json, facts: DeskFacts, ask: Ask) -> Played:
    staged = replace(Scene.from_json(scene), facts=facts)
    return Played(outcome=Outcome(fields={"side": staged.side}).to_json())
