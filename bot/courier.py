"""Delivers the notices that flows saved: each at least once, none before its commit, a failing one later again."""

import asyncio
import logging
from datetime import timedelta
from functools import partial
from typing import Protocol

from flows.node import Node
from pairing.notice import Notice
from storage.store import Transaction
from storage.wakeups import Waiter
from sync.errors import RemoteUnavailable

_log = logging.getLogger(__name__)
_AT_ONCE = 50
_LOOK_SECONDS = 5.0
_DRAIN_SECONDS = 2.0
_MOST_TRIES = 12  # about a day and a half with the waits below; by then the news is none


class Deliver(Protocol):
    async def deliver(self, organisation_id: str, notice: Notice) -> None:
        """Raises RemoteUnavailable when it is to be tried again."""


class Courier:
    """`run` until cancelled."""

    def __init__(self, node: Node, slack: Deliver) -> None:
        self._node = node
        self._slack = slack
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        with self._node.store.wakeups.listen("notices") as news:
            try:
                while True:
                    await self._start(news)
                    await news.wait(_LOOK_SECONDS)
            finally:
                await self._stop()

    async def _start(self, news: Waiter) -> None:
        """One task for each organisation with something due: a slow one holds up nobody else."""
        try:
            due = await self._node.store.system(lambda tx: tx.due_notices())
        except Exception:
            _log.exception("the notices that are due could not be read")
            return
        for organisation_id in set(due) - self._tasks.keys():
            task = self._tasks[organisation_id] = asyncio.create_task(self._organisation(organisation_id))
            task.add_done_callback(partial(self._finished, organisation_id, news))

    def _finished(self, organisation_id: str, news: Waiter, _task: "asyncio.Task[None]") -> None:
        # What was saved while its task came to an end is found by the look that this brings about.
        self._tasks.pop(organisation_id, None)
        news.wake()

    async def _stop(self) -> None:
        """Lets what is being told come to its end, or it would be told once more by the next process."""
        tasks = tuple(self._tasks.values())
        if tasks:
            await asyncio.wait(tasks, timeout=_DRAIN_SECONDS)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _organisation(self, organisation_id: str) -> None:
        try:
            for notice in await self._node.store.read(organisation_id, lambda tx: tx.notices.due(_AT_ONCE)):
                await self._one(organisation_id, notice)
        except Exception:
            _log.exception("delivery stopped", extra={"organisation": organisation_id})
            await asyncio.sleep(_LOOK_SECONDS)  # or it would be tried again at once, for ever

    async def _one(self, organisation_id: str, notice: Notice) -> None:
        try:
            await self._slack.deliver(organisation_id, notice)
        except RemoteUnavailable as error:
            await self._later(organisation_id, notice, error.retry_after)
        except Exception:
            # A notice we cannot render must not hold up the others.
            _log.exception("notice failed", extra={"notice": notice.id, "kind": notice.kind})
            await self._later(organisation_id, notice, None)
        else:
            await self._node.store.run(organisation_id, lambda tx: tx.notices.done(notice.id))

    async def _later(self, organisation_id: str, notice: Notice, seconds: float | None) -> None:
        wait = timedelta(seconds=max(seconds or 0, min(4 * 3600, 2 ** (notice.tries + 1))))

        def write(tx: Transaction) -> None:
            if notice.tries + 1 >= _MOST_TRIES:
                tx.notices.done(notice.id)
            else:
                tx.notices.later(notice.id, tx.now + wait)

        await self._node.store.run(organisation_id, write)
