from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest

from storage.errors import RowConflict
from storage.store import Store, Transaction
from sync.intent import Cursor
from sync.ticket import Sighting
from tests.storage import samples

DESK = samples.desk().id
OTHER = samples.desk("other")
CURSOR = Cursor(samples.NOW, 7.5, samples.NOW + timedelta(seconds=1), "after", samples.NOW - timedelta(seconds=1))
SECOND = timedelta(seconds=1)


async def with_desks(store: Store) -> str:
    organisation_id = await samples.connected(store)
    await store.run(organisation_id, lambda tx: tx.desks.add(OTHER))
    return organisation_id


async def test_only_what_was_not_seen_just_so_is_news(store: Store) -> None:
    organisation_id = await with_desks(store)
    known, moved, new = (samples.sighting(name) for name in ("known", "moved", "new"))
    now_moved = replace(moved, digest="other")

    def write(tx: Transaction) -> list[tuple[Sighting, ...]]:
        tx.sightings.put(DESK, (known, moved))
        return [
            tx.sightings.differing(DESK, (new, known, now_moved)),
            tx.sightings.differing(OTHER.id, (known,)),
            tx.sightings.differing(DESK, ()),
        ]

    assert await store.run(organisation_id, write) == [(new, now_moved), (known,), ()]


async def test_a_later_version_that_shows_the_same_is_news_because_a_comment_shows_nothing_else(store: Store) -> None:
    organisation_id = await with_desks(store)
    later = samples.sighting(version=samples.NOW + SECOND)
    await store.run(organisation_id, lambda tx: tx.sightings.put(DESK, (samples.sighting(),)))
    assert await store.read(organisation_id, lambda tx: tx.sightings.differing(DESK, (later,))) == (later,)


async def test_an_older_version_comes_from_a_list_that_lags_behind_and_is_no_news(store: Store) -> None:
    organisation_id = await with_desks(store)
    older = samples.sighting(version=samples.NOW - SECOND, digest="older")
    await store.run(organisation_id, lambda tx: tx.sightings.put(DESK, (samples.sighting(),)))
    assert await store.read(organisation_id, lambda tx: tx.sightings.differing(DESK, (older,))) == ()


async def test_the_last_sighting_of_a_ticket_is_found(store: Store) -> None:
    organisation_id = await with_desks(store)
    first, last = samples.sighting(digest="first"), samples.sighting(digest="last", marker="a" * 12)

    def write(tx: Transaction) -> list[Sighting | None]:
        tx.sightings.put(DESK, (first,))
        tx.sightings.put(DESK, (last,))
        return [tx.sightings.find(DESK, last.ticket_id), tx.sightings.find(OTHER.id, last.ticket_id)]

    assert await store.run(organisation_id, write) == [last, None]


async def test_what_was_seen_last_replaces_what_was_seen_before(store: Store) -> None:
    organisation_id = await with_desks(store)
    first, last = samples.sighting(digest="first"), samples.sighting(digest="last", marker="a" * 12)

    def write(tx: Transaction) -> tuple[Sighting, ...]:
        tx.sightings.put(DESK, (first,))
        tx.sightings.put(DESK, (last,))
        tx.sightings.put(DESK, ())
        tx.sightings.put(OTHER.id, (first, samples.sighting("15"), last))  # a list may show a ticket twice
        return (
            *tx.sightings.differing(DESK, (first, last)),
            *tx.sightings.differing(OTHER.id, (first, last)),
        )

    assert await store.run(organisation_id, write) == (first, first)


async def test_a_hundred_at_once_are_kept(store: Store) -> None:
    organisation_id = await with_desks(store)
    many = tuple(samples.sighting(str(number)) for number in range(100))
    await store.run(organisation_id, lambda tx: tx.sightings.put(DESK, many))
    assert await store.read(organisation_id, lambda tx: tx.sightings.differing(DESK, many)) == ()


async def test_old_ones_are_pruned(store: Store) -> None:
    organisation_id = await with_desks(store)
    sightings = tuple(samples.sighting(str(number), version=samples.NOW + number * SECOND) for number in range(3))

    def write(tx: Transaction) -> tuple[Sighting, ...]:
        tx.sightings.put(DESK, sightings)
        tx.sightings.put(OTHER.id, sightings)
        tx.sightings.prune(DESK, samples.NOW + SECOND)
        return tx.sightings.differing(DESK, sightings)

    assert await store.run(organisation_id, write) == (sightings[0],)
    assert await store.read(organisation_id, lambda tx: tx.sightings.differing(OTHER.id, sightings)) == ()


async def test_a_cursor_comes_back_as_it_was_and_is_replaced(store: Store) -> None:
    assert all(getattr(CURSOR, field.name) for field in fields(CURSOR)), "a field without a value proves nothing"
    organisation_id = await with_desks(store)
    assert await store.read(organisation_id, lambda tx: tx.cursors.find(DESK)) is None
    for cursor in (CURSOR, Cursor(samples.NOW + SECOND, 60, samples.NOW)):
        await store.run(organisation_id, lambda tx, cursor=cursor: tx.cursors.put(DESK, cursor))  # type: ignore[misc]
        assert await store.read(organisation_id, lambda tx: tx.cursors.find(DESK)) == cursor
    assert await store.read(organisation_id, lambda tx: tx.cursors.find(OTHER.id)) is None


async def test_a_desk_is_found_by_the_hash_of_its_newest_token(store: Store) -> None:
    organisation_id = await with_desks(store)
    old, new = b"1" * 32, b"2" * 32
    await store.run(organisation_id, lambda tx: tx.hooks.put(DESK, old))
    await store.run(organisation_id, lambda tx: tx.hooks.put(DESK, new))
    assert await store.read(organisation_id, lambda tx: tx.hooks.find(DESK)) == new
    assert await store.read(organisation_id, lambda tx: tx.hooks.find(OTHER.id)) is None
    assert await store.system(lambda tx: tx.desk_of_hook(new)) == (organisation_id, DESK)
    assert await store.system(lambda tx: tx.desk_of_hook(old)) is None


async def test_two_desks_do_not_share_a_token_not_even_of_two_organisations(store: Store) -> None:
    organisation_id = await with_desks(store)
    stranger = await samples.organisation(store, "T2")
    await store.run(stranger.id, lambda tx: tx.desks.add(samples.desk()))
    await store.run(organisation_id, lambda tx: tx.hooks.put(DESK, b"1" * 32))
    for owner, desk_id in ((organisation_id, OTHER.id), (stranger.id, DESK)):
        with pytest.raises(RowConflict):
            await store.run(owner, lambda tx, desk_id=desk_id: tx.hooks.put(desk_id, b"1" * 32))  # type: ignore[misc]


async def test_a_removed_desk_takes_along_what_was_seen_of_it(store: Store) -> None:
    organisation_id = await with_desks(store)

    def fill(tx: Transaction) -> None:
        for desk_id in (DESK, OTHER.id):
            tx.sightings.put(desk_id, (samples.sighting(),))
            tx.cursors.put(desk_id, CURSOR)
        tx.hooks.put(OTHER.id, b"1" * 32)
        tx.desks.remove(OTHER.id)

    def look(tx: Transaction) -> list[Any]:
        return [
            (tx.sightings.find(desk_id, samples.sighting().ticket_id), tx.cursors.find(desk_id))
            for desk_id in (DESK, OTHER.id)
        ]

    await store.run(organisation_id, fill)
    assert await store.read(organisation_id, look) == [(samples.sighting(), CURSOR), (None, None)]
    assert await store.system(lambda tx: tx.desk_of_hook(b"1" * 32)) is None


async def test_nothing_is_kept_of_a_desk_that_is_not_there(store: Store) -> None:
    organisation_id = await with_desks(store)
    for attempt in (
        lambda tx: tx.sightings.put("nothing", (samples.sighting(),)),
        lambda tx: tx.cursors.put("nothing", CURSOR),
        lambda tx: tx.hooks.put("nothing", b"1" * 32),
    ):
        with pytest.raises(RowConflict):
            await store.run(organisation_id, attempt)
