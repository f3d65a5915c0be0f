"""`setup`: adding a desk, replacing its key, removing it."""

from flows.errors import NotFound
from handlers import ids
from handlers.blocks import escape
from handlers.front import Turn
from handlers.views import common
from handlers.views.desks import add_view, desks_view, hook_view, key_view, requester_view
from pairing.secret import Secret
from sync.desk import Desk

_CHECKING = common.waiting("Checking…", "Asking the desk whether this key may read its tickets.")

_ASKING = common.waiting("Checking…", "Asking the desk whether it knows this person.")


async def show(turn: Turn) -> None:
    await _show(turn, "")


async def add(turn: Turn) -> None:
    await turn.show(add_view(turn.flows.kinds()))


async def added(turn: Turn) -> None:
    typing = turn.view.typing
    work = turn.flows.add_desk(
        turn.actor,
        kind=typing[ids.KIND],
        short_name=typing[ids.SHORT_NAME],
        address=typing[ids.ADDRESS],
        api_key=Secret(typing[ids.API_KEY]),
        requester=typing[ids.REQUESTER],
    )
    desk = await turn.patiently(work, _CHECKING)
    name = escape(desk.short_name)
    await _show(turn, f"*{name} was checked and added.* Next: `{turn.command} initiate`, or `{turn.command} accept`.")


async def replace(turn: Turn) -> None:
    await turn.show(key_view(await _desk(turn, turn.arrival.value)))


async def replaced(turn: Turn) -> None:
    work = turn.flows.replace_key(turn.actor, turn.view.meta, Secret(turn.view.typing[ids.API_KEY]))
    desk = await turn.patiently(work, _CHECKING)
    await _show(turn, f"*The new key of {escape(desk.short_name)} works* and has taken the old one's place.")


async def requester(turn: Turn) -> None:
    await turn.show(requester_view(await _desk(turn, turn.arrival.value)))


async def requester_given(turn: Turn) -> None:
    work = turn.flows.replace_requester(turn.actor, turn.view.meta, turn.view.typing[ids.REQUESTER])
    desk = await turn.patiently(work, _ASKING)
    who = escape(desk.fallback_requester) or "The agent of the API key"
    await _show(turn, f"*{who} stands in* at {escape(desk.short_name)} for people whom it does not know.")


async def hook(turn: Turn) -> None:
    desk = await _desk(turn, turn.arrival.value)
    await turn.show(hook_view(desk, await turn.flows.make_hook(turn.actor, desk.id)))


async def remove(turn: Turn) -> None:
    desk = await turn.flows.remove_desk(turn.actor, turn.arrival.value)
    await _show(turn, f"*{escape(desk.short_name)} was removed*, and its key forgotten.")


async def _show(turn: Turn, said: str) -> None:
    desks = await turn.flows.desks(turn.actor)
    instead = common.said(said) if said else None
    view = desks_view(desks, turn.flows.kinds(), said, can_be_called=turn.flows.can_be_called())
    await turn.show(view, instead=instead)


async def _desk(turn: Turn, desk_id: str) -> Desk:
    for desk in await turn.flows.desks(turn.actor):
        if desk.id == desk_id:
            return desk
    raise NotFound("That desk is not there any more.")
