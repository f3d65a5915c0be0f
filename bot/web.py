"""The web server of a node that has a URL: partners under /bridge/v1/, Slack under /slack/events, and a health page."""

import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from exchange.rates import ExchangeRates
from flows.hooks import MAX_BODY, PATH, hook_called
from flows.node import Node
from handlers.verification import is_from_slack
from pairing.secret import Secret

_MOST_BYTES = 1024 * 1024
Handler = Callable[[web.Request], Awaitable[web.Response]]


def build_web(
    *, base: str, partner_routes: Sequence[web.RouteDef], slack: Handler | None, hooks: Handler | None = None
) -> web.Application:
    """`base` is our canonical public URL: all routes live under its path. No `slack` where Slack comes by socket."""
    prefix = urlsplit(base).path
    app = web.Application(client_max_size=_MOST_BYTES)
    app.add_routes(partner_routes)
    app.router.add_get(prefix + "/healthz", _health)
    if slack is not None:
        app.router.add_post(prefix + "/slack/events", slack)
    if hooks is not None:
        app.router.add_post(prefix + PATH + "{token}", hooks)
    return app


def hook_route(node: Node, monotonic: Callable[[], float] = time.monotonic) -> Handler:
    """Desks' webhooks: answered once the hint is durable, so that a desk repeats what we may have lost."""
    rates = ExchangeRates(monotonic, per_second=10, burst=50)

    async def answer(request: web.Request) -> web.Response:
        token = request.match_info["token"]
        if (request.content_length or 0) > MAX_BODY:
            return web.Response(status=413)
        if not rates.may(token[:43]):
            return web.Response(status=429, headers={"Retry-After": "5"})
        body = await request.content.read(MAX_BODY)
        return web.Response(status=204 if await hook_called(node, token, body) else 404)

    return answer


def slack_route(slack: AsyncApp, secret: Secret, clock: Callable[[], datetime]) -> Handler:
    """Commands, clicks, submissions and events, all by one address, as the manifest says."""

    async def answer(request: web.Request) -> web.Response:
        body = await request.read()
        # Ours stands before Bolt's own check, which writes the whole body of a forged request into the log.
        if not is_from_slack(secret, request.headers, body, now=clock().timestamp()):
            return web.Response(status=401)
        return _said(await slack.async_dispatch(_asked(body, request.content_type)))

    return answer


def _asked(body: bytes, content_type: str) -> AsyncBoltRequest:
    """All that Bolt reads of a request whose signature is already checked."""
    return AsyncBoltRequest(body=body.decode(errors="replace"), headers={"content-type": content_type})


def _said(answer: BoltResponse) -> web.Response:
    content_type = next(iter(answer.headers["content-type"])).partition(";")[0]
    return web.Response(status=answer.status, text=answer.body, content_type=content_type)


async def _health(request: web.Request) -> web.Response:
    return web.json_response({"ok": True})
