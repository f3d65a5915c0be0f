"""One Freshservice account, as trackers.port.Tracker asks for it."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from datetime import datetime

from sync.errors import RemoteGone, RemoteRefusedTicket, RemoteUnavailable, VisibilityStays
from sync.fields import Fields, Value
from sync.ticket import (
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
from trackers.freshservice import answers, conversations, texts, tickets, writing
from trackers.freshservice import files as attachments
from trackers.freshservice.account import Account
from trackers.freshservice.answers import path_id
from trackers.freshservice.form import Form
from trackers.freshservice.http import Answer, Client
from trackers.freshservice.looking import Looking
from trackers.freshservice.naming import Names
from trackers.freshservice.people import NOBODY
from trackers.freshservice.record import Record
from trackers.freshservice.rule_calls import call_of_a_rule
from trackers.levels import ManyPlaces, with_levels
from trackers.port import NO_QUERY, CallKind, HttpAnswer

_MOST_PAGES = 500
_NO_REQUESTER = (
    "The desk knows nobody who could be this ticket's requester. Choose one for such tickets in setup, then retry."
)
_AS_IT_STANDS = (
    "The desk cannot change who may see a comment that stands already. Remove it and write it anew, then retry."
)
# A ticket cannot be made without these; 2 is Open, 1 is Low.
_NEEDED: Mapping[str, object] = {"subject": "(no summary)", "status": 2, "priority": 1}


@dataclass(frozen=True, slots=True)
class FreshserviceTracker:
    """`workspace` 0 stands for all that the key may see; new tickets then go to the primary one."""

    client: Client
    account: Account
    fallback_requester: str = ""
    workspace: int = 0

    @property
    def has_room(self) -> bool:
        return self.client.budget.has_room

    async def changed_since(self, since: datetime, page: str | None = None) -> Page:
        answer = await self._looking.list(since, page, with_tags=self.account.tags.are_worth_it())
        shared = await self._looking.shared_custom()
        live = _live(answer)
        return Page(tuple([await tickets.sighting_of(entry, shared) for entry in live]), _next(answer, page))

    async def tickets_since(self, since: datetime, page: str | None = None) -> TicketPage:
        """The requester is named where no call is needed for it. Whoever lists tickets will look at them one by one."""
        answer = await self._looking.list(since, page, with_tags=self.account.tags.is_offered)
        listed = [await self._ticket(entry, (), self._kept_requester(entry)) for entry in _live(answer)]
        return TicketPage(tuple(listed), _next(answer, page))

    async def read(self, ticket_id: str) -> Ticket:
        """Two calls, of which the first costs 2 unless a list told the tags, and one for each person who was not met
        lately: in the MORE fields the requester and whoever has the ticket are named by their addresses."""
        entry, said = await self._looking.whole(path_id(ticket_id))
        ticket = await self._ticket(entry, said, await self._requester(entry))
        form = await self._looking.form_for(entry)
        named, assignee = await self._names.of(entry, form, self._looking.workspace_of(entry))
        fields = ticket.fields.with_values({**tickets.more_of(entry, form), **named})
        return replace(ticket, fields=fields, assignee=assignee)

    async def create(self, new: NewTicket) -> Written:
        body = {**_NEEDED, **await self._body(new.fields)}
        if "requester_id" not in body:
            body["requester_id"] = await self._requester_id(new.requester)
        body["subject"] = body["subject"] or _NEEDED["subject"]
        body["description"] = await conversations.note_html(
            str(new.fields.get("description") or ""), new.marker_line
        ) or texts.line_html("(no description)")
        if self.workspace:
            body["workspace_id"] = self.workspace
        if not attachments.fits_a_form(body):
            body = _without_nothing(body)  # a new ticket has nothing to clear
        answer = await self._write(CallKind.CREATE, "POST", "tickets", body, new.files)
        return await self._written(answer.one("ticket"), new.fields, is_new=True)

    async def update(
        self, ticket_id: str, fields: Fields, files: tuple[Upload, ...] = (), marker_line: str = ""
    ) -> Written:
        """One call; two where files go along with something that a form cannot say."""
        path = f"tickets/{path_id(ticket_id)}"
        body = await self._body(fields, path)
        if "description" in fields:
            body["description"] = await self._description(path, str(fields["description"] or ""), marker_line)
        if files and not attachments.fits_a_form(body):
            await self._write(CallKind.UPDATE, "PUT", path, body, ())
            body = {}
        answer = await self._write(CallKind.UPDATE, "PUT", path, body, files)
        return await self._written(answer.one("ticket"), fields, is_new=False)

    async def add_comment(
        self,
        ticket_id: str,
        text: str,
        marker_line: str,
        files: tuple[Upload, ...] = (),
        *,
        is_public: bool = True,
    ) -> CommentWritten:
        body = conversations.note_body(await conversations.note_html(text, marker_line), is_public=is_public)
        path = f"tickets/{path_id(ticket_id)}/notes"
        return _comment_written(await self._write(CallKind.OTHER, "POST", path, body, files))

    async def edit_comment(
        self, ticket_id: str, comment_id: str, text: str, marker_line: str, *, is_public: bool | None = None
    ) -> CommentWritten:
        """One call; two where nobody else may see it, as the desk takes no word about that in an edit, and where its
        answer does not say who may."""
        if is_public is False:
            entry = await self._conversation(ticket_id, comment_id)
            if entry is not None and conversations.is_public(entry):
                raise VisibilityStays(_AS_IT_STANDS)
        body = {"body": await conversations.note_html(text, marker_line)}
        path = f"conversations/{path_id(comment_id)}"
        answer = await self._write(CallKind.OTHER, "PUT", path, body, ())
        if is_public and await self._is_private(ticket_id, comment_id, answer.one("conversation")):
            raise VisibilityStays(_AS_IT_STANDS)
        return _comment_written(answer)

    async def remove_comment(self, ticket_id: str, comment_id: str) -> None:
        with suppress(answers.NothingThere):
            await self.client.send(CallKind.OTHER, "DELETE", f"conversations/{path_id(comment_id)}")

    def url_of(self, ticket_id: str) -> str:
        return f"{self.client.origin}/a/tickets/{ticket_id}"

    async def find_marked(self, marker: str, since: datetime) -> Sighting | None:
        """The oldest, should there be more than one."""
        found: list[Sighting] = []
        page: str | None = None
        while True:
            listed = await self.changed_since(since, page)
            found += [sighting for sighting in listed.sightings if sighting.marker == marker]
            page = listed.next
            if page is None:
                return min(found, key=lambda sighting: int(sighting.ticket_id), default=None)

    async def download(self, ticket_id: str, file: FileRef) -> AsyncGenerator[bytes, None]:
        if file.id.startswith(attachments.INLINE):
            source = attachments.stream_inline(self.client, path_id(file.id.removeprefix(attachments.INLINE)))
            async with aclosing(source) as pieces:
                async for piece in pieces:
                    yield piece
            return
        got = 0
        async with aclosing(self._from_a_link(ticket_id, file)) as pieces:
            async for piece in pieces:
                got += len(piece)
                yield piece
        if file.size and got != file.size:
            raise RemoteUnavailable("A file did not come whole. It is fetched again.")

    async def facts(self) -> DeskFacts:
        return (await self._looking.form()).facts()

    async def person_by_email(self, email: str) -> Person | None:
        known = await self.account.people.by_email(self.client, email)
        return known.person if known else None

    async def people_by_name(self, name: str) -> tuple[Person, ...]:
        return await self.account.people.by_name(self.client, name)

    async def http(
        self, method: str, path: str, query: Mapping[str, str] = NO_QUERY, body: object = None
    ) -> HttpAnswer:
        return await call_of_a_rule(self.client, method, path, query, body)

    @property
    def _looking(self) -> Looking:
        return Looking(self.client, self.account, self.workspace)

    @property
    def _names(self) -> Names:
        return Names(self.client, self.account.people, self.account.places)

    async def _is_private(self, ticket_id: str, comment_id: str, answered: Record) -> bool:
        """By the answer to an edit, or by the list where that does not say."""
        if answered.flag("private") is not None:
            return answered.flag("private") is True
        entry = await self._conversation(ticket_id, comment_id)
        return entry is not None and entry.flag("private") is True

    async def _conversation(self, ticket_id: str, comment_id: str) -> Record | None:
        entries = await conversations.conversations_of(self.client, path_id(ticket_id)) or ()
        return next((entry for entry in entries if str(entry.number("id")) == comment_id), None)

    async def _ticket(self, entry: Record, said: tuple[Record, ...], requester: Person | None) -> Ticket:
        fields = await tickets.fields_of(entry, await self._looking.form_for(entry))
        _, marker = await tickets.description_of(entry)
        ticket_id = tickets.id_of(entry)
        native = tickets.native_of(entry)
        return Ticket(
            id=ticket_id,
            version=tickets.version_of(entry),
            fields=fields,
            native=native.with_values({"email": requester.email}) if requester else native,
            comments=tuple([await self._comment(one) for one in said]),
            files=self._files(entry, said),
            requester=requester,
            state=tickets.state_of(entry),
            marker=marker,
            shown=f"#{ticket_id}",
            url=self.url_of(ticket_id),
        )

    async def _comment(self, entry: Record) -> Comment:
        return await conversations.comment_of(self.client, self.account.people, entry)

    def _files(self, entry: Record, said: tuple[Record, ...]) -> tuple[FileRef, ...]:
        for one in (entry, *said):
            self.account.links.keep(attachments.attachments_of(one))
        own = attachments.files_of(entry, entry.text("description") or "")
        at_comments = (attachments.files_of(one, one.text("body") or "", str(one.number("id"))) for one in said)
        return own + tuple(file for found in at_comments for file in found)

    async def _requester(self, entry: Record) -> Person | None:
        identity = entry.number("requester_id")
        person = await self.account.people.by_id(self.client, identity, likely_agent=False)
        return None if person is NOBODY else person

    def _kept_requester(self, entry: Record) -> Person | None:
        return self.account.people.kept(entry.number("requester_id"))

    async def _requester_id(self, person: Person | None) -> int:
        """Who the ticket is for: the person, or who stands in, or the key's own agent. Nobody is made."""
        for email in (person.email if person else None, self.fallback_requester):
            if email and (known := await self.account.people.by_email(self.client, email)) is not None:
                return known.id
        own = None if self.fallback_requester else await self.account.people.own_id(self.client)
        if own is None:
            raise answers.DeskRefused(_NO_REQUESTER)
        return own

    async def _body(self, fields: Fields, path: str = "") -> dict[str, object]:
        """`path` is the ticket's, where there is one. What the kept form does not know may be new: it is read again."""
        try:
            return await self._body_by(await self._looking.form(), fields, path)
        except RemoteRefusedTicket:
            newer = await self.account.forms.newer(self.client, self.workspace)
            return await self._body_by(newer, fields, path)

    async def _body_by(self, form: Form, fields: Fields, path: str) -> dict[str, object]:
        try:
            named = with_levels(fields, form.facts(), None if path else Fields())
        except ManyPlaces:
            viewed = (await self.client.get(CallKind.VIEW, path)).one("ticket")
            standing = Fields({**tickets.more_of(viewed, form), **await tickets.fields_of(viewed, form)})
            named = with_levels(fields, form.facts(), standing)
        return {**writing.body_of(named, form), **await self._names.ids(named, form, self.workspace)}

    async def _description(self, path: str, text: str, marker_line: str) -> str:
        """Images that stand in the description stay in it: the text names them, and the desk has them."""
        html = await conversations.note_html(text, marker_line)
        if texts.IMAGE not in text:
            return html
        viewed = await self.client.get(CallKind.VIEW, path)
        return texts.with_images(html, viewed.one("ticket").text("description") or "")

    async def _write(
        self, kind: CallKind, method: str, path: str, body: Mapping[str, object], files: tuple[Upload, ...]
    ) -> Answer:
        try:
            return await self.client.send(kind, method, path, attachments.form_of(body, files) if files else body)
        except answers.DeskRefused as error:
            if "invalid_value" in {complaint.code for complaint in error.complaints}:
                self.account.forms.forget()
            raise

    async def _written(self, entry: Record, asked: Fields, *, is_new: bool) -> Written:
        """What the answer says of the ticket, seen as the next list will show it. What it does not tell stands as we
        asked for it, or is empty in a new ticket; what the desk derives from other fields counts only where asked."""
        sighting = await tickets.sighting_of(entry, await self._looking.shared_custom())
        form = await self._looking.form_for(entry)
        more = {**tickets.more_of(entry, form), **self._names.known(entry, form)}
        told = {name: value for name, value in more.items() if is_new or name in asked or name not in tickets.DERIVED}
        unsaid: dict[str, Value] = dict.fromkeys(tickets.UNSAID) if is_new else {}
        spelled = {n: form.spelled(n, v) for n, v in asked.items() if n in tickets.UNSAID and isinstance(v, str)}
        fields = Fields({**unsaid, **asked, **spelled, **told, **await tickets.fields_of(entry, form)})
        self.account.links.keep(attachments.attachments_of(entry))
        ticket_id = sighting.ticket_id
        return Written(ticket_id, fields, sighting, f"#{ticket_id}", self.url_of(ticket_id))

    async def _from_a_link(self, ticket_id: str, file: FileRef) -> AsyncGenerator[bytes, None]:
        """By the link of the last look, or by a fresh one: links die, and a dead one has sent nothing yet."""
        link = self.account.links.find(file.id)
        if link is not None:
            try:
                async with aclosing(attachments.stream(self.client, link)) as pieces:
                    async for piece in pieces:
                        yield piece
                return
            except RemoteGone:
                self.account.links.forget(file.id)
        async with aclosing(attachments.stream(self.client, await self._fresh_link(ticket_id, file))) as pieces:
            async for piece in pieces:
                yield piece

    async def _fresh_link(self, ticket_id: str, file: FileRef) -> str:
        if file.comment_id is None:
            viewed = await self.client.get(CallKind.VIEW, f"tickets/{path_id(ticket_id)}")
            self.account.links.keep(attachments.attachments_of(viewed.one("ticket")))
        else:
            for entry in await conversations.conversations_of(self.client, path_id(ticket_id)) or ():
                self.account.links.keep(attachments.attachments_of(entry))
        link = self.account.links.find(file.id)
        if link is None:
            raise RemoteGone("The desk has no such file any more.")
        return link


def _live(answer: Answer) -> list[Record]:
    return [entry for entry in answer.many("tickets") if tickets.state_of(entry) is TicketState.LIVE]


def _next(answer: Answer, page: str | None) -> str | None:
    """Only forward, and not for ever, wherever the desk points."""
    following, here = answer.next_page, int(page or 1)
    return str(following) if following is not None and here < following <= _MOST_PAGES else None


def _comment_written(answer: Answer) -> CommentWritten:
    entry = answer.one("conversation")
    at = entry.moment("updated_at") or entry.moment("created_at")
    if at is None:
        raise answers.unusable()
    files = attachments.files_of(entry, "")
    return CommentWritten(str(entry.number("id")), at, tuple(file.id for file in files))


def _without_nothing(body: Mapping[str, object]) -> dict[str, object]:
    custom = body.get("custom_fields")
    kept = {
        name: value for name, value in body.items() if value is not None and value != [] and name != "custom_fields"
    }
    inner = _without_nothing(custom) if isinstance(custom, Mapping) else {}
    return {**kept, "custom_fields": inner} if inner else kept
