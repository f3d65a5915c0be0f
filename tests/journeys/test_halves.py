"""One node in several processes: who serves does not work, and the workers share the work."""

from contextlib import AsyncExitStack

import pytest

from bot.node import Only, running
from pairing.connection import ConnectionState
from pairing.terms import Reach
from sandbox.story import steps_of
from storage.errors import ConfigError
from tests.databases import PostgresqlServer
from tests.journeys.stage import Stage, staged


@pytest.mark.parametrize("reach", [Reach.PRIVATE, pytest.param(Reach.PUBLIC, marks=pytest.mark.slow)])
async def test_two_companies_connect_though_each_node_is_three_processes(
    reach: Reach, postgresql: PostgresqlServer
) -> None:
    async with staged(reach, postgresql.fresh_url) as stage, AsyncExitStack() as workers:
        for run in (stage.node(stage.acme), stage.node(stage.globex)):
            await run.stop()
            run.only = Only.WEB
            await run.start()
            for _ in range(2):
                await workers.enter_async_context(running(run.settings, run.tempo, run.clock, Only.WORKERS))
        for step in steps_of(stage.companies, reach):
            assert await step.act(), step.title
        for company in (stage.acme, stage.globex):
            assert (await stage.connection(company)).state is ConnectionState.ACTIVE


async def test_sqlite_is_for_one_process(stage: Stage) -> None:
    run = stage.node(stage.acme)
    with pytest.raises(ConfigError, match="leave out --only"):
        async with running(run.settings, run.tempo, run.clock, Only.WORKERS):
            pass
