"""What `python -m bot check` looks at."""

from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp

from bot.preflight import preflight
from bot.settings import Settings, Transport, unknown_variables
from storage.errors import ConfigError
from storage.store import Store
from storage.vault import KeyRing


@dataclass(frozen=True, slots=True)
class Finding:
    """One line for the operator."""

    is_fine: bool
    text: str


async def findings(env: Mapping[str, str]) -> tuple[Finding, ...]:
    """In the order of the start: nothing after the settings is looked at while they are wrong."""
    try:
        settings = Settings.from_env(env)
    except ConfigError as exc:
        return (*_wrong(exc), *_strangers(env))
    return (*_settings(settings), *_strangers(env), *await _database(settings), *await _slack(settings))


def _wrong(error: ConfigError) -> list[Finding]:
    return [Finding(False, problem) for problem in error.problems]


def _strangers(env: Mapping[str, str]) -> list[Finding]:
    return [Finding(True, f"Note: {sentence}") for sentence in unknown_variables(env)]


def _settings(settings: Settings) -> list[Finding]:
    way = "calls us over HTTP" if settings.transport is Transport.HTTP else "is reached through a socket that we open"
    reach = (
        f"Partners reach this node at {settings.public_base_url}; it listens at {':'.join(map(str, settings.listen))}."
        if settings.public_base_url
        else "Nobody can call this node: it opens no listening socket, and makes no public or private codes."
    )
    return [Finding(True, "The settings can be read."), Finding(True, f"Slack {way}."), Finding(True, reach)]


async def _database(settings: Settings) -> list[Finding]:
    try:
        keys = KeyRing.from_texts([key.reveal() for key in settings.secret_keys])
        store = Store.open(settings.database_url, keys)
    except ConfigError as exc:
        return _wrong(exc)
    await store.close()
    return [Finding(True, "The database is up to date, and the key opens it.")]


async def _slack(settings: Settings) -> list[Finding]:
    async with aiohttp.ClientSession() as session:
        try:
            installed = await preflight(settings, session)
        except ConfigError as exc:
            return _wrong(exc)
    return [Finding(True, f"Slack workspace {found.team_name} ({found.team_id}).") for found in installed]
