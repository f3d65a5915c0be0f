"""Rules: the editor, its check, what differs, versions and restoring. Nothing of a rule's text leaves the windows and
the direct messages of the person who asked for it."""

import hashlib
from dataclasses import replace

from flows.errors import FieldErrors, NotFound
from flows.rule_check import MOST_CHARACTERS, tidied
from flows.rule_drafts import RuleDraft
from flows.rules import RulesOpen, RulesRefused, basic_words
from handlers import ids
from handlers.arrivals import Attached
from handlers.errors import SlackRefused
from handlers.front import Turn
from handlers.listeners.which import by_id, meant
from handlers.parse import read_command
from handlers.views import common
from handlers.views.rule_versions import compare_view, diff_view, mark_of, saved_view, versions_view
from handlers.views.rules import Editor, editor_view
from pairing.connection import Connection, ConnectionState
from pairing.errors import MoveNotPossible
from pairing.terms import RulesMode
from sync.rule import SIDES, RuleSide

_CHECKING = ("Checking…", "Reading the rules and looking for what is wrong with them.")
_MOST_BYTES = 4 * MOST_CHARACTERS  # what so many characters may have in UTF-8


def _has_rules(connection: Connection) -> bool:
    return connection.state is not ConnectionState.CLOSED and connection.rules is RulesMode.SCRIPT


# --- ways into the editor


async def edit(turn: Turn) -> None:
    lines = await turn.flows.overview(turn.actor)
    still = [line.connection for line in lines if line.connection.state is not ConnectionState.CLOSED]
    if not read_command(turn.arrival.text).names and still and not any(_has_rules(one) for one in still):
        raise MoveNotPossible(basic_words(still[0].name))
    line = await meant(turn, ids.EDIT_RULES, _has_rules)
    if line is not None:
        await _show(turn, line.connection.id)


async def show(turn: Turn) -> None:
    await _show(turn, turn.arrival.value)


async def show_place(turn: Turn) -> None:
    """From the card of a ticket that a rule stopped: "<connection>:<side>:<line>:<column>"."""
    connection_id, side, line, column = (*turn.arrival.value.split(":"), "", "", "")[:4]
    opened = await turn.flows.open_rules(turn.actor, connection_id)
    at = (_side(side), _number(line), _number(column)) if _number(line) else None
    await turn.show(editor_view(Editor(opened, said=_draft_words(opened), at=at)))


async def back(turn: Turn) -> None:
    """From any of the other windows; a note typed there stays."""
    connection_id = turn.view.meta.partition(":")[0]
    if turn.view.callback == ids.VIEW_RULES_DIFF:
        opened = await turn.flows.open_rules(turn.actor, connection_id)
        await _keep(turn, opened, replace(opened.draft, note=turn.view.typing[ids.NOTE]))
    await _show(turn, connection_id)


async def _show(turn: Turn, connection_id: str, said: str = "") -> None:
    opened = await turn.flows.open_rules(turn.actor, connection_id)
    await turn.show(editor_view(Editor(opened, said=said or _draft_words(opened))))


def _draft_words(opened: RulesOpen) -> str:
    if not opened.changed:
        return ""
    sides = " and ".join(f"the {side} rule" for side in opened.changed)
    return f"*What you typed before is kept:* {sides} below differs from what runs."


# --- in the editor


async def closed(turn: Turn) -> None:
    """Everything typed is kept."""
    await typed(turn)


async def checked(turn: Turn) -> None:
    """The submit: what is wrong stands above its editor, or the difference is shown."""
    opened = await turn.patiently(typed(turn), common.waiting(*_CHECKING))
    if not opened.changed:
        said = "*Nothing differs from the rules that run now*, so there is nothing to save."
        await turn.show(editor_view(Editor(opened, said=said)))
        return
    work = turn.flows.check_rules(turn.actor, opened.connection.id, opened.draft)
    remarks = await turn.patiently(work, common.waiting(*_CHECKING))
    changed = {side: found for side, found in remarks.items() if side in opened.changed}
    if all(one.may_pass for found in changed.values() for one in found):
        await turn.show(diff_view(opened, changed))
    else:
        await turn.show(editor_view(Editor(opened, changed)))


async def discard(turn: Turn) -> None:
    await turn.flows.forget_rule_draft(turn.actor, turn.view.meta)
    opened = await turn.flows.open_rules(turn.actor, turn.view.meta)
    salt = hashlib.sha256(turn.arrival.key.encode()).hexdigest()[:6]
    await turn.show(editor_view(Editor(opened, said="Dropped: these are the rules that run now.", salt=salt)))


async def files(turn: Turn) -> None:
    """Both texts as they stand in the editor, to the person's direct messages."""
    opened = await typed(turn)
    name = opened.connection.name
    for side in SIDES:
        what = "as you typed it" if side in opened.changed else "as it runs"
        said = (
            f"The {side} rule of `{name}`, {what}. Change it, then upload it: `{turn.command} {ids.EDIT_RULES} {name}`"
        )
        content = opened.draft.text(side).encode("utf-8", "replace")
        await turn.slack.share(turn.arrival.user_id, f"{name}-{side}.groovy", content, said)
    said = "Both texts are in your direct messages with this app, as files."
    await turn.show(editor_view(Editor(opened, said=said)))


async def switch_http(turn: Turn) -> None:
    opened = await typed(turn)
    allowed = turn.arrival.value == "on"
    await turn.flows.let_rules_call(turn.actor, opened.connection.id, allowed=allowed)
    said = f"`httpClient` is {'on' if allowed else 'off'} now."
    await turn.show(editor_view(Editor(replace(opened, may_call=allowed), said=said)))


async def save(turn: Turn) -> None:
    """The submit of the difference: saves exactly what was looked at."""
    connection_id, _, mark = turn.view.meta.partition(":")
    opened = await turn.flows.open_rules(turn.actor, connection_id)
    note = turn.view.typing[ids.NOTE]
    if mark != mark_of(opened):
        said = "*What you typed was changed in another window:* nothing was saved. Look at it once more."
        await turn.show(editor_view(Editor(opened, said=said)))
        return
    try:
        work = turn.flows.save_rules(turn.actor, connection_id, opened.draft, note)
        saved = await turn.patiently(work, common.waiting(*_CHECKING))
    except RulesRefused as error:
        await turn.show(editor_view(Editor(opened, error.remarks)))
        return
    line = await by_id(turn, connection_id)
    await turn.show(saved_view(line.connection, saved, line.parked))


# --- versions


async def versions(turn: Turn) -> None:
    """From the editor or back from a comparison; the button says which side's."""
    connection_id = turn.view.meta.partition(":")[0]
    if turn.view.callback == ids.VIEW_RULES:
        await typed(turn)
    await _show_versions(turn, connection_id, _side(turn.arrival.value))


async def _show_versions(turn: Turn, connection_id: str, side: RuleSide, said: str = "") -> None:
    opened = await turn.flows.open_rules(turn.actor, connection_id)
    entries = await turn.flows.rule_versions(turn.actor, connection_id, side)
    await turn.show(versions_view(opened, side, entries, said))


async def compared(turn: Turn) -> None:
    connection_id, _, side = turn.view.meta.partition(":")
    typing = turn.view.typing
    look, against = _number(typing[ids.VERSION]), _number(typing[ids.AGAINST])
    found = await turn.flows.rule_texts(turn.actor, connection_id, _side(side), look, against)
    opened = await turn.flows.open_rules(turn.actor, connection_id)
    await turn.show(compare_view(opened, found[0], found[1]))


async def restored(turn: Turn) -> None:
    """The submit of a comparison."""
    connection_id, side, look, base = (*turn.view.meta.split(":"), "", "", "")[:4]
    note = turn.view.typing[ids.NOTE]
    work = turn.flows.restore_rule(turn.actor, connection_id, _side(side), _number(look), base=_number(base), note=note)
    try:
        version = await turn.patiently(work, common.waiting(*_CHECKING))
    except RulesRefused as error:
        found = await turn.flows.rule_texts(turn.actor, connection_id, _side(side), _number(look), _number(base))
        opened = await turn.flows.open_rules(turn.actor, connection_id)
        await turn.show(compare_view(opened, found[0], found[1], error.remarks))
        return
    line = await by_id(turn, connection_id)
    await turn.show(saved_view(line.connection, (version,), line.parked))


# --- what was typed


async def typed(turn: Turn) -> RulesOpen:
    """The editor as the person left it, kept as their draft. Raises FieldErrors at a file that cannot be read."""
    opened = await turn.flows.open_rules(turn.actor, turn.view.meta)
    draft, typing = opened.draft, turn.view.typing
    for side in SIDES:
        if typing.shows(ids.RULE_TEXT[side]):
            draft = draft.with_text(side, tidied(typing[ids.RULE_TEXT[side]]))
        file = typing.files.get(ids.RULE_FILE[side])
        if file is not None:
            draft = draft.with_text(side, await _uploaded(turn, ids.RULE_FILE[side], file))
    return await _keep(turn, opened, draft)


async def _keep(turn: Turn, opened: RulesOpen, draft: RuleDraft) -> RulesOpen:
    if draft != opened.draft:
        await turn.flows.keep_rule_draft(turn.actor, opened.connection.id, draft)
    return replace(opened, draft=draft)


async def _uploaded(turn: Turn, field: str, file: Attached) -> str:
    try:
        content = await turn.slack.fetch(file.url, _MOST_BYTES)
        return tidied(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        trouble = f"{file.name} is not UTF-8 text. Save it as UTF-8 and upload it again."
    except SlackRefused as error:
        trouble = {
            "file_too_large": f"{file.name} is larger than a rule may be (256 KiB). Shorten it and upload it again.",
        }.get(error.code, f"Slack did not hand {file.name} over. Remove it and upload it again.")
    raise FieldErrors({field: trouble})


def _side(word: str) -> RuleSide:
    """Raises NotFound for what none of our windows sends."""
    if word not in list(RuleSide):
        raise NotFound("That window is from an older version of this app. Open the rules again.")
    return RuleSide(word)


def _number(digits: str) -> int:
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 0
