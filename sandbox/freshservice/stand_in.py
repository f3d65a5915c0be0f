"""One account behind one loopback port: the API, the place where files are, and a page for people."""

from __future__ import annotations

import asyncio
import itertools
import secrets
import time
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import Self
from urllib.parse import quote

from aiohttp import web

from sandbox.freshservice.directory import Directory
from sandbox.freshservice.door import API, Door, page_of
from sandbox.freshservice.faults import Fault, Faults, Trouble, instead
from sandbox.freshservice.form import Form
from sandbox.freshservice.limits import ENTERPRISE, Limits, Plan, Taken
from sandbox.freshservice.links import FILES, INLINE, Links
from sandbox.freshservice.page import Page
from sandbox.freshservice.person import Person
from sandbox.freshservice.records import Agent, Conversation, File, Requester, Ticket
from sandbox.freshservice.sending import abort, cut_off, drip
from sandbox.freshservice.switches import Switches
from sandbox.freshservice.webhooks import Automator
from sandbox.freshservice.wire import Answer, Call
from sandbox.freshservice.world import World, machine_now

_HOST = "127.0.0.1"
_BODY_LIMIT = 64 * 1024 * 1024
_SILENCE_SECONDS = 60.0
_PLAIN_HEADERS = {
    "X-Freshservice-Api-Version": "latest=v2; requested=v2",
    "Cache-Control": "no-cache, no-store, max-age=0, must-revalidate",
    "Pragma": "no-cache",
}
# What somebody attached is never shown as part of the page.
_FILE_HEADERS = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'"}


class FreshserviceStandIn:
    """`keys` work in the name of the account's first agent, or of the agent that `give_key` made them for;
    `limited_keys` belong to an agent whose role may not see tickets. `monotonic` (seconds) runs the windows of the
    limits, `now` (aware UTC) everything else, `sleep` the waits: give scaled ones to make minutes short.

    `calls` are those that the API received, oldest first; `leaks` the calls to the file host that carried a key.
    """

    def __init__(
        self,
        keys: Iterable[str] = (),
        limited_keys: Iterable[str] = (),
        switches: Switches | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        *,
        now: Callable[[], datetime] = machine_now,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        plan: Plan = ENTERPRISE,
        name: str = "acme",
        first_ticket: int = 1,
    ) -> None:
        self.keys = set(keys)
        self.limited_keys = set(limited_keys)
        self.switches = switches or Switches()
        self.world = World(name, self.switches, now, first_ticket)
        self.limits = Limits(plan, monotonic)
        self.calls: list[Call] = []
        self.leaks: list[str] = []
        self.origin = ""
        self._links = Links(self.world, secrets.token_bytes(16))
        self._door = Door(self.world, self._links, self.limits, self.keys, self.limited_keys)
        self._page = Page(self.world, self._links)
        self.automator = Automator(self.world, sleep)
        self._sleep = sleep
        self._request_ids = itertools.count(1)
        self._runner: web.AppRunner | None = None

    async def start(self, port: int = 0) -> Self:
        """Port 0 takes a free one; `origin` tells which."""
        app = web.Application(client_max_size=_BODY_LIMIT)
        app.router.add_route("*", API + "{path:.*}", self._called)
        app.router.add_get(FILES + "{path:.*}", self._downloaded)
        app.router.add_get(INLINE, self._shown)
        app.add_routes(self._page.routes())
        app.on_shutdown.append(self._page.close)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, _HOST, port).start()
        self.origin = self._links.base = f"http://{_HOST}:{self._runner.addresses[0][1]}"
        return self

    async def stop(self) -> None:
        await self.automator.close()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def page_url(self) -> str:
        """For people, in a browser."""
        return f"{self.origin}/"

    # what tests and the demo look at

    @property
    def faults(self) -> Faults:
        return self._door.faults

    @property
    def form(self) -> Form:
        return self.world.form

    @property
    def people(self) -> Directory:
        return self.world.people

    @property
    def tickets(self) -> tuple[Ticket, ...]:
        """All, oldest first, with those in the trash."""
        return tuple(self.world.tickets.values())

    def ticket(self, ticket_id: int) -> Ticket:
        """As it is now. Raises KeyError when there is none."""
        return self.world.tickets[ticket_id]

    def said_on(self, ticket_id: int) -> tuple[Conversation, ...]:
        """Oldest first."""
        return tuple(self.world.said_on(ticket_id))

    def files_of(self, one: Ticket | Conversation) -> tuple[File, ...]:
        return tuple(self.world.files[file_id] for file_id in one.files)

    async def until(self, condition: Callable[[], bool], seconds: float = 5.0) -> None:
        """Waits on changes of the account. Raises TimeoutError."""
        ends = time.monotonic() + seconds
        while not condition():
            left = ends - time.monotonic()
            if left <= 0 or not await self.world.changes.wait(left):
                if condition():
                    return
                raise TimeoutError(f"{self.world.name}: this did not come within {seconds:g} seconds")

    # people

    def person(self, who: str | int | Agent | Requester) -> Person:
        """Somebody to act as, by address, id or as they are. Raises KeyError."""
        if isinstance(who, Agent | Requester):
            return Person(self.world, self._links, who)
        found = self.people.by_email(who) if isinstance(who, str) else self.people.person(who)
        if found is None:
            raise KeyError(who)
        return Person(self.world, self._links, found)

    def add_agent(self, name: str, email: str = "", **more: object) -> Person:
        """`more` are attributes of Agent."""
        return self.person(self.people.add_agent(name, email, **more))

    def add_requester(self, name: str, email: str | None = "", **more: object) -> Person:
        """`more` are attributes of Requester."""
        return self.person(self.people.add_requester(name, email, **more))

    def give_key(self, agent: Agent) -> str:
        """A key of their own."""
        key = secrets.token_hex(10)
        self.keys.add(key)
        self._door.owners[key] = agent.id
        return key

    def rotate_key(self, old: str) -> str:
        """The old one is refused from now on."""
        agent = self.people.agents[self._door.owners.get(old, self.people.bridge.id)]
        self.keys.discard(old)
        return self.give_key(agent)

    # calls

    async def _called(self, request: web.Request) -> web.StreamResponse:
        method, path, query = request.method, request.path.removeprefix(API), request.query_string
        if self.switches.delay_seconds:
            await self._sleep(self.switches.delay_seconds)
        fault = self.faults.next_for(method, path, query)
        if fault is not None and fault.trouble.strikes_first and fault.trouble is not Trouble.SLOW:
            return await self._struck(request, path, fault)
        if fault is not None and fault.trouble is Trouble.SLOW:
            await self._sleep(fault.seconds or 0.0)
        parameters = dict(request.query)
        answer, taken = self._door.switched(), None
        if answer is None:
            taken = self._door.take(method, path, parameters)
            answer = await self._door.answer(request, path, parameters, taken)
        self.faults.answered(method, path, query, answer)
        if fault is None or fault.trouble is Trouble.SLOW:
            response = await self._sent(request, answer, taken)
        else:
            response = await self._spoilt(request, answer, taken, fault)
        if self.faults.after_page is not None and (page := page_of(method, path, parameters)) is not None:
            self.faults.after_page(page)
        return response

    async def _struck(self, request: web.Request, path: str, fault: Fault) -> web.StreamResponse:
        """Nothing is done."""
        if fault.trouble is Trouble.NO_ANSWER:
            await self._sleep(fault.seconds or _SILENCE_SECONDS)
        if fault.trouble in (Trouble.NO_ANSWER, Trouble.RESET):
            self._note(request, 0)
            return abort(request)
        if fault.trouble is Trouble.REPEATED:
            answer: Answer | None = self.faults.remembered(request.method, path, request.query_string)
        else:
            answer = instead(fault)
        assert answer is not None
        taken = None
        if fault.trouble is not Trouble.ERROR:
            taken = self._door.take(request.method, path, dict(request.query))
        return await self._sent(request, answer, taken)

    async def _spoilt(
        self, request: web.Request, answer: Answer, taken: Taken | None, fault: Fault
    ) -> web.StreamResponse:
        """Done, but the answer does not come as it should."""
        if fault.trouble is Trouble.LOST:
            self._note(request, 0)
            return abort(request)
        if fault.trouble is Trouble.LATE:
            await self._sleep(fault.seconds or 0.0)
        whole = self._response(instead(fault) or answer, taken)
        self._note(request, 0 if fault.trouble is Trouble.CUT else whole.status)
        if fault.trouble is Trouble.CUT:
            return await cut_off(request, whole)
        if fault.trouble is Trouble.DRIPPED:
            return await drip(request, whole, fault.seconds or 0.0, self._sleep)
        return whole

    async def _sent(self, request: web.Request, answer: Answer, taken: Taken | None) -> web.StreamResponse:
        whole = self._response(answer, taken)
        self._note(request, answer.status)
        if answer.status == 200 and self.switches.compressed:
            whole.headers["Content-Encoding"] = "gzip"
        if answer.status == 200 and self.switches.drip_seconds:
            return await drip(request, whole, self.switches.drip_seconds, self._sleep)
        return whole

    def _response(self, answer: Answer, taken: Taken | None) -> web.Response:
        headers = {**_PLAIN_HEADERS, "X-Request-Id": f"req-{next(self._request_ids)}", **answer.headers}
        if taken is not None:
            headers |= self._limit_headers(taken)
        body = answer.text.encode() if answer.content is None else answer.content
        if not body:
            return web.Response(status=answer.status, headers=headers)
        headers["Content-Type"] = answer.content_type + ("; charset=utf-8" if answer.content is None else "")
        return web.Response(status=answer.status, body=body, headers=headers)

    def _limit_headers(self, taken: Taken) -> dict[str, str]:
        end = ".0" if self.switches.decimal_limits else ""
        return {
            "X-RateLimit-Total": f"{taken.total}{end}",
            "X-RateLimit-Remaining": f"{taken.remaining}{end}",
            "X-RateLimit-Used-CurrentRequest": f"{taken.price}{end}",
        }

    def _note(self, request: web.Request, status: int) -> None:
        self.calls.append(Call(request.method, request.path, request.query_string, status))

    # files

    async def _downloaded(self, request: web.Request) -> web.StreamResponse:
        """A signed link needs no key, and a key that comes along is refused."""
        if refusal := self._leaked(request):
            return refusal
        return _file_response(self._links.behind(request.path, request.query))

    async def _shown(self, request: web.Request) -> web.StreamResponse:
        if refusal := self._leaked(request):
            return refusal
        return _file_response(self._links.behind_token(request.query.get("token", "")))

    def _leaked(self, request: web.Request) -> web.Response | None:
        if "Authorization" not in request.headers:
            return None
        self.leaks.append(request.path)
        return web.Response(status=400, text="<Error><Code>InvalidArgument</Code></Error>", content_type="text/xml")


def _file_response(file: File | None) -> web.Response:
    if file is None:
        return web.Response(status=403, text="<Error><Code>AccessDenied</Code></Error>", content_type="text/xml")
    headers = {
        **_FILE_HEADERS,
        "Content-Type": file.content_type,
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}",
    }
    return web.Response(body=file.content, headers=headers)
