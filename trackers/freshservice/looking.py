"""Looks at tickets: one with all that is said on it, and lists, each with the fewest calls that tell enough.

Freshservice API v2, View and List a ticket, read 2025-11.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sync.ticket import TicketState
from trackers.freshservice import answers, conversations, tickets
from trackers.freshservice.account import Account
from trackers.freshservice.answers import path_id
from trackers.freshservice.form import Form
from trackers.freshservice.http import Answer, Client
from trackers.freshservice.record import Record
from trackers.lenient import moment_text
from trackers.port import NO_QUERY, Budget, CallKind, Reading

_PER_PAGE = "100"
_ALL_WORKSPACES = "0"
_PRIMARY = 2


@dataclass(frozen=True, slots=True)
class Looking:
    """`workspace` 0 stands for all that the key may see."""

    client: Client
    account: Account
    workspace: int

    async def whole(self, number: str) -> tuple[Record, tuple[Record, ...]]:
        """The ticket with its tags, and its conversations, oldest first."""
        begun: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        viewed, said = await asyncio.gather(
            self._view(number, begun), self._said(number, begun), return_exceptions=True
        )
        for outcome in (viewed, said):  # the ticket's own trouble says more
            if isinstance(outcome, BaseException):
                raise outcome
        assert isinstance(viewed, Record)
        assert not isinstance(said, BaseException)
        if said is None and tickets.state_of(viewed) is TicketState.LIVE:
            raise answers.unusable()  # a live ticket has a list of conversations, if only an empty one
        return viewed, said or ()

    async def list(self, since: datetime, page: str | None, *, with_tags: bool) -> Answer:
        """What moved at or after `since`, a page of it."""
        try:
            answer = await self._page(since, page, {"include": "tags"} if with_tags else NO_QUERY)
        except answers.DeskRefused as error:
            if not with_tags or "include" not in {complaint.field for complaint in error.complaints}:
                raise
            self.account.tags.is_offered = with_tags = False
            answer = await self._page(since, page, NO_QUERY)
        self.account.tags.listed(answer.many("tickets"), with_tags=with_tags)
        return answer

    async def _page(self, since: datetime, page: str | None, include: Mapping[str, str]) -> Answer:
        """Always with a time: without one the desk leaves out what is older than thirty days."""
        query = {"updated_since": moment_text(since), "order_type": "asc", "per_page": _PER_PAGE, **include}
        price = 3 if include else 1
        if page is not None:
            query["page"] = path_id(page)
        if not self.account.has_workspaces:
            return await self.client.list_page(CallKind.LIST, "tickets", query, price)
        try:
            in_workspace = {**query, "workspace_id": str(self.workspace or _ALL_WORKSPACES)}
            return await self.client.list_page(CallKind.LIST, "tickets", in_workspace, price)
        except answers.DeskRefused as error:
            if "workspace_id" not in {complaint.field for complaint in error.complaints} or self.workspace:
                raise
        self.account.has_workspaces = False  # an account of the old kind: the parameter is unknown there
        return await self.client.list_page(CallKind.LIST, "tickets", query, price)

    async def form(self) -> Form:
        return await self.account.forms.form(self.client, self.workspace)

    async def form_for(self, entry: Record) -> Form:
        """Of the ticket's workspace, whose fields are its own; read again for a status that we never heard of."""
        workspace = self.workspace_of(entry)
        form = await self.account.forms.form(self.client, workspace)
        if form.is_known and tickets.unknown_choice(entry, form):
            form = await self.account.forms.newer(self.client, workspace)
        return form

    def workspace_of(self, entry: Record) -> int:
        own = entry.number("workspace_id") or 0
        return own if own not in (0, 1, _PRIMARY) else self.workspace

    async def shared_custom(self) -> frozenset[str] | None:
        """Which custom fields the list shows: over all workspaces only those that they share."""
        if self.workspace or not self.account.has_workspaces:
            return None
        form = await self.form()
        return form.shared_custom if form.is_known else frozenset()

    async def _said(self, number: str, begun: "asyncio.Future[bool]") -> tuple[Record, ...] | None:
        """Beside the look at the ticket, but not in vain where that one has to wait for its limit."""
        return await conversations.conversations_of(self.client, number) if await begun else None

    async def _view(self, number: str, begun: "asyncio.Future[bool]") -> Record:
        """`begun` is told whether there was room for the call."""
        try:
            return await self._viewed(replace(self.client, budget=_Telling(self.client.budget, begun)), number)
        finally:
            if not begun.done():
                begun.set_result(False)

    async def _viewed(self, client: Client, number: str) -> Record:
        known = self.account.tags
        if known.may_be_known(number):
            viewed = await client.get(CallKind.VIEW, f"tickets/{number}")
            if (whole := known.added_to(viewed.one("ticket"))) is not None:
                return whole
        known.looked()
        return (await client.get(CallKind.VIEW, f"tickets/{number}", {"include": "tags"}, price=2)).one("ticket")


@dataclass(frozen=True, slots=True)
class _Telling:
    """A budget that tells when there was room for a call."""

    budget: Budget
    begun: "asyncio.Future[bool]"

    async def reserve(self, kind: CallKind, price: int = 1, *, urgent: bool = False) -> None:
        await self.budget.reserve(kind, price, urgent=urgent)
        if not self.begun.done():
            self.begun.set_result(True)

    def learned(self, kind: CallKind, reading: Reading) -> None:
        self.budget.learned(kind, reading)

    @property
    def has_room(self) -> bool:
        return self.budget.has_room
