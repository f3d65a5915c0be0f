"""Comments at our desk: added, edited, shown to others than before, and taken back."""

from dataclasses import dataclass, replace

from flows.catch_up import code_of_taken_back
from flows.deeds import CommentDeed
from flows.node import Node
from flows.performing import Performing, file_trace, must_be_over, still_ours, uploads_of
from flows.poll import remember_comment
from storage.lanes import Lease
from storage.store import Transaction
from sync.errors import RemoteGone, RemoteRefusedTicket, VisibilityStays
from sync.intent import Intent, IntentKind
from sync.link import LEFT, Trace, TraceKind
from sync.marker import marker_line, split_marker
from sync.outgoing import file_digest
from sync.ticket import Comment, CommentWritten, FileRef, Ticket, Upload
from trackers.port import Tracker

_NO_CONTENT = "It lists a file at this comment but does not hand it out. Remove the file there, then retry."


@dataclass(frozen=True, slots=True)
class _Done:
    """`written` is None for a comment that is not there any more. `anew` are our ids of files that were written anew
    with it, `left` of those that still stand at what was taken back."""

    written: CommentWritten | None
    anew: frozenset[str] = frozenset()
    left: frozenset[str] = frozenset()


async def perform_comment(node: Node, lease: Lease, performing: Performing, intent: Intent, *, is_fresh: bool) -> None:
    """Raises the Remote family."""
    deed = CommentDeed.from_json(intent.payload)
    done = await _done(node, lease, performing, intent, deed, is_fresh=is_fresh)

    def settle(tx: Transaction) -> None:
        _trace_comment(tx, performing, intent, deed, done.written)
        _trace_files(tx, performing.link.id, done)
        performing.cross_out(tx, intent)

    await node.store.run(lease.organisation_id, settle, lease=lease)


def _trace_comment(
    tx: Transaction, performing: Performing, intent: Intent, deed: CommentDeed, written: CommentWritten | None
) -> None:
    link = performing.link
    if written is None:
        tx.traces.forget(Trace(link.id, TraceKind.COMMENT, False, deed.our_id, deed.their_id, deed.digest))
    else:
        trace = Trace(link.id, TraceKind.COMMENT, False, written.comment_id, deed.their_id, deed.digest)
        tx.traces.put(replace(trace, marker=intent.marker), *(file_trace(link, file) for file in deed.files))
        remember_comment(tx, performing.connection, str(link.our_ticket), written.at)


def _trace_files(tx: Transaction, link_id: str, done: _Done) -> None:
    """What was written anew has an id that the next look learns; what it replaces may stand on, and is not ours."""
    files = [one for one in _written_files(tx.traces.of_link(link_id)) if one.our_id in done.anew]
    tx.traces.put(*(replace(one, our_id=None) for one in files))
    tx.traces.put(*(Trace(link_id, TraceKind.FILE, False, one, f"{LEFT}:{one}", LEFT) for one in done.left))


def _written_files(traces: tuple[Trace, ...]) -> list[Trace]:
    return [one for one in traces if one.kind is TraceKind.FILE and not one.from_us]


async def _done(
    node: Node, lease: Lease, performing: Performing, intent: Intent, deed: CommentDeed, *, is_fresh: bool
) -> _Done:
    tracker, ticket_id = performing.desk.tracker, str(performing.link.our_ticket)
    if intent.kind is IntentKind.REMOVE_COMMENT:
        return await _removed(performing, ticket_id, deed)
    if intent.kind is IntentKind.ADD_COMMENT:
        return _Done(await _added(node, lease, performing, intent, deed, is_fresh=is_fresh))
    try:
        line, is_public = deed.marker_line, deed.is_public
        return _Done(await tracker.edit_comment(ticket_id, str(deed.our_id), deed.text, line, is_public=is_public))
    except RemoteGone:
        return await _found_anew(node, lease, performing, deed)
    except VisibilityStays:
        return await _shown_otherwise(node, lease, performing, intent, deed, is_fresh=is_fresh)


async def _removed(performing: Performing, ticket_id: str, deed: CommentDeed) -> _Done:
    our_id, tracker = str(deed.our_id), performing.desk.tracker
    if await _taken_back(performing, ticket_id, our_id, deed.marker_line):
        return _Done(None)
    return _Done(None, left=_ids(_files_at(await tracker.read(ticket_id), our_id)))


async def _found_anew(node: Node, lease: Lease, performing: Performing, deed: CommentDeed) -> _Done:
    """The old one is gone: by an earlier attempt that wrote it anew before, or by somebody's hand."""
    tracker, link = performing.desk.tracker, performing.link
    ticket = await tracker.read(str(link.our_ticket))  # RemoteGone again when it was the whole ticket
    anew = _anew(ticket, deed)
    if anew is None:
        return _Done(None)
    digests = {file_digest(file.name, file.size) for file in _files_at(ticket, anew.id)}
    traces = _written_files(await node.store.read(lease.organisation_id, lambda tx: tx.traces.of_link(link.id)))
    known = {one.our_id for one in traces if one.our_id is not None and one.digest in digests}
    return _Done(await _with_text(tracker, ticket.id, anew, deed), frozenset(known - _ids(ticket.files)))


async def _added(
    node: Node, lease: Lease, performing: Performing, intent: Intent, deed: CommentDeed, *, is_fresh: bool
) -> CommentWritten:
    tracker, ticket_id = performing.desk.tracker, str(performing.link.our_ticket)
    if not is_fresh:
        ticket = await tracker.read(ticket_id)
        found = next((comment for comment in ticket.comments if comment.marker == intent.marker), None)
        if found is not None:
            return CommentWritten(found.id, found.at)
        await must_be_over(node, lease, intent)
        await still_ours(node, lease)
    files = await uploads_of(node, lease, performing, deed.files)
    return await tracker.add_comment(ticket_id, deed.text, deed.marker_line, files, is_public=deed.is_public)


async def _shown_otherwise(
    node: Node, lease: Lease, performing: Performing, intent: Intent, deed: CommentDeed, *, is_fresh: bool
) -> _Done:
    """A comment that others may see from now on, or no longer: desks do not change that, so it is written anew with its
    files, and then the old one taken back. In this order, for what is written twice is found by its line, and what
    everybody saw already may stand a moment longer."""
    tracker, old = performing.desk.tracker, str(deed.our_id)
    ticket = await tracker.read(str(performing.link.our_ticket))
    files, anew = _files_at(ticket, old), _anew(ticket, deed)
    if anew is not None:
        written = await _with_text(tracker, ticket.id, anew, deed)
    else:
        if not is_fresh:
            await must_be_over(node, lease, intent)
            await still_ours(node, lease)
        written = await _written_anew(tracker, ticket.id, deed, files)
    # A line of its own: by the old one the comment that counts is found.
    line = marker_line(
        performing.connection.partner, performing.update.shown, code_of_taken_back(performing.connection, old)
    )
    is_gone = await _taken_back(performing, ticket.id, old, line)
    return _Done(written, _ids(files), frozenset() if is_gone else _ids(files))


async def _written_anew(
    tracker: Tracker, ticket_id: str, deed: CommentDeed, files: tuple[FileRef, ...]
) -> CommentWritten:
    uploads = [Upload(one.name, one.content_type, await _content(tracker, ticket_id, one)) for one in files]
    line, is_public = deed.marker_line, deed.is_public
    return await tracker.add_comment(ticket_id, deed.text, line, tuple(uploads), is_public=is_public)


def _anew(ticket: Ticket, deed: CommentDeed) -> Comment | None:
    """What an earlier attempt wrote in place of the old one, also one that was parked since."""
    _, code = split_marker(deed.marker_line)
    same = (one for one in ticket.comments if one.marker == code and one.id != deed.our_id)
    return next((one for one in same if one.is_public is deed.is_public), None)


async def _with_text(tracker: Tracker, ticket_id: str, anew: Comment, deed: CommentDeed) -> CommentWritten:
    """An attempt that was parked may have written an older text."""
    if anew.text == deed.text:
        return CommentWritten(anew.id, anew.at)
    return await tracker.edit_comment(ticket_id, anew.id, deed.text, deed.marker_line)


async def _taken_back(performing: Performing, ticket_id: str, our_id: str, line: str) -> bool:
    """Removed; where the desk removes no comments (False), its text is replaced, and files stay. A line of ours stands
    there all the same: it is none of our people's."""
    tracker = performing.desk.tracker
    try:
        await tracker.remove_comment(ticket_id, our_id)
    except RemoteRefusedTicket:
        text = f"({performing.connection.partner} took this comment back.)"
        await tracker.edit_comment(ticket_id, our_id, text, line)
        return False
    return True


def _files_at(ticket: Ticket, comment_id: str) -> tuple[FileRef, ...]:
    return tuple(file for file in ticket.files if file.comment_id == comment_id)


def _ids(files: tuple[FileRef, ...]) -> frozenset[str]:
    return frozenset(file.id for file in files)


async def _content(tracker: Tracker, ticket_id: str, file: FileRef) -> bytes:
    """Raises RemoteRefusedTicket for a file that is listed and not there: the ticket is, and waits for a person."""
    try:
        return b"".join([piece async for piece in tracker.download(ticket_id, file)])
    except RemoteGone as error:
        raise RemoteRefusedTicket(_NO_CONTENT) from error
