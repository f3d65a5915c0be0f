"""Both rules of a connection as the engine runs them: the scene is built, questions are answered, the outcome read."""

from collections.abc import Sequence
from datetime import datetime

from flows.answers import Answers, NoWrites
from flows.desk_of import OpenDesk
from flows.node import Node
from flows.rule_texts import pair_of
from flows.scenes import let_out_of, outgoing_scene
from pairing.connection import Connection
from pairing.terms import RulesMode
from rules.errors import RuleError
from rules.script import RuleTexts
from sync.fields import Fields
from sync.link import Link, Trace
from sync.replica import LetOut
from sync.ticket import DeskFacts, Ticket

_NOTHING = DeskFacts(())


async def let_out_now(
    node: Node,
    organisation_id: str,
    desk: OpenDesk,
    connection: Connection,
    texts: RuleTexts,
    ticket: Ticket,
    link: Link | None,
    traces: Sequence[Trace],
    now: datetime,
    *,
    dry_run: bool = False,
) -> LetOut:
    """What the outgoing rule lets out of our ticket. Raises RuleError and the Remote family."""
    # Basic mode's rule looks at no form: it is not worth a call.
    facts = await desk.tracker.facts() if connection.rules is RulesMode.SCRIPT else _NOTHING
    home = desk.desk.address
    scene = outgoing_scene(connection, texts, ticket, link, traces, facts, now, our_url=home, dry_run=dry_run)
    answers = Answers(node, organisation_id, connection, desk, NoWrites(), may_call=texts.may_call)
    return let_out_of(await pair_of(node, connection, texts).outgoing(scene, answers), ticket, connection.rules)


async def known_by_partner(
    node: Node,
    organisation_id: str,
    desk: OpenDesk,
    connection: Connection,
    texts: RuleTexts,
    link: Link,
    before: Fields | None,
    wrote: Fields,
    now: datetime,
) -> Fields:
    """The replica as the partner must think of us after its own update. `before` are the values that stood where we
    `wrote`, None for a ticket that we created.

    Only what our writing changed in the replica is taken over: whatever else the rule makes of people and comments,
    which are not at hand here, stays as the partner knows it. Where our desk made something else of a choice that we
    wrote, the partner does not know it: the next look finds the difference and tells it.
    """
    if before is not None and not wrote:
        return link.let_out

    async def fields(seen: Fields) -> Fields:
        ticket = Ticket(str(link.our_ticket), now, seen, Fields())
        let_out = await let_out_now(node, organisation_id, desk, connection, texts, ticket, link, (), now, dry_run=True)
        return let_out.fields

    answered = {name for name in wrote if name in ("summary", "description") or name.startswith("custom.")}
    try:
        after = await fields(link.seen.with_values(dict(wrote.without(answered))))
        if before is None:
            return after
        old = await fields(link.seen.without(wrote).with_values(dict(before)))
    except RuleError:
        return link.let_out  # the next look runs into the same, and says so
    gone = tuple(name for name in old if name not in after)
    return link.let_out.without(gone).with_values(dict(after.differing_from(old)))
