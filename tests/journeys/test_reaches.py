"""The main job in each reach, from two empty desk lists to an active connection, as two people live it."""

import pytest

from pairing.connection import ConnectionState
from pairing.terms import Reach
from sandbox.story import steps_of
from tests.journeys.stage import Stage


@pytest.mark.parametrize("stage", list(Reach), indirect=True)
async def test_two_companies_connect_pause_and_resume(stage: Stage) -> None:
    for step in steps_of(stage.companies, stage.reach):
        assert await step.act(), step.title
    for company in (stage.acme, stage.globex):
        assert (await stage.connection(company)).state is ConnectionState.ACTIVE
