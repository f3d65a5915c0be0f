"""The partner's last replica again, for a trial: its fields are kept, its comments and files stand at our ticket."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rules.host.letters import unescaped, unsigned
from rules.host.scene import Outcome, OutComment
from sync.link import LEFT, Link, Trace, TraceKind
from sync.outgoing import file_digest
from sync.replica import ReplicaComment, ReplicaFile, Update
from sync.ticket import Comment, FileRef, Ticket


@dataclass(frozen=True, slots=True)
class LastReplica:
    """`ours` is our ticket without what came from the partner and `own` its traces, as if `update` came for the first
    time. `copies` and `files` are what stands here, by the partner's id."""

    update: Update
    ours: Ticket
    own: tuple[Trace, ...]
    copies: dict[str, Comment]
    files: dict[str, FileRef]
    notes: tuple[str, ...]

    def differences(self, outcome: Outcome) -> tuple[str, ...]:
        """In words, what the rule makes otherwise of comments and files than it stands here; a line each."""
        wanted = {one.id: one for one in outcome.comments}
        left = [_left_out(one) for one in self.update.comments if one.id not in wanted]
        others = [
            comment_line(one) for one in outcome.comments if one.id in self.copies and self._differs(wanted[one.id])
        ]
        files = [f"leaves out the file {one.name}" for one in self.update.files if one.id not in outcome.files]
        return (*others, *left, *files)

    def _differs(self, wanted: OutComment) -> bool:
        copy = self.copies[wanted.id]
        return copy.is_public is not wanted.is_public or _read(copy.text) != _read(wanted.text)


def last_replica(link: Link, traces: Sequence[Trace], ticket: Ticket) -> LastReplica:
    theirs = {(trace.kind, str(trace.their_id)): trace for trace in traces if not trace.from_us}
    copies = dict(_copies(theirs, ticket))
    files = dict(_files(theirs, ticket))
    of_copy = {comment.id: their_id for their_id, comment in copies.items()}
    update = Update(
        number=link.applied_number,
        knows=0,
        at=ticket.version,
        shown=link.their_shown,
        fields=link.received,
        comments=tuple(_said(their_id, comment) for their_id, comment in copies.items()),
        files=tuple(
            ReplicaFile(their_id, f.name, f.size, f.content_type, "", of_copy.get(f.comment_id or ""))
            for their_id, f in files.items()
        ),
    )
    file_ids = {file.id for file in files.values()}
    ours = replace(
        ticket,
        comments=tuple(one for one in ticket.comments if one.id not in of_copy),
        files=tuple(one for one in ticket.files if one.id not in file_ids),
    )
    own = tuple(trace for trace in traces if trace.from_us)
    return LastReplica(update, ours, own, copies, files, _notes(theirs, copies, files))


def comment_line(one: OutComment) -> str:
    author, text = unsigned(one.text) or (one.author, one.text)
    return f"comment by {author or 'somebody'}{'' if one.is_public else ' (internal)'}: {_words(text)[:200]}"


def _left_out(one: ReplicaComment) -> str:
    return f"leaves out the comment by {one.author or 'somebody'}: {_words(one.text)[:200]}"


def _copies(theirs: dict[tuple[TraceKind, str], Trace], ticket: Ticket) -> Iterator[tuple[str, Comment]]:
    there = {comment.id: comment for comment in ticket.comments}
    for (kind, their_id), trace in theirs.items():
        if kind is TraceKind.COMMENT and not their_id.startswith("rule:") and trace.our_id in there:
            yield their_id, there[trace.our_id]


def _files(theirs: dict[tuple[TraceKind, str], Trace], ticket: Ticket) -> Iterator[tuple[str, FileRef]]:
    """Their id at our desk may not be known yet: then name and size tell."""
    by_id = {file.id: file for file in ticket.files}
    by_digest = {file_digest(file.name, file.size): file for file in ticket.files}
    for (kind, their_id), trace in theirs.items():
        found = by_id.get(trace.our_id) if trace.our_id is not None else by_digest.get(trace.digest)
        if kind is TraceKind.FILE and found is not None and trace.digest != LEFT:
            yield their_id, found


def _said(their_id: str, copy: Comment) -> ReplicaComment:
    author, text = unsigned(copy.text) or ("", copy.text)
    return ReplicaComment(their_id, author, text, copy.at, copy.is_public)


def _notes(
    theirs: dict[tuple[TraceKind, str], Trace], copies: dict[str, Comment], files: dict[str, FileRef]
) -> tuple[str, ...]:
    """What of the replica cannot be shown, in sentences."""
    came = [their_id for _, their_id in theirs if not their_id.startswith("rule:")]
    gone = len(came) - len(copies) - len(files)
    nameless = any(unsigned(copy.text) is None for copy in copies.values())
    notes = []
    if copies or files:
        notes.append("Comments and files of the partner's are tried as they stand at your ticket.")
    if gone:
        notes.append(f"What came with earlier updates and is gone from it is not tried ({gone}).")
    if nameless:
        notes.append("Authors whom no first line names are not kept: they are somebody here.")
    return tuple(notes)


def _read(text: str) -> tuple[str, str]:
    """Author and words: how the partner is called may have changed since."""
    author, body = unsigned(text) or ("", text)
    return author, _words(body)


def _words(text: str) -> str:
    """Desks change spaces and escapes of a text that they keep."""
    return " ".join(unescaped(text).split())
