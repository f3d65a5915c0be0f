"""E8: the long poll of a private partner, through real nodes."""

import asyncio
import time
from dataclasses import replace

import pytest

from pairing.connection import ConnectionState
from pairing.terms import Reach
from sync.envelope import Batch
from tests.databases import SqliteFiles
from tests.journeys.acts import answered, connect, told
from tests.journeys.stage import QUICK, Stage, staged

SYNC = "/bridge/v1/sync/"
SLOW = replace(QUICK, pace=replace(QUICK.pace, poll=20), limits=replace(QUICK.limits, wait_seconds=20.0))


async def test_news_arrives_at_once_and_not_at_the_end_of_the_poll(memory_files: SqliteFiles) -> None:
    async with staged(Reach.PRIVATE, memory_files.fresh_url, tempo=SLOW) as stage:
        await connect(stage)
        for word, seen in (("pause", "Your partner paused"), ("resume", "Your partner resumed")):
            begun = time.monotonic()
            await answered(stage.alice, f"/connect {word} acme_to_globex")
            await told(stage.bob, stage.globex, seen)
            assert time.monotonic() - begun < 8  # a poll is held for 20


async def test_a_quiet_poll_is_answered_when_its_time_is_over_and_asked_again(memory_files: SqliteFiles) -> None:
    short = replace(QUICK, limits=replace(QUICK.limits, wait_seconds=0.3))
    async with staged(Reach.PRIVATE, memory_files.fresh_url, tempo=short) as stage:
        await connect(stage)
        proxy = await stage.restart_behind_proxy(stage.acme)
        await stage.until(lambda: len(proxy.of(SYNC)) >= 4, seconds=15)
        assert {one.status for one in proxy.of(SYNC)} == {200}
        assert (await stage.connection(stage.globex)).state is ConnectionState.ACTIVE


async def test_a_newer_poll_releases_the_older(memory_files: SqliteFiles) -> None:
    async with staged(Reach.PRIVATE, memory_files.fresh_url, tempo=SLOW) as stage:
        await connect(stage)
        half, node = await stage.connection(stage.globex), stage.node(stage.globex).running.node
        organisation = await stage.organisation(stage.globex)
        seed = await node.store.read(organisation, lambda tx: tx.vault.get("connection_key", half.id))
        assert seed is not None and half.their_url and half.their_id and half.their_key
        await stage.node(stage.globex).stop()
        wire = stage.node(stage.acme).running.node.wire  # any client will do: the key is what counts

        async def poll() -> Batch:
            assert half.their_url and half.their_id and half.their_key and seed is not None
            return await wire.sync(half.their_url, half.their_id, Batch(wait=20), key=seed, their_key=half.their_key)

        older = asyncio.create_task(poll())
        await asyncio.sleep(0.3)
        assert not older.done()
        newer = asyncio.create_task(poll())
        assert (await asyncio.wait_for(older, 5)).envelopes == ()
        assert not newer.done()
        await answered(stage.alice, "/connect pause acme_to_globex")
        assert len((await asyncio.wait_for(newer, 5)).envelopes) == 1


@pytest.mark.slow
async def test_a_poll_cut_by_a_proxy_is_taken_up_again(stage: Stage) -> None:
    await connect(stage)
    proxy = await stage.restart_behind_proxy(stage.acme)
    proxy.lose = lambda path: path.startswith(SYNC) and len(proxy.of(SYNC)) % 2 == 1
    await stage.until(lambda: len(proxy.of(SYNC)) >= 4, seconds=15)
    await answered(stage.alice, "/connect pause acme_to_globex")
    await told(stage.bob, stage.globex, "Your partner paused", seconds=15)
    await stage.until_delivered(stage.acme, seconds=15)
