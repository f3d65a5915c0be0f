"""The page: the whole simulated Slack, to be used by clicking. Each tab is one person, named in its address."""

from __future__ import annotations

import asyncio
import mimetypes
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import jinja2
from aiohttp import web

from sandbox.slack.errors import NotOnScreen, SlackRefused
from sandbox.slack.forms import Json, Key
from sandbox.slack.page_forms import Posted, element_at, field_named, fill_in, parts_of, surface_called
from sandbox.slack.page_screen import Place, Screen, badges, groups
from sandbox.slack.page_switches import METHODS, flip
from sandbox.slack.page_text import Reader, text_pieces
from sandbox.slack.person import PersonDriver
from sandbox.slack.surfaces import Surface

if TYPE_CHECKING:
    from sandbox.slack.server import SlackStandIn
    from sandbox.slack.world import Channel, Install

_HERE = Path(__file__).parent
_PING_SECONDS = 15
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_OUR_NAMES = ("127.0.0.1", "localhost")

_TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(_HERE / "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True
)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A button or menu that wants to be confirmed first; `choice` is the option chosen in a menu."""

    ref: str
    key: Key
    choice: str | None
    confirm: Json


class Page:
    """`close` ends the streams of open tabs."""

    def __init__(self, slack: SlackStandIn) -> None:
        self._slack = slack
        self._troubles: dict[str, str] = {}  # by person: what Slack last said instead of doing what they wanted
        self._asked: dict[str, Asked] = {}  # by person
        self._opening: set[asyncio.Task[None]] = set()
        self._is_closing = False
        self._static = {file.name: file.read_bytes() for file in (_HERE / "static").iterdir()}

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", _guarded(self._start)),
            web.get("/both/{person}/{other}", _guarded(self._both)),
            web.get("/static/{name}", _guarded(self._file)),
            web.get("/changes", _guarded(self._changes)),
            web.get("/as/{person}", _guarded(self._first_place)),
            web.get("/as/{person}/with/{other}", _guarded(self._direct)),
            web.get("/as/{person}/file/{id}", _guarded(self._shared_file)),
            web.get("/as/{person}/{kind:c|app}/{id}", _guarded(self._look)),
            web.post("/as/{person}/{kind:c|app}/{id}", _guarded(self._act)),
        ]

    async def close(self, app: web.Application) -> None:
        self._is_closing = True
        self._slack.world.changes.ring()
        for task in self._opening:
            task.cancel()

    # what is shown

    async def _start(self, request: web.Request) -> web.Response:
        version = self._slack.world.changes.version
        teams = [[one for one in team.people.values() if not one.is_bot] for team in self._slack.world.teams.values()]
        pair = [people[0] for people in teams if people][:2]
        return self._html("start.html", groups=groups(self._slack), pair=pair, version=version)

    async def _both(self, request: web.Request) -> web.Response:
        """Two people in one window."""
        other = self._slack.world.people.get(request.match_info["other"])
        return self._html("both.html", left=self._driver(request).person, right=other or self._driver(request).person)

    async def _first_place(self, request: web.Request) -> web.Response:
        driver = self._driver(request)
        channels = [one for one in driver.person.channels.values() if not one.is_dm]
        raise web.HTTPSeeOther(f"/as/{driver.person.id}/c/{(channels or [driver.notes])[0].id}")

    async def _direct(self, request: web.Request) -> web.Response:
        driver = self._driver(request)
        other = self._slack.world.people.get(request.match_info["other"])
        if other is None or other not in driver.people_offered():
            raise web.HTTPNotFound
        raise web.HTTPSeeOther(f"/as/{driver.person.id}/c/{driver.direct(other).id}")

    async def _look(self, request: web.Request) -> web.Response:
        driver, place = self._driver(request), self._place(request)
        if place.home_of is not None:
            if "X-Live" not in request.headers:  # a tab that keeps itself current has not opened it anew
                self._open_home(driver, place.home_of)
        elif driver.unread(place.channel):
            driver.look_at(place.channel)
            self._slack.world.changes.ring()
        asked = self._still_asked(driver)
        return self._html(
            "screen.html",
            screen=Screen(self._slack, driver, place, self._now()),
            trouble=self._troubles.get(driver.person.id, ""),
            asked=asked,
            asked_text=text_pieces(asked.confirm["text"], Reader(lambda some_id: None, self._now())) if asked else (),
            badges=tuple(badges(driver.person)),
            methods=METHODS,
        )

    def _open_home(self, driver: PersonDriver, install: Install) -> None:
        """In the background: the app publishes when it likes, and the page shows it then."""

        async def opened() -> None:
            try:
                await driver.open_home(install)
            except SlackRefused as error:
                self._say(driver, str(error))

        task = asyncio.ensure_future(opened())
        self._opening.add(task)
        task.add_done_callback(self._opening.discard)

    def _still_asked(self, driver: PersonDriver) -> Asked | None:
        asked = self._asked.get(driver.person.id)
        if asked is None:
            return None
        try:
            element_at(surface_called(driver, asked.ref), asked.key)
        except NotOnScreen:
            del self._asked[driver.person.id]
            return None
        return asked

    async def _file(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in self._static:
            raise web.HTTPNotFound
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return web.Response(body=self._static[name], content_type=kind, charset="utf-8")

    async def _shared_file(self, request: web.Request) -> web.Response:
        """A file that somebody shared where this person reads."""
        driver, wanted = self._driver(request), request.match_info["id"]
        for channel in driver.person.channels.values():
            for one in (file for message in channel.messages.values() for file in message.files):
                if one.id == wanted and one.content is not None:
                    # Always as plain text to be saved: what is in it is never this page's own.
                    disposition = {"Content-Disposition": "attachment"}
                    return web.Response(body=one.content, content_type="text/plain", headers=disposition)
        raise web.HTTPNotFound

    async def _changes(self, request: web.Request) -> web.StreamResponse:
        """A line for each change of the world, for tabs to read the page again."""
        changes = self._slack.world.changes
        stream = web.StreamResponse(headers={**_HEADERS, "Content-Type": "text/event-stream"})
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

    async def _act(self, request: web.Request) -> web.Response:
        driver, place = self._driver(request), self._place(request)
        posted = await Posted.read(request)
        self._troubles.pop(driver.person.id, None)
        try:
            await self._do(driver, place.channel, posted)
        except (SlackRefused, NotOnScreen) as error:
            self._say(driver, str(error).partition("\n")[0])
        self._slack.world.changes.ring()
        raise web.HTTPSeeOther(request.path)

    async def _do(self, driver: PersonDriver, channel: Channel, posted: Posted) -> None:
        asked = self._asked.pop(driver.person.id, None)
        if posted.has("fault"):
            await flip(self._slack, posted)
        elif posted.has("seen"):
            self._slack.refusals.clear()
        elif posted.has("say"):
            await _say(driver, channel, posted.text("text"))
        elif posted.has("confirm") and asked is not None:
            await self._press(driver, surface_called(driver, asked.ref), asked.key, asked.choice)
        elif posted.has("on"):
            await self._use(driver, posted)

    async def _use(self, driver: PersonDriver, posted: Posted) -> None:
        """Something on a modal, a Home or a message; what was filled in before comes first."""
        surface = surface_called(driver, posted.text("on"))
        if posted.has("close") or posted.has("close_all"):
            await driver.close_modal(everything=posted.has("close_all"))
            return
        await fill_in(driver, surface, posted, but=posted.text("enter"))
        if posted.has("submit"):
            await driver.submit()
        elif posted.has("press"):
            key, choice = _split(parts_of(posted.text("press")))
            if not self._asks(driver, surface, key, choice, posted.text("on")):
                await self._press(driver, surface, key, choice)
        elif posted.has("clear"):
            await driver.clear(field_named(surface, posted.text("clear")), where=surface)
        elif posted.has("enter"):
            name = posted.text("enter")
            await driver.type(field_named(surface, name), posted.text(name), where=surface, enter=True)

    def _asks(self, driver: PersonDriver, surface: Surface, key: Key, choice: str | None, ref: str) -> bool:
        element = element_at(surface, key)
        if "confirm" in element:
            self._asked[driver.person.id] = Asked(ref, key, choice, element["confirm"])
        return "confirm" in element

    async def _press(self, driver: PersonDriver, surface: Surface, key: Key, choice: str | None) -> None:
        if choice is None:
            await driver.click(key, where=surface)
        else:
            await driver.choose(key, choice, where=surface)

    def _say(self, driver: PersonDriver, trouble: str) -> None:
        self._troubles[driver.person.id] = trouble
        self._slack.world.changes.ring()

    # how things are found

    def _driver(self, request: web.Request) -> PersonDriver:
        person = self._slack.world.people.get(request.match_info["person"])
        if person is None or person.is_bot:
            raise web.HTTPNotFound(text="Nobody here has this id. Choose a person on the first page: /")
        return self._slack.person(person)

    def _place(self, request: web.Request) -> Place:
        driver, some_id = self._driver(request), request.match_info["id"]
        if request.match_info["kind"] == "app":
            install = driver.person.team.installs.get(some_id)
            if install is not None:
                return Place(driver.dm(install), install)
        elif channel := driver.person.channels.get(some_id):
            return Place(channel)
        raise web.HTTPNotFound(text="This person sees no such place. Choose one on the first page: /")

    def _now(self) -> datetime:
        return self._slack.world.clock.now().astimezone()

    def _html(self, template: str, **values: object) -> web.Response:
        text = _TEMPLATES.get_template(template).render(**values)
        return web.Response(text=text, content_type="text/html")


async def _say(driver: PersonDriver, channel: Channel, text: str) -> None:
    """As in Slack, a line that begins with a slash is a command, and one with a space before it is not."""
    if text.startswith("/"):
        await driver.command(text, channel)
    elif text.strip():
        await driver.say(channel, text.strip())


def _split(parts: tuple[str, ...]) -> tuple[Key, str | None]:
    return (parts[0], parts[1]), parts[2] if len(parts) == 3 else None


def _guarded(handler: Handler) -> Handler:
    """Answers browsers on this machine only, and forms of this page only, whatever other pages make a browser send."""

    async def guarded(request: web.Request) -> web.StreamResponse:
        if urlsplit(f"//{request.host}").hostname not in _OUR_NAMES:
            raise web.HTTPForbidden(text="This page answers at 127.0.0.1 only.")
        if request.method == "POST" and not _is_from_here(request):
            raise web.HTTPForbidden(text="Only this page's own forms are taken.")
        try:
            answer = await handler(request)
        except web.HTTPException as error:
            error.headers.update(_HEADERS)
            raise
        answer.headers.update(_HEADERS)
        return answer

    return guarded


def _is_from_here(request: web.Request) -> bool:
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin", f"http://{request.host}")
    return site in ("same-origin", "none") and origin == f"http://{request.host}"
