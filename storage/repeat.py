"""One attempt of a transaction, and what its failure means: try again, give up, or nobody knows."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from pairing.errors import DrawbridgeError
from storage.engines import is_lost, is_repeatable, is_taken
from storage.errors import RowConflict, StorageUnavailable

T = TypeVar("T")
# Seconds before each repetition.
PAUSES = (0.0, 0.01, 0.05, 0.2)


class Again(Exception):
    """Nothing was committed and another attempt may work: after these pauses, or else the verdict is final."""

    def __init__(self, pauses: tuple[float, ...], verdict: DrawbridgeError) -> None:
        super().__init__()
        self.pauses = pauses
        self.verdict = verdict


def transact(session: Session, work: Callable[[], T]) -> T:
    """Runs the work and commits. Raises Again, StorageUnavailable, or what the work raises; nothing is kept then."""
    try:
        done = work()
        session.flush()
    except DBAPIError as error:
        raise _before_commit(error) from error
    try:
        session.commit()
    except DBAPIError as error:
        raise _at_commit(error) from error
    return done


def _before_commit(error: DBAPIError) -> Exception:
    if isinstance(error, IntegrityError):
        # A name that was free when the work looked: the second look sees who took it, and says so in its own words.
        return Again((0.0,) if is_taken(error) else (), RowConflict("A row breaks a rule of its table."))
    if is_repeatable(error) or is_lost(error):
        return Again(PAUSES, StorageUnavailable())
    return error


def _at_commit(error: DBAPIError) -> Exception:
    if is_repeatable(error):
        return Again(PAUSES, StorageUnavailable())
    return StorageUnavailable(outcome_unknown=True) if is_lost(error) else error
