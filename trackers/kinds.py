"""The kinds of desk that a node offers."""

import aiohttp

from trackers.freshservice.desks import FreshserviceDesks
from trackers.freshservice.rates import SHARE
from trackers.memory import MemoryDesks
from trackers.port import DeskKind


def desk_kinds(
    *, session: aiohttp.ClientSession, trusted: frozenset[str], toy_desks: bool, share: float = SHARE
) -> dict[str, DeskKind]:
    """By name, in the order in which people choose. Toy desks only where an operator wants them. `share` is the part of
    an account's limits that background work may use."""
    freshservice: DeskKind = FreshserviceDesks(session, trusted, share=share)
    kinds = [freshservice, MemoryDesks()] if toy_desks else [freshservice]
    return {kind.name: kind for kind in kinds}
