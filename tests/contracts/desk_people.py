"""What people do at a desk, the same words for every kind: the other side of the suite over trackers."""

from dataclasses import dataclass, replace
from typing import Any, Protocol

from sandbox.freshservice import FreshserviceStandIn
from sandbox.freshservice import Person as Somebody
from sync.form import DeskField, FieldType
from sync.ticket import Person, TicketState
from trackers.memory_desk import MemoryAccount
from trackers.memory_form import choices, nested

AGENT = Person("Ana Ruiz", "ana@acme.example", is_agent=True)
REQUESTER = Person("Lena Maes", "lena@acme.example")
Tree = dict[str, dict[str, tuple[str, ...]]]


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

    def add_field(self, name: str, kind: str, *labels: str) -> None:
        """A custom field, of a kind of the desk's; its label is the name in words."""

    def add_nested(self, *names: str, tree: Tree) -> None:
        """A custom choice over several levels, the top one first."""

    def add_choice(self, name: str, label: str) -> None:
        """To a custom field that is there."""

    def add_agent(self, person: Person) -> None: ...


_KINDS = {
    "dropdown": FieldType.CHOICE,
    "multi_select_dropdown": FieldType.CHOICES,
    "lookup_bigint": FieldType.LOOKUP,
}


def label_of(name: str) -> str:
    return name.replace("_", " ").capitalize()


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

    def add_field(self, name: str, kind: str, *labels: str) -> None:
        found = _KINDS.get(kind) or FieldType(kind)
        self.account.add_field(DeskField(f"custom.{name}", label_of(name), found, choices(*labels)))

    def add_nested(self, *names: str, tree: Tree) -> None:
        called = [f"custom.{name}" for name in names]
        for at, name in enumerate(names):
            self.account.add_field(
                DeskField(
                    called[at],
                    label_of(name),
                    FieldType.NESTED,
                    nested(tree) if not at else (),
                    levels=tuple(called[at + 1 :]),
                    above=called[at - 1] if at else None,
                )
            )

    def add_choice(self, name: str, label: str) -> None:
        field = self.account.facts.field(f"custom.{name}")
        assert field is not None
        self.account.add_field(replace(field, choices=(*field.choices, *choices(label))))

    def add_agent(self, person: Person) -> None:
        self.account.people[str(person.email)] = replace(person, is_agent=True)


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

    def add_field(self, name: str, kind: str, *labels: str) -> None:
        is_time = kind == "time"
        self.desk.form.add_custom(name, "date" if is_time else kind, choices=labels, date_only=not is_time)

    def add_nested(self, *names: str, tree: Tree) -> None:
        self.desk.form.add_nested(*names, tree=tree)

    def add_choice(self, name: str, label: str) -> None:
        self.desk.form.add_choice(name, label)

    def add_agent(self, person: Person) -> None:
        self.desk.add_agent(person.name, str(person.email))


def _by_desk_names(fields: dict[str, Any]) -> dict[str, Any]:
    return {_DESK_NAMES.get(name, name): value for name, value in fields.items()}
