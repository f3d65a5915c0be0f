"""What every flow is given: the store, the wire, the desks, and who we are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from exchange.client import PartnerClient
from storage.store import Store
from trackers.port import DeskKind


@dataclass(frozen=True, slots=True)
class Node:
    """One running deployment. `address` is our canonical public base URL, None where nobody can call us; `node_id` has
    26 base32 symbols; `trusted` holds exact origins; `chance(n)` gives n random bytes."""

    store: Store
    wire: PartnerClient
    desks: Mapping[str, DeskKind]
    address: str | None
    node_id: str
    trusted: frozenset[str]
    software: str
    chance: Callable[[int], bytes]
