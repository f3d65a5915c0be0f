"""The partner's half of pairing: reading a code, accepting it, declining it."""

from dataclasses import dataclass, field
from datetime import timedelta

from exchange.errors import ClaimRefused
from exchange.messages import claim_body
from flows.claim import Answered, Refused, send_claim
from flows.dial import exchange_once
from flows.draw import new_id, new_key
from flows.errors import FieldErrors, NoDesk, NotFound, OfferNotUsable, PartnerNotReachable
from flows.node import Node
from flows.notify import refresh, wake_dialling
from flows.offers import packed, packed_claim, stated_terms, unpacked
from flows.refusals import refusal_sentence
from flows.wizard import count_attempt
from pairing.address import host_of, is_local, is_unencrypted, local_address
from pairing.code import InvitationCode, read_code
from pairing.connection import Connection, ConnectionState
from pairing.errors import NameNotUsable
from pairing.names import connection_name, proposed_name, short_name, stated_name
from pairing.offer import OfferTerms
from pairing.organisation import Actor
from pairing.terms import Reach, Side
from storage.lanes import LaneKind
from storage.store import Transaction
from sync.desk import Desk
from sync.errors import RemoteError

_OFFER_LIFE = timedelta(hours=1)
_CLAIM_LIFE = timedelta(days=2)
_SENT_BY_THEN = timedelta(seconds=30)
_LOOKS_PER_HOUR = 10
_ACCEPTS_PER_HOUR = 5
MAX_REASON = 200


@dataclass(frozen=True, slots=True)
class Offer:
    """What the accept dialog shows. `ref` (26 symbols) stands for the code, which is sealed for an hour; `host` is the
    one that TLS verified, "this node" for a local code; all of `terms` is stated by the other node."""

    ref: str
    host: str
    unencrypted: bool
    terms: OfferTerms
    desks: tuple[Desk, ...]
    names_taken: frozenset[str]
    proposed_local: str
    proposed_remote: str
    proposed_name: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """`number` has six digits; None when the partner's node did not answer in time: the claim is repeated and the
    number follows as a notice. `activates_at_once`: the inviter wanted no number, so the connection is active or will
    be as soon as the two nodes have reached each other. `trouble` says why there was no usable answer."""

    connection: Connection
    number: str | None = field(repr=False)
    activates_at_once: bool
    trouble: str = ""


async def read_offer(node: Node, actor: Actor, pasted: str) -> Offer:
    """Asks the inviter's node what the code offers; spends nothing.

    Raises CodeNotReadable and its kin, OfferNotUsable, PartnerNotReachable, NoDesk, TooMany.
    """
    code = read_code(pasted, node.trusted)
    _refuse_unfit(node, code)
    await count_attempt(node, actor, "invite.look", _LOOKS_PER_HOUR, "You looked at 10 codes within an hour.")
    try:
        terms = stated_terms(await node.wire.look(code.address, code.token))
    except ClaimRefused as error:
        raise OfferNotUsable(refusal_sentence(error.code), error.code) from error
    except RemoteError as error:
        raise PartnerNotReachable(_unreachable(code)) from error
    if terms.reach is not code.reach:
        raise OfferNotUsable("The code and your partner's node contradict each other. Ask for a new code.")
    ref = new_id(node)
    return await node.store.run(actor.organisation_id, lambda tx: _remember(tx, ref, code, terms))


async def accept(
    node: Node, actor: Actor, ref: str, *, desk_id: str, local_name: str, remote_name: str, name: str
) -> Accepted:
    """Makes our pending half and sends the claim, built once: every repetition sends the same bytes.

    Raises FieldErrors(desk_id, local_name, remote_name, name), OfferNotUsable, NotFound, TooMany.
    """
    code, terms = await _offer(node, actor, ref)
    names = await node.store.read(
        actor.organisation_id, lambda tx: _checked(tx, desk_id, local_name, remote_name, name)
    )
    await count_attempt(node, actor, "invite.accept", _ACCEPTS_PER_HOUR, "You accepted 5 codes within an hour.")
    connection_id, side_id, key = new_id(node), new_id(node), new_key(node)

    def write(tx: Transaction) -> Connection:
        local, remote, own_name = _checked(tx, desk_id, local_name, remote_name, name)
        desk = tx.desks.by_id(desk_id)
        connection = Connection(
            id=connection_id,
            name=own_name,
            side=Side.INVITEE,
            reach=code.reach,
            rules=terms.rules,
            policy=terms.policy,
            state=ConnectionState.PENDING,
            desk_id=desk_id,
            local_name=local,
            remote_name=remote,
            description=terms.description,
            our_id=side_id,
            our_key=key.public,
            created_by=actor.user_id,
            created_at=tx.now,
            their_url=code.address,
            partner_name=terms.organisation,
        )
        body = claim_body(
            token=code.token,
            key=key.public,
            side=side_id,
            reach=code.reach,
            url=_own_url(node, code),
            name=tx.organisation.name,
            team=tx.organisation.team_id,
            team_name=tx.organisation.name,
            desk=desk.kind,
            software=node.software,
        )
        tx.connections.add(connection)
        # We send the claim ourselves in a moment, while its person waits; this is for when we do not get that far.
        tx.lanes.wake(LaneKind.SEND, connection_id, at=tx.now + _SENT_BY_THEN)
        tx.vault.put("connection_key", connection_id, key.seed)
        tx.vault.put("claim", connection_id, packed_claim(body, code, terms), tx.now + _CLAIM_LIFE)
        tx.audit.write("claim.send", own_name, actor_user=actor.user_id, actor_team=actor.team_id)
        refresh(node, tx)
        return connection

    assert names
    connection = await node.store.run(actor.organisation_id, write)
    return await _claimed(node, actor, ref, connection)


async def decline(node: Node, actor: Actor, ref: str, reason: str) -> OfferTerms:
    """Tells the inviter no; `reason` may be empty.

    Raises FieldErrors(reason), OfferNotUsable, PartnerNotReachable, NotFound.
    """
    if len(reason.strip()) > MAX_REASON:
        raise FieldErrors({"reason": f"Shorten the reason to {MAX_REASON} characters."})
    code, terms = await _offer(node, actor, ref)
    try:
        await node.wire.decline(code.address, code.token, stated_name(reason, MAX_REASON))
    except ClaimRefused as error:
        raise OfferNotUsable(refusal_sentence(error.code), error.code) from error
    except RemoteError as error:
        raise PartnerNotReachable(_unreachable(code)) from error

    def write(tx: Transaction) -> None:
        tx.vault.forget("offer", ref)
        tx.audit.write("invite.decline", terms.organisation, actor_user=actor.user_id, actor_team=actor.team_id)

    await node.store.run(actor.organisation_id, write)
    return terms


async def _claimed(node: Node, actor: Actor, ref: str, connection: Connection) -> Accepted:
    outcome = await send_claim(node, actor.organisation_id, connection.id)
    if isinstance(outcome, Refused) and outcome.leaves_code_good:
        # The dialog stays good as well: with another desk, say, the same code may work.
        raise OfferNotUsable(outcome.sentence, outcome.code)
    await node.store.run(actor.organisation_id, lambda tx: tx.vault.forget("offer", ref))
    if isinstance(outcome, Refused):
        raise OfferNotUsable(outcome.sentence, outcome.code)
    if isinstance(outcome, Answered):
        # One exchange right away: where the inviter wanted no number, the connection may be active by now.
        await exchange_once(node, actor.organisation_id, connection.id, wait=0)

    def after(tx: Transaction) -> Connection:
        now = tx.connections.find(connection.id)
        if now is not None:
            wake_dialling(tx, now)
        return now or connection

    now = await node.store.run(actor.organisation_id, after)
    if not isinstance(outcome, Answered):
        return Accepted(now, None, activates_at_once=False, trouble=now.last_error or "")
    is_auto = not outcome.is_wanted or now.state is ConnectionState.ACTIVE
    return Accepted(now, outcome.number, activates_at_once=is_auto)


def _refuse_unfit(node: Node, code: InvitationCode) -> None:
    if is_local(code.address) and code.address != local_address(node.node_id):
        raise OfferNotUsable(
            "This code connects two desks on one node, and it was made on another one. Ask your partner for a code that"
            " reaches across nodes."
        )
    if code.reach is Reach.PUBLIC and node.address is None:
        raise OfferNotUsable(
            "This code is for a node that has a URL, and this one has none. Ask your partner to choose “I don't have a"
            " URL for my partner” and to send a new code."
        )


def _own_url(node: Node, code: InvitationCode) -> str | None:
    if code.reach is Reach.LOCAL:
        return code.address
    return node.address if code.reach is Reach.PUBLIC else None


def _unreachable(code: InvitationCode) -> str:
    return (
        f"Nothing that we can trust answers at {host_of(code.address)}. Nothing was spent: ask your partner whether"
        " their Drawbridge runs, then try the same code again."
    )


def _remember(tx: Transaction, ref: str, code: InvitationCode, terms: OfferTerms) -> Offer:
    own_desks, taken = tx.desks.all(), tx.connections.names()
    if not own_desks:
        raise NoDesk("You have no desk yet. Add one with `setup`, then accept the code.")
    tx.vault.put("offer", ref, packed(code, terms), tx.now + _OFFER_LIFE)
    local, remote = _usable(terms.invitee_name, "us"), _usable(terms.inviter_name, "partner")
    return Offer(
        ref=ref,
        host=host_of(code.address),
        unencrypted=is_unencrypted(code.address),
        terms=terms,
        desks=own_desks,
        names_taken=taken,
        proposed_local=local,
        proposed_remote=remote,
        proposed_name=proposed_name(local, remote, taken),
    )


def _usable(name: str, otherwise: str) -> str:
    try:
        return short_name(name)
    except NameNotUsable:
        return otherwise


def _checked(tx: Transaction, desk_id: str, local_name: str, remote_name: str, name: str) -> tuple[str, str, str]:
    problems: dict[str, str] = {}
    values: dict[str, str] = {}
    for field_name, check, typed in (
        ("local_name", short_name, local_name),
        ("remote_name", short_name, remote_name),
        ("name", connection_name, name),
    ):
        try:
            values[field_name] = check(typed)
        except NameNotUsable as error:
            problems[field_name] = str(error)
    if tx.desks.find(desk_id) is None:
        problems["desk_id"] = "Choose one of your desks."
    if not problems and values["local_name"] == values["remote_name"]:
        problems["remote_name"] = "The two sides need different short names."
    if values.get("name") in tx.connections.names():
        problems["name"] = f"There is a connection `{values['name']}` already. Choose another name."
    if problems:
        raise FieldErrors(problems)
    return values["local_name"], values["remote_name"], values["name"]


async def _offer(node: Node, actor: Actor, ref: str) -> tuple[InvitationCode, OfferTerms]:
    sealed = await node.store.read(actor.organisation_id, lambda tx: tx.vault.get("offer", ref))
    if sealed is None:
        raise NotFound("This dialog is older than an hour or was used already. Use the code again.")
    return unpacked(sealed, node.trusted)
