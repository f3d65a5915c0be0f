"""Stages for journeys, and what is looked at after each of them."""

import io
import logging
from collections.abc import AsyncIterator, Iterator

import pytest

from bot.logs import configure
from pairing.terms import Reach
from tests.databases import SqliteFiles
from tests.journeys.invariants import (
    check_codes,
    check_log,
    check_numbers,
    check_shared_channels,
    check_slack_refused_nothing,
)
from tests.journeys.stage import Stage, staged


@pytest.fixture
def node_log() -> Iterator[io.StringIO]:
    """Everything that is logged at DEBUG, in the form in which an operator gets it."""
    root, stream = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers[:], root.level
    configure("DEBUG", stream)
    yield stream
    logging.captureWarnings(False)
    root.handlers[:], root.level = handlers, level


@pytest.fixture
async def stage(
    request: pytest.FixtureRequest, memory_files: SqliteFiles, node_log: io.StringIO
) -> AsyncIterator[Stage]:
    """Private unless a test names another reach: `@pytest.mark.parametrize("stage", [Reach.LOCAL], indirect=True)`."""
    async with staged(getattr(request, "param", Reach.PRIVATE), memory_files.fresh_url) as made:
        yield made
        check_slack_refused_nothing(made)
        check_shared_channels(made)
        check_codes(made)
        check_numbers(made)
    check_log(made, node_log.getvalue())
