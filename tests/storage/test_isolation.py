"""X2: two organisations with equal ids and equal data; every method called as one with the ids of the other."""

import inspect
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pairing.organisation import Organisation
from storage.audit import Audit
from storage.connections import Connections
from storage.desks import Desks
from storage.envelopes import Inbox, Outbox
from storage.errors import RowConflict, RowGone
from storage.invitations import Invitations
from storage.nonces import Nonces
from storage.notices import Notices
from storage.places import Cards, Homes
from storage.sealed import Vault
from storage.store import Store, Transaction
from sync.envelope import Stream
from sync.errors import RemoteConflict
from tests.storage import samples, ticket_attempts
from tests.storage.ticket_attempts import GONE, THEIRS, Attempt

LONG_AGO = samples.NOW - timedelta(days=9999)
REPOSITORIES = {
    "connections": Connections,
    "invitations": Invitations,
    "desks": Desks,
    "outbox": Outbox,
    "inbox": Inbox,
    "nonces": Nonces,
    "vault": Vault,
    "audit": Audit,
    "notices": Notices,
    "cards": Cards,
    "homes": Homes,
    **ticket_attempts.REPOSITORIES,
}


def their_connection() -> Any:
    return samples.connection("theirs")


# Every method, called with an id that exists only in the other organisation, and what must come of it.
ATTEMPTS: dict[str, tuple[Attempt, Any]] = {
    "connections.add": (lambda tx: tx.connections.add(samples.connection("x", desk_id=THEIRS)), GONE),
    "connections.save": (lambda tx: tx.connections.save(their_connection()), GONE),
    "connections.by_id": (lambda tx: tx.connections.by_id(THEIRS), GONE),
    "connections.find": (lambda tx: tx.connections.find(THEIRS), None),
    "connections.named": (lambda tx: tx.connections.named("theirs"), None),
    "connections.all": (lambda tx: tx.connections.all(), ()),
    "connections.open_at": (lambda tx: tx.connections.open_at(THEIRS), ()),
    "connections.names": (lambda tx: tx.connections.names(), frozenset()),
    "connections.remove": (lambda tx: tx.connections.remove(THEIRS), GONE),
    "invitations.add": (lambda tx: tx.invitations.add(samples.invitation("theirs", token_hash=b"x" * 32)), GONE),
    "invitations.save": (lambda tx: tx.invitations.save(samples.invitation("theirs")), GONE),
    "invitations.by_id": (lambda tx: tx.invitations.by_id(samples.some_id("invitetheirs")), GONE),
    "invitations.of_connection": (lambda tx: tx.invitations.of_connection(THEIRS), None),
    "invitations.waiting": (lambda tx: tx.invitations.waiting(), ()),
    "invitations.open_count": (lambda tx: tx.invitations.open_count(), 0),
    "invitations.claim": (lambda tx: tx.invitations.claim(samples.some_id("invitetheirs"), b"c" * 32), False),
    "desks.add": (lambda tx: tx.desks.add(samples.desk("theirs")), None),
    "desks.save": (lambda tx: tx.desks.save(samples.desk("theirs")), GONE),
    "desks.by_id": (lambda tx: tx.desks.by_id(THEIRS), GONE),
    "desks.find": (lambda tx: tx.desks.find(THEIRS), None),
    "desks.named": (lambda tx: tx.desks.named("theirs"), None),
    "desks.all": (lambda tx: tx.desks.all(), ()),
    "desks.remove": (lambda tx: tx.desks.remove(THEIRS), GONE),
    "outbox.add": (lambda tx: tx.outbox.add(THEIRS, samples.envelope("x")), GONE),
    "outbox.batch": (lambda tx: tx.outbox.batch(THEIRS, max_bytes=1000), ((), False)),
    "outbox.ack": (lambda tx: tx.outbox.ack(THEIRS, [samples.envelope(1).id]), 0),
    "outbox.count": (lambda tx: tx.outbox.count(THEIRS), 0),
    "outbox.counts": (lambda tx: tx.outbox.counts(), {}),
    "outbox.clear": (lambda tx: tx.outbox.clear(THEIRS), None),
    "inbox.store": (lambda tx: tx.inbox.store(THEIRS, [samples.envelope("x")]), GONE),
    "inbox.unprocessed": (lambda tx: tx.inbox.unprocessed(THEIRS), 0),
    "inbox.next": (lambda tx: tx.inbox.next(THEIRS, Stream.TICKET, 10), ()),
    "inbox.received_at": (lambda tx: tx.inbox.received_at(THEIRS, samples.envelope(1).id), GONE),
    "inbox.has_more": (lambda tx: tx.inbox.has_more(THEIRS, "372"), False),
    "inbox.of_ticket": (lambda tx: tx.inbox.of_ticket(THEIRS, "372", 10), ()),
    "inbox.tickets_waiting": (lambda tx: tx.inbox.tickets_waiting(THEIRS), ()),
    "inbox.settle": (lambda tx: tx.inbox.settle(THEIRS, samples.envelope(1).id, "done"), GONE),
    "inbox.unacked": (lambda tx: tx.inbox.unacked(THEIRS), ()),
    "inbox.confirm": (lambda tx: tx.inbox.confirm(THEIRS, [samples.envelope(1).id]), None),
    "nonces.add": (lambda tx: tx.nonces.add(THEIRS, "nonce", samples.NOW), GONE),
    "vault.put": (lambda tx: tx.vault.put("draft", THEIRS, b"ours"), None),
    "vault.get": (lambda tx: tx.vault.get("draft", THEIRS), None),
    "vault.refs": (lambda tx: tx.vault.refs("draft"), frozenset()),
    "vault.forget": (lambda tx: tx.vault.forget("draft", THEIRS), None),
    "audit.write": (lambda tx: tx.audit.write("approve", THEIRS), None),
    "audit.count": (lambda tx: tx.audit.count("approve", actor_user="U1", since=LONG_AGO), 0),
    "audit.count_of": (lambda tx: tx.audit.count_of("approve", THEIRS, since=LONG_AGO), 0),
    "audit.all": (lambda tx: tx.audit.all(10), ()),
    "notices.add": (lambda tx: tx.notices.add(samples.notice("x", connection_id=THEIRS)), GONE),
    "notices.due": (lambda tx: tx.notices.due(10), ()),
    "notices.next_due": (lambda tx: tx.notices.next_due(), None),
    "notices.done": (lambda tx: tx.notices.done(samples.notice(1).id), None),
    "notices.later": (lambda tx: tx.notices.later(samples.notice(1).id, samples.NOW), None),
    "cards.put": (lambda tx: tx.cards.put(THEIRS, "number", "C9", "9.9"), GONE),
    "cards.find": (lambda tx: tx.cards.find(THEIRS, "number"), None),
    "homes.put": (lambda tx: tx.homes.put("U1"), None),
    "homes.all": (lambda tx: tx.homes.all(), ()),
    **ticket_attempts.ATTEMPTS,
}


def test_every_method_is_tried() -> None:
    methods = {
        f"{name}.{method}"
        for name, repository in REPOSITORIES.items()
        for method, _ in inspect.getmembers(repository, inspect.isfunction)
        if not method.startswith("_")
    }
    assert methods == set(ATTEMPTS)


async def filled(store: Store, team_id: str) -> Organisation:
    """An organisation with one row in every table."""
    organisation = await samples.organisation(store, team_id)

    def fill(tx: Transaction) -> None:
        tx.desks.add(samples.desk("theirs"))
        tx.connections.add(samples.connection("theirs", desk_id=THEIRS, our_id=samples.some_id(f"side{team_id}")))
        tx.invitations.add(samples.invitation("theirs", token_hash=team_id.encode().ljust(32)))
        tx.outbox.add(THEIRS, samples.envelope(1))
        tx.inbox.store(THEIRS, [samples.envelope(1, ticket="372")])
        tx.nonces.add(THEIRS, "nonce", samples.NOW + timedelta(days=9999))
        tx.vault.put("draft", THEIRS, b"theirs")
        tx.audit.write("approve", THEIRS, actor_user="U1")
        tx.notices.add(samples.notice(1, connection_id=THEIRS))
        tx.cards.put(THEIRS, "number", "C1", "1.1")
        tx.homes.put("U1")
        ticket_attempts.fill(tx, team_id.encode().ljust(32))

    await store.run(organisation.id, fill)
    return organisation


def rows_of(dump: Callable[[], bytes], organisation: Organisation) -> list[bytes]:
    return sorted(line for line in dump().splitlines() if organisation.id.encode() in line)


async def test_x2_nothing_of_another_organisation_is_found_or_changed(store: Store, dump: Callable[[], bytes]) -> None:
    theirs = await filled(store, "theirs")
    before = rows_of(dump, theirs)
    for repository in REPOSITORIES:
        await attempt_all(store, repository)
        assert rows_of(dump, theirs) == before, repository


async def attempt_all(store: Store, repository: str) -> None:
    """Each as an organisation of its own, so that none finds what another one left behind."""
    for name, (attempt, expected) in ATTEMPTS.items():
        if name.split(".")[0] != repository:
            continue
        ours = await samples.organisation(store, name)
        if expected is GONE:
            with pytest.raises((RowGone, RowConflict, RemoteConflict)):
                await store.run(ours.id, attempt)
        else:
            assert await store.run(ours.id, attempt) == expected, name


async def test_x2_equal_ids_in_two_organisations_stand_side_by_side(store: Store) -> None:
    one, two = await filled(store, "T1"), await filled(store, "T2")

    def change(tx: Transaction) -> None:
        tx.connections.save(replace(tx.connections.by_id(THEIRS), description="changed"))
        tx.inbox.settle(THEIRS, samples.envelope(1).id, "done")
        tx.inbox.confirm(THEIRS, [samples.envelope(1).id])
        tx.outbox.ack(THEIRS, [samples.envelope(1).id])
        tx.notices.done(samples.notice(1).id)
        tx.vault.forget("draft", THEIRS)
        tx.cards.put(THEIRS, "number", "C2", "2.2")

    def look(tx: Transaction) -> tuple[Any, ...]:
        return (
            tx.connections.by_id(THEIRS).description,
            tx.inbox.unprocessed(THEIRS),
            tx.inbox.unacked(THEIRS),
            tx.outbox.count(THEIRS),
            len(tx.notices.due(10)),
            tx.vault.get("draft", THEIRS),
            tx.cards.find(THEIRS, "number"),
        )

    untouched = await store.read(two.id, look)
    await store.run(one.id, change)
    assert await store.read(one.id, look) == ("changed", 0, (), 0, 0, None, ("C2", "2.2"))
    assert await store.read(two.id, look) == untouched
    assert untouched == ("", 1, (samples.envelope(1).id,), 1, 1, b"theirs", ("C1", "1.1"))


async def test_x2_removing_an_organisations_connection_leaves_the_other_ones(store: Store) -> None:
    one, two = await filled(store, "T1"), await filled(store, "T2")
    await store.run(one.id, lambda tx: tx.connections.remove(THEIRS))
    assert await store.read(two.id, lambda tx: tx.outbox.count(THEIRS)) == 1
    assert await store.read(two.id, lambda tx: len(tx.invitations.waiting())) == 1


async def test_an_organisation_that_this_node_does_not_serve_has_nothing_and_gets_nothing(store: Store) -> None:
    with pytest.raises(RowGone):
        await store.read("nobody", lambda tx: tx.organisation)
    with pytest.raises(RowConflict):
        await store.run("nobody", lambda tx: tx.homes.put("U1"))
