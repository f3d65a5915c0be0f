"""Fixtures for every room: stores on real databases."""

from collections.abc import AsyncIterator, Iterator

import pytest

from storage.store import Store
from storage.vault import KeyRing
from tests.databases import PostgresqlServer, SqliteFiles, running_postgresql


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> SqliteFiles:
    return SqliteFiles(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresqlServer]:
    """Started when the first test asks for it, gone with the session."""
    with running_postgresql() as server:
        yield server


@pytest.fixture
def keys() -> KeyRing:
    return KeyRing((b"k" * 32,))


@pytest.fixture
def sqlite_url(sqlite_files: SqliteFiles) -> str:
    """An empty, migrated SQLite database."""
    return sqlite_files.fresh_url()


@pytest.fixture
def postgresql_url(postgresql: PostgresqlServer) -> Iterator[str]:
    """An empty, migrated PostgreSQL database."""
    url = postgresql.fresh_url()
    yield url
    postgresql.drop(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    """An empty, migrated database of each kind: every test that uses it runs on both."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def store(store_url: str, keys: KeyRing) -> AsyncIterator[Store]:
    """An open store on each kind of database."""
    opened = Store.open(store_url, keys)
    yield opened
    await opened.close()


@pytest.fixture
async def sqlite_store(sqlite_url: str, keys: KeyRing) -> AsyncIterator[Store]:
    """An open store on SQLite, for tests to which the kind of database does not matter."""
    opened = Store.open(sqlite_url, keys)
    yield opened
    await opened.close()
