"""Somebody at the desk: what agents and requesters do in the browser or by mail."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from typing import Any

from sandbox.freshservice.html import html_of
from sandbox.freshservice.links import Links
from sandbox.freshservice.records import (
    CLOSED,
    SERVICE_REQUEST,
    Agent,
    Conversation,
    File,
    Requester,
    Ticket,
    Upload,
)
from sandbox.freshservice.world import World

_Named = Mapping[str, bytes]
_NO_FILES: _Named = {}
_LABELLED = ("status", "priority", "urgency", "impact", "source")


class NotPossible(Exception):
    """The desk does not let people do this; the text says why."""


class Person:
    """Texts are plain unless `html=True`. Statuses and the like go by label or by number, tickets by id, files as
    names and bytes. The desk's own rules for forms are not applied: a person in a hurry finds ways."""

    def __init__(self, world: World, links: Links, who: Agent | Requester) -> None:
        self.who = who
        self._world = world
        self._links = links

    @property
    def id(self) -> int:
        return self.who.id

    @property
    def is_agent(self) -> bool:
        return isinstance(self.who, Agent)

    # tickets

    def raise_ticket(
        self,
        subject: str,
        description: str = "",
        *,
        files: _Named = _NO_FILES,
        html: bool = False,
        requester: Agent | Requester | None = None,
        **fields: Any,
    ) -> Ticket:
        """`fields` are attributes of a ticket; `custom_fields` a mapping. An agent may raise it for a requester."""
        body = description if html else html_of(description)
        for_whom = (requester or self.who).id
        values = {"subject": subject, "description": body, "requester_id": for_whom, **self._numbers(fields)}
        ticket = self._world.add_ticket(values, _uploads(files), by=self.id)
        self._world.apply_rule(ticket)
        return self._world.tickets[ticket.id]

    def request_service(self, subject: str, **fields: Any) -> Ticket:
        """From the catalogue: such tickets have no description."""
        values = {"subject": subject, "description": "", "requester_id": self.id, "type": SERVICE_REQUEST}
        return self._world.add_ticket({**values, **self._numbers(fields)}, by=self.id)

    def edit(self, ticket_id: int, *, html: bool = False, **fields: Any) -> Ticket:
        """`description` is text like all others; `tags` are whole."""
        live = self._live(ticket_id)
        values = self._numbers(fields)
        if "description" in values and not html:
            values["description"] = f"<div>{html_of(values['description'])}</div>"
        return self._world.change(live.id, values, by=self.id)

    def attach(self, ticket_id: int, name: str, content: bytes) -> File:
        after = self._world.change(self._live(ticket_id).id, {}, _uploads({name: content}), by=self.id)
        return self._world.files[after.files[-1]]

    def remove_file(self, ticket_id: int, file_id: int) -> None:
        self._world.remove_file(self._live(ticket_id).id, file_id, by=self.id)

    def trash(self, ticket_id: int) -> None:
        self._world.trash(self._live(ticket_id).id, by=self.id)

    def restore(self, ticket_id: int) -> None:
        if not self._world.tickets[ticket_id].deleted:
            raise NotPossible("This ticket is not in the trash.")
        self._world.restore(ticket_id, by=self.id)

    def purge(self, ticket_id: int) -> None:
        """Deletes it for good."""
        self._world.purge(ticket_id)

    def mark_spam(self, ticket_id: int, *, spam: bool = True) -> Ticket:
        return self._world.change(self._live(ticket_id).id, {"spam": spam}, by=self.id)

    def merge(self, ticket_id: int, into: int) -> None:
        """The other one goes on, with a note; this one is closed and thrown away."""
        left, kept = self._live(ticket_id), self._live(into)
        text = f"Ticket {left.id} ({left.subject}) was merged into this one."
        self._world.say(kept.id, html_of(text), by=self.id, private=True)
        self._world.change(left.id, {"status": CLOSED}, by=self.id)
        self._world.trash(left.id, by=self.id)

    # what is said

    def reply(self, ticket_id: int, text: str, *, files: _Named = _NO_FILES, html: bool = False) -> Conversation:
        """Public. A requester's comes in by mail, and opens the ticket again when it was solved."""
        live = self._live(ticket_id)
        said = self._world.say(
            live.id,
            text if html else html_of(text),
            _uploads(files),
            by=self.id,
            source=0,
            incoming=not self.is_agent,
            support_email=None if not self.is_agent else self._world.support_email,
            from_email=self._world.support_email if self.is_agent else f'"{self.who.name}" <{self.who.email}>',
            to_emails=(self._other_end(live),),
            bcc_emails=(),
        )
        if not self.is_agent and live.status in (4, CLOSED):
            self._world.change(live.id, {"status": 2}, by=self.id)
        return said

    def note(
        self, ticket_id: int, text: str, *, private: bool = True, files: _Named = _NO_FILES, html: bool = False
    ) -> Conversation:
        if not self.is_agent:
            raise NotPossible("Only agents write notes.")
        body = text if html else html_of(text)
        return self._world.say(self._live(ticket_id).id, body, _uploads(files), by=self.id, private=private)

    def edit_note(self, conversation_id: int, text: str, *, html: bool = False) -> Conversation:
        said = self._world.conversations[conversation_id]
        if said.source == 0:
            raise NotPossible("A reply has left the house: it cannot be changed.")
        body = text if html else f"<div>{html_of(text)}</div>"
        return self._world.reword(said.id, body, by=self.id)

    def show_note(self, conversation_id: int, *, private: bool) -> Conversation:
        """In the desk's own pages people can change who sees a note; its interface has no word for that."""
        return self._world.show(conversation_id, private=private)

    def delete_note(self, conversation_id: int) -> None:
        self._world.unsay(conversation_id, by=self.id)

    def image(self, name: str, content: bytes) -> str:
        """The HTML of an image, to be put in a text."""
        (upload,) = _uploads({name: content})
        return self._links.inline_html(self._world.keep_file(upload))

    # how it is done

    def _live(self, ticket_id: int) -> Ticket:
        ticket = self._world.tickets.get(ticket_id)
        if ticket is None:
            raise NotPossible(f"There is no ticket {ticket_id}.")
        if ticket.deleted:
            raise NotPossible("This ticket is in the trash. Restore it first.")
        return ticket

    def _numbers(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        values = dict(fields)
        for name in _LABELLED:
            if isinstance(values.get(name), str):
                values[name] = self._world.form.number(name, values[name])
        for name in ("tags", "cc_emails"):
            if name in values:
                values[name] = tuple(values[name])
        return values

    def _other_end(self, ticket: Ticket) -> str:
        requester = self._world.people.person(ticket.requester_id)
        return (requester.email if self.is_agent and requester else None) or self._world.support_email


def _uploads(files: _Named) -> tuple[Upload, ...]:
    return tuple(
        Upload(name, content, mimetypes.guess_type(name)[0] or "application/octet-stream")
        for name, content in files.items()
    )
