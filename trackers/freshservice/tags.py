"""Tags out of a list: a look at one ticket costs the double with them, a list of a hundred only two calls more.

Freshservice API v2, List and View a ticket and Rate limits, read 2025-11: tags come only where they are asked for.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from trackers.freshservice.record import Record

KEPT_SECONDS = 300.0
MOST_KEPT = 10_000
# So many looks at single tickets since the last list make it worth to ask the next list for tags.
_WORTH = 3


@dataclass(slots=True)
class KnownTags:
    """Of one account. `clock` is monotonic seconds.

    What a list showed counts as long as the ticket's time stands still, and only where that second was over when it was
    shown: another change within the same second moves no time. Over it was when another ticket has a later one.
    """

    clock: Callable[[], float]
    is_offered: bool = True
    _looks: int = 0
    _newest: datetime | None = None
    _kept: dict[int, tuple[float, datetime, tuple[str, ...]]] = field(default_factory=dict)

    def are_worth_it(self) -> bool:
        return self.is_offered and self._looks >= _WORTH

    def looked(self) -> None:
        """A single ticket was looked at, and its tags had to be paid for."""
        self._looks += 1

    def listed(self, entries: Iterable[Record], *, with_tags: bool) -> None:
        entries = tuple(entries)
        times = [at for entry in entries if (at := entry.moment("updated_at")) is not None]
        self._newest = max([*times, *([self._newest] if self._newest else [])], default=None)
        if not with_tags:
            return
        self._looks = 0
        until = self.clock() + KEPT_SECONDS
        for entry in entries:
            at, ticket_id = entry.moment("updated_at"), entry.number("id")
            if ticket_id is None or at is None or self._newest is None or "tags" not in entry.held:
                continue
            self._kept.pop(ticket_id, None)
            if at < self._newest:
                self._kept[ticket_id] = (until, at, entry.texts("tags"))
        while len(self._kept) > MOST_KEPT:
            del self._kept[next(iter(self._kept))]

    def may_be_known(self, ticket_id: str) -> bool:
        until, _, _ = self._kept.get(int(ticket_id), (0.0, None, ()))
        return self.clock() < until

    def added_to(self, viewed: Record) -> Record | None:
        """The same with its tags; None where they are not known for certain."""
        until, at, tags = self._kept.get(viewed.number("id") or 0, (0.0, None, ()))
        if self.clock() >= until or at is None or viewed.moment("updated_at") != at:
            return None
        return Record({**viewed.held, "tags": list(tags)})
