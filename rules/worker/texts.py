"""The texts of rules that a worker was sent, by hash, the least used dropped first."""

from collections import OrderedDict


class Texts:
    def __init__(self, most: int = 256) -> None:
        self._most = most
        self._held: OrderedDict[str, str] = OrderedDict()

    def of(self, name: str) -> str | None:
        if name in self._held:
            self._held.move_to_end(name)
        return self._held.get(name)

    def keep(self, name: str, text: str) -> str:
        self._held[name] = text
        if len(self._held) > self._most:
            self._held.popitem(last=False)
        return text
