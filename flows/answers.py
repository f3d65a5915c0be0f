"""What a rule may ask its node: people and links of its own connection, its own desk, and to write now."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from flows.desk_of import OpenDesk
from flows.node import Node
from pairing.connection import Connection
from rules.host.scene import Json
from storage.store import Transaction
from sync.errors import RemoteGone, RemoteRefusedTicket
from sync.link import Link, LinkState
from sync.ticket import Person

Arguments = dict[str, Json]
_READS = ("GET", "HEAD")


class Writes(Protocol):
    """What a rule does beyond its outcome: each at most once, whatever happens."""

    async def call(self, arguments: Arguments) -> Json:
        """A call of httpClient that writes."""

    async def store(self, arguments: Arguments) -> Json:
        """Our ticket as the rule wants it so far."""


class NoWrites:
    """For runs that are repeated whenever somebody looks. Implements Writes."""

    async def call(self, arguments: Arguments) -> Json:
        return {"error": "an outgoing rule may only read by httpClient; write in the incoming rule"}

    async def store(self, arguments: Arguments) -> Json:
        return {"error": "only an incoming rule may store the ticket"}


class Answers:
    """One run's questions. A refusal is an answer that the rule sees as an exception."""

    def __init__(
        self,
        node: Node,
        organisation_id: str,
        connection: Connection,
        desk: OpenDesk,
        writes: Writes,
        *,
        may_call: bool,
    ) -> None:
        self._node, self._organisation, self._connection, self._desk = node, organisation_id, connection, desk
        self._writes = writes
        self._may_call = may_call
        self._table: dict[str, Callable[[Arguments], Awaitable[Json]]] = {
            "person_by_email": self._person_by_email,
            "person_by_name": self._person_by_name,
            "ours_of_theirs": self._ours_of_theirs,
            "theirs_of_ours": self._theirs_of_ours,
            "ticket": self._ticket,
            "http": self._http,
            "store": writes.store,
        }

    async def __call__(self, name: str, arguments: Arguments) -> Json:
        known = self._table.get(name)
        if known is None:
            return {"error": "there is nobody who could answer that"}
        return await known(arguments)

    async def _person_by_email(self, arguments: Arguments) -> Json:
        return _person(await self._desk.tracker.person_by_email(_text(arguments, "email")))

    async def _person_by_name(self, arguments: Arguments) -> Json:
        found = await self._desk.tracker.people_by_name(_text(arguments, "name"))
        return _person(found[0]) if len(found) == 1 else None

    async def _ours_of_theirs(self, arguments: Arguments) -> Json:
        link = await self._link(lambda tx: tx.links.by_theirs(self._connection.id, _number(arguments, "theirs")))
        if link is None or link.our_ticket is None:
            return None
        return _named(link.our_ticket, f"#{link.our_ticket}", self._desk.tracker.url_of(link.our_ticket))

    async def _theirs_of_ours(self, arguments: Arguments) -> Json:
        link = await self._link(lambda tx: tx.links.by_ours(self._connection.id, _number(arguments, "ours")))
        if link is None or link.their_ticket is None:
            return None
        return _named(link.their_ticket, link.their_shown, link.their_url)

    async def _ticket(self, arguments: Arguments) -> Json:
        try:
            found = await self._desk.tracker.read(_number(arguments, "key"))
        except (RemoteGone, RemoteRefusedTicket):
            return None
        return _named(found.id, found.shown, found.url)

    async def _http(self, arguments: Arguments) -> Json:
        if not self._may_call:
            return {"error": "httpClient is off for this connection"}
        if _text(arguments, "method").upper() not in _READS:
            return await self._writes.call(arguments)
        return await desk_call(self._desk, arguments)

    async def _link(self, find: Callable[[Transaction], Link | None]) -> Link | None:
        link = await self._node.store.read(self._organisation, find)
        return link if link is not None and link.state is LinkState.LINKED else None


async def desk_call(desk: OpenDesk, arguments: Arguments) -> Json:
    """Raises RemoteUnavailable; what the desk refuses is an answer."""
    query = {str(name): str(value) for name, value in (arguments.get("query") or {}).items()}
    try:
        said = await desk.tracker.http(
            _text(arguments, "method"), _text(arguments, "path"), query, arguments.get("body")
        )
    except RemoteRefusedTicket as error:
        return {"error": str(error)}
    return {"status": said.status, "headers": dict(said.headers), "text": said.text}


def _text(arguments: Arguments, name: str) -> str:
    return str(arguments.get(name) or "")


def _number(arguments: Arguments, name: str) -> str:
    return _text(arguments, name).strip().removeprefix("#")


def _named(ticket_id: str, shown: str, url: str = "") -> Json:
    return {"id": ticket_id, "shown": shown, "url": url}


def _person(person: Person | None) -> Json:
    if person is None:
        return None
    return {"name": person.name, "email": person.email, "id": person.id, "is_agent": person.is_agent}
