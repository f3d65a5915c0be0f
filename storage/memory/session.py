"""What a transaction in memory is about: one organisation, its rows, and one time."""

from collections.abc import Callable
from datetime import datetime

from pairing.organisation import Organisation
from storage.memory.lanes import HeldLane
from storage.memory.rows import Rows
from storage.memory.tables import Table


class MemorySession:
    """The counterpart of OrganisationSession. `organisation` is None for one that this node does not serve."""

    def __init__(
        self, organisation: Organisation | None, rows: Rows, lanes: Table[HeldLane], clock: Callable[[], datetime]
    ) -> None:
        self.organisation = organisation
        self.rows = rows
        self.lanes = lanes
        self._clock = clock
        self._now: datetime | None = None

    @property
    def now(self) -> datetime:
        """Aware UTC, the same for the whole transaction."""
        if self._now is None:
            self._now = self._clock()
        return self._now

    def next_number(self) -> int:
        return self.rows.journal.next_number()
