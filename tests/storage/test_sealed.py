import pytest
from sqlalchemy import update

from storage.engines import open_engines
from storage.errors import SecretUnreadable
from storage.sealed import KINDS
from storage.sessions import SystemSession
from storage.store import Store, Transaction
from storage.tables import SecretRow
from storage.vault import KeyRing
from tests.databases import bytes_on_disk, everything_in, is_postgresql
from tests.storage import samples

CANARY = b"canary-7f3k2q-sings"


async def test_a_secret_is_kept_replaced_and_forgotten(store: Store) -> None:
    organisation = await samples.organisation(store)

    def get(tx: Transaction) -> bytes | None:
        return tx.vault.get("desk_token", "desk")

    assert await store.read(organisation.id, get) is None
    await store.run(organisation.id, lambda tx: tx.vault.put("desk_token", "desk", b"one"))
    assert await store.read(organisation.id, get) == b"one"
    await store.run(organisation.id, lambda tx: tx.vault.put("desk_token", "desk", b"two"))
    assert await store.read(organisation.id, get) == b"two"
    await store.run(organisation.id, lambda tx: tx.vault.forget("desk_token", "desk"))
    assert await store.read(organisation.id, get) is None


async def test_kinds_and_refs_are_kept_apart(store: Store) -> None:
    organisation = await samples.organisation(store)

    def write(tx: Transaction) -> list[bytes | None]:
        for kind in sorted(KINDS):
            tx.vault.put(kind, "a", kind.encode())
        tx.vault.put("draft", "b", b"other")
        return [tx.vault.get(kind, "a") for kind in sorted(KINDS)]

    assert await store.run(organisation.id, write) == [kind.encode() for kind in sorted(KINDS)]


async def test_an_expired_secret_is_not_there(store: Store) -> None:
    organisation = await samples.organisation(store)

    def write(tx: Transaction) -> bytes | None:
        tx.vault.put("offer", "ref", b"secret", tx.now)
        return tx.vault.get("offer", "ref")

    assert await store.run(organisation.id, write) is None


async def test_a_secret_without_a_time_replaces_one_with_a_time(store: Store) -> None:
    organisation = await samples.organisation(store)

    def write(tx: Transaction) -> bytes | None:
        tx.vault.put("draft", "U1", b"old", tx.now)
        tx.vault.put("draft", "U1", b"new")
        return tx.vault.get("draft", "U1")

    assert await store.run(organisation.id, write) == b"new"


async def test_v1_no_secret_lies_open_in_a_dump_or_in_the_file(database_store: Store, store_url: str) -> None:
    organisation = await samples.organisation(database_store)

    def write(tx: Transaction) -> None:
        for kind in KINDS:
            tx.vault.put(kind, "ref", CANARY)

    await database_store.run(organisation.id, write)
    dump = everything_in(store_url)
    assert dump.count(b"s1.") > len(KINDS)  # the sealed texts are in it, so the search has something to miss
    assert CANARY not in dump
    if not is_postgresql(store_url):
        raw = bytes_on_disk(store_url)
        assert b"desk_token" in raw
        assert CANARY not in raw


async def test_v2_a_thief_with_write_access_cannot_move_a_secret(database_store: Store, store_url: str) -> None:
    ours, theirs = await samples.organisation(database_store, "T1"), await samples.organisation(database_store, "T2")
    await database_store.run(theirs.id, lambda tx: tx.vault.put("desk_token", "desk", b"theirs"))
    engines = open_engines(store_url)
    with SystemSession(engines.writer, None) as session:
        session.change(update(SecretRow).values(organisation_id=ours.id))
        session.commit()
    engines.dispose()
    with pytest.raises(SecretUnreadable):
        await database_store.read(ours.id, lambda tx: tx.vault.get("desk_token", "desk"))


async def test_v5_a_forgotten_key_is_gone_from_the_table(database_store: Store, store_url: str, keys: KeyRing) -> None:
    organisation_id = await samples.connected(database_store)
    await database_store.run(
        organisation_id, lambda tx: tx.vault.put("connection_key", samples.connection().id, b"seed")
    )
    await database_store.run(organisation_id, lambda tx: tx.vault.forget("connection_key", samples.connection().id))
    assert b"connection_key" not in everything_in(store_url)
