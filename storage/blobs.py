"""Pieces of the partner's files, kept until an update names the file."""

from collections.abc import Iterable

from sqlalchemy import bindparam, delete, select

from storage.sessions import OrganisationSession
from storage.ticket_tables import BlobRow

_PIECES = (
    select(BlobRow.first_byte, BlobRow.size, BlobRow.data)
    .where(BlobRow.connection_id == bindparam("connection_id"), BlobRow.file_id == bindparam("file_id"))
    .order_by(BlobRow.first_byte)
)
_SAME_PIECE = ("organisation_id", "connection_id", "file_id", "first_byte")
_REPLACED = ("size", "their_ticket", "data", "received_at")


class Blobs:
    """Forgotten with their update, or a week after they came."""

    def __init__(self, session: OrganisationSession) -> None:
        self._session = session

    def put(self, connection_id: str, their_ticket: str, file_id: str, offset: int, size: int, data: bytes) -> None:
        """A piece of `size` bytes in all, from `offset`; one that was there is replaced. Raises RowConflict."""
        place = {"connection_id": connection_id, "file_id": file_id, "first_byte": offset}
        piece = {"size": size, "their_ticket": their_ticket, "data": data, "received_at": self._session.now}
        self._session.upsert(BlobRow, [{**place, **piece}], unique=_SAME_PIECE, replace=_REPLACED)

    def whole(self, connection_id: str, file_id: str) -> bytes | None:
        """None until every byte is there."""
        rows = self._session.rows(_PIECES, {"connection_id": connection_id, "file_id": file_id})
        return joined((first_byte, size, data) for first_byte, size, data in rows)

    def forget(self, connection_id: str, file_id: str) -> None:
        """Does nothing when nothing came of it."""
        self._session.change(delete(BlobRow).where(BlobRow.connection_id == connection_id, BlobRow.file_id == file_id))


def joined(pieces: Iterable[tuple[int, int, bytes]]) -> bytes | None:
    """Out of offset, whole size and bytes of each piece, by offset; None where one is missing or does not fit."""
    content = bytearray()
    sizes: set[int] = set()
    for offset, size, data in pieces:
        if offset != len(content):
            return None
        content += data
        sizes.add(size)
    return bytes(content) if sizes == {len(content)} else None
