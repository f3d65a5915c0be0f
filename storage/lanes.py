"""Lanes: ongoing duties of which one worker at a time holds each, under a lease with a number that proves it.

A transaction changes lanes at its very end, all transactions in one order; at its start it only looks at the lane whose
lease it carries. So none waits for another's lane while the other waits for a row of its own.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from itertools import groupby
from math import ceil
from typing import Any, Final

from sqlalchemy import Connection, Executable, and_, bindparam, case, exists, null, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from storage.columns import UtcTime
from storage.errors import LeaseLost
from storage.lane_tables import lane
from storage.sessions import OrganisationSession, StoreSession


class LaneKind(StrEnum):
    """In the order in which lanes wake each other, and in which a transaction changes several."""

    POLL = "poll"  # the key is a desk's id
    BACKFILL = "backfill"  # a connection's
    APPLY = "apply"  # "connection:their ticket"
    TAKE = "take"  # "connection:our ticket"
    SEND = "send"  # a connection's
    LISTEN = "listen"  # a connection's
    CARE = "care"  # a name


@dataclass(frozen=True, slots=True)
class Lease:
    """One claim of a lane: `epoch` numbers the claims, `seq` the news that was there, `attempts` those that failed.

    `organisation_id` is empty for the duties of the node itself.
    """

    lane_id: int
    organisation_id: str
    kind: LaneKind
    key: str
    epoch: int
    seq: int
    attempts: int


# The topic of lanes that are due; those due later say in how many seconds, as in "lanes+1.500".
LANES: Final = "lanes"
_RANKS = {kind: rank for rank, kind in enumerate(LaneKind)}
_Place = tuple[int, str, str]

_now, _again, _news, _due = (bindparam(name, type_=UtcTime()) for name in ("now", "again", "news", "due"))
_HELD = and_(lane.c.id == bindparam("lane_id"), lane.c.epoch == bindparam("held_epoch"), lane.c.owner.is_not(None))
# Whoever claims needs the row for itself and passes over this one; whoever wakes or renews it goes on beside us.
_PROOF = select(lane.c.id).where(_HELD).with_for_update(read=True, key_share=True)
_FINISH = (
    update(lane)
    .where(_HELD)
    .values(
        owner=None,
        attempts=0,
        touched_at=_now,
        due_at=case((lane.c.halted, null()), (lane.c.last_seq > bindparam("seen"), _news), else_=_again),
    )
    .returning(lane.c.due_at)
)
_FAIL = (
    update(lane)
    .where(_HELD)
    .values(
        owner=None,
        attempts=lane.c.attempts + 1,
        touched_at=_now,
        due_at=case((lane.c.halted, null()), else_=_again),
    )
    .returning(lane.c.due_at)
)
_HALT = (
    update(lane)
    .where(_HELD)
    .values(owner=None, halted=True, reason=bindparam("why"), touched_at=_now, due_at=null())
    .returning(lane.c.due_at)
)
_HALTED = select(lane.c.key, lane.c.reason).where(
    lane.c.organisation_id == bindparam("organisation"), lane.c.kind == bindparam("of_kind"), lane.c.halted
)

_OF_ORGANISATION = lane.c.organisation_id == bindparam("organisation")
_ONE = and_(_OF_ORGANISATION, lane.c.kind == bindparam("of_kind"), lane.c.key == bindparam("of_key"))
_STANDING = select(lane.c.owner, lane.c.attempts, lane.c.due_at).where(_ONE)
# A desk's own lane, and of its connections those that ask the desk.
_OF_DESK = and_(
    _OF_ORGANISATION,
    or_(
        and_(lane.c.kind == LaneKind.POLL, lane.c.key == bindparam("desk")),
        and_(
            lane.c.kind.in_((LaneKind.BACKFILL, LaneKind.APPLY, LaneKind.TAKE)),
            lane.c.stem.in_(bindparam("stems", expanding=True)),
        ),
    ),
)
# Who works now may finish: its lane stops then.
_HALT_DESK = (
    update(lane)
    .where(_OF_DESK, ~lane.c.halted)
    .values(halted=True, reason=bindparam("why"), due_at=case((lane.c.owner.is_(None), null()), else_=lane.c.due_at))
    .returning(null().label("due_at"))
)


def _revival(of_whom: Any) -> Executable:
    at_once = case((and_(lane.c.owner.is_not(None), lane.c.due_at > _now), lane.c.due_at), else_=_now)
    revived = update(lane).where(of_whom, lane.c.halted)
    return revived.values(halted=False, reason="", attempts=0, due_at=at_once).returning(lane.c.due_at)


_REVIVE, _REVIVE_DESK = _revival(_ONE), _revival(_OF_DESK)
_HURRY = (
    update(lane)
    .where(_ONE, lane.c.owner.is_(None), lane.c.attempts > 0, lane.c.due_at > _now)
    .values(due_at=_now)
    .returning(lane.c.due_at)
)


@cache
def _wake(dialect: str) -> Executable:
    """Of a lane that somebody holds, that waits after a failure, or that was halted, only the news are counted."""
    marker = lane.alias("marker")
    # The back-fill's lane stands for all of a connection: a ticket's lane that is born while it is halted is so, too.
    is_stopped = and_(
        bindparam("asks_desk"),
        exists().where(
            marker.c.organisation_id == bindparam("organisation"),
            marker.c.kind == LaneKind.BACKFILL,
            marker.c.key == bindparam("of_stem"),
            marker.c.halted,
        ),
    )
    insert = sqlite.insert(lane) if dialect == "sqlite" else postgresql.insert(lane)
    insert = insert.values(
        organisation_id=bindparam("organisation"),
        kind=bindparam("of_kind"),
        key=bindparam("of_key"),
        stem=bindparam("of_stem"),
        due_at=case((is_stopped, null()), else_=_due),
        epoch=0,
        last_seq=1,
        attempts=0,
        halted=is_stopped,
        reason="",
        touched_at=_now,
    )
    fresh = insert.excluded.due_at
    is_idle = and_(lane.c.owner.is_(None), lane.c.attempts == 0)
    due_at = case(
        (lane.c.halted, lane.c.due_at),
        (lane.c.due_at.is_(None), fresh),
        (and_(is_idle, fresh < lane.c.due_at), fresh),
        else_=lane.c.due_at,
    )
    return insert.on_conflict_do_update(
        index_elements=("organisation_id", "kind", "key"),
        set_={"last_seq": lane.c.last_seq + 1, "due_at": due_at, "touched_at": insert.excluded.touched_at},
    ).returning(lane.c.due_at, lane.c.owner)


def connection_of(session: StoreSession) -> Connection:
    """The bare connection: the statements of lanes name the organisation by themselves."""
    return Session.connection(session)


class LaneBook:
    """What one transaction does to lanes, written down until its end."""

    def __init__(self, session: StoreSession) -> None:
        self.session = session
        self._wakes: dict[_Place, datetime] = {}
        self._ends: dict[_Place, tuple[Executable, Mapping[str, Any]]] = {}
        self._sweeps: list[tuple[Executable, Mapping[str, Any]]] = []

    def prove(self, lease: Lease) -> None:
        """Raises LeaseLost. Until the commit nobody else can claim the lane."""
        held = {"lane_id": lease.lane_id, "held_epoch": lease.epoch}
        if connection_of(self.session).execute(_PROOF, held).first() is None:
            raise LeaseLost

    def wake(self, organisation_id: str, kind: LaneKind, key: str, at: datetime | None) -> None:
        self.session.must_write()
        place, due_at = (_RANKS[kind], organisation_id, key), at or self.session.now
        self._wakes[place] = min(due_at, self._wakes.get(place, due_at))

    def finish(self, lease: Lease, again: datetime | None) -> None:
        now = self.session.now
        self._end(lease, _FINISH, again=again, news=min(again or now, now), seen=lease.seq)

    def fail(self, lease: Lease, again: datetime) -> None:
        self._end(lease, _FAIL, again=again)

    def halt(self, lease: Lease, reason: str) -> None:
        self._end(lease, _HALT, why=reason)

    def sweep(self, statement: Executable, **parameters: Any) -> None:
        """A statement about several lanes, after everything else."""
        self.session.must_write()
        self._sweeps.append((statement, parameters))

    def settle(self) -> str | None:
        """Does all of it; the topic that is to be woken after the commit. Raises LeaseLost."""
        if not (self._wakes or self._ends or self._sweeps):
            return None
        due: list[datetime | None] = []
        steps = sorted([(place, False) for place in self._ends] + [(place, True) for place in self._wakes])
        for is_wake, group in groupby(steps, key=lambda step: step[1]):
            places = [place for place, _ in group]
            due += self._do_wake(places) if is_wake else self._do_end(places)
        for statement, parameters in self._sweeps:
            bound = {"now": self.session.now, **parameters}
            due += [row.due_at for row in connection_of(self.session).execute(statement, bound)]
        self._wakes, self._ends, self._sweeps = {}, {}, []
        soonest = min((at for at in due if at is not None), default=None)
        return None if soonest is None else topic_of((soonest - self.session.now).total_seconds())

    def _end(self, lease: Lease, statement: Executable, **parameters: Any) -> None:
        self.session.must_write()
        held = {"lane_id": lease.lane_id, "held_epoch": lease.epoch, "now": self.session.now}
        self._ends[_RANKS[lease.kind], lease.organisation_id, lease.key] = (statement, {**held, **parameters})

    def _do_end(self, places: list[_Place]) -> list[datetime | None]:
        due = []
        for place in places:
            statement, parameters = self._ends[place]
            ended = connection_of(self.session).execute(statement, parameters).one_or_none()
            if ended is None:
                raise LeaseLost
            due.append(ended.due_at)
        return due

    def _do_wake(self, places: list[_Place]) -> list[datetime | None]:
        rows = [self._row(place) for place in places]
        connection = connection_of(self.session)
        woken = connection.execute(_wake(connection.dialect.name), rows)
        # What somebody holds is due when they give it back, and they say so then.
        return [row.due_at for row in woken if row.owner is None]

    def _row(self, place: _Place) -> dict[str, Any]:
        rank, organisation_id, key = place
        kind = list(LaneKind)[rank]
        return {
            "organisation": organisation_id,
            "of_kind": str(kind),
            "of_key": key,
            "of_stem": stem_of(key),
            "asks_desk": kind in (LaneKind.APPLY, LaneKind.TAKE),
            "due": self._wakes[place],
            "now": self.session.now,
        }


class Lanes:
    """The lanes of one organisation. What is done here happens at the end of the transaction, before its commit."""

    def __init__(self, session: OrganisationSession) -> None:
        self._session = session
        self.book = LaneBook(session)

    def wake(self, kind: LaneKind, key: str, *, at: datetime | None = None) -> None:
        """There is news for this lane, which is due `at` (now) unless it is due sooner already.

        One that somebody holds sees the news when it finishes; one that waits after a failure goes on waiting.
        """
        self.book.wake(self._session.organisation_id, kind, key, at)

    def finish(self, lease: Lease, *, again: datetime | None = None) -> None:
        """Gives the lane back, due `again` or when there is news: at once when that came since the claim.

        Raises LeaseLost at the end of the transaction.
        """
        self.book.finish(lease, again)

    def fail(self, lease: Lease, *, again: datetime) -> None:
        """Gives the lane back after a failed attempt: due then and, whatever news there is, not before.

        Raises LeaseLost at the end of the transaction.
        """
        self.book.fail(lease, again)

    def halt(self, lease: Lease, reason: str) -> None:
        """Gives the lane back; nothing makes it due until it is revived. Raises LeaseLost at the end."""
        self.book.halt(lease, reason)

    def revive(self, kind: LaneKind, key: str) -> None:
        """A halted lane is due at once, as if it had never failed; any other stays as it is."""
        self.book.sweep(_REVIVE, organisation=self._session.organisation_id, of_kind=str(kind), of_key=key)

    def hurry(self, kind: LaneKind, key: str) -> None:
        """What the lane failed at may work by now: one that rests after a failure is due at once."""
        self.book.sweep(_HURRY, organisation=self._session.organisation_id, of_kind=str(kind), of_key=key)

    def halt_desk(self, desk_id: str, connection_ids: Collection[str], reason: str) -> bool:
        """Halts every lane that asks this desk, those that are woken later, too; False when that is so already."""
        if desk_id in self.halted(LaneKind.POLL):
            return False
        self.wake(LaneKind.POLL, desk_id)
        for connection_id in connection_ids:
            self.wake(LaneKind.BACKFILL, connection_id)
        self.book.sweep(_HALT_DESK, **self._of_desk(desk_id, connection_ids), why=reason)
        return True

    def revive_desk(self, desk_id: str, connection_ids: Collection[str]) -> bool:
        """All of them are due at once; False when the desk was not halted."""
        self.book.sweep(_REVIVE_DESK, **self._of_desk(desk_id, connection_ids))
        return desk_id in self.halted(LaneKind.POLL)

    def is_due(self, kind: LaneKind, key: str) -> bool:
        """Somebody works on it, or may begin to."""
        found = self._standing(kind, key)
        return found is not None and (found.owner is not None or self._is_over(found.due_at))

    def rests(self, kind: LaneKind, key: str) -> bool:
        """It waits after a failure."""
        found = self._standing(kind, key)
        return found is not None and found.owner is None and found.attempts > 0 and not self._is_over(found.due_at)

    def halted(self, kind: LaneKind) -> dict[str, str]:
        """The reasons, by key."""
        asked = {"organisation": self._session.organisation_id, "of_kind": str(kind)}
        return {row.key: row.reason for row in connection_of(self._session).execute(_HALTED, asked)}

    def _standing(self, kind: LaneKind, key: str) -> Any:
        which = {"organisation": self._session.organisation_id, "of_kind": str(kind), "of_key": key}
        return connection_of(self._session).execute(_STANDING, which).one_or_none()

    def _is_over(self, due_at: datetime | None) -> bool:
        return due_at is not None and due_at <= self._session.now

    def _of_desk(self, desk_id: str, connection_ids: Collection[str]) -> dict[str, Any]:
        return {"organisation": self._session.organisation_id, "desk": desk_id, "stems": list(connection_ids)}


def stem_of(key: str) -> str:
    return key.partition(":")[0]


def topic_of(seconds: float) -> str:
    """In whole milliseconds, rounded up: whoever comes too early has to come again."""
    return LANES if seconds <= 0 else f"{LANES}+{ceil(seconds * 1000) / 1000:.3f}"


def seconds_in(topic: str) -> float | None:
    """In how many seconds a lane is due, when the topic tells of one."""
    name, _, seconds = topic.partition("+")
    if name != LANES:
        return None
    return float(seconds) if seconds else 0.0
