"""A canonical history: what people do is written down, nothing else goes wrong, and one side may be killed once.

The sides work in turns, one piece of work at a time, so that the points of two runs are the same up to the kill.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from exchange.errors import NotReachable
from flows.node import Node
from pairing.organisation import Actor
from pairing.terms import ConflictPolicy, Reach
from sync.fields import Value
from sync.marker import split_marker
from sync.ticket import Person
from tests.flows.two_sides import WORK
from tests.simulation.history import History
from tests.simulation.invariants import links_of
from tests.simulation.world import SimSide, now_done
from trackers.memory_desk import MemoryAccount

ROUND_SECONDS, SWEEP_SECONDS = 70, 700  # longer than anything waits by itself; longer than the time between sweeps
_MOST_ROUNDS = 30
_OF_THE_DEATH_ITSELF = ("home", "out_of_reach", "in_reach")
_ANSWERED = ("before the question", "before the answer")


@dataclass(frozen=True, slots=True)
class Kill:
    """At which pause of the run, counted from 0: the process whose work it is, or the one that it is asking.
    `again` counts on from there: the same side dies once more, while it recovers."""

    at: int
    partner: bool = False
    again: int | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """A pause of the undisturbed run. `has_partner`: the other side's process has a part in it and may die instead."""

    number: int
    place: str
    has_partner: bool


@dataclass
class Course:
    """Two connected sides; Acme's desk and Globex's are empty."""

    reach: Reach
    kill: Kill | None = None
    points: list[Point] = field(default_factory=list)
    killed: list[str] = field(default_factory=list)
    counts: bool = False  # whether pauses are points already

    def __post_init__(self) -> None:
        self._history = History(7, only_reach=self.reach, only_policy=ConflictPolicy.LATEST)
        self._history.faults.desk = self._history.faults.wire = 0
        self.clock = self._history.clock
        self.acme, self.globex = self.sides = self._history.sides
        self._again: tuple[SimSide, int] | None = None
        self._silent: SimSide | None = None

    # what people see and do

    def account(self, side: SimSide) -> MemoryAccount:
        return side.half.account

    def only_ticket(self, side: SimSide) -> str:
        (ticket_id,) = self.account(side).records
        return ticket_id

    def command(self, side: SimSide, flow: Callable[[Node, Actor, str], Any]) -> None:
        """A person's word in Slack about the connection; it takes no time, so nothing dies in it."""
        node = replace(side.node, store=side.raw)
        now_done(flow(node, side.half.actor, self._connection(side).name))

    def settle(self) -> None:
        """Until nobody has anything to do, and the sweep has looked at everything three times."""
        quiet = 0
        for _ in range(_MOST_ROUNDS):
            quiet = 0 if self._round() else quiet + 1
            self.clock.advance(ROUND_SECONDS)
            if quiet == 2:
                break
        assert quiet == 2, "there is no end to it"
        for _ in range(3):
            self.clock.advance(SWEEP_SECONDS)
            self._round()

    # how it goes

    def _round(self) -> bool:
        """Both look at their desks, and all that is due is done; False when that was nothing but looking."""
        for side in self.sides:
            side.wake_poll()
        worked = False
        for _ in range(60):
            for side in self.sides:
                worked = self._work(side) or worked
            for side in self.sides:
                side.begin_exchange()
                self._run_all(side)
            if not any(self._is_busy(side) for side in self.sides):
                return worked
        raise AssertionError("both sides are still busy")

    def _work(self, side: SimSide) -> bool:
        worked = False
        while self._has_due(side):
            side.begin_due(20)
            worked = worked or any(lease is not None and lease.kind != "poll" for _, lease in side.running)
            self._run_all(side)
        return worked

    def _run_all(self, side: SimSide) -> None:
        while side.running:
            side.step(0)
            if side.running and not side.running[0][0].is_over:
                self._passed(side)
        if self._silent is not None:
            self._silent.restart()
            self._silent = None

    def _passed(self, side: SimSide) -> None:
        running, lease = side.running[0]
        if running.place == "begin":
            return
        if not self.counts:
            return
        other = self._other(side)
        is_answer = running.place in _ANSWERED or running.place.endswith(f"commit of {other.half.name}")
        number = len(self.points)
        self.points.append(Point(number, f"{running.name}: {running.place}", lease is None and is_answer))
        if self.kill is not None and number == self.kill.at:
            self._die(other if self.kill.partner else side, side)
        elif self._again is not None and self._again[0] is side:
            left = self._again[1] - 1
            self._again = (side, left) if left else None
            if not left:
                self._die(side, side)

    def _die(self, victim: SimSide, at_work: SimSide) -> None:
        running, _ = at_work.running[0]
        self.killed.append(f"{victim.half.name} at {running.name}: {running.place}")
        victim.kill()
        if self.kill is not None and self.kill.again is not None and len(self.killed) == 1:
            self._again = (victim, self.kill.again)
        if victim is at_work:
            victim.restart()
            return
        self._silent = victim  # until the one that asks has given up
        if running.place != _ANSWERED[0]:
            running.fail(NotReachable())
            if running.is_over:
                del at_work.running[0]

    def _other(self, side: SimSide) -> SimSide:
        return self.globex if side is self.acme else self.acme

    def _connection(self, side: SimSide) -> Any:
        half = side.half
        return now_done(side.raw.read(half.organisation_id, lambda tx: tx.connections.by_id(half.connection_id)))

    def _has_due(self, side: SimSide) -> bool:
        due = now_done(side.raw.system(lambda tx: tx.lanes.next_due(tuple(WORK))))
        return due is not None and due <= self.clock.now

    def _is_busy(self, side: SimSide) -> bool:
        half = side.half
        if self._has_due(side):
            return True
        if self._connection(side).state != "active":
            return False
        return bool(now_done(side.raw.read(half.organisation_id, lambda tx: tx.outbox.count(half.connection_id))))


Act = Callable[[Course], None]


@dataclass(frozen=True, slots=True)
class TicketState:
    state: str
    fields: dict[str, Value]
    comments: tuple[object, ...]
    files: tuple[object, ...]
    requester: Person | None


@dataclass(frozen=True, slots=True)
class SideState:
    """What a side has in the end, without ids of comments and files, times and codes: those may differ."""

    tickets: tuple[TicketState, ...]
    links: tuple[object, ...]
    told: tuple[tuple[str, int], ...]
    waiting: tuple[object, ...]


def played(
    before: Sequence[Act], acts: Sequence[Act], reach: Reach, kill: Kill | None = None
) -> tuple[Course, tuple[SideState, SideState]]:
    """Each act, and then everything that follows from it. Points are counted from the first of `acts`."""
    course = Course(reach, kill)
    try:
        for number, act in enumerate((*before, *acts)):
            course.counts = number >= len(before)
            act(course)
            course.settle()
        return course, (_state(course.acme), _state(course.globex))
    finally:
        for side in course.sides:
            side.kill()


def _state(side: SimSide) -> SideState:
    half = side.half

    def read(tx: Any) -> tuple[Any, ...]:
        return (
            tx.notices.due(1000),
            (
                tx.inbox.tickets_waiting(half.connection_id),
                tx.parked.all(None, 10),
                tx.outbox.count(half.connection_id),
            ),
        )

    notices, waiting = now_done(side.raw.read(half.organisation_id, read))
    links = ((one.our_ticket, one.their_ticket, one.born_here, one.state) for one in links_of(side))
    told = Counter(str(notice.kind) for notice in notices if notice.kind not in _OF_THE_DEATH_ITSELF)
    return SideState(_tickets(half.account), tuple(sorted(links, key=repr)), tuple(sorted(told.items())), waiting)


def _tickets(account: MemoryAccount) -> tuple[TicketState, ...]:
    found = []
    for record in account.records.values():
        files = {file.id: (file.name, account.contents[file.id]) for file in record.files.values()}
        comments = tuple(
            (
                comment.author.name,
                split_marker(comment.text)[0],
                comment.is_public,
                tuple(files[one.id] for one in record.files.values() if one.comment_id == comment.id),
            )
            for comment in record.comments.values()
        )
        fields = {name: _plain(value) for name, value in record.fields.items()}
        own = tuple(sorted(files[one.id] for one in record.files.values() if one.comment_id is None))
        found.append(TicketState(record.state, fields, comments, own, record.requester))
    return tuple(found)


def _plain(value: Value) -> Value:
    return split_marker(value)[0] if isinstance(value, str) else value
