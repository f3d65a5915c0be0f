from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from sandbox.slack.clock import HandClock
from tests.sandbox.slack.wizard import Stage, staged


@pytest.fixture(params=["http", "socket"])
async def stage(request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    """The whole stand-in with the wizard app behind it, once for each transport."""
    async with staged(request.param) as made:
        yield made


@pytest.fixture
async def http_stage() -> AsyncIterator[Stage]:
    async with staged("http") as made:
        yield made


@pytest.fixture
def hand_clock() -> HandClock:
    return HandClock(datetime(2026, 1, 15, 12, 0, tzinfo=UTC))
