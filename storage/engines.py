"""The two databases behind one address: how each is opened, and what its errors mean."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError

from storage.errors import ConfigError

BUSY_WAIT_MS = 10_000
THREADS = 8
_READERS = 4
_REPEATABLE_SQLSTATES = frozenset(("40001", "40P01", "55P03"))
_UNIQUE_SQLSTATE = "23505"
_EXAMPLES = "sqlite:///drawbridge.sqlite3, or postgresql://user:password@host/database"


@dataclass(frozen=True, slots=True)
class Engines:
    """`writer` carries `writer_threads` transactions at a time; `reader` refuses to write.

    0 `reader_threads`: reading happens in the writer's threads.
    """

    writer: Engine
    reader: Engine
    writer_threads: int
    reader_threads: int

    @property
    def is_sqlite(self) -> bool:
        return self.writer.dialect.name == "sqlite"

    def dispose(self) -> None:
        self.writer.dispose()
        self.reader.dispose()


def read_url(text: str) -> URL:
    """Raises ConfigError; the text is not repeated in it, because it may hold a password."""
    try:
        url = make_url(text)
    except ArgumentError:
        raise ConfigError([f"The database's address cannot be read. It looks like {_EXAMPLES}."]) from None
    backend = url.get_backend_name()
    if backend == "sqlite":
        if not url.database or url.database == ":memory:":
            raise ConfigError(["SQLite needs a file: sqlite:///drawbridge.sqlite3 for one in the current folder."])
        return url.set(drivername="sqlite+pysqlite")
    if backend in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    raise ConfigError([f"The database has to be SQLite or PostgreSQL: {_EXAMPLES}."])


def open_engines(text: str) -> Engines:
    """Nothing connects yet. Raises ConfigError."""
    url = read_url(text)
    try:
        return _sqlite(url) if url.get_backend_name() == "sqlite" else _postgresql(url)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise ConfigError([f"The database cannot be opened ({type(error).__name__}). Use {_EXAMPLES}."]) from None


def _sqlite(url: URL) -> Engines:
    # One connection writes: SQLite's own waiting for the write lock is unfair to whoever comes late.
    writer = _engine(url, pool_size=1, max_overflow=0, connect_args=_sqlite_arguments())
    event.listen(writer, "connect", _prepare_sqlite_writer)
    event.listen(writer, "begin", _begin_immediate)
    only_reads = url.set(database=f"file:{_quoted(url.database)}").update_query_dict({"mode": "ro", "uri": "true"})
    reader = _engine(only_reads, pool_size=_READERS, max_overflow=0, connect_args=_sqlite_arguments())
    event.listen(reader, "connect", _prepare_sqlite_reader)
    event.listen(reader, "begin", _begin)
    return Engines(writer, reader, writer_threads=1, reader_threads=_READERS)


def _postgresql(url: URL) -> Engines:
    # A transaction that somebody forgot would hold back the clean-up of the whole database.
    options = "-c timezone=UTC -c idle_in_transaction_session_timeout=60000"
    writer = _engine(url, pool_size=THREADS, max_overflow=0, pool_pre_ping=True, connect_args={"options": options})
    event.listen(writer, "connect", _prepare_postgresql)
    reader = writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Engines(writer, reader, writer_threads=THREADS, reader_threads=0)


def _engine(url: URL, **options: Any) -> Engine:
    # What is bound to a statement may be a person's words or a sealed secret: it is in no log and in no traceback.
    return create_engine(url, hide_parameters=True, echo=False, pool_timeout=60, **options)


def _sqlite_arguments() -> dict[str, Any]:
    # None switches the driver's own transaction handling off: our `begin` events are the only ones.
    return {"isolation_level": None, "check_same_thread": False, "timeout": BUSY_WAIT_MS / 1000}


def _quoted(path: str | None) -> str:
    return (path or "").replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def _prepare_sqlite_writer(connection: Any, _record: object) -> None:
    # FULL: a commit that a power failure forgets would have been told to the partner already.
    pragmas = ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={BUSY_WAIT_MS}", "foreign_keys=ON")
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}").close()


def _prepare_sqlite_reader(connection: Any, _record: object) -> None:
    for pragma in (f"busy_timeout={BUSY_WAIT_MS}", "query_only=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _prepare_postgresql(connection: Any, _record: object) -> None:
    # Where somebody switched it off, a crash forgets commits of the last moment, of which the partner was told already.
    keeps = "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
    connection.execute(keeps).close()
    connection.commit()


def _begin_immediate(connection: Connection) -> None:
    # Taking the write lock first is what lets the busy timeout apply at all.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def does_not_open(error: DBAPIError, engines: Engines) -> ConfigError:
    """What the operator reads; PostgreSQL's own text would repeat the address."""
    reason = str(error.orig).splitlines()[0] if engines.is_sqlite else "no usable answer"
    return ConfigError([f"The database does not open ({reason}). Look at DRAWBRIDGE_DATABASE_URL."])


def is_repeatable(error: DBAPIError) -> bool:
    """True when the database undid the transaction itself and a second try may well work."""
    sqlstate = getattr(error.orig, "sqlstate", None)
    if sqlstate is not None:
        return sqlstate in _REPEATABLE_SQLSTATES
    return str(getattr(error.orig, "sqlite_errorname", "")).startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


def is_taken(error: IntegrityError) -> bool:
    """True for a unique key that somebody else may have taken a moment ago."""
    if getattr(error.orig, "sqlstate", None) == _UNIQUE_SQLSTATE:
        return True
    return getattr(error.orig, "sqlite_errorname", "") in ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY")


def is_lost(error: DBAPIError) -> bool:
    """True when the connection to the database is gone, or never came to be."""
    return bool(error.connection_invalidated) or getattr(error.orig, "sqlstate", "") in (
        None,
        "57P01",
        "57P02",
        "57P03",
    )
