"""A ticket as its desk has it now, and what a desk answers to our writes."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sync.fields import Fields
from sync.form import DeskFacts as DeskFacts

# Fields beside the basic ones: rules may read and write them, Basic mode sends none.
MORE = (
    "assignee",
    "requester",
    "group",
    "department",
    "category",
    "sub_category",
    "item",
    "urgency",
    "impact",
    "source",
    "due_by",
    "first_response_due_by",
)


class TicketState(StrEnum):
    LIVE = "live"
    TRASHED = "trashed"
    SPAM = "spam"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at a desk; the e-mail is None where the desk has none. `id` is the desk's number of them, None where it
    was not needed; an agent is somebody who can be assigned. Two are the same when name and e-mail are."""

    name: str
    email: str | None = None
    id: str | None = field(default=None, compare=False)
    is_agent: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class FileRef:
    """A file at a desk: `size` in bytes, `comment_id` None where it hangs at the ticket itself."""

    id: str
    name: str
    size: int
    content_type: str
    comment_id: str | None = None


@dataclass(frozen=True, slots=True)
class Comment:
    """`text` is CommonMark without raw HTML and without our marker line; `marker` is the code of that line, if it had
    one; times are aware UTC, whole seconds."""

    id: str
    author: Person
    text: str
    at: datetime
    edited_at: datetime
    is_public: bool
    marker: str | None = None


@dataclass(frozen=True, slots=True)
class Ticket:
    """`fields` have neutral names (summary, description, type, status, priority, tags, `custom.<name>`): texts are
    CommonMark, choices their labels. A ticket that was read also has MORE among them, where the desk has such a thing:
    people are e-mail addresses (or names, where the desk shows no address), groups and departments names, times like
    "2026-03-02T09:15:04Z". `native` has the desk's own names and values, for scope filters only.

    `version` is the desk's updated_at (aware UTC, whole seconds): a hint, never a proof. Comments oldest first.
    `url` is where people open it, `shown` how they call it ("#372").
    """

    id: str
    version: datetime
    fields: Fields
    native: Fields
    comments: tuple[Comment, ...] = ()
    files: tuple[FileRef, ...] = ()
    requester: Person | None = None
    state: TicketState = TicketState.LIVE
    marker: str | None = None
    shown: str = ""
    url: str = ""
    assignee: Person | None = None


@dataclass(frozen=True, slots=True)
class Sighting:
    """A ticket as a list shows it: enough to see that something moved. `digest` covers all that the list shows."""

    ticket_id: str
    version: datetime
    digest: str
    marker: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; `next` is None on the last one."""

    sightings: tuple[Sighting, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class TicketPage:
    """Tickets as a list shows them, without comments, files and MORE, maybe without tags; `next` is None on the last
    page."""

    tickets: tuple[Ticket, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way to a desk."""

    name: str
    content_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class NewTicket:
    """What a create needs: `marker_line` becomes the last visible line of the description."""

    fields: Fields
    marker_line: str
    requester: Person | None = None
    files: tuple[Upload, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """What the desk answered to a create or an update: the values as they stand there now (a desk may change what we
    wrote), and the sighting that the next list will show if nobody else touches the ticket."""

    ticket_id: str
    fields: Fields
    sighting: Sighting
    shown: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class CommentWritten:
    """What the desk answered to a comment: its id there, and those of the files that hang at it."""

    comment_id: str
    at: datetime
    file_ids: tuple[str, ...] = ()
