"""What a person is writing in the rules' editor, kept until it is saved: a closed window loses nothing."""

import json
from dataclasses import dataclass, field, replace
from datetime import timedelta

from pairing.organisation import Actor
from storage.store import Transaction
from sync.rule import SIDES, RuleSide

_KIND = "rule_draft"
_LIFE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """What a person is writing. `bases` are the versions (outgoing, incoming) it began from; `revision` grows whenever
    we, not the person, put another text into an editor."""

    outgoing: str = field(repr=False)
    incoming: str = field(repr=False)
    bases: tuple[int, int] = (0, 0)
    revision: int = 0

    def text(self, side: RuleSide) -> str:
        return self.outgoing if side is RuleSide.OUTGOING else self.incoming

    def base(self, side: RuleSide) -> int:
        return self.bases[SIDES.index(side)]

    def with_text(self, side: RuleSide, text: str) -> "RuleDraft":
        return replace(self, outgoing=text) if side is RuleSide.OUTGOING else replace(self, incoming=text)

    def with_base(self, side: RuleSide, number: int) -> "RuleDraft":
        outgoing, incoming = self.bases
        return replace(self, bases=(number, incoming) if side is RuleSide.OUTGOING else (outgoing, number))

    def after_replacing(self) -> "RuleDraft":
        return replace(self, revision=self.revision + 1)


def find_draft(tx: Transaction, actor: Actor, connection_id: str) -> RuleDraft | None:
    """This person's own."""
    kept = tx.vault.get(_KIND, _ref(actor, connection_id))
    if kept is None:
        return None
    held = json.loads(kept)
    outgoing, incoming = held["bases"]
    return RuleDraft(held["outgoing"], held["incoming"], (int(outgoing), int(incoming)), int(held["revision"]))


def put_draft(tx: Transaction, actor: Actor, connection_id: str, draft: RuleDraft) -> None:
    held = {"outgoing": draft.outgoing, "incoming": draft.incoming, "bases": draft.bases, "revision": draft.revision}
    tx.vault.put(_KIND, _ref(actor, connection_id), json.dumps(held).encode(), tx.now + _LIFE)


def drop_draft(tx: Transaction, actor: Actor, connection_id: str) -> None:
    tx.vault.forget(_KIND, _ref(actor, connection_id))


def _ref(actor: Actor, connection_id: str) -> str:
    return f"{actor.user_id}:{connection_id}"
