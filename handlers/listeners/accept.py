"""`accept`: from a pasted code to the number, or to a no."""

from flows.errors import NoDesk
from handlers import ids
from handlers.blocks import Message, escape
from handlers.front import Turn
from handlers.parse import read_command
from handlers.views import common
from handlers.views.desks import no_desk_view
from handlers.views.offer import accepted_view, decline_view, declined_view, number_blocks, offer_view, paste_view
from pairing.errors import UserError
from pairing.number import shown

_READING = common.waiting("Reading the code…", "Asking your partner's node what it offers.")


async def by_command(turn: Turn) -> None:
    """With a code: a loading view first, because the partner's node has to be asked. Without: a place to paste it."""
    pasted = read_command(turn.arrival.text).rest
    if not pasted:
        await paste(turn)
        return
    await turn.show(_READING)
    try:
        offer = await turn.flows.read_offer(turn.actor, pasted)
    except NoDesk as error:
        await turn.show(no_desk_view(str(error)))
    except UserError as error:
        # The place to paste another one stands right there; the code itself is not repeated.
        await turn.show(paste_view(str(error)), instead=common.said(escape(str(error))))
    else:
        await turn.show(offer_view(offer))


async def paste(turn: Turn) -> None:
    await turn.show(paste_view())


async def pasted(turn: Turn) -> None:
    try:
        offer = await turn.patiently(turn.flows.read_offer(turn.actor, turn.view.typing[ids.CODE]), _READING)
    except NoDesk as error:
        await turn.show(no_desk_view(str(error)))
    else:
        await turn.show(offer_view(offer))


async def accept(turn: Turn) -> None:
    typing = turn.view.typing
    work = turn.flows.accept(
        turn.actor,
        turn.view.meta,
        desk_id=typing[ids.DESK],
        local_name=typing[ids.LOCAL_NAME],
        remote_name=typing[ids.REMOTE_NAME],
        name=typing[ids.NAME],
    )
    accepted = await turn.patiently(work, common.waiting("Working…", "Telling your partner's node that you accept."))
    instead = None
    if accepted.number is not None and not accepted.activates_at_once:
        partner = escape(accepted.connection.partner_name or "your partner")
        blocks = number_blocks(accepted.connection.name, partner, accepted.number)
        instead = Message(f"The number to tell the person at {partner}: {shown(accepted.number)}", blocks)
    await turn.show(accepted_view(accepted), instead=instead)


async def ask_reason(turn: Turn) -> None:
    await turn.push(decline_view(turn.arrival.value))


async def decline(turn: Turn) -> None:
    work = turn.flows.decline(turn.actor, turn.view.meta, turn.view.typing[ids.REASON])
    terms = await turn.patiently(work, common.waiting("Declining…", "Telling your partner's node."))
    said = f"You declined the invitation of {escape(terms.organisation)} (as stated). They were told."
    await turn.show(declined_view(terms.organisation), instead=common.said(said))
