"""One node for two organisations, and two desks of one organisation."""

import pytest

from pairing.connection import ConnectionState
from pairing.terms import Reach, Side
from sandbox.freshservice import FreshserviceStandIn
from sandbox.story import modal_called
from tests.journeys.acts import (
    accept,
    add_desk,
    add_desks,
    answered,
    card,
    connect,
    enter_number,
    invite,
    look,
    to_step,
    told,
)
from tests.journeys.stage import Stage

LOCAL = pytest.mark.parametrize("stage", [Reach.LOCAL], indirect=True)


@LOCAL
async def test_two_organisations_on_one_node_see_nothing_of_each_other(stage: Stage) -> None:
    """P9: two rows, two keys, two organisations, all checks as between two nodes, the number too."""
    await connect(stage)
    ours, theirs = await stage.connection(stage.acme), await stage.connection(stage.globex)
    assert (ours.side, theirs.side) == (Side.INVITER, Side.INVITEE)
    assert ours.our_key == theirs.their_key and theirs.our_key == ours.their_key and ours.our_key != theirs.our_key
    assert await stage.organisation(stage.acme) != await stage.organisation(stage.globex)
    assert (await answered(stage.bob, "/connect list")).text.count("acme_to_globex") == 0
    assert (await answered(stage.alice, "/connect list")).text.count("globex_to_acme") == 0
    wrong = await answered(stage.bob, "/connect status acme_to_globex")
    assert "There is no connection of that name." in wrong.text


@LOCAL
async def test_the_offer_of_a_local_code_names_no_host(stage: Stage) -> None:
    await add_desks(stage)
    offer = await look(stage.bob, await invite(stage))
    assert "this node" in offer.text
    assert "Both desks are served by this node: no other host takes part." in offer.text


@LOCAL
async def test_a_private_code_works_on_its_own_node_too(stage: Stage) -> None:
    """The address is our own: the same bytes go to the same handler, without a socket."""
    await add_desks(stage)
    stage.reach = Reach.PRIVATE
    number = await accept(stage, await invite(stage))
    assert await enter_number(stage, number) == {}
    await told(stage.bob, stage.globex, "you are connected with")
    assert (await stage.connection(stage.acme)).their_url is None


@LOCAL
async def test_two_desks_of_one_organisation_are_connected_and_one_desk_is_not_joined_to_itself(stage: Stage) -> None:
    stage.both_ends_are_acmes = True
    second = await FreshserviceStandIn(keys={"second-desks-key"}).start()
    stage.stack.push_async_callback(second.stop)
    run = stage.node(stage.acme)
    await run.stop()
    run.trust(second.origin)
    await run.start()
    await add_desk(stage.acme, "first")
    await add_desk(stage.acme, "second", desk=second)
    alice = stage.alice
    await to_step(stage, 1)
    await alice.choose("Which of your desks?", "first")
    await alice.choose("How do the two sides reach each other?", "On this node")
    assert await alice.submit() == {}
    await modal_called(alice, "Connect: step 2 of 4")
    await alice.choose("Mode", "Basic")
    await alice.submit()
    await modal_called(alice, "Connect: step 3 of 4")
    await alice.type("Your partner's short name", "second", enter=True)
    await alice.until(lambda: alice.modal is not None and "second" in (alice.modal.values["Connection name"] or ""))
    await alice.submit()
    await modal_called(alice, "Connect: step 4 of 4")
    await alice.submit()
    sent = await modal_called(alice, "Invitation sent")
    code = next(word for word in sent.text.split() if word.startswith("brg_"))
    stage.secrets.append(code)
    await alice.close_modal()

    await look(alice, code)
    await alice.choose("Which of your desks?", "first")
    errors = await alice.submit()
    assert "Both ends would be the same desk. Choose another desk; the code was not used up." in str(errors)
    await alice.choose("Which of your desks?", "second")
    assert await alice.submit() == {}
    shown = await modal_called(alice, "Tell them the number")
    number = shown.blocks[0]["text"]["text"]
    stage.numbers.append(number.replace(" ", ""))
    await alice.close_modal()
    await card(stage)
    assert await enter_number(stage, number) == {}
    await told(alice, stage.acme, "you are connected with")
    for one in await stage.connections(stage.acme):
        await stage.until_open(stage.acme, one.name)
    assert {one.side for one in await stage.connections(stage.acme)} == {Side.INVITER, Side.INVITEE}
    await alice.close_modal(everything=True)
    name = next(one.name for one in await stage.connections(stage.acme) if one.side is Side.INVITEE)
    await answered(alice, f"/connect pause {name}")
    await told(alice, stage.acme, "Your partner paused")
    assert {one.state for one in await stage.connections(stage.acme)} == {ConnectionState.PAUSED}
