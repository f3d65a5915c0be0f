"""What we are about to do at our desk: written down before it is done, crossed out after, looked up after a crash."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class IntentKind(StrEnum):
    CREATE = "create"
    UPDATE = "update"
    ADD_COMMENT = "add_comment"
    EDIT_COMMENT = "edit_comment"
    REMOVE_COMMENT = "remove_comment"
    RULE_CALL = "rule_call"  # a rule's own call to the desk; its answer is kept here until the update counts as applied
    AFTERWARDS = "afterwards"  # what a rule wants done when the update is applied


@dataclass(frozen=True, slots=True)
class Intent:
    """One call to our desk. `position` orders the calls of one envelope (below 0: what its rule did while it ran);
    `marker` (12 base32 symbols) stands in what a create or a comment writes; `payload` is JSON of flows/deeds.py;
    `made_at` is when it was first on its way."""

    id: str
    connection_id: str
    link_id: str
    envelope_id: str
    position: int
    kind: IntentKind
    marker: str
    payload: str
    made_at: datetime


SKIPPED = "skipped"  # in place of the code of what went wrong
# No envelope is called so: theirs are 26 symbols of base32.
_OURS = "take."


def ours(ticket_id: str) -> str:
    """Under which name a change of our ticket is parked."""
    return f"{_OURS}{ticket_id}"


@dataclass(frozen=True, slots=True)
class ParkedUpdate:
    """An update that failed for good and waits for a person; what follows for its ticket waits behind it. `code` is for
    the partner, `text` for our people; `their_ticket` is the partner's id, `shown` how they call it.

    A change of our own ticket that our outgoing rule does not let pass is parked likewise: by `of_ours`. One that was
    skipped is kept unseen, so that looking at the unchanged ticket again does not park it again.
    """

    connection_id: str
    envelope_id: str
    their_ticket: str
    shown: str
    code: str
    text: str
    parked_at: datetime

    @classmethod
    def of_ours(
        cls, connection_id: str, ticket_id: str, shown: str, code: str, text: str, at: datetime
    ) -> "ParkedUpdate":
        name = ours(ticket_id)
        return cls(connection_id, name, name, shown[:60], code, text[:1000], at)

    @property
    def is_skipped(self) -> bool:
        return self.code == SKIPPED

    def after_skipping(self) -> "ParkedUpdate":
        return replace(self, code=SKIPPED)

    @property
    def our_ticket(self) -> str | None:
        """The id of our ticket when it is ours that does not leave."""
        return self.envelope_id.removeprefix(_OURS) if self.envelope_id.startswith(_OURS) else None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A conflict as it is kept: both values as JSON, which one stays, whether somebody took the other since."""

    id: str
    connection_id: str
    link_id: str
    field: str
    ours: str
    theirs: str
    ours_stays: bool
    at: datetime
    taken: bool = False

    def after_taking(self) -> "Disagreement":
        return replace(self, taken=True)


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a desk was polled. `high_water` is the desk's largest updated_at seen; `interval_seconds` adapts;
    `swept_at` is when linked tickets were last read one by one, `sweep_after` the last link of an unfinished sweep,
    `looked_at` when the list was last read to its end, None when it never was."""

    high_water: datetime
    interval_seconds: float
    swept_at: datetime
    sweep_after: str = ""
    looked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Which tickets a connection takes on its own: a filter in the desk's query language, for changes since `since`."""

    query: str
    since: datetime
