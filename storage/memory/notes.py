"""Secrets, the audit and what Slack is told, in memory; each method does what its namesake in storage/ says."""

from dataclasses import replace
from datetime import datetime

from pairing.notice import Notice, NoticeKind
from storage.audit import AuditEntry
from storage.memory.rows import Due, Hidden
from storage.memory.session import MemorySession
from storage.sealed import KINDS


class Vault:
    """Secrets lie open here: nothing of them outlives the process."""

    def __init__(self, session: MemorySession) -> None:
        self._session = session

    def put(self, kind: str, ref: str, secret: bytes, expires_at: datetime | None = None) -> None:
        assert kind in KINDS, kind
        self._session.rows.secrets.put((kind, ref), Hidden(secret, expires_at))

    def get(self, kind: str, ref: str) -> bytes | None:
        hidden = self._session.rows.secrets.get((kind, ref))
        if hidden is None or (hidden.expires_at is not None and hidden.expires_at <= self._session.now):
            return None
        return hidden.secret

    def refs(self, kind: str) -> frozenset[str]:
        return frozenset(str(ref) for found, ref in self._session.rows.secrets.rows if found == kind)

    def forget(self, kind: str, ref: str) -> None:
        self._session.rows.secrets.remove((kind, ref))


class Audit:
    def __init__(self, session: MemorySession) -> None:
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
        self._session.rows.audit.add(self._session.next_number(), entry)

    def count(self, action: str, *, actor_user: str, since: datetime) -> int:
        return sum(
            entry.action == action and entry.actor_user == actor_user and entry.at >= since
            for entry in self._session.rows.audit.rows.values()
        )

    def count_of(self, action: str, object: str, *, since: datetime) -> int:
        return sum(
            entry.action == action and entry.object == object and entry.at >= since
            for entry in self._session.rows.audit.rows.values()
        )

    def all(self, limit: int) -> tuple[AuditEntry, ...]:
        return tuple(reversed(self._session.rows.audit.rows.values()))[:limit]


class Notices:
    def __init__(self, session: MemorySession) -> None:
        self._session = session

    def add(self, notice: Notice) -> None:
        self._session.rows.notices.add(notice.id, Due(self._session.next_number(), notice, self._session.now))

    def due(self, limit: int) -> tuple[Notice, ...]:
        told = (due for due in self._that_count() if due.at <= self._session.now)
        return tuple(due.notice for due in sorted(told, key=lambda due: due.number)[:limit])

    def next_due(self) -> datetime | None:
        return min((due.at for due in self._that_count()), default=None)

    def _that_count(self) -> list[Due]:
        waiting = self._session.rows.notices.rows.values()
        newest_home = max((due.number for due in waiting if due.notice.kind is NoticeKind.HOME), default=0)
        return [due for due in waiting if due.notice.kind is not NoticeKind.HOME or due.number == newest_home]

    def done(self, notice_id: str) -> None:
        notices = self._session.rows.notices
        told = notices.get(notice_id)
        if told is None:
            return
        if told.notice.kind is NoticeKind.HOME:
            covered = told.number
            notices.remove_where(lambda due: due.notice.kind is NoticeKind.HOME and due.number <= covered)
        else:
            notices.remove(notice_id)

    def later(self, notice_id: str, at: datetime) -> None:
        notices = self._session.rows.notices
        due = notices.get(notice_id)
        if due is not None:
            tried = replace(due.notice, tries=due.notice.tries + 1)
            notices.put(notice_id, replace(due, notice=tried, at=at))


class Cards:
    def __init__(self, session: MemorySession) -> None:
        self._session = session

    def put(self, connection_id: str, purpose: str, channel: str, ts: str) -> None:
        self._session.rows.cards.put((connection_id, purpose), (channel, ts))

    def find(self, connection_id: str, purpose: str) -> tuple[str, str] | None:
        return self._session.rows.cards.get((connection_id, purpose))


class Homes:
    def __init__(self, session: MemorySession) -> None:
        self._session = session

    def put(self, user_id: str) -> None:
        self._session.rows.homes.put(user_id, self._session.now)

    def all(self) -> tuple[str, ...]:
        return tuple(sorted(self._session.rows.homes.rows))
