"""Rules tried before they are saved: on one ticket, or on all of the last days while a message shows how far it is."""

import logging

from flows.rule_trial import Summary
from flows.rules import RulesOpen
from handlers import ids
from handlers.blocks import Message, escape
from handlers.errors import SlackRefused
from handlers.front import Turn
from handlers.listeners.rules import typed
from handlers.slack import Posted
from handlers.views import common
from handlers.views.rule_trials import MOST_DAYS, begun_view, trial_message, try_view
from pairing.errors import UserError
from sync.errors import RemoteUnavailable

_log = logging.getLogger(__name__)
_TRYING = ("Trying…", "Reading the ticket and running your rules on it.")
_SECONDS_BETWEEN_EDITS = 3.0


async def show(turn: Turn) -> None:
    """From the editor or the difference: the window first, then the desk's recent tickets."""
    if turn.view.callback == ids.VIEW_RULES:
        opened = await typed(turn)
    else:
        opened = await turn.flows.open_rules(turn.actor, turn.view.meta.partition(":")[0])
    await turn.show(try_view(opened, None))
    try:
        recent = await turn.flows.recent_tickets(turn.actor, opened.connection.id)
        await turn.show(try_view(opened, recent))
    except UserError as error:
        await turn.show(try_view(opened, (), said=escape(str(error))))


async def tried(turn: Turn) -> None:
    """The submit: one ticket, chosen or typed."""
    typing = turn.view.typing
    ticket = typing[ids.TICKET].strip() or typing[ids.RECENT]
    if not ticket:
        await turn.ack_errors({ids.TICKET: "Type a ticket's number, or choose one of the recent ones."})
        return
    opened = await turn.flows.open_rules(turn.actor, turn.view.meta)
    work = turn.flows.try_ticket(turn.actor, opened.connection.id, ticket)
    trial = await turn.patiently(work, common.waiting(*_TRYING))
    recent = await turn.flows.recent_tickets(turn.actor, opened.connection.id)
    view = try_view(opened, recent, ticket=typing[ids.TICKET], days=typing[ids.DAYS], trial=trial)
    await turn.show(view)


async def try_days(turn: Turn) -> None:
    opened = await turn.flows.open_rules(turn.actor, turn.view.meta)
    days = turn.view.typing[ids.DAYS].strip()
    if not (days.isascii() and days.isdigit() and 1 <= int(days) <= MOST_DAYS):
        raise UserError(f"Type a number of days from 1 to {MOST_DAYS}.")
    summary = Summary(int(days))
    posted = await turn.dm(_message(opened, summary))
    await turn.flows.remember_card(
        turn.workspace.organisation_id, opened.connection.id, _purpose(turn), channel=posted.channel, ts=posted.ts
    )
    text = "The trial has begun. A direct message shows how far it is; you can stop it there and close this window."
    await turn.show(begun_view(opened.connection.id, text))
    await _Trial(turn, opened, posted).run(int(days))


async def stop(turn: Turn) -> None:
    """The trial notices when it is at the next ticket, and writes its result over this."""
    organisation_id, connection_id = turn.workspace.organisation_id, turn.arrival.value
    card = await turn.flows.card(organisation_id, connection_id, _purpose(turn))
    here = turn.arrival.channel, turn.arrival.message_ts
    if card != here:
        await turn.say(common.said("That trial is over already."))
        return
    await turn.flows.remember_card(organisation_id, connection_id, _purpose(turn), channel="", ts="")
    await turn.slack.replace(*here, common.said("*The trial was stopped.* Nothing was written."))


class _Trial:
    """One run over many tickets, and the message that tells of it."""

    def __init__(self, turn: Turn, opened: RulesOpen, posted: Posted) -> None:
        self._turn = turn
        self._opened = opened
        self._posted = posted
        self._edited_at = turn.front.monotonic()
        self._last = Summary(0)

    async def run(self, days: int) -> None:
        turn, connection_id = self._turn, self._opened.connection.id
        self._last = Summary(days)
        try:
            over = await turn.flows.try_days(turn.actor, connection_id, days, self._report)
            await self._edit(_message(self._opened, over))
        except UserError as error:
            await self._edit(_message(self._opened, self._last, str(error)))

    async def _report(self, summary: Summary) -> bool:
        turn, self._last = self._turn, summary
        card = await turn.flows.card(turn.workspace.organisation_id, self._opened.connection.id, _purpose(turn))
        if card != (self._posted.channel, self._posted.ts):
            return False
        now = turn.front.monotonic()
        if now - self._edited_at >= _SECONDS_BETWEEN_EDITS:
            self._edited_at = now
            await self._edit(_message(self._opened, summary))
        return True

    async def _edit(self, message: Message) -> None:
        try:
            await self._turn.slack.replace(self._posted.channel, self._posted.ts, message)
        except (SlackRefused, RemoteUnavailable) as error:
            _log.info("trial not shown", extra={"reason": str(error)})


def _message(opened: RulesOpen, summary: Summary, trouble: str = "") -> Message:
    return trial_message(opened.connection.name, opened.connection.id, summary, trouble)


def _purpose(turn: Turn) -> str:
    """One trial at a time for each person and connection: a new one ends the old one."""
    return f"trial:{turn.arrival.user_id}"
