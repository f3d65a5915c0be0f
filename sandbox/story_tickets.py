"""The story goes on: tickets travel between the two desks, both ways, whatever happens to the nodes."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from sandbox.companies import Companies, Company
from sandbox.freshservice import Person, Ticket, Trouble
from sandbox.story import Step, modal_called, must_be_taken

_SOON = 30.0
_HIGH, _PENDING = 3, 3


@dataclass(slots=True)
class Ids:
    """The first ticket at Acme and its twin at Globex."""

    ours: int = 0
    theirs: int = 0
    before_kill: set[int] = field(default_factory=set)


def ticket_steps(companies: Companies, restart: Callable[[Company], Awaitable[None]]) -> tuple[Step, ...]:
    """From an active connection on. `restart` kills the node of a company as a power cut would, and starts it again."""
    story = _Tickets(companies, restart, Ids())
    acme, globex = companies.acme, companies.globex
    return (
        Step(acme.name, "Chooses which tickets travel (/connect scope)", story.set_scope),
        Step(acme.name, "A ticket is raised at Acme's desk", story.raise_ticket),
        Step(globex.name, "It appears at Globex's desk, once", story.appears),
        Step(globex.name, "Sets the priority; Acme's ticket follows", story.priority_comes_back),
        Step(acme.name, "A comment and a file cross; an internal note does not", story.comment_and_file),
        Step(acme.name, "Both desks change different fields in the same second", story.both_survive),
        Step(globex.name, "Its node is killed in the middle of a create", story.killed),
    )


@dataclass(frozen=True, slots=True)
class _Tickets:
    companies: Companies
    restart: Callable[[Company], Awaitable[None]]
    ids: Ids

    async def set_scope(self) -> str:
        alice = self.companies.acme.admin
        await alice.command("/connect scope acme_to_globex")
        await modal_called(alice, "Scope")
        await alice.type("Filter", "priority:>2")
        must_be_taken(await alice.submit())
        await modal_called(alice, "Scope saved")
        await alice.close_modal()
        return "Every ticket of medium priority or more, once it changes"

    async def raise_ticket(self) -> str:
        lena = self.companies.acme.desk.add_requester("Lena Maes", "lena@acme.example")
        ticket = lena.raise_ticket("The printer in room 4 smokes", "It started this morning.", priority="Medium")
        self.ids.ours = ticket.id
        return f"Acme #{ticket.id}: {ticket.subject}"

    async def appears(self) -> str:
        desk = self.companies.globex.desk
        await desk.until(lambda: bool(self._twins(ticket_of(self.companies.acme, self.ids.ours))), _SOON)
        (twin,) = self._twins(ticket_of(self.companies.acme, self.ids.ours))
        self.ids.theirs = twin.id
        return f"Globex #{twin.id}, with Acme's text and the line that tells where it came from"

    async def priority_comes_back(self) -> str:
        _agent(self.companies.globex).edit(self.ids.theirs, priority="High")
        acme = self.companies.acme.desk
        await acme.until(lambda: acme.ticket(self.ids.ours).priority == _HIGH, _SOON)
        return f"Acme #{self.ids.ours} is High, too"

    async def comment_and_file(self) -> str:
        agent, globex = _agent(self.companies.acme), self.companies.globex.desk
        agent.note(self.ids.ours, "Careful, this customer is important.", private=True)
        agent.reply(self.ids.ours, "We switched it off. A photo is attached.", files={"photo.txt": b"smoke" * 2000})
        await globex.until(lambda: any("switched it off" in one.body for one in globex.said_on(self.ids.theirs)), _SOON)
        names = [file.name for one in globex.said_on(self.ids.theirs) for file in globex.files_of(one)]
        names += [file.name for file in globex.files_of(globex.ticket(self.ids.theirs))]
        leaked = any("important" in one.body for one in globex.said_on(self.ids.theirs))
        return f"The reply and {', '.join(names)} arrived; the internal note stayed" if names and not leaked else ""

    async def both_survive(self) -> str:
        acme, globex = self.companies.acme.desk, self.companies.globex.desk
        _agent(self.companies.acme).edit(self.ids.ours, subject="The printer in room 4 burns")
        _agent(self.companies.globex).edit(self.ids.theirs, status="Pending")
        await globex.until(lambda: "burns" in globex.ticket(self.ids.theirs).subject, _SOON)
        await acme.until(lambda: acme.ticket(self.ids.ours).status == _PENDING, _SOON)
        both = globex.ticket(self.ids.theirs).status == _PENDING and "burns" in acme.ticket(self.ids.ours).subject
        return "Subject from Acme, status from Globex: both stand on both desks" * both

    async def killed(self) -> str:
        acme, globex = self.companies.acme, self.companies.globex
        globex.desk.faults.add(Trouble.LOST, method="POST", path="tickets$")
        made = _agent(acme).raise_ticket("The spare printer is missing", "Who took it?", priority="Medium")
        await globex.desk.until(lambda: bool(self._twins(made)), _SOON)
        await self.restart(globex)
        _agent(acme).edit(made.id, priority="Urgent")
        await globex.desk.until(lambda: all(twin.priority == 4 for twin in self._twins(made)), _SOON)
        await asyncio.sleep(0)
        number = len(self._twins(made))
        return "The desk had made it, the node never heard so. After the restart: one ticket" * (number == 1)

    def _twins(self, original: Ticket) -> list[Ticket]:
        """By their text, as a person would look for them."""
        words = original.subject.split()[:3]
        return [one for one in self.companies.globex.desk.tickets if one.subject.split()[:3] == words]


def ticket_of(company: Company, ticket_id: int) -> Ticket:
    return company.desk.ticket(ticket_id)


def _agent(company: Company) -> Person:
    desk = company.desk
    found = desk.people.by_email(f"agent@{company.name.lower()}.example")
    return desk.person(found) if found else desk.add_agent("Ana Ruiz", f"agent@{company.name.lower()}.example")
