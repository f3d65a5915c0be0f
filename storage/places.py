"""Places in Slack that are kept current: cards, and the Homes we published."""

from sqlalchemy import bindparam, select

from storage.sessions import OrganisationSession
from storage.tables import CardRow, HomeRow

_CARD = select(CardRow).where(
    CardRow.connection_id == bindparam("connection_id"), CardRow.purpose == bindparam("purpose")
)
_HOMES = select(HomeRow.user_id).order_by(HomeRow.user_id)


class Cards:
    """One message for each connection and purpose."""

    def __init__(self, session: OrganisationSession) -> None:
        self._session = session

    def put(self, connection_id: str, purpose: str, channel: str, ts: str) -> None:
        row = {"connection_id": connection_id, "purpose": purpose, "channel": channel, "ts": ts}
        unique = ("organisation_id", "connection_id", "purpose")
        self._session.upsert(CardRow, [row], unique=unique, replace=("channel", "ts"))

    def find(self, connection_id: str, purpose: str) -> tuple[str, str] | None:
        """Channel and ts."""
        row = self._session.row(_CARD, connection_id=connection_id, purpose=purpose)
        return None if row is None else (row.channel, row.ts)


class Homes:
    def __init__(self, session: OrganisationSession) -> None:
        self._session = session

    def put(self, user_id: str) -> None:
        row = {"user_id": user_id, "published_at": self._session.now}
        self._session.upsert(HomeRow, [row], unique=("organisation_id", "user_id"), replace=("published_at",))

    def all(self) -> tuple[str, ...]:
        """The people to whom a Home was published."""
        return tuple(self._session.values(_HOMES))
