"""A whole toy desk in this process: tickets, comments, files and people, with the habits of a real one.

Times are whole seconds, a list shows no comments, what is trashed is not listed, an unknown person is nobody, and an
edited or removed comment moves no list. tests/contracts holds it to what the real desks do.
"""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sync.errors import RemoteGone, VisibilityStays
from sync.fields import Fields, Value
from sync.form import DeskField
from sync.marker import split_marker
from sync.ticket import (
    MORE,
    Comment,
    CommentWritten,
    DeskFacts,
    FileRef,
    NewTicket,
    Page,
    Person,
    Sighting,
    Ticket,
    TicketPage,
    TicketState,
    Upload,
    Written,
)
from trackers.memory_fields import checked
from trackers.memory_form import FACTS, facts_of
from trackers.memory_http import ToyInterface
from trackers.port import NO_QUERY, HttpAnswer

DEFAULTS = Fields(
    {"summary": "", "description": "", "type": "Incident", "status": "Open", "priority": "Low", "tags": ()}
)
# What stands in a new ticket where nothing was written.
_NOTHING = Fields({"summary": "(no summary)", "description": "(no description)"})
_OURS = Person("Drawbridge", "drawbridge@desk.example")  # whoever owns the key: stands in for people nobody knows
_PAGE = 100
_NOTHING_MORE = dict.fromkeys(MORE)
_NOT_LISTED = ("tags", "urgency", "impact")
# "before" a call takes effect, and "after" it did: where a test lets a call or its answer be lost.
Watch = Callable[[str, str], None]


@dataclass(slots=True)
class _Record:
    """A ticket as it is kept: texts with our marker lines in them."""

    id: str
    version: datetime
    created: datetime
    fields: Fields
    comments: dict[str, Comment] = field(default_factory=dict)
    files: dict[str, FileRef] = field(default_factory=dict)
    requester: Person | None = None
    state: TicketState = TicketState.LIVE


@dataclass(slots=True)
class MemoryAccount:
    """One desk. People act on it by its own methods; `tracker` is what Drawbridge sees. `clock` gives aware UTC."""

    clock: Callable[[], datetime]
    facts: DeskFacts = FACTS
    people: dict[str, Person] = field(default_factory=dict)
    watch: Watch = lambda moment, call: None
    calls: Counter[str] = field(default_factory=Counter)
    records: dict[str, _Record] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict, repr=False)
    has_room: bool = True
    _ids: int = 0

    # what an administrator does

    def add_field(self, field: DeskField) -> None:
        """A custom field, called "custom.<name>", or another edition of one that is there."""
        self.facts = facts_of((*(one for one in self.facts.fields if one.name != field.name), field))

    # what people do

    def raise_ticket(self, summary: str, description: str = "", requester: Person | None = None, **more: Value) -> str:
        """Its id."""
        fields = DEFAULTS.with_values({"summary": summary, "description": description, **more})
        return self._new(fields, requester).id

    def edit(self, ticket_id: str, **values: Value) -> None:
        record = self.records[ticket_id]
        record.fields = record.fields.with_values(values)
        self._touch(record)

    def comment(self, ticket_id: str, author: str, text: str, *, public: bool = True) -> str:
        """Its id."""
        return self._add_comment(self.records[ticket_id], Person(author), text, public=public).id

    def edit_comment(self, ticket_id: str, comment_id: str, text: str) -> None:
        record = self.records[ticket_id]
        record.comments[comment_id] = replace(record.comments[comment_id], text=text, edited_at=self._now())

    def show_comment(self, ticket_id: str, comment_id: str, *, public: bool) -> None:
        comments = self.records[ticket_id].comments
        comments[comment_id] = replace(comments[comment_id], is_public=public)

    def remove_comment(self, ticket_id: str, comment_id: str) -> None:
        """Its files go with it."""
        record = self.records[ticket_id]
        del record.comments[comment_id]
        record.files = {file.id: file for file in record.files.values() if file.comment_id != comment_id}

    def attach(self, ticket_id: str, name: str, content: bytes, content_type: str = "text/plain") -> str:
        """Its id."""
        record = self.records[ticket_id]
        made = self._keep(record, Upload(name, content_type, content), None)
        self._touch(record)
        return made.id

    def set_state(self, ticket_id: str, state: TicketState) -> None:
        record = self.records[ticket_id]
        record.state = state
        self._touch(record)

    def purge(self, ticket_id: str) -> None:
        """Deletes it for good."""
        del self.records[ticket_id]

    # what the desk does

    def _now(self) -> datetime:
        return self.clock().replace(microsecond=0)

    def _next_id(self) -> str:
        self._ids += 1
        return str(self._ids)

    def _touch(self, record: _Record) -> None:
        record.version = max(record.version, self._now())

    def _new(self, fields: Fields, requester: Person | None) -> _Record:
        now = self._now()
        record = _Record(self._next_id(), now, now, fields, requester=requester)
        self.records[record.id] = record
        return record

    def _add_comment(self, record: _Record, author: Person, text: str, *, public: bool) -> Comment:
        now = self._now()
        made = Comment(self._next_id(), author, text, now, now, public)
        record.comments[made.id] = made
        self._touch(record)
        return made

    def _keep(self, record: _Record, upload: Upload, comment_id: str | None) -> FileRef:
        made = FileRef(self._next_id(), upload.name, len(upload.content), upload.content_type, comment_id)
        record.files[made.id] = made
        self.contents[made.id] = upload.content
        return made


class MemoryTracker:
    """Implements trackers.port.Tracker over one account."""

    def __init__(self, account: MemoryAccount) -> None:
        self._account = account

    @property
    def has_room(self) -> bool:
        return self._account.has_room

    async def changed_since(self, since: datetime, page: str | None = None) -> Page:
        found, following = self._listed(since, page)
        return Page(tuple(_sighting(record) for record in found), following)

    async def tickets_since(self, since: datetime, page: str | None = None) -> TicketPage:
        found, following = self._listed(since, page)
        return TicketPage(tuple(_ticket(record, whole=False) for record in found), following)

    async def read(self, ticket_id: str) -> Ticket:
        self._called("read")
        ticket = self._whole(self._record(ticket_id))
        self._answered("read")
        return ticket

    async def create(self, new: NewTicket) -> Written:
        self._called("create")
        given = new.fields.with_values({n: v for n, v in _NOTHING.items() if not new.fields.get(n)})
        values = self._checked(given, Fields())
        text = _with_line(str(values["description"]), new.marker_line)
        known = await self.person_by_email(new.requester.email) if new.requester and new.requester.email else None
        record = self._account._new(DEFAULTS, known or _OURS)
        self._write(record, values.with_values({"description": text}))
        for upload in new.files:
            self._account._keep(record, upload, None)
        self._answered("create")
        return self._written(record)

    async def update(
        self, ticket_id: str, fields: Fields, files: tuple[Upload, ...] = (), marker_line: str = ""
    ) -> Written:
        self._called("update")
        record = self._live(ticket_id)
        values = dict(self._checked(fields, record.fields))
        if "description" in values:
            values["description"] = _with_line(str(values["description"] or ""), marker_line)
        self._write(record, values)
        for upload in files:
            self._account._keep(record, upload, None)
        self._account._touch(record)
        self._answered("update")
        return self._written(record)

    async def add_comment(
        self,
        ticket_id: str,
        text: str,
        marker_line: str,
        files: tuple[Upload, ...] = (),
        *,
        is_public: bool = True,
    ) -> CommentWritten:
        self._called("add_comment")
        record, line = self._live(ticket_id), _with_line(text, marker_line)
        made = self._account._add_comment(record, Person("Drawbridge"), line, public=is_public)
        kept = tuple(self._account._keep(record, upload, made.id).id for upload in files)
        self._answered("add_comment")
        return CommentWritten(made.id, made.at, kept)

    async def edit_comment(
        self, ticket_id: str, comment_id: str, text: str, marker_line: str, *, is_public: bool | None = None
    ) -> CommentWritten:
        self._called("edit_comment")
        record = self._live(ticket_id)
        if comment_id not in record.comments:
            raise RemoteGone("This comment is not there any more.")
        if is_public is not None and record.comments[comment_id].is_public is not is_public:
            raise VisibilityStays("The desk cannot change who may see a comment that stands already.")
        self._account.edit_comment(ticket_id, comment_id, _with_line(text, marker_line))
        self._answered("edit_comment")
        return CommentWritten(comment_id, record.comments[comment_id].edited_at)

    async def remove_comment(self, ticket_id: str, comment_id: str) -> None:
        self._called("remove_comment")
        record = self._live(ticket_id)
        if comment_id in record.comments:
            self._account.remove_comment(ticket_id, comment_id)
        self._answered("remove_comment")

    def url_of(self, ticket_id: str) -> str:
        return _url(ticket_id)

    async def find_marked(self, marker: str, since: datetime) -> Sighting | None:
        page: str | None = None
        while True:
            found = await self.changed_since(since, page)
            for sighting in found.sightings:
                if sighting.marker == marker:
                    return sighting
            page = found.next
            if page is None:
                return None

    async def download(self, ticket_id: str, file: FileRef) -> AsyncIterator[bytes]:
        self._called("download")
        self._record(ticket_id)
        if file.id not in self._account.contents:
            raise RemoteGone("This file is not there any more.")
        yield self._account.contents[file.id]
        self._answered("download")

    async def facts(self) -> DeskFacts:
        self._called("facts")
        self._answered("facts")
        return self._account.facts

    async def person_by_email(self, email: str) -> Person | None:
        return self._account.people.get(email.strip().lower())

    async def people_by_name(self, name: str) -> tuple[Person, ...]:
        wanted = " ".join(name.split()).casefold()
        named = [person for person in self._account.people.values() if person.name.casefold() == wanted]
        return tuple(sorted(named, key=lambda person: not person.is_agent))

    async def http(
        self, method: str, path: str, query: Mapping[str, str] = NO_QUERY, body: object = None
    ) -> HttpAnswer:
        groups = self._account.facts.labels("group") or ()
        return await ToyInterface(self, self._account.people, groups).answer(method, path, query, body)

    def _listed(self, since: datetime, page: str | None) -> tuple[list[_Record], str | None]:
        self._called("list")
        moved = [r for r in self._account.records.values() if r.state is TicketState.LIVE and r.version >= since]
        at = int(page or 0)
        # By id, so that one that moves while pages are read shifts none: others do shift, and are seen again.
        ordered = sorted(moved, key=lambda record: int(record.id))[at : at + _PAGE]
        following = str(at + _PAGE) if at + _PAGE < len(moved) else None
        self._answered("list")
        return ordered, following

    def _record(self, ticket_id: str) -> _Record:
        record = self._account.records.get(ticket_id)
        if record is None:
            raise RemoteGone("There is no such ticket.")
        return record

    def _live(self, ticket_id: str) -> _Record:
        record = self._record(ticket_id)
        if record.state is not TicketState.LIVE:
            raise RemoteGone("This ticket is in the trash.")
        return record

    def _checked(self, fields: Fields, standing: Fields) -> Fields:
        return checked(fields, self._account.facts, self._account.people, standing)

    def _write(self, record: _Record, values: Mapping[str, Value]) -> None:
        """The requester stands beside the fields."""
        if "requester" in values:
            record.requester = self._account.people[str(values["requester"]).lower()]
        record.fields = record.fields.with_values({n: v for n, v in values.items() if n != "requester"})

    def _whole(self, record: _Record) -> Ticket:
        """As a read shows it: every field of the form, though nothing stands in it."""
        ticket, requester = _ticket(record), record.requester
        custom = dict.fromkeys(f"custom.{name}" for name in self._account.facts.custom)
        who = {"requester": (requester.email or requester.name) if requester else None}
        fields = Fields({**_NOTHING_MORE, **custom, **ticket.fields, **who})
        assignee = self._account.people.get(str(fields["assignee"] or "").lower())
        return replace(ticket, fields=fields, assignee=assignee)

    def _written(self, record: _Record) -> Written:
        ticket = self._whole(record)
        return Written(record.id, ticket.fields, _sighting(record), ticket.shown, ticket.url)

    def _called(self, call: str) -> None:
        self._account.calls[call] += 1
        self._account.watch("before", call)

    def _answered(self, call: str) -> None:
        self._account.watch("after", call)


def _with_line(text: str, line: str) -> str:
    return f"{text}\n\n{line}" if line else text


def _ticket(record: _Record, *, whole: bool = True) -> Ticket:
    description, marker = split_marker(str(record.fields.get("description") or ""))
    fields = record.fields.with_values({"description": description})
    return Ticket(
        id=record.id,
        version=record.version,
        fields=fields if whole else fields.without(("tags", *MORE)),
        native=_native(record),
        comments=tuple(_comment(comment) for comment in record.comments.values()) if whole else (),
        files=tuple(record.files.values()) if whole else (),
        requester=record.requester,
        state=record.state,
        marker=marker,
        shown=f"#{record.id}",
        url=_url(record.id),
    )


def _comment(comment: Comment) -> Comment:
    text, marker = split_marker(comment.text)
    return replace(comment, text=text, marker=marker)


def _url(ticket_id: str) -> str:
    return f"memory:#{ticket_id}"


def _native(record: _Record) -> Fields:
    """By the names and numbers of the filter language."""
    choices = dict(FACTS.choices)
    numbers: dict[str, Value] = {"status": 2, "priority": 1}
    for name, first in (("status", 2), ("priority", 1)):
        value = record.fields.get(name)
        numbers[name] = choices[name].index(str(value)) + first if value in choices[name] else None
    return Fields(
        {
            **numbers,
            "tags": record.fields.get("tags") or (),
            "created_at": record.created.isoformat(),
            "updated_at": record.version.isoformat(),
        }
    )


def _sighting(record: _Record) -> Sighting:
    _, marker = split_marker(str(record.fields.get("description") or ""))
    return Sighting(record.id, record.version, record.fields.without(_NOT_LISTED).digest, marker)
