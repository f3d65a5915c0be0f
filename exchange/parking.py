"""Polls that wait for news: one for each connection, all of them watched by one shared check."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

Check = Callable[[frozenset[str]], Awaitable[frozenset[str]]]
logger = logging.getLogger(__name__)


class Place:
    """One held poll. What is woken between taking the place and waiting is not lost."""

    def __init__(self, pause: int = 0) -> None:
        self.pause = pause  # seconds the poller is asked to stay away; 0 while there is room
        self._news = asyncio.Event()

    def release(self) -> None:
        self._news.set()

    async def wait(self, seconds: float) -> None:
        """Until there is news, a newer poll of this connection, or the time is over."""
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return


class Parking:
    """At most `cap` held polls; beyond it they are answered at once and asked to stay away for `pause` seconds.

    `check` is given the ids of all connections with a held poll and says which have news; it is asked every `every`
    seconds while any is held, so that a commit of another process is noticed too."""

    def __init__(self, check: Check | None = None, *, cap: int = 2000, every: float = 2.0, pause: int = 5) -> None:
        self._check = check
        self._cap = cap
        self._every = every
        self._pause = pause
        self._places: dict[str, Place] = {}
        self._watch: asyncio.Task[None] | None = None
        self._is_closed = False

    @property
    def held(self) -> int:
        """How many polls wait now."""
        return len(self._places)

    def wake(self, connection_id: str) -> None:
        """Answers this connection's held poll now. To be called in the event loop."""
        if place := self._places.get(connection_id):
            place.release()

    @contextmanager
    def place(self, connection_id: str) -> Iterator[Place]:
        """A place to wait in. A newer one of the same connection releases the older."""
        self.wake(connection_id)
        is_full = connection_id not in self._places and len(self._places) >= self._cap
        if is_full or self._is_closed:
            full = Place(self._pause)
            full.release()
            yield full
            return
        place = self._places[connection_id] = Place()
        self._watch_them()
        try:
            yield place
        finally:
            if self._places.get(connection_id) is place:
                del self._places[connection_id]

    async def close(self) -> None:
        """Answers every held poll, holds no other, and ends the check."""
        self._is_closed = True
        for place in self._places.values():
            place.release()
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
            self._watch = None

    def _watch_them(self) -> None:
        if self._check is not None and (self._watch is None or self._watch.done()):
            self._watch = asyncio.create_task(self._look_for_news(self._check))

    async def _look_for_news(self, check: Check) -> None:
        while True:
            await asyncio.sleep(self._every)
            if not self._places:
                return
            try:
                for connection_id in await check(frozenset(self._places)):
                    self.wake(connection_id)
            except Exception:
                # The polls end by themselves in a few seconds; a check that failed once may work the next time.
                logger.exception("the check for held polls failed")
