"""The web server of a node that has a URL: partners under /bridge/v1/, Slack under /slack/events, and a health page."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp

from handlers.verification import is_from_slack
from pairing.secret import Secret

_MOST_BYTES = 1024 * 1024
Handler = Callable[[web.Request], Awaitable[web.Response]]


def build_web(*, base: str, partner_routes: Sequence[web.RouteDef], slack: Handler | None) -> web.Application:
    """`base` is our canonical public URL: all routes live under its path. No `slack` where Slack comes by socket."""
    prefix = urlsplit(base).path
    app = web.Application(client_max_size=_MOST_BYTES)
    app.add_routes(partner_routes)
    app.router.add_get(prefix + "/healthz", _health)
    if slack is not None:
        app.router.add_post(prefix + "/slack/events", slack)
    return app


def slack_route(slack: AsyncApp, secret: Secret, clock: Callable[[], datetime]) -> Handler:
    """Commands, clicks, submissions and events, all by one address, as the manifest says."""

    async def answer(request: web.Request) -> web.Response:
        # Ours stands before Bolt's own check, which writes the whole body of a forged request into the log.
        if not is_from_slack(secret, request.headers, await request.read(), now=clock().timestamp()):
            return web.Response(status=401)
        return await to_aiohttp_response(await slack.async_dispatch(await to_bolt_request(request)))

    return answer


async def _health(request: web.Request) -> web.Response:
    return web.json_response({"ok": True})
