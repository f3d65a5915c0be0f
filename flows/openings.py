"""What a wizard opens with, kept in memory: the person waits for it, and a desk is added once in months."""

from dataclasses import dataclass

from flows.node import Node
from flows.wizard import OPENINGS, WizardStart, fresh_start, wizard_start
from pairing.organisation import Actor
from storage.store import Transaction


@dataclass(frozen=True, slots=True)
class _Kept:
    """`drafting` are the people whose draft has to be read instead."""

    fresh: WizardStart
    drafting: frozenset[str]


class Openings:
    """Forgets everything as soon as a desk or a draft was committed in this process.

    Only for the first view, which shows nothing else: every step after it reads, and checks, what is stored by then.
    """

    def __init__(self, node: Node) -> None:
        self._node = node
        self._kept: dict[str, _Kept] = {}  # by organisation
        self._changes = 0
        node.store.wakeups.subscribe(self._forget)

    async def open(self, actor: Actor) -> WizardStart:
        """What `wizard_start` would give, but that `names_taken` may be older."""
        kept = self._kept.get(actor.organisation_id)
        if kept is None:
            kept = await self._read(actor.organisation_id)
        return await wizard_start(self._node, actor) if actor.user_id in kept.drafting else kept.fresh

    async def _read(self, organisation_id: str) -> _Kept:
        before = self._changes
        kept = await self._node.store.read(organisation_id, self._look)
        if before == self._changes:  # otherwise it may have been read too early, and nothing would forget it
            self._kept[organisation_id] = kept
        return kept

    def _look(self, tx: Transaction) -> _Kept:
        return _Kept(fresh_start(self._node, tx), tx.vault.refs("draft"))

    def _forget(self, topics: frozenset[str]) -> None:
        if OPENINGS in topics:
            self._changes += 1
            self._kept.clear()
