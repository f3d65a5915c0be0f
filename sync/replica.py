"""The copy of a ticket that our outgoing rule lets out: nothing else ever leaves."""

from dataclasses import dataclass
from datetime import datetime

from sync.fields import Fields
from sync.ticket import FileRef, Person


@dataclass(frozen=True, slots=True)
class ReplicaComment:
    """`id` is the sender's. `at` is aware UTC, whole seconds; `is_public` says how it stands at the sender. `email` is
    the author's, in Script mode only: there a rule may look for the same person at its own desk."""

    id: str
    author: str
    text: str
    at: datetime
    is_public: bool = True
    email: str | None = None


@dataclass(frozen=True, slots=True)
class ReplicaFile:
    """`id` is the sender's; `sha256` in hex; `comment_id` is the sender's id of the comment it hangs at."""

    id: str
    name: str
    size: int
    content_type: str
    sha256: str
    comment_id: str | None = None


@dataclass(frozen=True, slots=True)
class LetOut:
    """What the outgoing rule makes of a ticket."""

    fields: Fields
    comments: tuple[ReplicaComment, ...] = ()
    files: tuple[FileRef, ...] = ()
    requester: Person | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """One step of a ticket on its way to the partner: the body of a `ticket.update` envelope.

    `number` counts the sender's updates of this ticket from 1; `knows` is the number of the receiver's last update that
    the sender had applied when it read this state: what the receiver changed later, the sender did not know. `at` is
    the sender's desk time of the change. `fields` is the whole replica, `changed` the names of what the sender's side
    changed in it and `was` their values before (what the receiver's own updates made of the sender's ticket is no
    change). Comments and files are the new or edited ones, `removed` the sender's ids of comments that are gone;
    `is_backfill` says that a person asked for this ticket; `is_whole` that it tells everything to a partner that forgot
    it: all names are `changed`, and `was` is what the sender thought the receiver knew.
    """

    number: int
    knows: int
    at: datetime
    shown: str
    fields: Fields
    changed: tuple[str, ...] = ()
    was: Fields = Fields()
    comments: tuple[ReplicaComment, ...] = ()
    files: tuple[ReplicaFile, ...] = ()
    removed: tuple[str, ...] = ()
    requester: Person | None = None
    is_backfill: bool = False
    is_whole: bool = False

    @property
    def before(self) -> Fields:
        """The replica without the sender's change: what the incoming rule is asked about first."""
        return self.fields.without(self.changed).with_values(dict(self.was))
