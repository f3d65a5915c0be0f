"""Keeps every published Home current."""

import asyncio
import logging
from collections import defaultdict

from handlers.actor import Actors, Right
from handlers.doors import Flows
from handlers.errors import NotAllowed, SlackRefused
from handlers.views.home import HomeState, home
from handlers.workspaces import Workspace, Workspaces
from pairing.organisation import Actor

_log = logging.getLogger(__name__)


class Homes:
    """Publishes one Home after the other, never two for the same person at once, each from what is true then."""

    def __init__(self, flows: Flows, workspaces: Workspaces, actors: Actors, command: str) -> None:
        self._flows = flows
        self._workspaces = workspaces
        self._actors = actors
        self._command = command
        self._locks: defaultdict[tuple[str, str], asyncio.Lock] = defaultdict(asyncio.Lock)
        self._hashes: dict[tuple[str, str], str] = {}
        self._pages: dict[tuple[str, str], int] = {}

    async def open(self, workspace: Workspace, user_id: str, *, page: int | None = None) -> None:
        """Publishes to a person who looks at it now, and remembers them. Raises RemoteUnavailable."""
        if page is not None:
            self._pages[(workspace.team_id, user_id)] = page
        await self._publish(workspace, user_id)
        await self._flows.remember_home(workspace.organisation_id, user_id)

    async def refresh(self, workspace: Workspace) -> None:
        """Publishes to everybody who ever opened it. Raises RemoteUnavailable."""
        for user_id in await self._flows.homes(workspace.organisation_id):
            await self._publish(workspace, user_id)

    async def _publish(self, workspace: Workspace, user_id: str) -> None:
        key = (workspace.team_id, user_id)
        async with self._locks[key]:
            try:
                await self._publish_over(workspace, user_id, self._hashes.get(key, ""))
            except SlackRefused as error:
                if error.code != "hash_conflict":
                    _log.info("Home not published", extra={"user": user_id, "reason": error.code})
                    return
                # Another process published meanwhile: read again what is true, then ours is the newer one.
                await self._publish_over(workspace, user_id, "")

    async def _publish_over(self, workspace: Workspace, user_id: str, view_hash: str) -> None:
        slack = self._workspaces.slack(workspace)
        view = home(await self._state(workspace, user_id))
        self._hashes[(workspace.team_id, user_id)] = await slack.publish(user_id, view, view_hash)

    async def _state(self, workspace: Workspace, user_id: str) -> HomeState:
        key = (workspace.team_id, user_id)
        try:
            standing = await self._actors.standing(workspace, self._workspaces.slack(workspace), user_id)
        except NotAllowed:
            return HomeState(workspace.name, self._command, Right.NOTHING, is_known=False)
        if standing.right is Right.NOTHING:
            return HomeState(workspace.name, self._command, Right.NOTHING)
        actor = Actor(workspace.organisation_id, workspace.team_id, user_id)
        lines, desks = await self._flows.overview(actor), await self._flows.desks(actor)
        return HomeState(
            workspace.name,
            self._command,
            standing.right,
            lines=lines,
            has_desk=bool(desks),
            page=self._pages.get(key, 0),
        )
