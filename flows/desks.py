"""The organisation's desks: added with a live check, their keys straight into the vault."""

import re
from dataclasses import replace

from flows.desk_lanes import start_desk
from flows.draw import new_id
from flows.errors import FieldErrors, NotFound
from flows.node import Node
from flows.notify import refresh
from flows.wizard import OPENINGS
from pairing.connection import ConnectionState
from pairing.errors import MoveNotPossible, NameNotUsable, UserError
from pairing.names import short_name as checked_short_name
from pairing.organisation import Actor
from pairing.secret import Secret
from storage.store import Transaction
from sync.desk import Desk
from sync.errors import RemoteError, RemoteGone, RemoteRefusedUs

_LONGEST_KEY = 500
_LONGEST_EMAIL = 254
_EMAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>.]+")


async def desks(node: Node, actor: Actor) -> tuple[Desk, ...]:
    """By short name."""
    return await node.store.read(actor.organisation_id, lambda tx: tx.desks.all())


async def add_desk(
    node: Node, actor: Actor, *, kind: str, short_name: str, address: str, api_key: Secret, requester: str = ""
) -> Desk:
    """Checks the address, the key and the stand-in requester's e-mail live, then stores them.

    Raises FieldErrors(kind, short_name, address, api_key, requester).
    """
    name, canonical = _checked(node, kind, short_name, address, api_key, requester)
    taken = await node.store.read(actor.organisation_id, lambda tx: tx.desks.named(name))
    if taken is not None:
        raise _name_taken(name)
    await _check_live(node, kind, canonical, api_key)
    await _check_requester(node, kind, canonical, api_key, requester.strip())
    desk_id = new_id(node)

    def write(tx: Transaction) -> Desk:
        if tx.desks.named(name) is not None:
            raise _name_taken(name)
        desk = Desk(desk_id, kind, name, canonical, actor.user_id, tx.now, requester.strip())
        tx.desks.add(desk)
        tx.wake(OPENINGS)
        _keep_key(node, tx, actor, desk, api_key, "desk.add")
        return desk

    return await node.store.run(actor.organisation_id, write)


async def replace_key(node: Node, actor: Actor, desk_id: str, api_key: Secret) -> Desk:
    """Checks the new key live before the old one is forgotten. Raises FieldErrors(api_key), NotFound."""
    desk = await _desk(node, actor, desk_id)
    if problem := _key_problem(api_key):
        raise FieldErrors({"api_key": problem})
    await _check_live(node, desk.kind, desk.address, api_key)

    def write(tx: Transaction) -> None:
        _keep_key(node, tx, actor, desk, api_key, "desk.key")

    await node.store.run(actor.organisation_id, write)
    return desk


async def replace_requester(node: Node, actor: Actor, desk_id: str, requester: str) -> Desk:
    """Who stands in from now on; empty: the key's own agent. Raises FieldErrors(requester), NotFound."""
    desk, email = await _desk(node, actor, desk_id), requester.strip()
    if problem := _requester_problem(email):
        raise FieldErrors({"requester": problem})
    key = await node.store.read(actor.organisation_id, lambda tx: tx.vault.get("desk_token", desk_id))
    if key is None:
        raise NotFound("The key of that desk is not there any more. Replace it first.")
    await _check_requester(node, desk.kind, desk.address, Secret(key.decode()), email)

    def write(tx: Transaction) -> Desk:
        current = tx.desks.find(desk_id)
        if current is None:
            raise NotFound("That desk is not there any more.")
        changed = replace(current, fallback_requester=email)
        tx.desks.save(changed)
        tx.audit.write("desk.requester", desk_id, actor_user=actor.user_id, actor_team=actor.team_id)
        return changed

    return await node.store.run(actor.organisation_id, write)


async def remove_desk(node: Node, actor: Actor, desk_id: str) -> Desk:
    """Forgets the desk and its key. Raises MoveNotPossible while a connection that is not closed uses it, NotFound."""
    desk = await _desk(node, actor, desk_id)

    def write(tx: Transaction) -> None:
        users = [c.name for c in tx.connections.all() if c.desk_id == desk_id and c.state is not ConnectionState.CLOSED]
        if users:
            raise MoveNotPossible(
                f"The desk `{desk.short_name}` is used by {', '.join(f'`{name}`' for name in users)}:"
                " close what uses it first."
            )
        tx.vault.forget("desk_token", desk_id)
        tx.desks.remove(desk_id)
        tx.wake(OPENINGS)
        tx.audit.write("desk.remove", desk_id, actor_user=actor.user_id, actor_team=actor.team_id)
        refresh(node, tx)

    await node.store.run(actor.organisation_id, write)
    return desk


async def _desk(node: Node, actor: Actor, desk_id: str) -> Desk:
    desk = await node.store.read(actor.organisation_id, lambda tx: tx.desks.find(desk_id))
    if desk is None:
        raise NotFound("That desk is not there any more.")
    return desk


def _checked(node: Node, kind: str, short_name: str, address: str, api_key: Secret, requester: str) -> tuple[str, str]:
    problems: dict[str, str] = {}
    name = canonical = ""
    try:
        name = checked_short_name(short_name)
    except NameNotUsable as error:
        problems["short_name"] = str(error)
    if kind not in node.desks:
        problems["kind"] = "Choose the kind of desk."
    else:
        try:
            canonical = node.desks[kind].canonical_address(address)
        except UserError as error:
            problems["address"] = str(error)
    if problem := _key_problem(api_key):
        problems["api_key"] = problem
    if problem := _requester_problem(requester.strip()):
        problems["requester"] = problem
    if problems:
        raise FieldErrors(problems)
    return name, canonical


def _key_problem(api_key: Secret) -> str | None:
    text = api_key.reveal()
    if not text.strip():
        return "Paste the API key of the agent that Drawbridge shall act as."
    if len(text) > _LONGEST_KEY or not text.isascii() or any(c.isspace() or not c.isprintable() for c in text):
        return "An API key has letters, digits and signs, no spaces. Copy it again from your desk's profile page."
    return None


def _requester_problem(email: str) -> str | None:
    if email and (len(email) > _LONGEST_EMAIL or not _EMAIL.fullmatch(email)):
        return "Type an e-mail address like helpdesk@example.com, or leave it empty."
    return None


async def _check_requester(node: Node, kind: str, address: str, api_key: Secret, email: str) -> None:
    if not email:
        return
    try:
        known = await node.desks[kind].open(address, api_key, urgent=True).person_by_email(email)
    except RemoteError as error:
        raise FieldErrors(
            {
                "requester": "The desk did not say whether it knows this person. Check that the agent of the API key"
                " may see requesters, try again in a minute, or leave it empty."
            }
        ) from error
    if known is None:
        raise FieldErrors(
            {"requester": "Your desk knows nobody with this e-mail address. Add the requester there first."}
        )


async def _check_live(node: Node, kind: str, address: str, api_key: Secret) -> None:
    try:
        await node.desks[kind].check(address, api_key)
    except RemoteRefusedUs as error:
        raise FieldErrors(
            {
                "api_key": "The desk refused this API key, or the agent may not see tickets."
                " Copy the key again from the agent's profile, and check the agent's roles."
            }
        ) from error
    except RemoteGone as error:
        raise FieldErrors({"address": "There is no desk at this address. Check the spelling."}) from error
    except RemoteError as error:
        raise FieldErrors(
            {"address": "The desk did not answer as a desk does. Check the address, or try again in a minute."}
        ) from error


def _keep_key(node: Node, tx: Transaction, actor: Actor, desk: Desk, api_key: Secret, action: str) -> None:
    tx.vault.put("desk_token", desk.id, api_key.reveal().encode())
    tx.audit.write(action, desk.id, actor_user=actor.user_id, actor_team=actor.team_id, detail=desk.kind)
    start_desk(node, tx, desk)
    refresh(node, tx)


def _name_taken(name: str) -> FieldErrors:
    return FieldErrors({"short_name": f"There is a desk `{name}` already. Choose another short name."})
