"""Keeps one task for every connection at which our side may have to dial."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from flows.claim import GIVE_UP_AFTER, Answered, give_up, send_claim
from flows.dial import Exchanged, Outcome, announce_unreachable, exchange_once
from flows.node import Node
from flows.prove import prove_address
from pairing.connection import Connection, ConnectionState
from pairing.terms import Reach, Side
from storage.store import Transaction

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds. `poll` is how long a partner may hold our poll; retries double from `first` to `most`, fully jittered;
    `look` is the safety net where no wake-up came."""

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
        for connection_id in [key for key, task in self._tasks.items() if task.done()]:
            self._tasks.pop(connection_id).result()
        for duty in await self._node.store.system(lambda tx: tx.dialling()):
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
            while (connection := await self._connection()) is not None:
                if not await self._one_step(connection):
                    if not needs_tending(connection, await self._queued()):
                        return
                    await news.wait(self._pace.look)

    async def listen(self) -> None:
        with self._node.store.wakeups.listen(f"connection:{self._id}") as news:
            failures = 0
            while (connection := await self._connection()) is not None:
                if connection.state is ConnectionState.CLOSED:
                    return
                if not connection.is_listening or connection.their_key is None:
                    if connection.state is not ConnectionState.PENDING:
                        return
                    await news.wait(self._pace.look)
                    continue
                exchanged = await exchange_once(self._node, self._organisation, self._id, wait=self._pace.poll)
                if exchanged.outcome is Outcome.OVER:
                    return
                failures = failures + 1 if exchanged.outcome is Outcome.FAILED else 0
                if failures:
                    await self._rest(failures, exchanged)

    async def _one_step(self, connection: Connection) -> bool:
        """Does what is due for this connection; False when there is nothing to do now."""
        if connection.state is ConnectionState.PENDING:
            return await (self._claim(connection) if connection.side is Side.INVITEE else self._prove(connection))
        if not await self._queued():
            return False
        exchanged = await exchange_once(self._node, self._organisation, self._id, wait=0)
        if exchanged.outcome in (Outcome.FAILED, Outcome.PENDING):
            self._failures += 1
            await self._rest(self._failures, exchanged)
        else:
            self._failures = 0
            await asyncio.sleep(exchanged.pause_seconds)
        return True

    async def _claim(self, connection: Connection) -> bool:
        if connection.their_key is not None:
            return False
        outcome = await send_claim(self._node, self._organisation, self._id)
        if isinstance(outcome, Answered):
            self._failures = 0
        elif outcome is None:
            self._failures += 1
            now = await self._node.store.read(self._organisation, lambda tx: tx.now)
            if now - connection.created_at > GIVE_UP_AFTER:
                await give_up(self._node, self._organisation, connection)
            await self._rest(self._failures, None)
        return True

    async def _prove(self, connection: Connection) -> bool:
        if connection.reach is Reach.PRIVATE or connection.address_proved or connection.their_key is None:
            return False
        if self._proofs >= self._pace.proofs:
            return False
        self._proofs += 1
        if not await prove_address(self._node, self._organisation, self._id):
            if self._proofs == self._pace.proofs:
                await self._node.store.run(
                    self._organisation, lambda tx: announce_unreachable(self._node, tx, self._id)
                )
            await self._rest(self._proofs, None)
        return True

    async def _connection(self) -> Connection | None:
        def read(tx: Transaction) -> Connection | None:
            return tx.connections.find(self._id)

        return await self._node.store.read(self._organisation, read)

    async def _queued(self) -> int:
        return await self._node.store.read(self._organisation, lambda tx: tx.outbox.count(self._id))

    async def _rest(self, failures: int, exchanged: Exchanged | None) -> None:
        longest = min(self._pace.most, self._pace.first * 2 ** min(failures - 1, 20))
        asked = exchanged.pause_seconds if exchanged else 0
        await asyncio.sleep(max(asked, longest * self._jitter()))


def needs_tending(connection: Connection, queued: int) -> bool:
    """False once nothing will ever be sent from this half again."""
    return connection.state is not ConnectionState.CLOSED or queued > 0
