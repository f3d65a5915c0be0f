"""What is said on a ticket: list, reply, notes, and their edits.

API v2 reference, Conversations, and recordings of live accounts, read 2025-11.
"""

from __future__ import annotations

from sandbox.freshservice.api_tickets import TicketsApi
from sandbox.freshservice.checks import addresses_in, check_size, flag_in, text_in, user_in
from sandbox.freshservice.paging import link_to_next, window
from sandbox.freshservice.records import Conversation, Json
from sandbox.freshservice.shapes import Shapes
from sandbox.freshservice.wire import Answer, Asked, Refused, answered, coded, entry, invalid, only
from sandbox.freshservice.world import World

_REPLY, _NOTE = 0, 2


class ConversationsApi:
    def __init__(self, world: World, shapes: Shapes, tickets: TicketsApi) -> None:
        self._world = world
        self._shapes = shapes
        self._tickets = tickets

    def list(self, asked: Asked) -> Answer:
        only(asked.query, "page", "per_page")
        seen, ticket = window(asked.query), self._tickets.ticket(asked)
        if ticket.deleted and self._world.switches.trashed_is_gone:
            raise Refused(404)
        said = self._world.said_on(ticket.id)
        if not self._world.switches.conversations_oldest_first:
            said.reverse()
        items, has_more = seen.cut(said)
        body: Json = {"conversations": [self._shapes.said(one) for one in items]}
        if self._world.switches.conversations_meta:
            body["meta"] = {"count": len(said)}
        return answered(200, body, link_to_next(asked, seen, has_more))

    def reply(self, asked: Asked) -> Answer:
        """Public, and mailed to the requester."""
        ticket = self._tickets.live(asked)
        only(asked.body, "body", "from_email", "user_id", "cc_emails", "bcc_emails")
        body, by = text_in(asked.body, "body"), self._author(asked)
        copies, hidden = addresses_in(asked.body, "cc_emails"), addresses_in(asked.body, "bcc_emails")
        self._check_size(asked, ticket.id)
        requester = self._world.people.person(ticket.requester_id)
        said = self._world.say(
            ticket.id,
            body,
            asked.files,
            by=by,
            source=_REPLY,
            support_email=self._world.support_email,
            from_email=asked.body.get("from_email") or self._world.support_email,
            to_emails=(requester.email,) if requester and requester.email else (),
            cc_emails=copies,
            bcc_emails=hidden,
        )
        return answered(201, {"conversation": self._shapes.reply(said)}, _location(asked, said))

    def note(self, asked: Asked) -> Answer:
        """Private unless it says otherwise."""
        ticket = self._tickets.live(asked)
        only(asked.body, "body", "private", "incoming", "notify_emails", "user_id")
        body, by = text_in(asked.body, "body"), self._author(asked)
        private = flag_in(asked.body, "private", True, is_form=asked.is_form)
        incoming = flag_in(asked.body, "incoming", False, is_form=asked.is_form)
        told = addresses_in(asked.body, "notify_emails")
        self._check_size(asked, ticket.id)
        said = self._world.say(
            ticket.id,
            body,
            asked.files,
            by=by,
            private=private,
            incoming=incoming,
            source=_NOTE,
            to_emails=told,
        )
        return answered(201, {"conversation": self._shapes.note(said)}, _location(asked, said))

    def edit(self, asked: Asked) -> Answer:
        """Notes only: a reply has left the house."""
        said = self._found(asked)
        only(asked.body, "body")
        body = text_in(asked.body, "body") if "body" in asked.body or not asked.files else None
        if said.source != _NOTE:
            raise invalid(entry("body", "Replies cannot be changed.", "readonly_field"))
        self._check_size(asked, said.ticket_id)
        after = self._world.reword(said.id, body, asked.files, by=asked.agent.id)
        return answered(200, {"conversation": self._shapes.note(after)})

    def delete(self, asked: Asked) -> Answer:
        self._world.unsay(self._found(asked).id, by=asked.agent.id)
        return Answer(204)

    def remove_file(self, asked: Asked) -> Answer:
        said = self._found(asked)
        if asked.ids[1] not in said.files:
            raise Refused(404)
        self._world.drop_file(said.id, asked.ids[1], by=asked.agent.id)
        return Answer(204)

    def _found(self, asked: Asked) -> Conversation:
        """On a live ticket of a workspace that the agent sees."""
        said = self._world.conversations.get(asked.ids[0])
        ticket = self._world.tickets.get(said.ticket_id) if said is not None else None
        if said is None or ticket is None or ticket.deleted:
            raise Refused(404)
        if ticket.workspace_id not in asked.agent.workspace_ids:
            raise coded(403, "access_denied", "You are not authorized to perform this action.")
        return said

    def _author(self, asked: Asked) -> int:
        return user_in(self._world, asked.body, asked.agent.id, is_form=asked.is_form)

    def _check_size(self, asked: Asked, ticket_id: int) -> None:
        if asked.files:
            check_size(self._world, ticket_id, sum(len(one.content) for one in asked.files))


def _location(asked: Asked, said: Conversation) -> dict[str, str]:
    return {"Location": f"{asked.base}/api/v2/conversations/{said.id}"}
