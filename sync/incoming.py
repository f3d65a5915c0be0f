"""What of a partner's update is written: the difference its change makes, and who wins where both sides changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pairing.terms import ConflictPolicy, Side
from sync.fields import Fields, Value
from sync.link import Link, OwnChange, Trace, TraceKind
from sync.outgoing import comment_digest
from sync.replica import ReplicaComment, Update


@dataclass(frozen=True, slots=True)
class Conflict:
    """Both sides changed the same field without knowing of each other. Values are our desk's, before and as asked."""

    field: str
    ours: Value
    theirs: Value
    ours_at: datetime
    theirs_at: datetime
    ours_stays: bool


class CommentMove(StrEnum):
    ADD = "add"
    EDIT = "edit"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class CommentWrite:
    """`comment` is None for a removal; `trace` is None for an addition."""

    move: CommentMove
    comment: ReplicaComment | None
    trace: Trace | None


@dataclass(frozen=True, slots=True)
class Plan:
    """`writes` go to our desk; `settled` names the fields in which the partner's value stands afterwards."""

    writes: Fields
    conflicts: tuple[Conflict, ...]
    settled: frozenset[str]
    comments: tuple[CommentWrite, ...]


def plan_update(
    link: Link,
    traces: Iterable[Trace],
    update: Update,
    *,
    wanted_before: Fields,
    wanted_now: Fields,
    policy: ConflictPolicy,
    our_side: Side,
) -> Plan:
    """`wanted_before` and `wanted_now` are what the incoming rule makes of `update.before` and of `update.fields`: only
    their difference is the partner's change; the rest of our ticket is none of its business."""
    writes: dict[str, Value] = {}
    conflicts: list[Conflict] = []
    settled: set[str] = set()
    wanted = wanted_now if update.is_whole else wanted_now.differing_from(wanted_before)
    for field, theirs in wanted.items():
        ours = link.seen.get(field)
        own = link.own_change(field)
        if ours == theirs:
            continue  # by chance, as long as they do not know ours: what they change next may still be a conflict
        if own is None or own.number <= update.knows or (update.is_whole and ours == wanted_before.get(field)):
            writes[field] = theirs
            settled.add(field)
        elif update.is_whole and theirs == wanted_before.get(field):
            continue  # a whole update repeats what they did not change: our change is on its way to them
        else:
            stays = ours_stays(own, update.at, policy, our_side)
            conflicts.append(Conflict(field, ours, theirs, own.at, update.at, stays))
            if not stays:
                writes[field] = theirs
                settled.add(field)
    return Plan(Fields(writes), tuple(conflicts), frozenset(settled), plan_comments(traces, update))


def ours_stays(own: OwnChange, theirs_at: datetime, policy: ConflictPolicy, our_side: Side) -> bool:
    """Both sides answer this alike without talking: they compare the same two desk times; a tie is the inviter's."""
    if policy is not ConflictPolicy.LATEST:
        return policy.value == our_side.value
    if own.at != theirs_at:
        return own.at > theirs_at
    return our_side is Side.INVITER


def plan_comments(traces: Iterable[Trace], update: Update) -> tuple[CommentWrite, ...]:
    """In the order in which the partner's people wrote them; nothing for what stands here already."""
    known = {t.their_id: t for t in traces if t.kind is TraceKind.COMMENT and not t.from_us and t.their_id is not None}
    planned = [_comment_write(comment, known.get(comment.id)) for comment in update.comments]
    gone = [CommentWrite(CommentMove.REMOVE, None, known[their_id]) for their_id in update.removed if their_id in known]
    return (*(write for write in planned if write is not None), *gone)


def _comment_write(comment: ReplicaComment, trace: Trace | None) -> CommentWrite | None:
    if trace is None:
        return CommentWrite(CommentMove.ADD, comment, None)
    if trace.digest == comment_digest(comment):
        return None
    return CommentWrite(CommentMove.EDIT, comment, trace)


def is_next(link: Link | None, update: Update) -> bool:
    """False for an update that was applied already: an envelope may come again after a restored backup."""
    return link is None or update.number > link.applied_number
