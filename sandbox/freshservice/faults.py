"""Bad days on demand: what goes wrong with the next calls that fit."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from sandbox.freshservice.wire import Answer

ERROR_PAGE = "<!DOCTYPE html><html><body><h1>We will be back soon</h1></body></html>"


class Trouble(StrEnum):
    """Those up to NO_ANSWER strike before the call is looked at: nothing is done. The others come after its effect."""

    RESET = "connection reset before the call was read"
    SLOW = "waits before it works"
    ERROR = "5xx with an HTML page"
    TOO_MANY = "429"  # `seconds` is Retry-After; None for no header
    KEY_REFUSED = "401, as after a change of the key"
    FORBIDDEN = "403, as on one ticket that the agent may not see"
    GONE = "404"
    CONFLICT = "409"
    UNPROCESSABLE = "422"
    REPEATED = "an earlier answer to the same call, from a cache"
    NO_ANSWER = "taken, never answered, not done"
    LOST = "done, and the connection cut before the answer"
    CUT = "done, and the connection cut in the middle of the answer"
    LATE = "done, and answered after a wait"
    DRIPPED = "done, and answered byte by byte"
    ERROR_AFTER = "done, and 5xx with an HTML page"
    NOT_JSON = "done, and 200 with an HTML page"

    @property
    def strikes_first(self) -> bool:
        return self in _FIRST


_FIRST = frozenset(list(Trouble)[: list(Trouble).index(Trouble.NO_ANSWER) + 1])


@dataclass(slots=True, eq=False)
class Fault:
    """`path` is a pattern that the path after /api/v2/ begins with, such as `tickets/7/notes`. `skip` calls that fit
    are let through first; then `times` are struck. `struck` counts."""

    trouble: Trouble
    method: str | None = None
    path: str = ""
    times: int = 1
    skip: int = 0
    seconds: float | None = None
    status: int = 502
    struck: int = 0

    @property
    def is_over(self) -> bool:
        return self.times <= 0

    def fits(self, method: str, path: str) -> bool:
        return self.method in (None, method) and re.match(self.path, path) is not None


class _Call(NamedTuple):
    method: str
    path: str
    query: str


@dataclass(slots=True)
class Faults:
    """`after_page` runs when a page of a list was answered, with the number of the page: for lists that move.

    Some HTTP clients silently send a GET, PUT or DELETE again when its connection breaks: strike those twice.
    """

    after_page: Callable[[int], object] | None = None
    _faults: list[Fault] = field(default_factory=list)
    _cache: dict[_Call, Answer] = field(default_factory=dict)

    def add(
        self,
        trouble: Trouble,
        *,
        method: str | None = None,
        path: str = "",
        times: int = 1,
        skip: int = 0,
        seconds: float | None = None,
        status: int = 502,
    ) -> Fault:
        """Later ones wait for earlier ones. REPEATED begins with the second of the same calls."""
        added = Fault(trouble, method, path, times, skip, seconds, status)
        self._faults.append(added)
        return added

    def clear(self) -> None:
        self._faults.clear()
        self._cache.clear()
        self.after_page = None

    def next_for(self, method: str, path: str, query: str) -> Fault | None:
        """The one that strikes this call; it is used up by that."""
        for fault in self._faults:
            if not self._strikes(fault, _Call(method, path, query)):
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            fault.times -= 1
            fault.struck += 1
            self._faults = [one for one in self._faults if not one.is_over]
            return fault
        return None

    def answered(self, method: str, path: str, query: str, answer: Answer) -> None:
        """Remembers it where a fault wants to repeat it; only the first."""
        if any(fault.trouble is Trouble.REPEATED and fault.fits(method, path) for fault in self._faults):
            self._cache.setdefault(_Call(method, path, query), answer)

    def remembered(self, method: str, path: str, query: str) -> Answer:
        return self._cache[_Call(method, path, query)]

    def _strikes(self, fault: Fault, call: _Call) -> bool:
        return fault.fits(call.method, call.path) and (fault.trouble is not Trouble.REPEATED or call in self._cache)


def instead(fault: Fault) -> Answer | None:
    """The answer of a fault that strikes first; None where there is none."""
    wait = {} if fault.seconds is None else {"Retry-After": f"{fault.seconds:g}"}
    match fault.trouble:
        case Trouble.ERROR | Trouble.ERROR_AFTER:
            return Answer(fault.status, ERROR_PAGE, content_type="text/html")
        case Trouble.NOT_JSON:
            return Answer(200, ERROR_PAGE, content_type="text/html")
        case Trouble.TOO_MANY:
            return Answer(429, '{"message":"Too many calls."}', wait)
        case Trouble.KEY_REFUSED:
            return Answer(401, '{"code":"invalid_credentials","message":"You are not logged in."}')
        case Trouble.FORBIDDEN:
            return Answer(403, '{"code":"access_denied","message":"You are not authorized to perform this action."}')
        case Trouble.GONE:
            return Answer(404)
        case Trouble.CONFLICT:
            return Answer(409, '{"code":"inconsistent_state","message":"The record is in a conflicting state."}')
        case Trouble.UNPROCESSABLE:
            return Answer(422, '{"description":"Validation failed","errors":[{"field":"type","code":"invalid_value"}]}')
        case _:
            return None
