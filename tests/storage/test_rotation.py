from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import update

from pairing.connection import ConnectionState
from storage.engines import open_engines
from storage.errors import SecretUnreadable
from storage.rotation import Forgotten, forget, reseal, rotate
from storage.sessions import SystemSession
from storage.store import Store, Transaction
from storage.tables import SecretRow
from storage.vault import KeyRing
from tests.databases import everything_in
from tests.storage import samples

OLD, NEW = KeyRing((b"1" * 32,)), KeyRing((b"2" * 32,))
BOTH = KeyRing((*NEW.masters, *OLD.masters))


def put_secrets(tx: Transaction) -> None:
    for number in range(5):
        tx.vault.put("desk_token", str(number), str(number).encode())


async def used_with(url: str, keys: KeyRing) -> str:
    store = Store.open(url, keys)
    organisation_id = await samples.connected(store)
    await store.run(organisation_id, put_secrets)
    await store.close()
    return organisation_id


async def test_after_rotation_the_new_key_alone_is_enough(store_url: str) -> None:
    organisation_id = await used_with(store_url, OLD)
    store = Store.open(store_url, BOTH)
    assert await rotate(store, at_a_time=2) == 5
    assert await rotate(store) == 0
    await store.close()
    assert OLD.kid.encode() not in everything_in(store_url)
    alone = Store.open(store_url, NEW)
    for number in "04":
        assert await alone.read(organisation_id, _secret(number)) == number.encode()
    await alone.close()


async def test_rotation_goes_on_where_it_was_cut_off(store_url: str) -> None:
    organisation_id = await used_with(store_url, OLD)
    store = Store.open(store_url, BOTH)
    assert await store.system(lambda tx: reseal(tx, 2)) == 2
    await store.close()
    again = Store.open(store_url, BOTH)
    # Half done, everything can be read.
    assert [await again.read(organisation_id, _secret(number)) for number in "01234"] == [b"0", b"1", b"2", b"3", b"4"]
    assert await rotate(again) == 3
    await again.close()


async def test_rotation_names_a_secret_that_it_cannot_open(store_url: str) -> None:
    await used_with(store_url, OLD)
    engines = open_engines(store_url)
    with SystemSession(engines.writer, None) as session:
        session.change(update(SecretRow).where(SecretRow.ref == "3").values(ref="moved"))
        session.commit()
    engines.dispose()
    store = Store.open(store_url, BOTH)
    with pytest.raises(SecretUnreadable, match="desk_token of moved"):
        await rotate(store)
    await store.close()


async def test_v3_without_the_lost_key_the_node_starts_again_with_broken_connections(store_url: str) -> None:
    store = Store.open(store_url, OLD)
    organisation_id = await samples.connected(store, state=ConnectionState.ACTIVE)
    lost, closed, kept = samples.connection(), samples.connection("closed"), samples.connection("kept")

    def write(tx: Transaction) -> None:
        tx.connections.add(replace(closed, state=ConnectionState.CLOSED))
        for connection in (lost, closed):
            tx.vault.put("connection_key", connection.id, b"seed")
        tx.outbox.add(lost.id, samples.envelope(1))

    await store.run(organisation_id, write)
    await store.close()
    mixed = Store.open(store_url, BOTH)
    await mixed.run(organisation_id, lambda tx: tx.connections.add(kept))
    await mixed.run(organisation_id, lambda tx: tx.vault.put("connection_key", kept.id, b"seed"))
    await mixed.close()

    assert forget(store_url, NEW) == Forgotten(secrets=2, connections=1)
    assert forget(store_url, NEW) == Forgotten(secrets=0, connections=0)
    after = Store.open(store_url, NEW)
    states = await after.read(organisation_id, lambda tx: {c.name: str(c.state) for c in tx.connections.all()})
    assert states == {"acme_to_globex": "broken", "closed": "closed", "kept": "pending"}
    assert await after.read(organisation_id, lambda tx: tx.vault.get("connection_key", lost.id)) is None
    assert await after.read(organisation_id, lambda tx: tx.vault.get("connection_key", kept.id)) == b"seed"
    assert await after.read(organisation_id, lambda tx: tx.outbox.count(lost.id)) == 1
    await after.close()


def _secret(ref: str) -> Callable[[Transaction], bytes | None]:
    return lambda tx: tx.vault.get("desk_token", ref)
