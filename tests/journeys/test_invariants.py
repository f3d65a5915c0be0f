"""What is looked at after every journey does find what it looks for."""

import io
import logging

import pytest

from pairing.terms import Reach
from tests.databases import SqliteFiles
from tests.journeys.acts import accept, add_desks, invite
from tests.journeys.invariants import check_codes, check_log, check_numbers, check_shared_channels
from tests.journeys.stage import staged


async def test_each_check_notices_what_it_is_there_for(memory_files: SqliteFiles, node_log: io.StringIO) -> None:
    async with staged(Reach.PRIVATE, memory_files.fresh_url) as stage:
        await add_desks(stage)
        code = await invite(stage)
        number = await accept(stage, code)
        for check in (check_codes, check_numbers, check_shared_channels):
            check(stage)
        check_log(stage, node_log.getvalue())
        assert "started" in node_log.getvalue()  # it is a log, and at DEBUG
        install = stage.acme.app.installs[stage.acme.team.id]
        for text, check in ((code, check_codes), (f"it is {number}", check_numbers), ("psst", check_shared_channels)):
            message = stage.companies.slack.world.post(stage.channel, install.bot_user, text=text, install=install)
            with pytest.raises(AssertionError):
                check(stage)
            stage.companies.slack.world.delete(message)
        for secret in (stage.acme.desk_key, number, stage.acme.bot_token, "canary description"):
            with pytest.raises(AssertionError):
                check_log(stage, f"... {secret} ...")


def test_a_log_is_caught_whatever_the_logger(node_log: io.StringIO) -> None:
    logging.getLogger("flows.anything").debug("hello")
    assert "hello" in node_log.getvalue()
