"""Who somebody is: agents and requesters by id and by e-mail, kept for a while. Nobody is ever made.

Freshservice API v2, List all agents, List all requesters, read 2025-11.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from sync.ticket import Person
from trackers.freshservice.answers import DeskRefused
from trackers.freshservice.http import Answer, Client
from trackers.freshservice.record import Record
from trackers.port import CallKind

KEPT_SECONDS = 3600.0
UNKNOWN_SECONDS = 300.0
MOST_KEPT = 10_000
_PER_PAGE = "100"
# A desk with more agents than fit on these pages is asked no further: each page is a call.
_MOST_PAGES = 20
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")
NOBODY = Person("Unknown")
_NAME = re.compile(r"[^'\"\\\r\n]{1,100}")
_EMAIL = re.compile(r"[^\s@\"'<>(),;:]{1,200}@[^\s@\"'<>(),;:]{1,200}")


@dataclass(frozen=True, slots=True)
class Known:
    """A person and the desk's id of theirs."""

    id: int
    person: Person


@dataclass(slots=True)
class People:
    """Of one account. `clock` is monotonic seconds."""

    clock: Callable[[], float]
    _by_id: dict[int, tuple[float, Person]] = field(default_factory=dict)
    _by_email: dict[str, tuple[float, Known | None]] = field(default_factory=dict)
    _by_name: dict[str, tuple[float, tuple[Person, ...]]] = field(default_factory=dict)
    _agents: tuple[float, tuple[Known, ...]] = (0.0, ())

    async def by_id(self, client: Client, identity: int | None, *, likely_agent: bool) -> Person:
        """A call at most, two for one who is not what seemed likely; NOBODY for one who cannot be seen."""
        if identity is None:
            return NOBODY
        until, person = self._by_id.get(identity, (0.0, NOBODY))
        if self.clock() < until:
            return person
        known = await _look_up_id(client, identity, likely_agent)
        self._keep(identity, known.person if known else None)
        return known.person if known else NOBODY

    def kept(self, identity: int | None) -> Person | None:
        """What is known without a call."""
        until, person = self._by_id.get(identity or 0, (0.0, NOBODY))
        return person if self.clock() < until and person is not NOBODY else None

    async def by_email(self, client: Client, email: str) -> Known | None:
        address = email.strip().lower()
        if not _EMAIL.fullmatch(address):
            return None
        until, known = self._by_email.get(address, (0.0, None))
        if self.clock() < until:
            return known
        known = await _look_up_email(client, address)
        _bound(self._by_email)
        self._by_email[address] = (self.clock() + (KEPT_SECONDS if known else UNKNOWN_SECONDS), known)
        if known is not None:
            self._keep(known.id, known.person)
        return known

    async def agent_by_email(self, client: Client, email: str) -> Known | None:
        """Somebody who can be assigned; a call where they were not met lately."""
        known = await self.by_email(client, email)
        if known is None or known.person.is_agent:
            return known
        # Known among the requesters only, as accounts show them that do not mix agents in: they may be both.
        address = email.strip().lower()
        found = _matching(await _list(client, CallKind.LIST_AGENTS, "agents", {"email": address}), "agents", address)
        if found is not None:
            self._by_email[address] = (self.clock() + KEPT_SECONDS, found)
            self._keep(found.id, found.person)
        return found

    async def by_name(self, client: Client, name: str) -> tuple[Person, ...]:
        """All agents of this name, then all requesters: a call for the latter, and pages of agents once an hour."""
        wanted = " ".join(name.split()).casefold()
        if not _NAME.fullmatch(wanted):
            return ()
        until, found = self._by_name.get(wanted, (0.0, ()))
        if self.clock() < until:
            return found
        agents = [known.person for known in await self.agents(client)]
        everybody = agents + [known.person for known in await _requesters_like(client, wanted)]
        named = [person for person in everybody if person.name.casefold() == wanted]
        found = tuple({person.id: person for person in reversed(named)}.values())[::-1]
        _bound(self._by_name)
        self._by_name[wanted] = (self.clock() + UNKNOWN_SECONDS, found)
        return found

    async def agents(self, client: Client) -> tuple[Known, ...]:
        """All that are active, kept for an hour."""
        until, kept = self._agents
        if self.clock() < until:
            return kept
        found = await _all_agents(client)
        for known in found:
            self._keep(known.id, known.person)
        self._agents = (self.clock() + KEPT_SECONDS, found)
        return found

    async def own_id(self, client: Client) -> int | None:
        """The key's own agent; None where the account does not tell, as no documentation promises it."""
        until, known = self._by_email.get("", (0.0, None))
        if self.clock() < until:
            return known.id if known else None
        answer = await client.look_up(CallKind.OTHER, "agents/me")
        known = _known(answer.record.record("agent"), is_agent=True) if answer else None
        self._by_email[""] = (self.clock() + (KEPT_SECONDS if known else UNKNOWN_SECONDS), known)
        if known is not None:
            self._keep(known.id, known.person)
        return known.id if known else None

    def _keep(self, identity: int, person: Person | None) -> None:
        _bound(self._by_id)
        self._by_id[identity] = (self.clock() + (KEPT_SECONDS if person else UNKNOWN_SECONDS), person or NOBODY)


def _bound(kept: dict[_Key, _Value]) -> None:
    """The oldest go first."""
    while len(kept) >= MOST_KEPT:
        del kept[next(iter(kept))]


async def _look_up_id(client: Client, identity: int, likely_agent: bool) -> Known | None:
    kinds = (("agents", "agent"), ("requesters", "requester"))
    for path, name in kinds if likely_agent else kinds[::-1]:
        answer = await client.look_up(CallKind.OTHER, f"{path}/{identity}")
        if answer is None:
            continue
        known = _known(answer.record.record(name), is_agent=name == "agent")
        if known is not None:
            return known
    return None


async def _look_up_email(client: Client, address: str) -> Known | None:
    """Both lists, as an agent is missing among requesters, and one where the desk will mix them for us."""
    query = {"email": address}
    found = await _list(client, CallKind.LIST_REQUESTERS, "requesters", {**query, "include_agents": "true"})
    known = _matching(found, "requesters", address)
    if known is None:
        known = _matching(await _list(client, CallKind.LIST_AGENTS, "agents", query), "agents", address)
    return known


async def _list(client: Client, kind: CallKind, path: str, query: dict[str, str]) -> Answer | None:
    try:
        return await client.look_up(kind, path, query)
    except DeskRefused:
        # Not every account mixes agents into its requesters.
        without = {name: value for name, value in query.items() if name == "email"}
        return await client.look_up(kind, path, without) if without != query else None


def _matching(answer: Answer | None, name: str, address: str) -> Known | None:
    """A desk that overlooks the filter answers with everybody: only the one with this address counts."""
    for entry in (answer.record.records(name) or ()) if answer else ():
        addresses = (entry.text("email"), entry.text("primary_email"), *entry.texts("secondary_emails"))
        if address in {(one or "").lower() for one in addresses}:
            return _known(entry, is_agent=name == "agents")
    return None


async def _all_agents(client: Client) -> tuple[Known, ...]:
    found: list[Known] = []
    page: int | None = 1
    while page is not None and page <= _MOST_PAGES:
        query = {"active": "true", "per_page": _PER_PAGE, "page": str(page)}
        answer = await client.look_up(CallKind.LIST_AGENTS, "agents", query)
        if answer is None:
            break
        known = (_known(entry, is_agent=True) for entry in answer.record.records("agents") or ())
        found += [one for one in known if one is not None]
        page = answer.next_page if answer.next_page is not None and answer.next_page > page else None
    return tuple(found)


async def _requesters_like(client: Client, wanted: str) -> tuple[Known, ...]:
    """Out of an index that may be minutes late: whose first or last name starts so."""
    query = {"query": f"\"~[first_name|last_name]:'{wanted.split()[0]}'\""}
    try:
        answer = await client.look_up(CallKind.LIST_REQUESTERS, "requesters", query)
    except DeskRefused:
        return ()
    entries = (answer.record.records("requesters") or ()) if answer else ()
    known = (_known(entry, is_agent=False) for entry in entries)
    return tuple(one for one in known if one is not None)


def _known(entry: Record, *, is_agent: bool) -> Known | None:
    identity = entry.number("id")
    if identity is None:
        return None
    email = entry.text("email") or entry.text("primary_email")
    name = " ".join(f"{entry.text('first_name') or ''} {entry.text('last_name') or ''}".split())
    shown = name or (email or "").partition("@")[0] or NOBODY.name
    # Lists of requesters that have agents among them say so of each.
    works_here = is_agent or entry.flag("is_agent") is True
    return Known(identity, Person(shown, email, str(identity), works_here))
