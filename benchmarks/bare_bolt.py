"""The yardstick: Bolt as its own guide writes it, which acknowledges the command and opens one fixed modal.

With `--shared-session` its client keeps one HTTP session, the best that Bolt offers.
"""

import argparse
import json
import os
from pathlib import Path

import aiohttp
from aiohttp import web
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.manifest import SLACK_PATH

COMMAND = "/connect"


def build(token: str, signing_secret: str, api_url: str, view: dict[str, object]) -> AsyncApp:
    app = AsyncApp(signing_secret=signing_secret, client=AsyncWebClient(token, base_url=api_url))

    @app.command(COMMAND)
    async def open_modal(ack: AsyncAck, body: dict[str, str], client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    return app


def _share_session(app: AsyncApp, server: web.Application) -> None:
    async def start(_: web.Application) -> None:
        app.client.session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))

    async def stop(_: web.Application) -> None:
        assert app.client.session is not None
        await app.client.session.close()

    server.on_startup.append(start)
    server.on_cleanup.append(stop)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--view", type=Path, required=True, help="a file with the modal's JSON")
    parser.add_argument("--shared-session", action="store_true")
    chosen = parser.parse_args()
    app = build(
        os.environ["BARE_BOT_TOKEN"],
        os.environ["BARE_SIGNING_SECRET"],
        os.environ["BARE_API_URL"],
        json.loads(chosen.view.read_text()),
    )
    server = app.server(port=chosen.port, path=SLACK_PATH, host="127.0.0.1")
    if chosen.shared_session:
        _share_session(app, server.web_app)
    server.start()


if __name__ == "__main__":
    main()
