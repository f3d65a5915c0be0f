"""`setup`: the organisation's desks."""

from urllib.parse import urlsplit

from handlers import ids
from handlers.blocks import (
    Block,
    Option,
    View,
    actions,
    button,
    confirm,
    context,
    date,
    escape,
    input_block,
    mention,
    modal,
    preformatted,
    section,
    select,
    text_input,
)
from handlers.doors import DeskChoice
from pairing.secret import Secret
from sync.desk import Desk

_MOST_SHOWN = 30
_REQUESTER_HINT = (
    "Tickets of people whom your desk does not know get this requester, who must exist there already. Empty: the agent"
    " of the API key."
)
_KEY_HINT = (
    "It is readable on your screen while you type. It goes straight into the encrypted store and is never shown again,"
    " not even its end."
)


def desks_view(
    desks: tuple[Desk, ...], kinds: tuple[DeskChoice, ...], said: str = "", *, can_be_called: bool = False
) -> View:
    """`said` (mrkdwn) tells what was just done; webhooks are offered where the node can be called."""
    labels = {kind.name: kind.label for kind in kinds}
    blocks: list[Block] = [section(said)] if said else []
    if not desks:
        blocks.append(
            section(
                "*No desk yet.* A desk is one account of a service desk: its address, and the API key of an agent"
                " there."
            )
        )
    for desk in desks[:_MOST_SHOWN]:
        blocks += _desk(desk, labels.get(desk.kind, desk.kind), can_be_called)
    blocks.append(actions(button("Add a desk", ids.DESK_ADD, style="primary")))
    return modal(ids.VIEW_DESKS, "Desks", blocks, close="Done")


def _desk(desk: Desk, label: str, can_be_called: bool) -> list[Block]:
    name, stands_in = desk.short_name, escape(desk.fallback_requester) or "the agent of the API key"
    sure = confirm(
        f"Remove {name}?",
        "Drawbridge forgets the desk and its API key. The desk itself and its tickets stay as they are.",
        "Remove",
    )
    new_address = confirm(
        "Make a webhook address?",
        f"With it {name} tells Drawbridge of changes at once. An address made before stops working.",
        "Make it",
    )
    hook = button("Webhook", ids.DESK_HOOK, desk.id, sure=new_address, label=f"Make a webhook address for {name}")
    return [
        section(f"*{escape(name)}*   {escape(label)}\n{escape(desk.address)}\nStands in as requester: {stands_in}"),
        actions(
            button("Replace key", ids.DESK_KEY, desk.id, label=f"Replace the API key of {name}"),
            button("Change requester", ids.DESK_REQUESTER, desk.id, label=f"Change the stand-in requester of {name}"),
            *([hook] if can_be_called else []),
            button("Remove", ids.DESK_REMOVE, desk.id, style="danger", sure=sure, label=f"Remove the desk {name}"),
        ),
        context(f"Added {date(desk.created_at)} by {mention(desk.created_by)}"),
    ]


def add_view(kinds: tuple[DeskChoice, ...]) -> View:
    options = tuple(Option(kind.name, kind.label) for kind in kinds)
    chosen = options[0].value if len(options) == 1 else ""
    hints = "; ".join(f"{kind.label}: {kind.hint}" for kind in kinds)
    return modal(
        ids.VIEW_DESK_ADD,
        "Add a desk",
        [
            input_block(ids.KIND, "Kind of desk", select(ids.TYPED, options, chosen)),
            input_block(
                ids.SHORT_NAME,
                "Short name",
                text_input(ids.TYPED, longest=18, placeholder="acme-desk"),
                hint="1 to 18 characters: a-z, 0-9, _ and -. It is how you will recognise the desk here.",
            ),
            input_block(ids.ADDRESS, "Address", text_input(ids.TYPED, longest=180), hint=f"For example {hints}"),
            _key_input(),
            _requester_input(""),
            actions(button("Back to the desks", ids.DESK_BACK)),
        ],
        submit="Check and add",
    )


def key_view(desk: Desk) -> View:
    text = f"The new key of *{escape(desk.short_name)}* is checked before the old one is forgotten."
    return modal(
        ids.VIEW_DESK_KEY,
        "Replace key",
        [section(text), _key_input(), actions(button("Back to the desks", ids.DESK_BACK))],
        submit="Check and replace",
        meta=desk.id,
    )


def requester_view(desk: Desk) -> View:
    text = f"Who shall be the requester of tickets on *{escape(desk.short_name)}* whose real one it does not know?"
    return modal(
        ids.VIEW_DESK_REQUESTER,
        "Change requester",
        [section(text), _requester_input(desk.fallback_requester), actions(button("Back to the desks", ids.DESK_BACK))],
        submit="Check and save",
        meta=desk.id,
    )


def hook_view(desk: Desk, address: Secret) -> View:
    """The only time that the address is shown: whoever has it can tell us that something moved, and nothing else."""
    return modal(
        ids.VIEW_NOTE,
        "Webhook address",
        [
            section(f"*{escape(desk.short_name)}* calls this address when a ticket changes. It is shown only now."),
            preformatted(address.reveal()),
            section(
                "In Freshservice: *Admin → Workflow Automator*, events *Ticket is raised*, *Ticket is updated*, action"
                " *Trigger webhook*: method POST, encoding JSON, content *Advanced*:"
            ),
            preformatted('{"ticket_id": "{{ticket.id_numeric}}"}'),
            context("Only the number is read. Without a webhook Drawbridge sees changes some seconds later by itself."),
            actions(button("Back to the desks", ids.DESK_BACK)),
        ],
        close="Done",
    )


def _requester_input(email: str) -> Block:
    return input_block(
        ids.REQUESTER,
        "E-mail of the stand-in requester",
        text_input(ids.TYPED, email, longest=254, placeholder="partners@example.com"),
        hint=_REQUESTER_HINT,
        optional=True,
    )


def _key_input() -> Block:
    return input_block(ids.API_KEY, "API key", text_input(ids.TYPED, longest=500), hint=_KEY_HINT)


def desk_options(desks: tuple[Desk, ...]) -> tuple[Option, ...]:
    """To choose from: the short name, and where it is."""
    return tuple(Option(d.id, f"{d.short_name} ({urlsplit(d.address).netloc or d.address})") for d in desks)


def no_desk_view(text: str) -> View:
    """Shown where a desk is needed and there is none."""
    blocks = [section(escape(text)), actions(button("Add a desk", ids.DESK_ADD, style="primary"))]
    return modal(ids.VIEW_NOTE, "First a desk", blocks, close="Close")
