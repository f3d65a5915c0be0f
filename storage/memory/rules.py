"""Rules in memory; each method does what its namesake in storage/rules.py says."""

from storage.memory.session import MemorySession
from sync.rule import RuleEntry, RuleSide, RuleVersion


class Rules:
    def __init__(self, session: MemorySession) -> None:
        self._session = session

    def current(self, connection_id: str, side: RuleSide) -> RuleVersion | None:
        return next(iter(self._newest_first(connection_id, side)), None)

    def version(self, connection_id: str, side: RuleSide, number: int) -> RuleVersion | None:
        return self._session.rows.rules.get((connection_id, side, number))

    def all(self, connection_id: str, side: RuleSide, limit: int = 50) -> tuple[RuleEntry, ...]:
        found = self._newest_first(connection_id, side)[:limit]
        return tuple(
            RuleEntry(one.side, one.number, one.author, one.note, one.at, one.sha256, len(one.text)) for one in found
        )

    def add(self, version: RuleVersion) -> None:
        self._session.rows.rules.add((version.connection_id, version.side, version.number), version)

    def may_call(self, connection_id: str) -> bool:
        return self._session.rows.may_call.get(connection_id) or False

    def let_call(self, connection_id: str, allowed: bool, by: str) -> None:
        self._session.rows.may_call.put(connection_id, allowed)

    def _newest_first(self, connection_id: str, side: RuleSide) -> list[RuleVersion]:
        rows = self._session.rows
        return sorted(rows.rules.found(rows.rules_of, (connection_id, side)), key=lambda one: -one.number)
