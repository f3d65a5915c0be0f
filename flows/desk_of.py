"""The desk of a connection, opened with its key."""

import asyncio
from dataclasses import dataclass

from flows.node import Node
from pairing.connection import Connection
from pairing.secret import Secret
from storage.store import Transaction
from sync.desk import Desk
from sync.errors import RemoteError
from sync.ticket import DeskFacts
from trackers.port import Tracker

_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class OpenDesk:
    desk: Desk
    tracker: Tracker


def open_desk(node: Node, tx: Transaction, connection: Connection) -> OpenDesk | None:
    """None when the desk or its key is not there any more."""
    return open_desk_by_id(node, tx, connection.desk_id)


def open_desk_by_id(node: Node, tx: Transaction, desk_id: str) -> OpenDesk | None:
    desk, key = tx.desks.find(desk_id), tx.vault.get("desk_token", desk_id)
    if desk is None or key is None:
        return None
    return OpenDesk(desk, node.tracker(desk, Secret(key.decode())))


async def facts_in_time(desk: OpenDesk) -> DeskFacts | None:
    """Its form, for a check that a person waits for; None where it does not answer, for then the check does without."""
    try:
        async with asyncio.timeout(_SECONDS):
            return await desk.tracker.facts()
    except (RemoteError, TimeoutError):
        return None
