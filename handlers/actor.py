"""Who acts, and what they may do: asked of Slack for every command, click and submission."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum

from handlers.errors import NotAllowed, SlackRefused
from handlers.slack import Person, Slack
from handlers.workspaces import Workspace
from sync.errors import RemoteUnavailable

REMEMBERED_SECONDS = 300.0
_MOST = 10_000


class Right(IntEnum):
    """Each includes the ones before it."""

    NOTHING = 0
    SEE = 1  # any full member: the state of connections
    ACT = 2  # admins, owners, members of the allowed user group


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person may do here, and a word why it is not more."""

    right: Right
    why: str = ""


class Actors:
    """Asks Slack, and remembers the answer for at most five minutes. No answer means no right."""

    def __init__(self, admin_groups: frozenset[str], monotonic: Callable[[], float]) -> None:
        self._groups = admin_groups
        self._monotonic = monotonic
        self._known: dict[tuple[str, str], tuple[float, Standing]] = {}

    async def standing(self, workspace: Workspace, slack: Slack, user_id: str, *, fresh: bool = False) -> Standing:
        """`fresh` asks again, whatever is remembered. Raises NotAllowed when Slack cannot be asked."""
        key, now = (workspace.team_id, user_id), self._monotonic()
        known = self._known.get(key)
        if known is not None and not fresh and now - known[0] < REMEMBERED_SECONDS:
            return known[1]
        self._known.pop(key, None)
        standing = await self._ask(workspace, slack, user_id)
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[key] = (now, standing)
        return standing

    async def _ask(self, workspace: Workspace, slack: Slack, user_id: str) -> Standing:
        try:
            person = await slack.person(user_id)
            if why := _no_member(person, workspace):
                return Standing(Right.NOTHING, why)
            if person.is_admin or await self._is_in_group(slack, user_id):
                return Standing(Right.ACT)
            return Standing(Right.SEE, "no admin")
        except SlackRefused as error:
            # A person whom this workspace cannot even see is no member of it.
            if error.code in ("user_not_found", "user_not_visible"):
                return Standing(Right.NOTHING, "outsider")
            raise _not_checked() from error
        except RemoteUnavailable as error:
            raise _not_checked() from error

    async def _is_in_group(self, slack: Slack, user_id: str) -> bool:
        for group in sorted(self._groups):
            try:
                if user_id in await slack.group(group):
                    return True
            except SlackRefused as error:
                # The setting names the groups of all workspaces: most are unknown in this one.
                if error.code not in ("no_such_subteam", "subteam_not_found"):
                    raise
        return False


def _no_member(person: Person, workspace: Workspace) -> str:
    """The first reason why this is not a full member of the workspace; "" when it is one."""
    reasons: Mapping[str, bool] = {
        "outsider": person.team_id != workspace.team_id or person.is_stranger,
        "deactivated": person.is_deleted,
        "bot": person.is_bot,
        "guest": person.is_guest,
    }
    return next((why for why, holds in reasons.items() if holds), "")


def refusal(workspace: Workspace, why: str) -> NotAllowed:
    """The sentence for somebody who may not do what they tried."""
    if why == "no admin":
        return NotAllowed(
            f"Only admins of {workspace.name} can do this. Ask a workspace admin or owner to do it, or to add you to"
            " the user group that may manage connections.",
            why,
        )
    return NotAllowed(f"Only full members of {workspace.name} can do this. Nothing was changed.", why)


def _not_checked() -> NotAllowed:
    return NotAllowed(
        "Slack did not tell us in time whether you may do this, so nothing was changed. Try again in a minute.",
        "not checked",
    )
