"""The short-lived permits Slack hands to an app with each payload: triggers and response URLs."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.slack.clock import Clock
from sandbox.slack.errors import ApiError
from sandbox.slack.ids import secret

if TYPE_CHECKING:
    from sandbox.slack.views import View
    from sandbox.slack.world import App, Channel, Install, Message, Person

TRIGGER_SECONDS = 3.0
RESPONSE_URL_SECONDS = 30 * 60.0
RESPONSE_URL_USES = 5
_REMEMBERED_SECONDS = 2 * RESPONSE_URL_SECONDS  # so that a late use is called late, not unknown


@dataclass(slots=True, eq=False)
class Trigger:
    """Lets one app show one view to one person; `view` is the modal whose element it came from."""

    id: str
    install: Install
    person: Person
    channel: Channel | None
    view: View | None
    born: float
    is_used: bool = False


@dataclass(slots=True, eq=False)
class ResponseUrl:
    """Lets one app answer in one conversation; `message` is the one whose button was clicked."""

    path: str
    install: Install
    person: Person
    channel: Channel
    message: Message | None
    born: float
    uses: int = 0


class Permits:
    """`expire_all` is the fault switch that makes every trigger arrive too late."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._triggers: dict[str, Trigger] = {}
        self._urls: dict[str, ResponseUrl] = {}
        self._by_age: deque[tuple[float, str]] = deque()
        self.expire_all = False

    def trigger(self, install: Install, person: Person, channel: Channel | None, view: View | None = None) -> Trigger:
        born = self._clock.monotonic()
        trigger = Trigger(secret(f"{len(self._by_age)}.", 16), install, person, channel, view, born)
        self._triggers[trigger.id] = trigger
        self._remember(born, trigger.id)
        return trigger

    def response_url(
        self, install: Install, person: Person, channel: Channel, message: Message | None = None
    ) -> ResponseUrl:
        born = self._clock.monotonic()
        url = ResponseUrl(f"{install.team.id}/{secret('')}", install, person, channel, message, born)
        self._urls[url.path] = url
        self._remember(born, url.path)
        return url

    def look_at_trigger(self, trigger_id: str, app: App) -> Trigger:
        """Raises ApiError when it is unknown, another app's, too old or used; uses nothing up."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None or trigger.install.app is not app:
            raise ApiError("invalid_trigger_id")
        if self.expire_all or self._clock.monotonic() - trigger.born > TRIGGER_SECONDS:
            raise ApiError("expired_trigger_id")
        if trigger.is_used:
            raise ApiError("exchanged_trigger_id")
        return trigger

    def use_response_url(self, path: str) -> ResponseUrl:
        """Counts one use. Raises ApiError when it is unknown, too old or used up."""
        url = self._urls.get(path)
        if url is None:
            raise ApiError("invalid_url")
        if self._clock.monotonic() - url.born > RESPONSE_URL_SECONDS:
            raise ApiError("expired_url")
        if url.uses >= RESPONSE_URL_USES:
            raise ApiError("used_url")
        url.uses += 1
        return url

    def _remember(self, born: float, name: str) -> None:
        self._by_age.append((born, name))
        while self._by_age and born - self._by_age[0][0] > _REMEMBERED_SECONDS:
            _, old = self._by_age.popleft()
            self._triggers.pop(old, None)
            self._urls.pop(old, None)
