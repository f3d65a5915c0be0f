"""The forms of an account's workspaces, each read at most every few minutes.

Freshservice API v2, View all ticket fields, read 2025-11.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from sync.errors import RemoteRefusedUs
from trackers.freshservice.form import DEFAULTS, Form, read_form
from trackers.freshservice.http import Client
from trackers.port import CallKind

KEPT_SECONDS = 300.0
# A choice that the kept form does not know may be new: then the form is read again, but not for every ticket.
_AGAIN_SECONDS = 30.0


@dataclass(slots=True)
class Forms:
    """Of one account. `clock` is monotonic seconds."""

    clock: Callable[[], float]
    _kept: dict[int, tuple[float, Form]] = field(default_factory=dict)

    async def form(self, client: Client, workspace: int = 0) -> Form:
        """`workspace` 0 is for the global fields and those of the primary one."""
        at, form = self._kept.get(workspace, (0.0, DEFAULTS))
        if workspace in self._kept and self.clock() - at < KEPT_SECONDS:
            return form
        form = await _read(client, workspace)
        self._kept[workspace] = (self.clock(), form)
        return form

    async def newer(self, client: Client, workspace: int = 0) -> Form:
        """Read again, unless that was a moment ago."""
        at, form = self._kept.get(workspace, (0.0, DEFAULTS))
        if workspace in self._kept and self.clock() - at < _AGAIN_SECONDS:
            return form
        self._kept.pop(workspace, None)
        return await self.form(client, workspace)

    def forget(self) -> None:
        """The desk refused a value: its form may have changed."""
        self._kept.clear()


async def _read(client: Client, workspace: int) -> Form:
    query = {"workspace_id": str(workspace)} if workspace else {}
    try:
        answer = await client.list_page(CallKind.OTHER, "ticket_form_fields", query)
    except RemoteRefusedUs:
        # A modest agent may work on tickets and not see the form. Whether the key is good at all, other calls tell.
        return DEFAULTS
    return read_form(answer.many("ticket_fields"))
