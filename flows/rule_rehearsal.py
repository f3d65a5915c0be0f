"""Rules as they are written run on an empty stage: nothing that they do reaches a desk or a partner."""

from flows.node import Node
from flows.rule_drafts import RuleDraft
from flows.rule_trial import Played, Rehearsal, Rehearse
from pairing.connection import Connection
from sync.link import Link
from sync.replica import LetOut
from sync.ticket import DeskFacts, Ticket


def rehearsal(node: Node) -> Rehearse:
    def rehearse(connection: Connection, draft: RuleDraft, may_call: bool) -> Rehearsal:
        return _Stage(node, connection, draft, may_call)

    return rehearse


class _Stage:
    def __init__(self, node: Node, connection: Connection, draft: RuleDraft, may_call: bool) -> None:
        self._node = node
        self._connection = connection

    async def outgoing(self, ticket: Ticket, link: Link | None) -> tuple[LetOut, Played]:
        let_out = await self._node.rules(self._connection).outgoing(ticket)
        return let_out, Played(let_out.fields)

    async def incoming(self, link: Link, ticket: Ticket, facts: DeskFacts) -> Played:
        return Played(await self._node.rules(self._connection).incoming(link.received, facts))
