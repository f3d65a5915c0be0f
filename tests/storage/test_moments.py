from datetime import timedelta

import pytest

from storage.errors import RowConflict
from storage.store import Store, Transaction
from tests.storage import samples

ID = samples.connection().id
MINUTE = timedelta(minutes=1)


async def test_moments_are_counted_by_kind_and_key_within_a_window(store: Store) -> None:
    organisation_id = await samples.connected(store)

    def write(tx: Transaction) -> list[int]:
        for minutes, kind, key in ((0, "round", "1"), (1, "round", "1"), (2, "round", "2"), (2, "creation", "1")):
            tx.moments.add(ID, kind, key, samples.NOW + minutes * MINUTE)
        return [
            tx.moments.count(ID, "round", "1", samples.NOW - MINUTE),
            tx.moments.count(ID, "round", "1", samples.NOW),  # the window's own beginning is outside
            tx.moments.count(ID, "round", None, samples.NOW - MINUTE),
            tx.moments.count(ID, "creation", None, samples.NOW - MINUTE),
            tx.moments.count(ID, "round", "3", samples.NOW - MINUTE),
            tx.moments.count("nothing", "round", None, samples.NOW - MINUTE),
        ]

    assert await store.run(organisation_id, write) == [2, 1, 3, 1, 0, 0]


async def test_a_moment_needs_its_connection(store: Store) -> None:
    organisation_id = await samples.connected(store)
    with pytest.raises(RowConflict):
        await store.run(organisation_id, lambda tx: tx.moments.add("nothing", "round", "1", samples.NOW))
