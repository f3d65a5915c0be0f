"""Versions of rules: what differs, what there is, and what was saved."""

from flows.rules import MOST_NOTE, RulesOpen, RuleText, version_words
from handlers import ids
from handlers.blocks import (
    Block,
    Option,
    View,
    actions,
    button,
    context,
    date,
    escape,
    input_block,
    mention,
    modal,
    plain_section,
    preformatted,
    section,
    select,
    shortened,
    text_input,
    visible,
)
from handlers.views.rules import Remarks, remark_blocks
from pairing.connection import Connection
from sync.rule import RuleEntry, RuleSide, RuleVersion, text_sha256
from sync.rule_diff import counts, unified

_MOST_SHOWN = 12_000  # characters of a difference
_MOST_LISTED = 20
_OTHER = {RuleSide.OUTGOING: RuleSide.INCOMING, RuleSide.INCOMING: RuleSide.OUTGOING}


def diff_view(opened: RulesOpen, remarks: Remarks) -> View:
    """What would change, before it is saved. The mark makes sure that what is saved is what was looked at."""
    blocks: list[Block] = []
    for side in opened.changed:
        old, new = opened.running(side), opened.draft.text(side)
        blocks += difference_blocks(side, old.text, new, _named(old), "what you typed")
        blocks += remark_blocks(side, new, remarks.get(side, ()))
    blocks.append(_note_input(opened.draft.note))
    blocks.append(actions(button("Back to the editor", ids.RULES_BACK), button("Try it", ids.RULES_TRY)))
    numbers = [opened.running(side).number + 1 for side in opened.changed]
    meta = f"{opened.connection.id}:{mark_of(opened)}"
    submit = f"Save version {numbers[0]}" if len(set(numbers)) == 1 else f"Save versions {numbers[0]}, {numbers[1]}"
    return modal(ids.VIEW_RULES_DIFF, "Compare and save", blocks, submit=shortened(submit, 24), meta=meta)


def mark_of(opened: RulesOpen) -> str:
    return text_sha256(f"{opened.draft.outgoing}\0{opened.draft.incoming}")[:16]


def difference_blocks(side: RuleSide, old: str, new: str, old_name: str, new_name: str) -> list[Block]:
    diff = unified(old, new, old_name, new_name)
    if not diff:
        return [section(f"*{str(side).capitalize()} rule:* the two texts are the same.")]
    added, removed = counts(diff)
    lines = f"{added} line{'s' if added != 1 else ''} added, {removed} removed"
    blocks = [section(f"*{str(side).capitalize()} rule:* {lines}")]
    shown = visible("\n".join(diff))
    for start in range(0, min(len(shown), _MOST_SHOWN), 2900):
        blocks.append(preformatted(shown[start : min(start + 2900, _MOST_SHOWN)] or " "))
    if len(shown) > _MOST_SHOWN:
        blocks.append(context(f"The rest, {len(shown) - _MOST_SHOWN:,} characters, does not fit into this window."))
    return blocks


def saved_view(connection: Connection, saved: tuple[RuleVersion, ...], waiting: int) -> View:
    told = " and ".join(f"version {version.number} of the {version.side} rule" for version in saved)
    runs = "It runs" if len(saved) == 1 else "They run"
    text = f"*Saved:* {told} of *{escape(connection.name)}*. {runs} from the next change of a ticket on."
    blocks = [section(text)]
    if waiting:
        more = (
            f"{waiting} ticket{'s wait' if waiting != 1 else ' waits'} for a person: *Retry* on"
            f" {'their cards' if waiting != 1 else 'its card'} tries with what runs now."
        )
        blocks.append(context(more))
    blocks.append(context("To go back to what ran before, restore it from the versions."))
    older = button("Versions", ids.RULES_VERSIONS, str(saved[0].side))
    blocks.append(actions(button("Back to the editor", ids.RULES_BACK), button("Try it", ids.RULES_TRY), older))
    return modal(ids.VIEW_NOTE, "Rules saved", blocks, close="Done", meta=connection.id, close_all=True)


def versions_view(opened: RulesOpen, side: RuleSide, entries: tuple[RuleEntry, ...], said: str = "") -> View:
    """Every version of one side, two of them to be chosen."""
    running, options = opened.running(side), _options(opened.running(side), entries)
    blocks: list[Block] = [section(said)] if said else []
    blocks += [
        section(f"*{str(side).capitalize()} rule of {escape(opened.connection.name)}*"),
        *_listed(running, entries),
        input_block(f"{ids.VERSION}.{side}", "Look at", select(ids.TYPED, options, str(running.number))),
        input_block(
            f"{ids.AGAINST}.{side}", "Compared with", select(ids.TYPED, options, str(max(running.number - 1, 0)))
        ),
        actions(
            button("Back to the editor", ids.RULES_BACK),
            button(f"Versions of the {_OTHER[side]} rule", ids.RULES_VERSIONS, str(_OTHER[side])),
        ),
    ]
    meta = f"{opened.connection.id}:{side}"
    return modal(ids.VIEW_RULES_VERSIONS, "Versions", blocks, submit="Compare", close="Close", meta=meta)


def _listed(running: RuleText, entries: tuple[RuleEntry, ...]) -> list[Block]:
    if not entries:
        return [section("Nothing was saved yet: the text that we ship runs.")]
    blocks: list[Block] = []
    for entry in entries[:_MOST_LISTED]:
        runs = " (runs now)" if entry.number == running.number else ""
        facts = (f"*Version {entry.number}*{runs}", mention(entry.author), date(entry.at), f"{entry.size:,} characters")
        blocks.append(context("  ·  ".join(facts)))
        if entry.note:
            blocks.append(plain_section(entry.note))
    if len(entries) > _MOST_LISTED:
        blocks.append(context("Older ones are in the menus below."))
    return blocks


def _options(running: RuleText, entries: tuple[RuleEntry, ...]) -> tuple[Option, ...]:
    listed = [
        Option(
            str(entry.number),
            f"Version {entry.number}{', runs now' if entry.number == running.number else ''}",
            entry.note,
        )
        for entry in entries
    ]
    return (*listed, Option("0", "The text as shipped" + (", runs now" if running.number == 0 else "")))


def compare_view(opened: RulesOpen, look: RuleText, against: RuleText, remarks: Remarks | None = None) -> View:
    """One version beside another; it can be restored where it is not what runs."""
    side, running = look.side, opened.running(look.side)
    blocks = difference_blocks(side, against.text, look.text, _named(against), _named(look))
    if remarks:
        blocks += [section("*It cannot be restored as it is:* it does not pass today's check."), *_all(look, remarks)]
    buttons = [
        button("Back to the versions", ids.RULES_VERSIONS, str(side)),
        button("Back to the editor", ids.RULES_BACK),
    ]
    meta = f"{opened.connection.id}:{side}:{look.number}:{running.number}"
    if look.text == running.text:
        blocks += [context("That text runs now."), actions(*buttons)]
        return modal(ids.VIEW_RULES_COMPARE, "Compare", blocks, close="Close", meta=meta)
    blocks += [
        _note_input(f"{version_words(look.number)} restored"),
        context(f"Restoring makes version {running.number + 1} with this text; no version is lost."),
        actions(*buttons),
    ]
    submit = f"Restore version {look.number}" if look.number else "Restore as shipped"
    return modal(ids.VIEW_RULES_COMPARE, "Compare", blocks, submit=shortened(submit, 24), close="Close", meta=meta)


def _all(look: RuleText, remarks: Remarks) -> list[Block]:
    return [block for side, found in remarks.items() for block in remark_blocks(side, look.text, found)]


def _named(text: RuleText) -> str:
    return f"version {text.number}" if text.number else "as shipped"


def _note_input(value: str = "") -> Block:
    element = text_input(ids.TYPED, value, longest=MOST_NOTE, placeholder="What changed, and why")
    return input_block(ids.NOTE, "Note", element, optional=True)
