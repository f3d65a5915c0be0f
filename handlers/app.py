"""The Slack app: one table of everything that people can do, and the few listeners through which Bolt hands it over."""

import logging
import re
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from handlers import ids
from handlers.actor import Actors, Right
from handlers.answered import answered
from handlers.arrivals import Kind
from handlers.doors import Flows
from handlers.duplicates import Duplicates
from handlers.front import Front, Listener, Turn
from handlers.homes import Homes
from handlers.listeners import accept, connections, desks, rule_trials, rules, tickets, wizard
from handlers.views.common import trouble_view
from handlers.workspaces import Workspaces

_log = logging.getLogger(__name__)
# Bolt copies this logger's level; at DEBUG it would write whole payloads, codes included.
_bolt_logger = logging.getLogger("drawbridge.bolt")
_bolt_logger.setLevel(logging.INFO)

_NOT_SERVED = (
    "This workspace is not served by this Drawbridge, so nothing was done. Ask the operator to add the workspace's bot"
    " token and to start it again."
)
_ANY = re.compile("")


async def _workspace_left(turn: Turn) -> None:
    _log.warning("the app was removed from a workspace", extra={"team": turn.workspace.team_id})
    turn.front.workspaces.forget(turn.workspace.team_id)


LISTENERS: tuple[Listener, ...] = (
    Listener(Kind.COMMAND, ids.HELP, Right.SEE, connections.help_),
    Listener(Kind.COMMAND, ids.LIST, Right.SEE, connections.list_),
    Listener(Kind.COMMAND, ids.STATUS, Right.SEE, connections.status),
    Listener(Kind.COMMAND, ids.SETUP, Right.ACT, desks.show),
    Listener(Kind.COMMAND, ids.INITIATE, Right.ACT, wizard.start),
    Listener(Kind.COMMAND, ids.ACCEPT, Right.ACT, accept.by_command),
    Listener(Kind.COMMAND, ids.EDIT, Right.ACT, connections.edit),
    Listener(Kind.COMMAND, ids.PENDING, Right.ACT, connections.pending),
    Listener(Kind.COMMAND, ids.CANCEL, Right.ACT, connections.cancel, fresh=True),
    Listener(Kind.COMMAND, ids.PAUSE, Right.ACT, connections.pause, fresh=True),
    Listener(Kind.COMMAND, ids.RESUME, Right.ACT, connections.resume, fresh=True),
    Listener(Kind.COMMAND, ids.CLOSE, Right.ACT, connections.close),
    Listener(Kind.COMMAND, ids.SCOPE, Right.ACT, tickets.scope),
    Listener(Kind.COMMAND, ids.BACKFILL, Right.ACT, tickets.backfill),
    Listener(Kind.COMMAND, ids.SYNC, Right.ACT, tickets.sync),
    Listener(Kind.COMMAND, ids.LINK, Right.ACT, tickets.link),
    Listener(Kind.COMMAND, ids.UNLINK, Right.ACT, tickets.unlink, fresh=True),
    Listener(Kind.COMMAND, ids.ERRORS, Right.ACT, tickets.errors),
    Listener(Kind.COMMAND, ids.EDIT_RULES, Right.ACT, rules.edit),
    Listener(Kind.ACTION, ids.HOME_RULES, Right.ACT, rules.show),
    Listener(Kind.ACTION, ids.PARKED_RULE, Right.ACT, rules.show_place),
    Listener(Kind.ACTION, ids.RULES_BACK, Right.ACT, rules.back),
    Listener(Kind.ACTION, ids.RULES_FILES, Right.ACT, rules.files),
    Listener(Kind.ACTION, ids.RULES_DISCARD, Right.ACT, rules.discard),
    Listener(Kind.ACTION, ids.RULES_VERSIONS, Right.ACT, rules.versions),
    Listener(Kind.ACTION, ids.RULES_HTTP, Right.ACT, rules.switch_http, fresh=True),
    Listener(Kind.ACTION, ids.RULES_TRY, Right.ACT, rule_trials.show),
    Listener(Kind.ACTION, ids.TRIAL_DAYS, Right.ACT, rule_trials.try_days, fresh=True),
    Listener(Kind.ACTION, ids.TRIAL_STOP, Right.ACT, rule_trials.stop, fresh=True),
    Listener(Kind.SUBMISSION, ids.VIEW_RULES_TRY, Right.ACT, rule_trials.tried),
    Listener(Kind.SUBMISSION, ids.VIEW_RULES, Right.ACT, rules.checked),
    Listener(Kind.SUBMISSION, ids.VIEW_RULES_DIFF, Right.ACT, rules.save, fresh=True),
    Listener(Kind.SUBMISSION, ids.VIEW_RULES_VERSIONS, Right.ACT, rules.compared),
    Listener(Kind.SUBMISSION, ids.VIEW_RULES_COMPARE, Right.ACT, rules.restored, fresh=True),
    Listener(Kind.CLOSED, ids.VIEW_RULES, Right.ACT, rules.closed),
    Listener(Kind.ACTION, ids.SCOPE_PREVIEW, Right.ACT, tickets.preview),
    Listener(Kind.ACTION, ids.BACKFILL_STOP, Right.ACT, tickets.stop_backfill, fresh=True),
    Listener(Kind.ACTION, ids.PARKED_RETRY, Right.ACT, tickets.retry, fresh=True),
    Listener(Kind.ACTION, ids.PARKED_SKIP, Right.ACT, tickets.skip, fresh=True),
    Listener(Kind.ACTION, ids.CONFLICT_TAKE, Right.ACT, tickets.take_other, fresh=True),
    Listener(Kind.ACTION, ids.JOIN_YES, Right.ACT, tickets.join, fresh=True),
    Listener(Kind.ACTION, ids.JOIN_NO, Right.ACT, tickets.join, fresh=True),
    Listener(Kind.SUBMISSION, ids.VIEW_SCOPE, Right.ACT, tickets.scope_given, fresh=True),
    Listener(Kind.SUBMISSION, ids.VIEW_TICKET, Right.ACT, tickets.by_hand_given, fresh=True),
    Listener(Kind.SUBMISSION, ids.VIEW_BACKFILL, Right.ACT, tickets.backfill_given, fresh=True),
    Listener(Kind.ACTION, ids.HOME_INITIATE, Right.ACT, wizard.start),
    Listener(Kind.ACTION, ids.HOME_ACCEPT, Right.ACT, accept.paste),
    Listener(Kind.ACTION, ids.HOME_DESKS, Right.ACT, desks.show),
    Listener(Kind.ACTION, ids.HOME_PREVIOUS, Right.SEE, connections.turn_page),
    Listener(Kind.ACTION, ids.HOME_NEXT, Right.SEE, connections.turn_page),
    Listener(Kind.ACTION, ids.HOME_STATUS, Right.SEE, connections.show_status),
    Listener(Kind.ACTION, ids.HOME_MENU, Right.ACT, connections.menu, fresh=True),
    Listener(Kind.ACTION, ids.HOME_SCOPE, Right.ACT, tickets.show_scope),
    Listener(Kind.ACTION, ids.HOME_BACKFILL, Right.ACT, tickets.show_backfill),
    Listener(Kind.ACTION, ids.HOME_TICKET, Right.ACT, tickets.show_by_hand),
    Listener(Kind.ACTION, ids.HOME_ERRORS, Right.ACT, tickets.show_errors),
    Listener(Kind.ACTION, ids.DESK_ADD, Right.ACT, desks.add),
    Listener(Kind.ACTION, ids.DESK_BACK, Right.ACT, desks.show),
    Listener(Kind.ACTION, ids.DESK_KEY, Right.ACT, desks.replace),
    Listener(Kind.ACTION, ids.DESK_REQUESTER, Right.ACT, desks.requester),
    Listener(Kind.ACTION, ids.DESK_HOOK, Right.ACT, desks.hook, fresh=True),
    Listener(Kind.ACTION, ids.DESK_REMOVE, Right.ACT, desks.remove, fresh=True),
    Listener(Kind.ACTION, ids.WIZARD_AGAIN, Right.ACT, wizard.again),
    Listener(Kind.ACTION, ids.WIZARD_BACK, Right.ACT, wizard.back),
    Listener(Kind.ACTION, ids.WIZARD_CHANGED, Right.ACT, wizard.changed),
    Listener(Kind.ACTION, ids.OFFER_DECLINE, Right.ACT, accept.ask_reason),
    Listener(Kind.ACTION, ids.CLAIM_NUMBER, Right.ACT, connections.ask_number),
    Listener(Kind.ACTION, ids.CLAIM_REJECT, Right.ACT, connections.reject, fresh=True),
    Listener(Kind.SUBMISSION, ids.VIEW_DESK_ADD, Right.ACT, desks.added, fresh=True),
    Listener(Kind.SUBMISSION, ids.VIEW_DESK_KEY, Right.ACT, desks.replaced, fresh=True),
    Listener(Kind.SUBMISSION, ids.VIEW_DESK_REQUESTER, Right.ACT, desks.requester_given, fresh=True),
    Listener(Kind.SUBMISSION, ids.VIEW_WIZARD_RESUME, Right.ACT, wizard.resume),
    Listener(Kind.SUBMISSION, ids.VIEW_WIZARD[1], Right.ACT, wizard.go_on),
    Listener(Kind.SUBMISSION, ids.VIEW_WIZARD[2], Right.ACT, wizard.go_on),
    Listener(Kind.SUBMISSION, ids.VIEW_WIZARD[3], Right.ACT, wizard.go_on),
    Listener(Kind.SUBMISSION, ids.VIEW_WIZARD[4], Right.ACT, wizard.send, fresh=True),
    Listener(Kind.SUBMISSION, ids.VIEW_PASTE, Right.ACT, accept.pasted),
    Listener(Kind.SUBMISSION, ids.VIEW_OFFER, Right.ACT, accept.accept, fresh=True),
    Listener(Kind.SUBMISSION, ids.VIEW_DECLINE, Right.ACT, accept.decline, fresh=True),
    Listener(Kind.SUBMISSION, ids.VIEW_NUMBER, Right.ACT, connections.number, fresh=True),
    Listener(Kind.SUBMISSION, ids.VIEW_EDIT, Right.ACT, connections.edited, fresh=True),
    Listener(Kind.SUBMISSION, ids.VIEW_CLOSE, Right.ACT, connections.closed, fresh=True),
    *(Listener(Kind.CLOSED, callback, Right.ACT, wizard.closed) for callback in ids.VIEW_WIZARD.values()),
    Listener(Kind.EVENT, ids.HOME_OPENED, None, connections.home_opened),
    Listener(Kind.EVENT, ids.UNINSTALLED, None, _workspace_left),
    Listener(Kind.EVENT, ids.REVOKED, None, _workspace_left),
)


def open_front(
    *,
    flows: Flows,
    workspaces: Workspaces,
    command: str = "/connect",
    admin_groups: frozenset[str] = frozenset(),
    monotonic: Callable[[], float] = time.monotonic,
    reference: Callable[[], str] = lambda: secrets.token_hex(4),
    patience_seconds: float = 1.2,
    ack_lead_seconds: float = 0.1,
) -> Front:
    """Everything that the listeners and the notices share. `admin_groups` are ids of Slack user groups."""
    actors = Actors(admin_groups, monotonic)
    homes = Homes(flows, workspaces, actors, command)
    duplicates = Duplicates(monotonic)
    return Front(
        flows=flows,
        workspaces=workspaces,
        actors=actors,
        duplicates=duplicates,
        homes=homes,
        command=command,
        monotonic=monotonic,
        reference=reference,
        patience_seconds=patience_seconds,
        ack_lead_seconds=ack_lead_seconds,
    )


def build_slack_app(front: Front) -> AsyncApp:
    """For Socket Mode, and for HTTP behind `verification.is_from_slack`: Bolt itself checks no signature here."""
    workspaces = front.workspaces

    # Bolt takes None for a workspace that is not served, whatever its annotation says.
    async def authorize(team_id: str | None, user_id: str | None) -> Any:
        return await workspaces.authorize(team_id, user_id)

    app = AsyncApp(
        name="drawbridge",
        logger=_bolt_logger,
        client=workspaces.anonymous,
        before_authorize=_OnlyServed(workspaces),
        authorize=authorize,
        signing_secret="",
        request_verification_enabled=False,
        # Otherwise Bolt looks every ten milliseconds whether a listener has acknowledged; ours return when they have.
        process_before_response=True,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )
    _listen(app, front)
    return app


class _OnlyServed(AsyncMiddleware):
    """Answers where we have no token. A class, because for a function Bolt gathers thirty arguments each time."""

    def __init__(self, workspaces: Workspaces) -> None:
        self._workspaces = workspaces

    async def async_process(
        self, *, req: AsyncBoltRequest, resp: BoltResponse, next: Callable[[], Awaitable[BoltResponse]]
    ) -> BoltResponse | None:
        served = self._workspaces.of_team(req.context.team_id or "") is not None
        if served or req.body.get("type") == "url_verification":
            return await next()
        return BoltResponse(status=200, body=_not_served(req.body))


def _not_served(body: Mapping[str, Any]) -> str | dict[str, Any]:
    """The answer to a workspace that this node has no token for, where it can be shown."""
    if "command" in body:
        return {"response_type": "ephemeral", "text": _NOT_SERVED}
    if body.get("type") == "view_submission":
        return {"response_action": "update", "view": trouble_view(_NOT_SERVED)}
    return ""


def _listen(app: AsyncApp, front: Front) -> None:
    """Bolt sorts by kind, our table by name: one wrapper stands around everything."""
    table = {(listener.kind, listener.name): listener for listener in LISTENERS}
    assert len(table) == len(LISTENERS), "every listener has a name of its own"

    def hand_over(kind: Kind) -> Callable[..., Any]:
        async def listener(ack: AsyncAck, body: Mapping[str, Any], context: AsyncBoltContext) -> None:
            await answered(front, table, kind, body, context.team_id, ack)

        return listener

    app.command(front.command)(hand_over(Kind.COMMAND))
    app.block_action(_ANY)(hand_over(Kind.ACTION))
    app.view_submission(_ANY)(hand_over(Kind.SUBMISSION))
    app.view_closed(_ANY)(hand_over(Kind.CLOSED))
    app.event(ids.HOME_OPENED)(hand_over(Kind.EVENT))
    app.event(ids.UNINSTALLED)(hand_over(Kind.EVENT))
    app.event(ids.REVOKED)(hand_over(Kind.EVENT))
