"""The workers of a process: they claim lanes that are due, do their work side by side, and give them back."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from math import inf
from typing import Any

from bot.process_name import is_gone, own_name
from flows.desk_lanes import stop_desk
from flows.node import Node
from storage.errors import LeaseLost, StorageUnavailable
from storage.lanes import LaneKind, Lease, seconds_in, stem_of
from storage.store import SystemTransaction
from storage.system_lanes import Renewed
from sync.errors import RemoteConflict, RemoteRefusedUs, RemoteUnavailable
from sync.patience import Patience

_log = logging.getLogger(__name__)

Work = Callable[[Node, Lease], Awaitable[None]]
# Called after each piece of work with its kind, what became of it ("done", or the error's name) and its seconds.
Observe = Callable[[LaneKind, str, float], None]

# Of each kind so many at once: a long queue of one kind keeps nothing else waiting. A poll at a partner only waits.
SLOTS: Mapping[LaneKind, int] = {
    LaneKind.POLL: 16,
    LaneKind.BACKFILL: 4,
    LaneKind.APPLY: 16,
    LaneKind.TAKE: 16,
    LaneKind.SEND: 32,
    LaneKind.LISTEN: 2000,
    LaneKind.CARE: 16,
}


@dataclass(frozen=True, slots=True)
class Terms:
    """Seconds and numbers. A lease is renewed every third of it, and given up `margin` before its end; nobody sleeps
    longer than `look`; every `bury` the lanes of dead processes are freed; `drain` is for what runs at the end."""

    lease: float = 30
    margin: float = 5
    look: float = 5
    bury: float = 1
    drain: float = 5
    at_once: int = 25
    of_one_connection: int = 8
    patience: Patience = Patience()
    slots: Mapping[LaneKind, int] = field(default_factory=lambda: SLOTS)


@dataclass(slots=True)
class _Held:
    lease: Lease
    good_until: float  # by the event loop's clock
    task: "asyncio.Task[None] | None" = None


class Workers:
    """`run` until `stop` was called. `draw()` gives from 0 to 1."""

    def __init__(
        self,
        node: Node,
        works: Mapping[LaneKind, Work],
        *,
        draw: Callable[[], float],
        terms: Terms = Terms(),
        observe: Observe = lambda kind, outcome, seconds: None,
    ) -> None:
        self.owner = own_name()
        self._node, self._works, self._draw, self._terms, self._observe = node, works, draw, terms, observe
        self._held: dict[tuple[int, int], _Held] = {}
        self._news = asyncio.Event()
        # When the table is asked for the next time at which something is due; until then, news says so.
        self._look_at = 0.0
        self._is_due = False
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        self._node.store.wakeups.subscribe(self._heard)
        duties = (self._claiming(), self._renewing(), self._giving_up(), self._burying())
        tasks = [asyncio.create_task(duty) for duty in duties]
        try:
            await self._stopping.wait()
        finally:
            for task in tasks[:1]:
                task.cancel()
            await self._drain()
            for task in tasks[1:]:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._release()

    def stop(self) -> None:
        """No lane is claimed any more; `run` ends when what runs is done or its time is over."""
        self._stopping.set()

    # Which lanes

    async def _claiming(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            self._is_due = False
            must_look = loop.time() >= self._look_at
            # What is planned while we ask is not to be forgotten for what the answer says.
            self._look_at = inf if must_look else self._look_at
            try:
                leases, pause = await self._claim(must_look=must_look)
            except Exception:
                _log.exception("no lanes could be claimed")
                leases, pause = (), self._terms.look
            for lease, good_until in leases:
                self._start(lease, good_until)
            if pause is not None:
                self._look_at = min(self._look_at, loop.time() + pause)
            await self._rest()

    async def _claim(self, *, must_look: bool) -> tuple[tuple[tuple[Lease, float], ...], float | None]:
        """What was claimed with the time until which it is surely ours; and how long there is nothing more to do, None
        when that was not looked for."""
        terms, free, busy = self._terms, self._free(), self._busy()
        begun = asyncio.get_running_loop().time()

        def work(tx: SystemTransaction) -> tuple[tuple[Lease, ...], float | None]:
            kinds = [kind for kind, number in free.items() if number > 0]
            of_one = terms.of_one_connection
            leases = tx.lanes.claim(
                self.owner, kinds, terms.at_once, terms.lease, most=free, busy=busy, stem_limit=of_one
            )
            return leases, self._pause(tx, leases, free, busy) if must_look else None

        leases, pause = await self._node.store.system(work)
        if len(leases) >= terms.at_once or self._has_filled(leases, busy) or self._has_room_again(leases, free):
            pause = 0.0
        good_until = begun + terms.lease - terms.margin
        return tuple((lease, good_until) for lease in leases), pause

    def _pause(
        self, tx: SystemTransaction, leases: tuple[Lease, ...], free: Counter[LaneKind], busy: Counter[str]
    ) -> float:
        left = free - Counter(lease.kind for lease in leases)
        stems = busy + _stems(leases)
        due = tx.lanes.next_due(tuple(left), busy=stems, stem_limit=self._terms.of_one_connection)
        seconds = self._terms.look if due is None else (due - tx.now).total_seconds()
        # What is due and was not claimed is somebody else's just now; a moment later it is not due any more.
        return min(max(seconds, _MOMENT), self._terms.look)

    def _has_filled(self, leases: tuple[Lease, ...], busy: Counter[str]) -> bool:
        """True when one connection got all it may have: behind its lanes there may be others'."""
        most, stems = self._terms.of_one_connection, _stems(leases)
        return any(busy[stem] + number >= most for stem, number in stems.items())

    def _has_room_again(self, leases: tuple[Lease, ...], free: Counter[LaneKind]) -> bool:
        """True when a kind got all that it could take, and more of its lanes ended while we asked."""
        taken, room = Counter(lease.kind for lease in leases), self._free()
        return any(number >= free[kind] and room[kind] > number for kind, number in taken.items())

    def _busy(self) -> Counter[str]:
        return _stems(tuple(held.lease for held in self._held.values()))

    def _free(self) -> Counter[LaneKind]:
        free = Counter({kind: number for kind, number in self._terms.slots.items() if kind in self._works})
        free.subtract(held.lease.kind for held in self._held.values())
        return free

    async def _rest(self) -> None:
        """Until something is due, by the news or by the clock."""
        loop = asyncio.get_running_loop()
        while not self._is_due and loop.time() < self._look_at:
            self._news.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._look_at - loop.time()):
                    await self._news.wait()

    def _heard(self, topics: frozenset[str]) -> None:
        for topic in topics:
            seconds = seconds_in(topic)
            if seconds is not None:
                self._due_in(seconds)

    def _due_in(self, seconds: float) -> None:
        if seconds <= 0:
            self._is_due = True
        else:
            self._look_at = min(self._look_at, asyncio.get_running_loop().time() + seconds)
        self._news.set()

    # One lane

    def _start(self, lease: Lease, good_until: float) -> None:
        place = (lease.lane_id, lease.epoch)
        for (lane_id, _), held in self._held.items():
            if lane_id == lease.lane_id and held.task is not None:
                held.task.cancel()  # its lease ran out, and we ourselves were the next to claim the lane
        self._held[place] = held = _Held(lease, good_until)
        held.task = asyncio.create_task(self._work(lease))
        held.task.add_done_callback(lambda _: self._ended(place))

    def _ended(self, place: tuple[int, int]) -> None:
        lease = self._held[place].lease
        was_full = self._free()[lease.kind] <= 0 or self._busy()[stem_of(lease.key)] >= self._terms.of_one_connection
        del self._held[place]
        if was_full:
            self._due_in(0)

    async def _work(self, lease: Lease) -> None:
        loop = asyncio.get_running_loop()
        begun, outcome = loop.time(), "done"
        try:
            await self._works[lease.kind](self._node, lease)
        except Exception as error:
            outcome = type(error).__name__
            await self._failed(lease, error)
        finally:
            self._observe(lease.kind, outcome, loop.time() - begun)

    async def _failed(self, lease: Lease, error: Exception) -> None:
        try:
            await self._settle(lease, error)
        except LeaseLost:
            pass  # it goes on elsewhere, or it was given back already
        except Exception:
            _log.exception("a lane could not be given back; it is free when its lease is over", extra=_named(lease))

    async def _settle(self, lease: Lease, error: Exception) -> None:
        patience, draw = self._terms.patience, self._draw()
        match error:
            case LeaseLost():
                _log.info("lane lost", extra=_named(lease))
            case RemoteRefusedUs():
                if not await stop_desk(self._node, lease, str(error)):
                    await self._again(lease, patience.rest_seconds(lease.attempts, draw))
            case RemoteConflict():
                await self._again(lease, patience.rest_after_conflict(lease.attempts, draw))
            case RemoteUnavailable(retry_after=asked):
                await self._again(lease, patience.rest_seconds(lease.attempts, draw, asked))
            case StorageUnavailable():
                _log.warning("the database did not answer", extra=_named(lease))
                await self._again(lease, patience.rest_seconds(lease.attempts, draw))
            case _:
                _log.error("work failed", extra=_named(lease), exc_info=error)
                await self._again(lease, patience.rest_seconds(lease.attempts, draw))

    async def _again(self, lease: Lease, seconds: float) -> None:
        def write(tx: SystemTransaction) -> None:
            tx.lanes.fail(lease, again=tx.now + timedelta(seconds=seconds))

        await self._node.store.system(write)

    # All that are held

    async def _renewing(self) -> None:
        pause = self._terms.lease / 3
        while True:
            await asyncio.sleep(pause)
            try:
                left = await self._renew()
            except Exception:
                _log.exception("leases could not be renewed")
                left = True
            pause = min(1.0, self._terms.lease / 30) if left else self._terms.lease / 3

    async def _renew(self) -> bool:
        """True when some could not be renewed just now."""
        begun = asyncio.get_running_loop().time()
        places = {lane_id: (lane_id, epoch) for lane_id, epoch in self._held}
        if not places:
            return False
        held = {lane_id: self._held[place].lease.epoch for lane_id, place in places.items()}

        def work(tx: SystemTransaction) -> Renewed:
            return tx.lanes.renew(self.owner, held, self._terms.lease)

        renewed = await self._node.store.system(work)
        for lane_id, place in places.items():
            one = self._held.get(place)
            if one is None:
                continue
            if lane_id in renewed.renewed:
                one.good_until = begun + self._terms.lease - self._terms.margin
            elif lane_id in renewed.lost:
                self._cancel(one, "lane lost")
        return bool(places.keys() - renewed.renewed - renewed.lost)

    async def _giving_up(self) -> None:
        """A worker that cannot renew its leases stops calling anybody: its lanes are somebody else's soon."""
        while True:
            await asyncio.sleep(min(1.0, self._terms.margin / 2))
            now = asyncio.get_running_loop().time()
            for held in self._held.values():
                if held.good_until < now:
                    self._cancel(held, "lease not renewed in time")

    def _cancel(self, held: _Held, why: str) -> None:
        if held.task is not None and not held.task.cancelling():
            _log.warning(why, extra=_named(held.lease))
            held.task.cancel()

    async def _burying(self) -> None:
        while True:
            try:
                await self._node.store.system(self._bury)
            except Exception:
                _log.exception("lanes of dead processes could not be looked for")
            await asyncio.sleep(self._terms.bury)

    def _bury(self, tx: SystemTransaction) -> None:
        dead = [owner for owner in tx.lanes.owners() if is_gone(owner)]
        if dead:
            _log.info("freed lanes of dead processes", extra={"lanes": tx.lanes.free_dead(dead)})

    # The end

    async def _drain(self) -> None:
        """What only waits ends at once, the rest when it is done or its time is over."""
        running = {held.task: held.lease.kind for held in self._held.values() if held.task is not None}
        for task, kind in running.items():
            if kind is LaneKind.LISTEN:
                task.cancel()
        if running:
            await asyncio.wait(running, timeout=self._terms.drain)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _release(self) -> None:
        try:
            async with asyncio.timeout(self._terms.drain):
                for pause in count(1):
                    if not await self._node.store.system(self._give_back):
                        return
                    await asyncio.sleep(_MOMENT * pause)
        except Exception:
            _log.exception("lanes could not be given back; they are free when their leases are over")

    def _give_back(self, tx: SystemTransaction) -> bool:
        """True when a transaction is still under way in the name of one of them."""
        tx.lanes.release_all(self.owner)
        return self.owner in tx.lanes.owners()


_OF_TICKETS = (LaneKind.APPLY, LaneKind.TAKE)
_MOMENT = 0.02


def _stems(leases: Iterable[Lease]) -> Counter[str]:
    """How many tickets' lanes there are of each connection."""
    return Counter(stem_of(lease.key) for lease in leases if lease.kind in _OF_TICKETS)


def _named(lease: Lease) -> dict[str, Any]:
    return {"kind": lease.kind, "lane": lease.lane_id, "attempts": lease.attempts}
