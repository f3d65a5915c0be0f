"""`initiate`: every sentence that a person can be told on the way, and that nothing typed is lost."""

from dataclasses import replace

import pytest

from flows.desks import desks, remove_desk
from pairing.connection import ConnectionState
from pairing.terms import ConflictPolicy, Reach, RulesMode
from sandbox.story import field_called, modal_called
from storage.store import Transaction
from tests.journeys.acts import (
    CODE,
    REACH_FIELD,
    REACH_WORDS,
    SHARED_TICK,
    add_desk,
    add_desks,
    answered,
    invite,
    name_partner,
    send_to_person,
    to_step,
    told,
)
from tests.journeys.stage import Stage

PUBLIC = pytest.mark.parametrize("stage", [Reach.PUBLIC], indirect=True)


async def test_without_a_desk_the_first_step_is_a_desk(stage: Stage) -> None:
    await stage.alice.command("/connect initiate")
    first = await modal_called(stage.alice, "First a desk")
    assert "To invite a partner, first add the desk that you want to connect." in first.text
    await stage.alice.click("Add a desk")
    await modal_called(stage.alice, "Add a desk")


async def test_each_reach_says_who_calls_whom(stage: Stage) -> None:
    await add_desk(stage.acme)
    first = await to_step(stage, 1)
    for line in (
        "Public: both sides call each other, so both need a URL",
        "Private: only they call us, nothing is opened there",
        "Local: both desks are served here, nobody calls anybody",
    ):
        assert line in first.text


async def test_the_first_step_needs_a_reach(stage: Stage) -> None:
    await add_desk(stage.acme)
    await to_step(stage, 1)
    errors = await stage.alice.submit()
    assert list(errors) == [REACH_FIELD]


NO_ADDRESS = (
    ("  ", "Type the address of your partner's Drawbridge, for example https://bridge.example.com."),
    ("http://127.0.0.1:1", "http"),
    ("https://10.0.0.1", "not a number or a name of your own network"),
    ("https://globex.freshservice.com", "desk"),
)


@PUBLIC
async def test_an_address_that_cannot_be_a_partners_is_refused_in_words(stage: Stage) -> None:
    await add_desk(stage.acme)
    await to_step(stage, 1)
    await stage.alice.choose(REACH_FIELD, REACH_WORDS[Reach.PUBLIC])
    await field_called(stage.alice, "Partner's address")
    for typed, sentence in NO_ADDRESS:
        await stage.alice.type("Partner's address", typed)
        assert sentence in (await stage.alice.submit())["Partner's address"], typed


@pytest.mark.slow
@PUBLIC
async def test_our_own_address_is_no_partners(stage: Stage) -> None:
    await add_desk(stage.acme)
    await to_step(stage, 1)
    await stage.alice.choose(REACH_FIELD, REACH_WORDS[Reach.PUBLIC])
    await field_called(stage.alice, "Partner's address")
    await stage.alice.type("Partner's address", stage.acme.url or "")
    errors = await stage.alice.submit()
    assert errors["Partner's address"].startswith("That is the address of this node. Choose “On this node”")


@PUBLIC
async def test_nobody_at_the_address_is_said_while_the_wizard_waits(stage: Stage) -> None:
    await add_desk(stage.acme)
    await to_step(stage, 1)
    await stage.node(stage.globex).stop()
    await stage.alice.choose(REACH_FIELD, REACH_WORDS[Reach.PUBLIC])
    await field_called(stage.alice, "Partner's address")
    await stage.alice.type("Partner's address", stage.globex.url or "")
    errors = await stage.alice.submit()
    assert errors["Partner's address"].startswith("Nothing answers at that address. Check the spelling")
    assert stage.alice.modal is not None
    assert stage.alice.modal.values["Partner's address"] == stage.globex.url


@pytest.mark.slow
@PUBLIC
async def test_a_desk_at_the_address_is_no_drawbridge(stage: Stage) -> None:
    await add_desk(stage.acme)
    await to_step(stage, 1)
    await stage.alice.choose(REACH_FIELD, REACH_WORDS[Reach.PUBLIC])
    await field_called(stage.alice, "Partner's address")
    await stage.alice.type("Partner's address", stage.acme.desk.origin)
    errors = await stage.alice.submit()
    assert "it is no Drawbridge" in errors["Partner's address"]


@pytest.mark.slow
@PUBLIC
async def test_the_eleventh_address_within_an_hour_has_to_wait(stage: Stage) -> None:
    await add_desk(stage.acme)
    await to_step(stage, 1)
    await stage.alice.choose(REACH_FIELD, REACH_WORDS[Reach.PUBLIC])
    await field_called(stage.alice, "Partner's address")
    for _ in range(10):
        await stage.alice.type("Partner's address", stage.acme.desk.origin)
        assert "no Drawbridge" in (await stage.alice.submit())["Partner's address"]
    errors = await stage.alice.submit()
    assert errors["Partner's address"] == "You checked 10 addresses within an hour. Try again in an hour."


async def test_a_node_without_a_url_offers_the_one_reach_it_has_and_says_what_to_do(stage: Stage) -> None:
    await add_desk(stage.globex)
    await stage.bob.command("/connect initiate")
    first = await modal_called(stage.bob, "Connect: step 1 of 4")
    assert "This node has no public URL" in first.text
    assert "Ask your partner to make the code" in first.text
    assert "I don't have a URL for my partner" not in first.text
    assert "On this node" in first.text


async def test_the_third_step_wants_names_that_can_be_typed(stage: Stage) -> None:
    await add_desk(stage.acme)
    await to_step(stage, 3)
    await name_partner(stage, "globex")
    await stage.alice.type("Your short name", "Acme Ltd!")
    assert "Your short name" in await stage.alice.submit()
    await stage.alice.type("Your short name", "globex")
    errors = await stage.alice.submit()
    assert errors == {"Your partner's short name": "The two sides need different short names."}


async def test_a_name_is_unique_among_the_connections_there_are(stage: Stage) -> None:
    await add_desk(stage.acme)
    await invite(stage)
    await to_step(stage, 3)
    await name_partner(stage, "globex")
    await stage.alice.type("Connection name", "acme_to_globex")
    errors = await stage.alice.submit()
    assert errors == {"Connection name": "There is a connection `acme_to_globex` already. Choose another name."}


@pytest.mark.slow
async def test_the_proposed_name_steps_aside_for_one_that_is_taken(stage: Stage) -> None:
    await add_desk(stage.acme)
    await invite(stage)
    await invite(stage)
    assert [one.name for one in await stage.connections(stage.acme)] == ["acme_to_globex", "acme_to_globex_2"]


async def test_the_last_step_wants_a_receiver_and_the_tick_for_a_shared_channel(stage: Stage) -> None:
    await add_desk(stage.acme)
    last = await to_step(stage, 4)
    assert "Activate as soon as the code is used" in last.text
    await stage.alice.choose("Send the code to", "A channel")
    await field_called(stage.alice, "Channel")
    assert list(await stage.alice.submit()) == ["Channel"]
    await stage.alice.pick_channel("Channel", stage.channel)
    await field_called(stage.alice, "Shared channel")
    assert stage.alice.modal is not None
    assert "is shared with another organisation" in stage.alice.modal.text
    assert "Activate as soon as the code is used" not in stage.alice.modal.text
    errors = await stage.alice.submit()
    assert errors == {
        "Shared channel": ("Tick that everyone in this shared channel may read the code, or choose another place.")
    }
    await stage.alice.tick("Shared channel", SHARED_TICK)
    assert await stage.alice.submit() == {}
    await modal_called(stage.alice, "Invitation sent")


async def test_the_bot_has_to_be_in_the_channel(stage: Stage) -> None:
    await add_desk(stage.acme)
    quiet = stage.companies.slack.world.add_channel("quiet", teams=[stage.acme.team], members=[stage.alice.person])
    await to_step(stage, 4)
    await stage.alice.choose("Send the code to", "A channel")
    await field_called(stage.alice, "Channel")
    await stage.alice.pick_channel("Channel", quiet)
    await stage.alice.until(
        lambda: stage.alice.modal and "This app is not a member of that channel" in stage.alice.modal.text
    )
    await stage.alice.submit()
    await stage.alice.until(lambda: stage.alice.modal and "Type `/invite @" in stage.alice.modal.text)
    assert await stage.connections(stage.acme) == ()
    quiet.invite(stage.acme.app.install(stage.acme.team))
    await stage.alice.submit()
    await modal_called(stage.alice, "Invitation sent")
    assert any(CODE.search(message.text) for message in stage.alice.messages(quiet))


async def test_the_code_goes_to_a_person_and_is_shown_once(stage: Stage) -> None:
    await add_desk(stage.acme)
    andy = stage.acme.member
    code = await invite(stage, person=andy.person)
    message = await told(andy, stage.acme, code)
    assert "invites you to connect your service desks" in message.text
    for _ in range(2):
        pending = await answered(stage.alice, "/connect pending")
        assert "brg_" not in pending.text


@pytest.mark.slow
async def test_a_person_who_gets_no_messages_leaves_the_code_with_the_inviter(stage: Stage) -> None:
    await add_desk(stage.acme)
    await to_step(stage, 4)
    await send_to_person(stage.alice, stage.acme.member.person)
    stage.companies.slack.faults.fail("chat.postMessage", 1, "user_disabled")
    assert await stage.alice.submit() == {}
    shown = await modal_called(stage.alice, "Invitation code")
    assert "That person cannot get direct messages from this app. Pass the code below on yourself." in shown.text
    found = CODE.search(shown.text)
    assert found
    stage.secrets.append(found[0])


async def test_back_and_next_keep_every_value(stage: Stage) -> None:
    await add_desk(stage.acme)
    await to_step(stage, 1)
    await stage.alice.choose(REACH_FIELD, REACH_WORDS[Reach.PRIVATE])
    await stage.alice.submit()
    await modal_called(stage.alice, "Connect: step 2 of 4")
    await stage.alice.choose("Mode", "Script")
    await stage.alice.submit()
    await modal_called(stage.alice, "Connect: step 3 of 4")
    await name_partner(stage, "hooli")
    await stage.alice.type("Description", "Typed before going back")
    await stage.alice.click("Back")
    second = await modal_called(stage.alice, "Connect: step 2 of 4")
    assert second.values["Mode"] == "Script"
    await stage.alice.click("Back")
    first = await modal_called(stage.alice, "Connect: step 1 of 4")
    assert first.values[REACH_FIELD] == REACH_WORDS[Reach.PRIVATE]
    await stage.alice.submit()
    await modal_called(stage.alice, "Connect: step 2 of 4")
    await stage.alice.submit()
    third = await modal_called(stage.alice, "Connect: step 3 of 4")
    assert third.values["Your partner's short name"] == "hooli"
    assert third.values["Description"] == "Typed before going back"


async def test_a_closed_wizard_is_resumed_with_everything_kept(stage: Stage) -> None:
    await add_desk(stage.acme)
    await to_step(stage, 3)
    await name_partner(stage, "hooli")
    await stage.alice.type("Description", "Typed before closing")
    await stage.alice.close_modal()
    await stage.alice.command("/connect initiate")
    kept = await modal_called(stage.alice, "Unfinished invitation")
    assert "at step 3 of 4. Everything you typed is kept." in kept.text
    await stage.alice.submit()
    third = await modal_called(stage.alice, "Connect: step 3 of 4")
    assert third.values["Your partner's short name"] == "hooli"
    assert third.values["Connection name"] == "acme_to_hooli"
    assert third.values["Description"] == "Typed before closing"


@pytest.mark.slow
async def test_a_draft_is_thrown_away_when_someone_starts_again(stage: Stage) -> None:
    await add_desk(stage.acme)
    await to_step(stage, 3)
    await stage.alice.close_modal()
    await stage.alice.command("/connect initiate")
    await modal_called(stage.alice, "Unfinished invitation")
    await stage.alice.click("Start again")
    first = await modal_called(stage.alice, "Connect: step 1 of 4")
    assert first.values[REACH_FIELD] is None


@pytest.mark.slow
async def test_a_draft_lasts_a_day(stage: Stage) -> None:
    await add_desk(stage.acme)
    await to_step(stage, 2)
    await stage.alice.close_modal()
    await stage.node(stage.acme).stop()  # it ends what it was told last: keeping the draft
    stage.clock.advance(hours=25)
    await stage.node(stage.acme).start()
    await to_step(stage, 1)


async def test_what_was_chosen_is_what_the_connection_has(stage: Stage) -> None:
    await add_desk(stage.acme)
    await to_step(stage, 4)
    await stage.alice.choose("The code is good for", "7 days")
    await stage.alice.choose("When both sides changed the same field", "Your side wins")
    summary = stage.alice.modal
    assert summary is not None
    assert "Private: only the side without a URL calls" in summary.text
    assert "Basic mode, on your side with desk" in summary.text
    assert await stage.alice.submit() == {}
    sent = await modal_called(stage.alice, "Invitation sent")
    assert "your partner is *unknown* until somebody uses the code" in sent.text
    stage.secrets.append(CODE.findall(sent.text)[0])
    connection, invitation = await stage.connection(stage.acme), await stage.invitation(stage.acme)
    assert connection.state is ConnectionState.PENDING and connection.partner_name is None
    assert (connection.policy, connection.rules) == (ConflictPolicy.INVITER, RulesMode.BASIC)
    assert (invitation.expires_at - invitation.created_at).total_seconds() == pytest.approx(7 * 86400, abs=1)


@pytest.mark.slow
async def test_the_twenty_first_open_invitation_has_to_wait(stage: Stage) -> None:
    await add_desk(stage.acme)
    await invite(stage)
    made, connection = await stage.invitation(stage.acme), await stage.connection(stage.acme)

    def nineteen_more(tx: Transaction) -> None:
        for number in range(19):
            other = replace(connection, id=f"{number:026d}", name=f"more-{number}", our_id=f"o{number:025d}")
            tx.connections.add(other)
            hashed = bytes([number]) * 32
            tx.invitations.add(replace(made, id=f"i{number:025d}", connection_id=other.id, token_hash=hashed))

    await stage.node(stage.acme).running.node.store.run(await stage.organisation(stage.acme), nineteen_more)
    await to_step(stage, 4)
    await stage.alice.submit()
    sentence = "20 invitations are open already. Cancel one with `pending`, then try again."
    await stage.alice.until(lambda: stage.alice.modal and sentence in stage.alice.modal.text)


async def test_a_desk_that_was_removed_meanwhile_is_asked_for_again(stage: Stage) -> None:
    await add_desk(stage.acme)
    await to_step(stage, 4)
    node, actor = stage.node(stage.acme).running.node, await stage.actor(stage.acme)
    for desk in await desks(node, actor):
        await remove_desk(node, actor, desk.id)
    await stage.alice.submit()
    await modal_called(stage.alice, "First a desk")
    assert await stage.connections(stage.acme) == ()


@pytest.mark.slow
async def test_the_channel_where_the_command_was_typed_is_proposed(stage: Stage) -> None:
    await add_desks(stage)
    await to_step(stage, 4, channel=stage.channel)
    await stage.alice.choose("Send the code to", "A channel")
    await field_called(stage.alice, "Shared channel")
    assert stage.alice.modal is not None
    assert stage.alice.modal.values["Channel"] == stage.channel.id
    await stage.alice.close_modal()
    assert stage.alice.messages(stage.channel) == ()
