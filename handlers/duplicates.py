"""Slack repeats what it believes to be lost: work is done once, the answer is given again."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

REMEMBERED_SECONDS = 600.0
MOST = 10_000


@dataclass(slots=True)
class Delivery:
    """One delivery; `answer` holds what it was acknowledged with, as soon as it was."""

    is_first: bool
    answer: "asyncio.Future[dict[str, Any]]" = field(repr=False)

    def answered_with(self, answer: dict[str, Any]) -> None:
        if not self.answer.done():
            self.answer.set_result(answer)


class Duplicates:
    """Remembers each key (trigger or event id) for ten minutes, in this process; the flows themselves bear the rest."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._seen: OrderedDict[str, tuple[float, asyncio.Future[dict[str, Any]]]] = OrderedDict()

    def delivery(self, key: str) -> Delivery:
        now = self._monotonic()
        while self._seen and (len(self._seen) > MOST or now - next(iter(self._seen.values()))[0] > REMEMBERED_SECONDS):
            self._seen.popitem(last=False)
        known = self._seen.get(key)
        if known is not None:
            return Delivery(False, known[1])
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._seen[key] = (now, answer)
        return Delivery(True, answer)
