"""How tickets were a while ago: for lists and search indexes that lag behind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from sandbox.freshservice.records import Ticket

if TYPE_CHECKING:
    from sandbox.freshservice.world import World

_MOST_VERSIONS = 50


class Past:
    """Remembers only while a switch makes something lag. A change from before that counts as long ago."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._older: dict[int, list[Ticket | None]] = {}  # by ticket, oldest first; None for before it was

    def remember(self, ticket_id: int) -> None:
        """Just before the ticket becomes another."""
        switches = self._world.switches
        if switches.list_lag_seconds or switches.filter_lag_seconds:
            versions = self._older.setdefault(ticket_id, [])
            versions.append(self._world.tickets.get(ticket_id))
            del versions[:-_MOST_VERSIONS]

    def forget(self, ticket_id: int) -> None:
        self._older.pop(ticket_id, None)

    def as_of(self, at: datetime) -> Iterator[Ticket]:
        """All tickets as they were then, the newest first."""
        for ticket in reversed(self._world.tickets.values()):
            found = self._version(ticket, at)
            if found is not None:
                yield found

    def _version(self, ticket: Ticket, at: datetime) -> Ticket | None:
        if ticket.exact <= at:
            return ticket
        versions = self._older.get(ticket.id, [])
        fitting = (one for one in reversed(versions) if one is None or one.exact <= at)
        return next(fitting, versions[0] if versions else ticket)
