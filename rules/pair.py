"""The two rules of one side of a connection, however they are written."""

from typing import Protocol

from sync.fields import Fields
from sync.replica import LetOut, ReplicaComment
from sync.ticket import DeskFacts, Ticket


class RulePair(Protocol):
    """Runs outside every transaction. Raises RuleError."""

    async def outgoing(self, ticket: Ticket) -> LetOut:
        """What of our ticket the partner may see."""

    async def incoming(self, replica: Fields, facts: DeskFacts) -> Fields:
        """The fields of our desk that this replica stands for. It is asked for the last replica and for the new one;
        only what differs between the two answers is written."""

    async def comment_text(self, comment: ReplicaComment, partner: str) -> str:
        """How a comment of the partner stands at our desk, in CommonMark: it names its author."""
