"""What a person is writing in the rules' editor, kept until it is saved: a closed window loses nothing."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from pairing.organisation import Actor
from storage.store import Transaction
from sync.rule import SIDES, RuleSide

_KIND = "rule_draft"
_LIFE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """Both texts as they stand in the editor, and the note for the versions to be. `bases` are the versions (outgoing,
    incoming) that they began from."""

    outgoing: str = field(repr=False)
    incoming: str = field(repr=False)
    bases: tuple[int, int] = (0, 0)
    note: str = ""

    def text(self, side: RuleSide) -> str:
        return self.outgoing if side is RuleSide.OUTGOING else self.incoming

    def base(self, side: RuleSide) -> int:
        return self.bases[SIDES.index(side)]

    def with_text(self, side: RuleSide, text: str) -> "RuleDraft":
        return replace(self, outgoing=text) if side is RuleSide.OUTGOING else replace(self, incoming=text)

    def with_base(self, side: RuleSide, number: int) -> "RuleDraft":
        outgoing, incoming = self.bases
        return replace(self, bases=(number, incoming) if side is RuleSide.OUTGOING else (outgoing, number))


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """What of it is the person's own: by side the text and the version that it began from."""

    sides: Mapping[RuleSide, tuple[str, int]]
    note: str = ""


def find_draft(tx: Transaction, actor: Actor, connection_id: str) -> KeptDraft | None:
    """This person's own."""
    kept = tx.vault.get(_KIND, _ref(actor, connection_id))
    if kept is None:
        return None
    held = json.loads(kept)
    sides = {RuleSide(side): (str(text), int(base)) for side, (text, base) in held["sides"].items()}
    return KeptDraft(sides, str(held["note"]))


def put_draft(tx: Transaction, actor: Actor, connection_id: str, kept: KeptDraft) -> None:
    """Replaces the older one; where nothing is the person's own there is none any more."""
    if not kept.sides:
        drop_draft(tx, actor, connection_id)
        return
    sealed = json.dumps({"sides": dict(kept.sides), "note": kept.note}).encode()
    tx.vault.put(_KIND, _ref(actor, connection_id), sealed, tx.now + _LIFE)


def drop_draft(tx: Transaction, actor: Actor, connection_id: str) -> None:
    tx.vault.forget(_KIND, _ref(actor, connection_id))


def _ref(actor: Actor, connection_id: str) -> str:
    return f"{actor.user_id}:{connection_id}"
