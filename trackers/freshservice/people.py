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
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")
NOBODY = Person("Unknown")
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

    async def own_id(self, client: Client) -> int | None:
        """The key's own agent; None where the account does not tell, as no documentation promises it."""
        until, known = self._by_email.get("", (0.0, None))
        if self.clock() < until:
            return known.id if known else None
        answer = await client.look_up(CallKind.OTHER, "agents/me")
        known = _known(answer.record.record("agent")) if answer else None
        self._by_email[""] = (self.clock() + (KEPT_SECONDS if known else UNKNOWN_SECONDS), known)
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
        if answer is not None and (known := _known(answer.record.record(name))) is not None:
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
            return _known(entry)
    return None


def _known(entry: Record) -> Known | None:
    identity = entry.number("id")
    if identity is None:
        return None
    email = entry.text("email") or entry.text("primary_email")
    name = " ".join(f"{entry.text('first_name') or ''} {entry.text('last_name') or ''}".split())
    return Known(identity, Person(name or (email or "").partition("@")[0] or NOBODY.name, email))
