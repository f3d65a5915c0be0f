from handlers import ids
from sync.ticket import Person
from tests.handlers.test_app import add_desk
from tests.handlers.world import World, errors_of, filled, seen, text_of
from trackers.memory import MemoryDesks

GOOD = {"kind": "memory", "short_name": "acme", "address": "memory:acme", "api_key": "toy-1"}


async def test_setup_shows_the_desks_and_the_way_to_one(world: World) -> None:
    await world.person("U0ADMINACME").command("setup")
    assert "No desk yet" in seen(world.modal) and "Add a desk" in seen(world.modal)


async def test_a_desk_is_added_after_a_live_check(world: World) -> None:
    alice = world.person("U0ADMINACME")
    await add_desk(world, alice, "acme")
    text = seen(world.modal)
    assert "*acme was checked and added.* Next: `/connect initiate`" in text and "memory:acme" in text
    assert "toy-secret-9" not in str(world.slack.calls), "the key went into the vault and nowhere else"


async def try_to_add(world: World, **typed: str) -> dict[str, str]:
    alice = world.person("U0ADMINACME")
    await alice.command("setup")
    await alice.click(ids.DESK_ADD, view=world.modal)
    return errors_of(await alice.submit(filled(world.modal, **(GOOD | typed))))


async def test_every_mistake_has_its_sentence_at_its_field(world: World) -> None:
    assert "1 to 18 characters" in (await try_to_add(world, short_name="Not usable!"))["short_name"]
    assert "A toy desk is called memory:<name>" in (await try_to_add(world, address="https://x"))["address"]
    assert "refused this API key" in (await try_to_add(world, api_key="wrong"))["api_key"]
    assert "There is no desk at this address" in (await try_to_add(world, address="memory:missing"))["address"]
    assert "did not answer" in (await try_to_add(world, address="memory:silent"))["address"]
    assert "no spaces" in (await try_to_add(world, api_key="toy 1"))["api_key"]
    await add_desk(world, world.person("U0ADMINACME"), "acme")
    assert "There is a desk `acme` already" in (await try_to_add(world))["short_name"]


async def test_a_key_is_replaced_and_a_desk_removed(world: World) -> None:
    alice = world.person("U0ADMINACME")
    await add_desk(world, alice, "acme")
    desks = world.modal
    key, _, remove = desks["blocks"][2]["elements"]
    await alice.click(ids.DESK_KEY, key["value"], view=desks)
    assert "The new key of *acme* is checked before the old one is forgotten" in seen(world.modal)
    assert "refused this API key" in errors_of(await alice.submit(filled(world.modal, api_key="x")))["api_key"]
    assert "The new key of acme works" in text_of(await alice.submit(filled(world.modal, api_key="toy-2")))
    await alice.click(ids.DESK_REMOVE, remove["value"], view=desks)
    assert "*acme was removed*" in seen(world.modal) and "No desk yet" in seen(world.modal)


async def test_the_requester_who_stands_in_is_one_whom_the_desk_knows(world: World) -> None:
    alice, kind = world.person("U0ADMINACME"), world.node.desks["memory"]
    assert isinstance(kind, MemoryDesks)
    kind.account("memory:acme").people["help@acme.example"] = Person("Help", "help@acme.example")
    assert "e-mail address like" in (await try_to_add(world, requester="nobody"))["requester"]
    assert "knows nobody with this e-mail" in (await try_to_add(world, requester="x@acme.example"))["requester"]
    await alice.submit(filled(world.modal, **GOOD, requester="help@acme.example"))
    assert "Stands in as requester: help@acme.example" in seen(world.modal)
    desks = world.modal
    change = desks["blocks"][2]["elements"][1]
    await alice.click(ids.DESK_REQUESTER, change["value"], view=desks)
    form = world.modal
    assert "knows nobody" in errors_of(await alice.submit(filled(form, requester="x@acme.example")))["requester"]
    answer = text_of(await alice.submit(filled(form, requester="")))
    assert "*The agent of the API key stands in* at acme" in answer
    again = text_of(await alice.submit(filled(form, requester="help@acme.example")))
    assert "*help@acme.example stands in* at acme" in again
    assert len(await world.audit("desk.requester")) == 2


async def test_back_leads_to_the_list(world: World) -> None:
    alice = world.person("U0ADMINACME")
    await alice.command("setup")
    await alice.click(ids.DESK_ADD, view=world.modal)
    await alice.click(ids.DESK_BACK, view=world.modal)
    assert "No desk yet" in seen(world.modal)


async def test_a_desk_of_another_organisation_is_not_there(world: World) -> None:
    alice, bob = world.person("U0ADMINACME"), world.person("U0ADMINGLOBEX")
    await add_desk(world, bob, "globex")
    theirs = world.modal["blocks"][2]["elements"][0]["value"]
    await alice.command("setup")
    await alice.click(ids.DESK_KEY, theirs, view=world.modal)
    assert "That desk is not there any more" in seen(world.slack.of("views.push")[-1])
    await alice.click(ids.DESK_REMOVE, theirs, view=world.modal)
    assert await world.audit("desk.remove", "T0GLOBEX") == []
