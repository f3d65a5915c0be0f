"""What has to be right before the first transaction: the tables' version, and the keys."""

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from storage.engines import Engines, does_not_open
from storage.errors import ConfigError, SecretUnreadable
from storage.migrate import head, revision_in
from storage.system import new_id
from storage.tables import NodeRow, SecretRow
from storage.vault import KeyRing, kid_of

_CANARY = b"drawbridge"
_PLACE = ("node", "canary")


def check_schema(engines: Engines) -> None:
    """Raises ConfigError unless the tables are those of this version."""
    try:
        with engines.writer.connect() as connection:
            found = revision_in(connection)
    except DBAPIError as error:
        raise does_not_open(error, engines) from None
    if found is None:
        raise ConfigError(["The database has no tables yet: run `python -m bot migrate`."])
    if found != head():
        raise ConfigError(
            [
                f"The database's tables are of version {found}, this Drawbridge needs {head()}:"
                " run `python -m bot migrate`, or start the newer Drawbridge that made them."
            ]
        )


def open_canary(engines: Engines, keys: KeyRing) -> None:
    """Makes this database's own id and canary when nothing is sealed yet. Raises ConfigError when a key is missing."""
    with Session(engines.writer) as session:
        node = session.scalars(select(NodeRow)).one_or_none()
        needed = set(session.scalars(select(SecretRow.kid).distinct()))
        if node is not None:
            needed.add(kid_of(node.canary))
        if missing := needed - keys.kids:
            raise ConfigError([_missing(kid) for kid in sorted(missing)])
        if node is None:
            node_id = new_id()
            session.add(NodeRow(id=node_id, canary=sealed_canary(keys, node_id)))
        else:
            _open(keys, node)
        session.commit()


def sealed_canary(keys: KeyRing, node_id: str) -> str:
    return keys.seal(*_PLACE, node_id, _CANARY)


def _open(keys: KeyRing, node: NodeRow) -> None:
    try:
        keys.open(*_PLACE, node.id, node.canary)
    except SecretUnreadable as error:
        raise ConfigError(
            ["The sealed text that proves the secret keys was changed in the database: restore it from a backup."]
        ) from error


def _missing(kid: str) -> str:
    return (
        f"Secrets in this database are sealed by the key {kid}, which is not set: put that key into"
        " DRAWBRIDGE_SECRET_KEYS (behind the newest one). If it is lost for good, `python -m bot secrets forget` clears"
        " what it sealed."
    )
