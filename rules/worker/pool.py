"""A few worker processes for all connections of a node, started once and used again.

One connection has one run at a time, so its slow rule holds up nobody but itself; and where several are slow at once,
a few more processes are started, which go when they are not needed any more.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from rules.errors import RuleError
from rules.host.scene import Outcome
from rules.worker.process import Worker, WorkerGone
from rules.worker.runner import Answer, Job
from sync.errors import RemoteUnavailable

_log = logging.getLogger(__name__)

# A little more than the evaluator's own limit, which knows the line: this is for what the evaluator does not see.
WALL_SECONDS = 11.0
SIZE, MOST = 2, 8
_PATIENCE = 0.02  # seconds that a run waits for a free worker before one more is started
_DIED = "The rule was stopped from outside: it took more memory or processor time than a rule may have."


class Pool:
    """Implements rules.worker.runner.Runner. `size` processes are kept, `most` may be there at once."""

    def __init__(
        self, *, size: int = SIZE, most: int = MOST, wall_seconds: float = WALL_SECONDS, module: str = "rules.worker"
    ) -> None:
        self._size, self._most, self._seconds, self._module = size, most, wall_seconds, module
        self._idle: list[Worker] = []
        self._busy: set[Worker] = set()
        self._starting = 0
        self._freed = asyncio.Event()
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._waiting: defaultdict[str, int] = defaultdict(int)
        self._is_closed = False

    async def start(self) -> None:
        """So that the first rule does not wait for an interpreter. Raises WorkerGone."""
        for worker in await asyncio.gather(*(self._new() for _ in range(self._size))):
            self._idle.append(worker)
            self._freed.set()

    async def close(self) -> None:
        """What still runs ends with an error."""
        self._is_closed = True
        await asyncio.gather(*(worker.kill() for worker in self._all))
        self._idle.clear()

    async def run(self, job: Job, answer: Answer) -> Outcome:
        async with self._turn(job.key):
            worker = await self._free_one()
            self._busy.add(worker)
            try:
                return await worker.run(job, answer, self._seconds)
            except WorkerGone:
                _log.warning("a rule's worker died", extra={"key": job.key, "side": job.side})
                raise RuleError(_DIED, job.side) from None
            finally:
                self._busy.discard(worker)
                await self._give_back(worker)

    @asynccontextmanager
    async def _turn(self, key: str) -> AsyncIterator[None]:
        self._waiting[key] += 1
        try:
            async with self._turns[key]:
                yield
        finally:
            self._waiting[key] -= 1
            if not self._waiting[key]:
                del self._waiting[key], self._turns[key]

    async def _free_one(self) -> Worker:
        """One that is idle; where none is for a moment, and there may be more, a new one."""
        while True:
            while self._idle:
                worker = self._idle.pop()
                if worker.is_alive:
                    return worker
            self._freed.clear()
            may_start = len(self._busy) + self._starting < self._most
            is_short = len(self._busy) + self._starting < self._size
            try:
                async with asyncio.timeout(0 if is_short else _PATIENCE if may_start else None):
                    await self._freed.wait()
            except TimeoutError:
                if len(self._busy) + self._starting < self._most:
                    return await self._new()

    async def _new(self) -> Worker:
        self._starting += 1
        try:
            return await Worker.start(self._module)
        except WorkerGone as error:
            raise RemoteUnavailable("no process for rules could be started") from error
        finally:
            self._starting -= 1

    async def _give_back(self, worker: Worker) -> None:
        """A dead one is replaced when somebody needs one; one too many goes."""
        is_surplus = len(self._idle) + len(self._busy) >= self._size
        if worker.is_alive and not self._is_closed and not is_surplus:
            self._idle.append(worker)
        self._freed.set()
        if worker.is_alive and worker not in self._idle:
            await worker.kill()

    @property
    def _all(self) -> tuple[Worker, ...]:
        return (*self._idle, *self._busy)

    @property
    def pids(self) -> tuple[int, ...]:
        return tuple(sorted(worker.pid for worker in self._all))
