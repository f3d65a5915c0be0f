"""The Slack workspaces that this node serves, and one client for each over one shared session."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import aiohttp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient

from handlers.slack import Slack
from pairing.secret import Secret

SLACK_API = "https://slack.com/api/"

# The SDK writes whole payloads at DEBUG, codes and typed values included, so its logger has a level of its own.
_sdk_logger = logging.getLogger("drawbridge.slack_sdk")
_sdk_logger.setLevel(logging.INFO)


@dataclass(frozen=True, slots=True)
class Workspace:
    """`organisation_id` is ours; `name` is the workspace's own and `bot_name` the app's handle there, for sentences."""

    organisation_id: str
    team_id: str
    bot_token: Secret
    bot_user_id: str
    bot_id: str
    name: str = "this workspace"
    bot_name: str = "Drawbridge"


def slack_client(token: Secret, *, session: aiohttp.ClientSession, api_url: str, proxy: str | None) -> AsyncWebClient:
    """A client that opens no session of its own, waits out a rate limit, and takes no proxy from the environment."""
    client = AsyncWebClient(
        token.reveal() or None,
        base_url=api_url,
        session=session,
        logger=_sdk_logger,
        retry_handlers=[AsyncConnectionErrorRetryHandler(), AsyncRateLimitErrorRetryHandler(max_retry_count=2)],
    )
    client.proxy = proxy
    return client


class Workspaces:
    """By team for what arrives, by organisation for what we send."""

    def __init__(
        self,
        workspaces: Iterable[Workspace],
        *,
        session: aiohttp.ClientSession,
        api_url: str = SLACK_API,
        proxy: str | None = None,
        trusted: frozenset[str] = frozenset(),
        make_client: Callable[[Secret], AsyncWebClient] | None = None,
    ) -> None:
        self._session = session
        # Whoever set another address for Slack's API trusts that origin with Slack's answers too.
        self._trusted = trusted | ({"/".join(api_url.split("/")[:3])} if api_url != SLACK_API else set())
        self._make = make_client or (lambda token: slack_client(token, session=session, api_url=api_url, proxy=proxy))
        self._by_team = {workspace.team_id: workspace for workspace in workspaces}
        self._clients: dict[str, AsyncWebClient] = {}
        # Bolt copies this one for each request; the right token is in our own clients.
        self.anonymous = self._make(Secret(""))

    def of_team(self, team_id: str) -> Workspace | None:
        return self._by_team.get(team_id)

    def of_organisation(self, organisation_id: str) -> Workspace | None:
        return next((w for w in self._by_team.values() if w.organisation_id == organisation_id), None)

    def client(self, organisation_id: str) -> AsyncWebClient:
        """Raises KeyError for an organisation without a workspace here."""
        workspace = self.of_organisation(organisation_id)
        if workspace is None:
            raise KeyError(organisation_id)
        if organisation_id not in self._clients:
            self._clients[organisation_id] = self._make(workspace.bot_token)
        return self._clients[organisation_id]

    def slack(self, workspace: Workspace) -> Slack:
        return Slack(self.client(workspace.organisation_id), self._session, self._trusted)

    def forget(self, team_id: str) -> None:
        """The app was removed there: its token is worth nothing any more."""
        workspace = self._by_team.pop(team_id, None)
        if workspace is not None:
            self._clients.pop(workspace.organisation_id, None)

    async def authorize(self, team_id: str | None, user_id: str | None) -> AuthorizeResult | None:
        """For Bolt: whose request is this? Answered from memory, so no request waits for `auth.test`.

        None for a workspace that is not served here, org-wide installations included.
        """
        workspace = self.of_team(team_id or "")
        if workspace is None:
            return None
        return AuthorizeResult(
            enterprise_id=None,
            team_id=workspace.team_id,
            bot_token=workspace.bot_token.reveal(),
            bot_id=workspace.bot_id,
            bot_user_id=workspace.bot_user_id,
            user_id=user_id,
        )
