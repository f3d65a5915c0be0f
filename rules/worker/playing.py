"""One run of one rule, wherever it happens: a scene goes in, an outcome comes out."""

from collections.abc import Callable

from rules.host.run_rule import run_rule
from rules.host.scene import Outcome, Scene
from rules.worker.frames import Json

Ask = Callable[[str, dict[str, Json]], Json]


class _Calls:
    """Implements rules.host.scene.HostCalls."""

    def __init__(self, ask: Ask) -> None:
        self.ask = ask


def play(source: str, scene: Scene, ask: Ask) -> Outcome:
    """Raises RuleError, and what `ask` raises."""
    return run_rule(source, scene, _Calls(ask))
