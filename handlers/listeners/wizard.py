"""`initiate`: the wizard from its first view to the posted code."""

from dataclasses import replace

from flows.errors import FieldErrors
from flows.wizard import Draft, Initiated, WizardStart, step_errors
from handlers import ids
from handlers.arrivals import Kind
from handlers.blocks import Message
from handlers.errors import SlackRefused
from handlers.forms import FIELD_STEP, STEP_OF, with_typing
from handlers.front import Turn
from handlers.views import common
from handlers.views.invitation import invitation
from handlers.views.wizard import Step, resume_view, sent_view, step_view, where_words
from pairing.errors import UserError
from pairing.terms import Reach
from sync.errors import RemoteUnavailable


async def start(turn: Turn) -> None:
    """The first view, straight from the local store: nothing may precede it but the right to see it."""
    begun = await turn.flows.wizard_opening(turn.actor)
    origin = turn.arrival.channel if turn.arrival.kind is Kind.COMMAND else ""
    if begun.resumed and begun.desks:
        await turn.show(resume_view(begun.draft, origin))
    else:
        await turn.show(step_view(Step(begun.draft, begun, origin=origin)))


async def resume(turn: Turn) -> None:
    begun = await turn.flows.wizard_start(turn.actor)
    await turn.show(await _step(turn, begun.draft, begun))


async def again(turn: Turn) -> None:
    await turn.flows.forget_draft(turn.actor)
    begun = await turn.flows.wizard_start(turn.actor)
    await turn.show(step_view(Step(begun.draft, begun, origin=turn.view.meta)))


async def changed(turn: Turn) -> None:
    """Something was chosen or typed that may change what the step shows."""
    begun, draft = await _typed(turn)
    draft = await _with_origin(turn, draft)
    await turn.flows.save_draft(turn.actor, draft)
    if _looks_the_same(draft, turn):
        return
    await turn.show(await _step(turn, draft, begun), view_hash=turn.view.hash)


async def back(turn: Turn) -> None:
    begun, draft = await _typed(turn)
    draft = replace(draft, step=max(draft.step - 1, 1))
    await turn.flows.save_draft(turn.actor, draft)
    await turn.show(await _step(turn, draft, begun))


async def closed(turn: Turn) -> None:
    """Everything typed is kept."""
    _, draft = await _typed(turn)
    await turn.flows.save_draft(turn.actor, draft)


async def go_on(turn: Turn) -> None:
    """Next: the errors stand at their fields, or the following step is shown."""
    begun, draft = await _typed(turn)
    await turn.flows.save_draft(turn.actor, draft)
    if errors := step_errors(draft, begun):
        await turn.ack_errors(_without_consequences(errors))
        return
    if draft.step == 1 and draft.reach is Reach.PUBLIC:
        draft = replace(draft, partner_url=await _checked_address(turn, draft))
    following = replace(draft, step=draft.step + 1)
    await turn.flows.save_draft(turn.actor, following)
    await turn.show(await _step(turn, following, begun))


async def _checked_address(turn: Turn, draft: Draft) -> str:
    """The canonical address, once somebody answers there. Raises FieldErrors(partner_url)."""
    waiting = common.waiting("Checking…", "Asking the address whether a Drawbridge lives there.")
    try:
        return await turn.patiently(turn.flows.check_partner(turn.actor, draft.partner_url), waiting)
    except UserError as error:
        raise FieldErrors({"partner_url": str(error)}) from error


def _without_consequences(errors: dict[str, str]) -> dict[str, str]:
    """The connection's name is proposed from the two short names: wrong ones come first. Its field is a new one after
    each proposal, so that a sentence put there could miss the field that the person sees."""
    if not errors.keys() & {"local_name", "remote_name"}:
        return errors
    return {name: sentence for name, sentence in errors.items() if name != "name"}


async def send(turn: Turn) -> None:
    """The last step: makes the invitation, posts the code, shows it once."""
    begun, draft = await _typed(turn)
    await turn.flows.save_draft(turn.actor, draft)
    shows_tick = turn.view.typing.shows(ids.SHARED_OK)
    if errors := step_errors(draft, begun, channel_is_shared=shows_tick):
        await turn.ack_errors(_at_receiver(errors, draft))
        return
    await turn.show(common.waiting("Sending…", "Making the invitation and sending its code."))
    trouble, is_shared = await _look_at_channel(turn, draft)
    # Whether the channel is shared is asked again now: it may have become so since it was chosen.
    draft = replace(draft, auto=draft.auto and not is_shared)
    errors = {"deliver_to": trouble} if trouble else step_errors(draft, begun, channel_is_shared=is_shared)
    if errors:
        await turn.show(step_view(Step(draft, begun, errors, is_shared, turn.view.meta)))
        return
    try:
        made = await turn.flows.initiate(turn.actor, draft, channel_is_shared=is_shared)
    except FieldErrors as error:
        await _send_back(turn, draft, begun, error, is_shared)
        return
    await _hand_over(turn, draft, made)


async def _send_back(turn: Turn, draft: Draft, begun: WizardStart, error: FieldErrors, is_shared: bool) -> None:
    """To the first step that is wrong: a name may have been taken, a desk removed, since it was checked."""
    step = min(FIELD_STEP.get(name, 4) for name in error.fields)
    draft = replace(draft, step=step)
    await turn.flows.save_draft(turn.actor, draft)
    await turn.show(step_view(Step(draft, begun, error.fields, is_shared, turn.view.meta)))


async def _hand_over(turn: Turn, draft: Draft, made: Initiated) -> None:
    where = where_words(draft.deliver, draft.deliver_to, turn.arrival.user_id)
    trouble = await _post(turn, draft, made)
    instead = await _code_by_dm(turn, made, trouble, where) if trouble else None
    view = sent_view(made, where, trouble)
    try:
        await turn.show(view, instead=instead)
    except RemoteUnavailable:
        # The code is shown once: when the window cannot take it, a message has to.
        if instead is not None:
            await turn.dm(instead)


async def _post(turn: Turn, draft: Draft, made: Initiated) -> str:
    """Posts the code; why it could not be posted, or ""."""
    to_me = draft.deliver == "dm" or draft.deliver_to == turn.arrival.user_id
    target = turn.arrival.user_id if to_me else draft.deliver_to
    message = invitation(made, turn.workspace.name, turn.command, to_me=to_me)
    try:
        posted = await turn.slack.post(target, message)
    except SlackRefused as error:
        return _post_trouble(turn, error.code)
    except RemoteUnavailable:
        return "Slack did not answer in time, so it may be there or not: look, before you send it yourself."
    await turn.flows.code_was_posted(turn.actor, made.invitation.id, channel=posted.channel, ts=posted.ts)
    return ""


async def _code_by_dm(turn: Turn, made: Initiated, trouble: str, where: str) -> Message:
    message = invitation(made, turn.workspace.name, turn.command, to_me=True)
    first = common.said(f"*The code was not sent to {where}.* {trouble}")
    return Message(message.text, first.blocks + message.blocks)


def _post_trouble(turn: Turn, code: str) -> str:
    if code in ("not_in_channel", "channel_not_found"):
        return f"{_invite_first(turn)} Or pass the code below on yourself."
    if code in ("cannot_dm_bot", "user_disabled", "user_not_found", "messages_tab_disabled"):
        return "That person cannot get direct messages from this app. Pass the code below on yourself."
    if code in ("is_archived", "restricted_action", "msg_too_long"):
        return "Slack does not let the app post there. Pass the code below on yourself."
    return f"Slack refused it (`{code}`). Pass the code below on yourself."


async def _typed(turn: Turn) -> tuple[WizardStart, Draft]:
    begun = await turn.flows.wizard_start(turn.actor)
    step = STEP_OF[turn.view.callback]
    return begun, with_typing(begun.draft, turn.view.typing, step, begun.names_taken)


async def _with_origin(turn: Turn, draft: Draft) -> Draft:
    """Proposes the channel where the command was typed, once a channel is wanted and none is chosen."""
    if draft.deliver != "channel" or draft.deliver_to or turn.view.typing.shows(ids.CHANNEL) or not turn.view.meta:
        return draft
    try:
        found = await turn.slack.channel(turn.view.meta)
    except (SlackRefused, RemoteUnavailable):
        return draft
    return replace(draft, deliver_to=found.id) if found.bot_is_in and not found.is_dm else draft


async def _step(turn: Turn, draft: Draft, begun: WizardStart) -> dict[str, object]:
    """The step's view; a chosen channel is looked at first."""
    trouble, is_shared = "", False
    if draft.step == 4:
        trouble, is_shared = await _look_at_channel(turn, draft)
    errors = {"deliver_to": trouble} if trouble else {}
    return step_view(Step(draft, begun, errors, is_shared, turn.view.meta))


async def _look_at_channel(turn: Turn, draft: Draft) -> tuple[str, bool]:
    """Why the code cannot be posted there ("" when it can), and whether another organisation would read it."""
    if draft.deliver != "channel" or not draft.deliver_to:
        return "", False
    try:
        found = await turn.slack.channel(draft.deliver_to)
    except SlackRefused:
        return _invite_first(turn), False
    except RemoteUnavailable:
        return "Slack did not tell us in time about that channel. Please try again.", False
    return ("" if found.bot_is_in else _invite_first(turn)), found.is_shared


def _invite_first(turn: Turn) -> str:
    return f"This app is not a member of that channel. Type `/invite @{turn.workspace.bot_name}` there, then try again."


def _at_receiver(errors: dict[str, str], draft: Draft) -> dict[str, str]:
    """The flow calls it deliver_to, the view shows a person or a channel."""
    field = ids.PERSON if draft.deliver == "person" else ids.CHANNEL
    return {field if name == "deliver_to" else name: sentence for name, sentence in errors.items()}


def _looks_the_same(after: Draft, turn: Turn) -> bool:
    """No view is sent while somebody types, unless it would show something else."""
    if after.step == 3:
        return after.name == turn.view.typing[ids.NAME]
    if after.step == 4:
        return after.deliver == "person" and turn.view.typing.shows(ids.PERSON)
    return turn.view.typing.shows(ids.PARTNER_URL) == (after.reach is Reach.PUBLIC)
