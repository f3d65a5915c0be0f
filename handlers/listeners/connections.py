"""Looking at connections and changing them: by command, from Home, from the card."""

from flows.connections import Line
from flows.errors import NotFound, WrongNumber
from handlers import ids
from handlers.actor import Right
from handlers.blocks import escape, in_code, section
from handlers.front import Turn
from handlers.listeners.which import by_id, meant
from handlers.parse import read_command
from handlers.views import common
from handlers.views.connection import close_view, edit_view, listed, pending_message, status_message, status_view, which
from handlers.views.help import help_message
from handlers.views.notice import number_view
from pairing.connection import Connection, ConnectionState
from pairing.errors import MoveNotPossible
from pairing.terms import Side

# --- commands


async def help_(turn: Turn) -> None:
    typed = read_command(turn.arrival.text)
    unknown = None if typed.word else typed.unknown
    await turn.say(help_message(turn.command, turn.right, unknown))


async def list_(turn: Turn) -> None:
    await turn.say(listed(await turn.flows.overview(turn.actor), turn.command))


async def status(turn: Turn) -> None:
    line = await meant(turn, ids.STATUS, _is_not_closed)
    if line is not None:
        await turn.say(status_message(line, await _number_of(turn, line)))


async def edit(turn: Turn) -> None:
    line = await meant(turn, ids.EDIT, _is_not_closed)
    if line is not None:
        await turn.show(edit_view(line.connection))


async def pending(turn: Turn) -> None:
    await turn.say(pending_message(await turn.flows.pending(turn.actor), turn.command))


async def cancel(turn: Turn) -> None:
    names = read_command(turn.arrival.text).names
    waiting = await turn.flows.pending(turn.actor)
    if not names and len(waiting) > 1:
        await turn.say(which((found.connection.name for found in waiting), turn.command, ids.CANCEL))
        return
    if not names and not waiting:
        raise NotFound("No invitation is waiting, so there is nothing to cancel.")
    name = names[0] if names else waiting[0].connection.name
    cancelled = await turn.flows.cancel(turn.actor, name)
    await turn.say(common.said(f"Cancelled {in_code(cancelled.connection.name)}. Its code is worth nothing any more."))


async def pause(turn: Turn) -> None:
    line = await meant(turn, ids.PAUSE, lambda c: c.is_open and not c.paused_by_us)
    if line is not None:
        paused = await turn.flows.pause(turn.actor, line.connection.name)
        await turn.say(common.said(_paused_words(turn, paused)))


async def resume(turn: Turn) -> None:
    line = await meant(turn, ids.RESUME, lambda c: c.is_open and c.paused_by_us)
    if line is not None:
        resumed = await turn.flows.resume(turn.actor, line.connection.name)
        await turn.say(common.said(_resumed_words(resumed)))


async def close(turn: Turn) -> None:
    line = await meant(turn, ids.CLOSE, _is_not_closed)
    if line is not None:
        await _ask_to_close(turn, line.connection)


def _paused_words(turn: Turn, connection: Connection) -> str:
    name = in_code(connection.name)
    return f"{name} is paused: tickets wait on both sides, nothing is lost. `{turn.command} resume` undoes it."


def _resumed_words(connection: Connection) -> str:
    name = in_code(connection.name)
    if connection.paused_by_them:
        return f"{name} is resumed on your side. It stays paused until your partner resumes it too."
    return f"{name} is active again."


# --- Home


async def home_opened(turn: Turn) -> None:
    if turn.arrival.tab == "home" and turn.arrival.user_id:
        await turn.front.homes.open(turn.workspace, turn.arrival.user_id)


async def turn_page(turn: Turn) -> None:
    page = int(turn.arrival.value) if turn.arrival.value.isascii() and turn.arrival.value.isdigit() else 0
    await turn.front.homes.open(turn.workspace, turn.arrival.user_id, page=page)


async def show_status(turn: Turn) -> None:
    line = await by_id(turn, turn.arrival.value)
    await turn.show(status_view(line, await _number_of(turn, line)))


async def menu(turn: Turn) -> None:
    """One line's menu: "<verb>:<connection id>", of which the id is looked up again."""
    verb, _, connection_id = turn.arrival.value.partition(":")
    line = await by_id(turn, connection_id)
    name = line.connection.name
    match verb:
        case ids.STATUS:
            await turn.show(status_view(line, await _number_of(turn, line)))
        case ids.EDIT:
            await turn.show(edit_view(line.connection))
        case ids.PAUSE:
            await turn.flows.pause(turn.actor, name)
            await _refresh_home(turn)
        case ids.RESUME:
            await turn.flows.resume(turn.actor, name)
            await _refresh_home(turn)
        case ids.CLOSE:
            await _ask_to_close(turn, line.connection)
        case _:
            raise NotFound("That is none of the menu's choices any more. Open the Home tab again.")


async def _refresh_home(turn: Turn) -> None:
    """At once for the one who clicked; everybody else's follows with the notice."""
    await turn.front.homes.open(turn.workspace, turn.arrival.user_id)


# --- views


async def edited(turn: Turn) -> None:
    typing = turn.view.typing
    await turn.flows.edit(turn.actor, turn.view.meta, name=typing[ids.NAME], description=typing[ids.DESCRIPTION])
    await turn.ack_clear()


async def closed(turn: Turn) -> None:
    line = await by_id(turn, turn.view.meta)
    connection = await turn.flows.close(turn.actor, line.connection.name, turn.view.typing[ids.REASON])
    name = escape(connection.name)
    if line.connection.state is ConnectionState.PENDING:
        view = common.note("Cancelled", section(f"*{name}* is cancelled. Nothing was shared."))
    else:
        view = common.note("Closed", section(f"*{name}* is closed. All tickets stay on both desks as they are."))
    await turn.show(view)


async def _ask_to_close(turn: Turn, connection: Connection) -> None:
    if connection.state is ConnectionState.CLOSED:
        raise MoveNotPossible(f"`{connection.name}` is closed already.")
    await turn.show(close_view(connection))


# --- the claim


async def ask_number(turn: Turn) -> None:
    await turn.show(number_view((await _claimed(turn, turn.arrival.value)).connection))


async def number(turn: Turn) -> None:
    waiting = common.waiting("Checking…", "Comparing the number, and asking your partner's node.")
    try:
        work = turn.flows.enter_number(turn.actor, turn.view.meta, turn.view.typing[ids.NUMBER])
        connection = await turn.patiently(work, waiting)
    except WrongNumber as error:
        if error.tries_left:
            raise
        await turn.show(common.trouble_view(escape(str(error))), instead=common.said(escape(str(error))))
        return
    partner = escape(connection.partner_name or "your partner")
    text = f"*{escape(connection.name)} is active.* You are connected with {partner}: tickets may travel from now on."
    await turn.show(common.note("Connected", section(text)))


async def reject(turn: Turn) -> None:
    connection = await turn.flows.reject(turn.actor, (await _claimed(turn, turn.arrival.value)).connection.id)
    name = in_code(connection.name)
    await turn.say(
        common.said(
            f"Rejected the claim for {name}. Nothing was shared, and whoever used the code is told."
            f" `{turn.command} initiate` makes a new code."
        )
    )


async def _claimed(turn: Turn, connection_id: str) -> Line:
    try:
        line = await by_id(turn, connection_id)
    except NotFound:
        raise MoveNotPossible("This was decided already: the invitation is closed.") from None
    if not line.needs_number:
        raise MoveNotPossible(f"This was decided already: `{line.connection.name}` is {line.connection.state}.")
    return line


def _is_not_closed(connection: Connection) -> bool:
    return connection.state is not ConnectionState.CLOSED


async def _number_of(turn: Turn, line: Line) -> str | None:
    """The number that our side reads out: at the partner who accepted, while it is not confirmed, to those who may"
    " act."""
    connection = line.connection
    if connection.side is not Side.INVITEE or connection.state is not ConnectionState.PENDING or turn.right < Right.ACT:
        return None
    return await turn.flows.number_to_tell(turn.workspace.organisation_id, connection.id)
