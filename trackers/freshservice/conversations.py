"""Replies and notes of a ticket.

Freshservice API v2, List all conversations of a ticket, Create a note, Update a conversation, read 2025-11. Which order
a list has is not documented, and neither is which keys an answer carries.
"""

from collections.abc import Mapping
from email.utils import parseaddr

from sync.marker import split_marker
from sync.ticket import Comment, Person
from trackers.freshservice import answers
from trackers.freshservice.http import Answer, Client
from trackers.freshservice.people import NOBODY, People
from trackers.freshservice.record import Record
from trackers.freshservice.texts import line_html, read_html, write_html
from trackers.port import CallKind

MOST_PAGES = 100
_PAGE = "100"
# Lines of the desk itself (3, 4), and mails that were forwarded to somebody else (6): not said to the requester.
_NOT_SAID = frozenset({3, 4, 6})


async def conversations_of(client: Client, ticket_id: str) -> tuple[Record, ...] | None:
    """Oldest first, each once; None where the desk shows none, as it may for a ticket in the trash."""
    found: dict[int, Record] = {}
    page: int | None = 1
    while page is not None and page <= MOST_PAGES:
        answer = await _page(client, ticket_id, page)
        if answer is None:
            return None
        for entry in answer.many("conversations"):
            found[_id(entry)] = entry
        page = answer.next_page if answer.next_page != page else None
    return tuple(sorted(found.values(), key=_order))


async def comment_of(client: Client, people: People, entry: Record) -> Comment:
    text, marker = split_marker(await read_html(entry.text("body") or ""))
    at = entry.moment("created_at")
    if at is None:
        raise answers.unusable()
    return Comment(
        id=str(_id(entry)),
        author=await _author(client, people, entry),
        text=text,
        at=at,
        edited_at=entry.moment("updated_at") or at,
        is_public=is_public(entry),
        marker=marker,
    )


def is_public(entry: Record) -> bool:
    """Only what is said to be public: an answer that does not say stays inside."""
    return entry.flag("private") is False and entry.number("source") not in _NOT_SAID


async def note_html(text: str, marker_line: str) -> str:
    return "\n".join(part for part in (await write_html(text), line_html(marker_line) if marker_line else "") if part)


def note_body(body: str, *, is_public: bool = True) -> Mapping[str, object]:
    """Who may see it is always said: without the word the desk makes it private."""
    return {"body": body, "private": not is_public}


async def _page(client: Client, ticket_id: str, page: int) -> Answer | None:
    query = {"per_page": _PAGE, **({"page": str(page)} if page > 1 else {})}
    return await client.look_up(CallKind.OTHER, f"tickets/{ticket_id}/conversations", query)


async def _author(client: Client, people: People, entry: Record) -> Person:
    """A mail names its writer; of the others the desk's lists tell."""
    name, email = parseaddr(entry.text("from_email") or "")
    is_mail = entry.flag("incoming") is True and bool(email)
    if is_mail and name:
        return Person(name, email)
    person = await people.by_id(client, entry.number("user_id"), likely_agent=entry.flag("incoming") is not True)
    return Person(email.partition("@")[0], email) if person is NOBODY and is_mail else person


def _id(entry: Record) -> int:
    found = entry.number("id")
    if found is None:
        raise answers.unusable()
    return found


def _order(entry: Record) -> tuple[float, int]:
    at = entry.moment("created_at")
    return at.timestamp() if at else 0.0, _id(entry)
