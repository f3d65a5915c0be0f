"""Who wants to know at once that something was committed; a hint only, the tables stay the truth.

Everything here belongs to the event loop's thread.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


class Waiter:
    """One listener's memory of having been woken, kept from the moment it listens: no wake-up falls between waits."""

    def __init__(self, topics: frozenset[str]) -> None:
        self.topics = topics
        self._woken = asyncio.Event()

    async def wait(self, seconds: float) -> bool:
        """True as soon as one of the topics was woken since the last wait, False after `seconds` without that."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        was_woken = self._woken.is_set()
        self._woken.clear()
        return was_woken

    def wake(self) -> None:
        self._woken.set()


class Wakeups:
    """Topics in use: "connection:<id>", "openings", "lanes" and, for lanes due in a while, "lanes+<seconds>"."""

    def __init__(self) -> None:
        self._waiters: dict[str, set[Waiter]] = {}
        self._callbacks: list[Callable[[frozenset[str]], None]] = []

    @contextmanager
    def listen(self, *topics: str) -> Iterator[Waiter]:
        waiter = Waiter(frozenset(topics))
        for topic in waiter.topics:
            self._waiters.setdefault(topic, set()).add(waiter)
        try:
            yield waiter
        finally:
            for topic in waiter.topics:
                self._leave(topic, waiter)

    def subscribe(self, callback: Callable[[frozenset[str]], None]) -> None:
        """`callback` is called in the event loop with the topics of each commit that woke any; it must not wait."""
        self._callbacks.append(callback)

    def publish(self, topics: frozenset[str]) -> None:
        for topic in topics:
            for waiter in self._waiters.get(topic, ()):
                waiter.wake()
        for callback in self._callbacks:
            callback(topics)

    def _leave(self, topic: str, waiter: Waiter) -> None:
        left = self._waiters[topic]
        left.discard(waiter)
        if not left:
            del self._waiters[topic]
