"""Delivers what flows want Slack to be told: messages to one person, and what stands there brought up to date."""

import logging

from flows.connections import Line
from flows.settle import Waiting
from handlers import ids
from handlers.blocks import Message
from handlers.errors import SlackRefused
from handlers.front import Front
from handlers.slack import Slack
from handlers.views import notice as views
from handlers.views import tickets as ticket_views
from handlers.views.invitation import spent
from handlers.workspaces import Workspace
from pairing.invitation import InvitationState
from pairing.notice import Notice, NoticeKind
from sync.errors import RemoteUnavailable

_log = logging.getLogger(__name__)
# Our token is not what it should be: an operator's move, and then the news is still worth delivering.
_OURS = frozenset({"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "missing_scope"})


class SlackNotices:
    def __init__(self, front: Front) -> None:
        self._front = front

    async def deliver(self, organisation_id: str, notice: Notice) -> None:
        """Delivering twice does no harm. Raises RemoteUnavailable when it is to be tried again."""
        workspace = self._front.workspaces.of_organisation(organisation_id)
        if workspace is None:
            raise RemoteUnavailable("this organisation has no workspace here now")
        try:
            await self._delivered(workspace, notice)
        except SlackRefused as error:
            if error.code in _OURS:
                raise RemoteUnavailable(str(error)) from error
            # The person left, the message or the channel is gone: nobody is there to be told.
            _log.info("notice not wanted", extra={"notice": notice.id, "kind": notice.kind, "reason": error.code})

    async def _delivered(self, workspace: Workspace, notice: Notice) -> None:
        if notice.kind is NoticeKind.HOME:
            await self._front.homes.refresh(workspace)
            return
        slack = self._front.workspaces.slack(workspace)
        if notice.kind in (NoticeKind.DESK_REFUSED, NoticeKind.DESK_BACK):
            await self._about_desk(workspace, slack, notice)
            return
        line = await self._line(workspace, notice)
        if line is None:
            return
        match notice.kind:
            case NoticeKind.INVITATION:
                await self._replace_invitation(workspace, slack, line)
            case NoticeKind.CARD:
                await self._replace_card(workspace, slack, line)
            case NoticeKind.CLAIMED:
                await self._show_card(workspace, slack, notice, line)
            case NoticeKind.BACKFILL:
                await self._show_progress(workspace, slack, notice, line)
            case _:
                message = await self._message(workspace, notice, line)
                if message is not None and notice.user_id is not None:
                    await slack.post(notice.user_id, message)

    async def _line(self, workspace: Workspace, notice: Notice) -> Line | None:
        if notice.connection_id is None:
            return None
        return await self._front.flows.notice_line(workspace.organisation_id, notice.connection_id)

    async def _message(self, workspace: Workspace, notice: Notice, line: Line) -> Message | None:
        """What the one person is told; None when it is true no longer."""
        command = self._front.command
        match notice.kind:
            case NoticeKind.SECOND_CLAIM:
                return views.second_claim(line, command)
            case NoticeKind.DECLINED:
                return views.declined(line, notice.text, command)
            case NoticeKind.EXPIRED:
                return views.expired(line, command)
            case NoticeKind.NUMBER:
                digits = await self._front.flows.number_to_tell(workspace.organisation_id, line.connection.id)
                return views.number(line, digits) if digits is not None else None
            case NoticeKind.CLAIM_REFUSED:
                return views.claim_refused(line, notice.text)
            case NoticeKind.ACTIVE:
                return views.active(line, command)
            case NoticeKind.REJECTED:
                return views.rejected(line, command)
            case NoticeKind.UNREACHABLE:
                return views.unreachable(line)
            case NoticeKind.PAUSED:
                return views.paused(line)
            case NoticeKind.RESUMED:
                return views.resumed(line)
            case NoticeKind.CLOSED:
                return views.closed(line, notice.text)
            case _:
                return await self._about_tickets(workspace, notice, line)

    async def _about_tickets(self, workspace: Workspace, notice: Notice, line: Line) -> Message | None:
        flows, organisation_id = self._front.flows, workspace.organisation_id
        first, second, third = (*notice.text.split("|", 2), "", "", "")[:3]
        match notice.kind:
            case NoticeKind.PARKED:
                parked = await flows.parked_update(organisation_id, line.connection.id, notice.text)
                return ticket_views.parked_card(line, parked) if parked is not None else None
            case NoticeKind.PARKED_THERE:
                return ticket_views.parked_there(line, first, second)
            case NoticeKind.CONFLICT:
                found = await flows.disagreement(organisation_id, notice.text)
                return ticket_views.conflict_card(line, found[1], found[0]) if found is not None else None
            case NoticeKind.CUT:
                return ticket_views.cut(line, first, second, third)
            case NoticeKind.BRAKED:
                return ticket_views.braked(line, notice.text)
            case NoticeKind.JOIN_ASKED:
                return ticket_views.join_asked(line, first, second, third)
            case NoticeKind.OUT_OF_REACH:
                return ticket_views.out_of_reach(line)
            case NoticeKind.IN_REACH:
                return ticket_views.in_reach(line)
            case NoticeKind.RESTORED:
                return ticket_views.restored(line)
            case _:
                return None

    async def _about_desk(self, workspace: Workspace, slack: Slack, notice: Notice) -> None:
        name = await self._front.flows.desk_name(workspace.organisation_id, notice.text)
        if name is None or notice.user_id is None:
            return
        refused = notice.kind is NoticeKind.DESK_REFUSED
        message = ticket_views.desk_refused(name, self._front.command) if refused else ticket_views.desk_back(name)
        await slack.post(notice.user_id, message)

    async def _show_progress(self, workspace: Workspace, slack: Slack, notice: Notice, line: Line) -> None:
        """One message for each back-fill, edited while it goes on."""
        flows, organisation_id, connection_id = self._front.flows, workspace.organisation_id, line.connection.id
        fill = await flows.backfill_progress(organisation_id, connection_id)
        if fill is None or notice.user_id is None:
            return
        purpose = f"{ids.BACKFILL_CARD}:{fill.started_at.timestamp():.0f}"
        card = await flows.card(organisation_id, connection_id, purpose)
        if card is not None:
            await slack.replace(*card, ticket_views.progress(line, fill))
            return
        posted = await slack.post(notice.user_id, ticket_views.progress(line, fill))
        await flows.remember_card(organisation_id, connection_id, purpose, channel=posted.channel, ts=posted.ts)

    async def _replace_invitation(self, workspace: Workspace, slack: Slack, line: Line) -> None:
        offer = line.invitation
        if offer is None or offer.posted_channel is None or offer.posted_ts is None:
            return
        message = spent(Waiting(line.connection, offer), workspace.name)
        if message is not None:
            await slack.replace(offer.posted_channel, offer.posted_ts, message)

    async def _show_card(self, workspace: Workspace, slack: Slack, notice: Notice, line: Line) -> None:
        """Asks for the number, once: a repeated delivery writes over the card that stands there."""
        flows, organisation_id, connection_id = self._front.flows, workspace.organisation_id, line.connection.id
        if not line.needs_number or notice.user_id is None:
            return
        card = await flows.card(organisation_id, connection_id, ids.CLAIM_CARD)
        if card is not None:
            await slack.replace(*card, views.claim_card(line))
            return
        posted = await slack.post(notice.user_id, views.claim_card(line))
        await flows.remember_card(organisation_id, connection_id, ids.CLAIM_CARD, channel=posted.channel, ts=posted.ts)

    async def _replace_card(self, workspace: Workspace, slack: Slack, line: Line) -> None:
        card = await self._front.flows.card(workspace.organisation_id, line.connection.id, ids.CLAIM_CARD)
        if card is None or line.invitation is None or line.invitation.state is InvitationState.CLAIMED:
            return
        await slack.replace(*card, views.decided_card(line))
