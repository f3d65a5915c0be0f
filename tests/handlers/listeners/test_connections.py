from typing import Any

import pytest

from handlers import ids
from tests.handlers.test_app import add_desk, code_in, initiate
from tests.handlers.world import ACME, GLOBEX, Person, World, as_sent, errors_of, filled, seen, text_of

Json = dict[str, Any]
HOME: Json = as_sent({"type": "home", "callback_id": "home", "blocks": []})


@pytest.fixture
async def alice(world: World) -> Person:
    person = world.person("U0ADMINACME")
    await add_desk(world, person, "acme-desk")
    return person


@pytest.fixture
async def bob(world: World) -> Person:
    person = world.person("U0ADMINGLOBEX")
    await add_desk(world, person, "globex-desk")
    return person


async def pair(world: World, alice: Person, bob: Person, remote: str = "globex") -> str:
    """An active connection acme_to_<remote>; its id at Acme."""
    connection_id, number = await claim(world, alice, bob, remote)
    await alice.click(ids.CLAIM_NUMBER, connection_id)
    await alice.submit(filled(world.modal, number=number))
    return connection_id


async def claim(world: World, alice: Person, bob: Person, remote: str = "globex") -> tuple[str, str]:
    """A pending connection whose code was used: its id at Acme, and the number that Globex sees."""
    await alice.command("initiate")
    await alice.submit(filled(world.modal, reach="local"))
    await alice.submit(filled(world.modal, rules="basic"))
    await alice.submit(filled(world.modal, local_name="acme", remote_name=remote))
    await alice.submit(world.modal)
    await bob.command(f"accept {code_in(world.modal)}")
    await bob.submit(filled(world.modal, desk_id=desk_of(world.modal)))
    number = next(line for line in seen(world.modal).splitlines() if line.replace(" ", "").isdigit())
    return await id_of(world, alice, f"acme_to_{remote}"), number


def desk_of(view: Json) -> str:
    (block,) = [block for block in view["blocks"] if block.get("block_id") == ids.DESK]
    value: str = block["element"]["options"][0]["value"]
    return value


async def id_of(world: World, person: Person, name: str) -> str:
    organisation = world.organisation(person.team)
    found = await world.node.store.read(organisation, lambda tx: tx.connections.named(name))
    assert found is not None
    return found.id


async def test_without_connections_every_command_says_so(world: World) -> None:
    alice = world.person("U0ADMINACME")
    await alice.command("list")
    assert "No connections yet." in world.said and "`/connect initiate`" in world.said
    for word in (ids.STATUS, ids.EDIT, ids.PAUSE, ids.RESUME, ids.CLOSE):
        await alice.command(word)
        assert "There is no connection yet. Make one with `/connect initiate`." in world.said
    await alice.command("pending")
    assert "No invitation is waiting." in world.said
    await alice.command("cancel")
    assert "there is nothing to cancel" in world.said


async def test_help_is_what_the_person_may_do(world: World) -> None:
    world.slack.add_person("U0MEMBER", ACME)
    await world.person("U0MEMBER").command("")
    assert "/connect list" in world.said and "/connect initiate" not in world.said
    await world.person("U0ADMINACME").command("xyz")
    assert world.said.startswith("Unknown command: `xyz`.") and "/connect initiate" in world.said


async def test_a_member_without_connections_is_not_told_to_make_one(world: World) -> None:
    world.slack.add_person("U0MEMBER", ACME)
    await world.person("U0MEMBER").command("status")
    assert "There is no connection yet." in world.said and "initiate" not in world.said


async def test_the_only_one_that_fits_needs_no_name(world: World, alice: Person, bob: Person) -> None:
    await pair(world, alice, bob)
    await alice.command("status")
    assert "*Active*" in world.said and "Partner: Globex" in world.said
    await alice.command("pause")
    assert "`acme_to_globex` is paused: tickets wait on both sides" in world.said
    await alice.command("pause")
    assert "There is nothing to pause" in world.said
    await alice.command("resume")
    assert "`acme_to_globex` is active again." in world.said
    await alice.command("resume")
    assert "There is nothing to resume" in world.said


async def test_several_that_fit_are_listed(world: World, alice: Person, bob: Person) -> None:
    await pair(world, alice, bob)
    await pair(world, alice, bob, "initech")
    await alice.command("pause")
    assert "Which one?" in world.said and "`acme_to_globex`, `acme_to_initech`" in world.said
    await alice.command("status")
    assert "`/connect status &lt;name&gt;`" in world.said
    await alice.command("status `ACME_to_initech`")
    assert "acme_to_initech" in world.said
    await alice.command("status acme to initech")
    assert "acme_to_initech" in world.said


async def test_a_name_that_is_none_lists_those_there_are(world: World, alice: Person) -> None:
    await initiate(world, alice)
    for word in (ids.STATUS, ids.EDIT, ids.PAUSE, ids.RESUME, ids.CLOSE):
        await alice.command(f"{word} nobody")
        assert "There is no connection of that name. These are: `acme_to_globex`." in world.said


@pytest.mark.parametrize("word", [ids.PAUSE, ids.RESUME])
async def test_what_is_pending_cannot_be_paused(world: World, alice: Person, word: str) -> None:
    await initiate(world, alice)
    await alice.command(f"{word} acme_to_globex")
    assert "is pending: that works once it is active" in world.said


async def test_pausing_twice_by_name_says_that_it_is_paused(world: World, alice: Person, bob: Person) -> None:
    await pair(world, alice, bob)
    await alice.command("pause acme_to_globex")
    await alice.command("pause acme_to_globex")
    assert "is paused on your side already" in world.said


async def test_pending_and_cancel(world: World, alice: Person) -> None:
    await initiate(world, alice)
    await alice.command("pending")
    assert "*acme_to_globex*: not used yet" in world.said
    await alice.command("cancel nobody")
    assert "No invitation of that name is waiting. These are: `acme_to_globex`." in world.said
    await alice.command("cancel")
    assert "Cancelled `acme_to_globex`. Its code is worth nothing any more." in world.said
    await world.deliver_notices(ACME)
    assert "cancelled by <@U0ADMINACME>" in seen(world.slack.of("chat.update")[-1])


async def test_cancel_asks_which(world: World, alice: Person, bob: Person) -> None:
    await claim(world, alice, bob)
    await claim(world, alice, bob, "initech")
    await alice.command("cancel")
    assert "Which one?" in world.said


async def test_edit_changes_name_and_description(world: World, alice: Person) -> None:
    await initiate(world, alice)
    await alice.command("edit")
    assert "Your partner keeps their own name" in seen(world.modal)
    form = world.modal
    assert "1 to 40 characters" in errors_of(await alice.submit(filled(form, name="Not good!")))["name"]
    answer = await alice.submit(filled(form, name="renamed", description="Ours <here>"))
    assert '"clear"' in answer.body
    await alice.command("status renamed")
    assert "Description: Ours <here>" in world.said


async def test_closing_asks_first_and_says_what_stays(world: World, alice: Person, bob: Person) -> None:
    await pair(world, alice, bob)
    await alice.command("close")
    assert "*What stops:*" in seen(world.modal)
    answer = await alice.submit(filled(world.modal, reason="we moved"))
    assert "*acme_to_globex* is closed. All tickets stay on both desks as they are." in text_of(answer)
    await alice.command("list")
    assert "*Closed*" in world.said
    await alice.command("close acme_to_globex")
    assert "no connection of that name" in world.said or "closed already" in world.said


async def test_closing_a_pending_one_cancels_its_invitation(world: World, alice: Person) -> None:
    await initiate(world, alice)
    await alice.command("close")
    assert "Cancel the invitation for *acme_to_globex*?" in seen(world.modal)
    assert "*acme_to_globex* is cancelled. Nothing was shared." in text_of(await alice.submit(world.modal))
    assert len(await world.audit("invite.cancel")) == 1


async def test_submitting_twice_what_closes_says_that_it_is_gone(world: World, alice: Person) -> None:
    await initiate(world, alice)
    await alice.command("close")
    form = world.modal
    await alice.submit(form)
    assert "That connection is not there any more" in text_of(await alice.submit(form))


async def test_home_shows_everything_and_its_menu_does_everything(world: World, alice: Person, bob: Person) -> None:
    connection_id = await pair(world, alice, bob)
    await alice.open_home()
    assert "acme_to_globex" in world.home and "*Active*" in world.home
    await alice.choose(ids.HOME_MENU, f"{ids.STATUS}:{connection_id}", view=HOME)
    assert "Partner: Globex" in seen(world.modal)
    await alice.choose(ids.HOME_MENU, f"{ids.EDIT}:{connection_id}", view=HOME)
    assert "Edit connection" in seen(world.modal)
    await alice.choose(ids.HOME_MENU, f"{ids.PAUSE}:{connection_id}", view=HOME)
    assert "*Paused* by you" in world.home
    await alice.choose(ids.HOME_MENU, f"{ids.RESUME}:{connection_id}", view=HOME)
    assert "*Active*" in world.home
    await alice.choose(ids.HOME_MENU, f"{ids.CLOSE}:{connection_id}", view=HOME)
    assert "*What stops:*" in seen(world.modal)


@pytest.mark.parametrize("value", ["", "status", "status:", "status:none", ":x", "explode:none", "a:b:c"])
async def test_a_menu_choice_that_leads_nowhere_is_told_by_dm(world: World, alice: Person, value: str) -> None:
    await alice.choose(ids.HOME_MENU, value, view=HOME)
    assert "not there any more" in seen(world.slack.of("chat.postMessage")[-1])


async def test_a_verb_that_is_none_is_told_too(world: World, alice: Person, bob: Person) -> None:
    connection_id = await pair(world, alice, bob)
    await alice.choose(ids.HOME_MENU, f"explode:{connection_id}", view=HOME)
    assert "none of the menu's choices" in seen(world.slack.of("chat.postMessage")[-1])


async def test_an_id_of_another_organisation_leads_nowhere(world: World, alice: Person, bob: Person) -> None:
    theirs = await pair(world, alice, bob)
    await bob.choose(ids.HOME_MENU, f"{ids.PAUSE}:{theirs}", view=HOME)
    assert "not there any more" in seen(world.slack.of("chat.postMessage")[-1])
    assert await world.audit("connection.pause", ACME) == [] and await world.audit("connection.pause", GLOBEX) == []


async def test_a_member_looks_at_the_status(world: World, alice: Person, bob: Person) -> None:
    connection_id = await pair(world, alice, bob)
    world.slack.add_person("U0MEMBER", ACME)
    await world.person("U0MEMBER").click(ids.HOME_STATUS, connection_id, view=HOME)
    assert "Partner: Globex" in seen(world.modal)


async def test_the_number_of_a_pending_one_is_for_those_who_may_act(world: World, alice: Person, bob: Person) -> None:
    _, number = await claim(world, alice, bob)
    world.slack.add_person("U0MEMBER", GLOBEX)
    await world.person("U0MEMBER").command("status")
    assert number not in world.said
    await bob.command("status")
    assert number in world.said


async def test_three_wrong_numbers_close_the_invitation(world: World, alice: Person, bob: Person) -> None:
    connection_id, number = await claim(world, alice, bob)
    wrong = "000 000" if number != "000 000" else "111 111"
    await alice.click(ids.CLAIM_NUMBER, connection_id)
    form = filled(world.modal, number=wrong)
    assert "you have 2 more tries" in errors_of(await alice.submit(form))["number"]
    assert "you have one more try" in errors_of(await alice.submit(form))["number"]
    last = text_of(await alice.submit(form))
    assert "That was the third wrong number: the invitation is closed and nothing was shared" in last
    await alice.click(ids.CLAIM_NUMBER, connection_id)
    assert "This was decided already" in world.said


async def test_rejecting_says_what_happened_and_cannot_be_done_twice(world: World, alice: Person, bob: Person) -> None:
    connection_id, _ = await claim(world, alice, bob)
    await alice.click(ids.CLAIM_REJECT, connection_id)
    assert "Rejected the claim for `acme_to_globex`. Nothing was shared" in world.said
    await alice.click(ids.CLAIM_REJECT, connection_id)
    assert "This was decided already" in world.said
    assert len(await world.audit("reject")) == 1


async def test_a_decided_card_says_how(world: World, alice: Person, bob: Person) -> None:
    connection_id = await pair(world, alice, bob)
    await alice.click(ids.CLAIM_NUMBER, connection_id)
    assert "This was decided already: `acme_to_globex` is active." in world.said


async def test_home_asks_for_the_number_too(world: World, alice: Person, bob: Person) -> None:
    connection_id, number = await claim(world, alice, bob)
    await alice.open_home()
    assert "Enter number" in world.home
    await alice.click(ids.CLAIM_NUMBER, connection_id, view=HOME)
    assert "is active" in text_of(await alice.submit(filled(world.modal, number=number)))
