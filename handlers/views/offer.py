"""`accept`: pasting a code, the dialog that shows who asks, and what comes after."""

from flows.accept import MAX_REASON, Accepted, Offer
from handlers import ids
from handlers.blocks import (
    Block,
    View,
    actions,
    button,
    context,
    date,
    escape,
    fields,
    header,
    input_block,
    modal,
    plain_section,
    section,
    select,
    text_input,
)
from handlers.views.common import note
from handlers.views.desks import desk_options
from handlers.words import REACH, RULES_LONG, policy_words
from pairing.connection import ConnectionState
from pairing.number import shown
from pairing.terms import Side


def paste_view(trouble: str = "") -> View:
    """`trouble` is the sentence why the last code could not be used; the code itself is never repeated."""
    blocks = [section(f"*{escape(trouble)}*")] if trouble else []
    blocks.append(
        input_block(
            ids.CODE,
            "Invitation code",
            text_input(ids.TYPED, longest=3000, multiline=True, placeholder="brg_…"),
            hint="Paste the code, or the whole message that it came in. Nothing is spent before you accept.",
        )
    )
    return modal(ids.VIEW_PASTE, "Use a code", blocks, submit="Read the code")


def offer_view(offer: Offer) -> View:
    """Who asks, on which terms, and what it will be called here."""
    terms = offer.terms
    blocks: list[Block] = [
        header(offer.host),
        context(_host_words(offer)),
        fields(
            [
                ("Organisation (as stated)", terms.organisation),
                ("Names (as stated)", f"{terms.inviter_name} (them), {terms.invitee_name} (you)"),
                ("Reach", REACH[terms.reach]),
                ("Mode", RULES_LONG[terms.rules]),
                ("Same field changed on both sides", policy_words(terms.policy, Side.INVITEE)),
            ]
        ),
    ]
    if terms.description:
        blocks.append(plain_section(f"Description (as stated): {terms.description}"))
    blocks += [
        context(f"The code is good until {date(terms.expires_at)}."),
        section(
            "*Did you expect this?* Names can be invented; only the host at the top is checked. Accept only when"
            " somebody you know gave you this code. When in doubt, call them first."
        ),
        *_questions(offer),
        actions(button("Decline", ids.OFFER_DECLINE, offer.ref, label="Decline this invitation")),
    ]
    return modal(ids.VIEW_OFFER, "Accept invitation", blocks, submit="Accept", meta=offer.ref)


def _host_words(offer: Offer) -> str:
    if offer.host == "this node":
        return "Both desks are served by this node: no other host takes part."
    if offer.unencrypted:
        return (
            "This is the host that you will connect to. *Unencrypted test connection:* its name could not be verified."
        )
    return "This is the host that you will connect to. Its name was verified by its certificate."


def _questions(offer: Offer) -> list[Block]:
    only = offer.desks[0].id if len(offer.desks) == 1 else ""
    rule = "1 to 18 characters: a-z, 0-9, _ and -"
    return [
        input_block(ids.DESK, "Which of your desks?", select(ids.TYPED, desk_options(offer.desks), only)),
        input_block(
            ids.LOCAL_NAME, "Your short name", text_input(ids.TYPED, offer.proposed_local, longest=18), hint=rule
        ),
        input_block(
            ids.REMOTE_NAME, "Their short name", text_input(ids.TYPED, offer.proposed_remote, longest=18), hint=rule
        ),
        input_block(
            ids.NAME,
            "Connection name",
            text_input(ids.TYPED, offer.proposed_name, longest=40),
            hint="Unique on your side; your partner has their own name for it",
        ),
    ]


def decline_view(ref: str) -> View:
    return modal(
        ids.VIEW_DECLINE,
        "Decline invitation",
        [
            section("The code is worth nothing afterwards. Whoever made it is told, with your reason."),
            input_block(
                ids.REASON,
                "Reason",
                text_input(ids.TYPED, longest=MAX_REASON, multiline=True, placeholder="Why not?"),
                optional=True,
            ),
        ],
        submit="Decline",
        close="Back",
        meta=ref,
    )


def declined_view(organisation: str) -> View:
    return note("Declined", plain_section(f"You declined the invitation. {organisation} (as stated) was told."))


def accepted_view(accepted: Accepted) -> View:
    name = escape(accepted.connection.name)
    partner = escape(accepted.connection.partner_name or "your partner")
    if accepted.activates_at_once and accepted.connection.state is not ConnectionState.ACTIVE:
        text = (
            f"*{name}* becomes active by itself, as soon as your partner's node has reached yours: {partner} wanted no"
            " number. You get a message then."
        )
        return note("Accepted", section(text))
    if accepted.activates_at_once:
        text = f"*{name} is active.* {partner} wanted no number: tickets may travel from now on."
        return note("Connected", section(text))
    if accepted.number is None:
        text = (
            f"*{name}* is on its way: {escape(accepted.trouble or 'your partner’s node did not answer in time')}, so we"
            " keep trying. You get a direct message with a number; nothing else is needed now."
        )
        return note("Not yet", section(text))
    return note("Tell them the number", *number_blocks(accepted.connection.name, partner, accepted.number))


def number_blocks(name: str, partner: str, number: str) -> tuple[Block, ...]:
    """`partner` is escaped already."""
    return (
        header(shown(number)),
        section(
            f"Tell the person at {partner} who sent you the code this number: *{shown(number)}*. It is not secret.\n"
            "They have to type it into their Slack. Until then the connection is pending and nothing is shared."
        ),
        context(f"Connection: {escape(name)}. You get a message as soon as it is active."),
    )
