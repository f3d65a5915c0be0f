"""Plain values to store."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pairing.connection import Connection, ConnectionState
from pairing.invitation import Invitation, InvitationState
from pairing.notice import Notice, NoticeKind
from pairing.organisation import Organisation
from pairing.terms import ConflictPolicy, Reach, RulesMode, Side
from storage.store import Store
from sync.desk import Desk
from sync.envelope import Envelope
from sync.intent import Disagreement, Intent, IntentKind, ParkedUpdate
from sync.link import Link, Trace, TraceKind
from sync.rule import RuleSide, RuleVersion, text_sha256
from sync.ticket import Sighting

NOW = datetime(2030, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)


def some_id(name: str) -> str:
    """26 symbols that tell which value they belong to."""
    return (name.replace("_", "").replace("-", "") + "a" * 26)[:26]


def desk(name: str = "desk", **changes: Any) -> Desk:
    plain = Desk(some_id(name), "memory", name, f"https://{name}.example", "U1", NOW)
    return replace(plain, **changes)


def connection(name: str = "acme_to_globex", **changes: Any) -> Connection:
    plain = Connection(
        id=some_id(name),
        name=name,
        side=Side.INVITER,
        reach=Reach.PRIVATE,
        rules=RulesMode.BASIC,
        policy=ConflictPolicy.LATEST,
        state=ConnectionState.PENDING,
        desk_id=some_id("desk"),
        local_name="acme",
        remote_name="globex",
        description="",
        our_id=some_id("side" + name),
        our_key=b"p" * 32,
        created_by="U1",
        created_at=NOW,
    )
    return replace(plain, **changes)


def invitation(name: str = "acme_to_globex", **changes: Any) -> Invitation:
    plain = Invitation(
        id=some_id("invite" + name),
        connection_id=some_id(name),
        state=InvitationState.OPEN,
        token_hash=name.encode().ljust(32, b"t")[:32],
        own_key=b"p" * 32,
        partner_url=None,
        auto=False,
        created_by="U1",
        created_at=NOW,
        expires_at=datetime.now(UTC) + timedelta(hours=24),
    )
    return replace(plain, **changes)


def envelope(number: int | str, type: str = "ticket.update", **changes: Any) -> Envelope:
    return replace(Envelope(some_id(f"envelope{number}x"), type, NOW.replace(microsecond=0)), **changes)


def notice(number: int | str, kind: NoticeKind = NoticeKind.PAUSED, **changes: Any) -> Notice:
    return replace(Notice(some_id(f"notice{number}x"), kind, NOW), **changes)


def link(name: str = "372", **changes: Any) -> Link:
    """Our ticket is called like the link, theirs "t" and the same."""
    return replace(Link(some_id(f"link{name}x"), connection().id, name, f"t{name}", born_here=True), **changes)


def trace(name: str = "1", **changes: Any) -> Trace:
    """A comment of ours at `link()`."""
    plain = Trace(link().id, TraceKind.COMMENT, True, f"c{name}", f"d{name}", f"digest{name}")
    return replace(plain, **changes)


def intent(number: int = 0, **changes: Any) -> Intent:
    """The call at this position, of one envelope, for `link()`."""
    own, caused_by = some_id(f"intent{number}x"), envelope(1).id
    plain = Intent(own, connection().id, link().id, caused_by, number, IntentKind.UPDATE, "a" * 12, "{}", NOW)
    return replace(plain, **changes)


def parked(number: int = 1, **changes: Any) -> ParkedUpdate:
    plain = ParkedUpdate(connection().id, envelope(number).id, "t372", "#t372", "refused", "Your desk refused it.", NOW)
    return replace(plain, **changes)


def disagreement(number: int = 1, **changes: Any) -> Disagreement:
    own = f"{envelope(number).id}.status"
    return replace(Disagreement(own, connection().id, link().id, "status", '"Open"', '"Closed"', True, NOW), **changes)


def rule(text: str = "replica.summary = issue.summary", **changes: Any) -> RuleVersion:
    """The first outgoing rule of `connection()`."""
    plain = RuleVersion(connection().id, RuleSide.OUTGOING, 1, text, "U1", "why", NOW, text_sha256(text))
    return replace(plain, **changes)


def sighting(ticket_id: str = "372", **changes: Any) -> Sighting:
    return replace(Sighting(ticket_id, NOW.replace(microsecond=0), f"digest{ticket_id}"), **changes)


async def organisation(store: Store, team_id: str = "T1", name: str = "Acme") -> Organisation:
    return await store.system(lambda tx: tx.register(team_id, name))


async def connected(store: Store, team_id: str = "T1", name: str = "acme_to_globex", **changes: Any) -> str:
    """The id of an organisation that has a desk and one connection of this name, pending unless told otherwise."""
    own = await organisation(store, team_id)

    def write(tx: Any) -> None:
        tx.desks.add(desk())
        tx.connections.add(connection(name, **changes))

    await store.run(own.id, write)
    return own.id


async def linked(store: Store, *links: Link) -> str:
    """The id of an organisation that has one connection with these links, or with `link()`."""
    organisation_id = await connected(store)

    def write(tx: Any) -> None:
        for one in links or (link(),):
            tx.links.add(one)

    await store.run(organisation_id, write)
    return organisation_id
