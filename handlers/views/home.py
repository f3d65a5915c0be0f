"""The Home tab: the "Connections" place."""

from dataclasses import dataclass

from flows.connections import Line
from handlers import ids
from handlers.actor import Right
from handlers.blocks import Block, View, actions, button, context, divider, escape, header, home_view, section
from handlers.views.connection import last_contact, menu, title_line
from handlers.words import REACH, RULES
from pairing.connection import Connection, ConnectionState
from pairing.terms import RulesMode

PAGE = 20


@dataclass(frozen=True, slots=True)
class HomeState:
    """What one person's Home shows. `is_known` is False while Slack does not tell us who they are."""

    workspace: str
    command: str
    right: Right
    lines: tuple[Line, ...] = ()
    has_desk: bool = True
    page: int = 0
    is_known: bool = True


def home(state: HomeState) -> View:
    if state.right is Right.NOTHING:
        return home_view(_no_rights(state))
    return home_view([*_top(state), divider(), *(_connections(state) if state.lines else _empty(state))])


def _top(state: HomeState) -> list[Block]:
    blocks: list[Block] = [header("Connections")]
    if state.right < Right.ACT:
        blocks.append(
            section(
                f"You see the state of the connections of {escape(state.workspace)}. To make or change one, ask a"
                " workspace admin."
            )
        )
        return blocks
    blocks.append(
        actions(
            button("Initiate connection", ids.HOME_INITIATE, style="primary"),
            button("I have a code", ids.HOME_ACCEPT),
            button("Desks", ids.HOME_DESKS),
        )
    )
    if not state.has_desk:
        blocks.append(section("*First step:* press *Desks* and add the service desk that you want to connect."))
    return blocks


def _empty(state: HomeState) -> list[Block]:
    if state.right < Right.ACT:
        return [section("*No connections yet.*")]
    return [
        section(
            "*No connections yet.* A connection joins your service desk with a partner's: tickets travel both ways, and"
            " neither side sees the other's credentials. Press *Initiate connection* to invite a partner."
        ),
        context(f"Got a code? Press *I have a code*, or type `{state.command} accept` and the code."),
    ]


def _connections(state: HomeState) -> list[Block]:
    pages = -(-len(state.lines) // PAGE)
    page = min(max(state.page, 0), pages - 1)
    blocks: list[Block] = []
    for line in state.lines[page * PAGE : (page + 1) * PAGE]:
        blocks += _connection(line, state.right)
    return blocks + (_turning(page, pages) if pages > 1 else [])


def _connection(line: Line, right: Right) -> list[Block]:
    connection = line.connection
    facts = [last_contact(connection), REACH[connection.reach].split(":")[0], RULES[connection.rules]]
    if connection.approved_at is not None:
        facts.append(f"{line.linked} linked")
        if connection.is_open and not line.scope:
            facts.append("no scope yet")
    if line.parked:
        facts.append(f"*{line.parked} waiting for a person*")
    if line.waiting:
        facts.append(f"{line.waiting} waiting to be sent")
    if right < Right.ACT:
        status = button("Status", ids.HOME_STATUS, connection.id, label=f"Status of {connection.name}")
        return [section(title_line(line), accessory=status), context("  ·  ".join(facts))]
    blocks = [section(title_line(line), accessory=menu(line)), context("  ·  ".join(facts))]
    buttons = _buttons(line)
    return [*blocks, actions(*buttons)] if buttons else blocks


def _buttons(line: Line) -> list[Block]:
    """One row: what travels, the rules, and the number while it is asked for."""
    connection = line.connection
    buttons = _ticket_buttons(connection) if connection.is_open else []
    if connection.rules is RulesMode.SCRIPT and connection.state is not ConnectionState.CLOSED:
        buttons.append(button("Rules", ids.HOME_RULES, connection.id, label=f"Rules of {connection.name}"))
    if line.needs_number:
        label = f"Enter the number for {connection.name}"
        buttons.insert(0, button("Enter number", ids.CLAIM_NUMBER, connection.id, style="primary", label=label))
    return buttons


def _ticket_buttons(connection: Connection) -> list[Block]:
    name = connection.name
    return [
        button("Scope", ids.HOME_SCOPE, connection.id, label=f"Scope of {name}"),
        button("One ticket", ids.HOME_TICKET, connection.id, label=f"Share, link or unlink a ticket on {name}"),
        button("Back-fill", ids.HOME_BACKFILL, connection.id, label=f"Back-fill of {name}"),
        button("Errors", ids.HOME_ERRORS, connection.id, label=f"Tickets of {name} that wait for a person"),
    ]


def _turning(page: int, pages: int) -> list[Block]:
    buttons: list[Block] = []
    if page > 0:
        buttons.append(button("Previous page", ids.HOME_PREVIOUS, str(page - 1)))
    if page < pages - 1:
        buttons.append(button("Next page", ids.HOME_NEXT, str(page + 1)))
    return [actions(*buttons), context(f"Page {page + 1} of {pages}")]


def _no_rights(state: HomeState) -> list[Block]:
    if not state.is_known:
        text = "Slack does not tell us right now who you are. Open this tab again in a minute."
    else:
        text = (
            f"Only full members of {escape(state.workspace)} can see its connections. If you need to, ask a workspace"
            " admin to make you one."
        )
    return [header("Connections"), section(text)]
