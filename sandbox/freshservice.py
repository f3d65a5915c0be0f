"""A strict stand-in for the one call that a key probe makes at Freshservice: `GET /api/v2/tickets`.

It refuses what the documentation says is refused (API v2 reference, read 2025-11), and its switches make it answer as
live accounts were seen to. It listens on 127.0.0.1 only.
"""

import asyncio
import base64
import binascii
import itertools
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

LIST_LIMIT = 140  # calls a minute on the Enterprise plan: of this list, and of the whole account
OVERALL_LIMIT = 500
WINDOW_SECONDS = 60.0
ERROR_PAGE = "<!DOCTYPE html><html><body><h1>We will be back soon</h1></body></html>"


@dataclass(slots=True)
class Switches:
    """How the desk behaves. All off: as documented. Change them while it runs."""

    refusal_status: int = 401  # some accounts answer a bad key with 403
    retry_after: str | None = None  # set: every call is one too many, with this header
    server_error: int | None = None  # set: this status and an HTML page
    internal_error: bool = False  # 500 with the documented JSON
    html: bool = False  # 200, but an HTML page
    redirect_to: str | None = None
    delay_seconds: float = 0.0
    drip_seconds: float = 0.0  # set: one byte, this pause, the next byte …
    ssl_required: bool = False
    suspended: bool = False
    unknown: bool = False  # no account of this name: 404, empty, without the limit headers
    compressed: bool = False  # says it is gzip although nobody asked
    huge_bytes: int = 0  # a body of about this size


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it arrived; the key is not kept."""

    method: str
    path: str
    query: str
    status: int


@dataclass(slots=True)
class _Bucket:
    """A fixed window that starts with its first call. Refused calls count."""

    limit: int
    opened_at: float = 0.0
    used: int = 0

    def take(self, now: float) -> float | None:
        """Seconds to wait when this call is one too many, else None."""
        if now - self.opened_at >= WINDOW_SECONDS or self.used == 0:
            self.opened_at, self.used = now, 0
        self.used += 1
        return max(1.0, WINDOW_SECONDS - (now - self.opened_at)) if self.used > self.limit else None

    @property
    def remaining(self) -> int:
        return max(0, self.limit - self.used)


@dataclass(slots=True)
class FreshserviceStandIn:
    """One account. `keys` may read tickets, `limited_keys` belong to an agent whose role may not."""

    keys: set[str] = field(default_factory=set)
    limited_keys: set[str] = field(default_factory=set)
    switches: Switches = field(default_factory=Switches)
    monotonic: Callable[[], float] = time.monotonic
    calls: list[Call] = field(default_factory=list)
    origin: str = ""
    _list_bucket: _Bucket = field(default_factory=lambda: _Bucket(LIST_LIMIT))
    _overall: _Bucket = field(default_factory=lambda: _Bucket(OVERALL_LIMIT))
    _request_ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    _runner: web.AppRunner | None = None

    async def start(self, port: int = 0) -> Self:
        """Port 0 takes a free one; `origin` tells which."""
        app = web.Application(middlewares=[self._recorded])
        app.router.add_route("*", "/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.origin = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    @web.middleware
    async def _recorded(self, request: web.Request, handler: Callable[[web.Request], Any]) -> web.StreamResponse:
        answer: web.StreamResponse = await handler(request)
        self.calls.append(Call(request.method, request.path, request.query_string, answer.status))
        return answer

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(self.switches.delay_seconds)
        if (fault := self._fault()) is not None:
            return fault
        wait = self._take(request.path)
        if wait is not None:
            return self._json(429, {"message": "Too many calls."}, {"Retry-After": str(round(wait))})
        for check in (_wrong_form, self._wrong_key, _wrong_path, _wrong_query):
            if (refusal := check(request)) is not None:
                return self._json(*refusal)
        return await self._tickets(request)

    def _fault(self) -> web.Response | None:
        """What a switch answers before the account is even looked at."""
        on = self.switches
        if on.unknown:
            return web.Response(status=404)
        if on.redirect_to:
            return web.Response(status=302, headers={"Location": on.redirect_to})
        if on.ssl_required:
            return self._json(403, {"code": "ssl_required", "message": "This call needs https."})
        if on.retry_after is not None:
            return self._json(429, {"message": "Too many calls."}, {"Retry-After": on.retry_after})
        if on.server_error:
            return web.Response(status=on.server_error, text=ERROR_PAGE, content_type="text/html")
        if on.internal_error:
            return self._json(500, {"code": "internal_error", "message": "Something broke on our side."})
        return web.Response(text=ERROR_PAGE, content_type="text/html") if on.html else None

    def _take(self, path: str) -> float | None:
        """A listed endpoint draws on its own limit and on the account's."""
        now = self.monotonic()
        waits = [self._overall.take(now)] + ([self._list_bucket.take(now)] if path == "/api/v2/tickets" else [])
        return max((wait for wait in waits if wait is not None), default=None)

    def _wrong_key(self, request: web.Request) -> tuple[int, dict[str, Any]] | None:
        if self.switches.suspended:
            return 403, {"code": "account_suspended", "message": "This account is suspended."}
        key = _key_of(request.headers.get("Authorization", ""))
        if key in self.limited_keys:
            return 403, {"code": "access_denied", "message": "Your role does not allow this."}
        if key not in self.keys:
            return self.switches.refusal_status, {"code": "invalid_credentials", "message": "You are not logged in."}
        return None

    async def _tickets(self, request: web.Request) -> web.StreamResponse:
        body = (
            json.dumps({"tickets": [], "filler": "x" * self.switches.huge_bytes}) if self.switches.huge_bytes else None
        )
        answer = self._json(200, {"tickets": []}, text=body)
        if self.switches.compressed:
            answer.headers["Content-Encoding"] = "gzip"
        return await self._dripped(request, answer) if self.switches.drip_seconds else answer

    async def _dripped(self, request: web.Request, whole: web.Response) -> web.StreamResponse:
        answer = web.StreamResponse(headers=whole.headers)
        await answer.prepare(request)
        for byte in whole.text or "":
            await answer.write(byte.encode())
            await asyncio.sleep(self.switches.drip_seconds)
        return answer

    def _json(
        self, status: int, body: dict[str, Any], extra: dict[str, str] | None = None, text: str | None = None
    ) -> web.Response:
        tightest = min((self._list_bucket, self._overall), key=lambda bucket: bucket.remaining)
        headers = {
            "X-RateLimit-Total": str(tightest.limit),
            "X-RateLimit-Remaining": str(tightest.remaining),
            "X-RateLimit-Used-CurrentRequest": "1",
            "X-Freshservice-Api-Version": "latest=v2; requested=v2",
            "X-Request-Id": f"req-{next(self._request_ids)}",
            "Cache-Control": "no-cache, no-store, max-age=0, must-revalidate",
            **(extra or {}),
        }
        return web.Response(
            status=status,
            text=json.dumps(body) if text is None else text,
            content_type="application/json",
            headers=headers,
        )


def _key_of(header: str) -> str | None:
    """The user name of a Basic header; any password goes."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        return base64.b64decode(encoded, validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return None


def _wrong_form(request: web.Request) -> tuple[int, dict[str, Any]] | None:
    accepted = {part.partition(";")[0].strip() for part in request.headers.get("Accept", "*/*").split(",")}
    if not accepted & {"application/json", "*/*"}:
        return 406, {"code": "not_acceptable", "message": "Only application/json is served."}
    return None


def _wrong_path(request: web.Request) -> tuple[int, dict[str, Any]] | None:
    if request.path != "/api/v2/tickets":
        return 404, {"code": "not_found", "message": "Nothing is here."}
    if request.method != "GET":
        return 405, {"message": f"{request.method} is not built into this stand-in."}
    return None


def _wrong_query(request: web.Request) -> tuple[int, dict[str, Any]] | None:
    errors = [
        {"field": name, "message": "It should be a positive number within the limit.", "code": "invalid_value"}
        for name, most in (("per_page", 100), ("page", 10_000))
        if name in request.query and not (request.query[name].isdigit() and 1 <= int(request.query[name]) <= most)
    ]
    return (400, {"description": "Validation failed", "errors": errors}) if errors else None
