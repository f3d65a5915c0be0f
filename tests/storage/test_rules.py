from dataclasses import fields, replace
from datetime import timedelta

import pytest

from storage.errors import RowConflict
from storage.store import Store, Transaction
from sync.rule import RuleEntry, RuleSide, RuleVersion, text_sha256
from tests.storage import samples

ID = samples.connection().id
OUT, IN = RuleSide.OUTGOING, RuleSide.INCOMING
FULL = RuleVersion.of(
    ID,
    IN,
    3,
    'issue.status = "Ünïcode 🌉"\n// a quote \' and a \\ in it\n',
    author="U7",
    note="because",
    at=samples.NOW,
)


async def test_every_field_of_a_version_comes_back_as_it_was(store: Store) -> None:
    assert all(getattr(FULL, field.name) for field in fields(FULL)), "a field without a value proves nothing"
    organisation_id = await samples.connected(store)
    await store.run(organisation_id, lambda tx: tx.rules.add(FULL))
    assert await store.read(organisation_id, lambda tx: tx.rules.version(ID, IN, 3)) == FULL
    assert text_sha256(FULL.text) == FULL.sha256


async def test_before_anything_was_saved_there_is_no_version(store: Store) -> None:
    organisation_id = await samples.connected(store)

    def look(tx: Transaction) -> tuple[object, ...]:
        return tx.rules.current(ID, OUT), tx.rules.version(ID, OUT, 1), tx.rules.all(ID, OUT)

    assert await store.read(organisation_id, look) == (None, None, ())


async def test_the_highest_number_is_current_for_each_side_by_itself(store: Store) -> None:
    organisation_id = await samples.connected(store)
    first, second, other = samples.rule(), samples.rule("// two", number=2), samples.rule("// in", side=IN)

    def write(tx: Transaction) -> None:
        for version in (second, first, other):
            tx.rules.add(version)

    await store.run(organisation_id, write)
    assert await store.read(organisation_id, lambda tx: tx.rules.current(ID, OUT)) == second
    assert await store.read(organisation_id, lambda tx: tx.rules.current(ID, IN)) == other
    assert await store.read(organisation_id, lambda tx: tx.rules.version(ID, OUT, 1)) == first


async def test_versions_are_listed_newest_first_and_without_their_texts(store: Store) -> None:
    organisation_id = await samples.connected(store)

    def write(tx: Transaction) -> None:
        for number in range(1, 12):
            tx.rules.add(samples.rule(f"// {number}", number=number, at=samples.NOW + timedelta(hours=number)))

    await store.run(organisation_id, write)
    listed = await store.read(organisation_id, lambda tx: tx.rules.all(ID, OUT, 3))
    assert [one.number for one in listed] == [11, 10, 9]
    assert listed[0] == RuleEntry(OUT, 11, "U1", "why", samples.NOW + timedelta(hours=11), text_sha256("// 11"), 5)


async def test_a_number_is_given_once(store: Store) -> None:
    organisation_id = await samples.connected(store)
    await store.run(organisation_id, lambda tx: tx.rules.add(samples.rule()))
    with pytest.raises(RowConflict):
        await store.run(organisation_id, lambda tx: tx.rules.add(samples.rule("// theirs")))
    with pytest.raises(RowConflict):
        await store.run(organisation_id, lambda tx: tx.rules.add(replace(FULL, connection_id=samples.some_id("no"))))


async def test_rules_may_not_call_their_desk_until_somebody_lets_them(store: Store) -> None:
    organisation_id = await samples.connected(store)
    seen = [await store.read(organisation_id, lambda tx: tx.rules.may_call(ID))]
    for allowed in (True, False):
        await store.run(organisation_id, lambda tx, allowed=allowed: tx.rules.let_call(ID, allowed, "U1"))  # type: ignore[misc]
        seen.append(await store.read(organisation_id, lambda tx: tx.rules.may_call(ID)))
    assert seen == [False, True, False]


async def test_rules_go_with_their_connection(store: Store) -> None:
    organisation_id = await samples.connected(store)

    def write(tx: Transaction) -> None:
        tx.rules.add(samples.rule())
        tx.rules.let_call(ID, True, "U1")
        tx.connections.remove(ID)

    await store.run(organisation_id, write)
    await store.run(organisation_id, lambda tx: tx.connections.add(samples.connection()))
    assert await store.read(organisation_id, lambda tx: (tx.rules.all(ID, OUT), tx.rules.may_call(ID))) == ((), False)
