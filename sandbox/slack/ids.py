"""Ids, timestamps and secrets in the shapes that Slack gives them."""

from __future__ import annotations

import secrets
from itertools import count

from sandbox.slack.clock import Clock

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Ids:
    """One series for all kinds of id, so that an id taken for another kind's never fits by accident."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._numbers = count(36**3)
        self._last_ts = (0, 0)

    def draw(self, prefix: str) -> str:
        """An id such as `C0000A00F`: the prefix, then eight symbols."""
        return prefix + _in_base36(next(self._numbers)).rjust(8, "0")

    def timestamp(self) -> str:
        """The `ts` of a message: seconds and microseconds, unique and growing in the whole world."""
        now = self._clock.now()
        wanted = (int(now.timestamp()), now.microsecond)
        seconds, micros = max(wanted, (self._last_ts[0], self._last_ts[1] + 1))
        self._last_ts = (seconds + micros // 1_000_000, micros % 1_000_000)
        return f"{self._last_ts[0]}.{self._last_ts[1]:06d}"


def _in_base36(number: int) -> str:
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = _DIGITS[digit] + text
    return text


def secret(prefix: str, octets: int = 12) -> str:
    """A secret that looks like Slack's and opens nothing outside of the stand-in."""
    return prefix + secrets.token_hex(octets)
