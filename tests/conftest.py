"""Fixtures for every room: stores on real databases, and in memory."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.memory.store import MemoryStore
from storage.store import Store
from storage.vault import KeyRing
from tests.databases import PostgresqlServer, SqliteFiles, everything_in, everything_in_memory, running_postgresql


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> SqliteFiles:
    return SqliteFiles(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def memory_files() -> Iterator[SqliteFiles]:
    """Databases in memory where the machine has a place for files there: nobody here waits for a disk."""
    shared = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="drawbridge-", dir=shared if os.access(shared, os.W_OK) else None))
    yield SqliteFiles(folder)
    shutil.rmtree(folder, ignore_errors=True)


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
    postgresql.take_back(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    """An empty, migrated database of each kind: every test that uses it runs on both."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def database_store(store_url: str, keys: KeyRing) -> AsyncIterator[Store]:
    """An open store on each kind of database, for tests about what databases do."""
    opened = Store.open(store_url, keys)
    yield opened
    await opened.close()


@pytest.fixture(params=["sqlite", "postgresql", "memory"])
def kept_in(request: pytest.FixtureRequest) -> str | None:
    """Where `store` keeps everything: a database's address, or None for memory."""
    return None if request.param == "memory" else request.getfixturevalue(f"{request.param}_url")


@pytest.fixture
async def store(kept_in: str | None, keys: KeyRing) -> AsyncIterator[Store]:
    """An open store on each kind of database and in memory."""
    opened = MemoryStore(clock=lambda: datetime.now(UTC)) if kept_in is None else Store.open(kept_in, keys)
    yield opened
    await opened.close()


@pytest.fixture
def dump(store: Store, kept_in: str | None) -> Callable[[], bytes]:
    """Every row that `store` keeps, a line each, as bytes to be searched or compared."""

    def everything() -> bytes:
        if kept_in is not None:
            return everything_in(kept_in)
        assert isinstance(store, MemoryStore)
        return everything_in_memory(store)

    return everything


@pytest.fixture
async def sqlite_store(sqlite_url: str, keys: KeyRing) -> AsyncIterator[Store]:
    """An open store on SQLite, for tests to which the kind of database does not matter."""
    opened = Store.open(sqlite_url, keys)
    yield opened
    await opened.close()
