"""Connections, invitations and desks in memory; each method does what its namesake in storage/ says."""

from dataclasses import replace

from pairing.connection import Connection, ConnectionState
from pairing.invitation import Invitation, InvitationState
from storage.errors import RowConflict, RowGone
from storage.memory.rows import HeldConnection, HeldDesk
from storage.memory.session import MemorySession
from sync.desk import Desk

_WAITING = (InvitationState.OPEN, InvitationState.CLAIMED)


class Connections:
    def __init__(self, session: MemorySession) -> None:
        self._session = session

    def add(self, connection: Connection) -> None:
        rows = self._session.rows
        desk = rows.desks.get(connection.desk_id)
        if desk is None or desk.is_removed:
            raise RowConflict("A connection needs a desk of its own organisation.")
        rows.connections.add(connection.id, HeldConnection(connection, self._session.now))

    def save(self, connection: Connection) -> None:
        held = self._session.rows.connections.get(connection.id)
        if held is None:
            raise RowGone("There is no such connection (any more).")
        moved_at = held.moved_at if held.connection.state is connection.state else self._session.now
        self._session.rows.connections.put(connection.id, HeldConnection(connection, moved_at))

    def by_id(self, connection_id: str) -> Connection:
        held = self._session.rows.connections.get(connection_id)
        if held is None:
            raise RowGone("There is no such connection (any more).")
        return held.connection

    def find(self, connection_id: str) -> Connection | None:
        held = self._session.rows.connections.get(connection_id)
        return None if held is None else held.connection

    def named(self, name: str) -> Connection | None:
        held = self._session.rows.connections.of(self._session.rows.names, name)
        return None if held is None else held.connection

    def all(self) -> tuple[Connection, ...]:
        found = [held.connection for held in self._session.rows.connections.rows.values()]
        return tuple(sorted(found, key=lambda connection: (connection.name, connection.created_at, connection.id)))

    def open_at(self, desk_id: str) -> tuple[Connection, ...]:
        return tuple(one for one in self.all() if one.desk_id == desk_id and one.is_open)

    def names(self) -> frozenset[str]:
        held = self._session.rows.connections.rows.values()
        return frozenset(one.connection.name for one in held if one.connection.state is not ConnectionState.CLOSED)

    def remove(self, connection_id: str) -> None:
        if not self._session.rows.connections.remove(connection_id):
            raise RowGone("There is no such row (any more).")


class Invitations:
    def __init__(self, session: MemorySession) -> None:
        self._session = session

    def add(self, invitation: Invitation) -> None:
        self._session.rows.invitations.add(invitation.id, invitation)

    def save(self, invitation: Invitation) -> None:
        self.by_id(invitation.id)
        self._session.rows.invitations.put(invitation.id, invitation)

    def by_id(self, invitation_id: str) -> Invitation:
        invitation = self._session.rows.invitations.get(invitation_id)
        if invitation is None:
            raise RowGone("There is no such invitation (any more).")
        return invitation

    def of_connection(self, connection_id: str) -> Invitation | None:
        rows = self._session.rows
        found = sorted(rows.invitations.found(rows.invitations_of, connection_id), key=lambda one: one.id)
        return max(found, key=lambda one: one.created_at, default=None)

    def waiting(self) -> tuple[Invitation, ...]:
        found = [one for one in self._session.rows.invitations.rows.values() if one.state in _WAITING]
        return tuple(sorted(found, key=lambda one: (one.created_at, one.id)))

    def open_count(self) -> int:
        return sum(self._can_be_used(one) for one in self._session.rows.invitations.rows.values())

    def claim(self, invitation_id: str, claim_sha256: bytes) -> bool:
        invitation = self._session.rows.invitations.get(invitation_id)
        if invitation is None or not self._can_be_used(invitation):
            return False
        claimed = replace(
            invitation, state=InvitationState.CLAIMED, claim_sha256=claim_sha256, claimed_at=self._session.now
        )
        self._session.rows.invitations.put(invitation_id, claimed)
        return True

    def _can_be_used(self, invitation: Invitation) -> bool:
        return invitation.state is InvitationState.OPEN and invitation.expires_at > self._session.now


class Desks:
    def __init__(self, session: MemorySession) -> None:
        self._session = session

    def add(self, desk: Desk) -> None:
        self._session.rows.desks.add(desk.id, HeldDesk(desk))

    def save(self, desk: Desk) -> None:
        self._must_be_there(desk.id)
        self._session.rows.desks.put(desk.id, HeldDesk(desk))

    def by_id(self, desk_id: str) -> Desk:
        held = self._session.rows.desks.get(desk_id)
        if held is None:
            raise RowGone("There is no such desk (any more).")
        return held.desk

    def find(self, desk_id: str) -> Desk | None:
        held = self._session.rows.desks.get(desk_id)
        return None if held is None or held.is_removed else held.desk

    def named(self, short_name: str) -> Desk | None:
        held = self._session.rows.desks.of(self._session.rows.desk_names, short_name)
        return None if held is None else held.desk

    def all(self) -> tuple[Desk, ...]:
        found = [held.desk for held in self._session.rows.desks.rows.values() if not held.is_removed]
        return tuple(sorted(found, key=lambda desk: desk.short_name))

    def remove(self, desk_id: str) -> None:
        rows = self._session.rows
        rows.desks.put(desk_id, HeldDesk(self._must_be_there(desk_id), is_removed=True))
        for key in tuple(rows.sightings_of.get(desk_id, ())):
            rows.sightings.remove(key)
        rows.cursors.remove(desk_id)
        rows.hooks.remove(desk_id)

    def _must_be_there(self, desk_id: str) -> Desk:
        desk = self.find(desk_id)
        if desk is None:
            raise RowGone("There is no such row (any more).")
        return desk
