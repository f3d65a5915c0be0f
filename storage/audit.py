"""Who did what and when; rows are added, never changed. No secrets, no numbers, no ticket text."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select

from storage.columns import columns_of, value_of
from storage.sessions import OrganisationSession
from storage.tables import AuditRow

_COUNT = select(func.count(AuditRow.seq)).where(
    AuditRow.action == bindparam("action"),
    AuditRow.actor_user == bindparam("actor_user"),
    AuditRow.at >= bindparam("since"),
)
_COUNT_OF = select(func.count(AuditRow.seq)).where(
    AuditRow.action == bindparam("action"), AuditRow.object == bindparam("object"), AuditRow.at >= bindparam("since")
)
_ALL = select(AuditRow).order_by(AuditRow.seq.desc()).limit(bindparam("most"))


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """`actor_user` and `actor_team` are Slack's ids, None where a partner or the clock acted."""

    at: datetime
    action: str
    object: str
    outcome: str
    actor_user: str | None
    actor_team: str | None
    detail: str


class Audit:
    def __init__(self, session: OrganisationSession) -> None:
        self._session = session

    def write(
        self,
        action: str,
        object: str,
        outcome: str = "ok",
        *,
        actor_user: str | None = None,
        actor_team: str | None = None,
        detail: str = "",
    ) -> None:
        entry = AuditEntry(self._session.now, action, object, outcome, actor_user, actor_team, detail)
        self._session.insert(AuditRow, columns_of(entry))

    def count(self, action: str, *, actor_user: str, since: datetime) -> int:
        """How often this person did it since then."""
        return self._session.values(_COUNT, {"action": action, "actor_user": actor_user, "since": since}).one()

    def count_of(self, action: str, object: str, *, since: datetime) -> int:
        """How often this happened to that object since then, whoever did it."""
        return self._session.values(_COUNT_OF, {"action": action, "object": object, "since": since}).one()

    def all(self, limit: int) -> tuple[AuditEntry, ...]:
        """Newest first."""
        return tuple(value_of(AuditEntry, row) for row in self._session.rows(_ALL, {"most": limit}))
