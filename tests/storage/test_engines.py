from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from storage.engines import open_engines, read_url
from storage.errors import ConfigError
from storage.store import Store
from storage.vault import KeyRing


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "mysql://user:hunter2@host/db",
        "sqlite://",
        "sqlite:///:memory:",
        "oracle://host",
        "http://x:hunter2@y",
    ],
)
def test_an_unusable_address_is_refused_without_repeating_a_password(text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_url(text)
    assert "sqlite:///drawbridge.sqlite3" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_an_address_without_a_driver_gets_ours() -> None:
    assert read_url("postgresql://host/db").drivername == "postgresql+psycopg"
    assert read_url("sqlite:///file").drivername == "sqlite+pysqlite"


def test_a_folder_that_is_not_there_is_the_operators_move(tmp_path: Path, keys: KeyRing) -> None:
    with pytest.raises(ConfigError, match="DRAWBRIDGE_DATABASE_URL"):
        Store.open(f"sqlite:///{tmp_path}/missing/drawbridge.sqlite3", keys)


def test_a_postgresql_that_does_not_run_is_the_operators_move(tmp_path: Path, keys: KeyRing) -> None:
    with pytest.raises(ConfigError, match="does not open"):
        Store.open(f"postgresql://nobody:hunter2@/none?host={tmp_path}", keys)


def test_sqlite_keeps_its_promises_about_durability_and_references(sqlite_url: str) -> None:
    engines = open_engines(sqlite_url)
    try:
        with engines.writer.connect() as connection:
            found = {
                pragma: connection.exec_driver_sql(f"PRAGMA {pragma}").scalar_one()
                for pragma in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            }
    finally:
        engines.dispose()
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}


def test_postgresql_forgets_no_commit_of_ours_even_where_it_may(postgresql_url: str) -> None:
    engines = open_engines(postgresql_url)
    try:
        for engine in (engines.writer, engines.reader):
            with engine.connect() as connection:
                assert connection.exec_driver_sql("SHOW synchronous_commit").scalar_one() == "on"
    finally:
        engines.dispose()


def test_the_reading_engine_refuses_to_write(store_url: str) -> None:
    engines = open_engines(store_url)
    try:
        with engines.reader.connect() as connection, pytest.raises(DBAPIError, match=r"read.?only"):
            connection.exec_driver_sql("DELETE FROM organisation")
    finally:
        engines.dispose()


def test_what_is_bound_to_a_failing_statement_is_not_in_its_error(store_url: str) -> None:
    engines = open_engines(store_url)
    assert engines.writer.hide_parameters
    assert engines.reader.hide_parameters
    assert not engines.writer.echo
    engines.dispose()


def test_a_path_with_special_characters_is_the_same_file_for_both_engines(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/a%b #c.sqlite3"
    engines = open_engines(url)
    try:
        with engines.writer.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE t (x)")
        with engines.reader.connect() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM t").scalar_one() == 0
    finally:
        engines.dispose()
