"""What a rule does at our desk while it runs: each call and each store() at most once, whatever happens meanwhile."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from flows.answers import Arguments, desk_call
from flows.catch_up import code_of_ticket
from flows.deeds import RuleCall, TicketDeed
from flows.desk_of import OpenDesk
from flows.draw import new_code, new_id
from flows.node import Node
from flows.perform import perform
from flows.performing import Performing
from flows.rounds import is_braked
from flows.scenes import fields_of
from pairing.connection import Connection
from rules.errors import RuleError
from rules.host.scene import Json
from rules.script import RuleTexts
from storage.lanes import Lease
from storage.store import Transaction
from sync.envelope import Envelope
from sync.errors import RemoteUnavailable
from sync.intent import Intent, IntentKind
from sync.link import Link
from sync.marker import marker_line
from sync.replica import Update
from sync.rule import RuleSide

T = TypeVar("T")
FIRST_POSITION = -1000  # before everything that is planned
_UNCLEAR = (
    "A call that the rule made to your desk got no answer, so it may have taken effect or not. Look at your desk; Retry"
    " makes the call once more, Skip leaves it."
)


class Braked(Exception):
    """A brake stopped this ticket; the lane's turn is over already."""


class RuleWrites:
    """Of one run for one envelope; `kept` are the intents of an earlier attempt. Implements flows.answers.Writes."""

    def __init__(
        self,
        node: Node,
        lease: Lease,
        connection: Connection,
        desk: OpenDesk,
        link: Link | None,
        envelope: Envelope,
        update: Update,
        texts: RuleTexts,
        kept: tuple[Intent, ...],
    ) -> None:
        self._node, self._lease, self._connection, self._desk = node, lease, connection, desk
        self._envelope, self._update, self._texts = envelope, update, texts
        self._calls = [intent for intent in kept if intent.kind is IntentKind.RULE_CALL]
        self._number = 0
        self.link = link

    async def settle_earlier(self, kept: tuple[Intent, ...]) -> None:
        """A store() that an earlier attempt began is looked up before the rule runs again."""
        stores = tuple(intent for intent in kept if intent.kind is not IntentKind.RULE_CALL)
        if stores:
            await self._perform(stores, is_fresh=False)

    async def call(self, arguments: Arguments) -> Json:
        """Raises RuleError when an earlier attempt left it unclear; RemoteUnavailable."""
        call = RuleCall(_digest(arguments))
        number, self._number = self._number, self._number + 1
        if number < len(self._calls):
            known = RuleCall.from_json(self._calls[number].payload)
            if known.digest == call.digest and known.is_answered:
                return known.answer
            raise RuleError(_UNCLEAR, RuleSide.INCOMING)
        intent = await self._written_down(IntentKind.RULE_CALL, new_code(self._node), call.to_json(), number)
        try:
            answer = await desk_call(self._desk, arguments)
        except RemoteUnavailable as error:
            if error.retry_after is not None:  # it was refused, so it did not happen
                await self._run(lambda tx: tx.intents.done(intent.id))
            raise
        settled = replace(intent, payload=replace(call, answer=answer, is_answered=True).to_json())

        def keep(tx: Transaction) -> None:
            tx.intents.done(intent.id)
            tx.intents.add(settled)

        await self._run(keep)
        return answer

    async def store(self, arguments: Arguments) -> Json:
        """Our ticket with these fields, created where there is none. Raises the Remote family."""
        fields = fields_of(arguments.get("fields") or {}, RuleSide.INCOMING)
        link = await self._link_kept()
        number, self._number = self._number, self._number + 1
        if link.our_ticket is None:
            code = code_of_ticket(self._connection, str(link.their_ticket))
            deed = TicketDeed(fields, (), self._update.requester, self._line(code))
            intent = await self._written_down(IntentKind.CREATE, code, deed.to_json(), number)
            await self._perform((intent,), is_fresh=True)
        elif writes := fields.differing_from(link.seen):
            line = self._line(link.marker) if link.marker else ""
            deed = TicketDeed(writes, marker_line=line, before=link.seen.only(writes))
            intent = await self._written_down(IntentKind.UPDATE, link.marker, deed.to_json(), number)
            await self._perform((intent,), is_fresh=True)
        assert self.link is not None
        stored = str(self.link.our_ticket)
        return {"id": stored, "shown": f"#{stored}", "url": self._desk.tracker.url_of(stored)}

    def _line(self, code: str) -> str:
        return marker_line(self._connection.partner, self._update.shown, code)

    async def _perform(self, intents: tuple[Intent, ...], *, is_fresh: bool) -> None:
        assert self.link is not None
        performing = Performing(self._desk, self._connection, self.link, self._update, self._envelope.id, self._texts)
        self.link = await perform(self._node, self._lease, performing, intents, is_fresh=is_fresh, keeps_last=False)

    async def _written_down(self, kind: IntentKind, code: str, payload: str, number: int) -> Intent:
        link = await self._link_kept()
        identity, position = new_id(self._node), FIRST_POSITION + number

        def write(tx: Transaction) -> Intent:
            intent = Intent(
                identity, self._connection.id, link.id, self._envelope.id, position, kind, code, payload, tx.now
            )
            tx.intents.add(intent)
            return intent

        return await self._run(write)

    async def _link_kept(self) -> Link:
        """Intents belong to a link, so there is one as soon as the rule writes. Raises Braked."""
        if self.link is not None:
            return self.link
        made = new_link(self._node, self._connection, self._envelope, self._update)

        def write(tx: Transaction) -> Link | None:
            if is_braked(self._node, tx, self._connection, self._lease, self._update):
                return None
            tx.links.add(made)
            return tx.links.by_id(made.id)

        self.link = await self._run(write)
        if self.link is None:
            raise Braked
        return self.link

    async def _run(self, work: Callable[[Transaction], T]) -> T:
        return await self._node.store.run(self._lease.organisation_id, work, lease=self._lease)


def new_link(node: Node, connection: Connection, envelope: Envelope, update: Update) -> Link:
    """Of a ticket of the partner's that has no twin here yet."""
    return Link(new_id(node), connection.id, None, envelope.ticket, born_here=False, their_shown=update.shown)


def _digest(arguments: Arguments) -> str:
    asked = {name: arguments.get(name) for name in ("method", "path", "query", "body")}
    text = json.dumps(asked, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
