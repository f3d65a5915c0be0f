"""Two sides for every test of a flow."""

from collections.abc import AsyncIterator

import pytest

from storage.vault import KeyRing
from tests.databases import PostgresqlServer, SqliteFiles
from tests.flows.sides import Pair, one_node, two_sides


@pytest.fixture
async def pair(memory_files: SqliteFiles, keys: KeyRing) -> AsyncIterator[Pair]:
    """Two nodes that both have an address, each on SQLite."""
    async with two_sides(memory_files.fresh_url, keys) as made:
        yield made


@pytest.fixture
async def local(memory_files: SqliteFiles, keys: KeyRing) -> AsyncIterator[Pair]:
    """Two organisations on one node."""
    async with one_node(memory_files.fresh_url, keys) as made:
        yield made


@pytest.fixture(params=["sqlite", "postgresql"])
async def any_pair(request: pytest.FixtureRequest, keys: KeyRing) -> AsyncIterator[Pair]:
    """Two nodes on each kind of database."""
    if request.param == "sqlite":
        files: SqliteFiles = request.getfixturevalue("memory_files")
        url_of = files.fresh_url
    else:
        server: PostgresqlServer = request.getfixturevalue("postgresql")
        url_of = server.fresh_url
    async with two_sides(url_of, keys) as made:
        yield made
