"""Changing the master key, and living on without one that is lost."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Delete, Update, and_, delete, exists, not_, select, update

from pairing.connection import ConnectionState
from storage.engines import open_engines
from storage.errors import SecretUnreadable
from storage.first import sealed_canary
from storage.sessions import SystemSession
from storage.store import Store
from storage.system import SystemTransaction
from storage.tables import ConnectionRow, NodeRow, SecretRow
from storage.vault import KeyRing, kid_of

AT_A_TIME = 100


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many secrets were cleared, and how many connections are broken by it."""

    secrets: int
    connections: int


async def rotate(store: Store, *, at_a_time: int = AT_A_TIME) -> int:
    """Seals every secret anew under the first key of the ring; how many it was.

    Works in small transactions beside a running node; cut off, it goes on where it stopped when it is started again.
    Raises SecretUnreadable for a secret that was damaged.
    """
    total = 0
    while resealed := await store.system(lambda tx: reseal(tx, at_a_time)):
        total += resealed
    return total


def reseal(tx: SystemTransaction, most: int) -> int:
    """Up to `most` secrets; 0 when all are sealed by the first key, the canary too."""
    session, keys = tx.session, tx.keys
    old = select(SecretRow).where(SecretRow.kid != keys.kid).limit(most).with_for_update()
    rows = session.scalars(old).all()
    for row in rows:
        row.token = _resealed(keys, row)
        row.kid = keys.kid
    node = session.scalars(select(NodeRow)).one()
    if kid_of(node.canary) != keys.kid:
        node.canary = sealed_canary(keys, node.id)
    session.flush()
    return len(rows)


def forget(url: str, keys: KeyRing) -> Forgotten:
    """Clears what a lost key sealed, and marks the connections broken whose own key is gone; all else is kept.

    For a node that does not start: it needs no open store. Raises ConfigError for an unusable URL.
    """
    engines = open_engines(url)
    try:
        with SystemSession(engines.writer, lambda: datetime.now(UTC)) as session:
            done = Forgotten(
                connections=session.change(_break_connections(keys.kids, session.now)),
                secrets=session.change(_clear_lost(keys.kids)),
            )
            for node in session.scalars(select(NodeRow)):
                if kid_of(node.canary) not in keys.kids:
                    node.canary = sealed_canary(keys, node.id)
            session.commit()
            return done
    finally:
        engines.dispose()


def _resealed(keys: KeyRing, row: SecretRow) -> str:
    try:
        secret = keys.open(row.organisation_id, row.kind, row.ref, row.token)
    except SecretUnreadable as error:
        raise SecretUnreadable(f"The secret {row.kind} of {row.ref} cannot be opened. {error}") from error
    return keys.seal(row.organisation_id, row.kind, row.ref, secret)


def _break_connections(kids: Collection[str], now: datetime) -> Update:
    lost = exists().where(
        and_(SecretRow.organisation_id == ConnectionRow.organisation_id, SecretRow.ref == ConnectionRow.id),
        SecretRow.kind == "connection_key",
        not_(SecretRow.kid.in_(kids)),
    )
    return (
        update(ConnectionRow)
        .where(ConnectionRow.state.not_in((ConnectionState.CLOSED, ConnectionState.BROKEN)), lost)
        .values(state=ConnectionState.BROKEN, moved_at=now)
    )


def _clear_lost(kids: Collection[str]) -> Delete:
    return delete(SecretRow).where(not_(SecretRow.kid.in_(kids)))
