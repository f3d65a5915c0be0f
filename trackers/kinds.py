"""The kinds of desk that a node offers."""

import aiohttp

from trackers.freshservice.desks import FreshserviceDesks
from trackers.memory import MemoryDesks
from trackers.port import DeskKind


def desk_kinds(*, session: aiohttp.ClientSession, trusted: frozenset[str], toy_desks: bool) -> dict[str, DeskKind]:
    """By name, in the order in which people choose. Toy desks only where an operator wants them."""
    freshservice: DeskKind = FreshserviceDesks(session, trusted)
    kinds = [freshservice, MemoryDesks()] if toy_desks else [freshservice]
    return {kind.name: kind for kind in kinds}
