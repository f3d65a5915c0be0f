"""All that one node keeps in memory."""

from dataclasses import dataclass
from datetime import datetime

from pairing.organisation import Organisation
from storage.errors import RowConflict
from storage.memory.lanes import HeldLane
from storage.memory.rates import HeldBudget
from storage.memory.rows import Rows, Shared
from storage.memory.tables import Journal, Key, Table


@dataclass(frozen=True, slots=True)
class HeldOrganisation:
    number: int
    organisation: Organisation
    created_at: datetime


class NobodysJournal(Journal):
    """For an organisation that this node does not serve: it has nothing and gets nothing."""

    def note(self, table: Table[object], key: Key, old: object) -> None:
        raise RowConflict("A row breaks a rule of its table.")


class Everything:
    def __init__(self, node_id: str) -> None:
        self.node_id = node_id
        self.journal = Journal()
        self.shared = Shared()
        self.organisations: Table[HeldOrganisation] = Table(self.journal, "")
        self.teams = self.organisations.unique(lambda _, row: row.organisation.team_id)
        self.lanes: Table[HeldLane] = Table(self.journal, "")
        self.budgets: Table[HeldBudget] = Table(self.journal, "")
        self._rows: dict[str, Rows] = {}

    def organisation(self, organisation_id: str) -> Organisation | None:
        held = self.organisations.get(organisation_id)
        return None if held is None else held.organisation

    def rows(self, organisation_id: str) -> Rows:
        rows = self._rows.get(organisation_id)
        if rows is None:
            if self.organisations.get(organisation_id) is None:
                return Rows(NobodysJournal(), organisation_id, Shared())
            rows = self._rows[organisation_id] = Rows(self.journal, organisation_id, self.shared)
        return rows

    def all_rows(self) -> list[tuple[str, Rows]]:
        """With their organisations' ids, oldest first."""
        held = sorted(self.organisations.rows.values(), key=lambda one: one.number)
        return [(one.organisation.id, self.rows(one.organisation.id)) for one in held]
