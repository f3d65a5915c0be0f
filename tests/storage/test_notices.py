from datetime import timedelta

from pairing.notice import Notice, NoticeKind
from storage.store import Store, Transaction
from tests.storage import samples

HOMES = [samples.notice(f"home{number}", NoticeKind.HOME) for number in range(4)]


async def added(store: Store, *notices: Notice) -> str:
    organisation_id = await samples.connected(store)

    def write(tx: Transaction) -> None:
        for notice in notices:
            tx.notices.add(notice)

    await store.run(organisation_id, write)
    return organisation_id


async def due(store: Store, organisation_id: str, limit: int = 10) -> tuple[Notice, ...]:
    return await store.read(organisation_id, lambda tx: tx.notices.due(limit))


async def test_notices_come_back_whole_and_oldest_first(store: Store) -> None:
    full = samples.notice(
        1, NoticeKind.CLOSED, connection_id=samples.connection().id, user_id="U1", text="bye", tries=0
    )
    organisation_id = await added(store, full, samples.notice(2), samples.notice(3))
    assert await due(store, organisation_id, 2) == (full, samples.notice(2))


async def test_a_told_notice_is_gone(store: Store) -> None:
    organisation_id = await added(store, samples.notice(1), samples.notice(2))
    await store.run(organisation_id, lambda tx: tx.notices.done(samples.notice(1).id))
    await store.run(organisation_id, lambda tx: tx.notices.done(samples.notice(1).id))
    assert await due(store, organisation_id) == (samples.notice(2),)


async def test_a_failed_notice_waits_for_its_time_and_counts_its_tries(store: Store) -> None:
    organisation_id = await added(store, samples.notice(1))
    await store.run(organisation_id, lambda tx: tx.notices.later(samples.notice(1).id, tx.now + timedelta(hours=1)))
    assert await due(store, organisation_id) == ()
    await store.run(organisation_id, lambda tx: tx.notices.later(samples.notice(1).id, tx.now))
    assert await due(store, organisation_id) == (samples.notice(1, tries=2),)


async def test_however_many_homes_wait_they_are_published_once(store: Store) -> None:
    organisation_id = await added(store, HOMES[0], samples.notice(1), HOMES[1], HOMES[2])
    waiting = await due(store, organisation_id)
    assert [notice.kind for notice in waiting] == [NoticeKind.PAUSED, NoticeKind.HOME]
    await store.run(organisation_id, lambda tx: tx.notices.done(waiting[1].id))
    assert await due(store, organisation_id) == (samples.notice(1),)


async def test_a_change_while_homes_are_being_published_is_published_too(store: Store) -> None:
    organisation_id = await added(store, HOMES[0])
    (published,) = await due(store, organisation_id)
    await store.run(organisation_id, lambda tx: tx.notices.add(HOMES[1]))
    await store.run(organisation_id, lambda tx: tx.notices.done(published.id))
    assert await due(store, organisation_id) == (HOMES[1],)


async def test_a_home_that_failed_waits_until_its_time_or_until_the_next_change(store: Store) -> None:
    organisation_id = await added(store, HOMES[0])
    await store.run(organisation_id, lambda tx: tx.notices.later(HOMES[0].id, tx.now + timedelta(hours=1)))
    assert await due(store, organisation_id) == ()
    await store.run(organisation_id, lambda tx: tx.notices.add(HOMES[1]))
    assert await due(store, organisation_id) == (HOMES[1],)


async def test_homes_of_one_organisation_do_not_hide_those_of_another(store: Store) -> None:
    one = await added(store, HOMES[0])
    two = await samples.organisation(store, "T2")
    await store.run(two.id, lambda tx: tx.notices.add(HOMES[0]))
    assert await due(store, one) == (HOMES[0],)
    assert await due(store, two.id) == (HOMES[0],)
