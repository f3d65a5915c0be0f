"""The questions over all organisations, in memory; each method does what its namesake in storage/system.py says."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import datetime

from pairing.connection import Connection, ConnectionState
from pairing.invitation import APPROVE_WITHIN, Invitation, InvitationState
from pairing.organisation import Organisation
from storage.memory.everything import Everything, HeldOrganisation
from storage.memory.lanes import MemorySystemLanes
from storage.memory.rates import MemoryRates
from storage.memory.rows import Arrived, HeldConnection, Rows
from storage.system import (
    BLOBS_ARE_KEPT,
    BODIES_ARE_KEPT,
    CLOSED_IS_KNOWN,
    IDS_ARE_KEPT,
    MOMENTS_ARE_KEPT,
    NEWS_LASTS,
    SETTLED_FOR_GOOD,
    Duty,
    Swept,
    new_id,
)
from sync.envelope import Stream


class MemorySystemTransaction:
    def __init__(self, everything: Everything, clock: Callable[[], datetime], chance: Callable[[int], bytes]) -> None:
        self._everything = everything
        self._clock = clock
        self._chance = chance
        self._now: datetime | None = None
        self.lanes = MemorySystemLanes(everything.journal, everything.lanes, self.now)
        self.rates = MemoryRates(everything.budgets, self.now)

    @property
    def now(self) -> datetime:
        if self._now is None:
            self._now = self._clock()
        return self._now

    def node_id(self) -> str:
        return self._everything.node_id

    def organisations(self) -> tuple[Organisation, ...]:
        held = self._everything.organisations.rows.values()
        return tuple(one.organisation for one in sorted(held, key=lambda one: (one.created_at, one.number)))

    def register(self, team_id: str, name: str) -> Organisation:
        known = self._everything.organisations.of(self._everything.teams, team_id)
        if known is None:
            organisation = Organisation(new_id(self._chance), team_id, name)
            known = HeldOrganisation(self._everything.journal.next_number(), organisation, self.now)
        renamed = replace(known, organisation=replace(known.organisation, name=name))
        self._everything.organisations.put(renamed.organisation.id, renamed)
        return renamed.organisation

    def organisation_of_team(self, team_id: str) -> Organisation | None:
        held = self._everything.organisations.of(self._everything.teams, team_id)
        return None if held is None else held.organisation

    def organisation_of_peer(self, our_id: str) -> tuple[str, str] | None:
        owner = self._everything.shared.sides.owner(our_id)
        if owner is None:
            return None
        organisation_id, connection_id = owner[0], str(owner[1])
        held = self._everything.rows(organisation_id).connections.rows[connection_id]
        closed_at = held.connection.closed_at
        if closed_at is not None and closed_at <= self.now - CLOSED_IS_KNOWN:
            return None
        return organisation_id, connection_id

    def organisation_of_token(self, token_hash: bytes) -> tuple[str, str] | None:
        owner = self._everything.shared.tokens.owner(token_hash)
        return None if owner is None else (owner[0], str(owner[1]))

    def desk_of_hook(self, token_hash: bytes) -> tuple[str, str] | None:
        owner = self._everything.shared.hooks.owner(token_hash)
        return None if owner is None else (owner[0], str(owner[1]))

    def dialling(self) -> tuple[Duty, ...]:
        found = [
            (held.connection.created_at, held.connection.id, organisation_id)
            for organisation_id, rows, held in self._connections()
            if held.connection.their_url is not None and _may_have_to_dial(rows, held.connection)
        ]
        return tuple(Duty(organisation_id, connection_id) for _, connection_id, organisation_id in sorted(found))

    def with_news(self, connection_ids: Collection[str]) -> frozenset[str]:
        found = (
            connection_id
            for _, rows in self._everything.all_rows()
            for connection_id in connection_ids
            if (held := rows.connections.get(connection_id)) is not None and self._has_news(rows, held)
        )
        return frozenset(found)

    def due_notices(self) -> tuple[str, ...]:
        return tuple(
            sorted(
                organisation_id
                for organisation_id, rows in self._everything.all_rows()
                if any(due.at <= self.now for due in rows.notices.rows.values())
            )
        )

    def overdue_invitations(self, now: datetime) -> tuple[tuple[str, str], ...]:
        found = [
            (invitation.created_at, organisation_id, invitation.id)
            for organisation_id, rows in self._everything.all_rows()
            for invitation in rows.invitations.rows.values()
            if _is_overdue(invitation, now)
        ]
        return tuple((organisation_id, invitation_id) for _, organisation_id, invitation_id in sorted(found))

    def sweep(self, now: datetime) -> Swept:
        each = [_swept(rows, now) for _, rows in self._everything.all_rows()]
        return Swept(
            nonces=sum(one.nonces for one in each),
            secrets=sum(one.secrets for one in each),
            bodies=sum(one.bodies for one in each),
            envelopes=sum(one.envelopes for one in each),
            blobs=sum(one.blobs for one in each),
            moments=sum(one.moments for one in each),
        )

    def _connections(self) -> Iterator[tuple[str, Rows, HeldConnection]]:
        for organisation_id, rows in self._everything.all_rows():
            for held in rows.connections.rows.values():
                yield organisation_id, rows, held

    def _has_news(self, rows: Rows, held: HeldConnection) -> bool:
        if held.moved_at > self.now - NEWS_LASTS:
            return True
        waiting = rows.outbox.found(rows.outbox_of, held.connection.id)
        if held.connection.state is ConnectionState.ACTIVE:
            return bool(waiting)
        return any(sent.envelope.stream is Stream.CONTROL for sent in waiting)


def _may_have_to_dial(rows: Rows, connection: Connection) -> bool:
    if connection.state is ConnectionState.CLOSED:
        return connection.id in rows.outbox_of
    return connection.state is ConnectionState.PENDING or connection.is_open


def _is_overdue(invitation: Invitation, now: datetime) -> bool:
    if invitation.state is InvitationState.OPEN:
        return invitation.expires_at <= now
    claimed_at = invitation.claimed_at
    return invitation.state is InvitationState.CLAIMED and claimed_at is not None and claimed_at <= now - APPROVE_WITHIN


def _swept(rows: Rows, now: datetime) -> Swept:
    return Swept(
        nonces=rows.nonces.remove_where(lambda expires_at: expires_at <= now),
        secrets=rows.secrets.remove_where(lambda hidden: hidden.expires_at is not None and hidden.expires_at <= now)
        + _without_keys_of_forgotten(rows, now),
        bodies=_without_bodies(rows, now),
        envelopes=rows.inbox.remove_where(
            lambda one: one.state in SETTLED_FOR_GOOD and one.received_at <= now - IDS_ARE_KEPT
        ),
        blobs=rows.blobs.remove_where(lambda piece: piece.received_at <= now - BLOBS_ARE_KEPT),
        moments=rows.moments.remove_where(lambda moment: moment.at <= now - MOMENTS_ARE_KEPT),
    )


def _without_keys_of_forgotten(rows: Rows, now: datetime) -> int:
    forgotten = [
        held.connection.id
        for held in rows.connections.rows.values()
        if held.connection.closed_at is not None and held.connection.closed_at <= now - CLOSED_IS_KNOWN
    ]
    return sum(rows.secrets.remove(("connection_key", connection_id)) for connection_id in forgotten)


def _without_bodies(rows: Rows, now: datetime) -> int:
    def is_over(one: Arrived) -> bool:
        settled = one.has_body and one.state in SETTLED_FOR_GOOD and one.settled_at is not None
        return settled and one.settled_at is not None and one.settled_at <= now - BODIES_ARE_KEPT

    over = [(key, one) for key, one in rows.inbox.rows.items() if is_over(one)]
    for key, one in over:
        rows.inbox.put(key, replace(one, envelope=replace(one.envelope, body="{}"), has_body=False))
    return len(over)
