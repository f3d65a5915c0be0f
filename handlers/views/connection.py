"""One connection and lists of them, wherever they are shown."""

from collections.abc import Iterable

from flows.connections import Line
from flows.settle import Waiting
from handlers import ids
from handlers.blocks import (
    Block,
    Message,
    Option,
    View,
    context,
    date,
    escape,
    fields,
    header,
    in_code,
    input_block,
    mention,
    modal,
    overflow,
    section,
    text_input,
)
from handlers.words import REACH, RULES, SIDE, partner_words, policy_words, state_words
from pairing.connection import Connection, ConnectionState
from pairing.number import shown
from pairing.terms import Side

MOST_LISTED = 15
MAX_DESCRIPTION = 300
MAX_REASON = 200


def title_line(line: Line) -> str:
    """Mrkdwn: name, partner and state, two lines."""
    connection = line.connection
    state = state_words(connection, line.invitation, needs_number=line.needs_number)
    return f"*{escape(connection.name)}*   partner: {escape(partner_words(connection))}\n{state}"


def last_contact(connection: Connection) -> str:
    at = connection.last_contact_at
    return f"Last contact: {date(at) if at else 'none yet'}"


def menu(line: Line) -> Block:
    """What can be done with the connection itself, five things at most; the impossible is not offered."""
    connection = line.connection
    verbs = [Option(ids.STATUS, "Status")]
    if connection.state is not ConnectionState.CLOSED:
        verbs.append(Option(ids.EDIT, "Edit"))
    if connection.is_open:
        verbs.append(Option(ids.RESUME, "Resume") if connection.paused_by_us else Option(ids.PAUSE, "Pause"))
    if connection.state is ConnectionState.PENDING:
        verbs.append(Option(ids.CLOSE, "Cancel invitation" if connection.side is Side.INVITER else "Withdraw"))
    elif connection.state is not ConnectionState.CLOSED:
        verbs.append(Option(ids.CLOSE, "Close"))
    return overflow(ids.HOME_MENU, tuple(Option(f"{verb.value}:{connection.id}", verb.text) for verb in verbs))


def listed(lines: tuple[Line, ...], command: str) -> Message:
    if not lines:
        return Message(
            "No connections yet.",
            (section(f"*No connections yet.* Make one with `{command} initiate`, or use a code: `{command} accept`."),),
        )
    blocks: list[Block] = [header("Connections")]
    for line in lines[:MOST_LISTED]:
        blocks += [
            section(title_line(line)),
            context(f"{_kind_line(line.connection)}  ·  {last_contact(line.connection)}"),
        ]
    if len(lines) > MOST_LISTED:
        blocks.append(context(f"And {len(lines) - MOST_LISTED} more: the app's Home tab shows all of them."))
    return Message(f"{len(lines)} connection{'s' if len(lines) != 1 else ''}.", tuple(blocks))


def _kind_line(connection: Connection) -> str:
    return f"{REACH[connection.reach].split(':')[0]}  ·  {RULES[connection.rules]}  ·  {SIDE[connection.side]}"


def status_blocks(line: Line, number: str | None) -> tuple[Block, ...]:
    connection = line.connection
    state = state_words(connection, line.invitation, needs_number=line.needs_number)
    desk = f"{line.desk.short_name} ({line.desk.address})" if line.desk else "removed"
    facts = [
        ("Partner", partner_words(connection)),
        ("Side", SIDE[connection.side]),
        ("Reach", REACH[connection.reach]),
        ("Mode", RULES[connection.rules]),
        ("Names", f"{connection.local_name} (yours), {connection.remote_name} (theirs)"),
        ("Desk", desk),
        ("Same field changed on both sides", policy_words(connection.policy, connection.side)),
    ]
    blocks = [header(connection.name), section(state), fields(facts), *_ticket_facts(line), context(_since(connection))]
    if connection.description:
        blocks.append(fields([("Description", connection.description)]))
    if number is not None:
        blocks.append(section(f"The number to tell your partner: *{shown(number)}*. It is not secret."))
    return tuple(blocks + _troubles(connection))


def _ticket_facts(line: Line) -> list[Block]:
    """What travels; nothing does before the number was entered."""
    facts = [("Waiting to be sent", str(line.waiting))]
    if line.connection.approved_at is not None:
        facts = [
            ("Taken by themselves", f"tickets that match {line.scope}" if line.scope else "none, only those you name"),
            ("Linked tickets", str(line.linked)),
            *facts,
            ("Waiting for a person", str(line.parked)),
        ]
    return [fields(facts)]


def _since(connection: Connection) -> str:
    by = mention(connection.created_by)
    active = f"  ·  Active since {date(connection.approved_at)}" if connection.approved_at else ""
    return f"Started {date(connection.created_at)} by {by}{active}  ·  {last_contact(connection)}"


def _troubles(connection: Connection) -> list[Block]:
    told: list[Block] = []
    if connection.last_error and connection.state is not ConnectionState.CLOSED:
        told.append(fields([("Last problem", connection.last_error)]))
    if connection.clock_diff_seconds and abs(connection.clock_diff_seconds) >= 60:
        minutes = round(abs(connection.clock_diff_seconds) / 60)
        side = "behind" if connection.clock_diff_seconds > 0 else "ahead of"
        told.append(
            section(f"Your node's clock is {minutes} min {side} your partner's. Ask the operators to set them.")
        )
    return told


def status_message(line: Line, number: str | None) -> Message:
    return Message(f"Status of {in_code(line.connection.name)}", status_blocks(line, number))


def status_view(line: Line, number: str | None) -> View:
    return modal(ids.VIEW_NOTE, "Connection", status_blocks(line, number), close="Done")


def pending_message(waiting: tuple[Waiting, ...], command: str) -> Message:
    if not waiting:
        return Message("No invitation is waiting.", (section("*No invitation is waiting.*"),))
    blocks: list[Block] = [header("Invitations that wait")]
    for found in waiting:
        blocks.append(section(_waiting_words(found)))
    how = in_code(f"{command} cancel <name>")
    blocks.append(context(f"{how} withdraws one; its code is worth nothing from then on."))
    return Message(f"{len(waiting)} invitation{'s' if len(waiting) != 1 else ''} waiting.", tuple(blocks[:50]))


def _waiting_words(found: Waiting) -> str:
    connection, invitation = found.connection, found.invitation
    claimed = invitation.claimed_at is not None
    until = invitation.approve_by if claimed else invitation.expires_at
    what = f"used by {escape(partner_words(connection))}, waits for the number" if claimed else "not used yet"
    return (
        f"*{escape(connection.name)}*: {what}, until {date(until)}\n"
        f"Made by {mention(invitation.created_by)}, reference `{invitation.handle}`"
    )


def edit_view(connection: Connection) -> View:
    return modal(
        ids.VIEW_EDIT,
        "Edit connection",
        [
            input_block(
                ids.NAME,
                "Connection name",
                text_input(ids.TYPED, connection.name, longest=40),
                hint="1 to 40 characters: a-z, 0-9, _ and -. Your partner keeps their own name.",
            ),
            input_block(
                ids.DESCRIPTION,
                "Description",
                text_input(ids.TYPED, connection.description, longest=MAX_DESCRIPTION, multiline=True),
                optional=True,
            ),
        ],
        submit="Save",
        meta=connection.id,
    )


def close_view(connection: Connection) -> View:
    """Says what stops and what stays, before it happens."""
    if connection.state is ConnectionState.PENDING:
        return _withdraw_view(connection)
    partner = escape(partner_words(connection))
    blocks = [
        section(f"Close *{escape(connection.name)}*, your connection with {partner}?"),
        section(
            "*What stops:* no ticket, comment or file travels any more, in either direction, and what waits is dropped."
            " Your partner is told. It cannot be opened again: a new connection needs a new code.\n"
            "*What stays:* all tickets on both desks, just as they are now."
        ),
        input_block(
            ids.REASON,
            "Reason",
            text_input(ids.TYPED, longest=MAX_REASON, placeholder="Your partner will read it"),
            optional=True,
        ),
    ]
    return modal(
        ids.VIEW_CLOSE, "Close connection", blocks, submit="Close connection", close="Keep it", meta=connection.id
    )


def _withdraw_view(connection: Connection) -> View:
    name = escape(connection.name)
    if connection.side is Side.INVITER:
        text = f"Cancel the invitation for *{name}*? Its code is worth nothing from then on. Nothing was shared yet."
        return modal(
            ids.VIEW_CLOSE,
            "Cancel invitation",
            [section(text)],
            submit="Cancel invitation",
            close="Keep it",
            meta=connection.id,
        )
    text = f"Withdraw from *{name}*? Nothing was shared yet. To connect later you need a new code."
    return modal(ids.VIEW_CLOSE, "Withdraw", [section(text)], submit="Withdraw", close="Keep it", meta=connection.id)


def which(names: Iterable[str], command: str, word: str) -> Message:
    """Several fit, and the person named none."""
    known = [in_code(name) for name in names]
    example = in_code(f"{command} {word} <name>")
    text = f"Which one? Type {example}. These fit: {', '.join(known)}."
    return Message(text, (section(text),))
