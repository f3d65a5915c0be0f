import asyncio
from datetime import timedelta

from storage.store import Store
from storage.vault import KeyRing
from tests.storage import samples

ID = samples.connection().id
LATER = samples.NOW + timedelta(days=9999)


async def test_s3_a_nonce_is_taken_once_for_each_connection(store: Store) -> None:
    organisation_id = await samples.connected(store)
    other = samples.connection("other")
    await store.run(organisation_id, lambda tx: tx.connections.add(other))
    assert await store.run(organisation_id, lambda tx: tx.nonces.add(ID, "nonce", LATER))
    assert not await store.run(organisation_id, lambda tx: tx.nonces.add(ID, "nonce", LATER))
    assert await store.run(organisation_id, lambda tx: tx.nonces.add(ID, "another", LATER))
    assert await store.run(organisation_id, lambda tx: tx.nonces.add(other.id, "nonce", LATER))


async def test_s3_of_one_nonce_at_once_in_two_processes_one_is_new(
    database_store: Store, store_url: str, keys: KeyRing
) -> None:
    organisation_id = await samples.connected(database_store)
    other_process = Store.open(store_url, keys)
    try:
        fresh = await asyncio.gather(
            *(
                one.run(organisation_id, lambda tx: tx.nonces.add(ID, "nonce", LATER))
                for one in (database_store, other_process) * 10
            )
        )
    finally:
        await other_process.close()
    assert fresh.count(True) == 1
