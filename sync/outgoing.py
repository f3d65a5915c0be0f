"""What of a ticket is sent: only what the partner would learn from it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sync.fields import Fields, Value
from sync.link import Link, LinkState, Trace, TraceKind, value_digest
from sync.replica import LetOut, ReplicaComment, Update
from sync.ticket import Comment, FileRef, Ticket

_Known = dict[tuple[TraceKind, str], Trace]  # by kind and our id
# A comment that one look does not find may be a page that moved: only a second look counts.
LOOKS_BEFORE_REMOVAL = 2
_LONG = 1000


@dataclass(frozen=True, slots=True)
class Departure:
    """What `next_update` decided. `update` is None when the partner would learn nothing; `files` are to be fetched and
    sent in chunks before it; `link` and `traces` are to be saved either way."""

    link: Link
    update: Update | None
    files: tuple[FileRef, ...]
    traces: tuple[Trace, ...]
    forgotten: tuple[Trace, ...] = ()


def is_taken(link: Link | None, *, in_scope: bool, is_copy: bool) -> bool:
    """May this ticket travel? A linked one always, another one from our scope, a copy that we wrote ourselves never."""
    if link is not None:
        return link.state is LinkState.LINKED
    return in_scope and not is_copy


def next_update(link: Link, traces: tuple[Trace, ...], ticket: Ticket, let_out: LetOut) -> Departure:
    """Compares what the rule lets out now with what the partner is taken to know."""
    known: _Known = {(trace.kind, trace.our_id): trace for trace in traces if trace.our_id is not None}
    adopted = _adopted(traces, let_out.files, known)
    known |= {(trace.kind, str(trace.our_id)): trace for trace in adopted}
    written = {comment.id for comment in ticket.comments if comment.marker is not None}
    comments = _news((c for c in let_out.comments if c.id not in written), known)
    new = {one.id for one in comments if (TraceKind.COMMENT, one.id) not in known}
    files = tuple(file for file in let_out.files if _is_unsent(file, new, known))
    removed, looked = _gone(known, ticket, let_out)
    is_whole = link.is_partner_behind
    if not (let_out.fields != link.let_out or comments or files or removed or is_whole):
        return Departure(link.after_looking(ticket.fields, ticket.version), None, (), looked + adopted)
    known_there = link.let_out.without(_not_told(link)) if is_whole else link.let_out
    changed = _changed(let_out.fields, known_there, is_whole=is_whole)
    after = link.after_sending(ticket.fields, let_out.fields, ticket.version)
    update = Update(
        number=after.sent_number,
        knows=link.applied_number,
        at=ticket.version,
        shown=ticket.shown,
        fields=let_out.fields,
        changed=changed,
        was=Fields({name: _short(value) for name, value in known_there.only(changed).items()}),
        comments=comments,
        removed=tuple(trace.our_id for trace in removed if trace.our_id is not None),
        requester=let_out.requester,
        is_whole=is_whole,
    )
    sent = tuple(_comment_trace(link, comment, known) for comment in comments)
    return Departure(after, update, files, looked + sent + adopted, removed + _files_of(removed, known, ticket))


def _not_told(link: Link) -> tuple[str, ...]:
    """What our people changed in updates that the partner did not take: it cannot know these values."""
    return tuple(change.field for change in link.own if change.number > link.sent_number)


def _changed(now: Fields, before: Fields, *, is_whole: bool) -> tuple[str, ...]:
    names = {*now, *before} if is_whole else {*now.differing_from(before), *before.differing_from(now)}
    return tuple(sorted(names))


def _short(value: Value) -> Value:
    """Of a long text it is enough that it was another one."""
    if isinstance(value, str) and len(value) > _LONG:
        return f"{value[:200]}… {value_digest(value)}"
    return value


def file_digest(name: str, size: int) -> str:
    """By this a file that we wrote for the partner is recognised among our ticket's files."""
    return value_digest(name, size)


def comment_digest(comment: ReplicaComment) -> str:
    return value_digest(comment.author, comment.text, comment.is_public)


def _news(comments: Iterable[ReplicaComment], known: _Known) -> tuple[ReplicaComment, ...]:
    """New ones and edited ones, oldest first; never those that came from the partner."""

    def is_news(comment: ReplicaComment) -> bool:
        trace = known.get((TraceKind.COMMENT, comment.id))
        return trace is None or (trace.from_us and trace.digest != comment_digest(comment))

    return tuple(sorted((c for c in comments if is_news(c)), key=lambda c: (c.at, _numeric(c.id))))


def _is_unsent(file: FileRef, new: set[str], known: _Known) -> bool:
    """It is not known, or the comment at which it hangs is `new`: without that one it was not kept over there."""
    trace = known.get((TraceKind.FILE, file.id))
    return trace is None or (trace.from_us and file.comment_id in new)


def _adopted(traces: Iterable[Trace], files: Iterable[FileRef], known: _Known) -> tuple[Trace, ...]:
    """The partner's files at our ticket, which got their id from our desk only after we wrote them."""
    open_traces = {t.digest: t for t in traces if t.kind is TraceKind.FILE and not t.from_us and t.our_id is None}
    unknown = (file for file in files if (TraceKind.FILE, file.id) not in known)
    found = ((file, open_traces.pop(file_digest(file.name, file.size), None)) for file in unknown)
    return tuple(replace(trace, our_id=file.id) for file, trace in found if trace is not None)


def _gone(known: _Known, ticket: Ticket, let_out: LetOut) -> tuple[tuple[Trace, ...], tuple[Trace, ...]]:
    """Comments of ours to be removed over there, and traces whose count of looks changed."""
    there, still_out = _said(ticket.comments, ticket.files), _said(let_out.comments, let_out.files)
    removed, looked = [], []
    for (kind, our_id), trace in known.items():
        if kind is not TraceKind.COMMENT or not trace.from_us:
            continue
        if our_id in still_out:
            looked += [trace.after_found()] if trace.missing else []
        elif our_id in there or trace.missing + 1 >= LOOKS_BEFORE_REMOVAL:
            removed.append(trace)  # it is still there and no longer let out, or it is gone for certain
        else:
            looked.append(trace.after_missing())
    return tuple(removed), tuple(looked)


def _said(comments: Iterable[Comment | ReplicaComment], files: Iterable[FileRef]) -> set[str]:
    """Ids of comments, and of those that name a file which is not sent."""
    return {comment.id for comment in comments} | {naming(file) for file in files}


def naming(file: FileRef) -> str:
    """The id of the comment that says why this file of ours is not sent."""
    return f"file:{file.id}"


def _files_of(removed: Iterable[Trace], known: _Known, ticket: Ticket) -> tuple[Trace, ...]:
    """They go with their comment over there, so that they are sent again when it is."""
    gone = {trace.our_id for trace in removed}
    found = (known.get((TraceKind.FILE, file.id)) for file in ticket.files if file.comment_id in gone)
    return tuple(trace for trace in found if trace is not None and trace.from_us)


def _comment_trace(link: Link, comment: ReplicaComment, known: _Known) -> Trace:
    before = known.get((TraceKind.COMMENT, comment.id))
    if before is not None:
        return replace(before, digest=comment_digest(comment), missing=0)
    return Trace(link.id, TraceKind.COMMENT, True, comment.id, None, comment_digest(comment))


def _numeric(identity: str) -> tuple[int, str]:
    return (int(identity), "") if identity.isdigit() else (0, identity)
