"""What doing a ticket's and a comment's intents have in common."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from flows.desk_of import OpenDesk
from flows.node import Node
from flows.parcels import ParcelNotReadable
from pairing.connection import Connection
from rules.script import RuleTexts
from storage.lanes import Lease
from storage.store import Transaction
from sync.errors import RemoteUnavailable
from sync.intent import Intent
from sync.link import Link, Trace, TraceKind
from sync.outgoing import file_digest
from sync.replica import ReplicaFile, Update
from sync.ticket import Upload

# How long a call whose answer was lost may still be at work over there.
GRACE = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Performing:
    desk: OpenDesk
    connection: Connection
    link: Link
    update: Update
    envelope_id: str
    texts: RuleTexts
    is_last: bool = False

    def cross_out(self, tx: Transaction, intent: Intent) -> None:
        if not self.is_last:
            tx.intents.done(intent.id)


async def still_ours(node: Node, lease: Lease) -> None:
    """Looking takes time. Raises LeaseLost when somebody else does by now what we were about to do."""
    await node.store.run(lease.organisation_id, lambda tx: None, lease=lease)


async def must_be_over(node: Node, lease: Lease, intent: Intent) -> None:
    """Raises RemoteUnavailable while an attempt without an answer may still take effect."""
    now = await node.store.read(lease.organisation_id, lambda tx: tx.now)
    left = intent.made_at + GRACE - now
    if left > timedelta(0):
        raise RemoteUnavailable("an earlier attempt may still be at work", left.total_seconds())


async def uploads_of(
    node: Node, lease: Lease, performing: Performing, files: tuple[ReplicaFile, ...]
) -> tuple[Upload, ...]:
    """Each file pieced together and checked by its hash. Raises ParcelNotReadable when a piece is missing or wrong."""
    if not files:
        return ()
    connection_id = performing.connection.id
    contents = await node.store.read(
        lease.organisation_id, lambda tx: [tx.blobs.whole(connection_id, file.id) for file in files]
    )
    uploads = []
    for file, content in zip(files, contents, strict=True):
        if content is None or hashlib.sha256(content).hexdigest() != file.sha256:
            raise ParcelNotReadable(f"a file did not arrive whole ({file.size} bytes)")
        uploads.append(Upload(file.name, file.content_type, content))
    return tuple(uploads)


def file_trace(link: Link, file: ReplicaFile) -> Trace:
    """Its id at our desk is learned when the ticket is read next."""
    return Trace(link.id, TraceKind.FILE, False, None, file.id, file_digest(file.name, file.size))
