"""The story of two companies that connect, step by step, through nothing but what people see and click in Slack."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from pairing.terms import Reach
from sandbox.companies import Companies, Company
from sandbox.slack.person import PersonDriver
from sandbox.slack.surfaces import Surface

_REACH_WORDS = {
    Reach.PUBLIC: "Partner's address",
    Reach.PRIVATE: "I don't have a URL for my partner",
    Reach.LOCAL: "On this node",
}
_CODE = re.compile(r"brg_[0-9a-z]+")
_NUMBER = re.compile(r"\b(\d{3} \d{3})\b")


@dataclass(slots=True)
class Told:
    """What people read out to each other on the way."""

    code: str = field(default="", repr=False)
    number: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """`act` does it, waits until everyone sees it, and returns what a bystander would say happened."""

    side: str
    title: str
    act: Callable[[], Awaitable[str]]


def steps_of(companies: Companies, reach: Reach, mode: str = "Basic") -> tuple[Step, ...]:
    """From two empty desks lists to an active connection, a pause, and who sees what. `mode` is Basic or Script."""
    story = _Story(companies, reach, mode, Told())
    acme, globex = companies.acme, companies.globex
    return (
        Step(acme.name, "Adds its desk", lambda: story.add_desk(acme, "acme-desk")),
        Step(globex.name, "Adds its desk", lambda: story.add_desk(globex, "globex-desk")),
        Step(acme.name, "Types /connect initiate and answers four steps", story.initiate),
        Step(acme.name, "The code is posted to the shared channel", story.see_the_code),
        Step(globex.name, "Types /connect accept with the code and looks at the offer", story.look),
        Step(globex.name, "Accepts and is shown a number", story.accept),
        Step(acme.name, "Is told at once and enters the number", story.enter_number),
        Step(globex.name, "Reads that the connection is active", story.both_active),
        Step(acme.name, "The posted code is replaced", story.code_replaced),
        Step(acme.name, "Pauses; Globex is told", story.pause),
        Step(acme.name, "Resumes; both sides are active", story.resume),
        Step(globex.name, "Opens Home and looks at the connection", story.look_at_home),
    )


@dataclass(frozen=True, slots=True)
class _Story:
    companies: Companies
    reach: Reach
    mode: str
    told: Told

    @property
    def alice(self) -> PersonDriver:
        return self.companies.acme.admin

    @property
    def bob(self) -> PersonDriver:
        return self.companies.globex.admin

    async def add_desk(self, company: Company, name: str) -> str:
        admin = company.admin
        await admin.command("/connect setup")
        await modal_called(admin, "Desks")
        await admin.click("Add a desk")
        await modal_called(admin, "Add a desk")
        await admin.fill({"Kind of desk": "Freshservice", "Short name": name, "Address": company.desk.origin})
        await admin.type("API key", company.desk_key)
        must_be_taken(await admin.submit())
        desks = await modal_called(admin, "Desks")
        await admin.close_modal()
        return f"{name} at {company.desk.origin}: the key was checked at the desk and sealed" * (name in desks.text)

    async def initiate(self) -> str:
        alice = self.alice
        await alice.command("/connect initiate", self.companies.channel)
        await modal_called(alice, "Connect: step 1 of 4")
        await alice.choose("How do the two sides reach each other?", _REACH_WORDS[self.reach])
        if self.reach is Reach.PUBLIC:
            assert self.companies.globex.url is not None
            await field_called(alice, "Partner's address")
            await alice.type("Partner's address", self.companies.globex.url)
        must_be_taken(await alice.submit())
        await modal_called(alice, "Connect: step 2 of 4")
        await alice.choose("Mode", self.mode)
        must_be_taken(await alice.submit())
        await modal_called(alice, "Connect: step 3 of 4")
        await alice.type("Your partner's short name", "globex", enter=True)
        await alice.type("Description", "Incidents that both of us work on")
        must_be_taken(await alice.submit())
        await modal_called(alice, "Connect: step 4 of 4")
        await alice.choose("Send the code to", "A channel")
        await field_called(alice, "Channel")
        await alice.pick_channel("Channel", self.companies.channel)
        await field_called(alice, "Shared channel")
        await alice.tick("Shared channel", "I understand that everyone in this channel can read the code")
        must_be_taken(await alice.submit())
        sent = await modal_called(alice, "Invitation sent")
        await alice.close_modal()
        return "acme_to_globex is pending, its partner unknown" * ("unknown" in sent.text)

    async def see_the_code(self) -> str:
        code = str(await self.bob.until(lambda: _posted_code(self.bob, self.companies)))
        self.told.code = code
        return f"Bob reads {code[:12]}… in #{self.companies.channel.name} ({len(code)} characters)"

    async def look(self) -> str:
        await self.bob.command(f"/connect accept {self.told.code}", self.companies.channel)
        offer = await modal_called(self.bob, "Accept invitation")
        host = offer.blocks[0]["text"]["text"]
        return f"The host is {host}; nothing is spent yet" * ("Acme" in offer.text)

    async def accept(self) -> str:
        must_be_taken(await self.bob.submit())
        self.told.number = await self.bob.until(self._number)
        await self.bob.close_modal()
        return f"Bob tells Alice: {self.told.number}"

    def _number(self) -> str:
        """In the window, or in a direct message when the partner's node took its time."""
        shown: Surface | None = self.bob.modal
        if shown is None or shown.title == "Not yet":
            shown = message_with(self.bob, self.companies.globex, "this number")
        found = _NUMBER.search(shown.text) if shown is not None else None
        return found[1] if found else ""

    async def enter_number(self) -> str:
        card = await self.alice.until(lambda: message_with(self.alice, self.companies.acme, "Your code was used"))
        await self.alice.click("Enter number", where=card)
        await modal_called(self.alice, "Enter the number")
        await self.alice.type("Number", self.told.number)
        must_be_taken(await self.alice.submit())
        await self.alice.until(lambda: message_with(self.alice, self.companies.acme, "active"))
        if self.alice.modal is not None:
            await self.alice.close_modal()
        return "The number is right: Acme's half is active"

    async def both_active(self) -> str:
        await self.bob.until(lambda: message_with(self.bob, self.companies.globex, "is active"))
        return "Globex's half is active, without a refresh"

    async def code_replaced(self) -> str:
        message = await self.bob.until(lambda: _message_in_channel(self.bob, self.companies, "used by"))
        return str(message.text.splitlines()[0]) if "brg_" not in message.text else ""

    async def pause(self) -> str:
        await self.alice.command("/connect pause acme_to_globex")
        await self.bob.until(lambda: message_with(self.bob, self.companies.globex, "paused"))
        return "Both sides read paused"

    async def resume(self) -> str:
        await self.alice.command("/connect resume acme_to_globex")
        await self.bob.until(lambda: message_with(self.bob, self.companies.globex, "resumed"))
        return "Both sides are active again"

    async def look_at_home(self) -> str:
        app = self.companies.globex.app
        await self.bob.open_home(app)
        home = await self.bob.until(lambda: _home_with(self.bob, self.companies.globex, "Active"))
        return "Home: " + next(str(line) for line in home.text.splitlines() if "globex_to_acme" in line)


async def modal_called(person: PersonDriver, title: str, seconds: float = 30) -> Surface:
    """The topmost modal, once it has this title."""

    def open_now() -> Surface | None:
        return person.modal if person.modal is not None and person.modal.title == title else None

    surface = await person.until(open_now, seconds)
    assert isinstance(surface, Surface)
    return surface


async def field_called(person: PersonDriver, label: str) -> None:
    """Waits until the modal asks for it."""
    await person.until(lambda: person.modal is not None and label in person.modal.labels)


def must_be_taken(errors: dict[str, str]) -> None:
    assert not errors, f"the form was not taken: {errors}"


def message_with(person: PersonDriver, company: Company, words: str) -> Surface | None:
    """The newest direct message of the company's Drawbridge that holds these words."""
    found = [one for one in person.messages(person.dm(company.app)) if words in one.text]
    return found[-1] if found else None


def _message_in_channel(person: PersonDriver, companies: Companies, words: str) -> Surface | None:
    found = [one for one in person.messages(companies.channel) if words in one.text]
    return found[-1] if found else None


def _posted_code(person: PersonDriver, companies: Companies) -> str | None:
    for message in person.messages(companies.channel):
        if found := _CODE.search(message.text):
            return found[0]
    return None


def _home_with(person: PersonDriver, company: Company, words: str) -> Surface | None:
    home = person.home(company.app)
    return home if home is not None and words in home.text else None
