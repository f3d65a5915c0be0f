"""The page: an account to be used by clicking. Each tab is one person, named in its address."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jinja2
from aiohttp import web

from sandbox.freshservice.form import FormField
from sandbox.freshservice.links import Links
from sandbox.freshservice.page_screen import VIEWS, Screen
from sandbox.freshservice.person import NotPossible, Person
from sandbox.freshservice.records import PRIMARY_WORKSPACE, Ticket
from sandbox.freshservice.world import World
from sandbox.page_guard import PAGE_HEADERS, guarded

_HERE = Path(__file__).parent
_PING_SECONDS = 15
Fields = Mapping[str, Any]


class Page:
    """`close` ends the streams of open tabs."""

    def __init__(self, world: World, links: Links) -> None:
        self._world = world
        self._links = links
        self._is_closing = False
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(_HERE / "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True
        )
        self._static = {file.name: file.read_bytes() for file in (_HERE / "static").iterdir()}

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", guarded(self._start)),
            web.get("/static/{name}", guarded(self._file)),
            web.get("/changes", guarded(self._changes)),
            web.get("/as/{who}", guarded(self._list)),
            web.post("/as/{who}", guarded(self._raise)),
            web.get("/as/{who}/tickets/{id}", guarded(self._look)),
            web.post("/as/{who}/tickets/{id}", guarded(self._act)),
        ]

    async def close(self, app: web.Application) -> None:
        self._is_closing = True
        self._world.changes.ring()

    # what is shown

    async def _start(self, request: web.Request) -> web.Response:
        """As somebody who works here: the first agent is the bridge's."""
        agents = list(self._world.people.agents)
        raise web.HTTPSeeOther(f"/as/{agents[1] if len(agents) > 1 else agents[0]}")

    async def _list(self, request: web.Request) -> web.Response:
        screen = self._screen(request)
        view = request.query.get("show", "open")
        return self._html("list.html", screen=screen, view=view if view in VIEWS else "open", views=VIEWS)

    async def _look(self, request: web.Request) -> web.Response:
        return self._ticket_page(request)

    def _ticket_page(self, request: web.Request, trouble: str = "") -> web.Response:
        screen, ticket = self._screen(request), self._ticket(request)
        return self._html("ticket.html", screen=screen, ticket=ticket, views=VIEWS, trouble=trouble)

    async def _file(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in self._static:
            raise web.HTTPNotFound
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return web.Response(body=self._static[name], content_type=kind, charset="utf-8")

    async def _changes(self, request: web.Request) -> web.StreamResponse:
        """A line for each change of the account, for tabs to read the page again."""
        changes = self._world.changes
        stream = web.StreamResponse(headers={**PAGE_HEADERS, "Content-Type": "text/event-stream"})
        await stream.prepare(request)
        seen = int(last) if (last := request.query.get("after", "")).isdigit() else changes.version
        while not self._is_closing:
            is_new = await changes.wait(_PING_SECONDS, after=seen)
            seen = changes.version
            try:
                await stream.write(f"data: {seen}\n\n".encode() if is_new else b": still here\n\n")
            except ConnectionError:
                break
        return stream

    # what is done

    async def _raise(self, request: web.Request) -> web.Response:
        person, posted = self._person(request), await request.post()
        fields = self._changed(posted, None)
        subject = str(fields.pop("subject", "")).strip() or "(no subject)"
        description, for_whom = str(fields.pop("description", "")), str(posted.get("requester", person.id))
        requester = self._world.people.person(_number(for_whom))
        ticket = person.raise_ticket(subject, description, files=_files(posted), requester=requester, **fields)
        raise web.HTTPSeeOther(f"/as/{person.id}/tickets/{ticket.id}")

    async def _act(self, request: web.Request) -> web.Response:
        person, ticket, posted = self._person(request), self._ticket(request), await request.post()
        act = _ACTS.get(str(posted.get("act")))
        if act is None:
            raise web.HTTPBadRequest(text="This button does nothing here.")
        try:
            act(self, person, ticket, posted)
        except (NotPossible, KeyError, ValueError) as error:
            return self._ticket_page(request, str(error))
        raise web.HTTPSeeOther(request.path)

    def _edit(self, person: Person, ticket: Ticket, posted: Fields) -> None:
        if fields := self._changed(posted, ticket):
            person.edit(ticket.id, **fields)

    def _say(self, person: Person, ticket: Ticket, posted: Fields) -> None:
        """As a reply, a public note or a private one."""
        text, files, how = str(posted.get("text", "")).strip(), _files(posted), str(posted.get("how"))
        if not text and not files:
            raise NotPossible("Write something first.")
        if how == "reply":
            person.reply(ticket.id, text, files=files)
        else:
            person.note(ticket.id, text, private=how != "note", files=files)

    def _attach(self, person: Person, ticket: Ticket, posted: Fields) -> None:
        for name, content in _files(posted).items():
            person.attach(ticket.id, name, content)

    def _reword(self, person: Person, ticket: Ticket, posted: Fields) -> None:
        person.edit_note(int(posted["said"]), str(posted.get("text", "")))

    def _unsay(self, person: Person, ticket: Ticket, posted: Fields) -> None:
        person.delete_note(int(posted["said"]))

    def _trash(self, person: Person, ticket: Ticket, posted: Fields) -> None:
        person.trash(ticket.id)

    def _restore(self, person: Person, ticket: Ticket, posted: Fields) -> None:
        person.restore(ticket.id)

    def _mark_spam(self, person: Person, ticket: Ticket, posted: Fields) -> None:
        person.mark_spam(ticket.id, spam=not ticket.spam)

    def _changed(self, posted: Fields, ticket: Ticket | None) -> dict[str, Any]:
        """Only what the person changed: the rest may have moved since the page was drawn."""
        workspace_id = ticket.workspace_id if ticket else PRIMARY_WORKSPACE
        fields: dict[str, Any] = {}
        custom: dict[str, Any] = {}
        for one in self._world.form.of_workspace(workspace_id):
            if one.attribute in posted and _is_changed(posted, one.attribute):
                place = custom if one.is_custom else fields
                place[one.attribute] = _value(one, str(posted[one.attribute]))
        if "tags" in posted and _is_changed(posted, "tags"):
            fields["tags"] = tuple(tag.strip() for tag in str(posted["tags"]).split(",") if tag.strip())
        return fields | ({"custom_fields": custom} if custom else {})

    # how things are found

    def _person(self, request: web.Request) -> Person:
        found = self._world.people.person(_number(request.match_info["who"]))
        if found is None:
            raise web.HTTPNotFound(text="Nobody here has this id. Choose a person on the first page: /")
        return Person(self._world, self._links, found)

    def _screen(self, request: web.Request) -> Screen:
        return Screen(self._world, self._links, self._person(request).who)

    def _ticket(self, request: web.Request) -> Ticket:
        found = self._world.tickets.get(_number(request.match_info["id"]))
        if found is None or not self._screen(request).may_see(found):
            raise web.HTTPNotFound(text="There is no such ticket here.")
        return found

    def _html(self, template: str, **values: object) -> web.Response:
        version = self._world.changes.version
        text = self._templates.get_template(template).render(**values, world=self._world, version=version)
        return web.Response(text=text, content_type="text/html")


_ACTS: Mapping[str, Callable[[Page, Person, Ticket, Fields], None]] = {
    "edit": Page._edit,
    "say": Page._say,
    "attach": Page._attach,
    "reword": Page._reword,
    "unsay": Page._unsay,
    "trash": Page._trash,
    "restore": Page._restore,
    "spam": Page._mark_spam,
}


def _is_changed(posted: Fields, name: str) -> bool:
    """Browsers send line breaks as two characters."""
    return str(posted[name]).replace("\r\n", "\n") != str(posted.get(f"was.{name}", "")).replace("\r\n", "\n")


def _value(one: FormField, text: str) -> Any:
    """What a control sent, as the ticket holds it."""
    text = text.replace("\r\n", "\n")
    if not text:
        return None if one.is_custom or one.attribute.endswith("_id") or one.attribute in ("urgency", "impact") else ""
    if one.field_type in ("custom_number", "custom_decimal"):
        return float(text) if "." in text else int(text)
    if one.field_type == "custom_checkbox":
        return text == "true"
    if one.field_type == "custom_multi_select_dropdown":
        return [part.strip() for part in text.split(",")]
    has_number = one.attribute.endswith("_id") or bool(one.numbers)
    return int(text) if has_number else text


def _files(posted: Fields) -> dict[str, bytes]:
    """All that were chosen, by name."""
    everything = posted.getall("files", []) if hasattr(posted, "getall") else []
    return {one.filename: one.file.read() for one in everything if isinstance(one, web.FileField) and one.filename}


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0
