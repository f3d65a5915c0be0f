"""What the stand-in remembers to show: the calls it received, what Slack would have refused, and the fault switches."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

REMEMBERED = 2_000


class Call(NamedTuple):
    """One call of the Web API: the organisation's id ("" for an app-level token) and a word on how it went."""

    method: str
    team: str
    summary: str


class Record:
    """Bounded: the oldest entries go first."""

    def __init__(self) -> None:
        self.calls: deque[Call] = deque(maxlen=REMEMBERED)
        self.refusals: deque[str] = deque(maxlen=REMEMBERED)

    def refuse(self, what: str) -> None:
        self.refusals.append(f"Slack would have refused: {what}")
