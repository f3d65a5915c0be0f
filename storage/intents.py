"""What we are about to do at our desks."""

from sqlalchemy import bindparam, delete, select

from storage.columns import columns_of, value_of
from storage.sessions import OrganisationSession
from storage.ticket_tables import IntentRow
from sync.intent import Intent

_IN_ORDER = (IntentRow.made_at, IntentRow.position, IntentRow.id)
_OF_LINK = select(IntentRow).where(IntentRow.link_id == bindparam("link_id")).order_by(*_IN_ORDER)
_OF_ENVELOPE = (
    select(IntentRow)
    .where(IntentRow.connection_id == bindparam("connection_id"), IntentRow.envelope_id == bindparam("envelope_id"))
    .order_by(*_IN_ORDER)
)
_DONE = delete(IntentRow).where(IntentRow.id == bindparam("id"))
_DROP = delete(IntentRow).where(
    IntentRow.connection_id == bindparam("connection_id"), IntentRow.envelope_id == bindparam("envelope_id")
)


class Intents:
    """Only those that are not crossed out; they change under the lease of their ticket's lane, so nothing is locked."""

    def __init__(self, session: OrganisationSession) -> None:
        self._session = session

    def add(self, *intents: Intent) -> None:
        """Raises RowConflict when an id is taken, or a link is not there."""
        self._session.insert(IntentRow, *map(columns_of, intents))

    def open_of_link(self, link_id: str) -> tuple[Intent, ...]:
        """Those of one envelope by position; of several envelopes the ones made first come first."""
        return tuple(value_of(Intent, row) for row in self._session.rows(_OF_LINK, {"link_id": link_id}))

    def open_of_envelope(self, connection_id: str, envelope_id: str) -> tuple[Intent, ...]:
        """By position."""
        parameters = {"connection_id": connection_id, "envelope_id": envelope_id}
        return tuple(value_of(Intent, row) for row in self._session.rows(_OF_ENVELOPE, parameters))

    def done(self, intent_id: str) -> None:
        """Crosses it out. Does nothing when it is not there any more."""
        self._session.change(_DONE, {"id": intent_id})

    def drop_of_envelope(self, connection_id: str, envelope_id: str) -> None:
        self._session.change(_DROP, {"connection_id": connection_id, "envelope_id": envelope_id})
