"""Answers that do not arrive as they should."""

from __future__ import annotations

import socket
import struct
from collections.abc import Awaitable, Callable

from aiohttp import web

_CLOSE_AT_ONCE = struct.pack("ii", 1, 0)


def abort(request: web.Request) -> web.Response:
    """Resets the connection. What is returned goes nowhere."""
    transport = request.transport
    if transport is not None:
        connection = transport.get_extra_info("socket")
        if connection is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _CLOSE_AT_ONCE)
        transport.abort()
    return web.Response(status=500)


async def cut_off(request: web.Request, whole: web.Response) -> web.StreamResponse:
    """The first half, then nothing more."""
    body = _body(whole)
    answer = web.StreamResponse(status=whole.status, headers=whole.headers)
    answer.content_length = max(len(body), 2)
    await answer.prepare(request)
    await answer.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()
    return answer


async def drip(
    request: web.Request, whole: web.Response, seconds: float, sleep: Callable[[float], Awaitable[None]]
) -> web.StreamResponse:
    """Byte by byte."""
    answer = web.StreamResponse(status=whole.status, headers=whole.headers)
    await answer.prepare(request)
    for byte in _body(whole):
        await answer.write(bytes([byte]))
        await sleep(seconds)
    return answer


def _body(whole: web.Response) -> bytes:
    return whole.body if isinstance(whole.body, bytes) else b""
