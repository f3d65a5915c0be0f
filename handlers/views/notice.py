"""What people are told without having asked: one renderer for each kind of notice."""

from flows.connections import Line
from handlers import ids
from handlers.blocks import (
    Block,
    Message,
    View,
    actions,
    button,
    confirm,
    context,
    date,
    escape,
    fields,
    header,
    in_code,
    input_block,
    mention,
    modal,
    plain_section,
    section,
    text_input,
)
from handlers.views.offer import number_blocks
from handlers.words import partner_words
from pairing.connection import Connection
from pairing.invitation import InvitationState
from pairing.number import shown
from pairing.terms import Reach, RulesMode


def claim_card(line: Line) -> Message:
    """To the initiator: a partner used the code. All that it says of itself is stated, not known."""
    connection, invitation = line.connection, line.invitation
    assert invitation is not None
    partner = connection.partner_name or "somebody"
    facts = [
        ("Organisation (as stated)", partner),
        ("Slack workspace (as stated)", connection.partner_team_name or "not stated"),
        ("Kind of desk (as stated)", connection.partner_desk or "not stated"),
    ]
    until = f"Until {date(invitation.approve_by)}, then it is rejected by itself." if invitation.claimed_at else ""
    return Message(
        f"{escape(partner)} (as stated) used your code for {in_code(connection.name)}. Enter the number they tell you.",
        (
            header("Your code was used"),
            section(
                f"Somebody used the invitation code of *{escape(connection.name)}*. This is what they say of"
                " themselves:"
            ),
            fields(facts),
            section(
                "*Ask your partner for the number that their Slack shows*, best by voice or another way on which you"
                " know them, and enter it here. If they have no number, it was not them: reject."
            ),
            actions(*_decisions(connection)),
            context(f"Nothing is shared before you enter the number. {until}"),
        ),
    )


def _decisions(connection: Connection) -> tuple[Block, Block]:
    sure = confirm(
        "Reject?",
        "Whoever used the code is turned away and told so. The code is worth nothing; you can make a new one.",
        "Reject",
        "Go back",
    )
    name = connection.name
    return (
        button("Enter number", ids.CLAIM_NUMBER, connection.id, style="primary", label=f"Enter the number for {name}"),
        button(
            "Reject", ids.CLAIM_REJECT, connection.id, style="danger", sure=sure, label=f"Reject the claim for {name}"
        ),
    )


def decided_card(line: Line) -> Message:
    """What is left of the card: one line, no buttons."""
    text = f"{in_code(line.connection.name)}: {_decision(line)}"
    return Message(text, (section(text),))


def _decision(line: Line) -> str:
    connection, invitation = line.connection, line.invitation
    by = f" by {mention(invitation.closed_by)}" if invitation is not None and invitation.closed_by else ""
    at = f", {date(invitation.closed_at)}" if invitation is not None and invitation.closed_at else ""
    state = invitation.state if invitation is not None else InvitationState.REVOKED
    if state is InvitationState.APPROVED:
        return f"connected with {escape(connection.partner_name or 'your partner')}, the number was right{by}{at}."
    if state is InvitationState.REJECTED:
        why = " after three wrong numbers" if invitation is not None and invitation.reason else ""
        return f"the claim was rejected{why}{by}{at}. Nothing was shared."
    if state is InvitationState.EXPIRED:
        return f"nobody entered the number in time{at}. Nothing was shared."
    if state is InvitationState.DECLINED:
        return f"your partner withdrew{at}. Nothing was shared."
    return f"cancelled{by}{at}. Nothing was shared."


def number_view(connection: Connection, trouble: str = "") -> View:
    partner = partner_words(connection)
    blocks = [section(f"*{escape(trouble)}*")] if trouble else []
    blocks += [
        plain_section(f"{partner} used the code of {connection.name}. Which number does their Slack show?"),
        input_block(
            ids.NUMBER,
            "Number",
            text_input(ids.TYPED, longest=40, placeholder="123 456"),
            hint="Six digits; spaces and dashes do not matter. After three wrong numbers the invitation is closed.",
        ),
    ]
    return modal(ids.VIEW_NUMBER, "Enter the number", blocks, submit="Confirm", meta=connection.id)


def second_claim(line: Line, command: str) -> Message:
    connection, name = line.connection, in_code(line.connection.name)
    undo = "reject that claim" if line.needs_number else f"close it with `{command} close {escape(connection.name)}`"
    text = (
        f"*Somebody tried to use the code of {name} again*, which is used already. If your real partner says that their"
        f" code does not work, the one who used it first was not them: {undo}, and make a new code with"
        f" `{command} initiate`, sent privately."
    )
    return _told(f"Somebody tried to use the code of {name} again", section(text))


def declined(line: Line, reason: str, command: str) -> Message:
    name, invitation = in_code(line.connection.name), line.invitation
    was_used = invitation is not None and invitation.claimed_at is not None
    said = f"Whoever used the code of {name} withdrew" if was_used else f"Your invitation for {name} was declined"
    blocks = [section(f"*{said}.* Nothing was shared, and the code is worth nothing; `{command} initiate` makes one.")]
    if reason:
        blocks.append(plain_section(f"Their reason: {reason}"))
    return _told(said, *blocks)


def expired(line: Line, command: str) -> Message:
    name, invitation = in_code(line.connection.name), line.invitation
    claimed = invitation is not None and invitation.claimed_at is not None
    what = "nobody entered the number in time" if claimed else "nobody used the code in time"
    text = f"*The invitation for {name} has expired*: {what}. Nothing was shared; `{command} initiate` makes a new one."
    return _told(f"The invitation for {name} has expired", section(text))


def number(line: Line, digits: str) -> Message:
    partner = escape(line.connection.partner_name or "your partner")
    text = f"Your number for {in_code(line.connection.name)}: {shown(digits)}"
    return Message(text, number_blocks(line.connection.name, partner, digits))


def claim_refused(line: Line, sentence: str) -> Message:
    name = in_code(line.connection.name)
    return _told(
        f"The code for {name} could not be used",
        section(f"*The code for {name} could not be used.* {escape(sentence)}"),
    )


def active(line: Line, command: str) -> Message:
    connection = line.connection
    name, partner = in_code(connection.name), escape(connection.partner_name or "your partner")
    text = f"*{name} is active*: you are connected with {partner}. Tickets may travel from now on."
    steps = [f"choose which tickets travel: {in_code(f'{command} scope {connection.name}')}"]
    if connection.rules is RulesMode.SCRIPT:
        own = in_code(f"{command} {ids.EDIT_RULES} {connection.name}")
        steps.insert(0, f"make your side's rules your own, they begin as Basic mode's: {own}")
    blocks = [section(f"*{word}:* {step}") for word, step in zip(("Next", "Then"), steps, strict=False)]
    return _told(f"{name} is active: you are connected with {partner}", section(text), *blocks)


def rejected(line: Line, command: str) -> Message:
    name = in_code(line.connection.name)
    text = (
        f"*Your partner did not confirm {name}.* They rejected it, the number was wrong three times, or nobody"
        f" entered it in time. Nothing was shared. Ask them for a new code, then type `{command} accept`."
    )
    return _told(f"Your partner did not confirm {name}", section(text))


def unreachable(line: Line) -> Message:
    connection = line.connection
    name, partner = in_code(connection.name), escape(partner_words(connection))
    assert connection.reach is not Reach.PRIVATE
    text = (
        f"*{partner} used your code for {name}, but nothing answers at the address you typed.* Ask them whether their"
        " Drawbridge runs at that address. You can enter the number meanwhile; the address is tried again then."
    )
    return _told(f"The address of your partner for {name} does not answer", section(text))


def paused(line: Line) -> Message:
    name = in_code(line.connection.name)
    text = f"*Your partner paused {name}.* Tickets wait on both sides; nothing is lost. Only they can resume it."
    return _told(f"Your partner paused {name}", section(text))


def resumed(line: Line) -> Message:
    name = in_code(line.connection.name)
    ours = " It stays paused on your side until you resume it." if line.connection.paused_by_us else ""
    return _told(f"Your partner resumed {name}", section(f"*Your partner resumed {name}.*{ours}"))


def closed(line: Line, reason: str) -> Message:
    name = in_code(line.connection.name)
    text = f"*Your partner closed {name}.* Nothing travels any more; all tickets stay where they are."
    blocks = [section(text)] + ([plain_section(f"Their reason: {reason}")] if reason else [])
    return _told(f"Your partner closed {name}", *blocks)


def _told(text: str, *blocks: Block) -> Message:
    return Message(text, tuple(blocks))
