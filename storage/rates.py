"""What may still be spent at a desk account: one row each, shared by every machine that works for it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Row, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.columns import UtcTime
from storage.lane_tables import rate_bucket
from storage.lanes import connection_of
from storage.sessions import SystemSession

_account: Any = bindparam("of_account")
_BUCKET = select(rate_bucket).where(rate_bucket.c.account == _account).with_for_update(key_share=True)
_MOVE = update(rate_bucket).where(rate_bucket.c.account == _account)
_BOOK = _MOVE.values(next_at=bindparam("then", type_=UtcTime()))
_SAVE = _MOVE.values(state=bindparam("text"))


@dataclass(frozen=True, slots=True)
class Rate:
    """One call each `spacing_seconds`, and after a rest `burst` (1 or more) at once."""

    spacing_seconds: float
    burst: int

    def __post_init__(self) -> None:
        assert self.spacing_seconds > 0, "a rate has a distance between calls"
        assert self.burst >= 1, "a rate lets one call through"

    @property
    def tolerance(self) -> timedelta:
        return self.span(self.burst)

    def span(self, calls: int) -> timedelta:
        return timedelta(seconds=self.spacing_seconds * calls)


class Rates:
    """The generic cell rate algorithm: in no window of W seconds are there more than W / spacing + burst calls."""

    def __init__(self, session: SystemSession) -> None:
        self._session = session

    def reserve(self, account: str, rate: Rate, calls: int = 1) -> float:
        """Books the calls; in how many seconds all of them may be made."""
        now = self._session.now
        then = max(self._locked(account).next_at or now, now) + rate.span(calls)
        self._execute(_BOOK, account, then=then)
        return max(0.0, (then - rate.tolerance - now).total_seconds())

    def hold(self, account: str, rate: Rate, seconds: float) -> None:
        """The desk refused: no call that is booked from now on comes before then."""
        until = self._session.now + timedelta(seconds=seconds) + rate.tolerance - rate.span(1)
        self._execute(_BOOK, account, then=max(self._locked(account).next_at or until, until))

    def bucket(self, account: str) -> str:
        """What was saved last, empty at first; nobody else reads or saves it until the transaction ends."""
        return str(self._locked(account).state)

    def save_bucket(self, account: str, state: str) -> None:
        self._locked(account)
        self._execute(_SAVE, account, text=state)

    def _locked(self, account: str) -> Row[Any]:
        connection, asked = connection_of(self._session), {"of_account": account}
        row = connection.execute(_BUCKET, asked).one_or_none()
        if row is None:
            connection.execute(_new(connection.dialect.name), {"account": account, "next_at": None, "state": ""})
            row = connection.execute(_BUCKET, asked).one()
        return row

    def _execute(self, statement: Any, account: str, **values: str | datetime) -> None:
        connection_of(self._session).execute(statement, {"of_account": account, **values})


@cache
def _new(dialect: str) -> Any:
    insert = sqlite.insert(rate_bucket) if dialect == "sqlite" else postgresql.insert(rate_bucket)
    return insert.on_conflict_do_nothing(index_elements=("account",))
