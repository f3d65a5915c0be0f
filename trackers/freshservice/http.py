"""Calls to one Freshservice account: where the key may go, what an answer may be, what it says about the limits."""

import base64
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp

from pairing.secret import Secret
from sync.errors import RemoteError, RemoteGone, RemoteUnavailable
from trackers.freshservice import answers
from trackers.freshservice.record import Record
from trackers.lenient import whole
from trackers.port import Budget, CallKind, Reading

MAX_BODY = 32 * 1024 * 1024  # a page of a hundred tickets, each with a long e-mail in it, twice
_SLOWEST_UPLOAD = 64 * 1024  # bytes a second
_NO_QUERY: Mapping[str, str] = {}
_Judge = Callable[[int, bytes, float | None], RemoteError]


@dataclass(frozen=True, slots=True)
class Answer:
    """A success. `next_page` is the number of the next page, None on the last one."""

    record: Record
    next_page: int | None = None

    def one(self, name: str) -> Record:
        """The single object of an answer. Raises RemoteUnavailable when there is none with an id."""
        found = self.record.record(name)
        if found.number("id") is None:
            raise answers.unusable()
        return found

    def many(self, name: str) -> tuple[Record, ...]:
        """Raises RemoteUnavailable: what has no list is no empty list."""
        found = self.record.records(name)
        if found is None:
            raise answers.unusable()
        return found


@dataclass(frozen=True, slots=True)
class Form:
    """A body with files, for one call; `size` in bytes decides how long that may take."""

    data: aiohttp.FormData
    size: int


_Body = Mapping[str, object] | Form | None


@dataclass(frozen=True, slots=True)
class Client:
    """`origin` is canonical: the key never goes anywhere else. `trusted` holds the operator's own origins, from which
    files may come too. `urgent` calls may use what is held back from others."""

    session: aiohttp.ClientSession
    origin: str
    key: Secret = field(repr=False)
    budget: Budget
    trusted: frozenset[str] = frozenset()
    timeout_seconds: float = 30.0
    urgent: bool = False

    async def list_page(
        self, kind: CallKind, path: str, query: Mapping[str, str] = _NO_QUERY, price: int = 1
    ) -> Answer:
        """A list of the account: an answer of 404 says nothing about any record. Never raises RemoteGone."""
        try:
            return await self._call(kind, "GET", path, query, None, price, _of_the_account)
        except RemoteGone as error:
            # No desk there, at least for the moment. Nobody's ticket is gone for that.
            raise RemoteUnavailable(str(error)) from error

    async def get(self, kind: CallKind, path: str, query: Mapping[str, str] = _NO_QUERY, price: int = 1) -> Answer:
        """One record, or what hangs at it."""
        return await self._about_a_record(kind, "GET", path, query, None, price)

    async def look_up(self, kind: CallKind, path: str, query: Mapping[str, str] = _NO_QUERY) -> Answer | None:
        """Something beside tickets; None for what is not there or not for us."""
        try:
            return await self._call(kind, "GET", path, query, None, 1, answers.ticket_refusal)
        except (answers.NothingThere, answers.NoRight):
            return None
        except RemoteGone as error:
            raise RemoteUnavailable(str(error)) from error

    async def send(self, kind: CallKind, method: str, path: str, body: _Body = None) -> Answer:
        """A write. Whatever raises RemoteUnavailable may have happened."""
        return await self._about_a_record(kind, method, path, _NO_QUERY, body, 1)

    @asynccontextmanager
    async def file(self, path: str) -> AsyncIterator[aiohttp.ClientResponse]:
        """A file that needs the key. The caller looks at the status; redirects are not followed."""
        async with self._counted(CallKind.OTHER, 1, "GET", path, {"Accept": "*/*"}) as answer:
            yield answer

    @asynccontextmanager
    async def raw(
        self,
        kind: CallKind,
        price: int,
        method: str,
        path: str,
        query: Sequence[tuple[str, str]],
        json_text: str | None,
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """Any answer as it comes; the caller reads it. Redirects are not followed."""
        headers = {"Accept": "application/json"}
        sent: dict[str, object] = {"params": tuple(query), "timeout": self._time(None)}
        if json_text is not None:
            headers["Content-Type"] = "application/json"
            sent["data"] = json_text.encode()
        async with self._counted(kind, price, method, path, headers, **sent) as answer:
            yield answer

    async def _about_a_record(
        self, kind: CallKind, method: str, path: str, query: Mapping[str, str], body: _Body, price: int
    ) -> Answer:
        """A refusal may concern this record or all of the desk: a second look, at a list, tells which."""
        try:
            return await self._call(kind, method, path, query, body, price, answers.ticket_refusal)
        except answers.NothingThere:
            await self._look_at_the_list()
            raise
        except answers.NoRight as error:
            await self._look_at_the_list()
            raise answers.DeskRefused(str(error)) from error
        except RemoteGone as error:  # a redirect, or a demand for https: no word about the record
            raise RemoteUnavailable(str(error)) from error

    async def _look_at_the_list(self) -> None:
        await self.list_page(CallKind.LIST, "tickets", {"per_page": "1"})

    async def _call(
        self,
        kind: CallKind,
        method: str,
        path: str,
        query: Mapping[str, str],
        body: _Body,
        price: int,
        judge: _Judge,
    ) -> Answer:
        sent: dict[str, object] = {"params": query, "timeout": self._time(body)}
        if isinstance(body, Form):
            sent["data"] = body.data
        elif body is not None:
            sent["json"] = body
        async with self._counted(kind, price, method, path, {"Accept": "application/json"}, **sent) as answer:
            if 300 <= answer.status < 400:
                raise answers.redirected()
            text = await whole_body(answer)
            if answer.status >= 300:
                raise judge(answer.status, text, _wait(answer))
            return _success(answer, text)

    @asynccontextmanager
    async def _counted(
        self, kind: CallKind, price: int, method: str, path: str, headers: Mapping[str, str], **sent: object
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """One call within the budget, which learns what became of it. Transport errors come out as ours."""
        await self.budget.reserve(kind, price, urgent=self.urgent)
        reading = Reading(price)
        try:
            async with self.session.request(
                method,
                f"{self.origin}/api/v2/{path}",
                headers={**headers, "Authorization": basic(self.key), "Accept-Encoding": "identity"},
                allow_redirects=False,
                middlewares=() if method == "GET" else (_once(),),
                **sent,  # type: ignore[arg-type]
            ) as answer:
                reading = _reading(answer, price)
                yield answer
        except (aiohttp.ClientError, TimeoutError, OSError) as exc:
            raise answers.unusable() from exc
        finally:
            self.budget.learned(kind, reading)

    def _time(self, body: _Body) -> aiohttp.ClientTimeout:
        extra = body.size / _SLOWEST_UPLOAD if isinstance(body, Form) else 0.0
        return aiohttp.ClientTimeout(total=self.timeout_seconds + extra)


async def whole_body(answer: aiohttp.ClientResponse, most: int = MAX_BODY) -> bytes:
    """The whole body, as it came: one that is compressed or too long is no usable answer."""
    if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise answers.unusable()
    body = bytearray()
    async for chunk in answer.content.iter_chunked(64 * 1024):
        body += chunk
        if len(body) > most:
            raise answers.unusable()
    return bytes(body)


def basic(key: Secret) -> str:
    return "Basic " + base64.b64encode(f"{key.reveal()}:X".encode()).decode()


def _once() -> aiohttp.ClientMiddlewareType:
    """The library sends a PUT or DELETE again by itself when the connection broke: files would come twice."""
    sent = False

    async def only_once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
        nonlocal sent
        if sent:
            raise aiohttp.ClientConnectionError("the connection broke after the request was sent")
        sent = True
        return await handler(request)

    return only_once


def _of_the_account(status: int, body: bytes, retry_after: float | None) -> RemoteError:
    """A list is refused for what we asked, or for what we are."""
    error = answers.ticket_refusal(status, body, retry_after)
    if isinstance(error, answers.DeskRefused):
        return error
    return answers.refusal(status, body, retry_after)


def _success(answer: aiohttp.ClientResponse, body: bytes) -> Answer:
    if answer.status == 204 or not body.strip():
        return Answer(Record({}))
    record = Record.of_json(body)
    if record is None:
        raise answers.unusable()
    return Answer(record, _next_page(answer))


def _next_page(answer: aiohttp.ClientResponse) -> int | None:
    """The number alone: wherever the link points, we go on asking the desk that we know."""
    try:
        link = answer.links.get("next")
        return whole(link["url"].query.get("page")) if link and "url" in link else None  # type: ignore[union-attr]
    except ValueError:
        return None


def _reading(answer: aiohttp.ClientResponse, price: int) -> Reading:
    return Reading(
        price,
        whole(answer.headers.get("X-RateLimit-Total")),
        whole(answer.headers.get("X-RateLimit-Remaining")),
        whole(answer.headers.get("X-RateLimit-Used-CurrentRequest")),
        _wait(answer),
        answer.status == 429,
    )


def _wait(answer: aiohttp.ClientResponse) -> float | None:
    return answers.wait_seconds(answer.headers.get("Retry-After"), answer.headers.get("Date"))
