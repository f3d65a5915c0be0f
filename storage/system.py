"""The named exceptions: the few questions that concern more than one organisation, each answered with little."""

import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Delete, and_, bindparam, delete, exists, or_, select, update

from pairing.connection import OPEN_STATES, ConnectionState
from pairing.digests import b32
from pairing.invitation import APPROVE_WITHIN, InvitationState
from pairing.organisation import Organisation
from storage.columns import value_of
from storage.rates import Rates
from storage.sessions import SystemSession
from storage.system_lanes import SystemLanes
from storage.tables import (
    ConnectionRow,
    InboxRow,
    InvitationRow,
    NodeRow,
    NonceRow,
    NoticeRow,
    OrganisationRow,
    OutboxRow,
    SecretRow,
)
from storage.ticket_tables import BlobRow, HookRow, MomentRow
from storage.vault import KeyRing
from sync.envelope import Stream

CLOSED_IS_KNOWN = timedelta(days=30)
BODIES_ARE_KEPT = timedelta(days=7)
IDS_ARE_KEPT = timedelta(days=90)
BLOBS_ARE_KEPT = timedelta(days=7)
MOMENTS_ARE_KEPT = timedelta(days=1)
# Three times the two seconds after which parked polls are looked through again: no move is missed or seen for long.
NEWS_LASTS = timedelta(seconds=6)

SETTLED_FOR_GOOD = ("done", "unsupported")
_HAS_OUTBOX = exists().where(
    OutboxRow.organisation_id == ConnectionRow.organisation_id, OutboxRow.connection_id == ConnectionRow.id
)


@dataclass(frozen=True, slots=True)
class Duty:
    """A connection whose own side may have to dial."""

    organisation_id: str
    connection_id: str


@dataclass(frozen=True, slots=True)
class Swept:
    """How many rows went: nonces, secrets, bodies of envelopes, envelopes with their ids, pieces of files, moments."""

    nonces: int
    secrets: int
    bodies: int
    envelopes: int
    blobs: int = 0
    moments: int = 0


def new_id(chance: Callable[[int], bytes] = secrets.token_bytes) -> str:
    """26 base32 symbols."""
    return b32(chance(16))


class SystemTransaction:
    """`session` and `keys` are for storage/rotation.py; nobody outside storage/ touches them."""

    def __init__(self, session: SystemSession, keys: KeyRing) -> None:
        self.session = session
        self.keys = keys
        self.lanes = SystemLanes(session)
        self.rates = Rates(session)

    @property
    def now(self) -> datetime:
        return self.session.now

    def settle(self) -> frozenset[str]:
        """Does what waited for the end of the work; the topics to be woken after the commit. Raises LeaseLost."""
        return self.lanes.settle()

    def node_id(self) -> str:
        """26 symbols, made once for this database."""
        return self.session.scalars(select(NodeRow.id)).one()

    def organisations(self) -> tuple[Organisation, ...]:
        """Oldest first."""
        rows = self.session.scalars(select(OrganisationRow).order_by(OrganisationRow.created_at, OrganisationRow.id))
        return tuple(value_of(Organisation, row) for row in rows)

    def register(self, team_id: str, name: str) -> Organisation:
        """The organisation of this Slack workspace, made or renamed where needed."""
        self.session.must_write()
        row = self.session.scalars(_OF_TEAM.with_for_update(), {"team_id": team_id}).one_or_none()
        if row is None:
            row = OrganisationRow(id=new_id(), team_id=team_id, name=name, created_at=self.now)
            self.session.add(row)
        row.name = name
        self.session.flush()
        return value_of(Organisation, row)

    def organisation_of_team(self, team_id: str) -> Organisation | None:
        row = self.session.scalars(_OF_TEAM, {"team_id": team_id}).one_or_none()
        return None if row is None else value_of(Organisation, row)

    def organisation_of_peer(self, our_id: str) -> tuple[str, str] | None:
        """Organisation and connection behind a side id of ours; one closed for 30 days is not known any more."""
        found = self.session.execute(
            select(ConnectionRow.organisation_id, ConnectionRow.id).where(
                ConnectionRow.our_id == our_id,
                or_(ConnectionRow.closed_at.is_(None), ConnectionRow.closed_at > self.now - CLOSED_IS_KNOWN),
            )
        ).one_or_none()
        return None if found is None else (found[0], found[1])

    def organisation_of_token(self, token_hash: bytes) -> tuple[str, str] | None:
        """Organisation and invitation behind the hash of a token."""
        found = self.session.execute(
            select(InvitationRow.organisation_id, InvitationRow.id).where(InvitationRow.token_hash == token_hash)
        ).one_or_none()
        return None if found is None else (found[0], found[1])

    def desk_of_hook(self, token_hash: bytes) -> tuple[str, str] | None:
        """Organisation and desk behind the hash of the token with which a desk tells of changes."""
        found = self.session.execute(
            select(HookRow.organisation_id, HookRow.desk_id).where(HookRow.token_hash == token_hash)
        ).one_or_none()
        return None if found is None else (found[0], found[1])

    def dialling(self) -> tuple[Duty, ...]:
        """Every connection that knows its partner's address and is pending, open, or closed with something to say."""
        states = (ConnectionState.PENDING, *OPEN_STATES)
        found = self.session.execute(
            select(ConnectionRow.organisation_id, ConnectionRow.id)
            .where(ConnectionRow.their_url.is_not(None))
            .where(
                or_(
                    ConnectionRow.state.in_(states),
                    and_(ConnectionRow.state == ConnectionState.CLOSED, _HAS_OUTBOX),
                )
            )
            .order_by(ConnectionRow.created_at, ConnectionRow.id)
        )
        return tuple(Duty(organisation_id, connection_id) for organisation_id, connection_id in found)

    def with_news(self, connection_ids: Collection[str]) -> frozenset[str]:
        """Those of the connections whose parked poll should be answered now, in one query for all of them.

        That is: envelopes wait that may travel in the present state, or the state changed within the last six seconds.
        Asked every two seconds, it finds every move that another process made; what this process commits wakes the
        poll at once.
        """
        if not connection_ids:
            return frozenset()
        found = self.session.scalars(
            select(ConnectionRow.id).where(
                ConnectionRow.id.in_(connection_ids),
                or_(
                    ConnectionRow.moved_at > self.now - NEWS_LASTS,
                    _HAS_OUTBOX.where(
                        or_(ConnectionRow.state == ConnectionState.ACTIVE, OutboxRow.stream == Stream.CONTROL)
                    ),
                ),
            )
        )
        return frozenset(found)

    def due_notices(self) -> tuple[str, ...]:
        """The organisations to which something is due to be told."""
        found = self.session.scalars(select(NoticeRow.organisation_id).where(NoticeRow.due_at <= self.now).distinct())
        return tuple(sorted(found))

    def overdue_invitations(self, now: datetime) -> tuple[tuple[str, str], ...]:
        """Organisation and invitation of each whose time is over and that is not ended yet, oldest first."""
        found = self.session.execute(
            select(InvitationRow.organisation_id, InvitationRow.id)
            .where(
                or_(
                    and_(InvitationRow.state == InvitationState.OPEN, InvitationRow.expires_at <= now),
                    and_(
                        InvitationRow.state == InvitationState.CLAIMED,
                        InvitationRow.claimed_at <= now - APPROVE_WITHIN,
                    ),
                )
            )
            .order_by(InvitationRow.created_at)
        )
        return tuple((organisation_id, invitation_id) for organisation_id, invitation_id in found)

    def sweep(self, now: datetime) -> Swept:
        """Removes what nobody needs any more. Parked envelopes keep their bodies: a person still has to act."""
        change = self.session.change
        return Swept(
            nonces=change(delete(NonceRow).where(NonceRow.expires_at <= now)),
            secrets=change(delete(SecretRow).where(SecretRow.expires_at <= now)) + change(_keys_of_forgotten(now)),
            bodies=change(
                update(InboxRow)
                .where(InboxRow.state.in_(SETTLED_FOR_GOOD), InboxRow.body.is_not(None))
                .where(InboxRow.settled_at <= now - BODIES_ARE_KEPT)
                .values(body=None)
            ),
            envelopes=change(
                delete(InboxRow).where(InboxRow.state.in_(SETTLED_FOR_GOOD), InboxRow.received_at <= now - IDS_ARE_KEPT)
            ),
            blobs=change(delete(BlobRow).where(BlobRow.received_at <= now - BLOBS_ARE_KEPT)),
            moments=change(delete(MomentRow).where(MomentRow.at <= now - MOMENTS_ARE_KEPT)),
        )


_OF_TEAM = select(OrganisationRow).where(OrganisationRow.team_id == bindparam("team_id"))


def _keys_of_forgotten(now: datetime) -> Delete:
    """Keys of connections that nobody asks for any more: 30 days after the close, no answer is signed with them."""
    return delete(SecretRow).where(
        SecretRow.kind == "connection_key",
        exists().where(
            ConnectionRow.organisation_id == SecretRow.organisation_id,
            ConnectionRow.id == SecretRow.ref,
            ConnectionRow.closed_at <= now - CLOSED_IS_KNOWN,
        ),
    )
