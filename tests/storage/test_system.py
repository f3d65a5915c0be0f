from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from pairing.connection import ConnectionState
from pairing.invitation import InvitationState
from pairing.organisation import Organisation
from storage.store import Duty, Store, Swept, Transaction
from storage.vault import KeyRing
from sync.envelope import CLOSE, Stream
from tests.storage import samples

ID = samples.connection().id


async def test_the_node_keeps_its_id(database_store: Store, store_url: str, keys: KeyRing) -> None:
    own = await database_store.system(lambda tx: tx.node_id())
    assert len(own) == 26
    again = Store.open(store_url, keys)
    assert await again.system(lambda tx: tx.node_id()) == own
    await again.close()


async def test_a_workspace_is_registered_once_and_renamed(store: Store) -> None:
    first = await store.system(lambda tx: tx.register("T1", "Acme"))
    second = await store.system(lambda tx: tx.register("T2", "Globex"))
    renamed = await store.system(lambda tx: tx.register("T1", "Acme Ltd"))
    assert renamed == Organisation(first.id, "T1", "Acme Ltd")
    assert len(first.id) == 26
    assert await store.system(lambda tx: tx.organisations()) == (renamed, second)
    assert await store.system(lambda tx: tx.organisation_of_team("T2")) == second
    assert await store.system(lambda tx: tx.organisation_of_team("T3")) is None
    assert await store.read(first.id, lambda tx: tx.organisation) == renamed


async def test_a_stranger_finds_a_connection_by_our_side_id(store: Store) -> None:
    organisation_id = await samples.connected(store)
    side = samples.connection().our_id
    assert await store.system(lambda tx: tx.organisation_of_peer(side)) == (organisation_id, ID)
    assert await store.system(lambda tx: tx.organisation_of_peer("nothing")) is None


@pytest.mark.parametrize(("days", "is_known"), [(29, True), (31, False)])
async def test_a_closed_connection_is_known_for_30_days(store: Store, days: int, is_known: bool) -> None:
    organisation_id = await samples.connected(store)

    def close(tx: Transaction) -> None:
        tx.connections.save(tx.connections.by_id(ID).after_close("", tx.now - timedelta(days=days)))

    await store.run(organisation_id, close)
    found = await store.system(lambda tx: tx.organisation_of_peer(samples.connection().our_id))
    assert (found is not None) == is_known


async def test_a_stranger_finds_an_invitation_by_the_hash_of_its_token(store: Store) -> None:
    organisation_id = await samples.connected(store)
    offered = samples.invitation()
    await store.run(organisation_id, lambda tx: tx.invitations.add(offered))
    assert await store.system(lambda tx: tx.organisation_of_token(offered.token_hash)) == (organisation_id, offered.id)
    assert await store.system(lambda tx: tx.organisation_of_token(b"x" * 32)) is None


@pytest.mark.parametrize(
    ("state", "their_url", "has_outbox", "dials"),
    [
        (ConnectionState.PENDING, "https://x.example", False, True),
        (ConnectionState.ACTIVE, "https://x.example", False, True),
        (ConnectionState.PAUSED, "https://x.example", False, True),
        (ConnectionState.CLOSED, "https://x.example", True, True),
        (ConnectionState.CLOSED, "https://x.example", False, False),
        (ConnectionState.BROKEN, "https://x.example", True, False),
        (ConnectionState.ACTIVE, None, True, False),
    ],
)
async def test_who_has_to_dial(
    store: Store, state: ConnectionState, their_url: str | None, has_outbox: bool, dials: bool
) -> None:
    organisation_id = await samples.connected(store, state=state, their_url=their_url)
    if has_outbox:
        await store.run(organisation_id, lambda tx: tx.outbox.add(ID, samples.envelope(1)))
    expected = (Duty(organisation_id, ID),) if dials else ()
    assert await store.system(lambda tx: tx.dialling()) == expected


@pytest.mark.parametrize(
    ("state", "stream", "is_news"),
    [
        (ConnectionState.ACTIVE, Stream.TICKET, True),
        (ConnectionState.ACTIVE, Stream.CONTROL, True),
        (ConnectionState.ACTIVE, None, False),
        (ConnectionState.PAUSED, Stream.TICKET, False),
        (ConnectionState.PAUSED, Stream.CONTROL, True),
        (ConnectionState.CLOSED, Stream.CONTROL, True),
        (ConnectionState.PENDING, None, False),
    ],
)
async def test_a_parked_poll_is_answered_for_envelopes_that_may_travel(
    store_url: str, keys: KeyRing, state: ConnectionState, stream: Stream | None, is_news: bool
) -> None:
    time = [samples.NOW]
    store = Store.open(store_url, keys, clock=lambda: time[0])
    organisation_id = await samples.connected(store, state=state)
    if stream is not None:
        kind = CLOSE if stream is Stream.CONTROL else "ticket.update"
        await store.run(organisation_id, lambda tx: tx.outbox.add(ID, samples.envelope(1, kind)))
    time[0] += timedelta(minutes=1)
    assert await store.system(lambda tx: tx.with_news([ID, "other"])) == ({ID} if is_news else frozenset())
    assert await store.system(lambda tx: tx.with_news([])) == frozenset()
    await store.close()


async def test_a_parked_poll_is_answered_when_another_process_moves_the_connection(
    store_url: str, keys: KeyRing
) -> None:
    time = [samples.NOW]
    store = Store.open(store_url, keys, clock=lambda: time[0])
    organisation_id = await samples.connected(store)
    time[0] += timedelta(minutes=1)

    def contact(tx: Transaction) -> None:
        tx.connections.save(tx.connections.by_id(ID).after_contact(tx.now))

    def approve(tx: Transaction) -> None:
        tx.connections.save(tx.connections.by_id(ID).after_approval("U1", tx.now))

    await store.run(organisation_id, contact)
    assert await store.system(lambda tx: tx.with_news([ID])) == frozenset()
    await store.run(organisation_id, approve)
    time[0] += timedelta(seconds=5)
    assert await store.system(lambda tx: tx.with_news([ID])) == {ID}
    time[0] += timedelta(seconds=2)
    assert await store.system(lambda tx: tx.with_news([ID])) == frozenset()
    await store.close()


async def test_two_thousand_parked_polls_are_one_question(store: Store) -> None:
    await samples.connected(store)
    many = [samples.some_id(f"number{number}x") for number in range(2000)]
    assert await store.system(lambda tx: tx.with_news([*many, ID])) == {ID}


async def test_organisations_with_something_to_tell_are_named_once(store: Store) -> None:
    one, two = await samples.organisation(store, "T1"), await samples.organisation(store, "T2")

    def write(tx: Transaction) -> None:
        tx.notices.add(samples.notice(1))
        tx.notices.add(samples.notice(2))

    await store.run(one.id, write)
    await store.run(two.id, write)
    assert await store.system(lambda tx: tx.due_notices()) == tuple(sorted((one.id, two.id)))

    def put_off(tx: Transaction) -> None:
        for number in (1, 2):
            tx.notices.later(samples.notice(number).id, tx.now + timedelta(hours=1))

    await store.run(two.id, put_off)
    assert await store.system(lambda tx: tx.due_notices()) == (one.id,)


async def test_invitations_whose_time_is_over_are_found(store: Store) -> None:
    organisation_id = await samples.connected(store)
    hour, claimed = timedelta(hours=1), InvitationState.CLAIMED

    def write(tx: Transaction) -> None:
        shapes: dict[str, dict[str, Any]] = {
            "open": {"expires_at": tx.now + hour},
            "late": {"expires_at": tx.now - hour},
            "waits": {"state": claimed, "claimed_at": tx.now - 23 * hour, "expires_at": tx.now - hour},
            "ignored": {"state": claimed, "claimed_at": tx.now - 25 * hour},
            "over": {"state": InvitationState.EXPIRED, "expires_at": tx.now - hour},
        }
        for name, changes in shapes.items():
            tx.invitations.add(
                samples.invitation(id=name, token_hash=name.encode().ljust(32), created_at=samples.NOW, **changes)
            )

    await store.run(organisation_id, write)
    found = await store.system(lambda tx: tx.overdue_invitations(tx.now))
    assert set(found) == {(organisation_id, "late"), (organisation_id, "ignored")}


async def test_sweeping_removes_only_what_nobody_needs(store: Store, dump: Callable[[], bytes]) -> None:
    organisation_id = await samples.connected(store)
    day = timedelta(days=1)

    def write(tx: Transaction) -> None:
        tx.nonces.add(ID, "old", tx.now - day)
        tx.nonces.add(ID, "new", tx.now + 365 * day)
        tx.vault.put("offer", "old", b"x", tx.now - day)
        tx.vault.put("offer", "new", b"x", tx.now + 365 * day)
        tx.vault.put("desk_token", "kept", b"x")
        tx.inbox.store(ID, [samples.envelope(number, body=f'"body{number}"') for number in range(3)])
        tx.inbox.settle(ID, samples.envelope(0).id, "done")
        tx.inbox.settle(ID, samples.envelope(1).id, "parked")

    await store.run(organisation_id, write)
    assert await store.system(lambda tx: tx.sweep(tx.now)) == Swept(nonces=1, secrets=1, bodies=0, envelopes=0)
    assert await store.system(lambda tx: tx.sweep(tx.now + 8 * day)) == Swept(0, 0, bodies=1, envelopes=0)
    kept = dump()
    assert [f"body{number}".encode() in kept for number in range(3)] == [False, True, True]
    assert await store.system(lambda tx: tx.sweep(tx.now + 91 * day)) == Swept(0, 0, 0, envelopes=1)
    assert await store.run(organisation_id, lambda tx: tx.inbox.store(ID, [samples.envelope(1)])) == ()
    assert await store.run(organisation_id, lambda tx: tx.vault.get("desk_token", "kept")) == b"x"
    assert not await store.run(organisation_id, lambda tx: tx.nonces.add(ID, "new", tx.now))


async def test_pieces_of_files_are_swept_after_a_week_and_moments_after_a_day(store: Store) -> None:
    organisation_id = await samples.connected(store)
    hour, day = timedelta(hours=1), timedelta(days=1)

    def write(tx: Transaction) -> datetime:
        tx.blobs.put(ID, "t372", "f", 0, 3, b"abc")
        tx.moments.add(ID, "round", "372", tx.now)
        return tx.now

    began = await store.run(organisation_id, write)
    for after, blobs, moments in (
        (day - hour, 0, 0),
        (day + hour, 0, 1),
        (7 * day - hour, 0, 0),
        (7 * day + hour, 1, 0),
    ):
        swept = await store.system(lambda tx, now=began + after: tx.sweep(now))  # type: ignore[misc]
        assert (swept.blobs, swept.moments) == (blobs, moments)
    assert await store.read(organisation_id, lambda tx: tx.blobs.whole(ID, "f")) is None


async def test_v5_the_key_of_a_closed_connection_goes_after_30_days(store: Store) -> None:
    organisation_id = await samples.connected(store)

    def close(tx: Transaction) -> None:
        tx.vault.put("connection_key", ID, b"seed")
        tx.connections.save(tx.connections.by_id(ID).after_close("", tx.now))

    await store.run(organisation_id, close)
    await store.system(lambda tx: tx.sweep(tx.now + timedelta(days=29)))
    assert await store.read(organisation_id, lambda tx: tx.vault.get("connection_key", ID)) == b"seed"
    await store.system(lambda tx: tx.sweep(tx.now + timedelta(days=31)))
    assert await store.read(organisation_id, lambda tx: tx.vault.get("connection_key", ID)) is None
