"""The invitations of one organisation."""

from sqlalchemy import bindparam, func, select, update

from pairing.invitation import Invitation, InvitationState
from storage.columns import columns_of, value_of
from storage.errors import RowGone
from storage.sessions import OrganisationSession
from storage.tables import InvitationRow

_WAITING = (InvitationState.OPEN, InvitationState.CLAIMED)
_BY_ID = select(InvitationRow).where(InvitationRow.id == bindparam("id"))
_OF_CONNECTION = (
    select(InvitationRow)
    .where(InvitationRow.connection_id == bindparam("connection_id"))
    .order_by(InvitationRow.created_at.desc(), InvitationRow.id)
    .limit(1)
)
_ALL_WAITING = (
    select(InvitationRow).where(InvitationRow.state.in_(_WAITING)).order_by(InvitationRow.created_at, InvitationRow.id)
)
_OPEN = select(func.count(InvitationRow.id)).where(
    InvitationRow.state == InvitationState.OPEN, InvitationRow.expires_at > bindparam("now")
)


class Invitations:
    """In `Store.run` a read locks its row until the commit, except `waiting`."""

    def __init__(self, session: OrganisationSession) -> None:
        self._session = session

    def add(self, invitation: Invitation) -> None:
        self._session.insert(InvitationRow, columns_of(invitation))

    def save(self, invitation: Invitation) -> None:
        """Raises RowGone."""
        self._session.change_one(
            update(InvitationRow).where(InvitationRow.id == invitation.id).values({**columns_of(invitation)})
        )

    def by_id(self, invitation_id: str) -> Invitation:
        """Raises RowGone."""
        row = self._session.row(_BY_ID, id=invitation_id)
        if row is None:
            raise RowGone("There is no such invitation (any more).")
        return value_of(Invitation, row)

    def of_connection(self, connection_id: str) -> Invitation | None:
        """The latest one of this connection; None at the invitee, which never has one."""
        row = self._session.row(_OF_CONNECTION, connection_id=connection_id)
        return None if row is None else value_of(Invitation, row)

    def waiting(self) -> tuple[Invitation, ...]:
        """Open or claimed, oldest first."""
        return tuple(value_of(Invitation, row) for row in self._session.rows(_ALL_WAITING))

    def open_count(self) -> int:
        """How many codes could still be used."""
        return self._session.values(_OPEN, {"now": self._session.now}).one()

    def claim(self, invitation_id: str, claim_sha256: bytes) -> bool:
        """True for the one claim that wins: a single conditional update, of which the row count decides."""
        now = self._session.now
        return bool(
            self._session.change(
                update(InvitationRow)
                .where(InvitationRow.id == invitation_id, InvitationRow.state == InvitationState.OPEN)
                .where(InvitationRow.expires_at > now)
                .values(state=InvitationState.CLAIMED, claim_sha256=claim_sha256, claimed_at=now)
            )
        )
