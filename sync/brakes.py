"""When a connection is stopped before it does harm: too many new tickets, or one ticket that goes round and round."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Brakes:
    """At most `creations` new tickets in `creations_minutes` outside a back-fill; at most `rounds` turns of one ticket,
    each our update after one of theirs, in `rounds_minutes`."""

    creations: int = 50
    creations_minutes: int = 10
    rounds: int = 10
    rounds_minutes: int = 5

    @property
    def creations_window(self) -> timedelta:
        return timedelta(minutes=self.creations_minutes)

    @property
    def rounds_window(self) -> timedelta:
        return timedelta(minutes=self.rounds_minutes)


def is_too_many(moments: Iterable[datetime], now: datetime, window: timedelta, most: int) -> bool:
    """True when `most` of the moments lie within the window before now."""
    return sum(now - moment < window for moment in moments) >= most
