"""Files of tickets and conversations: up as multipart, down by links that need no key and die soon.

Freshservice API v2, Attachments, and recordings of live accounts, read 2025-11. An image that stands in a text is no
attachment of the ticket: its bytes are asked for by its id.
"""

import io
import mimetypes
import re
import unicodedata
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import aiohttp
from yarl import URL

from sync.errors import RemoteGone, RemoteUnavailable
from sync.ticket import FileRef, Upload
from trackers.freshservice import answers
from trackers.freshservice.http import Client, Form
from trackers.freshservice.record import Record
from trackers.freshservice.texts import inline_images
from trackers.lenient import clean

LINK_SECONDS = 300.0
MAX_FILE = 64 * 1024 * 1024  # beyond the desk's own limit for a whole ticket
INLINE = "inline-"
_MOST_LINKS = 2000
_MOST_HOPS = 3
_CHUNK = 64 * 1024
_HOSTS = (".freshservice.com", ".freshworks.com", ".amazonaws.com", ".cloudfront.net")
_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]{1,100}/[A-Za-z0-9!#$&^_.+-]{1,100}")
_ANY_TYPE = "application/octet-stream"
_NO_FILE = "The desk has no such file any more."
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")
_LONGEST_NAME = 120


@dataclass(slots=True)
class Links:
    """Where files can be fetched for the next minutes, by file id. `clock` is monotonic seconds."""

    clock: Callable[[], float]
    _kept: dict[str, tuple[float, str]] = field(default_factory=dict)

    def keep(self, entries: Iterable[Record]) -> None:
        for entry in entries:
            if link := entry.text("attachment_url"):
                self._kept.pop(_id(entry), None)
                self._kept[_id(entry)] = (self.clock() + LINK_SECONDS, link)
        while len(self._kept) > _MOST_LINKS:
            del self._kept[next(iter(self._kept))]

    def find(self, file_id: str) -> str | None:
        until, link = self._kept.get(file_id, (0.0, ""))
        return link if self.clock() < until else None

    def forget(self, file_id: str) -> None:
        self._kept.pop(file_id, None)


def attachments_of(entry: Record) -> tuple[Record, ...]:
    return entry.records("attachments") or ()


def files_of(entry: Record, html: str, comment_id: str | None = None) -> tuple[FileRef, ...]:
    """The attachments, then the images in the text. The size of these is not told: 0."""
    listed = (
        FileRef(
            _id(file),
            file_name(file.text("name") or ""),
            max(0, file.number("size") or 0),
            _content_type(file.text("content_type") or ""),
            comment_id,
        )
        for file in attachments_of(entry)
    )
    shown = (
        FileRef(
            f"{INLINE}{image.id}",
            file_name(image.name),
            0,
            _content_type(mimetypes.guess_type(image.name)[0] or ""),
            comment_id,
        )
        for image in inline_images(html)
    )
    return (*listed, *shown)


def form_of(body: Mapping[str, object], uploads: Iterable[Upload]) -> Form:
    """The attributes as form fields beside the files."""
    data, size = aiohttp.FormData(quote_fields=False), 0
    for name, value in _flat(body):
        data.add_field(name, value)
    for upload in uploads:
        size += len(upload.content)
        data.add_field(
            "attachments[]",
            io.BytesIO(upload.content),
            filename=file_name(upload.name),
            content_type=_content_type(upload.content_type),
        )
    return Form(data, size)


def fits_a_form(body: Mapping[str, object]) -> bool:
    """A form cannot say null, nor an empty list."""
    values = [*body.values()]
    custom = body.get("custom_fields")
    values += custom.values() if isinstance(custom, Mapping) else []
    return all(value is not None and value != [] for value in values)


def file_name(text: str) -> str:
    """The last part of a path, without what file systems and headers stumble over; at most 120 bytes."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", clean(text)))[-1]
    kept = "".join(character for character in last if unicodedata.category(character)[0] != "C")
    safe = _shortened(re.sub(r'[<>:"|?*]', "_", kept).strip(". ")).strip(". ")
    return (f"_{safe}" if _DEVICES.fullmatch(safe) else safe) or "file"


async def stream(client: Client, link: str, hops: int = 0) -> AsyncGenerator[bytes, None]:
    """The bytes behind a link, without the key. Raises RemoteGone (also for a dead link), RemoteUnavailable."""
    if not _is_a_file_host(link, client):
        raise RemoteUnavailable("The desk keeps a file at a place that Drawbridge does not fetch from.")
    following: str | None = None
    timeout = aiohttp.ClientTimeout(total=client.timeout_seconds + MAX_FILE / _CHUNK, sock_read=client.timeout_seconds)
    try:
        async with client.session.get(
            link, headers={"Accept-Encoding": "identity"}, allow_redirects=False, timeout=timeout
        ) as answer:
            if 300 <= answer.status < 400:
                following = str(answer.url.join(_location(answer)))
            else:
                async for piece in pieces(answer):
                    yield piece
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as exc:
        raise answers.unusable() from exc
    if following is not None:
        if hops >= _MOST_HOPS:
            raise answers.unusable()
        async with aclosing(stream(client, following, hops + 1)) as rest:
            async for piece in rest:
                yield piece


async def stream_inline(client: Client, identity: str) -> AsyncGenerator[bytes, None]:
    """An image in a text, by its id: the desk answers with the bytes, or with where they are."""
    following: str | None = None
    async with client.file(f"attachments/{identity}") as answer:
        if 300 <= answer.status < 400:
            following = str(answer.url.join(_location(answer)))
        elif answer.status in (401, 429) or answer.status >= 500:
            raise answers.refusal(answer.status, b"", None)
        else:
            async for piece in pieces(answer):
                yield piece
    if following is not None:
        async with aclosing(stream(client, following)) as rest:
            async for piece in rest:
                yield piece


async def pieces(answer: aiohttp.ClientResponse) -> AsyncGenerator[bytes, None]:
    """Counted; a file that is cut short is no file."""
    if answer.status in (400, 401, 403, 404, 410):
        raise RemoteGone(_NO_FILE)
    if answer.status != 200 or answer.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise answers.unusable()
    got = 0
    async for piece in answer.content.iter_chunked(_CHUNK):
        got += len(piece)
        if got > MAX_FILE:
            raise answers.unusable()
        yield piece


def _id(entry: Record) -> str:
    """Some answers were seen without the id: then name, size and time tell a file from others."""
    number = entry.number("id")
    if number is not None:
        return str(number)
    return f"{entry.text('created_at')}/{entry.number('size')}/{entry.text('name')}"[:200]


def _content_type(text: str) -> str:
    return text if _TYPE.fullmatch(text) else _ANY_TYPE


def _flat(body: Mapping[str, object]) -> Iterable[tuple[str, str]]:
    for name, value in body.items():
        if isinstance(value, Mapping):
            yield from _flat({f"{name}[{key}]": inner for key, inner in value.items()})
        elif isinstance(value, list):
            yield from ((f"{name}[]", str(item)) for item in value)
        else:
            yield name, str(value).lower() if isinstance(value, bool) else str(value)


def _shortened(name: str) -> str:
    """Cut in the middle of the name, so that the ending stays."""
    if len(name.encode()) <= _LONGEST_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    tail = f".{ending}" if dot and len(ending.encode()) <= 20 else ""
    head = (stem if tail else name).encode()[: _LONGEST_NAME - len(tail.encode())]
    return head.decode("utf-8", "ignore") + tail


def _location(answer: aiohttp.ClientResponse) -> URL:
    return URL(answer.headers.get("Location", ""))


def _is_a_file_host(link: str, client: Client) -> bool:
    try:
        parts = urlsplit(link)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if f"{parts.scheme}://{parts.netloc}" in client.trusted:
        return True
    return parts.scheme == "https" and port in (None, 443) and "@" not in parts.netloc and host.endswith(_HOSTS)
