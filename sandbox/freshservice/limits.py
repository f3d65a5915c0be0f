"""How many calls an account may make.

API v2 reference, Rate limits, and recordings of live accounts, read 2025-11: per account and minute, by plan; some
calls draw on a limit of their own and on the one over all; headers show the tightest; a window is fixed, starts with
its first call and does not slide; refused calls count.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

WINDOW_SECONDS = 60.0


class Drawn(StrEnum):
    """What a call draws on beside the limit over all calls."""

    LIST_TICKETS = "list tickets"
    LIST_AGENTS = "list agents"
    LIST_REQUESTERS = "list requesters"
    VIEW = "view a ticket"
    CREATE = "create a ticket"
    UPDATE = "update a ticket"


_LISTS = (Drawn.LIST_TICKETS, Drawn.LIST_AGENTS, Drawn.LIST_REQUESTERS)


@dataclass(frozen=True, slots=True)
class Plan:
    """Calls in a window: over all, on each list, on each of view, create and update."""

    overall: int
    lists: int
    tickets: int
    window_seconds: float = WINDOW_SECONDS

    def limit(self, drawn: Drawn | None) -> int:
        if drawn is None:
            return self.overall
        return self.lists if drawn in _LISTS else self.tickets


STARTER = Plan(100, 40, 50)
GROWTH = Plan(200, 70, 80)
PRO = Plan(400, 120, 140)
ENTERPRISE = Plan(500, 140, 160)
BIG_PACK = Plan(2000, 480, 600)  # the larger of the packs that can be bought
HOURLY = Plan(5000, 5000, 5000, 3600.0)  # accounts from before September 2020
UNLIMITED = Plan(10**9, 10**9, 10**9)


@dataclass(slots=True)
class Bucket:
    """One window. `opened_at` is monotonic seconds, None before the first call."""

    limit: int
    opened_at: float | None = None
    used: int = 0

    def take(self, price: int, now: float, window_seconds: float) -> float | None:
        """Seconds to wait when this call is too much, else None. It counts in any case."""
        if self.opened_at is None or now - self.opened_at >= window_seconds:
            self.opened_at, self.used = now, 0
        self.used += price
        return max(1.0, window_seconds - (now - self.opened_at)) if self.used > self.limit else None

    @property
    def remaining(self) -> int:
        return max(0, self.limit - self.used)


@dataclass(frozen=True, slots=True)
class Taken:
    """What the headers of an answer say; `wait_seconds` is None when the call is allowed."""

    total: int
    remaining: int
    price: int
    wait_seconds: float | None


@dataclass(slots=True)
class Limits:
    """All buckets of an account. `refused` counts the calls that were too many."""

    plan: Plan
    monotonic: Callable[[], float]
    refused: int = 0
    _buckets: dict[Drawn | None, Bucket] = field(default_factory=dict)

    def change(self, plan: Plan) -> Self:
        """Another plan, with fresh windows."""
        self.plan = plan
        self._buckets.clear()
        return self

    def take(self, drawn: Drawn | None, price: int) -> Taken:
        now = self.monotonic()
        buckets = [self._bucket(None)] + ([self._bucket(drawn)] if drawn is not None else [])
        waits = [bucket.take(price, now, self.plan.window_seconds) for bucket in buckets]
        wait = max((one for one in waits if one is not None), default=None)
        self.refused += wait is not None
        tightest = min(buckets, key=lambda bucket: bucket.remaining)
        return Taken(tightest.limit, tightest.remaining, price, wait)

    def used(self, drawn: Drawn | None = None) -> int:
        """In the window of the last call."""
        return self._bucket(drawn).used

    def _bucket(self, drawn: Drawn | None) -> Bucket:
        found = self._buckets.get(drawn)
        if found is None:
            found = self._buckets[drawn] = Bucket(self.plan.limit(drawn))
        return found
