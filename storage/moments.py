"""When something happened that the brakes count; swept after a day."""

from datetime import datetime

from sqlalchemy import bindparam, func, select

from storage.sessions import OrganisationSession
from storage.ticket_tables import MomentRow

_COUNT = select(func.count(MomentRow.seq)).where(
    MomentRow.connection_id == bindparam("connection_id"),
    MomentRow.kind == bindparam("kind"),
    MomentRow.at > bindparam("since"),
)
_COUNT_OF_KEY = _COUNT.where(MomentRow.key == bindparam("key"))


class Moments:
    def __init__(self, session: OrganisationSession) -> None:
        self._session = session

    def add(self, connection_id: str, kind: str, key: str, at: datetime) -> None:
        """Raises RowConflict when there is no such connection."""
        self._session.insert(MomentRow, {"connection_id": connection_id, "kind": kind, "key": key, "at": at})

    def count(self, connection_id: str, kind: str, key: str | None, since: datetime) -> int:
        """How many after `since`, with this key or, for None, with any."""
        parameters = {"connection_id": connection_id, "kind": kind, "since": since}
        if key is None:
            return self._session.values(_COUNT, parameters).one()
        return self._session.values(_COUNT_OF_KEY, {**parameters, "key": key}).one()
