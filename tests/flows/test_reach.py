from collections.abc import AsyncIterator

import pytest

from flows.care import care
from pairing.notice import NoticeKind
from tests.databases import SqliteFiles
from tests.flows.two_sides import Clock, HalfPair, Pair, open_store, two_sides


@pytest.fixture
async def pair(sqlite_files: SqliteFiles) -> AsyncIterator[Pair]:
    clock = Clock()
    stores = (open_store(sqlite_files.fresh_url(), clock), open_store(sqlite_files.fresh_url(), clock))
    async with two_sides(stores, clock) as both:
        yield both
    for store in stores:
        await store.close()


async def told(half: HalfPair) -> list[NoticeKind]:
    notices = await half.node.store.read(half.organisation_id, lambda tx: tx.notices.due(100))
    return [one.kind for one in notices if one.kind in (NoticeKind.OUT_OF_REACH, NoticeKind.IN_REACH)]


async def test_a_partner_that_does_not_answer_is_said_once_and_its_return_too(pair: Pair) -> None:
    await pair.globex.exchange()
    pair.globex.wire.is_cut = True
    for _ in range(4):
        pair.clock.advance(400)
        await pair.globex.exchange()
    assert await told(pair.globex) == [NoticeKind.OUT_OF_REACH]
    pair.globex.wire.is_cut = False
    await pair.globex.exchange()
    assert await told(pair.globex) == [NoticeKind.OUT_OF_REACH, NoticeKind.IN_REACH]


async def test_the_side_that_cannot_call_notices_the_silence_by_the_clock(pair: Pair) -> None:
    await pair.globex.exchange()
    pair.clock.advance(500)
    await care(pair.acme.node)
    assert await told(pair.acme) == []
    pair.clock.advance(200)
    await care(pair.acme.node)
    await care(pair.acme.node)
    assert await told(pair.acme) == [NoticeKind.OUT_OF_REACH]
    await pair.globex.exchange()
    assert await told(pair.acme) == [NoticeKind.OUT_OF_REACH, NoticeKind.IN_REACH]
