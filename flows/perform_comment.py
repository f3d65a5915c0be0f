"""Comments at our desk: added, edited, shown to others than before, and taken back."""

from dataclasses import replace

from flows.deeds import CommentDeed
from flows.node import Node
from flows.performing import Performing, file_trace, must_be_over, still_ours, uploads_of
from flows.poll import remember_comment
from storage.lanes import Lease
from storage.store import Transaction
from sync.errors import RemoteGone, RemoteRefusedTicket, VisibilityStays
from sync.intent import Intent, IntentKind
from sync.link import Trace, TraceKind
from sync.marker import split_marker
from sync.ticket import Comment, CommentWritten, FileRef, Ticket, Upload
from trackers.port import Tracker


async def perform_comment(node: Node, lease: Lease, performing: Performing, intent: Intent, *, is_fresh: bool) -> None:
    """Raises the Remote family."""
    deed = CommentDeed.from_json(intent.payload)
    written, moved = await _written(node, lease, performing, intent, deed, is_fresh=is_fresh)

    def settle(tx: Transaction) -> None:
        link = performing.link
        if written is None:
            gone = Trace(link.id, TraceKind.COMMENT, False, deed.our_id, deed.their_id, deed.digest)
            tx.traces.forget(gone)
        else:
            trace = Trace(link.id, TraceKind.COMMENT, False, written.comment_id, deed.their_id, deed.digest)
            tx.traces.put(replace(trace, marker=intent.marker), *(file_trace(link, file) for file in deed.files))
            remember_comment(tx, performing.connection, str(link.our_ticket), written.at)
        if moved:  # what was written anew has an id that the next look learns
            files = (one for one in tx.traces.of_link(link.id) if one.kind is TraceKind.FILE and not one.from_us)
            tx.traces.put(*(replace(one, our_id=None) for one in files if one.our_id in moved))
        performing.cross_out(tx, intent)

    await node.store.run(lease.organisation_id, settle, lease=lease)


async def _written(
    node: Node, lease: Lease, performing: Performing, intent: Intent, deed: CommentDeed, *, is_fresh: bool
) -> tuple[CommentWritten | None, frozenset[str]]:
    """None for a comment that is not there any more; and our ids of files that were written anew with it."""
    tracker, ticket_id = performing.desk.tracker, str(performing.link.our_ticket)
    if intent.kind is IntentKind.REMOVE_COMMENT:
        await _taken_back(performing, ticket_id, str(deed.our_id), deed.marker_line)
        return None, frozenset()
    if intent.kind is IntentKind.ADD_COMMENT:
        return await _added(node, lease, performing, intent, deed, is_fresh=is_fresh), frozenset()
    try:
        line, is_public = deed.marker_line, deed.is_public
        edited = await tracker.edit_comment(ticket_id, str(deed.our_id), deed.text, line, is_public=is_public)
        return edited, frozenset()
    except RemoteGone:
        ticket = await tracker.read(ticket_id)  # RemoteGone again when it was the whole ticket
        anew = None if is_fresh else _anew(ticket, deed)
        return (None if anew is None else CommentWritten(anew.id, anew.at)), frozenset()
    except VisibilityStays:
        return await _shown_otherwise(node, lease, performing, intent, deed, is_fresh=is_fresh)


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
) -> tuple[CommentWritten, frozenset[str]]:
    """A comment that others may see from now on, or no longer: desks do not change that, so it is written anew with its
    files, and then the old one taken back. In this order, for what is written twice is found by its line, and what
    everybody saw already may stand a moment longer."""
    tracker, ticket_id = performing.desk.tracker, str(performing.link.our_ticket)
    ticket = await tracker.read(ticket_id)
    old_files = tuple(file for file in ticket.files if file.comment_id == deed.our_id)
    anew = None if is_fresh else _anew(ticket, deed)
    if anew is not None:
        written = CommentWritten(anew.id, anew.at)
    else:
        if not is_fresh:
            await must_be_over(node, lease, intent)
            await still_ours(node, lease)
        uploads = tuple(
            [Upload(one.name, one.content_type, await _content(tracker, ticket_id, one)) for one in old_files]
        )
        line = deed.marker_line
        written = await tracker.add_comment(ticket_id, deed.text, line, uploads, is_public=deed.is_public)
    await _taken_back(performing, ticket_id, str(deed.our_id), deed.marker_line)
    return written, frozenset(file.id for file in old_files)


def _anew(ticket: Ticket, deed: CommentDeed) -> Comment | None:
    """What an earlier attempt wrote in place of the old one."""
    _, code = split_marker(deed.marker_line)
    same = (one for one in ticket.comments if one.marker == code and one.id != deed.our_id)
    return next((one for one in same if one.is_public is deed.is_public), None)


async def _taken_back(performing: Performing, ticket_id: str, our_id: str, marker_line: str) -> None:
    """Removed; where the desk removes no comments, its text is replaced. The line stays: it is none of our people's."""
    tracker = performing.desk.tracker
    try:
        await tracker.remove_comment(ticket_id, our_id)
    except RemoteRefusedTicket:
        text = f"({performing.connection.partner} took this comment back.)"
        await tracker.edit_comment(ticket_id, our_id, text, marker_line)


async def _content(tracker: Tracker, ticket_id: str, file: FileRef) -> bytes:
    return b"".join([piece async for piece in tracker.download(ticket_id, file)])
