"""What people do at a desk, the same words for every kind: the other side of the suite over trackers."""

from dataclasses import dataclass
from typing import Any, Protocol

from sandbox.freshservice import FreshserviceStandIn
from sandbox.freshservice import Person as Somebody
from sync.ticket import Person, TicketState
from trackers.memory_desk import MemoryAccount

AGENT = Person("Ana Ruiz", "ana@acme.example")
REQUESTER = Person("Lena Maes", "lena@acme.example")


class DeskPeople(Protocol):
    """Fields have neutral names. AGENT and REQUESTER are known at the desk; ids are texts, as in our values."""

    def raise_ticket(self, summary: str, description: str = "…", **fields: Any) -> str: ...
    def edit(self, ticket_id: str, **fields: Any) -> None: ...
    def reply(self, ticket_id: str, text: str) -> str: ...
    def note(self, ticket_id: str, text: str) -> str: ...
    def reword(self, ticket_id: str, comment_id: str, text: str) -> None: ...
    def unsay(self, ticket_id: str, comment_id: str) -> None: ...
    def attach(self, ticket_id: str, name: str, content: bytes) -> None: ...
    def trash(self, ticket_id: str) -> None: ...
    def restore(self, ticket_id: str) -> None: ...
    def mark_spam(self, ticket_id: str) -> None: ...
    def purge(self, ticket_id: str) -> None: ...
    def known(self) -> int:
        """How many people the desk knows."""


@dataclass(frozen=True, slots=True)
class ToyPeople:
    account: MemoryAccount

    def raise_ticket(self, summary: str, description: str = "…", **fields: Any) -> str:
        return self.account.raise_ticket(summary, description, REQUESTER, **fields)

    def edit(self, ticket_id: str, **fields: Any) -> None:
        self.account.edit(ticket_id, **fields)

    def reply(self, ticket_id: str, text: str) -> str:
        return self.account.comment(ticket_id, AGENT.name, text)

    def note(self, ticket_id: str, text: str) -> str:
        return self.account.comment(ticket_id, AGENT.name, text, public=False)

    def reword(self, ticket_id: str, comment_id: str, text: str) -> None:
        self.account.edit_comment(ticket_id, comment_id, text)

    def unsay(self, ticket_id: str, comment_id: str) -> None:
        self.account.remove_comment(ticket_id, comment_id)

    def attach(self, ticket_id: str, name: str, content: bytes) -> None:
        self.account.attach(ticket_id, name, content)

    def trash(self, ticket_id: str) -> None:
        self.account.set_state(ticket_id, TicketState.TRASHED)

    def restore(self, ticket_id: str) -> None:
        self.account.set_state(ticket_id, TicketState.LIVE)

    def mark_spam(self, ticket_id: str) -> None:
        self.account.set_state(ticket_id, TicketState.SPAM)

    def purge(self, ticket_id: str) -> None:
        self.account.purge(ticket_id)

    def known(self) -> int:
        return len(self.account.people)


_DESK_NAMES = {"summary": "subject"}


@dataclass(frozen=True, slots=True)
class FreshservicePeople:
    desk: FreshserviceStandIn

    @property
    def _ana(self) -> Somebody:
        return self.desk.person(str(AGENT.email))

    def raise_ticket(self, summary: str, description: str = "…", **fields: Any) -> str:
        lena = self.desk.person(str(REQUESTER.email))
        return str(lena.raise_ticket(summary, description, **_by_desk_names(fields)).id)

    def edit(self, ticket_id: str, **fields: Any) -> None:
        self._ana.edit(int(ticket_id), **_by_desk_names(fields))

    def reply(self, ticket_id: str, text: str) -> str:
        return str(self._ana.note(int(ticket_id), text, private=False).id)

    def note(self, ticket_id: str, text: str) -> str:
        return str(self._ana.note(int(ticket_id), text, private=True).id)

    def reword(self, ticket_id: str, comment_id: str, text: str) -> None:
        self._ana.edit_note(int(comment_id), text)

    def unsay(self, ticket_id: str, comment_id: str) -> None:
        self._ana.delete_note(int(comment_id))

    def attach(self, ticket_id: str, name: str, content: bytes) -> None:
        self._ana.attach(int(ticket_id), name, content)

    def trash(self, ticket_id: str) -> None:
        self._ana.trash(int(ticket_id))

    def restore(self, ticket_id: str) -> None:
        self._ana.restore(int(ticket_id))

    def mark_spam(self, ticket_id: str) -> None:
        self._ana.mark_spam(int(ticket_id))

    def purge(self, ticket_id: str) -> None:
        self._ana.purge(int(ticket_id))

    def known(self) -> int:
        return len(self.desk.people.agents) + len(self.desk.people.requesters)


def _by_desk_names(fields: dict[str, Any]) -> dict[str, Any]:
    return {_DESK_NAMES.get(name, name): value for name, value in fields.items()}
