"""The rules' editor: two texts, what is wrong with them, and the way to everything else that can be done with rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flows.rule_check import Remark
from flows.rules import RulesOpen, RuleText
from handlers import ids
from handlers.blocks import (
    Block,
    View,
    actions,
    button,
    confirm,
    context,
    date,
    escape,
    file_input,
    input_block,
    mention,
    modal,
    preformatted,
    section,
    shortened,
    visible,
)
from sync.rule import SIDES, RuleSide, text_sha256

LONGEST = 3000  # what Slack takes in a text field; a longer rule travels as a file
_MOST_REMARKS = 8
_LABELS = {RuleSide.OUTGOING: "Outgoing rule", RuleSide.INCOMING: "Incoming rule"}
_HINTS = {
    RuleSide.OUTGOING: "From your ticket (issue) to what your partner may see (replica). Nothing else leaves.",
    RuleSide.INCOMING: "From your partner's replica to the fields that are written to your ticket (issue).",
}
_WORDS = (
    "As shipped they do what Basic mode does. `issue` and `replica` have `summary`, `description`, `type`, `status`,"
    " `priority`, `tags`, `assignee`, `reporter`, `comments`, `attachments`, `customFields`; `replica` takes any other"
    " name, too. *Try it* shows what they would do with your own tickets, and writes nothing."
)
Remarks = Mapping[RuleSide, tuple[Remark, ...]]


@dataclass(frozen=True, slots=True)
class Editor:
    """What the editor shows beside the texts. `said` (mrkdwn) stands on top; `at` is a place a card pointed to; another
    `salt` makes Slack forget what was typed."""

    opened: RulesOpen
    remarks: Remarks = field(default_factory=dict)
    said: str = ""
    at: tuple[RuleSide, int, int] | None = None
    salt: str = ""


def editor_view(editor: Editor) -> View:
    opened = editor.opened
    name = escape(opened.connection.name)
    running = "  ·  ".join(f"{side}: {running_words(opened.running(side))}" for side in SIDES)
    blocks: list[Block] = [section(editor.said)] if editor.said else []
    blocks += [
        section(f"Your side's rules of *{name}*, in Groovy. Your partner never sees them."),
        context(f"Running now: {running}"),
        context(_WORDS),
        *_place(editor),
    ]
    for side in SIDES:
        blocks += _side(editor, side)
    blocks += [_buttons(opened), *_http(opened)]
    return modal(
        ids.VIEW_RULES,
        "Rules",
        blocks,
        submit="Check and compare",
        close="Close",
        meta=opened.connection.id,
        tell_when_closed=True,
    )


def _side(editor: Editor, side: RuleSide) -> list[Block]:
    """The remarks about one text, its editor, and a place for a file."""
    text = editor.opened.draft.text(side)
    blocks = remark_blocks(side, text, editor.remarks.get(side, ()))
    # Slack keeps what stands in a field of the same id, whatever we send: another text of ours is another field.
    mark = text_sha256(text)[:8] + editor.salt
    if fits_in_a_field(text):
        element: Block = {"type": "plain_text_input", "action_id": ids.TYPED, "multiline": True, "max_length": LONGEST}
        if text.rstrip("\n"):
            element["initial_value"] = text.rstrip("\n")
        label, hint = _LABELS[side], _HINTS[side]
        blocks.append(input_block(f"{ids.RULE_TEXT[side]}.{mark}", label, element, hint=hint, optional=True))
        label = f"{_LABELS[side]} as a file instead"
    else:
        lines = text.count("\n")
        words = f"*{_LABELS[side]}:* {len(text):,} characters, {lines:,} lines."
        more = f" Slack's text fields end at {LONGEST:,}: get the files below, edit, and upload what you changed."
        blocks.append(section(words + more))
        label = f"{_LABELS[side]}: upload a new text"
    element = file_input(ids.TYPED, "groovy", "txt")
    hint = "A .groovy or .txt file, UTF-8, up to 256 KiB. It replaces the text above."
    blocks.append(input_block(f"{ids.RULE_FILE[side]}.{mark}", label, element, hint=hint, optional=True))
    return blocks


def remark_blocks(side: RuleSide, text: str, remarks: tuple[Remark, ...]) -> list[Block]:
    if not remarks:
        return []
    wrong = sum(not one.may_pass for one in remarks)
    words = f"{wrong} thing{'s' if wrong != 1 else ''} to put right" if wrong else "may be saved, but look at this"
    blocks = [section(f"*{_LABELS[side]}: {words}*")]
    blocks += [preformatted(shortened(visible(one.shown(text)), LONGEST)) for one in remarks[:_MOST_REMARKS]]
    if len(remarks) > _MOST_REMARKS:
        blocks.append(context(f"And {len(remarks) - _MOST_REMARKS} more, which show once these are put right."))
    return blocks


def _place(editor: Editor) -> list[Block]:
    if editor.at is None:
        return []
    side, line, column = editor.at
    shown = Remark(line, column, f"the {side} rule stopped here").shown(editor.opened.running(side).text)
    return [preformatted(shortened(visible(shown), LONGEST))]


def _buttons(opened: RulesOpen) -> Block:
    buttons = [
        button("Try it", ids.RULES_TRY, style="primary"),
        button("Versions", ids.RULES_VERSIONS, str(RuleSide.OUTGOING)),
        button("Get both as files", ids.RULES_FILES),
    ]
    if opened.changed:
        sure = confirm("Drop what you typed?", "It is gone then: the editor shows the rules that run now.", "Drop it")
        buttons.append(button("Drop what I typed", ids.RULES_DISCARD, sure=sure))
    return actions(*buttons)


def _http(opened: RulesOpen) -> list[Block]:
    if opened.may_call:
        turn = button("Turn off", ids.RULES_HTTP, "off", label="Turn httpClient off")
        return [section("`httpClient` is *on*: these rules may call your own desk with its key.", accessory=turn)]
    sure = confirm(
        "Turn httpClient on?",
        "These rules may then read and write anything in your own desk that its key may. They reach no other address.",
        "Turn on",
        "Leave it off",
    )
    turn = button("Turn on", ids.RULES_HTTP, "on", sure=sure, label="Turn httpClient on")
    return [section("`httpClient` is *off*: these rules call nothing by themselves.", accessory=turn)]


def fits_in_a_field(text: str) -> bool:
    """Slack counts as browsers do: a character beyond the first plane counts twice."""
    return len(text.rstrip("\n").encode("utf-16-le", "surrogatepass")) // 2 <= LONGEST


def running_words(text: RuleText) -> str:
    """Mrkdwn."""
    if text.number == 0:
        return "as shipped"
    by = f" by {mention(text.author)}" if text.author else ""
    return f"version {text.number}{by}, {date(text.at)}" if text.at else f"version {text.number}"
