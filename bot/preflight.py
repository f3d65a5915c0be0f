"""What is asked of Slack before a node starts: a wrong token must end the start with a sentence, not retry for ever."""

from dataclasses import dataclass, field

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.settings import Settings, Transport, variable
from handlers import needs
from handlers.workspaces import slack_client
from pairing.secret import Secret
from storage.errors import ConfigError

_TIMEOUT_SECONDS = 10
# Error codes of auth.test and apps.connections.open (Slack's method pages, read 2026-11).
_SAID = {
    "invalid_auth": "Slack does not know it. Copy it again.",
    "not_authed": "Slack does not know it. Copy it again.",
    "account_inactive": "the app was removed from this workspace. Install it again and take the new token.",
    "token_revoked": "it was revoked. Install the app again and take the new token.",
    "token_expired": "it has expired. Turn token rotation off in the Slack app, then take the new token.",
    "not_allowed_token_type": "it is a token of another kind.",
    "missing_scope": "it lacks the scope connections:write. Make a new app-level token with it.",
    "org_login_required": "the workspace is being moved. Try again when that is done.",
    "ratelimited": "Slack has had too many calls. Try again in a minute.",
}


@dataclass(frozen=True, slots=True)
class Installed:
    """One workspace that has our app: what its bot token turned out to be for."""

    team_id: str
    team_name: str
    bot_user_id: str
    bot_id: str
    bot_token: Secret = field(repr=False)


async def preflight(settings: Settings, session: aiohttp.ClientSession) -> tuple[Installed, ...]:
    """The workspaces behind the bot tokens, in the order of the setting; changes nothing anywhere.

    Raises ConfigError naming everything that is wrong at once.
    """
    problems: list[str] = []
    installed = [await _workspace(settings, session, n, problems) for n in range(len(settings.slack_bot_tokens))]
    found = tuple(workspace for workspace in installed if workspace is not None)
    problems += _about_teams(settings, found)
    if settings.transport is Transport.SOCKET and settings.slack_app_token is not None:
        problems += await _socket_problems(settings, session, settings.slack_app_token)
    if problems:
        raise ConfigError(tuple(problems))
    return found


async def _workspace(
    settings: Settings, session: aiohttp.ClientSession, position: int, problems: list[str]
) -> Installed | None:
    token = settings.slack_bot_tokens[position]
    which = f"{variable('slack_bot_tokens')}, token {position + 1}"
    try:
        answer = await _client(settings, session, token).auth_test()
    except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as exc:
        problems.append(f"{which}: {_why(exc, settings)}")
        return None
    if not answer.get("team_id"):
        problems.append(f"{which}: {_not_slack(settings)}")
        return None
    if not answer.get("bot_id"):
        problems.append(f"{which}: it belongs to a person. Take the Bot User OAuth Token (xoxb-…).")
        return None
    if lacking := _lacking_scopes(answer.headers):
        problems.append(
            f"{which}: the app lacks the scopes {', '.join(lacking)}. Update its manifest and install it again."
        )
    return Installed(
        team_id=str(answer["team_id"]),
        team_name=str(answer.get("team", "")),
        bot_user_id=str(answer.get("user_id", "")),
        bot_id=str(answer["bot_id"]),
        bot_token=token,
    )


def _about_teams(settings: Settings, found: tuple[Installed, ...]) -> list[str]:
    teams = [workspace.team_id for workspace in found]
    twice = sorted({team for team in teams if teams.count(team) > 1})
    foreign = sorted(set(teams) - settings.allowed_teams) if settings.allowed_teams else []
    return [
        *(
            f"{variable('slack_bot_tokens')}: two tokens are for the same workspace, {team}. Keep one."
            for team in twice
        ),
        *(
            f"{variable('slack_bot_tokens')}: a token is for workspace {team}, which {variable('allowed_teams')} does"
            " not list. Add it there, or take its token out."
            for team in foreign
        ),
    ]


async def _socket_problems(settings: Settings, session: aiohttp.ClientSession, token: Secret) -> list[str]:
    try:
        await _client(settings, session, token).apps_connections_open(app_token=token.reveal())
    except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as exc:
        return [f"{variable('slack_app_token')}: {_why(exc, settings)}"]
    return []


def _client(settings: Settings, session: aiohttp.ClientSession, token: Secret) -> AsyncWebClient:
    client = slack_client(token, session=session, api_url=settings.slack_api_url, proxy=settings.egress_proxy)
    client.timeout = _TIMEOUT_SECONDS
    client.retry_handlers = []  # an operator waits for the answer; whoever restarts the process tries again
    return client


def _lacking_scopes(headers: dict[str, str]) -> list[str]:
    """Slack names the granted scopes in a header; without it nothing can be said."""
    granted = {name.lower(): value for name, value in headers.items()}.get("x-oauth-scopes")
    return sorted(set(needs.SCOPES) - {scope.strip() for scope in granted.split(",")}) if granted else []


def _why(error: Exception, settings: Settings) -> str:
    if not isinstance(error, SlackApiError):
        return (
            f"Slack does not answer at {settings.slack_api_url}. Check the network of this machine, then start again."
        )
    answer = getattr(error.response, "data", None)
    code = answer.get("error") if isinstance(answer, dict) else None
    if not isinstance(code, str):
        return _not_slack(settings)
    return _SAID.get(code, f"Slack refused it ({code[:40]}).")


def _not_slack(settings: Settings) -> str:
    return f"what answers at {settings.slack_api_url} is not Slack's API. Check {variable('slack_api_url')}."
