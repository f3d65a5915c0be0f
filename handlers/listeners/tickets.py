"""Commands and buttons about tickets: one by hand, scopes, back-fills, what is parked, what both sides changed."""

import logging
from collections.abc import Awaitable

from flows.connections import Line
from flows.errors import FieldErrors, NotFound
from handlers import ids
from handlers.blocks import Message, escape, in_code, section
from handlers.errors import SlackRefused
from handlers.front import Turn
from handlers.listeners.which import by_id, meant
from handlers.parse import read_command
from handlers.views import common
from handlers.views.tickets import (
    backfill_view,
    by_hand_view,
    conflict_card,
    progress,
    scope_saved,
    scope_view,
    troubles,
    troubles_view,
)
from pairing.connection import Connection
from pairing.errors import UserError

_log = logging.getLogger(__name__)
_ASKING = ("Asking your desk…", "Looking at its recent tickets.")


def _is_open(connection: Connection) -> bool:
    return connection.is_open


# --- commands


async def sync(turn: Turn) -> None:
    ticket, *names = read_command(turn.arrival.text).names or ("",)
    if not ticket:
        raise NotFound(f"Which ticket? Type `{turn.command} sync #372`.")
    line = await meant(turn, f"sync {ticket}", _is_open, tuple(names))
    if line is not None:
        await turn.say(common.said(await _shared(turn, line, ticket)))


async def _shared(turn: Turn, line: Line, ticket: str) -> str:
    found = await turn.flows.sync_ticket(turn.actor, line.connection.name, ticket)
    name = in_code(line.connection.name)
    return f"Ticket {in_code(found.shown)} is on its way on {name}, and stays in step from now on."


async def link(turn: Turn) -> None:
    typed = read_command(turn.arrival.text).names
    if len(typed) < 2:
        raise NotFound(f"Which two tickets? Type yours first, then your partner's: `{turn.command} link #372 #118`.")
    ours, theirs, *names = typed
    line = await meant(turn, f"link {ours} {theirs}", _is_open, tuple(names))
    if line is not None:
        await turn.say(common.said(await _asked_to_link(turn, line, ours, theirs)))


async def _asked_to_link(turn: Turn, line: Line, ours: str, theirs: str) -> str:
    number = "".join(c for c in theirs if c.isdigit())
    if not number:
        raise NotFound("Name your partner's ticket by its number, for example `#118`.")
    found = await turn.flows.link_tickets(turn.actor, line.connection.name, ours, number)
    return (
        f"Your partner is asked to link {in_code(found.shown)} with their {in_code('#' + number)}. It happens once"
        " somebody there says yes; until then both stay as they are."
    )


async def unlink(turn: Turn) -> None:
    ours, *names = read_command(turn.arrival.text).names or ("",)
    if not ours:
        raise NotFound(f"Which ticket of yours? Type `{turn.command} unlink #372`.")
    line = await meant(turn, f"unlink {ours}", _is_open, tuple(names))
    if line is not None:
        await turn.say(common.said(await _unlinked(turn, line, ours)))


async def _unlinked(turn: Turn, line: Line, ours: str) -> str:
    cut = await turn.flows.unlink(turn.actor, line.connection.name, ours)
    return f"{in_code(f'#{cut.our_ticket}')} is unlinked. Both tickets stay; your partner is told."


async def errors(turn: Turn) -> None:
    names = read_command(turn.arrival.text).names
    await turn.say(troubles(await turn.flows.errors(turn.actor, names[0] if names else None)))


async def scope(turn: Turn) -> None:
    line = await meant(turn, ids.SCOPE, _is_open)
    if line is not None:
        await _show_scope(turn, line)


async def backfill(turn: Turn) -> None:
    names = [name for name in read_command(turn.arrival.text).names if name != "stop"]
    stop = len(names) != len(read_command(turn.arrival.text).names)
    line = await meant(turn, ids.BACKFILL, _is_open, tuple(names))
    if line is None:
        return
    if stop:
        stopped = await turn.flows.stop_backfill(turn.actor, line.connection.name)
        await turn.say(common.said(f"Stopped. {stopped.done} tickets were taken; they stay linked."))
        return
    await _show_backfill(turn, line)


async def _show_scope(turn: Turn, line: Line) -> None:
    query = await turn.flows.scope_of(turn.actor, line.connection.name)
    await turn.show(scope_view(line.connection, query))


async def _show_backfill(turn: Turn, line: Line) -> None:
    query = await turn.flows.scope_of(turn.actor, line.connection.name)
    await turn.show(backfill_view(line.connection, query))


# --- buttons of Home


async def show_scope(turn: Turn) -> None:
    await _show_scope(turn, await by_id(turn, turn.arrival.value))


async def show_backfill(turn: Turn) -> None:
    await _show_backfill(turn, await by_id(turn, turn.arrival.value))


async def show_by_hand(turn: Turn) -> None:
    await turn.show(by_hand_view((await by_id(turn, turn.arrival.value)).connection))


async def show_errors(turn: Turn) -> None:
    await _show_errors(turn, await by_id(turn, turn.arrival.value))


async def _show_errors(turn: Turn, line: Line, said: str = "") -> None:
    found = await turn.flows.errors(turn.actor, line.connection.name)
    await turn.show(troubles_view(line.connection, found, said))


# --- views


async def preview(turn: Turn) -> None:
    """Shows what the filter matches, in the same modal; nothing is saved yet."""
    line = await by_id(turn, turn.view.meta)
    query = turn.view.typing[ids.QUERY]
    try:
        found = await turn.flows.preview_scope(turn.actor, line.connection.name, query) if query.strip() else None
        view = scope_view(line.connection, query, found)
    except UserError as error:
        view = scope_view(line.connection, query, trouble=str(error))
    await turn.show(view)


async def scope_given(turn: Turn) -> None:
    line = await by_id(turn, turn.view.meta)
    query = turn.view.typing[ids.QUERY]
    await turn.patiently(turn.flows.set_scope(turn.actor, line.connection.name, query), common.waiting(*_ASKING))
    await turn.show(scope_saved(line.connection, query))


async def backfill_given(turn: Turn) -> None:
    line = await by_id(turn, turn.view.meta)
    days = turn.view.typing[ids.DAYS].strip()
    if not (days.isascii() and days.isdigit() and 1 <= int(days) <= 3650):
        await turn.ack_errors({ids.DAYS: "Type a number of days from 1 to 3650."})
        return
    work = turn.flows.start_backfill(turn.actor, line.connection.name, turn.view.typing[ids.QUERY], int(days))
    await turn.patiently(work, common.waiting(*_ASKING))
    name = escape(line.connection.name)
    text = f"The back-fill of *{name}* has begun. A direct message shows how far it is; you can stop it there."
    await turn.show(common.note("Back-fill", section(text)))


async def by_hand_given(turn: Turn) -> None:
    line, typed = await by_id(turn, turn.view.meta), turn.view.typing
    act, ours, theirs = (typed[name].strip() for name in (ids.ACT, ids.OUR_TICKET, ids.THEIR_TICKET))
    if act == ids.LINK and not theirs:
        raise FieldErrors({ids.THEIR_TICKET: "Which one of theirs? Type its number, for example #118."})
    if act == ids.LINK:
        work = _asked_to_link(turn, line, ours, theirs)
    else:
        work = _unlinked(turn, line, ours) if act == ids.UNLINK else _shared(turn, line, ours)
    try:
        said = await turn.patiently(work, common.waiting(*_ASKING))
    except UserError as error:
        raise FieldErrors({ids.OUR_TICKET: str(error)}) from error
    await turn.show(common.note("One ticket", section(said)))


# --- buttons on cards


async def stop_backfill(turn: Turn) -> None:
    line = await by_id(turn, turn.arrival.value)
    await turn.flows.stop_backfill(turn.actor, line.connection.name)
    fill = await turn.flows.backfill_progress(turn.workspace.organisation_id, line.connection.id)
    if fill is not None:
        await _replace(turn, progress(line, fill))


async def retry(turn: Turn) -> None:
    connection_id, _, envelope_id = turn.arrival.value.partition(":")
    said = "It is tried again now. If it fails once more, you get a new card."
    await _settle(turn, connection_id, turn.flows.retry(turn.actor, connection_id, envelope_id), said)


async def skip(turn: Turn) -> None:
    connection_id, _, envelope_id = turn.arrival.value.partition(":")
    said = "Skipped: this change is not written. What follows goes on."
    await _settle(turn, connection_id, turn.flows.skip(turn.actor, connection_id, envelope_id), said)


async def take_other(turn: Turn) -> None:
    taken = await turn.flows.take_other(turn.actor, turn.arrival.value)
    found = await turn.flows.disagreement(turn.workspace.organisation_id, taken.id)
    line = await by_id(turn, taken.connection_id)
    if found is not None:
        await _replace(turn, conflict_card(line, found[1], found[0]))


async def join(turn: Turn) -> None:
    connection_id, _, ours = turn.arrival.value.partition(":")
    yes = turn.arrival.name == ids.JOIN_YES
    said = f"{in_code(f'#{ours}')} is linked now." if yes else "Not linked. Your partner is told."
    await _settle(turn, connection_id, turn.flows.answer_join(turn.actor, connection_id, ours, yes=yes), said)


async def _settle(turn: Turn, connection_id: str, work: Awaitable[object], text: str) -> None:
    """Where a list was looked at it is shown anew; a card becomes one line, also when somebody was faster."""
    try:
        await work
    except NotFound as error:
        text = str(error)
    if turn.arrival.view is not None:
        await _show_errors(turn, await by_id(turn, connection_id), text)
    else:
        await _replace(turn, common.said(text))


async def _replace(turn: Turn, message: Message) -> None:
    """In the place of the card that was clicked; where that is not ours to change, as an answer."""
    arrival = turn.arrival
    if arrival.message_ts and arrival.channel.startswith("D"):
        try:
            await turn.slack.replace(arrival.channel, arrival.message_ts, message)
            return
        except SlackRefused as error:
            _log.info("card not replaced", extra={"reason": error.code})
    await turn.say(message)
