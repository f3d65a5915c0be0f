import os
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from storage.engines import open_engines
from storage.errors import ConfigError
from storage.migrate import current, head, upgrade
from storage.store import Store
from storage.tables import Base
from storage.vault import KeyRing
from tests.databases import PostgresqlServer, SqliteFiles


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest) -> str:
    files: SqliteFiles | PostgresqlServer = request.getfixturevalue(
        "sqlite_files" if request.param == "sqlite" else "postgresql"
    )
    return files.empty_url()


def test_the_migrations_make_the_tables_that_the_code_maps(store_url: str) -> None:
    engines = open_engines(store_url)
    try:
        with engines.writer.connect() as connection:
            context = MigrationContext.configure(
                connection, opts={"compare_type": True, "compare_server_default": True}
            )
            assert compare_metadata(context, Base.metadata) == []
    finally:
        engines.dispose()


async def test_an_empty_database_is_migrated_and_then_opens(empty_url: str, keys: KeyRing) -> None:
    assert current(empty_url) is None
    upgrade(empty_url)
    assert current(empty_url) == head()
    await Store.open(empty_url, keys).close()


def test_migrating_twice_does_nothing(store_url: str) -> None:
    upgrade(store_url)
    assert current(store_url) == head()


def test_migrations_are_found_from_any_folder(
    tmp_path: Path, sqlite_files: SqliteFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = sqlite_files.empty_url()
    monkeypatch.chdir(tmp_path)
    upgrade(url)
    assert current(url) == head()


def test_a_relative_path_is_a_file_in_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    upgrade("sqlite:///drawbridge.sqlite3")
    assert os.path.exists(tmp_path / "drawbridge.sqlite3")


def test_a_database_without_tables_does_not_open_and_says_what_to_run(empty_url: str, keys: KeyRing) -> None:
    with pytest.raises(ConfigError, match="python -m bot migrate"):
        Store.open(empty_url, keys)


def test_tables_of_another_version_do_not_open(store_url: str, keys: KeyRing) -> None:
    engines = open_engines(store_url)
    with engines.writer.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engines.dispose()
    with pytest.raises(ConfigError, match="version 9999"):
        Store.open(store_url, keys)
