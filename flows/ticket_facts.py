"""What the renderers of notices ask about tickets: each as it is now, or None when it is settled."""

from dataclasses import dataclass
from datetime import datetime

from flows.node import Node
from storage.errors import RowGone
from storage.store import Transaction
from sync.intent import Disagreement, ParkedUpdate
from sync.link import Link


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a back-fill is. `is_looking`: the desk's list is not at its end yet."""

    found: int
    done: int
    is_looking: bool
    ended_at: datetime | None
    is_stopped: bool
    started_at: datetime


async def parked_update(node: Node, organisation_id: str, connection_id: str, envelope_id: str) -> ParkedUpdate | None:
    parked = await node.store.read(organisation_id, lambda tx: tx.parked.find(connection_id, envelope_id))
    return None if parked is None or parked.is_skipped else parked


async def disagreement(node: Node, organisation_id: str, identity: str) -> tuple[Disagreement, Link] | None:
    def read(tx: Transaction) -> tuple[Disagreement, Link] | None:
        found = tx.disagreements.find(identity)
        try:
            return None if found is None else (found, tx.links.by_id(found.link_id))
        except RowGone:
            return None

    return await node.store.read(organisation_id, read)


async def backfill_progress(node: Node, organisation_id: str, connection_id: str) -> Progress | None:
    def read(tx: Transaction) -> Progress | None:
        fill = tx.backfills.find(connection_id)
        if fill is None:
            return None
        return Progress(fill.found, fill.done, fill.page is not None, fill.ended_at, fill.is_stopped, fill.started_at)

    return await node.store.read(organisation_id, read)


async def desk_name(node: Node, organisation_id: str, desk_id: str) -> str | None:
    def read(tx: Transaction) -> str | None:
        desk = tx.desks.find(desk_id)
        return None if desk is None else desk.short_name

    return await node.store.read(organisation_id, read)
