"""Workflows that call somebody when something happens at a ticket.

Seen in public set-ups and reports, read 2025-11: bodies are templates, values come as labels and raw text, nothing is
signed, and calls may come twice, late, out of order or never.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

import aiohttp

from sandbox.freshservice.moments import zulu
from sandbox.freshservice.records import Agent, Event, Requester, Ticket
from sandbox.freshservice.world import World

MINIMAL = '{"ticket_id": "{{ticket.id_numeric}}", "event": "updated"}'
_PLACE = re.compile(r"\{\{\s*ticket\.(?P<name>[\w.]+)[^}]*\}\}")
_PREFIXES = {"Service Request": "SR"}


@dataclass(frozen=True, slots=True)
class Rule:
    """One workflow. `events` are kinds of Event; of updates only those count that touch one of `watched` (None: any).
    What one of `unless_by` did is left out. Without a `template` the simple content is sent."""

    url: str
    events: frozenset[str] = frozenset({"raised", "updated", "note_added", "reply_sent", "requester_replied"})
    template: str | None = MINIMAL
    headers: Mapping[str, str] = field(default_factory=dict)
    watched: frozenset[str] | None = None
    unless_by: frozenset[int] = frozenset()
    condition: Callable[[Ticket], bool] = lambda ticket: True

    def is_for(self, event: Event, ticket: Ticket) -> bool:
        if event.kind not in self.events or event.by in self.unless_by or not self.condition(ticket):
            return False
        return event.kind != "updated" or self.watched is None or bool(self.watched & set(event.changed))


@dataclass(slots=True)
class Quirks:
    """How calls go wrong. `lose` counts down; `retries` are the seconds after which a refused call is tried again."""

    twice: bool = False
    delay_seconds: float = 0.0
    pairs_swapped: bool = False  # each call waits for the next one, which goes first
    lose: int = 0
    percent_encode: bool = False
    break_json: bool = False
    retries: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """A call that was made; `status` is None when nobody answered."""

    url: str
    ticket_id: int
    body: str
    status: int | None


class Automator:
    """Listens to the account. `deliveries` are in the order in which they ended."""

    def __init__(self, world: World, sleep: Callable[[float], Awaitable[None]]) -> None:
        self.rules: list[Rule] = []
        self.quirks = Quirks()
        self.deliveries: list[Delivery] = []
        self._world = world
        self._sleep = sleep
        self._held: list[tuple[Rule, int, str]] = []
        self._running: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None
        world.listeners.append(self._happened)

    async def settle(self) -> None:
        """Waits until all calls that are under way have ended."""
        while self._running:
            await asyncio.gather(*self._running)

    async def close(self) -> None:
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def _happened(self, event: Event) -> None:
        ticket = self._world.tickets.get(event.ticket_id)
        for rule in self.rules:
            if ticket is not None and rule.is_for(event, ticket):
                self._call(rule, ticket)

    def _call(self, rule: Rule, ticket: Ticket) -> None:
        if self.quirks.lose > 0:
            self.quirks.lose -= 1
            return
        calls = [(rule, ticket.id, self._body(rule, ticket))]
        if self.quirks.pairs_swapped:
            self._held += calls
            calls, self._held = (self._held[::-1], []) if len(self._held) > 1 else ([], self._held)
        if calls:
            task = asyncio.get_running_loop().create_task(self._deliver(calls * (2 if self.quirks.twice else 1)))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _deliver(self, calls: list[tuple[Rule, int, str]]) -> None:
        if self.quirks.delay_seconds:
            await self._sleep(self.quirks.delay_seconds)
        for rule, ticket_id, body in calls:
            for wait in (*self.quirks.retries, None):
                status = await self._post(rule, body)
                self.deliveries.append(Delivery(rule.url, ticket_id, body, status))
                if wait is None or (status is not None and status < 300):
                    break
                await self._sleep(wait)

    async def _post(self, rule: Rule, body: str) -> int | None:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10))
        headers = {"Content-Type": "application/json", **rule.headers}
        try:
            async with self._session.post(rule.url, data=body.encode(), headers=headers) as answer:
                return answer.status
        except (aiohttp.ClientError, TimeoutError, OSError):
            return None

    # what is sent

    def _body(self, rule: Rule, ticket: Ticket) -> str:
        body = self._simple(ticket) if rule.template is None else self._filled(rule.template, ticket)
        return body[:-1] + "\n" if self.quirks.break_json else body

    def _filled(self, template: str, ticket: Ticket) -> str:
        """Values go in as they are: a quote in a subject breaks the JSON around it."""
        values = self._values(ticket)
        quoted = self._quoted
        return _PLACE.sub(lambda place: quoted(values.get(place["name"], "")), template)

    def _simple(self, ticket: Ticket) -> str:
        values = self._values(ticket)
        names = ("id", "subject", "description", "url", "status", "priority")
        content = {f"ticket_{name}": self._quoted(values[name]) for name in names}
        return json.dumps({"freshdesk_webhook": content})

    def _quoted(self, value: str) -> str:
        return quote(value) if self.quirks.percent_encode else value

    def _values(self, ticket: Ticket) -> dict[str, str]:
        """Labels, not numbers; the id with its prefix."""
        form, people = self._world.form, self._world.people
        agent, group = people.agents.get(ticket.responder_id or 0), people.groups.get(ticket.group_id or 0)
        return {
            "id": f"{_PREFIXES.get(ticket.type, 'INC')}-{ticket.id}",
            "id_numeric": str(ticket.id),
            "subject": ticket.subject,
            "description": ticket.description,
            "url": f"https://{self._world.name}.freshservice.com/helpdesk/tickets/{ticket.id}",
            "status": form.label("status", ticket.status),
            "priority": form.label("priority", ticket.priority),
            "ticket_type": ticket.type,
            **_named("requester", people.person(ticket.requester_id)),
            **_named("agent", agent),
            "group.name": group.name if group else "",
            "created_at_iso": zulu(ticket.created_at),
        }


def _named(role: str, person: Agent | Requester | None) -> dict[str, str]:
    return {
        f"{role}.name": person.name if person else "",
        f"{role}.email": (person.email or "") if person else "",
    }
