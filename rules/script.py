"""A pair of rules in Groovy, run wherever the runner runs them."""

from dataclasses import dataclass, field

from rules.host.scene import Outcome, Scene
from rules.worker.runner import Answer, Job, Runner
from sync.rule import RuleSide, text_sha256


@dataclass(frozen=True, slots=True)
class RuleTexts:
    """What one connection's two rules are at this moment; `may_call` says whether `httpClient` is on."""

    outgoing: str = field(repr=False)
    incoming: str = field(repr=False)
    may_call: bool = False

    def of(self, side: RuleSide) -> str:
        return self.outgoing if side is RuleSide.OUTGOING else self.incoming


@dataclass(frozen=True, slots=True)
class ScriptRules:
    """Implements rules.pair.RulePair. `key` names the connection: one of its rules runs at a time."""

    runner: Runner
    key: str
    texts: RuleTexts

    async def outgoing(self, scene: Scene, answer: Answer) -> Outcome:
        return await self._played(scene, answer)

    async def incoming(self, scene: Scene, answer: Answer) -> Outcome:
        return await self._played(scene, answer)

    async def _played(self, scene: Scene, answer: Answer) -> Outcome:
        source = self.texts.of(scene.side)
        return await self.runner.run(Job(self.key, scene.side, text_sha256(source), source, scene), answer)
