from storage.store import Store, Transaction
from tests.storage import samples

ID = samples.connection().id


async def test_the_last_card_of_each_purpose_is_kept(store: Store) -> None:
    organisation_id = await samples.connected(store)
    assert await store.read(organisation_id, lambda tx: tx.cards.find(ID, "number")) is None
    await store.run(organisation_id, lambda tx: tx.cards.put(ID, "number", "C1", "1.1"))
    await store.run(organisation_id, lambda tx: tx.cards.put(ID, "number", "C1", "2.2"))
    await store.run(organisation_id, lambda tx: tx.cards.put(ID, "other", "C2", "3.3"))
    assert await store.read(organisation_id, lambda tx: tx.cards.find(ID, "number")) == ("C1", "2.2")
    assert await store.read(organisation_id, lambda tx: tx.cards.find(ID, "other")) == ("C2", "3.3")


async def test_each_person_with_a_home_is_remembered_once(store: Store) -> None:
    organisation = await samples.organisation(store)

    def write(tx: Transaction) -> None:
        for user in ("U2", "U1", "U2"):
            tx.homes.put(user)

    await store.run(organisation.id, write)
    assert await store.read(organisation.id, lambda tx: tx.homes.all()) == ("U1", "U2")
