"""What every flow is given: the store, the wire, the desks, and who we are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import cast

from exchange.client import PartnerClient
from flows.budgets import Budgets
from pairing.secret import Secret
from rules.worker.in_process import InProcess
from rules.worker.runner import Runner
from storage.store import Store
from sync.brakes import Brakes
from sync.desk import Desk
from trackers.port import DeskKind, Limits, Tracker


@dataclass(frozen=True, slots=True)
class Tempo:
    """Seconds: the shortest and the longest time between two looks at a desk's list, and between two sweeps in which
    linked tickets are read whatever the list says."""

    poll_least: float = 5
    poll_most: float = 60
    sweep: float = 600


@dataclass(frozen=True, slots=True)
class Node:
    """One running deployment. `address` is our canonical public base URL, None where nobody can call us; `node_id` has
    26 base32 symbols; `trusted` holds exact origins; `chance(n)` gives n random bytes;
    `runner` runs rules. `waits_for_list` has, by desk, the lanes of updates that wait here for the desk's list."""

    store: Store
    wire: PartnerClient
    desks: Mapping[str, DeskKind]
    address: str | None
    node_id: str
    trusted: frozenset[str]
    software: str
    chance: Callable[[int], bytes]
    runner: Runner = field(default_factory=InProcess)
    excluded_files: frozenset[str] = frozenset()  # endings without the dot
    brakes: Brakes = Brakes()
    tempo: Tempo = Tempo()
    budgets: Budgets | None = None  # shared with other processes; without it each desk kind keeps its own
    waits_for_list: dict[str, set[str]] = field(default_factory=dict, repr=False, compare=False)

    def tracker(self, desk: Desk, key: Secret) -> Tracker:
        kind = self.desks[desk.kind]
        budget = None
        if self.budgets is not None and kind.limits("") is not None:
            budget = self.budgets.of(desk.address, lambda kept: cast(Limits, kind.limits(kept)))
        return kind.open(desk.address, key, fallback_requester=desk.fallback_requester, budget=budget)
