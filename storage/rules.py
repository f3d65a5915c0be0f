"""The rules of one organisation's side of its connections: versions, and whether `httpClient` is on."""

from sqlalchemy import bindparam, select

from storage.columns import columns_of, value_of
from storage.rule_tables import RuleSwitchRow, RuleVersionRow
from storage.sessions import OrganisationSession
from sync.rule import RuleEntry, RuleSide, RuleVersion

_OF_SIDE = select(RuleVersionRow).where(
    RuleVersionRow.connection_id == bindparam("connection_id"), RuleVersionRow.side == bindparam("side")
)
_CURRENT = _OF_SIDE.order_by(RuleVersionRow.number.desc()).limit(1)
_NUMBERED = _OF_SIDE.where(RuleVersionRow.number == bindparam("number"))
_LISTED = (
    select(
        RuleVersionRow.side,
        RuleVersionRow.number,
        RuleVersionRow.author,
        RuleVersionRow.note,
        RuleVersionRow.at,
        RuleVersionRow.sha256,
        RuleVersionRow.size,
    )
    .where(RuleVersionRow.connection_id == bindparam("connection_id"), RuleVersionRow.side == bindparam("side"))
    .order_by(RuleVersionRow.number.desc())
    .limit(bindparam("most"))
)
_MAY_CALL = select(RuleSwitchRow.may_call).where(RuleSwitchRow.connection_id == bindparam("connection_id"))
_SWITCHED = ("may_call", "set_by", "set_at")


class Rules:
    def __init__(self, session: OrganisationSession) -> None:
        self._session = session

    def current(self, connection_id: str, side: RuleSide) -> RuleVersion | None:
        """The one with the highest number; None while the texts that we ship stand."""
        row = self._session.look(_CURRENT, connection_id=connection_id, side=side)
        return None if row is None else value_of(RuleVersion, row)

    def version(self, connection_id: str, side: RuleSide, number: int) -> RuleVersion | None:
        row = self._session.look(_NUMBERED, connection_id=connection_id, side=side, number=number)
        return None if row is None else value_of(RuleVersion, row)

    def all(self, connection_id: str, side: RuleSide, limit: int = 50) -> tuple[RuleEntry, ...]:
        """Newest first, without their texts."""
        found = self._session.rows(_LISTED, {"connection_id": connection_id, "side": side, "most": limit})
        return tuple(value_of(RuleEntry, row) for row in found)

    def add(self, version: RuleVersion) -> None:
        """Raises RowConflict when there is this number already, or no such connection."""
        self._session.insert(RuleVersionRow, {**columns_of(version), "size": len(version.text)})

    def may_call(self, connection_id: str) -> bool:
        """Whether `httpClient` is on."""
        return bool(self._session.values(_MAY_CALL, {"connection_id": connection_id}).one_or_none())

    def let_call(self, connection_id: str, allowed: bool, by: str) -> None:
        """Raises RowConflict when there is no such connection."""
        row = {"connection_id": connection_id, "may_call": allowed, "set_by": by, "set_at": self._session.now}
        self._session.upsert(RuleSwitchRow, [row], unique=("organisation_id", "connection_id"), replace=_SWITCHED)
