"""One account's limits: windows of sixty seconds, one for each kind of call and one for all.

Freshservice API v2, section Rate limits, and recordings of live accounts, read 2025-11: a call to a limited endpoint is
taken from its own window and from the account's; a window starts with its first call and does not slide; the headers
describe the tightest limit that applies.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field

from trackers.booking import LONGEST_WAIT_SECONDS, booked, until_booked
from trackers.port import CallKind, Reading

WINDOW_SECONDS = 60.0
SHARE = 0.8
# Our clock starts when the first answer of a window is here, theirs when they got the call: a moment on top is enough.
_MARGIN_SECONDS = 0.25
_LOOK_AGAIN_SECONDS = 0.02
# A call that has told nothing for so long does not hold the others back; after the longer time nobody waits for it.
_SILENT_SECONDS = 5.0
_LOST_SECONDS = 60.0

_LISTS = frozenset({CallKind.LIST, CallKind.LIST_AGENTS, CallKind.LIST_REQUESTERS})
# Calls a minute of the published plans: over all, of each list, of each of view, create and update. Smallest first.
_PLANS = ((100, 40, 50), (200, 70, 80), (400, 120, 140), (500, 140, 160), (1000, 180, 300), (2000, 480, 600))


@dataclass(slots=True)
class _Window:
    """One limit. `ours` counts what we spent in this window, `all_used` what the desk said everyone did, `flying` what
    is reserved and not yet answered. `is_known` is False from the end of a window until an answer of the next one."""

    total: int
    is_guess: bool = True
    ours: int = 0
    all_used: int = 0
    flying: int = 0
    opened_at: float | None = None
    is_known: bool = False
    blocked_until: float = 0.0
    taken_at: float | None = None

    def take(self, now: float, price: int) -> None:
        self.flying += price
        self.taken_at = now

    def turn(self, now: float) -> None:
        """A window that is over counts from nothing again; so do calls whose process died."""
        if self.taken_at is not None and now - self.taken_at > _LOST_SECONDS:
            self.flying, self.taken_at = 0, None
        if self.opened_at is not None and now >= self.opened_at + WINDOW_SECONDS + _MARGIN_SECONDS:
            self.ours = self.all_used = 0
            self.opened_at, self.is_known = None, False

    def wait_seconds(self, now: float, price: int, limit: float, ceiling: float) -> float:
        """0.0 when there is room. `limit` is the part of the total for our calls, `ceiling` the part for everyone's."""
        if now < self.blocked_until:
            return self.blocked_until - now
        if not self.is_known and self.flying and now - (self.taken_at or now) < _SILENT_SECONDS:
            return _LOOK_AGAIN_SECONDS  # the first call of a window goes alone: its answer tells how much is left
        used = max(self.ours, self.all_used) + self.flying + price
        if self.ours + self.flying + price <= _part(self.total, limit) and used <= _part(self.total, ceiling):
            return 0.0
        if not self.ours + self.all_used + self.flying:
            return 0.0  # one call that costs more than the part we may have: alone it may pass
        if self.opened_at is None:
            return _LOOK_AGAIN_SECONDS
        return max(self.opened_at + WINDOW_SECONDS + _MARGIN_SECONDS - now, _LOOK_AGAIN_SECONDS)

    def has_room(self, now: float, share: float) -> bool:
        """At most half of `share` is used."""
        used = max(self.ours, self.all_used) + self.flying
        return now >= self.blocked_until and used <= _part(self.total, share / 2)

    def answered(self, now: float, price: int, cost: int) -> None:
        self.flying = max(0, self.flying - price)
        self.ours += cost
        if self.opened_at is None:
            self.opened_at = now
        self.is_known = True

    def told(self, now: float, total: int, remaining: int, cost: int) -> None:
        """What the headers said about this very limit."""
        self.total, self.is_guess = max(1, total), False
        used = max(0, total - remaining)
        if used < self.all_used and used <= self.flying + cost:
            # Fewer than before: a new window has begun, with this call or one beside it.
            self.opened_at, self.ours = now, cost
        self.all_used = used


@dataclass(slots=True)
class AccountLimits:
    """Implements trackers.port.Limits. `share` is the part of each limit that background work may use; `urgent` calls
    may use the rest as well."""

    share: float = SHARE
    _plan: tuple[int, int, int] = _PLANS[0]
    _all: _Window = field(default_factory=lambda: _Window(_PLANS[0][0]))
    _own: dict[CallKind, _Window] = field(default_factory=dict)

    @classmethod
    def from_text(cls, text: str, share: float) -> "AccountLimits":
        """What `to_text` gave; empty at the very first."""
        if not text:
            return cls(share)
        kept = json.loads(text)
        own = {CallKind(kind): _Window(**window) for kind, window in kept["own"].items()}
        total, lists, others = kept["plan"]
        return cls(share, (total, lists, others), _Window(**kept["all"]), own)

    def to_text(self) -> str:
        own = {kind.value: asdict(window) for kind, window in self._own.items()}
        return json.dumps({"plan": self._plan, "all": asdict(self._all), "own": own})

    def wait_seconds(self, now: float, kind: CallKind, price: int, *, urgent: bool) -> float:
        limit = 1.0 if urgent else self.share
        # What other programs of the account leave us is not emptied to the last call: people come first.
        ceiling = 1.0 if urgent else max(self.share, 0.95)
        waits = []
        for window in self._windows(kind):
            window.turn(now)
            waits.append(window.wait_seconds(now, price, limit, ceiling))
        return max(waits)

    def has_room(self, now: float) -> bool:
        windows = (self._all, *self._own.values())
        for window in windows:
            window.turn(now)
        return all(window.has_room(now, self.share) for window in windows)

    def take(self, now: float, kind: CallKind, price: int) -> None:
        for window in self._windows(kind):
            window.take(now, price)

    def learned(self, now: float, kind: CallKind, reading: Reading) -> None:
        cost = reading.used if reading.used is not None else reading.price
        for window in self._windows(kind):
            window.answered(now, reading.price, cost)
        described = self._described(kind, reading.total)
        if described is not None and reading.total is not None and reading.remaining is not None:
            described.told(now, reading.total, reading.remaining, cost)
            self._guess_the_others(kind, reading.total)
            for window in self._windows(kind):
                if reading.remaining > window.total:
                    # The tightest has so many left: this one has no fewer, whatever was guessed of it.
                    window.total, window.is_guess = reading.remaining, False
        if reading.refused:
            self._block(now, reading.retry_after, (described,) if described else self._windows(kind))

    def _windows(self, kind: CallKind) -> tuple[_Window, ...]:
        if kind is CallKind.OTHER:
            return (self._all,)
        if kind not in self._own:
            self._own[kind] = _Window(_limit(self._plan, kind))
        return (self._own[kind], self._all)

    def _described(self, kind: CallKind, total: int | None) -> _Window | None:
        """The limit that the headers of such a call are about."""
        if total is None:
            return None
        if kind is CallKind.OTHER:
            return self._all
        own = self._windows(kind)[0]
        is_the_accounts = total == self._all.total and not self._all.is_guess and total != own.total
        return self._all if is_the_accounts else own

    def _guess_the_others(self, kind: CallKind, total: int) -> None:
        """One limit gives away the plan, until the others tell theirs."""
        self._plan = next((plan for plan in _PLANS if _limit(plan, kind) == total), self._plan)
        for other, window in ((CallKind.OTHER, self._all), *self._own.items()):
            if window.is_guess:
                window.total = _limit(self._plan, other)

    def _block(self, now: float, retry_after: float | None, windows: tuple[_Window, ...]) -> None:
        for window in windows:
            window.blocked_until = now + (WINDOW_SECONDS if retry_after is None else retry_after) + _MARGIN_SECONDS
            window.ours = window.all_used = 0
            window.opened_at, window.is_known = None, False


@dataclass(slots=True)
class Windows:
    """The budget of one account, kept in this process. Nobody waits longer than `longest_wait_seconds`: the caller's
    lane gives way instead."""

    share: float = SHARE
    longest_wait_seconds: float = LONGEST_WAIT_SECONDS
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    _limits: AccountLimits = field(init=False)

    def __post_init__(self) -> None:
        self._limits = AccountLimits(self.share)

    async def reserve(self, kind: CallKind, price: int = 1, *, urgent: bool = False) -> None:
        """Raises RemoteUnavailable with the seconds to wait."""

        async def book() -> float:
            return booked(self._limits, self.clock(), kind, price, urgent=urgent)

        await until_booked(book, self.clock, self.sleep, self.longest_wait_seconds)

    def learned(self, kind: CallKind, reading: Reading) -> None:
        self._limits.learned(self.clock(), kind, reading)

    @property
    def has_room(self) -> bool:
        return self._limits.has_room(self.clock())


def _part(total: int, share: float) -> int:
    return int(total * share + 1e-9)  # 0.8 of 40 is 32, whatever the binary fractions say


def _limit(plan: tuple[int, int, int], kind: CallKind) -> int:
    if kind is CallKind.OTHER:
        return plan[0]
    return plan[1] if kind in _LISTS else plan[2]
