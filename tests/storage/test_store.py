from storage.store import Store
from tests.storage import samples


async def test_what_one_transaction_wrote_the_next_one_reads(store: Store) -> None:
    organisation_id = await samples.connected(store)
    found = await store.read(organisation_id, lambda tx: tx.connections.named("acme_to_globex"))
    assert found == samples.connection()
