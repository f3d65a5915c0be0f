"""Lanes in memory; each method does what its namesake in storage/lanes.py and storage/system_lanes.py says."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from storage.errors import LeaseLost
from storage.lanes import LANES, LaneKind, Lease, stem_of, topic_of
from storage.memory.tables import Journal, Table
from storage.system_lanes import IDLE_ARE_KEPT, Renewed

_RANKS = {kind: rank for rank, kind in enumerate(LaneKind)}
_CROWDING = (LaneKind.APPLY, LaneKind.TAKE)
Place = tuple[str, LaneKind, str]


@dataclass(frozen=True, slots=True)
class HeldLane:
    """One row of the table `lane`."""

    number: int
    organisation_id: str
    kind: LaneKind
    key: str
    due_at: datetime | None
    owner: str | None = None
    epoch: int = 0
    last_seq: int = 1
    attempts: int = 0
    is_halted: bool = False
    reason: str = ""
    touched_at: datetime | None = None

    @property
    def place(self) -> Place:
        return self.organisation_id, self.kind, self.key


class MemoryLanes:
    """Of one organisation, or of all of them where `organisation_id` is empty."""

    def __init__(self, journal: Journal, table: Table[HeldLane], organisation_id: str, now: datetime) -> None:
        self._journal = journal
        self._table = table
        self._organisation_id = organisation_id
        self._now = now
        self.topic: str | None = None

    def prove(self, lease: Lease) -> None:
        self._held(lease)

    def wake(self, kind: LaneKind, key: str, *, at: datetime | None = None) -> None:
        self._wake((self._organisation_id, kind, key), at or self._now)

    def finish(self, lease: Lease, *, again: datetime | None = None) -> None:
        lane = self._held(lease)
        due_at = min(again or self._now, self._now) if lane.last_seq > lease.seq else again
        self._put(replace(lane, owner=None, attempts=0, due_at=None if lane.is_halted else due_at))

    def fail(self, lease: Lease, *, again: datetime) -> None:
        lane = self._held(lease)
        due_at = None if lane.is_halted else again
        self._put(replace(lane, owner=None, attempts=lane.attempts + 1, due_at=due_at))

    def halt(self, lease: Lease, reason: str) -> None:
        self._put(replace(self._held(lease), owner=None, is_halted=True, reason=reason, due_at=None))

    def revive(self, kind: LaneKind, key: str) -> None:
        lane = self._table.get((self._organisation_id, kind, key))
        if lane is not None:
            self._revived(lane)

    def hurry(self, kind: LaneKind, key: str) -> None:
        lane = self._table.get((self._organisation_id, kind, key))
        if lane is not None and lane.owner is None and lane.attempts and lane.due_at and lane.due_at > self._now:
            self._put(replace(lane, due_at=self._now))

    def halt_desk(self, desk_id: str, connection_ids: Collection[str], reason: str) -> bool:
        if desk_id in self.halted(LaneKind.POLL):
            return False
        self.wake(LaneKind.POLL, desk_id)
        for connection_id in connection_ids:
            self.wake(LaneKind.BACKFILL, connection_id)
        for lane in self._of_desk(desk_id, connection_ids):
            self._put(replace(lane, is_halted=True, reason=reason, due_at=lane.due_at if lane.owner else None))
        return True

    def revive_desk(self, desk_id: str, connection_ids: Collection[str]) -> bool:
        was_halted = desk_id in self.halted(LaneKind.POLL)
        for lane in self._of_desk(desk_id, connection_ids):
            self._revived(lane)
        return was_halted

    def is_due(self, kind: LaneKind, key: str) -> bool:
        lane = self._table.get((self._organisation_id, kind, key))
        return lane is not None and (lane.owner is not None or self._is_over(lane))

    def rests(self, kind: LaneKind, key: str) -> bool:
        lane = self._table.get((self._organisation_id, kind, key))
        return lane is not None and lane.owner is None and lane.attempts > 0 and not self._is_over(lane)

    def _is_over(self, lane: HeldLane) -> bool:
        return lane.due_at is not None and lane.due_at <= self._now

    def halted(self, kind: LaneKind) -> dict[str, str]:
        return {lane.key: lane.reason for lane in self._own() if lane.kind is kind and lane.is_halted}

    def _wake(self, place: Place, due_at: datetime) -> None:
        organisation_id, kind, key = place
        lane = self._table.get(place)
        if lane is None:
            marker = self._table.get((organisation_id, LaneKind.BACKFILL, stem_of(key)))
            stopped = kind in _CROWDING and marker is not None and marker.is_halted
            number = self._journal.next_number()
            self._put(HeldLane(number, *place, due_at=None if stopped else due_at, is_halted=stopped))
            return
        self._put(replace(lane, last_seq=lane.last_seq + 1, due_at=_due_after_news(lane, due_at)))

    def _of_desk(self, desk_id: str, connection_ids: Collection[str]) -> list[HeldLane]:
        kinds = (LaneKind.BACKFILL, *_CROWDING)
        return [
            lane
            for lane in self._own()
            if (lane.kind is LaneKind.POLL and lane.key == desk_id)
            or (lane.kind in kinds and stem_of(lane.key) in connection_ids)
        ]

    def _own(self) -> list[HeldLane]:
        return [lane for lane in self._table.rows.values() if lane.organisation_id == self._organisation_id]

    def _revived(self, lane: HeldLane) -> None:
        if lane.is_halted:
            is_held = lane.owner is not None and lane.due_at is not None and lane.due_at > self._now
            due_at = lane.due_at if is_held else self._now
            self._put(replace(lane, is_halted=False, reason="", attempts=0, due_at=due_at))

    def _held(self, lease: Lease) -> HeldLane:
        lane = self._table.get((lease.organisation_id, lease.kind, lease.key))
        if lane is None or lane.epoch != lease.epoch or lane.owner is None:
            raise LeaseLost
        return lane

    def _put(self, lane: HeldLane) -> None:
        self._table.put(lane.place, replace(lane, touched_at=self._now))
        if lane.owner is None and lane.due_at is not None:
            seconds = (lane.due_at - self._now).total_seconds()
            self.topic = LANES if self.topic == LANES else topic_of(seconds)


class MemorySystemLanes:
    """What workers ask about all lanes."""

    def __init__(self, journal: Journal, table: Table[HeldLane], now: datetime) -> None:
        self._lanes = MemoryLanes(journal, table, "", now)
        self._table = table
        self._now = now

    @property
    def topic(self) -> str | None:
        return self._lanes.topic

    def wake(self, organisation_id: str, kind: LaneKind, key: str, *, at: datetime | None = None) -> None:
        self._lanes._wake((organisation_id, kind, key), at or self._now)

    def finish(self, lease: Lease, *, again: datetime | None = None) -> None:
        self._lanes.finish(lease, again=again)

    def fail(self, lease: Lease, *, again: datetime) -> None:
        self._lanes.fail(lease, again=again)

    def claim(
        self,
        owner: str,
        kinds: Collection[LaneKind],
        limit: int,
        lease_seconds: float,
        *,
        most: Mapping[LaneKind, int] | None = None,
        busy: Mapping[str, int] | None = None,
        stem_limit: int | None = None,
    ) -> tuple[Lease, ...]:
        due = sorted(self._due(kinds), key=lambda lane: (lane.due_at, _RANKS[lane.kind], lane.number))
        taken: list[HeldLane] = []
        held = dict(busy or {})
        for lane in due:
            stem, of_kind = stem_of(lane.key), sum(one.kind is lane.kind for one in taken)
            crowded = stem_limit is not None and lane.kind in _CROWDING and held.get(stem, 0) >= stem_limit
            if len(taken) < limit and of_kind < (most or {}).get(lane.kind, limit) and not crowded:
                taken.append(lane)
                if lane.kind in _CROWDING:
                    held[stem] = held.get(stem, 0) + 1
        until = self._now + timedelta(seconds=lease_seconds)
        return tuple(self._claimed(lane, owner, until) for lane in taken)

    def next_due(
        self,
        kinds: Collection[LaneKind] = tuple(LaneKind),
        *,
        busy: Mapping[str, int] | None = None,
        stem_limit: int | None = None,
    ) -> datetime | None:
        crowded = {stem for stem, number in (busy or {}).items() if stem_limit is not None and number >= stem_limit}
        moments = [
            lane.due_at
            for lane in self._table.rows.values()
            if lane.kind in kinds and lane.due_at is not None and not lane.is_halted
            if lane.kind not in _CROWDING or stem_of(lane.key) not in crowded
        ]
        return min(moments, default=None)

    def renew(self, owner: str, lane_ids: Collection[int], lease_seconds: float) -> Renewed:
        ours = [lane for lane in self._table.rows.values() if lane.number in lane_ids and lane.owner == owner]
        until = self._now + timedelta(seconds=lease_seconds)
        for lane in ours:
            self._table.put(lane.place, replace(lane, due_at=until))
        renewed = frozenset(lane.number for lane in ours)
        return Renewed(renewed, frozenset(lane_ids) - renewed)

    def owners(self) -> tuple[str, ...]:
        return tuple(sorted({lane.owner for lane in self._table.rows.values() if lane.owner is not None}))

    def free_dead(self, owners: Collection[str]) -> int:
        held = [lane for lane in self._table.rows.values() if lane.owner in owners]
        for lane in held:
            due_at = None if lane.is_halted else self._now
            self._lanes._put(replace(lane, owner=None, epoch=lane.epoch + 1, due_at=due_at))
        return len(held)

    def release_all(self, owner: str) -> int:
        return self.free_dead((owner,))

    def forget_idle(self) -> int:
        idle = [lane for lane in self._table.rows.values() if _is_idle_since(lane, self._now - IDLE_ARE_KEPT)]
        for lane in idle:
            self._table.remove(lane.place)
        return len(idle)

    def _due(self, kinds: Collection[LaneKind]) -> list[HeldLane]:
        lanes = self._table.rows.values()
        return [one for one in lanes if one.kind in kinds and _is_due(one, self._now)]

    def _claimed(self, lane: HeldLane, owner: str, until: datetime) -> Lease:
        claimed = replace(lane, owner=owner, epoch=lane.epoch + 1, due_at=until)
        self._table.put(claimed.place, claimed)
        number, organisation_id = claimed.number, claimed.organisation_id
        return Lease(number, organisation_id, lane.kind, lane.key, claimed.epoch, lane.last_seq, lane.attempts)


def _is_due(lane: HeldLane, now: datetime) -> bool:
    return lane.due_at is not None and lane.due_at <= now and not lane.is_halted


def _is_idle_since(lane: HeldLane, moment: datetime) -> bool:
    rests = lane.due_at is None and lane.owner is None and not lane.is_halted
    return rests and lane.touched_at is not None and lane.touched_at < moment


def _due_after_news(lane: HeldLane, due_at: datetime) -> datetime | None:
    if lane.is_halted:
        return lane.due_at
    if lane.due_at is None:
        return due_at
    is_idle = lane.owner is None and lane.attempts == 0
    return due_at if is_idle and due_at < lane.due_at else lane.due_at
