"""Brings the tables to this version's form, from any older one."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from storage.engines import does_not_open, open_engines


def upgrade(url: str) -> None:
    """Runs the migrations that are missing, all in one transaction. Raises ConfigError for an unusable database."""
    engines = open_engines(url)
    try:
        with engines.writer.begin() as connection:
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except OperationalError as error:
        raise does_not_open(error, engines) from None
    finally:
        engines.dispose()


def current(url: str) -> str | None:
    """The version of the tables there; None when there are none."""
    engines = open_engines(url)
    try:
        with engines.writer.connect() as connection:
            return revision_in(connection)
    finally:
        engines.dispose()


@cache
def head() -> str:
    """The version that this code needs."""
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    assert newest is not None
    return newest


def revision_in(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config() -> Config:
    config = Config()
    # Beside this file, so that it works from any folder; a per cent sign would be taken for a placeholder.
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config
