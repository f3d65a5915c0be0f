"""Two sides in a few lines: a desk with fields, comments and a clock each, joined by the decisions of sync/ alone."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from pairing.terms import ConflictPolicy, Side
from sync.fields import Fields, Value
from sync.incoming import CommentMove, Conflict, is_next, plan_update
from sync.link import Link, Trace, TraceKind
from sync.outgoing import comment_digest, next_update
from sync.replica import LetOut, ReplicaComment, Update
from sync.ticket import Comment, Person, Ticket

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FIELDS = ("description", "priority", "status", "summary")


@dataclass
class End:
    """One side: its desk's ticket, its link, what it sent and what it has not taken in yet."""

    side: Side
    policy: ConflictPolicy
    ticket: Ticket
    link: Link
    traces: dict[tuple[str, bool, str], Trace] = field(default_factory=dict)
    outbox: list[Update] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    writes: int = 0
    comment_ids: int = 0

    def edit(self, name: str, value: Value, at: datetime) -> None:
        """A person changes a field."""
        self.ticket = replace(self.ticket, fields=self.ticket.fields.with_values({name: value}), version=at)

    def comment(self, text: str, at: datetime) -> None:
        self.comment_ids += 1
        mark = f"{self.side}{self.comment_ids}"
        made = Comment(mark, Person(f"Someone at {self.side}"), text, at, at, is_public=True)
        self.ticket = replace(self.ticket, comments=(*self.ticket.comments, made), version=at)

    def take(self) -> bool:
        """Looks at the own ticket; True when an update goes out."""
        departure = next_update(self.link, tuple(self.traces.values()), self.ticket, _let_out(self.ticket))
        self.link = departure.link
        for trace in departure.traces:
            self.traces[_identity(trace)] = trace
        for trace in departure.forgotten:
            self.traces.pop(_identity(trace))
        if departure.update is not None:
            self.outbox.append(departure.update)
        return departure.update is not None

    def apply(self, update: Update) -> None:
        """Takes in one update of the other side."""
        if not is_next(self.link, update):
            return
        plan = plan_update(
            self.link,
            tuple(self.traces.values()),
            update,
            wanted_before=update.before,
            wanted_now=update.fields,
            policy=self.policy,
            our_side=self.side,
        )
        self.conflicts += plan.conflicts
        self.writes += len(plan.writes) + len(plan.comments)
        self.ticket = replace(self.ticket, fields=self.ticket.fields.with_values(dict(plan.writes)))
        for write in plan.comments:
            self._write_comment(write.move, write.comment, write.trace)
        kept = replace(self.link, own=tuple(c for c in self.link.own if c.field not in plan.settled))
        seen = self.link.seen.with_values(dict(plan.writes))
        self.link = kept.after_applying(
            number=update.number,
            knows=update.knows,
            received=update.fields,
            written=plan.writes,
            let_out=_let_out(replace(self.ticket, fields=seen)).fields,
            settled=plan.settled,
        )

    def _write_comment(self, move: CommentMove, comment: ReplicaComment | None, trace: Trace | None) -> None:
        if move is CommentMove.ADD:
            assert comment is not None
            self.comment_ids += 1
            ours = f"copy{self.comment_ids}"
            made = Comment(ours, Person("Drawbridge"), comment.text, comment.at, comment.at, True, marker="m" * 12)
            self.ticket = replace(self.ticket, comments=(*self.ticket.comments, made))
            new = Trace(self.link.id, TraceKind.COMMENT, False, ours, comment.id, comment_digest(comment))
            self.traces[_identity(new)] = new


def two_ends(policy: ConflictPolicy = ConflictPolicy.LATEST) -> tuple[End, End]:
    """Linked, equal and quiet."""
    fields = Fields(dict.fromkeys(FIELDS, "same"))
    ends = []
    for side in (Side.INVITER, Side.INVITEE):
        link = Link(side, "connection", "1", "1", side is Side.INVITER, seen=fields, let_out=fields, received=fields)
        ends.append(End(side, policy, Ticket("1", START, fields, Fields()), link))
    return ends[0], ends[1]


def at(seconds: int) -> datetime:
    return START + timedelta(seconds=seconds)


def settle(one: End, other: End) -> int:
    """Lets both look and take in until nothing moves; how many rounds that took."""
    for rounds in range(50):
        moved = one.take() | other.take()
        while one.outbox or other.outbox:
            moved = True
            if one.outbox:
                other.apply(one.outbox.pop(0))
            if other.outbox:
                one.apply(other.outbox.pop(0))
        if not moved:
            return rounds
    raise AssertionError("no rest within 50 rounds")


def _let_out(ticket: Ticket) -> LetOut:
    comments = tuple(ReplicaComment(c.id, c.author.name, c.text, c.at) for c in ticket.comments)
    return LetOut(ticket.fields, comments)


def _identity(trace: Trace) -> tuple[str, bool, str]:
    return trace.kind, trace.from_us, str(trace.our_id if trace.from_us else trace.their_id)
