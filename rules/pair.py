"""The two rules of one side of a connection, however they are written."""

from typing import Protocol

from rules.host.scene import Outcome, Scene
from rules.worker.runner import Answer


class RulePair(Protocol):
    """Runs outside every transaction. `answer` says what only the node knows. Raises RuleError, and what it raises."""

    async def outgoing(self, scene: Scene, answer: Answer) -> Outcome:
        """What of our ticket the partner may see."""

    async def incoming(self, scene: Scene, answer: Answer) -> Outcome:
        """What this replica stands for at our desk. It is asked for the last replica and for the new one; only what
        differs between the fields of the two answers is written, and of the rest the second one counts."""
