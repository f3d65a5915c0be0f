"""Who is measured: our node and two bare Bolt apps, each a process of its own, all before one stand-in for Slack."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bare_bolt import COMMAND
from bot.manifest import SLACK_PATH, manifest
from sandbox.companies import free_address
from sandbox.process import ROOT, NodeProcess
from sandbox.slack.person import PersonDriver
from sandbox.slack.server import SlackStandIn
from sandbox.slack.world import Channel, Install, Person, Team
from sandbox.story import modal_called, must_be_taken
from storage.vault import new_key_text

OURS, BARE, SHARED = "Drawbridge", "bare Bolt", "bare Bolt, shared session"
_PEOPLE = 100  # more than commands in flight: nobody gets a second modal while the first is on its way
_START_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Contestant:
    """`url` is where its slash commands go."""

    name: str
    install: Install
    url: str
    pid: int


@dataclass(frozen=True, slots=True)
class Arena:
    """Everybody in it is an admin, so that our node lets them in."""

    slack: SlackStandIn
    people: tuple[Person, ...]
    channel: Channel
    contestants: tuple[Contestant, ...]


@asynccontextmanager
async def arena(folder: Path) -> AsyncIterator[Arena]:
    """All contestants started and ready; `folder` takes the database and the logs."""
    async with AsyncExitStack() as stack:
        slack = await SlackStandIn.start()
        stack.push_async_callback(slack.stop)
        team = slack.world.add_team("Acme")
        people = tuple(team.add_person(f"Admin {number}", admin=True) for number in range(_PEOPLE))
        channel = slack.world.add_channel("service", teams=(team,), members=people)
        ours = await _node(slack, team, folder, stack)
        view = folder / "view.json"
        view.write_text(json.dumps(await _first_modal(slack.person(people[0]), channel)))
        bare = await _bare(BARE, slack, team, view, stack)
        shared = await _bare(SHARED, slack, team, view, stack, "--shared-session")
        yield Arena(slack, people, channel, (ours, bare, shared))


async def _node(slack: SlackStandIn, team: Team, folder: Path, stack: AsyncExitStack) -> Contestant:
    """As an operator runs it, with every check and its log."""
    url = free_address()
    install = _installed(slack, team, OURS, url)
    environment = {
        "DRAWBRIDGE_DATABASE_URL": f"sqlite:///{folder / 'node.sqlite3'}",
        "DRAWBRIDGE_SECRET_KEYS": new_key_text(),
        "DRAWBRIDGE_PUBLIC_BASE_URL": url,
        "DRAWBRIDGE_LISTEN": url.removeprefix("http://"),
        "DRAWBRIDGE_SLACK_API_URL": slack.api_url,
        "DRAWBRIDGE_SLACK_BOT_TOKENS": install.bot_token,
        "DRAWBRIDGE_SLACK_SIGNING_SECRET": install.app.signing_secret,
        "DRAWBRIDGE_SLACK_TRANSPORT": "http",
        "DRAWBRIDGE_TRUSTED_ORIGINS": f"{url},{slack.url}",
        "DRAWBRIDGE_TOY_DESKS": "true",
    }
    process = NodeProcess(OURS, environment, folder / "node.log")
    stack.push_async_callback(process.stop)
    await process.start()
    return Contestant(OURS, install, url + SLACK_PATH, process.pid)


async def _first_modal(admin: PersonDriver, channel: Channel) -> Mapping[str, object]:
    """What our node opens for `initiate` once there is a desk: the bare apps have to open the very same."""
    await admin.command(f"{COMMAND} setup")
    await modal_called(admin, "Desks")
    await admin.click("Add a desk")
    await modal_called(admin, "Add a desk")
    await admin.fill({"Kind of desk": "Toy desk", "Short name": "acme-desk", "Address": "memory:acme"})
    await admin.type("API key", "toy-1234")
    must_be_taken(await admin.submit())
    await modal_called(admin, "Desks")
    await admin.close_modal()
    await admin.command(f"{COMMAND} initiate", channel)
    shown = await modal_called(admin, "Connect: step 1 of 4")
    content: Mapping[str, object] = shown.raw
    fields = ("type", "callback_id", "title", "close", "submit", "blocks", "private_metadata", "notify_on_close")
    return {name: content[name] for name in fields} | {"clear_on_close": False}


async def _bare(
    name: str, slack: SlackStandIn, team: Team, view: Path, stack: AsyncExitStack, *arguments: str
) -> Contestant:
    url = free_address()
    install = _installed(slack, team, name, url)
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("DRAWBRIDGE_", "SLACK_"))}
    process = await asyncio.create_subprocess_exec(
        *(
            sys.executable,
            "-m",
            "benchmarks.bare_bolt",
            "--port",
            url.rpartition(":")[2],
            "--view",
            str(view),
            *arguments,
        ),
        cwd=ROOT,
        env=inherited
        | {
            "BARE_BOT_TOKEN": install.bot_token,
            "BARE_SIGNING_SECRET": install.app.signing_secret,
            "BARE_API_URL": slack.api_url,
        },
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    stack.push_async_callback(_stopped, process)
    await _listens(url, process)
    return Contestant(name, install, url + SLACK_PATH, process.pid)


def _installed(slack: SlackStandIn, team: Team, name: str, url: str) -> Install:
    app = slack.world.add_app(name, manifest=manifest(url=url), transport="http", request_url=url + SLACK_PATH)
    return app.install(team)


async def _listens(url: str, process: asyncio.subprocess.Process) -> None:
    host, _, port = url.removeprefix("http://").rpartition(":")
    async with asyncio.timeout(_START_SECONDS):
        while process.returncode is None:
            try:
                _, writer = await asyncio.open_connection(host, int(port))
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return
    raise RuntimeError("A bare Bolt app did not start; its words stand above.")


async def _stopped(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.terminate()
    await process.wait()
