"""What an update of the partner's makes us do at our desk, call by call: intents, written down before any is done."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flows.catch_up import code_of_comment, code_of_ticket
from flows.deeds import Afterwards, CommentDeed, TicketDeed
from flows.draw import new_code, new_id
from flows.node import Node
from pairing.connection import Connection
from rules.host.scene import Outcome
from sync.envelope import Envelope
from sync.incoming import CommentMove, CommentWrite, Plan
from sync.intent import Intent, IntentKind
from sync.link import Link, Trace, TraceKind, value_digest
from sync.marker import marker_line
from sync.outgoing import comment_digest
from sync.replica import ReplicaFile, Update

_Made = tuple[IntentKind, str, str]  # kind, marker and payload
_KINDS = {
    CommentMove.ADD: IntentKind.ADD_COMMENT,
    CommentMove.EDIT: IntentKind.EDIT_COMMENT,
    CommentMove.REMOVE: IntentKind.REMOVE_COMMENT,
}


@dataclass(frozen=True, slots=True)
class Intended:
    """One update, with what the rule made of it."""

    node: Node
    connection: Connection
    link: Link
    traces: tuple[Trace, ...]
    envelope: Envelope
    update: Update
    outcome: Outcome

    def intents(self, plan: Plan, now: datetime) -> tuple[Intent, ...]:
        """In the order in which they are to be done: the ticket, its comments, what the rule adds."""
        files = self._new_files(plan)
        made = (*self._of_ticket(plan, files), *self._of_comments(plan, files), *self._of_rule())
        connection_id, link_id, envelope_id = self.connection.id, self.link.id, self.envelope.id
        return tuple(
            Intent(new_id(self.node), connection_id, link_id, envelope_id, position, kind, code, payload, now)
            for position, (kind, code, payload) in enumerate(made)
        )

    def _new_files(self, plan: Plan) -> tuple[ReplicaFile, ...]:
        """A file at a comment that is written anew comes anew with it: it went when the comment was taken back."""
        wanted = [file for file in self.update.files if file.id in self.outcome.files]
        added = {one.comment.id for one in plan.comments if one.comment is not None and one.move is CommentMove.ADD}
        return tuple(file for file in wanted if file.comment_id in added or not _is_there(self.traces, file))

    def _of_ticket(self, plan: Plan, files: Sequence[ReplicaFile]) -> Iterator[_Made]:
        link, own_files = self.link, tuple(file for file in files if file.comment_id is None)
        if link.our_ticket is None or plan.writes or own_files:
            code = code_of_ticket(self.connection, str(link.their_ticket))
            before = link.seen.only(plan.writes)
            deed = TicketDeed(plan.writes, own_files, self.update.requester, self._ticket_line(code), before)
            yield (IntentKind.CREATE if link.our_ticket is None else IntentKind.UPDATE), code, deed.to_json()

    def _of_comments(self, plan: Plan, files: Sequence[ReplicaFile]) -> Iterator[_Made]:
        for write in plan.comments:
            code = self._comment_code(write)
            deed = self._comment_deed(write, code, files)
            if deed is not None:
                yield _KINDS[write.move], code, deed.to_json()

    def _of_rule(self) -> Iterator[_Made]:
        """Its own comments, each text once: the trace of one that was written says so."""
        known = {trace.their_id for trace in self.traces if trace.kind is TraceKind.COMMENT and not trace.from_us}
        for one in self.outcome.own_comments:
            if one.id not in known:
                code = new_code(self.node)
                deed = CommentDeed(their_id=one.id, digest="rule", text=one.text, is_public=one.is_public)
                yield IntentKind.ADD_COMMENT, code, replace(deed, marker_line=self._line(code)).to_json()
        if self.outcome.unlink_after or self.outcome.sync_back_after:
            after = Afterwards(self.outcome.unlink_after, self.outcome.sync_back_after)
            yield IntentKind.AFTERWARDS, new_code(self.node), after.to_json()

    def _line(self, code: str) -> str:
        return marker_line(self.connection.partner, self.update.shown, code)

    def _ticket_line(self, code: str) -> str:
        """Under what we create, and kept there when its description is written again; never under an original."""
        link = self.link
        if link.our_ticket is None:
            return self._line(code)
        shown = link.their_shown or self.update.shown
        return marker_line(self.connection.partner, shown, link.marker) if link.marker else ""

    def _comment_code(self, write: CommentWrite) -> str:
        if write.comment is None:
            return new_code(self.node)
        return code_of_comment(self.connection, str(self.link.their_ticket), write.comment.id)

    def _comment_deed(self, write: CommentWrite, code: str, files: Sequence[ReplicaFile]) -> CommentDeed | None:
        """None for a comment that the rule leaves out."""
        comment, trace = write.comment, write.trace
        if comment is None:
            assert trace is not None
            return self._removal(trace, code)
        wanted = next((one for one in self.outcome.comments if one.id == comment.id), None)
        if wanted is None:
            return None
        marker = trace.marker if trace is not None and trace.marker else code
        return CommentDeed(
            their_id=comment.id,
            digest=comment_digest(comment),
            text=wanted.text,
            our_id=trace.our_id if trace is not None else None,
            files=tuple(file for file in files if file.comment_id == comment.id) if trace is None else (),
            marker_line=self._line(marker),
            is_public=wanted.is_public,
        )

    def _removal(self, trace: Trace, code: str) -> CommentDeed | None:
        """None where the rule keeps our copy of what is gone over there."""
        if trace.our_id is not None and trace.our_id not in self.outcome.removed:
            return None
        # Should the text only be replaced, its line is another one: the same comment may come again.
        return CommentDeed(str(trace.their_id), "", our_id=trace.our_id, marker_line=self._line(code))


def _is_there(traces: Sequence[Trace], file: ReplicaFile) -> bool:
    """It came before, or it is a file of ours that comes back: from a partner who forgot where it had it from."""
    ours = value_digest(file.sha256, file.name)
    files = [trace for trace in traces if trace.kind is TraceKind.FILE]
    return any(one.digest == ours if one.from_us else one.their_id == file.id for one in files)
