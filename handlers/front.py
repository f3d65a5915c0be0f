"""What all listeners share, and what one listener is given: the turn of a conversation."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from handlers.actor import Actors, Right
from handlers.arrivals import Arrival, Kind, Seen
from handlers.blocks import Message, View
from handlers.doors import Flows
from handlers.duplicates import Delivery, Duplicates
from handlers.errors import SlackRefused
from handlers.homes import Homes
from handlers.slack import Posted, Slack
from handlers.workspaces import Workspace, Workspaces
from pairing.organisation import Actor
from sync.errors import RemoteUnavailable

T = TypeVar("T")
Acknowledge = Callable[..., Awaitable[None]]
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Front:
    """`command` is the slash command with its slash; `reference` draws the id under which a bug is logged;
    `patience_seconds` is how long a submission may work before the person sees a waiting view (Slack gives three);
    `ack_lead_seconds` is the head start of a view that an acknowledgement carries before another one replaces it."""

    flows: Flows
    workspaces: Workspaces
    actors: Actors
    duplicates: Duplicates
    homes: Homes
    command: str
    monotonic: Callable[[], float]
    reference: Callable[[], str]
    patience_seconds: float = 1.2
    ack_lead_seconds: float = 0.1
    running: set[asyncio.Task[None]] = field(default_factory=set)

    async def drain(self, seconds: float) -> None:
        """Lets what was acknowledged come to its end, for at most so long; Bolt itself waits for nothing."""
        if self.running:
            await asyncio.wait(self.running, timeout=seconds)


@dataclass(slots=True)
class Turn:
    """One thing a person did, whose right to do it was checked, and every way to answer. `modal` is the id of the modal
    the person looks at, "" for none."""

    front: Front
    arrival: Arrival
    workspace: Workspace
    slack: Slack
    delivery: Delivery
    bolt_ack: Acknowledge
    started: float
    right: Right = Right.NOTHING
    modal: str = ""
    is_acked: bool = False
    shown_at: float | None = None  # when an acknowledgement carried a view, in monotonic seconds

    @property
    def flows(self) -> Flows:
        return self.front.flows

    @property
    def command(self) -> str:
        return self.front.command

    @property
    def actor(self) -> Actor:
        return Actor(self.workspace.organisation_id, self.workspace.team_id, self.arrival.user_id)

    @property
    def view(self) -> Seen:
        """The view acted in; only for listeners of views and of elements in views."""
        assert self.arrival.view is not None
        return self.arrival.view

    # --- acknowledging: each at most once counts

    async def ack(self, **answer: Any) -> None:
        if self.is_acked:
            return
        self.is_acked = True
        await self.bolt_ack(**answer)
        self.delivery.answered_with(answer)

    async def ack_errors(self, errors: dict[str, str]) -> None:
        """`errors` by field; those of fields that are not shown stand at the first one."""
        await self.ack(response_action="errors", errors=self.view.typing.placed(errors))

    async def ack_clear(self) -> None:
        """Closes all modals of this app."""
        await self.ack(response_action="clear")

    # --- showing

    async def show(self, view: View, *, instead: Message | None = None, view_hash: str = "") -> None:
        """Puts a view where the person looks: over the submitted one, over the modal of this turn, or as a new modal.

        When the person closed it meanwhile, `instead` goes to their direct messages; without it nothing happens.
        """
        if self.arrival.kind is Kind.SUBMISSION and not self.is_acked:
            self.modal = self.view.id
            await self.ack(response_action="update", view=view)
            self.shown_at = self.front.monotonic()
        elif self.modal:
            await self._update(view, instead, view_hash)
        else:
            self.modal = await self.slack.open(self.arrival.trigger, view)

    async def _update(self, view: View, instead: Message | None, view_hash: str) -> None:
        await self._ack_has_left()
        try:
            await self.slack.update(self.modal, view, view_hash)
        except SlackRefused as error:
            if not error.is_gone:
                raise
            if instead is not None:
                await self.dm(instead)

    async def _ack_has_left(self) -> None:
        """Bolt sends an acknowledgement some 10 ms later, on another connection: an update must not overtake it, or the
        view that it replaces would come last and stay."""
        if self.shown_at is not None:
            await asyncio.sleep(self.front.ack_lead_seconds - (self.front.monotonic() - self.shown_at))
            self.shown_at = None

    async def push(self, view: View) -> None:
        """On top of the modal, so that closing it leads back."""
        self.modal = await self.slack.push(self.arrival.trigger, view)

    # --- saying

    async def say(self, message: Message) -> None:
        """To the one who acted and to nobody else, in the place where they are."""
        if self.arrival.response_url:
            await self.slack.answer(self.arrival.response_url, message)
        else:
            await self.dm(message)

    async def dm(self, message: Message) -> Posted:
        return await self.slack.post(self.arrival.user_id, message)

    async def patiently(self, work: Awaitable[T], waiting: View) -> T:
        """The result of slow work. When it takes longer than a submission may, the person sees `waiting` meanwhile."""
        task = asyncio.ensure_future(work)
        left = self.front.patience_seconds - (self.front.monotonic() - self.started)
        try:
            done, _ = await asyncio.wait({task}, timeout=max(left, 0))
            if not done:
                await self._try_to_show(waiting)
            return await task
        finally:
            task.cancel()

    async def _try_to_show(self, waiting: View) -> None:
        # The work goes on whether the waiting view could be shown or not.
        try:
            await self.show(waiting)
        except (SlackRefused, RemoteUnavailable) as error:
            _log.info("waiting view not shown", extra={"reason": str(error)})


Work = Callable[[Turn], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Listener:
    """One row of the table of everything that people can do. `name` is a word of the command, an action, a view or an
    event; `needs` is None where Slack itself speaks, or where everybody may look; `fresh` ones change something, so the
    person's right is asked anew."""

    kind: Kind
    name: str
    needs: Right | None
    work: Work
    fresh: bool = False
