"""Keeps one task for every connection at which our side may have to dial."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from flows.claim import GIVE_UP_AFTER, Answered, give_up, send_claim
from flows.dial import Exchanged, Outcome, announce_unreachable, exchange_once, standing
from flows.node import Node
from flows.prove import prove_address
from pairing.connection import Connection, ConnectionState
from pairing.terms import Reach, Side
from storage.wakeups import Waiter

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds. `poll` is how long a partner may hold our poll; retries double from `first` to `most`, fully jittered;
    `look` is the safety net where no wake-up came; after `proofs` attempts in vain to prove an address its person is
    told, and the attempts go on."""

    poll: int = 25
    first: float = 1
    most: float = 300
    look: float = 5
    proofs: int = 5


class Dialler:
    """`run` until cancelled. `jitter()` draws from 0 to 1."""

    def __init__(self, node: Node, jitter: Callable[[], float], pace: Pace = Pace()) -> None:
        self._node = node
        self._jitter = jitter
        self._pace = pace
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        with self._node.store.wakeups.listen("dialler") as news:
            try:
                while True:
                    await self._tend_all()
                    await news.wait(self._pace.look)
            finally:
                await self._stop()

    async def _tend_all(self) -> None:
        self._tasks = {key: task for key, task in self._tasks.items() if not task.done()}
        try:
            duties = await self._node.store.system(lambda tx: tx.dialling())
        except Exception:
            # The database is away: those who are tended go on trying, the others are found by the next look.
            _log.exception("the connections to dial could not be read")
            return
        for duty in duties:
            if duty.connection_id not in self._tasks:
                tending = self._tend(duty.organisation_id, duty.connection_id)
                self._tasks[duty.connection_id] = asyncio.create_task(tending)

    async def _stop(self) -> None:
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _tend(self, organisation_id: str, connection_id: str) -> None:
        tender = _Tender(self._node, organisation_id, connection_id, self._jitter, self._pace)
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(tender.send())
                both.create_task(tender.listen())
        except ExceptionGroup:
            # A bug in one connection must not stop the others: said, then tried again by the next look.
            _log.exception("dialling stopped", extra={"connection": connection_id})


class _Tender:
    """The two loops of one connection: what we send, and at a side that listens, the long poll beside it."""

    def __init__(
        self, node: Node, organisation_id: str, connection_id: str, jitter: Callable[[], float], pace: Pace
    ) -> None:
        self._node, self._organisation, self._id = node, organisation_id, connection_id
        self._jitter, self._pace = jitter, pace
        self._failures = 0
        self._proofs = 0

    async def send(self) -> None:
        with self._node.store.wakeups.listen(f"connection:{self._id}") as news:
            while (found := await standing(self._node, self._organisation, self._id)) is not None:
                if await self._one_step(found.connection, found.has_news, news):
                    continue
                if not needs_tending(found.connection, has_news=found.has_news):
                    return
                await news.wait(self._pace.look)

    async def listen(self) -> None:
        with self._node.store.wakeups.listen(f"connection:{self._id}") as news:
            failures = 0
            while (found := await standing(self._node, self._organisation, self._id)) is not None:
                connection = found.connection
                if not connection.is_listening:
                    return
                if connection.their_key is None:
                    await news.wait(self._pace.look)
                    continue
                begun = asyncio.get_running_loop().time()
                exchanged = await exchange_once(self._node, self._organisation, self._id, wait=self._pace.poll)
                if exchanged.outcome is Outcome.OVER:
                    return
                failures = failures + 1 if exchanged.outcome is Outcome.FAILED else 0
                if failures:
                    await self._rest(failures, exchanged, news)
                else:
                    await self._between_polls(exchanged, asyncio.get_running_loop().time() - begun)

    async def _one_step(self, connection: Connection, has_news: bool, news: Waiter) -> bool:
        """Does what is due for this connection; False when there is nothing to do now."""
        if connection.state is ConnectionState.PENDING:
            step = self._claim if connection.side is Side.INVITEE else self._prove
            return await step(connection, news)
        if not has_news:
            return False
        exchanged = await exchange_once(self._node, self._organisation, self._id, wait=0)
        if exchanged.outcome in (Outcome.FAILED, Outcome.PENDING):
            self._failures += 1
            await self._rest(self._failures, exchanged, news)
        else:
            self._failures = 0
            await asyncio.sleep(exchanged.pause_seconds)
        return exchanged.outcome is not Outcome.OVER

    async def _claim(self, connection: Connection, news: Waiter) -> bool:
        if connection.their_key is not None:
            return False
        outcome = await send_claim(self._node, self._organisation, self._id)
        if isinstance(outcome, Answered):
            self._failures = 0
        elif outcome is None:
            self._failures += 1
            now = await self._node.store.read(self._organisation, lambda tx: tx.now)
            if now - connection.created_at > GIVE_UP_AFTER:
                await give_up(self._node, self._organisation, self._id)
            else:
                await self._rest(self._failures, None, news)
        return True

    async def _prove(self, connection: Connection, news: Waiter) -> bool:
        if connection.reach is Reach.PRIVATE or connection.address_proved or connection.their_key is None:
            return False
        if await prove_address(self._node, self._organisation, self._id):
            return True
        self._proofs += 1
        if self._proofs == self._pace.proofs:
            await announce_unreachable(self._node, self._organisation, self._id)
        await self._rest(self._proofs, None, news)
        return True

    async def _rest(self, failures: int, exchanged: Exchanged | None, news: Waiter) -> None:
        """As long as the partner asks for, then until the next try, or until somebody here changes something."""
        longest = min(self._pace.most, self._pace.first * 2 ** min(failures - 1, 20))
        asked = exchanged.pause_seconds if exchanged else 0
        await asyncio.sleep(asked)
        await news.wait(max(longest * self._jitter() - asked, 0))

    async def _between_polls(self, exchanged: Exchanged, lasted_seconds: float) -> None:
        """Nothing where news came. A poll that was answered at once without any would otherwise be a hot loop."""
        is_empty = exchanged.outcome in (Outcome.QUIET, Outcome.PENDING)
        breath = self._pace.first * self._jitter() if is_empty and lasted_seconds < self._pace.first else 0
        await asyncio.sleep(max(exchanged.pause_seconds, breath))


def needs_tending(connection: Connection, *, has_news: bool) -> bool:
    """False once nothing will ever be sent from this half again."""
    return connection.state is not ConnectionState.CLOSED or has_news
