"""Two companies on one machine: their people, their Slack workspaces, one shared channel, a desk each."""

import secrets
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.manifest import SLACK_PATH, manifest
from pairing.terms import Reach
from sandbox.freshservice import FreshserviceStandIn
from sandbox.slack.person import PersonDriver
from sandbox.slack.server import SlackStandIn
from sandbox.slack.world import App, Channel, Team


@dataclass(frozen=True, slots=True)
class Company:
    """One side. `app` is the Slack app of the node that serves it, `url` that node's public address or None."""

    name: str
    team: Team
    admin: PersonDriver
    member: PersonDriver
    app: App
    bot_token: str = field(repr=False)
    desk: FreshserviceStandIn
    desk_key: str = field(repr=False)
    url: str | None


@dataclass(frozen=True, slots=True)
class Companies:
    """Acme starts, Globex is its partner."""

    slack: SlackStandIn
    acme: Company
    globex: Company
    channel: Channel

    @property
    def is_one_node(self) -> bool:
        return self.acme.app is self.globex.app


@asynccontextmanager
async def two_companies(reach: Reach, *, port: int = 0, **slack_options: Any) -> AsyncIterator[Companies]:
    """Acme's node can be called; Globex's can only in a public story; in a local one Acme's node serves both.

    Nodes are not started here: see node_environment. `port` is that of the page.
    """
    slack = await SlackStandIn.start(port, **slack_options)
    desks = [FreshserviceStandIn(keys={secrets.token_hex(10)}, name=name) for name in ("acme", "globex")]
    try:
        for desk in desks:
            await desk.start()
        yield _meet(slack, reach, desks)
    finally:
        for desk in desks:
            await desk.stop()
        await slack.stop()


def node_environment(
    companies: Companies, company: Company, others: tuple[Company, ...], database_url: str, key: str
) -> dict[str, str]:
    """The settings of the node that serves `company` (and `others` beside it, where it is one node)."""
    served = (company, *others)
    urls = {one.url for one in (companies.acme, companies.globex) if one.url is not None}
    trusted = urls | {companies.slack.url, *(one.desk.origin for one in served)}
    environment = {
        "DRAWBRIDGE_DATABASE_URL": database_url,
        "DRAWBRIDGE_SECRET_KEYS": key,
        "DRAWBRIDGE_SLACK_API_URL": companies.slack.api_url,
        "DRAWBRIDGE_SLACK_BOT_TOKENS": ",".join(one.bot_token for one in served),
        "DRAWBRIDGE_SLACK_APP_TOKEN": company.app.app_token,
        "DRAWBRIDGE_SLACK_SIGNING_SECRET": company.app.signing_secret,
        "DRAWBRIDGE_POLL_SECONDS": "1",
        "DRAWBRIDGE_TRUSTED_ORIGINS": ",".join(sorted(trusted)),
    }
    if company.url is not None:
        environment["DRAWBRIDGE_PUBLIC_BASE_URL"] = company.url
        environment["DRAWBRIDGE_LISTEN"] = company.url.removeprefix("http://")
    return environment


def _meet(slack: SlackStandIn, reach: Reach, desks: list[FreshserviceStandIn]) -> Companies:
    acme_url = free_address()
    globex_url = free_address() if reach is Reach.PUBLIC else None
    acme_app = _app(slack, "Drawbridge of Acme", acme_url)
    globex_app = acme_app if reach is Reach.LOCAL else _app(slack, "Drawbridge of Globex", globex_url)
    acme = _company(slack, "Acme", ("Alice", "Andy"), acme_app, desks[0], acme_url)
    globex = _company(slack, "Globex", ("Bob", "Greta"), globex_app, desks[1], globex_url)
    people = [one.person for side in (acme, globex) for one in (side.admin, side.member)]
    channel = slack.world.add_channel("acme-globex", teams=(acme.team, globex.team), members=people)
    channel.invite(acme_app.install(acme.team))
    return Companies(slack, acme, globex, channel)


def _app(slack: SlackStandIn, name: str, url: str | None) -> App:
    return slack.world.add_app(
        name,
        manifest=manifest(url=url),
        transport="socket" if url is None else "http",
        request_url=None if url is None else url + SLACK_PATH,
    )


def _company(
    slack: SlackStandIn, name: str, people: tuple[str, str], app: App, desk: FreshserviceStandIn, url: str | None
) -> Company:
    team = slack.world.add_team(name)
    install = app.install(team)
    return Company(
        name=name,
        team=team,
        admin=slack.person(team.add_person(people[0], admin=True)),
        member=slack.person(team.add_person(people[1])),
        app=app,
        bot_token=install.bot_token,
        desk=desk,
        desk_key=next(iter(desk.keys)),
        url=url,
    )


def free_address() -> str:
    """An origin on loopback that nobody listens at right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"
