"""What the answering side does with a partner's requests: the port of exchange/, over our store."""

from datetime import timedelta

from exchange.errors import ClaimRefused
from exchange.ports import Claim, ClaimGranted, Outgoing, Peer, Receipt, ReceiptKind
from flows.batches import MOST_UNPROCESSED, closing_reason, outgoing_batch, save_taken, take_in
from flows.node import Node
from flows.notify import changed, refresh, tell
from flows.offers import NO_NUMBER
from flows.reach import notice_return
from flows.settle import CLOSED_BY_PARTNER, CLOSED_BY_US, activate, end_offer
from flows.wizard import code_of
from pairing.address import local_address
from pairing.code import token_hash
from pairing.connection import Connection, ConnectionState
from pairing.invitation import Invitation, InvitationState
from pairing.names import stated_name
from pairing.notice import NoticeKind
from pairing.number import pairing_number
from pairing.offer import OfferTerms
from pairing.terms import Reach
from storage.store import SystemTransaction, Transaction
from sync.envelope import CLOSE, Batch

NONCE_LIFE = timedelta(minutes=15)
ALERT_EVERY = timedelta(hours=1)
_NUMBER_LIFE = timedelta(hours=25)
_REJECTIONS = ("rejected", "wrong number", "expired", "cancelled")


class Receiving:
    """Implements exchange.ports.Receiver. Each call opens the organisation's own session by one named look-up."""

    def __init__(self, node: Node) -> None:
        self._node = node

    async def look(self, token: bytes) -> OfferTerms:
        """Changes nothing; a code that is used already alerts its maker, who may learn it in no other way.

        Raises ClaimRefused.
        """
        organisation_id, invitation_id = await self._by_token(token)

        def read(tx: Transaction) -> OfferTerms | str:
            invitation = tx.invitations.by_id(invitation_id)
            refusal = _closed_code(tx, invitation)
            return refusal or _terms(tx, tx.connections.by_id(invitation.connection_id), invitation)

        def alert(tx: Transaction) -> None:
            invitation = tx.invitations.by_id(invitation_id)
            _used_again(self._node, tx, tx.connections.by_id(invitation.connection_id), invitation)

        found = await self._node.store.read(organisation_id, read)
        if found == "invite_used":
            await self._node.store.run(organisation_id, alert)
        if isinstance(found, str):
            raise ClaimRefused(found)
        return found

    async def decline(self, token: bytes, reason: str) -> None:
        """Raises ClaimRefused."""
        organisation_id, invitation_id = await self._by_token(token)

        def write(tx: Transaction) -> None:
            invitation = tx.invitations.by_id(invitation_id)
            _must_be_open(tx, invitation)
            connection = tx.connections.by_id(invitation.connection_id)
            text = stated_name(reason, 200)
            declined = invitation.after_decline(text, tx.now)
            end_offer(self._node, tx, connection, declined, "declined", actor=None, action="invite.decline")
            tell(self._node, tx, NoticeKind.DECLINED, connection, text)

        await self._node.store.run(organisation_id, write)

    async def claim(self, claim: Claim, claim_sha256: bytes) -> ClaimGranted:
        """One claimer wins; the same bytes again get the same answer. Raises ClaimRefused."""
        organisation_id, invitation_id = await self._by_token(claim.token)
        same_desk = await self._desk_of(claim.side)

        def write(tx: Transaction) -> ClaimGranted | str:
            return _claim(self._node, tx, invitation_id, claim, claim_sha256, same_desk)

        outcome = await self._node.store.run(organisation_id, write)
        if isinstance(outcome, str):  # refused, yet what the refusal wrote (audit, an alert) is kept
            raise ClaimRefused(outcome)
        return outcome

    async def peer(self, to: str) -> Peer | None:
        found = await self._node.store.system_read(lambda tx: tx.organisation_of_peer(to))
        if found is None:
            return None
        organisation_id, connection_id = found
        return await self._node.store.read(organisation_id, lambda tx: _peer(tx, connection_id))

    async def receive(self, peer: Peer, nonce: str, batch: Batch | None) -> Receipt:
        """Nonce, envelopes and acks in one transaction; only the nonce when the body could not be read."""
        return await self._node.store.run(peer.organisation_id, lambda tx: _receive(self._node, tx, peer, nonce, batch))

    async def outgoing(self, peer: Peer, ack: tuple[str, ...]) -> Outgoing:
        def read(tx: Transaction) -> Outgoing:
            connection = tx.connections.by_id(peer.connection_id)
            batch = outgoing_batch(tx, connection, ack=ack)
            return Outgoing(connection.state, batch, _is_rejected(connection), _last_words(connection))

        return await self._node.store.read(peer.organisation_id, read)

    async def _by_token(self, token: bytes) -> tuple[str, str]:
        digest = token_hash(token)
        found = await self._node.store.system_read(lambda tx: tx.organisation_of_token(digest))
        if found is None:
            raise ClaimRefused("invite_unknown")
        return found

    async def _desk_of(self, side_id: str) -> str | None:
        """The desk at the claiming end, where this very node serves it too."""

        def look(tx: SystemTransaction) -> tuple[str, str] | None:
            return tx.organisation_of_peer(side_id)

        found = await self._node.store.system_read(look)
        if found is None:
            return None
        organisation_id, connection_id = found
        return await self._node.store.read(organisation_id, lambda tx: tx.connections.by_id(connection_id).desk_id)


def _claim(
    node: Node, tx: Transaction, invitation_id: str, claim: Claim, claim_sha256: bytes, same_desk: str | None
) -> ClaimGranted | str:
    invitation = tx.invitations.by_id(invitation_id)
    connection = tx.connections.by_id(invitation.connection_id)
    if invitation.claim_sha256 == claim_sha256 and invitation.state in _GRANTED:
        return _granted(node, tx, connection, invitation)
    if refusal := _closed_code(tx, invitation):
        return _refuse(node, tx, connection, invitation, refusal)
    if refusal := _mismatch(node, connection, invitation, claim, same_desk):
        tx.audit.write("claim.refused", invitation.handle, "refused", detail=refusal)
        return refusal
    if not tx.invitations.claim(invitation.id, claim_sha256):
        return _refuse(node, tx, connection, invitation, "invite_used")
    return _claimed(node, tx, connection, tx.invitations.by_id(invitation_id), claim, claim_sha256)


_GRANTED = (InvitationState.CLAIMED, InvitationState.APPROVED)


def _claimed(
    node: Node, tx: Transaction, connection: Connection, invitation: Invitation, claim: Claim, claim_sha256: bytes
) -> ClaimGranted:
    waiting = connection.after_claim(
        their_id=claim.side,
        their_key=claim.key,
        their_url=claim.url,
        partner_name=stated_name(claim.name) or "unnamed",
        partner_team=stated_name(claim.team, 40) if claim.team else None,
        partner_team_name=stated_name(claim.team_name) if claim.team_name else None,
        partner_desk=stated_name(claim.desk, 40) if claim.desk else None,
        claim_sha256=claim_sha256,
    ).after_contact(tx.now)
    number = pairing_number(code_of(node, connection, claim.token).raw, connection.our_key, claim_sha256)
    tx.vault.put("number", connection.id, number.encode(), tx.now + _NUMBER_LIFE)
    tx.audit.write("claim.ok", invitation.handle)
    changed(tx, waiting)
    if invitation.auto and connection.reach is Reach.PRIVATE:  # elsewhere the address is proved first
        activate(node, tx, waiting, invitation.after_approval(invitation.created_by, tx.now), by=invitation.created_by)
    else:
        if not invitation.auto:
            tell(node, tx, NoticeKind.CLAIMED, waiting)
        refresh(node, tx, NoticeKind.INVITATION, connection=waiting)
    return _granted(node, tx, waiting, invitation)


def _granted(node: Node, tx: Transaction, connection: Connection, invitation: Invitation) -> ClaimGranted:
    seed = tx.vault.get("connection_key", connection.id)
    assert seed is not None, "an invitation that was used has its key"
    desk = tx.desks.find(connection.desk_id)  # gone when the answer was lost so long that we closed meanwhile
    return ClaimGranted(
        terms=_terms(tx, connection, invitation),
        key=connection.our_key,
        side=connection.our_id,
        team=tx.organisation.team_id,
        team_name=tx.organisation.name,
        desk=desk.kind if desk is not None else None,
        software=node.software,
        features=(NO_NUMBER,) if invitation.auto else (),
        approve_by=invitation.approve_by,
        signing_key=seed,
    )


def _mismatch(
    node: Node, connection: Connection, invitation: Invitation, claim: Claim, same_desk: str | None
) -> str | None:
    """What keeps this claim from using the code, which stays usable."""
    if claim.reach is not connection.reach:
        return "mode_mismatch"
    expected = local_address(node.node_id) if connection.reach is Reach.LOCAL else invitation.partner_url
    if claim.url != expected:
        return "url_mismatch"
    return "self_connection" if same_desk == connection.desk_id else None


def _refuse(node: Node, tx: Transaction, connection: Connection, invitation: Invitation, code: str) -> str:
    if code == "invite_used":
        _used_again(node, tx, connection, invitation)
    else:
        tx.audit.write("claim.refused", invitation.handle, "refused", detail=code)
    return code


def _used_again(node: Node, tx: Transaction, connection: Connection, invitation: Invitation) -> None:
    """Alerts whoever made the code while it could still be open, at most once in an hour of attempts."""
    already = tx.audit.count_of("second_claim", invitation.handle, since=tx.now - ALERT_EVERY)
    tx.audit.write("second_claim", invitation.handle, "refused")
    is_news = invitation.state is InvitationState.CLAIMED or tx.now < invitation.expires_at
    if is_news and not already:
        tell(node, tx, NoticeKind.SECOND_CLAIM, connection)


def _must_be_open(tx: Transaction, invitation: Invitation) -> None:
    if refusal := _closed_code(tx, invitation):
        raise ClaimRefused(refusal)


def _closed_code(tx: Transaction, invitation: Invitation) -> str | None:
    if invitation.state is InvitationState.EXPIRED or invitation.is_expired(tx.now):
        return "invite_expired"
    if invitation.state is InvitationState.OPEN:
        return None
    if invitation.state is InvitationState.DECLINED:
        return "invite_declined"
    return "invite_used" if invitation.state in _GRANTED else "invite_revoked"


def _terms(tx: Transaction, connection: Connection, invitation: Invitation) -> OfferTerms:
    return OfferTerms(
        organisation=tx.organisation.name,
        inviter_name=connection.local_name,
        invitee_name=connection.remote_name,
        reach=connection.reach,
        rules=connection.rules,
        policy=connection.policy,
        description=connection.description,
        expires_at=invitation.expires_at,
    )


def _peer(tx: Transaction, connection_id: str) -> Peer | None:
    connection, seed = tx.connections.find(connection_id), tx.vault.get("connection_key", connection_id)
    if connection is None or seed is None or connection.their_key is None:
        return None
    return Peer(
        organisation_id=tx.organisation.id,
        connection_id=connection_id,
        our_id=connection.our_id,
        our_key=seed,
        their_keys=(connection.their_key,),
        state=connection.state,
        rejected=_is_rejected(connection),
        reason=_last_words(connection),
        is_told=_is_told(connection),
    )


def _is_told(connection: Connection) -> bool:
    since, last = connection.approved_at, connection.last_contact_at
    return since is None or (last is not None and last >= since)


def _is_rejected(connection: Connection) -> bool:
    return connection.approved_at is None and connection.closed_reason in _REJECTIONS


def _last_words(connection: Connection) -> str:
    """What our person wrote when they closed the connection: the side that we cannot call reads it in our answer."""
    if connection.approved_at is None or connection.closed_reason in (None, CLOSED_BY_US, CLOSED_BY_PARTNER):
        return ""
    return connection.closed_reason or ""


def _receive_early(node: Node, tx: Transaction, connection: Connection, batch: Batch) -> Receipt:
    """Before the number is typed nothing is taken in, but for one thing: that the partner wants no more of it."""
    closing = [envelope for envelope in batch.envelopes if envelope.type == CLOSE]
    invitation = tx.invitations.of_connection(connection.id)
    if closing and invitation is not None and invitation.state is InvitationState.CLAIMED:
        reason = closing_reason(closing[0])
        ended = invitation.after_withdrawal(reason, tx.now)
        closed = end_offer(node, tx, connection, ended, "withdrawn", actor=None, action="claim.withdraw").connection
        tell(node, tx, NoticeKind.DECLINED, closed, reason)
    return Receipt()


def _receive(node: Node, tx: Transaction, peer: Peer, nonce: str, batch: Batch | None) -> Receipt:
    if not tx.nonces.add(peer.connection_id, nonce, tx.now + NONCE_LIFE):
        return Receipt(ReceiptKind.REPLAYED)
    if batch is None:
        return Receipt()
    before = tx.connections.by_id(peer.connection_id)
    if before.state is ConnectionState.PENDING:
        return _receive_early(node, tx, before, batch)
    notice_return(node, tx, before)
    too_full = tx.inbox.unprocessed(peer.connection_id) + len(batch.envelopes) > MOST_UNPROCESSED
    taken_batch = Batch(ack=batch.ack) if too_full and batch.envelopes else batch
    taken = take_in(node, tx, before.after_contact(tx.now), taken_batch)
    save_taken(tx, before, taken)
    if taken_batch is not batch:
        return Receipt(ReceiptKind.BUSY)
    return Receipt(ack=tuple(envelope.id for envelope in batch.envelopes))
