"""`initiate`: what its four steps need and check, and the offer that comes out of them."""

import json
from dataclasses import asdict, dataclass, fields, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any

from exchange.errors import NotADrawbridge, NotAllowed, NotReachable
from flows.draw import KeyPair, new_id, new_key
from flows.errors import FieldErrors, PartnerNotReachable, TooMany
from flows.node import Node
from flows.notify import refresh
from pairing.address import canonical_address, is_local, local_address
from pairing.code import InvitationCode, commitment_to, token_hash
from pairing.connection import Connection, ConnectionState
from pairing.errors import AddressNotUsable, NameNotUsable
from pairing.invitation import EXPIRY_HOURS, MAX_OPEN, Invitation, InvitationState
from pairing.names import connection_name, proposed_short_name, short_name
from pairing.notice import NoticeKind
from pairing.organisation import Actor, Organisation
from pairing.secret import Secret
from pairing.terms import ConflictPolicy, Reach, RulesMode, Side
from storage.store import Transaction
from sync.desk import Desk

OPENINGS = "openings"  # the topic that wakes whoever keeps what a wizard opens with: see flows/openings.py
_DRAFT_LIFE = timedelta(days=1)
_CHECKS_PER_HOUR = 10
MAX_DESCRIPTION = 300


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed so far. `step` is 1 to 4; `partner_url` is as typed; `deliver` is "dm", "person" or "channel" and
    `deliver_to` the id of the person or channel; `shared_ok` is the tick that a shared channel may read the code."""

    step: int = 1
    desk_id: str = ""
    reach: Reach | None = None
    partner_url: str = ""
    rules: RulesMode | None = None
    local_name: str = ""
    remote_name: str = ""
    name: str = ""
    description: str = ""
    deliver: str = "dm"
    deliver_to: str = ""
    shared_ok: bool = False
    expiry_hours: int = 24
    policy: ConflictPolicy = ConflictPolicy.LATEST
    auto: bool = False


@dataclass(frozen=True, slots=True)
class WizardStart:
    """All that the wizard's views need, from one local read. `can_be_called` is False on a node without a URL."""

    draft: Draft
    resumed: bool
    desks: tuple[Desk, ...]
    organisation: Organisation
    can_be_called: bool
    names_taken: frozenset[str]
    own_address: str | None = None
    trusted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Initiated:
    """`code` is shown once and stored nowhere."""

    connection: Connection
    invitation: Invitation
    code: Secret


async def wizard_start(node: Node, actor: Actor) -> WizardStart:
    """The saved draft, or a fresh one with the only desk and our short name filled in."""

    def read(tx: Transaction) -> WizardStart:
        saved = tx.vault.get("draft", actor.user_id)
        begun = fresh_start(node, tx)
        return begun if saved is None else replace(begun, draft=_read_draft(saved), resumed=True)

    return await node.store.read(actor.organisation_id, read)


def fresh_start(node: Node, tx: Transaction) -> WizardStart:
    """For a person without a draft."""
    own_desks = tx.desks.all()
    return WizardStart(
        draft=_fresh_draft(own_desks, tx.organisation),
        resumed=False,
        desks=own_desks,
        organisation=tx.organisation,
        can_be_called=node.address is not None,
        names_taken=tx.connections.names(),
        own_address=node.address,
        trusted=node.trusted,
    )


async def save_draft(node: Node, actor: Actor, draft: Draft) -> None:
    sealed = json.dumps(asdict(draft)).encode()

    def write(tx: Transaction) -> None:
        tx.vault.put("draft", actor.user_id, sealed, tx.now + _DRAFT_LIFE)
        tx.wake(OPENINGS)

    await node.store.run(actor.organisation_id, write)


async def forget_draft(node: Node, actor: Actor) -> None:
    def write(tx: Transaction) -> None:
        _forget_draft(tx, actor)

    await node.store.run(actor.organisation_id, write)


def _forget_draft(tx: Transaction, actor: Actor) -> None:
    tx.vault.forget("draft", actor.user_id)
    tx.wake(OPENINGS)


async def check_partner(node: Node, actor: Actor, typed: str) -> str:
    """Asks the typed address whether a Drawbridge lives there; its canonical form.

    Raises AddressNotUsable, PartnerNotReachable, TooMany.
    """
    address = canonical_address(typed, node.trusted)
    await count_attempt(node, actor, "address.check", _CHECKS_PER_HOUR, "You checked 10 addresses within an hour.")
    try:
        await node.wire.info(address)
    except NotAllowed as error:
        raise PartnerNotReachable(
            "This node may not call that address: its name leads into a private network. Ask your operator, or your"
            " partner for their public address."
        ) from error
    except NotADrawbridge as error:
        raise PartnerNotReachable(
            "Something answers at that address, but it is no Drawbridge. Ask your partner for the address of theirs."
        ) from error
    except NotReachable as error:
        raise PartnerNotReachable(
            "Nothing answers at that address. Check the spelling, ask your partner whether their Drawbridge runs, or"
            " choose “I don't have a URL for my partner”."
        ) from error
    return address


async def count_attempt(node: Node, actor: Actor, action: str, most: int, sentence: str) -> None:
    """Writes one attempt to the audit, or raises TooMany when this person made `most` within the last hour."""

    def write(tx: Transaction) -> None:
        since = tx.now - timedelta(hours=1)
        if tx.audit.count(action, actor_user=actor.user_id, since=since) >= most:
            raise TooMany(f"{sentence} Try again in an hour.")
        tx.audit.write(action, "", actor_user=actor.user_id, actor_team=actor.team_id)

    await node.store.run(actor.organisation_id, write)


def step_errors(draft: Draft, start: WizardStart, *, channel_is_shared: bool = False) -> dict[str, str]:
    """What is wrong in the draft's current step: field name -> sentence; empty when Next may go on."""
    if draft.step == 1:
        return _errors_of_reach(draft, start)
    if draft.step == 2:
        return {} if draft.rules else {"rules": "Choose Basic or Script."}
    if draft.step == 3:
        return _errors_of_names(draft, start)
    return _errors_of_delivery(draft, channel_is_shared)


async def initiate(node: Node, actor: Actor, draft: Draft, *, channel_is_shared: bool = False) -> Initiated:
    """Makes the connection (pending) and its invitation, and forgets the draft. Posting the code is the caller's.

    Raises FieldErrors, TooMany.
    """
    start = await wizard_start(node, actor)
    problems: dict[str, str] = {}
    for step in (1, 2, 3, 4):
        problems |= step_errors(replace(draft, step=step), start, channel_is_shared=channel_is_shared)
    if problems:
        raise FieldErrors(problems)
    token, key, ids = node.chance(16), new_key(node), (new_id(node), new_id(node), new_id(node))

    def write(tx: Transaction) -> Initiated:
        if tx.invitations.open_count() >= MAX_OPEN:
            raise TooMany(f"{MAX_OPEN} invitations are open already. Cancel one with `pending`, then try again.")
        return _offer(node, tx, actor, draft, token, key, ids)

    return await node.store.run(actor.organisation_id, write)


async def code_was_posted(node: Node, actor: Actor, invitation_id: str, *, channel: str, ts: str) -> None:
    """Remembers the message that holds the code, so that it can be replaced once the code is spent."""

    def write(tx: Transaction) -> None:
        invitation = tx.invitations.by_id(invitation_id).after_posting(channel, ts)
        tx.invitations.save(invitation)
        if invitation.state is not InvitationState.OPEN:  # the partner was faster than Slack's answer to us
            refresh(node, tx, NoticeKind.INVITATION, connection=tx.connections.by_id(invitation.connection_id))

    await node.store.run(actor.organisation_id, write)


def _offer(
    node: Node, tx: Transaction, actor: Actor, draft: Draft, token: bytes, key: KeyPair, ids: tuple[str, str, str]
) -> Initiated:
    assert draft.reach is not None
    assert draft.rules is not None
    connection_id, invitation_id, side_id = ids
    name = connection_name(draft.name)
    if name in tx.connections.names():
        raise FieldErrors({"name": _taken(name)})
    connection = Connection(
        id=connection_id,
        name=name,
        side=Side.INVITER,
        reach=draft.reach,
        rules=draft.rules,
        policy=draft.policy,
        state=ConnectionState.PENDING,
        desk_id=draft.desk_id,
        local_name=short_name(draft.local_name),
        remote_name=short_name(draft.remote_name),
        description=draft.description.strip(),
        our_id=side_id,
        our_key=key.public,
        created_by=actor.user_id,
        created_at=tx.now,
    )
    invitation = Invitation(
        id=invitation_id,
        connection_id=connection_id,
        state=InvitationState.OPEN,
        token_hash=token_hash(token),
        own_key=key.public,
        partner_url=canonical_address(draft.partner_url, node.trusted) if draft.reach is Reach.PUBLIC else None,
        auto=draft.auto,
        created_by=actor.user_id,
        created_at=tx.now,
        expires_at=(tx.now + timedelta(hours=draft.expiry_hours)).replace(microsecond=0),
        posted_kind=draft.deliver,
    )
    tx.connections.add(connection)
    tx.invitations.add(invitation)
    tx.vault.put("connection_key", connection_id, key.seed)
    _forget_draft(tx, actor)
    tx.audit.write("invite.create", invitation.handle, actor_user=actor.user_id, actor_team=actor.team_id)
    refresh(node, tx)
    return Initiated(connection, invitation, Secret(code_of(node, connection, token).text))


def code_of(node: Node, connection: Connection, token: bytes) -> InvitationCode:
    """The code of an invitation of ours, from its token: what the partner typed, and what the number is made from."""
    address = local_address(node.node_id) if connection.reach is Reach.LOCAL else node.address
    assert address is not None, "a node without an address makes local codes only"
    return InvitationCode(connection.reach, token, commitment_to(connection.our_key), address)


def _errors_of_reach(draft: Draft, start: WizardStart) -> dict[str, str]:
    problems: dict[str, str] = {}
    if draft.desk_id not in {desk.id for desk in start.desks}:
        problems["desk_id"] = "Choose one of your desks."
    if draft.reach is None:
        problems["reach"] = "Choose how the two sides reach each other."
    elif draft.reach is not Reach.LOCAL and not start.can_be_called:
        problems["reach"] = (
            "This node has no public URL, so nobody can call it. Ask your partner to start: the side with an address"
            " makes the code. Or connect two desks on this node."
        )
    elif draft.reach is Reach.PUBLIC and (problem := _address_problem(draft.partner_url, start)):
        problems["partner_url"] = problem
    return problems


def _address_problem(typed: str, start: WizardStart) -> str | None:
    if not typed.strip():
        return "Type the address of your partner's Drawbridge, for example https://bridge.example.com."
    try:
        address = canonical_address(typed, start.trusted)
    except AddressNotUsable as error:
        return str(error)
    if address == start.own_address or is_local(address):
        return "That is the address of this node. Choose “On this node” to connect two desks that it serves."
    return None


def _errors_of_names(draft: Draft, start: WizardStart) -> dict[str, str]:
    problems: dict[str, str] = {}
    for field, check in (("local_name", short_name), ("remote_name", short_name), ("name", connection_name)):
        try:
            check(getattr(draft, field))
        except NameNotUsable as error:
            problems[field] = str(error)
    if not problems and short_name(draft.local_name) == short_name(draft.remote_name):
        problems["remote_name"] = "The two sides need different short names."
    if "name" not in problems and connection_name(draft.name) in start.names_taken:
        problems["name"] = _taken(connection_name(draft.name))
    if len(draft.description.strip()) > MAX_DESCRIPTION:
        problems["description"] = f"Shorten the description to {MAX_DESCRIPTION} characters."
    return problems


def _errors_of_delivery(draft: Draft, channel_is_shared: bool) -> dict[str, str]:
    problems: dict[str, str] = {}
    if draft.deliver not in ("dm", "person", "channel"):
        problems["deliver"] = "Choose where the code shall go."
    elif draft.deliver != "dm" and not draft.deliver_to:
        problems["deliver_to"] = "Choose the person." if draft.deliver == "person" else "Choose the channel."
    if channel_is_shared and not draft.shared_ok:
        problems["shared_ok"] = "Tick that everyone in this shared channel may read the code, or choose another place."
    if channel_is_shared and draft.auto:
        problems["auto"] = "A code that a shared channel can read needs the number: leave this off."
    if draft.expiry_hours not in EXPIRY_HOURS:
        problems["expiry_hours"] = "Choose how long the code is good for."
    return problems


def _taken(name: str) -> str:
    return f"There is a connection `{name}` already. Choose another name."


def _fresh_draft(own_desks: tuple[Desk, ...], organisation: Organisation) -> Draft:
    only = own_desks[0].id if len(own_desks) == 1 else ""
    return Draft(desk_id=only, local_name=proposed_short_name(organisation.name))


_ENUMS: dict[str, type[StrEnum]] = {"reach": Reach, "rules": RulesMode, "policy": ConflictPolicy}


def _read_draft(saved: bytes) -> Draft:
    stored: dict[str, Any] = json.loads(saved)
    # A draft outlives an upgrade: fields that are no longer known are dropped, new ones get their default.
    known = {field.name: stored[field.name] for field in fields(Draft) if field.name in stored}
    for field, kind in _ENUMS.items():
        if known.get(field) is not None:
            known[field] = kind(known[field])
    return Draft(**known)
