"""Files on their way out: fetched, hashed, cut into pieces; what is too large or not wanted is named instead."""

import hashlib
from dataclasses import dataclass

from flows.parcels import CHUNK_BYTES, MAX_FILE, Chunk
from sync.outgoing import naming
from sync.replica import ReplicaComment, ReplicaFile
from sync.ticket import FileRef, Ticket
from trackers.port import Tracker


@dataclass(frozen=True, slots=True)
class Parcel:
    """One file, ready to go."""

    file: ReplicaFile
    chunks: tuple[Chunk, ...]


@dataclass(frozen=True, slots=True)
class Packed:
    """`named` says in a comment which files are not sent, and why."""

    parcels: tuple[Parcel, ...]
    named: tuple[ReplicaComment, ...]


async def packed(tracker: Tracker, ticket: Ticket, files: tuple[FileRef, ...], excluded: frozenset[str]) -> Packed:
    """`excluded` holds file endings without the dot, in lower case. Raises what Tracker.download raises."""
    parcels: list[Parcel] = []
    named: list[ReplicaComment] = []
    for file in files:
        why = _refusal(file, excluded)
        content = b"" if why else await _content(tracker, ticket, file)
        if len(content) > MAX_FILE:
            why = _TOO_LARGE
        if why:
            named.append(_named(ticket, file, why))
        else:
            parcels.append(_parcel(file, content))
    return Packed(tuple(parcels), tuple(named))


_TOO_LARGE = "files over 10 MiB are not sent"


def _refusal(file: FileRef, excluded: frozenset[str]) -> str:
    ending = file.name.rpartition(".")[2].lower()
    if ending in excluded:
        return f"files of the kind .{ending} are not sent"
    return _TOO_LARGE if file.size > MAX_FILE else ""


async def _content(tracker: Tracker, ticket: Ticket, file: FileRef) -> bytes:
    """At most one byte more than is sent: what the desk says of the size is not believed."""
    content = bytearray()
    async for piece in tracker.download(ticket.id, file):
        content += piece
        if len(content) > MAX_FILE:
            break
    return bytes(content[: MAX_FILE + 1])


def _named(ticket: Ticket, file: FileRef, why: str) -> ReplicaComment:
    size = f"{file.size / 1024 / 1024:.1f} MiB"
    internal = {comment.id for comment in ticket.comments if not comment.is_public}
    text = f"File “{file.name}” ({size}): {why}."
    return ReplicaComment(naming(file), "Drawbridge", text, ticket.version, file.comment_id not in internal)


def _parcel(file: FileRef, content: bytes) -> Parcel:
    digest = hashlib.sha256(content).hexdigest()
    offsets = range(0, max(len(content), 1), CHUNK_BYTES)
    chunks = tuple(Chunk(file.id, len(content), at, content[at : at + CHUNK_BYTES]) for at in offsets)
    whole = ReplicaFile(file.id, file.name, len(content), file.content_type, digest, file.comment_id)
    return Parcel(whole, chunks)
