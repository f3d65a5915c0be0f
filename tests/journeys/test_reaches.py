"""The main job in each reach, from two empty desk lists to an active connection, as two people live it."""

import pytest

from pairing.connection import ConnectionState
from pairing.terms import Reach
from sandbox.story import steps_of
from tests.databases import PostgresqlServer
from tests.journeys.stage import Stage, staged


@pytest.mark.parametrize("stage", list(Reach), indirect=True)
async def test_two_companies_connect_pause_and_resume(stage: Stage) -> None:
    for step in steps_of(stage.companies, stage.reach):
        assert await step.act(), step.title
    for company in (stage.acme, stage.globex):
        assert (await stage.connection(company)).state is ConnectionState.ACTIVE


@pytest.mark.parametrize("reach", [Reach.PRIVATE, pytest.param(Reach.LOCAL, marks=pytest.mark.slow)])
async def test_the_same_on_postgresql(reach: Reach, postgresql: PostgresqlServer) -> None:
    async with staged(reach, postgresql.fresh_url) as stage:
        for step in steps_of(stage.companies, reach):
            assert await step.act(), step.title
        for company in (stage.acme, stage.globex):
            assert (await stage.connection(company)).state is ConnectionState.ACTIVE
