"""A desk of one kind or another, for the suites that run over all of them."""

from dataclasses import dataclass
from datetime import datetime

from sync.ticket import FileRef, Sighting
from tests.contracts.desk_people import DeskPeople
from tests.flows.two_sides import START, Clock
from trackers.port import Tracker


@dataclass(frozen=True)
class Case:
    """A desk, seen by Drawbridge and by its people. `clock` is the desk's own."""

    tracker: Tracker
    people: DeskPeople
    clock: Clock

    async def seen(self, since: datetime = START) -> dict[str, Sighting]:
        """All pages of the list, by ticket."""
        found: dict[str, Sighting] = {}
        page: str | None = None
        while True:
            listed = await self.tracker.changed_since(since, page)
            assert len(listed.sightings) <= 100
            found |= {sighting.ticket_id: sighting for sighting in listed.sightings}
            page = listed.next
            if page is None:
                return found

    async def content(self, ticket_id: str, file: FileRef) -> bytes:
        pieces = self.tracker.download(ticket_id, file)
        return b"".join([piece async for piece in pieces])
