"""The one outermost wrapper around every listener: whatever happens, Slack and the person get an answer.

Nothing escapes into Bolt: an error that does so right after an acknowledgement erases it (slack_bolt 1.30.0). Nor does
Bolt wait for anything but the acknowledgement: the work goes on in a task of ours.
"""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from flows.errors import FieldErrors
from handlers import ids
from handlers.actor import refusal
from handlers.arrivals import Arrival, Kind, read_arrival
from handlers.blocks import escape
from handlers.errors import NotAllowed, SlackRefused
from handlers.front import Front, Listener, Turn
from handlers.parse import read_command
from handlers.views import common
from pairing.errors import UserError
from sync.errors import RemoteError

_log = logging.getLogger(__name__)
Table = Mapping[tuple[Kind, str], Listener]
_OLD = "That button is from an older version of this app. Open its Home tab, or type the command, and start from there."


async def answered(
    front: Front, table: Table, kind: Kind, body: Mapping[str, Any], team_id: str | None, ack: AsyncAck
) -> None:
    """Reads what came, does its work once, answers. Returns with the acknowledgement, never raises."""
    first = _FirstAck(ack)
    task = asyncio.create_task(_all_of_it(front, table, kind, body, team_id, first))
    front.running.add(task)
    task.add_done_callback(front.running.discard)
    task.add_done_callback(first.is_over)
    await first.given


class _FirstAck:
    """Bolt's `ack`; `given` is done soon after it was called, or when nobody is left who could."""

    def __init__(self, ack: AsyncAck) -> None:
        self._ack = ack
        self.was_called = False
        self.given: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def __call__(self, **answer: Any) -> None:
        await self._ack(**answer)
        self.was_called = True
        # One turn of the loop later: a window that is asked for right away leaves first, for a person waits for that.
        asyncio.get_running_loop().call_soon(self.is_over)

    def is_over(self, _: object = None) -> None:
        if not self.given.done():
            self.given.set_result(None)


async def _all_of_it(
    front: Front, table: Table, kind: Kind, body: Mapping[str, Any], team_id: str | None, ack: _FirstAck
) -> None:
    try:
        await _received(front, table, kind, body, team_id, ack)
    except Exception as error:
        log_unexpected(error, front.reference(), kind, "?")
        if not ack.was_called:
            await ack()


async def _received(
    front: Front, table: Table, kind: Kind, body: Mapping[str, Any], team_id: str | None, ack: _FirstAck
) -> None:
    arrival = read_arrival(kind, body)
    workspace = front.workspaces.of_team(team_id or "")
    delivery = front.duplicates.delivery(arrival.key)
    if not delivery.is_first:
        # Answered as before; for a submission that means the same view or the same errors.
        await ack(**await asyncio.wait_for(asyncio.shield(delivery.answer), 2.5))
        return
    if workspace is None:
        await ack()
        return
    slack = front.workspaces.slack(workspace)
    turn = Turn(front, arrival, workspace, slack, delivery, ack, front.monotonic())
    if arrival.view is not None and not arrival.view.is_home:
        turn.modal = arrival.view.id
    await _worked(turn, table)


async def _worked(turn: Turn, table: Table) -> None:
    """Acknowledges at once, except for a submission: its acknowledgement is its answer."""
    try:
        if turn.arrival.kind is not Kind.SUBMISSION:
            await turn.ack()
        listener = _listener(turn.arrival, table)
        if listener is None:
            raise UserError(_OLD)
        await _admit(turn, listener)
        await listener.work(turn)
    except Exception as error:
        await _sorry(turn, error)
    finally:
        await turn.ack()


def _listener(arrival: Arrival, table: Table) -> Listener | None:
    if arrival.kind is Kind.COMMAND:
        return table[Kind.COMMAND, read_command(arrival.text).word or ids.HELP]
    return table.get((arrival.kind, arrival.name))


async def _admit(turn: Turn, listener: Listener) -> None:
    """Raises NotAllowed unless Slack says, for this very request, that the person may do it."""
    if listener.needs is None:
        return
    workspace, arrival = turn.workspace, turn.arrival
    # The person's own team as the payload states it: in a shared channel the payload's other teams are ours.
    if arrival.user_team != workspace.team_id:
        raise refusal(workspace, "outsider")
    standing = await turn.front.actors.standing(workspace, turn.slack, arrival.user_id, fresh=listener.fresh)
    if standing.right < listener.needs:
        raise refusal(workspace, standing.why)
    turn.right = standing.right


async def _sorry(turn: Turn, error: Exception) -> None:
    """Tells the person, in the place where they are, what happened and what to do."""
    if isinstance(error, NotAllowed):
        await _audit(turn, error)
    if isinstance(error, SlackRefused) and error.is_gone:
        return
    text = _sentence(turn, error)
    if turn.arrival.kind in (Kind.CLOSED, Kind.EVENT):
        return
    try:
        await _tell(turn, error, text)
    except (SlackRefused, RemoteError) as failed:
        _log.info("an error could not be shown", extra={"reason": str(failed), "user": turn.arrival.user_id})


def _sentence(turn: Turn, error: Exception) -> str:
    """Mrkdwn. What is not foreseen is logged under a reference, without anything that Slack sent or a person typed."""
    if isinstance(error, UserError):
        return escape(str(error))
    if isinstance(error, SlackRefused) and error.is_late:
        return common.late()
    if isinstance(error, RemoteError):
        _log.info("not answered in time", extra={"kind": turn.arrival.kind, "error": type(error).__name__})
        return common.slack_busy()
    reference = turn.front.reference()
    log_unexpected(error, reference, turn.arrival.kind, _safe_name(turn.arrival))
    return common.unexpected(reference)


async def _tell(turn: Turn, error: Exception, text: str) -> None:
    is_form = turn.arrival.kind is Kind.SUBMISSION and turn.view.typing.blocks
    if is_form and isinstance(error, UserError) and not isinstance(error, NotAllowed):
        await _tell_in_form(turn, error, text)
    elif turn.arrival.kind is Kind.ACTION and turn.modal and turn.arrival.view is not None:
        await _tell_over_modal(turn, text)
    elif turn.modal or turn.arrival.kind is Kind.SUBMISSION:
        await turn.show(common.trouble_view(text), instead=common.said(text))
    else:
        await turn.say(common.said(text))


async def _tell_in_form(turn: Turn, error: UserError, text: str) -> None:
    errors = error.fields if isinstance(error, FieldErrors) else {"": str(error)}
    if not turn.is_acked:
        await turn.ack_errors(errors)
        return
    seen = turn.view
    placed = seen.typing.placed(errors) if isinstance(error, FieldErrors) else errors
    form = common.again(seen.raw, (seen.raw.get("state") or {}).get("values") or {}, placed)
    await turn.show(form, instead=common.said(text))


async def _tell_over_modal(turn: Turn, text: str) -> None:
    """On top, so that what was typed under it stays; where that is impossible, in its place."""
    try:
        await turn.push(common.trouble_view(text))
    except SlackRefused:
        await turn.show(common.trouble_view(text), instead=common.said(text))


async def _audit(turn: Turn, error: NotAllowed) -> None:
    arrival, workspace = turn.arrival, turn.workspace
    try:
        await turn.flows.audit_denied(
            workspace.organisation_id,
            team_id=arrival.user_team or workspace.team_id,
            user_id=arrival.user_id,
            action=f"{arrival.kind} {_safe_name(arrival)}: {error.why}",
        )
    except Exception as failed:
        # The person is refused all the same, and told so.
        log_unexpected(failed, turn.front.reference(), arrival.kind, _safe_name(arrival))


def _safe_name(arrival: Arrival) -> str:
    """What was tried, without anything that was typed."""
    return read_command(arrival.text).word or "?" if arrival.kind is Kind.COMMAND else arrival.name


def log_unexpected(error: Exception, reference: str, kind: Kind, name: str) -> None:
    """Under the reference that the person was given. The log's form leaves an error's own words out."""
    _log.error("unexpected error", exc_info=error, extra={"reference": reference, "kind": kind, "action": name})
