"""Tickets as people see them: scopes, back-fills, what is parked, what both sides changed, and who fell silent."""

import json
import re

from flows.connections import Line
from flows.ticket_facts import Progress
from flows.tickets import Preview, Trouble
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
    date,
    escape,
    header,
    in_code,
    input_block,
    modal,
    plain_section,
    radio,
    section,
    shortened,
    text_input,
)
from pairing.connection import Connection
from pairing.terms import RulesMode
from sync.intent import Disagreement, ParkedUpdate
from sync.link import Link

_EXAMPLE = "priority:>3 AND status:2"
_MOST_LISTED = 10
_PLACE = re.compile(r"line (\d+), column (\d+)")  # as errors of rules say where they happened


def scope_view(connection: Connection, query: str, preview: Preview | None = None, trouble: str = "") -> View:
    """Which tickets are taken by themselves. `preview` shows what the filter matches now, before it is saved."""
    blocks: list[Block] = [
        section(
            f"Tickets of your desk that match are shared on *{escape(connection.name)}* as soon as they change."
            " Empty: none is taken by itself, only those you name with `sync`."
        ),
        input_block(
            ids.QUERY,
            "Filter",
            text_input(ids.TYPED, query, longest=512, multiline=True, placeholder=_EXAMPLE),
            hint=f"In your desk's filter language, for example {_EXAMPLE}",
            optional=True,
        ),
    ]
    if trouble:
        blocks.append(section(f"*Please correct:* {escape(trouble)}"))
    blocks.append(actions(button("Show what it matches", ids.SCOPE_PREVIEW, connection.id)))
    if preview is not None:
        blocks += preview_blocks(preview)
    return modal(ids.VIEW_SCOPE, "Scope", blocks, submit="Save", meta=connection.id)


def preview_blocks(preview: Preview) -> list[Block]:
    more = " at least" if preview.is_partial else ""
    text = f"*Matches now:*{more} {preview.matches} of {preview.looked_at} tickets of the last 30 days."
    listed = "\n".join(f"• {example}" for example in preview.examples)
    return [section(text)] + ([plain_section(listed)] if listed else [])


def scope_saved(connection: Connection, query: str) -> View:
    name = escape(connection.name)
    text = (
        f"From now on, tickets that match {in_code(query)} travel on *{name}* when they change."
        if query.strip()
        else f"*{name}* takes no ticket by itself any more. Linked tickets stay in step."
    )
    return modal(ids.VIEW_NOTE, "Scope saved", [section(text)], close="Done")


def backfill_view(connection: Connection, query: str, days: str = "30") -> View:
    return modal(
        ids.VIEW_BACKFILL,
        "Back-fill",
        [
            section(
                f"Existing tickets that match are created at your partner's desk on *{escape(connection.name)}*."
                " Those that are linked already are left out. You can stop it at any time."
            ),
            input_block(
                ids.QUERY,
                "Filter",
                text_input(ids.TYPED, query, longest=512, multiline=True, placeholder=_EXAMPLE),
                hint=f"In your desk's filter language, for example {_EXAMPLE}",
            ),
            input_block(
                ids.DAYS,
                "Changed within the last days",
                text_input(ids.TYPED, days, longest=4, placeholder="30"),
                hint="1 to 3650",
            ),
        ],
        submit="Start",
        meta=connection.id,
    )


_ACTS = (
    Option(ids.SYNC, "Share it now, whatever the scope says"),
    Option(ids.LINK, "Link it with a ticket that your partner has already"),
    Option(ids.UNLINK, "Unlink it: both tickets stay, and nothing crosses any more"),
)


def by_hand_view(connection: Connection) -> View:
    """What the commands sync, link and unlink do."""
    return modal(
        ids.VIEW_TICKET,
        "One ticket",
        [
            section(f"On *{escape(connection.name)}*, for one ticket:"),
            input_block(ids.ACT, "What to do", radio(ids.TYPED, _ACTS, ids.SYNC)),
            input_block(
                ids.OUR_TICKET,
                "Your ticket",
                text_input(ids.TYPED, longest=20, placeholder="#372"),
            ),
            input_block(
                ids.THEIR_TICKET,
                "Your partner's ticket",
                text_input(ids.TYPED, longest=20, placeholder="#118"),
                hint="Only to link two",
                optional=True,
            ),
        ],
        submit="Do it",
        meta=connection.id,
    )


def progress(line: Line, fill: Progress) -> Message:
    """One message, edited while it goes on."""
    name = in_code(line.connection.name)
    if fill.is_stopped:
        text = f"*Back-fill of {name} stopped.* {fill.done} tickets were taken; they stay linked."
    elif fill.ended_at is not None:
        text = f"*Back-fill of {name} is done:* {fill.done} tickets taken, {date(fill.ended_at)}."
    else:
        still = "more are looked for" if fill.is_looking else "the desk's list is complete"
        text = f"*Back-fill of {name}:* {fill.done} of {fill.found} tickets taken; {still}."
    blocks: list[Block] = [section(text)]
    if fill.ended_at is None:
        sure = confirm("Stop the back-fill?", "What was taken stays linked. The rest is left alone.", "Stop")
        blocks.append(actions(button("Stop", ids.BACKFILL_STOP, line.connection.id, style="danger", sure=sure)))
    return Message(f"Back-fill of {name}: {fill.done} of {fill.found}", tuple(blocks))


def troubles(found: tuple[Trouble, ...]) -> Message:
    if not found:
        return Message("Nothing is parked.", tuple(_listed(found)))
    return Message(f"{len(found)} tickets wait for a person.", (header("Tickets that wait"), *_listed(found)))


def troubles_view(connection: Connection, found: tuple[Trouble, ...], said: str = "") -> View:
    """`said` (mrkdwn) tells what was just done."""
    blocks = [section(said)] if said else []
    return modal(ids.VIEW_ERRORS, "Tickets that wait", blocks + _listed(found), close="Done", meta=connection.id)


def _listed(found: tuple[Trouble, ...]) -> list[Block]:
    if not found:
        return [section("*Nothing is parked.* Every ticket that arrived was settled.")]
    blocks: list[Block] = []
    for trouble in found[:_MOST_LISTED]:
        blocks += parked_blocks(trouble.connection, trouble.parked, longest=300)
    if len(found) > _MOST_LISTED:
        blocks.append(context(f"And {len(found) - _MOST_LISTED} more, which show once these are settled."))
    return blocks


def parked_card(line: Line, parked: ParkedUpdate) -> Message:
    name = in_code(line.connection.name)
    return Message(f"A ticket on {name} waits for you", tuple(parked_blocks(line.connection, parked)))


def parked_blocks(connection: Connection, parked: ParkedUpdate, *, longest: int = 1000) -> list[Block]:
    """`longest` is for the reason: Slack takes only so much in one message."""
    partner = _partner(connection)
    value = f"{parked.connection_id}:{parked.envelope_id}"
    sure = confirm(
        "Skip this change?",
        "It is not written. Later changes of the ticket go their way as usual."
        if parked.our_ticket is None
        else "It is not sent by itself. It goes with the next change of the ticket.",
        "Skip",
    )
    buttons = [
        button("Retry", ids.PARKED_RETRY, value, style="primary", label=f"Retry {parked.shown}"),
        button("Skip", ids.PARKED_SKIP, value, sure=sure, label=f"Skip {parked.shown}"),
    ]
    if parked.code == "rule" and connection.rules is RulesMode.SCRIPT:
        place = _PLACE.search(parked.text)
        side = "incoming" if parked.our_ticket is None else "outgoing"
        where = f"{connection.id}:{side}:{':'.join(place.groups()) if place else ''}"
        buttons.append(button("Edit rule", ids.PARKED_RULE, where, label=f"Edit the rule that stopped {parked.shown}"))
    what = f"A change of {partner}'s ticket {escape(parked.shown)} could not be written"
    if parked.our_ticket is not None:
        what = f"A change of your ticket {escape(parked.shown)} did not leave"
    return [
        section(f"*{what}* on {in_code(connection.name)}."),
        plain_section(shortened(parked.text, longest)),
        actions(*buttons),
        context(f"Waiting since {date(parked.parked_at)}. What follows for this ticket waits behind it; others go on."),
    ]


def parked_there(line: Line, ticket: str, code: str) -> Message:
    partner = _partner(line.connection)
    why = {
        "rule": "a rule or a value over there does not fit",
        "refused": "their desk refused it",
        "linked_already": "one of the two tickets is linked already",
        "not_joined": "they said no",
    }.get(code, "their node could not read it")
    name = in_code(line.connection.name)
    text = f"*{partner} could not write your ticket #{escape(ticket)}* on {name}: {why}. Their admin was told."
    return _told(f"Your ticket #{escape(ticket)} waits at your partner", text)


def conflict_card(line: Line, link: Link, found: Disagreement) -> Message:
    ticket = in_code(f"#{link.our_ticket}")
    ours, theirs = _value(found.ours), _value(found.theirs)
    stays, lost = (ours, theirs) if found.ours_stays else (theirs, ours)
    whose = "Yours" if found.ours_stays else "Your partner's"
    text = (
        f"*Both sides changed “{escape(found.field)}” of ticket {ticket}* on {in_code(line.connection.name)} without"
        f" knowing of each other. {whose} stays, by the rule that both sides chose."
    )
    blocks: list[Block] = [section(text), plain_section(f"Stays: {stays}\nWas set aside: {lost}")]
    if not found.taken:
        blocks.append(actions(button("Take the other value", ids.CONFLICT_TAKE, found.id)))
    else:
        blocks.append(context("The other value was taken."))
    return Message(f"Both sides changed {escape(found.field)} of ticket {ticket}", tuple(blocks))


def cut(line: Line, ours: str, theirs: str, why: str) -> Message:
    reason, _, where = why.partition(" ")
    whose = "yours" if where == "here" else "your partner's"
    words = {"deleted": "was deleted", "spam": "was marked as spam", "merged": "was merged", "unlinked": "was unlinked"}
    text = (
        f"*{in_code(f'#{ours}')} and {escape(theirs or 'its twin')} are no longer linked* on"
        f" {in_code(line.connection.name)}: {whose} {words.get(reason, 'is gone')}. The other ticket stays as it is,"
        " and neither is created again by itself."
    )
    return _told(f"Ticket #{escape(ours)} is no longer linked", text)


def braked(line: Line, why: str) -> Message:
    name = in_code(line.connection.name)
    text = (
        f"*{name} was paused to be safe:* {escape(why)}. Look at the tickets first; `resume` lets it go on, and nothing"
        " was lost."
    )
    return _told(f"{name} was paused to be safe", text)


def join_asked(line: Line, ours: str, shown: str, summary: str) -> Message:
    partner = _partner(line.connection)
    value = f"{line.connection.id}:{ours}"
    text = (
        f"*{partner} would like to link their ticket {escape(shown)} with your {in_code(f'#{ours}')}* on"
        f" {in_code(line.connection.name)}."
    )
    return Message(
        f"{partner} would like to link two tickets",
        (
            section(text),
            plain_section(f"Theirs is called: {summary}"),
            actions(
                button("Link them", ids.JOIN_YES, value, style="primary"),
                button("No", ids.JOIN_NO, value, label="Do not link them"),
            ),
            context("From then on changes of both travel both ways. `unlink` parts them again."),
        ),
    )


def desk_refused(desk: str, command: str) -> Message:
    text = (
        f"*Your desk {in_code(desk)} refuses Drawbridge's key.* Nothing is read or written there until it takes one"
        f" again; nothing is lost meanwhile. Replace the key with `{command} setup`, or give the agent its rights back."
    )
    return _told(f"Your desk {in_code(desk)} refuses the key", text)


def desk_back(desk: str) -> Message:
    return _told(
        f"Your desk {in_code(desk)} takes the key again",
        f"*Your desk {in_code(desk)} takes the key again.* Tickets go on.",
    )


def out_of_reach(line: Line) -> Message:
    partner = _partner(line.connection)
    text = (
        f"*{partner}'s Drawbridge has not been heard of for ten minutes* ({in_code(line.connection.name)}). Changes"
        " wait and go out once it is back; nothing is lost."
    )
    return _told(f"{partner}'s Drawbridge is silent", text)


def restored(line: Line) -> Message:
    partner = _partner(line.connection)
    text = (
        f"*{partner}'s Drawbridge runs from a backup* ({in_code(line.connection.name)}) and has forgotten what happened"
        " since. All linked tickets are being compared, and what it lacks is told again. You need do nothing."
    )
    return _told(f"{partner}'s Drawbridge runs from a backup", text)


def in_reach(line: Line) -> Message:
    partner = _partner(line.connection)
    text = f"*{partner}'s Drawbridge is back* ({in_code(line.connection.name)}). What waited is on its way."
    return _told(f"{partner}'s Drawbridge is back", text)


def _partner(connection: Connection) -> str:
    return escape(connection.partner_name or "Your partner")


def _told(summary: str, text: str) -> Message:
    return Message(summary, (section(text),))


def _value(stored: str) -> str:
    value = json.loads(stored)
    if isinstance(value, list):
        return ", ".join(str(item) for item in value) or "(none)"
    text = str(value) if value not in (None, "") else "(empty)"
    return text if len(text) <= 300 else text[:300] + "…"
