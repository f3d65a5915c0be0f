"""The network's way to the endpoint: aiohttp routes that count and time a body and know nothing else."""

import asyncio
import logging

import aiohttp
from aiohttp import web

from exchange.endpoint import Endpoint, unsigned
from exchange.limits import LIMITS, Limits
from exchange.paths import CLAIM, DECLINE, INFO, LOOK, SYNC
from exchange.ports import WireAnswer, WireRequest

logger = logging.getLogger(__name__)


class _TooLarge(Exception):
    """The body is longer than this path allows."""


def routes(endpoint: Endpoint, prefix: str = "", limits: Limits = LIMITS) -> list[web.RouteDef]:
    """All routes of the exchange. `prefix` is the path of our public base address, "" where it has none."""

    async def handle(request: web.Request) -> web.Response:
        return _response(await _answer(endpoint, request, prefix, limits.body_seconds))

    paths = (INFO, LOOK, DECLINE, CLAIM, SYNC + "{to}")
    return [web.route("*", prefix + path, handle) for path in paths]


async def _answer(endpoint: Endpoint, request: web.Request, prefix: str, seconds: float) -> WireAnswer:
    path = request.raw_path.removeprefix(prefix)
    if "Content-Encoding" in request.headers:
        return unsigned(415, "media_type")
    try:
        async with asyncio.timeout(seconds):
            body = await _body(request, endpoint.body_limit(path))
    except _TooLarge:
        return unsigned(413, "too_large")
    except TimeoutError:
        return unsigned(408, "too_slow")
    except (aiohttp.ClientError, web.RequestPayloadError, OSError):
        return unsigned(400, "bad_request")
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.raw_headers)
    caller = request.remote or "unknown"
    return await endpoint.answer(WireRequest(request.method, path, headers, body, caller))


async def _body(request: web.Request, limit: int) -> bytes:
    if (request.content_length or 0) > limit:
        raise _TooLarge
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > limit:
            raise _TooLarge
    return bytes(body)


def _response(answer: WireAnswer) -> web.Response:
    response = web.Response(status=answer.status, body=answer.body, headers=answer.headers)
    if answer.status in (408, 413, 415):
        # The rest of the body is still on its way: nothing more is read from this connection.
        response.force_close()
    return response
