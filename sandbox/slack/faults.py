"""Switches that make the stand-in behave as Slack does on a bad day."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sandbox.slack.permits import Permits


@dataclass(slots=True)
class _Limit:
    times: int
    retry_after: int


class Faults:
    """`delay_ms` holds up every answer of the Web API and every delivery."""

    def __init__(
        self, permits: Permits, drop_sockets: Callable[[], int], refresh_sockets: Callable[[], Awaitable[int]]
    ) -> None:
        self.delay_ms = 0
        self.drop_sockets = drop_sockets  # tears the connections without a goodbye; answers how many
        self.refresh_sockets = refresh_sockets  # asks politely to reconnect, as Slack does every few hours
        self._permits = permits
        self._limits: dict[str, _Limit] = {}
        self._failures: dict[str, list[str]] = {}
        self._redeliveries = 0

    @property
    def expire_triggers(self) -> bool:
        """While True every trigger arrives too late."""
        return self._permits.expire_all

    @expire_triggers.setter
    def expire_triggers(self, on: bool) -> None:
        self._permits.expire_all = on

    def rate_limit(self, method: str, times: int = 1, retry_after: int = 1) -> None:
        """The next calls of this method are answered 429 with `Retry-After` in whole seconds."""
        self._limits[method] = _Limit(times, retry_after)

    def fail(self, method: str, times: int = 1, error: str = "internal_error") -> None:
        """The next calls of this method are answered `ok: false` with this error."""
        self._failures[method] = [error] * times

    def redeliver_next(self) -> None:
        """The next payload that the app acknowledges is sent once more, as if that acknowledgement had been lost."""
        self._redeliveries += 1

    @property
    def waiting(self) -> tuple[str, ...]:
        """What is still to happen, in words."""
        limits = [f"{name}: 429, {one.times} times" for name, one in self._limits.items() if one.times > 0]
        failures = [f"{name}: {errors[-1]}, {len(errors)} times" for name, errors in self._failures.items() if errors]
        again = [f"payloads to come twice: {self._redeliveries}"] if self._redeliveries else []
        return (*limits, *failures, *again)

    def take_limit(self, method: str) -> int | None:
        """Seconds to wait when this call is to be limited."""
        limit = self._limits.get(method)
        if limit is None or limit.times <= 0:
            return None
        limit.times -= 1
        return limit.retry_after

    def take_failure(self, method: str) -> str | None:
        """The error to answer this call with."""
        waiting = self._failures.get(method)
        return waiting.pop() if waiting else None

    def take_redelivery(self) -> bool:
        if self._redeliveries <= 0:
            return False
        self._redeliveries -= 1
        return True
