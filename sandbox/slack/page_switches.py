"""The fault switches of the page: Slack on a bad day, by clicking."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from sandbox.slack.api import METHODS as _KNOWN
from sandbox.slack.page_forms import Posted

if TYPE_CHECKING:
    from sandbox.slack.server import SlackStandIn

METHODS = tuple(sorted(_KNOWN))

_MOST_DELAY_MS = 10_000
_MOST_TIMES = 100
_MOST_RETRY_SECONDS = 60


async def flip(slack: SlackStandIn, posted: Posted) -> None:
    """The switch that the form names; unknown ones do nothing."""
    if switch := _SWITCHES.get(posted.text("fault")):
        await switch(slack, posted)


async def _delay(slack: SlackStandIn, posted: Posted) -> None:
    slack.faults.delay_ms = posted.number("ms", _MOST_DELAY_MS)


async def _limit(slack: SlackStandIn, posted: Posted) -> None:
    times = posted.number("times", _MOST_TIMES)
    slack.faults.rate_limit(posted.text("method"), times, posted.number("seconds", _MOST_RETRY_SECONDS))


async def _fail(slack: SlackStandIn, posted: Posted) -> None:
    slack.faults.fail(posted.text("method"), posted.number("times", _MOST_TIMES))


async def _drop(slack: SlackStandIn, posted: Posted) -> None:
    slack.faults.drop_sockets()


async def _refresh(slack: SlackStandIn, posted: Posted) -> None:
    await slack.faults.refresh_sockets()


async def _redeliver(slack: SlackStandIn, posted: Posted) -> None:
    slack.faults.redeliver_next()


async def _expire(slack: SlackStandIn, posted: Posted) -> None:
    slack.faults.expire_triggers = not slack.faults.expire_triggers


_SWITCHES: Mapping[str, Callable[[SlackStandIn, Posted], Awaitable[None]]] = {
    "delay": _delay,
    "limit": _limit,
    "fail": _fail,
    "drop": _drop,
    "refresh": _refresh,
    "redeliver": _redeliver,
    "expire": _expire,
}
