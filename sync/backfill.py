"""Taking tickets that were there before: how far it is."""

from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Backfill:
    """One back-fill of a connection. `page` is where the list goes on, None once all of it was looked at; `found`
    counts matching tickets, `done` those that are on their way. Times are aware UTC."""

    connection_id: str
    query: str
    since: datetime
    started_by: str
    started_at: datetime
    page: str | None = ""
    found: int = 0
    done: int = 0
    ended_at: datetime | None = None
    is_stopped: bool = False

    @property
    def is_over(self) -> bool:
        return self.ended_at is not None

    def after_page(self, page: str | None, found: int) -> "Backfill":
        return replace(self, page=page, found=self.found + found)

    def after_taking(self) -> "Backfill":
        return replace(self, done=self.done + 1)

    def after_end(self, now: datetime) -> "Backfill":
        return replace(self, ended_at=now)

    def after_stop(self, now: datetime) -> "Backfill":
        return replace(self, ended_at=now, is_stopped=True)
