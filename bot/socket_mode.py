"""Slack through a WebSocket that we open, for a node that nobody can call; with a watchdog for a silent one."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from pairing.secret import Secret

_log = logging.getLogger(__name__)
# At INFO the SDK is quiet about payloads; at DEBUG it would write down every code that somebody types.
_sdk_log = logging.getLogger("drawbridge.slack_sdk.socket_mode")
_sdk_log.setLevel(logging.WARNING)
PING_SECONDS = 10.0
SILENT_SECONDS = 60.0


@asynccontextmanager
async def slack_socket(
    slack: AsyncApp, app_token: Secret, web_client: AsyncWebClient, *, ping_seconds: float = PING_SECONDS
) -> AsyncIterator[AsyncSocketModeHandler]:
    """A connected socket while the block lasts. `web_client` only asks Slack for the socket's address."""
    handler = AsyncSocketModeHandler(
        slack,
        app_token.reveal(),
        logger=_sdk_log,
        web_client=web_client,
        proxy=web_client.proxy,
        ping_interval=ping_seconds,
    )
    await handler.client.connect()
    watchdog = asyncio.create_task(_watch(handler, ping_seconds))
    try:
        yield handler
    finally:
        watchdog.cancel()
        await asyncio.gather(watchdog, return_exceptions=True)
        await handler.client.close()


async def _watch(handler: AsyncSocketModeHandler, seconds: float) -> None:
    """The SDK reconnects by itself; where it stays silent for a minute all the same, a new socket is asked for."""
    silent = 0.0
    while True:
        await asyncio.sleep(seconds)
        silent = 0.0 if await handler.client.is_connected() else silent + seconds
        if silent >= SILENT_SECONDS:
            _log.warning("no sign of Slack's socket: connecting anew", extra={"seconds": silent})
            await handler.client.connect_to_new_endpoint(force=True)
            silent = 0.0
