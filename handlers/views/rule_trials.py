"""Rules tried on tickets that there are: one ticket in a window, many in a message that is edited while it goes on."""

from flows.rule_trial import CALLS_A_MINUTE, Counted, Summary, TicketTrial, Tried, Verdict
from flows.rules import RulesOpen
from handlers import ids
from handlers.blocks import (
    Block,
    Message,
    Option,
    View,
    actions,
    button,
    confirm,
    context,
    divider,
    escape,
    in_code,
    input_block,
    modal,
    plain_section,
    preformatted,
    section,
    select,
    shortened,
    text_input,
    visible,
)
from sync.rule import SIDES, RuleSide

MOST_DAYS = 365
_LONGEST = 2900
_OUTGOING = {
    Verdict.CREATE: "your partner would get a new ticket",
    Verdict.UPDATE: "your partner's ticket would change",
    Verdict.SKIP: "nothing would be sent",
    Verdict.FAIL: "the rule stops",
}
_INCOMING = {
    Verdict.UPDATE: "your ticket would change",
    Verdict.SKIP: "nothing would be written",
    Verdict.FAIL: "the rule stops",
}

_TRIED_ON = (
    "Incoming rules are tried on the update that waits for a ticket, or else on your partner's last replica, with its"
    " comments and files as they stand at your ticket."
)


def try_view(
    opened: RulesOpen,
    recent: tuple[tuple[str, str], ...] | None,
    *,
    ticket: str = "",
    days: str = "30",
    trial: TicketTrial | None = None,
    said: str = "",
) -> View:
    """`recent` is None while the desk is asked. `said` (mrkdwn) stands on top."""
    blocks: list[Block] = [section(said)] if said else []
    blocks += [section(f"{_which_words(opened)} Nothing is written and nothing is sent."), *_choice(recent, ticket)]
    if trial is not None:
        blocks += [divider(), *trial_blocks(trial), divider()]
    blocks += [
        input_block(
            ids.DAYS,
            "Or all tickets that changed within the last days",
            text_input(ids.TYPED, days, longest=3, placeholder="30"),
            hint=f"1 to {MOST_DAYS}. A direct message shows how far it is and what would happen.",
            optional=True,
        ),
        actions(button("Try these days", ids.TRIAL_DAYS), button("Back to the editor", ids.RULES_BACK)),
    ]
    return modal(
        ids.VIEW_RULES_TRY, "Try it", blocks, submit="Try on one ticket", close="Close", meta=opened.connection.id
    )


def begun_view(connection_id: str, text: str) -> View:
    """A trial of many tickets goes on in a message: this window is not needed for it."""
    blocks = [section(text), actions(button("Back to the editor", ids.RULES_BACK))]
    return modal(ids.VIEW_NOTE, "Try it", blocks, close="Done", meta=connection_id, close_all=True)


def _which_words(opened: RulesOpen) -> str:
    name = escape(opened.connection.name)
    told = [
        f"{side}: what you typed" if side in opened.changed else f"{side}: {_running(opened, side)}" for side in SIDES
    ]
    return f"*Rules of {name}*, {'; '.join(told)}."


def _running(opened: RulesOpen, side: RuleSide) -> str:
    number = opened.running(side).number
    return f"version {number}" if number else "as shipped"


def _choice(recent: tuple[tuple[str, str], ...] | None, ticket: str) -> list[Block]:
    typed = input_block(
        ids.TICKET,
        "Ticket",
        text_input(ids.TYPED, ticket, longest=40, placeholder="#372"),
        hint="Its number, or choose one of the recent ones.",
        optional=True,
    )
    if recent is None:
        return [typed, context("Asking your desk for its recent tickets…")]
    if not recent:
        return [typed, context("No ticket changed within the last 30 days.")]
    options = tuple(Option(ticket_id, visible(words)) for ticket_id, words in recent)
    menu = input_block(ids.RECENT, "Recent tickets", select(ids.TYPED, options, placeholder="Choose"), optional=True)
    return [menu, typed]


def trial_blocks(trial: TicketTrial) -> list[Block]:
    blocks = [plain_section(f"{trial.shown} {trial.summary}".strip())]
    blocks += tried_blocks(trial.outgoing)
    if trial.incoming is None:
        return [
            *blocks,
            context("Incoming: nothing of your partner's has come for this ticket, so there is nothing to try."),
        ]
    return blocks + tried_blocks(trial.incoming)


def tried_blocks(tried: Tried) -> list[Block]:
    words = (_OUTGOING if tried.side is RuleSide.OUTGOING else _INCOMING)[tried.verdict]
    blocks = [section(f"*{str(tried.side).capitalize()}: {words}*")]
    if tried.trouble:
        blocks.append(preformatted(shortened(visible(tried.trouble), _LONGEST)))
    lines = "\n".join((*tried.changes, *tried.others))
    if lines:
        blocks.append(preformatted(shortened(visible(lines), _LONGEST)))
    if tried.notes:
        blocks.append(context(escape(" ".join(tried.notes))))
    if tried.log:
        blocks.append(plain_section(shortened("Said by the rule: " + "\n".join(tried.log), _LONGEST)))
    return blocks


def trial_message(name: str, connection_id: str, summary: Summary, trouble: str = "") -> Message:
    """One message, edited while it goes on. `trouble` is why it ended early."""
    shown = in_code(name)
    if trouble:
        text = f"*Trying the rules of {shown} ended early:* {escape(trouble)}"
    elif summary.was_stopped:
        text = f"*Trying the rules of {shown} was stopped.* {_looked(summary)}"
    elif summary.is_over:
        text = f"*The rules of {shown}, tried on the last {summary.days} days.* {_looked(summary)}"
    else:
        text = f"*Trying the rules of {shown}* on the last {summary.days} days: {summary.looked_at} tickets so far."
    blocks: list[Block] = [section(text)]
    for side, counted, words in (("Outgoing", summary.outgoing, _OUTGOING), ("Incoming", summary.incoming, _INCOMING)):
        if counted.numbers:
            blocks += _counted_blocks(side, counted, words)
    if summary.incoming.numbers:
        blocks.append(context(_TRIED_ON))
    if summary.is_over or trouble:
        blocks.append(context(_price(summary)))
    else:
        sure = confirm("Stop the trial?", "Nothing was written, so there is nothing to take back.", "Stop", "Go on")
        blocks.append(actions(button("Stop", ids.TRIAL_STOP, connection_id, style="danger", sure=sure)))
    return Message(f"Trying the rules of {shown}: {summary.looked_at} tickets", tuple(blocks))


def _counted_blocks(side: str, counted: Counted, words: dict[Verdict, str]) -> list[Block]:
    numbers = "\n".join(
        f"• {counted.number(verdict)}: {said}" for verdict, said in words.items() if counted.number(verdict)
    )
    blocks = [section(f"*{side}*\n{numbers}")]
    examples = [
        f"{said}: {example}"
        for verdict, said in words.items()
        if verdict is not Verdict.SKIP
        for example in counted.examples.get(verdict, ())
    ]
    if examples:
        blocks.append(preformatted(shortened(visible("\n".join(shortened(one, 300) for one in examples)), _LONGEST)))
    return blocks


def _looked(summary: Summary) -> str:
    return f"{summary.looked_at} ticket{'s were' if summary.looked_at != 1 else ' was'} looked at; nothing was written."


def _price(summary: Summary) -> str:
    minutes = f"{summary.minutes} minute{'s' if summary.minutes != 1 else ''}"
    return (
        f"For real: about {summary.our_calls:,} calls of your desk and {summary.their_calls:,} of your partner's, which"
        f" take {minutes} or less where a desk allows {CALLS_A_MINUTE} calls a minute."
    )
