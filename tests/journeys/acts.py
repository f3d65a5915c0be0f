"""What people do, in a few words: everything goes through what they see in Slack and can click there."""

import re

from pairing.terms import Reach
from sandbox.companies import Company
from sandbox.freshservice import FreshserviceStandIn
from sandbox.slack.person import PersonDriver
from sandbox.slack.surfaces import Surface
from sandbox.slack.world import Channel, Person
from sandbox.story import field_called, message_with, modal_called
from tests.journeys.stage import Stage

CODE = re.compile(r"brg_[0-9a-z]+")
NUMBER = re.compile(r"\b(\d{3} \d{3})\b")
REACH_WORDS = {
    Reach.PUBLIC: "Partner's address",
    Reach.PRIVATE: "I don't have a URL for my partner",
    Reach.LOCAL: "On this node",
}
REACH_FIELD = "How do the two sides reach each other?"
SHARED_TICK = "I understand that everyone in this channel can read the code"
DESCRIPTION = "Incidents that both of us work on, canary description"


async def add_desk(company: Company, name: str = "", *, desk: FreshserviceStandIn | None = None) -> None:
    admin, account = company.admin, desk or company.desk
    await admin.command("/connect setup")
    await modal_called(admin, "Desks")
    await admin.click("Add a desk")
    await modal_called(admin, "Add a desk")
    fields = {"Kind of desk": "Freshservice", "Short name": name or f"{company.name.lower()}-desk"}
    await admin.fill({**fields, "Address": account.origin, "API key": next(iter(account.keys))})
    assert await admin.submit() == {}
    await admin.until(lambda: admin.modal is not None and "was checked and added" in admin.modal.text)
    await admin.close_modal()


async def add_desks(stage: Stage) -> None:
    await add_desk(stage.acme)
    await add_desk(stage.globex)


async def to_step(
    stage: Stage, step: int, *, reach: Reach | None = None, channel: Channel | None = None, mode: str = "Basic"
) -> Surface:
    """Alice's wizard at this step, with the usual answers before it."""
    alice, reach = stage.alice, reach or stage.reach
    await alice.command("/connect initiate", channel)
    surface = await modal_called(alice, "Connect: step 1 of 4")
    if step > 1:
        await alice.choose(REACH_FIELD, REACH_WORDS[reach])
        if reach is Reach.PUBLIC:
            await field_called(alice, "Partner's address")
            assert stage.globex.url is not None
            await alice.type("Partner's address", stage.globex.url)
        assert await alice.submit() == {}
        surface = await modal_called(alice, "Connect: step 2 of 4")
    if step > 2:
        await alice.choose("Mode", mode)
        assert await alice.submit() == {}
        surface = await modal_called(alice, "Connect: step 3 of 4")
    if step > 3:
        await name_partner(stage, "globex")
        await alice.type("Description", DESCRIPTION)
        assert await alice.submit() == {}
        surface = await modal_called(alice, "Connect: step 4 of 4")
    return surface


async def name_partner(stage: Stage, name: str) -> None:
    """Types the partner's short name and waits for the connection's name that is proposed then."""
    await stage.alice.type("Your partner's short name", name, enter=True)
    await stage.alice.until(
        lambda: stage.alice.modal is not None and name in (stage.alice.modal.values["Connection name"] or "")
    )


async def send_to_channel(alice: PersonDriver, channel: Channel) -> None:
    """The last step's answers for a channel that both organisations read."""
    await alice.choose("Send the code to", "A channel")
    await field_called(alice, "Channel")
    await alice.pick_channel("Channel", channel)
    await field_called(alice, "Shared channel")
    await alice.tick("Shared channel", SHARED_TICK)


async def send_to_person(alice: PersonDriver, person: Person) -> None:
    await alice.choose("Send the code to", "A person")
    await field_called(alice, "Person")
    await alice.pick_user("Person", person)


async def invite(
    stage: Stage,
    *,
    channel: Channel | None = None,
    person: Person | None = None,
    auto: bool = False,
    expiry: str = "",
    mode: str = "Basic",
) -> str:
    """Alice makes an invitation, sent to herself unless said otherwise; the code that she is shown."""
    alice = stage.alice
    await to_step(stage, 4, mode=mode)
    if channel is not None:
        await send_to_channel(alice, channel)
    if person is not None:
        await send_to_person(alice, person)
    if expiry:
        await alice.choose("The code is good for", expiry)
    if auto:
        await alice.tick("Without the number", "Activate as soon as the code is used")
    assert await alice.submit() == {}
    sent = await modal_called(alice, "Invitation sent")
    found = CODE.search(sent.text)
    assert found, sent.text
    stage.secrets.append(found[0])
    await alice.close_modal()
    return found[0]


async def look(person: PersonDriver, code: str, channel: Channel | None = None) -> Surface:
    """The accept dialog."""
    await person.command(f"/connect accept {code}", channel)
    return await modal_called(person, "Accept invitation")


async def look_in_vain(person: PersonDriver, code: str, channel: Channel | None = None) -> Surface:
    """The place to paste another code, with the sentence why this one cannot be used."""
    await person.command(f"/connect accept {code}", channel)
    return await modal_called(person, "Use a code")


async def accept(stage: Stage, code: str, company: Company | None = None) -> str:
    """Accepts, and the number that is shown then."""
    admin = (company or stage.globex).admin
    await look(admin, code)
    assert await admin.submit() == {}
    found = NUMBER.search((await modal_called(admin, "Tell them the number")).text)
    assert found
    stage.numbers.append(found[1].replace(" ", ""))
    await admin.close_modal()
    return found[1]


async def card(stage: Stage) -> Surface:
    """Alice's prompt to enter the number."""
    found = await stage.alice.until(lambda: message_with(stage.alice, stage.acme, "Your code was used"))
    assert isinstance(found, Surface)
    return found


async def enter_number(stage: Stage, number: str) -> dict[str, str]:
    """What stands at the form afterwards; {} when it was taken."""
    alice = stage.alice
    await alice.click("Enter number", where=await card(stage))
    await modal_called(alice, "Enter the number")
    await alice.type("Number", number)
    return await alice.submit()


async def connect(stage: Stage, *, channel: Channel | None = None, auto: bool = False) -> str:
    """From two empty desk lists to a connection that both sides read as active; its code."""
    await add_desks(stage)
    code = await invite(stage, channel=channel, auto=auto)
    if auto:
        await look(stage.bob, code)
        assert await stage.bob.submit() == {}
    else:
        number = await accept(stage, code)
        assert await enter_number(stage, number) == {}
    await told(stage.alice, stage.acme, "you are connected with")
    await told(stage.bob, stage.globex, "you are connected with")
    for person in (stage.alice, stage.bob):
        if person.modal is not None:
            await person.close_modal(everything=True)
    return code


async def told(person: PersonDriver, company: Company, words: str, seconds: float = 40.0) -> Surface:
    """The newest direct message of the company's Drawbridge that holds these words."""
    found = await person.until(lambda: message_with(person, company, words), seconds)
    assert isinstance(found, Surface)
    return found


async def answered(person: PersonDriver, typed: str, channel: Channel | None = None) -> Surface:
    """Types a command; the answer that only this person sees."""
    before = {one.ts for one in person.ephemerals()}
    await person.command(typed, channel)
    fresh = await person.until(lambda: [one for one in person.ephemerals() if one.ts not in before])
    assert isinstance(fresh[-1], Surface)
    return fresh[-1]


def count_told(person: PersonDriver, company: Company, words: str) -> int:
    return sum(words in one.text for one in person.messages(person.dm(company.app)))
