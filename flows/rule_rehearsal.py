"""Rules as they are written run on an empty stage: nothing that they do reaches a desk or a partner."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

from flows.answers import Answers, NoWrites
from flows.desk_of import OpenDesk
from flows.last_replica import comment_line, last_replica
from flows.node import Node
from flows.rule_trial import Played, Rehearsal, Rehearse
from flows.rules import RulesOpen
from flows.scenes import incoming_scene, let_out_of, outgoing_scene
from rules.errors import RuleError
from rules.host.scene import Outcome
from rules.script import RuleTexts, ScriptRules
from sync.fields import Fields
from sync.link import Link, Trace
from sync.replica import LetOut, Update
from sync.ticket import DeskFacts, Ticket

_NOTHING = object()
_ON_WAITING = "Tried on the update of your partner's that waits for this ticket."


def rehearsal(node: Node) -> Rehearse:
    def rehearse(organisation_id: str, desk: OpenDesk, opened: RulesOpen) -> Rehearsal:
        return _Stage(node, organisation_id, desk, opened)

    return rehearse


class _Stage:
    """Implements flows.rule_trial.Rehearsal."""

    def __init__(self, node: Node, organisation_id: str, desk: OpenDesk, opened: RulesOpen) -> None:
        draft, self._connection = opened.draft, opened.connection
        self._home = desk.desk.address
        self._texts = RuleTexts(draft.outgoing, draft.incoming, opened.may_call)
        # A key of its own: trying waits for no ticket, and no ticket for trying.
        self._pair = ScriptRules(node.runner, f"try:{opened.connection.id}", self._texts)
        # Reads are answered, and in a dry run no rule asks for a write.
        self._answers = Answers(
            node, organisation_id, opened.connection, desk, NoWrites(), may_call=self._texts.may_call
        )

    async def outgoing(
        self, ticket: Ticket, link: Link | None, traces: Sequence[Trace], facts: DeskFacts
    ) -> tuple[LetOut, Played]:
        scene = outgoing_scene(
            *(self._connection, self._texts, ticket, link, traces, facts, datetime.now(UTC)),
            our_url=self._home,
            dry_run=True,
        )
        outcome = await self._pair.outgoing(scene, self._answers)
        let_out = let_out_of(outcome, ticket, self._connection.rules)
        return let_out, Played(outcome.fields, (), _said(outcome))

    async def incoming(
        self, link: Link, traces: Sequence[Trace], ticket: Ticket, facts: DeskFacts, waiting: Update | None
    ) -> Played:
        """An update that waits as it will be applied; the last replica as if it came for the first time, and what was
        written of it already differs in nothing."""
        seen = replace(link, seen=ticket.fields)
        if waiting is not None:
            return await self._waiting(seen, traces, ticket, facts, waiting)
        last = last_replica(link, traces, ticket)
        outcome = await self._arrived(seen, last.own, last.ours, facts, last.update, None)
        return Played(outcome.fields, last.differences(outcome) + _others(outcome), _said(outcome), last.notes)

    async def _waiting(
        self, link: Link, traces: Sequence[Trace], ticket: Ticket, facts: DeskFacts, update: Update
    ) -> Played:
        before = update.before or None
        outcome = await self._arrived(link, traces, ticket, facts, update, before)
        fields = dict(outcome.fields)
        if before is not None and not outcome.used_once:
            with suppress(RuleError):  # as for real: where the rule cannot tell, all that it wants is compared
                known = (await self._arrived(link, traces, ticket, facts, update, before, is_before=True)).fields
                fields = {name: value for name, value in fields.items() if known.get(name, _NOTHING) != value}
        letters = [comment_line(one) for one in outcome.comments]
        letters += [f"file {file.name}, {file.size:,} bytes" for file in update.files if file.id in outcome.files]
        return Played(fields, (*letters, *_others(outcome)), _said(outcome), (_ON_WAITING,))

    async def _arrived(
        self,
        link: Link,
        traces: Sequence[Trace],
        ticket: Ticket,
        facts: DeskFacts,
        update: Update,
        before: Fields | None,
        *,
        is_before: bool = False,
    ) -> Outcome:
        fields = update.before if is_before else update.fields
        scene = incoming_scene(
            *(self._connection, self._texts, link, traces, update, fields, before, facts, datetime.now(UTC)),
            ticket=ticket,
            our_url=self._home,
            is_before=is_before,
            dry_run=True,
        )
        return await self._pair.incoming(scene, self._answers)


def _said(outcome: Outcome) -> tuple[str, ...]:
    return tuple(f"{level}: {text}" for level, text in outcome.log)


def _others(outcome: Outcome) -> tuple[str, ...]:
    """What else the rule would do, in words."""
    words = [f"a comment of the rule's own: {one.text}" for one in outcome.own_comments]
    words += [f"removes our copy of a comment that is gone over there ({one})" for one in outcome.removed]
    words += [f"httpClient: {one.method} {one.path}" for one in outcome.http]
    if outcome.link_to is not None:
        words.append(f"links the partner's ticket with {outcome.link_to}")
    if outcome.stored is not None:
        words.append("store(issue): writes the ticket before the rule ends")
    if outcome.is_dropped:
        words.append("wants no ticket here")
    if outcome.unlink_after:
        words.append("parts the two tickets afterwards")
    if outcome.sync_back_after:
        words.append("sends the ticket back afterwards")
    return tuple(words)
