"""The rules of our side of a connection: to look at, check, save, compare and restore. The partner never sees them."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime

from flows.desk_of import OpenDesk, facts_in_time, open_desk
from flows.errors import NotFound
from flows.node import Node
from flows.rule_check import Check, Remark, remarks_about
from flows.rule_drafts import KeptDraft, RuleDraft, drop_draft, find_draft, put_draft
from pairing.connection import Connection, ConnectionState
from pairing.errors import MoveNotPossible, UserError
from pairing.names import stated_name
from pairing.organisation import Actor
from pairing.terms import RulesMode
from rules.shipped import shipped
from storage.store import Transaction
from sync.rule import SIDES, RuleEntry, RuleSide, RuleVersion
from sync.ticket import DeskFacts

MOST_NOTE = 200


class RulesRefused(UserError):
    """The texts were not saved: `remarks` by side say why."""

    code = "rules_refused"

    def __init__(self, remarks: dict[RuleSide, tuple[Remark, ...]]) -> None:
        super().__init__("The rules were not saved: there is something to put right.")
        self.remarks = remarks


class RulesMoved(UserError):
    """Somebody saved a version since this one was begun."""

    code = "rules_moved"


@dataclass(frozen=True, slots=True)
class RuleText:
    """One version as it stands; number 0 is the text that we ship, which nobody wrote here."""

    side: RuleSide
    number: int
    text: str = field(repr=False)
    author: str = ""
    note: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RulesOpen:
    """Everything that the editor shows, from one local read. `draft` is what this person typed before, or the running
    texts; `may_call` is whether `httpClient` is on."""

    connection: Connection
    outgoing: RuleText
    incoming: RuleText
    may_call: bool
    draft: RuleDraft

    def running(self, side: RuleSide) -> RuleText:
        return self.outgoing if side is RuleSide.OUTGOING else self.incoming

    @property
    def changed(self) -> tuple[RuleSide, ...]:
        """The sides whose draft differs from what runs."""
        return tuple(side for side in SIDES if self.draft.text(side) != self.running(side).text)


async def open_rules(node: Node, actor: Actor, connection_id: str) -> RulesOpen:
    """Raises NotFound, MoveNotPossible for a connection in Basic mode or a closed one."""
    return await node.store.read(actor.organisation_id, lambda tx: _opened(tx, actor, connection_id))


async def keep_draft(node: Node, actor: Actor, connection_id: str, draft: RuleDraft) -> None:
    """For a week, for this person alone. Raises NotFound, MoveNotPossible."""

    def write(tx: Transaction) -> None:
        _scripted(tx, connection_id)
        put_draft(tx, actor, connection_id, _kept(tx, connection_id, draft))

    await node.store.run(actor.organisation_id, write)


async def forget_draft(node: Node, actor: Actor, connection_id: str) -> None:
    await node.store.run(actor.organisation_id, lambda tx: drop_draft(tx, actor, connection_id))


async def desk_facts(node: Node, actor: Actor, connection_id: str) -> DeskFacts | None:
    """The form of the connection's desk; None where it does not answer in time."""

    def read(tx: Transaction) -> OpenDesk | None:
        connection = tx.connections.find(connection_id)
        return None if connection is None else open_desk(node, tx, connection)

    desk = await node.store.read(actor.organisation_id, read)
    return None if desk is None else await facts_in_time(desk)


async def check_rules(
    draft: RuleDraft, check: Check, facts: DeskFacts | None = None
) -> dict[RuleSide, tuple[Remark, ...]]:
    """What is to be said about each text; a side without remarks is left out."""
    found = {side: await asyncio.to_thread(remarks_about, side, draft.text(side), check, facts) for side in SIDES}
    return {side: remarks for side, remarks in found.items() if remarks}


async def save_rules(
    node: Node, actor: Actor, connection_id: str, draft: RuleDraft, note: str, check: Check
) -> tuple[RuleVersion, ...]:
    """A new version of each text that differs from the running one; they run from then on.

    Raises RulesRefused, RulesMoved, NotFound, MoveNotPossible (also when nothing changed).
    """
    remarks = await check_rules(draft, check)
    wrong = {side: found for side, found in remarks.items() if not all(one.may_pass for one in found)}
    if wrong:
        raise RulesRefused(wrong)

    def write(tx: Transaction) -> tuple[RuleVersion, ...]:
        connection = _scripted(tx, connection_id)
        sides = _kept(tx, connection_id, draft).sides
        if not sides:
            raise MoveNotPossible("Nothing differs from the rules that run, so there is nothing to save.")
        saved = tuple(_added(tx, actor, connection, side, draft.text(side), draft.base(side), note) for side in sides)
        drop_draft(tx, actor, connection_id)
        return saved

    return await node.store.run(actor.organisation_id, write)


async def restore(
    node: Node, actor: Actor, connection_id: str, side: RuleSide, number: int, *, base: int, note: str, check: Check
) -> RuleVersion:
    """The text of an old version as a new one; `base` is the version that ran when the person decided.

    Raises RulesRefused when it does not pass the check of today, RulesMoved, NotFound, MoveNotPossible.
    """
    (old,) = await texts(node, actor, connection_id, side, number)
    wrong = tuple(one for one in await asyncio.to_thread(remarks_about, side, old.text, check) if not one.may_pass)
    if wrong:
        raise RulesRefused({side: wrong})

    def write(tx: Transaction) -> RuleVersion:
        connection = _scripted(tx, connection_id)
        if _running(tx, connection_id, side).text == old.text:
            raise MoveNotPossible(f"{version_words(number)} is the text that runs already.")
        saved = _added(tx, actor, connection, side, old.text, base, note)
        _carry_draft(tx, actor, saved)
        return saved

    return await node.store.run(actor.organisation_id, write)


async def versions(node: Node, actor: Actor, connection_id: str, side: RuleSide) -> tuple[RuleEntry, ...]:
    """Newest first, at most 50. Raises NotFound, MoveNotPossible."""

    def read(tx: Transaction) -> tuple[RuleEntry, ...]:
        _scripted(tx, connection_id)
        return tx.rules.all(connection_id, side)

    return await node.store.read(actor.organisation_id, read)


async def texts(node: Node, actor: Actor, connection_id: str, side: RuleSide, *numbers: int) -> tuple[RuleText, ...]:
    """The versions with these numbers; 0 is the text that we ship. Raises NotFound, MoveNotPossible."""

    def read(tx: Transaction) -> tuple[RuleText, ...]:
        _scripted(tx, connection_id)
        return tuple(_numbered(tx, connection_id, side, number) for number in numbers)

    return await node.store.read(actor.organisation_id, read)


async def let_call(node: Node, actor: Actor, connection_id: str, *, allowed: bool) -> Connection:
    """Whether the rules may use `httpClient`. Raises NotFound, MoveNotPossible."""

    def write(tx: Transaction) -> Connection:
        connection = _scripted(tx, connection_id)
        tx.rules.let_call(connection_id, allowed, actor.user_id)
        told = f"{connection.name} {'on' if allowed else 'off'}"
        tx.audit.write("rule.http", told, actor_user=actor.user_id, actor_team=actor.team_id)
        return connection

    return await node.store.run(actor.organisation_id, write)


def version_words(number: int) -> str:
    return f"Version {number}" if number else "The text as shipped"


def _opened(tx: Transaction, actor: Actor, connection_id: str) -> RulesOpen:
    connection = _scripted(tx, connection_id)
    outgoing, incoming = (_running(tx, connection_id, side) for side in SIDES)
    fresh = RuleDraft(outgoing.text, incoming.text, (outgoing.number, incoming.number))
    kept = find_draft(tx, actor, connection_id)
    draft = fresh if kept is None else _laid_over(fresh, kept)
    return RulesOpen(connection, outgoing, incoming, tx.rules.may_call(connection_id), draft)


def _scripted(tx: Transaction, connection_id: str) -> Connection:
    connection = tx.connections.find(connection_id)
    if connection is None:
        raise NotFound("That connection is not there any more.")
    if connection.state is ConnectionState.CLOSED:
        raise MoveNotPossible(f"`{connection.name}` is closed: nothing runs there any more.")
    if connection.rules is not RulesMode.SCRIPT:
        raise MoveNotPossible(basic_words(connection.name))
    return connection


def basic_words(name: str) -> str:
    return (
        f"`{name}` is in Basic mode: summary, description, type, status, priority, tags, public comments and files are"
        " mapped for you, and there are no rules to edit. Rules of your own need Script mode, which is chosen when an"
        " invitation is made: close this connection and make a new one with Script in step 2."
    )


def _running(tx: Transaction, connection_id: str, side: RuleSide) -> RuleText:
    current = tx.rules.current(connection_id, side)
    return RuleText(side, 0, shipped(side)) if current is None else _text_of(current)


def _numbered(tx: Transaction, connection_id: str, side: RuleSide, number: int) -> RuleText:
    if number == 0:
        return RuleText(side, 0, shipped(side))
    found = tx.rules.version(connection_id, side, number)
    if found is None:
        raise NotFound(f"There is no version {number} of the {side} rule.")
    return _text_of(found)


def _text_of(version: RuleVersion) -> RuleText:
    return RuleText(version.side, version.number, version.text, version.author, version.note, version.at)


def _added(
    tx: Transaction, actor: Actor, connection: Connection, side: RuleSide, text: str, base: int, note: str
) -> RuleVersion:
    """The connection was read under a lock before: two who save at once come one after the other."""
    current = tx.rules.current(connection.id, side)
    number = current.number if current is not None else 0
    if number != base:
        raise RulesMoved(
            f"Meanwhile version {number} of the {side} rule was saved by somebody else. What you typed is kept: compare"
            " it with that version, then save again."
        )
    said = stated_name(note, MOST_NOTE)
    version = RuleVersion.of(connection.id, side, number + 1, text, author=actor.user_id, note=said, at=tx.now)
    tx.rules.add(version)
    told = f"{connection.name} {side} {version.number}"
    tx.audit.write("rule.change", told, actor_user=actor.user_id, actor_team=actor.team_id, detail=version.sha256[:16])
    return version


def _kept(tx: Transaction, connection_id: str, draft: RuleDraft) -> KeptDraft:
    """What of the draft is neither the text it began from nor the one that runs now."""
    sides = {}
    for side in SIDES:
        text, base = draft.text(side), draft.base(side)
        known = {_running(tx, connection_id, side).text, _numbered(tx, connection_id, side, base).text}
        if text not in known:
            sides[side] = text, base
    return KeptDraft(sides, draft.note)


def _laid_over(fresh: RuleDraft, kept: KeptDraft) -> RuleDraft:
    draft = replace(fresh, note=kept.note)
    for side, (text, base) in kept.sides.items():
        draft = draft.with_text(side, text).with_base(side, base)
    return draft


def _carry_draft(tx: Transaction, actor: Actor, saved: RuleVersion) -> None:
    """A draft of the same person goes on from the version that they restored."""
    kept = find_draft(tx, actor, saved.connection_id)
    if kept is not None and saved.side in kept.sides:
        text, _ = kept.sides[saved.side]
        sides = {**kept.sides, saved.side: (text, saved.number)}
        if text == saved.text:
            del sides[saved.side]
        put_draft(tx, actor, saved.connection_id, replace(kept, sides=sides))
