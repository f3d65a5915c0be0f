"""What people said at two Freshservice desks, word for word, so that it can be counted at the other one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, ClassVar

from sandbox.freshservice import FreshserviceStandIn, Person, Ticket

_CHOICES = (("status", 3), ("status", 4), ("priority", 3), ("priority", 4))


@dataclass
class Ledger:
    """People of both desks who raise tickets (at most so many), reply, attach files and set fields; each text is used
    once."""

    acme: FreshserviceStandIn
    globex: FreshserviceStandIn
    random: Random
    most_tickets: int = 45  # more within ten minutes, and the connection would be paused
    raised: list[tuple[FreshserviceStandIn, Ticket]] = field(default_factory=list)
    said: list[tuple[FreshserviceStandIn, str]] = field(default_factory=list)
    files: list[tuple[FreshserviceStandIn, str]] = field(default_factory=list)
    last: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)  # by subject and field, then by desk
    count: int = 0

    FIELDS: ClassVar[tuple[str, ...]] = ("status", "priority")

    def __post_init__(self) -> None:
        names = ((self.acme, "Ana Ruiz"), (self.globex, "Bob Bates"))
        self._people: list[tuple[FreshserviceStandIn, Person]] = [(desk, desk.add_agent(name)) for desk, name in names]

    def act(self) -> None:
        """One person does one thing."""
        desk, person = self.random.choice(self._people)
        self.count += 1
        token, dice = f"word{self.count}end", self.random.random()
        here = [ticket for ticket in desk.tickets if ticket.subject.startswith("word")]
        if not here or (dice < 0.25 and len(self.raised) < self.most_tickets):
            self.raised.append((desk, person.raise_ticket(token, f"About {token}.", priority="Medium")))
            return
        ticket = self.random.choice(here)
        if dice < 0.6:
            person.reply(ticket.id, token)
            self.said.append((desk, token))
        elif dice < 0.7:
            person.attach(ticket.id, f"{token}.txt", token.encode() * 9)
            self.files.append((desk, f"{token}.txt"))
        else:
            name, value = self.choice()
            person.edit(ticket.id, **self.typed(desk, name, value))
            last = self.last.setdefault((ticket.subject, name), {})
            last.pop(desk.world.name, None)
            last[desk.world.name] = value

    # A field and its value are told in words that both desks share.

    def choice(self) -> tuple[str, Any]:
        """What somebody sets next."""
        return self.random.choice(_CHOICES)

    def typed(self, desk: FreshserviceStandIn, name: str, value: Any) -> Mapping[str, Any]:
        """What is typed at this desk for it."""
        return {name: value}

    def shown(self, desk: FreshserviceStandIn, ticket: Ticket, name: str) -> Any:
        """What stands there."""
        return getattr(ticket, name)

    def lost_and_doubled(self) -> tuple[list[str], list[str]]:
        """A word that came to the other desk never, or more than once; one that came back to its own is doubled."""
        lost: list[str] = []
        doubled: list[str] = []
        for word, here, there in self._arrivals():
            if there == 0:
                lost.append(word)
            if there > 1 or here != 1:
                doubled.append(word)
        return lost, doubled

    def differing(self, *, last_of_all: bool = True) -> list[str]:
        """Fields that are not equal on both desks, or are not what somebody said last: of all, or of their desk."""
        wrong = []
        for desk, ticket in self.raised:
            ours = desk.ticket(ticket.id)
            other = self._other(desk)
            (theirs,) = [one for one in other.tickets if one.subject == ticket.subject]
            for name in self.FIELDS:
                here, there = self.shown(desk, ours, name), self.shown(other, theirs, name)
                said = list(self.last.get((ticket.subject, name), {}).values())
                if here != there or (said and here not in (said[-1:] if last_of_all else said)):
                    wrong.append(f"{name} of {ticket.subject}: {here}, {there}, last said {said}")
        return wrong

    def _other(self, desk: FreshserviceStandIn) -> FreshserviceStandIn:
        return self.globex if desk is self.acme else self.acme

    def _arrivals(self) -> list[tuple[str, int, int]]:
        """Each word, and how often it stands at its own desk and at the other one."""
        found = []
        for desk, ticket in self.raised:
            subjects = [[one.subject for one in at.tickets] for at in (desk, self._other(desk))]
            found.append((ticket.subject, *_counts(ticket.subject, subjects)))
        for desk, word in self.said:
            bodies = [sum(word in body for body in _bodies(at)) for at in (desk, self._other(desk))]
            found.append((word, bodies[0], bodies[1]))
        for desk, name in self.files:
            found.append((name, *_counts(name, [_names(at) for at in (desk, self._other(desk))])))
        return found


def _counts(word: str, places: list[list[str]]) -> tuple[int, int]:
    return places[0].count(word), places[1].count(word)


def _bodies(desk: FreshserviceStandIn) -> list[str]:
    return [said.body for ticket in desk.tickets for said in desk.said_on(ticket.id)]


def _names(desk: FreshserviceStandIn) -> list[str]:
    """Of files, at tickets and at what is said on them."""
    at_tickets = [file.name for ticket in desk.tickets for file in desk.files_of(ticket)]
    said = [one for ticket in desk.tickets for one in desk.said_on(ticket.id)]
    return at_tickets + [file.name for one in said for file in desk.files_of(one)]
