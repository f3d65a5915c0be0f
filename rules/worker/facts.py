"""A desk's form is large and stays: it goes to a worker once, and after that only its name."""

import hashlib
import json
from collections import OrderedDict
from dataclasses import dataclass, field, replace

from rules.host.rows import from_row, to_row
from rules.host.scene import Scene
from rules.worker.frames import Json
from sync.form import DeskFacts

_NONE = DeskFacts(())
_MOST = 64


@dataclass(frozen=True, slots=True)
class FactsText:
    sha256: str
    text: str = field(repr=False)


class KnownFacts:
    """Texts by object: a tracker keeps one form for minutes, so the same object comes again and again."""

    def __init__(self) -> None:
        self._held: OrderedDict[int, tuple[DeskFacts, FactsText]] = OrderedDict()

    def apart(self, scene: Scene) -> tuple[Json, FactsText]:
        """The row of the scene without its facts, and those as text."""
        return replace(scene, facts=_NONE).to_row(), self._text_of(scene.facts)

    def _text_of(self, facts: DeskFacts) -> FactsText:
        known = self._held.get(id(facts))
        if known is not None:
            return known[1]
        text = json.dumps(to_row(facts), ensure_ascii=False, separators=(",", ":"))
        made = FactsText(hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(), text)
        self._held[id(facts)] = facts, made  # held, so that its id stays its own
        if len(self._held) > _MOST:
            self._held.popitem(last=False)
        return made


class ReadFacts:
    """The same at the other end: forms by the hash of their text."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, DeskFacts] = OrderedDict()

    def of(self, sha256: str) -> DeskFacts | None:
        return self._held.get(sha256)

    def keep(self, sha256: str, text: str) -> DeskFacts:
        read: DeskFacts = from_row(DeskFacts, json.loads(text))
        self._held[sha256] = read
        if len(self._held) > _MOST:
            self._held.popitem(last=False)
        return read
