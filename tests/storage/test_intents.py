from dataclasses import fields, replace
from datetime import timedelta

import pytest

from storage.errors import RowConflict
from storage.store import Store, Transaction
from sync.intent import Intent, IntentKind
from tests.storage import samples

ID, LINK = samples.connection().id, samples.link()
FIRST, SECOND, THIRD = (samples.intent(number) for number in range(3))


async def added(store: Store, *intents: Intent) -> str:
    organisation_id = await samples.linked(store)
    await store.run(organisation_id, lambda tx: tx.intents.add(*intents))
    return organisation_id


async def test_every_field_comes_back_as_it_was(store: Store) -> None:
    full = samples.intent(4, kind=IntentKind.ADD_COMMENT, payload='{"text":"Ünïcode 🌉"}')
    assert all(getattr(full, field.name) for field in fields(full)), "a field without a value proves nothing"
    organisation_id = await added(store, full)
    assert await store.read(organisation_id, lambda tx: tx.intents.open_of_link(LINK.id)) == (full,)


async def test_intents_are_read_by_position(store: Store) -> None:
    organisation_id = await added(store, THIRD, FIRST, SECOND)
    assert await store.read(organisation_id, lambda tx: tx.intents.open_of_link(LINK.id)) == (FIRST, SECOND, THIRD)
    by_envelope = await store.read(organisation_id, lambda tx: tx.intents.open_of_envelope(ID, FIRST.envelope_id))
    assert by_envelope == (FIRST, SECOND, THIRD)


async def test_intents_of_an_older_envelope_come_first(store: Store) -> None:
    later = samples.intent(
        0, id=samples.some_id("later"), envelope_id=samples.envelope(2).id, made_at=samples.NOW + timedelta(seconds=1)
    )
    organisation_id = await added(store, later, FIRST, SECOND)
    assert await store.read(organisation_id, lambda tx: tx.intents.open_of_link(LINK.id)) == (FIRST, SECOND, later)


async def test_what_is_crossed_out_is_gone(store: Store) -> None:
    organisation_id = await added(store, FIRST, SECOND)

    def cross_out(tx: Transaction) -> tuple[Intent, ...]:
        tx.intents.done(FIRST.id)
        tx.intents.done(FIRST.id)
        return tx.intents.open_of_link(LINK.id)

    assert await store.run(organisation_id, cross_out) == (SECOND,)


async def test_all_of_an_envelope_are_dropped_and_those_of_others_stay(store: Store) -> None:
    other = samples.intent(7, envelope_id=samples.envelope(2).id)
    organisation_id = await added(store, FIRST, SECOND, other)
    await store.run(organisation_id, lambda tx: tx.intents.drop_of_envelope(ID, FIRST.envelope_id))
    assert await store.read(organisation_id, lambda tx: tx.intents.open_of_link(LINK.id)) == (other,)


async def test_adding_none_is_nothing(store: Store) -> None:
    organisation_id = await added(store)
    assert await store.read(organisation_id, lambda tx: tx.intents.open_of_link(LINK.id)) == ()


async def test_an_intent_needs_its_link_and_an_id_of_its_own(store: Store) -> None:
    organisation_id = await added(store, FIRST)
    for wrong in (samples.intent(1, link_id="nothing"), replace(SECOND, id=FIRST.id)):
        with pytest.raises(RowConflict):
            await store.run(organisation_id, lambda tx, wrong=wrong: tx.intents.add(wrong))  # type: ignore[misc]
