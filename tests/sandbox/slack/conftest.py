from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

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
