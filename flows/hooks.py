"""Webhooks of a desk: a hint that a ticket moved. Only its number is taken, and the ticket is read again."""

import hashlib
import re

from flows.errors import DeskNotUsable, NotFound
from flows.node import Node
from flows.poll import look_at
from pairing.digests import b64u
from pairing.organisation import Actor
from pairing.secret import Secret
from storage.store import Transaction

PATH = "/hooks/"
MAX_BODY = 4096
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
# Desks send numbers with and without quotes, with a prefix, percent-encoded, and sometimes no JSON at all.
_TICKET = re.compile(r"ticket_id(?:%22|[\"'\s:=]|%3A|%20){1,12}(?:[A-Za-z]{1,5}-)?([0-9]{1,15})\b")


async def make_hook(node: Node, actor: Actor, desk_id: str) -> Secret:
    """A new address for this desk's webhooks; it is shown once, and an older one is worth nothing from now on.

    Raises NotFound, DeskNotUsable on a node that nobody can call.
    """
    if node.address is None:
        raise DeskNotUsable("This node has no public URL, so no desk can call it. It looks at the desk by itself.")
    token = b64u(node.chance(32))

    def write(tx: Transaction) -> None:
        desk = tx.desks.find(desk_id)
        if desk is None:
            raise NotFound("That desk is not there any more.")
        tx.hooks.put(desk_id, _hash(token))
        tx.audit.write("desk.hook", desk_id, actor_user=actor.user_id, actor_team=actor.team_id)

    await node.store.run(actor.organisation_id, write)
    return Secret(f"{node.address}{PATH}{token}")


async def hook_called(node: Node, token: str, body: bytes) -> bool:
    """False for an unknown address. The hint is durable when this returns; a body without a number is no harm."""
    if not _TOKEN.fullmatch(token):
        return False
    digest = _hash(token)
    found = await node.store.system_read(lambda tx: tx.desk_of_hook(digest))
    if found is None:
        return False
    organisation_id, desk_id = found
    ticket_id = ticket_in(body)
    if ticket_id is not None:
        await look_at(node, organisation_id, desk_id, ticket_id)
    return True


def ticket_in(body: bytes) -> str | None:
    """The ticket's number, wherever it stands; None when there is none."""
    match = _TICKET.search(body[:MAX_BODY].decode("utf-8", "replace"))
    return str(int(match[1])) if match else None


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
