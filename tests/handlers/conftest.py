"""A node with two organisations, in front of a small Slack."""

from collections.abc import AsyncIterator

import pytest

from storage.store import Store
from tests.handlers.world import World, a_world


@pytest.fixture
async def world(sqlite_store: Store) -> AsyncIterator[World]:
    async with a_world(sqlite_store) as made:
        yield made
