"""What workers ask about all lanes at once: which are due, whose lease goes on, whose worker is gone."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, case, delete, func, null, select, union_all, update

from storage.columns import UtcTime
from storage.lane_tables import lane
from storage.lanes import LaneBook, LaneKind, Lease, connection_of, topic_of
from storage.sessions import SystemSession

IDLE_ARE_KEPT = timedelta(days=7)
# Of these a connection has one for each ticket, so that a single one could fill a worker.
_CROWDING = (LaneKind.APPLY, LaneKind.TAKE)

_now, _until, _before = (bindparam(name, type_=UtcTime()) for name in ("now", "until", "before"))
_IDS = lane.c.id.in_(bindparam("ids", expanding=True))
_IS_OURS = lane.c.owner == bindparam("by")
_CLAIM = (
    update(lane)
    .where(_IDS)
    .values(owner=bindparam("by"), epoch=lane.c.epoch + 1, due_at=_until)
    .returning(*(lane.c[name] for name in ("id", "organisation_id", "kind", "key", "epoch", "last_seq", "attempts")))
)
# A row that is busy is passed over, not waited for: it is asked for again a moment later.
_RENEWABLE = select(lane.c.id).where(_IDS, _IS_OURS).with_for_update(skip_locked=True, key_share=True)
_RENEW = update(lane).where(_IDS).values(due_at=_until)
_STILL_OURS = select(lane.c.id).where(_IDS, _IS_OURS)
_OWNERS = select(lane.c.owner).where(lane.c.owner.is_not(None)).distinct()
_HELD_BY = (
    select(lane.c.id)
    .where(lane.c.owner.in_(bindparam("owners", expanding=True)), lane.c.owner.is_not(None))
    .with_for_update(skip_locked=True)
)
_FREE = (
    update(lane)
    .where(_IDS)
    .values(owner=None, epoch=lane.c.epoch + 1, due_at=case((lane.c.halted, null()), else_=_now))
)
_FORGET = delete(lane).where(
    lane.c.due_at.is_(None), lane.c.owner.is_(None), ~lane.c.halted, lane.c.touched_at < _before
)


@dataclass(frozen=True, slots=True)
class Renewed:
    """Lanes by id. `lost` are held by somebody else or by nobody; what is in neither was busy just then."""

    renewed: frozenset[int]
    lost: frozenset[int]


class SystemLanes:
    """An empty organisation stands for the node itself."""

    def __init__(self, session: SystemSession) -> None:
        self._session = session
        self._woken: str | None = None
        self.book = LaneBook(session)

    def wake(self, organisation_id: str, kind: LaneKind, key: str, *, at: datetime | None = None) -> None:
        """As in Lanes."""
        self.book.wake(organisation_id, kind, key, at)

    def finish(self, lease: Lease, *, again: datetime | None = None) -> None:
        """As in Lanes."""
        self.book.finish(lease, again)

    def fail(self, lease: Lease, *, again: datetime) -> None:
        """As in Lanes."""
        self.book.fail(lease, again)

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
        """Due lanes of these kinds: at most `limit`, of each kind at most `most`, those that wait longest first.

        Of the tickets' lanes at most `stem_limit` of one connection, `busy` (by connection) of them being held already.
        """
        busy = busy or {}
        limits = {kind: min(limit, (most or {}).get(kind, limit)) for kind in kinds}
        wanted = tuple(sorted(kind for kind, number in limits.items() if number > 0))
        if not wanted:
            return ()
        found = self._candidates(wanted, limits, _crowded(busy, stem_limit))
        chosen = [row.id for row in _spread(found, busy, stem_limit)][:limit]
        if not chosen:
            return ()
        until = self._session.now + timedelta(seconds=lease_seconds)
        rows = connection_of(self._session).execute(_CLAIM, {"ids": chosen, "by": owner, "until": until}).all()
        leases = {row[0]: Lease(row[0], row[1], LaneKind(row[2]), *row[3:]) for row in rows}
        return tuple(leases[lane_id] for lane_id in chosen)

    def next_due(
        self,
        kinds: Collection[LaneKind] = tuple(LaneKind),
        *,
        busy: Mapping[str, int] | None = None,
        stem_limit: int | None = None,
    ) -> datetime | None:
        """When the next lane of these kinds is due, or its lease over; None when nothing is planned."""
        if not kinds:
            return None
        crowded = _crowded(busy or {}, stem_limit)
        bound = {"crowded": crowded}
        due_at: datetime | None = connection_of(self._session).execute(_next(tuple(sorted(kinds))), bound).scalar_one()
        return due_at

    def renew(self, owner: str, lane_ids: Collection[int], lease_seconds: float) -> Renewed:
        """Holds these lanes for so long from now on."""
        if not lane_ids:
            return Renewed(frozenset(), frozenset())
        connection, asked = connection_of(self._session), {"ids": list(lane_ids), "by": owner}
        ids = frozenset(connection.execute(_RENEWABLE, asked).scalars())
        if ids:
            until = self._session.now + timedelta(seconds=lease_seconds)
            connection.execute(_RENEW, {"ids": list(ids), "until": until})
        ours = frozenset(connection.execute(_STILL_OURS, asked).scalars())
        return Renewed(ids, frozenset(lane_ids) - ours)

    def owners(self) -> tuple[str, ...]:
        """Whoever holds a lane."""
        return tuple(sorted(connection_of(self._session).execute(_OWNERS).scalars()))

    def free_dead(self, owners: Collection[str]) -> int:
        """Makes due at once what these hold, and void their leases; how many lanes that were.

        A lane in whose name a transaction is still under way is left for the next look.
        """
        if not owners:
            return 0
        connection = connection_of(self._session)
        ids = list(connection.execute(_HELD_BY, {"owners": list(owners)}).scalars())
        if ids:
            connection.execute(_FREE, {"ids": ids, "now": self._session.now})
            self._woken = topic_of(0)
        return len(ids)

    def release_all(self, owner: str) -> int:
        """The same for a worker that ends."""
        return self.free_dead((owner,))

    def forget_idle(self) -> int:
        """Removes lanes of which nothing was heard for a week; news makes them again. How many went."""
        before = self._session.now - IDLE_ARE_KEPT
        return connection_of(self._session).execute(_FORGET, {"before": before}).rowcount

    def settle(self) -> frozenset[str]:
        """Does what was asked for the end of the transaction; the topics to be woken after its commit."""
        return frozenset(topic for topic in (self.book.settle(), self._woken) if topic is not None)

    def _candidates(
        self, kinds: tuple[LaneKind, ...], limits: Mapping[LaneKind, int], crowded: list[str]
    ) -> list[Row[Any]]:
        bound: dict[str, Any] = {f"most_{kind}": limits[kind] for kind in kinds}
        bound |= {"now": self._session.now, "crowded": crowded}
        return sorted(connection_of(self._session).execute(_due(kinds), bound), key=lambda row: (row.due_at, row.id))


@cache
def _due(kinds: tuple[LaneKind, ...]) -> Any:
    """Each kind by itself, so that the index gives the first of each without looking at the rest."""
    return union_all(*(select(_due_of(kind).subquery(f"due_{kind}")) for kind in kinds))


def _due_of(kind: LaneKind) -> Select[Any]:
    due = select(lane.c.id, lane.c.kind, lane.c.stem, lane.c.due_at)
    due = due.where(lane.c.kind == str(kind), lane.c.due_at <= _now, ~lane.c.halted)
    if kind in _CROWDING:
        due = due.where(lane.c.stem.not_in(bindparam("crowded", expanding=True)))
    return due.order_by(lane.c.due_at).limit(bindparam(f"most_{kind}")).with_for_update(skip_locked=True)


@cache
def _next(kinds: tuple[LaneKind, ...]) -> Any:
    soonest = union_all(*(_next_of(kind) for kind in kinds)).subquery("soonest")
    return select(func.min(soonest.c.due_at, type_=UtcTime()))


def _next_of(kind: LaneKind) -> Select[Any]:
    due = select(func.min(lane.c.due_at, type_=UtcTime()).label("due_at"))
    due = due.where(lane.c.kind == str(kind), lane.c.due_at.is_not(None), ~lane.c.halted)
    if kind in _CROWDING:
        due = due.where(lane.c.stem.not_in(bindparam("crowded", expanding=True)))
    return due


def _crowded(busy: Mapping[str, int], stem_limit: int | None) -> list[str]:
    return [] if stem_limit is None else sorted(stem for stem, number in busy.items() if number >= stem_limit)


def _spread(rows: list[Row[Any]], busy: Mapping[str, int], stem_limit: int | None) -> list[Row[Any]]:
    """Without those that would give one connection more than its part."""
    if stem_limit is None:
        return rows
    held, kept = Counter(busy), list[Row[Any]]()
    for row in rows:
        if row.kind in _CROWDING:
            if held[row.stem] >= stem_limit:
                continue
            held[row.stem] += 1
        kept.append(row)
    return kept
