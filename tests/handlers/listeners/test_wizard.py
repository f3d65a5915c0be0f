from typing import Any

import pytest

from handlers import ids
from storage.store import Store
from tests.handlers.test_app import add_desk, code_in, initiate
from tests.handlers.world import Person, World, a_world, as_sent, errors_of, filled, seen, text_of

Json = dict[str, Any]
RADIO = {"type": "radio_buttons"}


@pytest.fixture
async def alice(world: World) -> Person:
    person = world.person("U0ADMINACME")
    await add_desk(world, person, "acme-desk")
    return person


async def to_step(world: World, alice: Person, number: int) -> Json:
    await alice.command("initiate", channel="C0ORIGIN")
    typed: list[dict[str, str]] = [
        {"reach": "local"},
        {"rules": "basic"},
        {"local_name": "acme", "remote_name": "globex"},
    ]
    for values in typed[: number - 1]:
        await alice.submit(filled(world.modal, **values))
    assert f"step {number} of 4" in seen(world.modal)
    return world.modal


async def change(world: World, alice: Person, **typed: str) -> None:
    """Something is chosen or typed that tells us at once."""
    view = filled(world.modal, **typed)
    await alice.click(ids.WIZARD_CHANGED, view=view, element=RADIO)


def typed_in(view: Json, name: str) -> Any:
    (block,) = [b for b in view["blocks"] if b["type"] == "input" and b["block_id"].partition(".")[0] == name]
    element = block["element"]
    return next((value for word, value in element.items() if word.startswith("initial_")), None)


async def test_without_a_desk_the_wizard_leads_to_one(world: World) -> None:
    alice = world.person("U0ADMINACME")
    await alice.command("initiate")
    assert "first add the desk" in seen(world.modal)
    await alice.click(ids.DESK_ADD, view=world.modal)
    assert "Check and add" in seen(world.modal)


async def test_the_wizard_opens_from_home_too(world: World, alice: Person) -> None:
    home = as_sent({"type": "home", "callback_id": "home", "blocks": []})
    await alice.click(ids.HOME_INITIATE, view=home)
    assert "step 1 of 4" in seen(world.modal)


async def test_nothing_but_the_right_is_asked_before_the_first_view(world: World, alice: Person) -> None:
    world.slack.calls.clear()
    await alice.command("initiate")
    assert [method for method, _ in world.slack.calls] == ["views.open"]


async def test_each_step_says_what_is_missing(world: World, alice: Person) -> None:
    await to_step(world, alice, 1)
    assert errors_of(await alice.submit(world.modal)) == {"reach": "Choose how the two sides reach each other."}
    await alice.submit(filled(world.modal, reach="local"))
    assert errors_of(await alice.submit(world.modal)) == {"rules": "Choose Basic or Script."}
    await alice.submit(filled(world.modal, rules="script"))
    errors = errors_of(await alice.submit(filled(world.modal, local_name="Not good!", remote_name="")))
    assert set(errors) == {"local_name", "remote_name"}


async def test_a_node_without_a_url_is_told_what_to_do_instead(world: World, alice: Person) -> None:
    await alice.command("initiate")
    assert "This node has no public URL" in seen(world.modal)
    private = filled(world.modal, reach="local")
    private["state"]["values"]["reach"][ids.WIZARD_CHANGED]["selected_option"] = {"value": "private"}
    assert "the side with an address makes the code" in errors_of(await alice.submit(private))["reach"]


async def test_back_keeps_what_was_typed(world: World, alice: Person) -> None:
    await to_step(world, alice, 3)
    await alice.click(ids.WIZARD_BACK, view=filled(world.modal, local_name="here", remote_name="there"))
    assert "step 2 of 4" in seen(world.modal)
    await alice.submit(world.modal)
    assert typed_in(world.modal, "local_name") == "here" and typed_in(world.modal, "name") == "here_to_there"


async def test_the_name_is_proposed_while_the_short_names_are_typed(world: World, alice: Person) -> None:
    await to_step(world, alice, 3)
    await change(world, alice, local_name="acme", remote_name="glo")
    assert typed_in(world.modal, "name") == "acme_to_glo"
    updates = len(world.slack.of("views.update"))
    await change(world, alice, local_name="acme", remote_name="glo", description="x")
    assert len(world.slack.of("views.update")) == updates, "nothing new to show, so nothing flickers"


async def test_an_update_names_the_view_it_was_made_for(world: World, alice: Person) -> None:
    await to_step(world, alice, 3)
    await change(world, alice, remote_name="globex")
    assert world.slack.of("views.update")[-1]["hash"] == "1.hash"


async def test_choosing_an_address_asks_for_it(sqlite_store: Store) -> None:
    async with a_world(sqlite_store, address="https://bridge.acme.example") as world:
        alice = world.person("U0ADMINACME")
        await add_desk(world, alice, "acme-desk")
        await alice.command("initiate")
        assert "not of their service desk" not in seen(world.modal)
        await change(world, alice, reach="public")
        assert "not of their service desk" in seen(world.modal)
        await change(world, alice, reach="private")
        assert "not of their service desk" not in seen(world.modal)


async def test_a_closed_wizard_can_be_resumed_or_started_again(world: World, alice: Person) -> None:
    await to_step(world, alice, 3)
    await alice.close(filled(world.modal, local_name="acme", remote_name="globex", description="Ours"))
    await alice.command("initiate")
    text = seen(world.modal)
    assert "You have an unfinished invitation for *acme_to_globex*, at step 3 of 4" in text
    assert "Continue" in text and "Start again" in text
    resume = world.modal
    await alice.submit(resume)
    assert typed_in(world.modal, "description") == "Ours"
    await alice.click(ids.WIZARD_AGAIN, view=resume)
    assert "step 1 of 4" in seen(world.modal) and typed_in(world.modal, "reach") is None


async def test_the_code_goes_to_the_initiator_by_default(world: World, alice: Person) -> None:
    sent = await initiate(world, alice)
    (posted,) = world.slack.of("chat.postMessage")
    assert posted["channel"] == alice.id and code_in(sent) in seen(posted)
    assert "Pass this code on" in seen(posted) and "unknown" in seen(sent)
    await alice.command("initiate")
    assert "step 1 of 4" in seen(world.modal), "the draft is spent"


async def deliver(world: World, alice: Person, **typed: str) -> None:
    """Step 4 with a receiver that has to be asked for first."""
    await to_step(world, alice, 4)
    await change(world, alice, deliver=typed["deliver"])


async def test_the_code_can_go_to_a_person(world: World, alice: Person) -> None:
    world.slack.add_person("U0CAROL", "T0ACME")
    await deliver(world, alice, deliver="person")
    assert errors_of(await alice.submit(world.modal)) == {"person": "Choose the person."}
    await alice.submit(filled(world.modal, person="U0CAROL"))
    posted = world.slack.of("chat.postMessage")[-1]
    assert posted["channel"] == "U0CAROL" and "invites you to connect" in seen(posted)
    assert "sent to <@U0CAROL>" in seen(world.modal)


async def test_the_code_can_go_to_a_channel(world: World, alice: Person) -> None:
    world.slack.add_channel("C0TEAM")
    await deliver(world, alice, deliver="channel")
    assert errors_of(await alice.submit(world.modal)) == {"channel": "Choose the channel."}
    await change(world, alice, channel="C0TEAM")
    assert "is shared with another organisation" not in seen(world.modal)
    await alice.submit(filled(world.modal, channel="C0TEAM", auto="yes"))
    assert world.slack.of("chat.postMessage")[-1]["channel"] == "C0TEAM"


async def test_the_channel_of_the_command_is_proposed(world: World, alice: Person) -> None:
    world.slack.add_channel("C0ORIGIN", shared=True)
    await deliver(world, alice, deliver="channel")
    assert typed_in(world.modal, "channel") == "C0ORIGIN"
    assert "is shared with another organisation" in seen(world.modal)


async def test_a_shared_channel_wants_a_tick(world: World, alice: Person) -> None:
    world.slack.add_channel("C0SHARED", shared=True)
    await deliver(world, alice, deliver="channel")
    await change(world, alice, channel="C0SHARED")
    assert "Everyone in it, on every side, can read the code" in seen(world.modal)
    errors = errors_of(await alice.submit(filled(world.modal, channel="C0SHARED")))
    assert "Tick that everyone in this shared channel may read the code" in errors["shared_ok"]
    assert world.slack.of("chat.postMessage") == []
    await alice.submit(filled(world.modal, channel="C0SHARED", shared_ok="yes"))
    assert world.slack.of("chat.postMessage")[-1]["channel"] == "C0SHARED"


async def test_a_channel_that_became_shared_a_moment_ago_wants_the_tick_too(world: World, alice: Person) -> None:
    world.slack.add_channel("C0TEAM")
    await deliver(world, alice, deliver="channel")
    await change(world, alice, channel="C0TEAM")
    form = filled(world.modal, channel="C0TEAM", auto="yes")
    world.slack.add_channel("C0TEAM", shared=True)
    await alice.submit(form)
    text = seen(world.modal)
    assert "Tick that everyone in this shared channel" in text and "Activate as soon as" not in text
    assert world.slack.of("chat.postMessage") == []


async def test_a_channel_without_the_app_says_how_to_invite_it(world: World, alice: Person) -> None:
    world.slack.add_channel("C0TEAM", member=False)
    await deliver(world, alice, deliver="channel")
    await change(world, alice, channel="C0TEAM")
    assert "Type `/invite @Drawbridge` there, then try again." in seen(world.modal)
    await change(world, alice, channel="C0PRIVATE")
    assert "Type `/invite @Drawbridge` there" in seen(world.modal), "a private channel is not even visible"
    await alice.submit(filled(world.modal, channel="C0PRIVATE"))
    assert "Type `/invite @Drawbridge` there" in seen(world.modal) and await world.audit("invite.create") == []


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("not_in_channel", "Type `/invite @Drawbridge` there"),
        ("is_archived", "Slack does not let the app post there"),
        ("cannot_dm_bot", "cannot get direct messages from this app"),
        ("strange_thing", "Slack refused it (`strange_thing`)"),
        ("internal_error", "so it may be there or not"),
    ],
)
async def test_when_posting_fails_the_code_is_still_shown(world: World, alice: Person, code: str, words: str) -> None:
    world.slack.refusals["chat.postMessage"] = code
    sent = seen(await initiate(world, alice))
    assert "The code was not sent to your direct messages" in sent and words in sent and "brg_" in sent


async def test_when_posting_fails_and_the_window_is_closed_the_code_comes_by_dm(world: World, alice: Person) -> None:
    world.slack.add_channel("C0TEAM")
    await deliver(world, alice, deliver="channel")
    await change(world, alice, channel="C0TEAM")
    form = filled(world.modal, channel="C0TEAM")
    world.slack.refusals["views.update"] = "not_found"

    async def member_no_more(method: str, arguments: Json) -> Json:
        if method == "chat.postMessage" and arguments["channel"] == "C0TEAM":
            world.slack.channels["C0TEAM"]["is_member"] = False
        return await original(method, arguments)

    original, world.slack.call = world.slack.call, member_no_more  # type: ignore[method-assign]
    await alice.submit(form)
    posted = world.slack.of("chat.postMessage")[-1]
    assert posted["channel"] == alice.id and "brg_" in seen(posted)
    assert "The code was not sent to <#C0TEAM>" in seen(posted)


async def test_a_name_taken_meanwhile_leads_back_to_its_step(world: World, alice: Person) -> None:
    form = await to_step(world, alice, 4)
    await initiate_another(world)
    answer = await alice.submit(form)
    assert "Sending" in text_of(answer)
    assert "step 3 of 4" in seen(world.modal) and "There is a connection `acme_to_globex` already" in seen(world.modal)


async def initiate_another(world: World) -> None:
    other = world.slack.add_person("U0OTHER", "T0ACME", is_admin=True)
    await initiate(world, world.person(other))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Type the address of your partner's Drawbridge"),
        ("bridge.example.com", "like https://bridge.example.com"),
        ("http://bridge.example.com", "must start with https://"),
        ("https://127.0.0.1", "not a number"),
        ("https://acme.freshservice.com", "That is the address of a service desk"),
        ("https://bridge.acme.example", "That is the address of this node"),
    ],
)
async def test_an_address_that_cannot_be_one_is_refused_at_its_field(
    sqlite_store: Store, typed: str, words: str
) -> None:
    async with a_world(sqlite_store, address="https://bridge.acme.example") as world:
        alice = world.person("U0ADMINACME")
        await add_desk(world, alice, "acme-desk")
        await alice.command("initiate")
        await change(world, alice, reach="public")
        answer = await alice.submit(filled(world.modal, partner_url=typed))
        assert words in errors_of(answer)["partner_url"]
        assert await world.audit("address.check") == []


@pytest.mark.parametrize("patience", [0, 5])
async def test_nobody_at_the_address_is_said_and_everything_typed_is_kept(sqlite_store: Store, patience: float) -> None:
    async with a_world(sqlite_store, address="https://bridge.acme.example", patience_seconds=patience) as world:
        alice = world.person("U0ADMINACME")
        await add_desk(world, alice, "acme-desk")
        await alice.command("initiate")
        await change(world, alice, reach="public")
        answer = await alice.submit(filled(world.modal, partner_url="https://nobody.invalid"))
        text = seen(world.modal) if patience == 0 else text_of(answer)
        assert ("Checking…" in text_of(answer)) == (patience == 0)
        assert "Check the spelling" in text
        if patience == 0:
            assert typed_in(world.modal, "partner_url") == "https://nobody.invalid"
            assert typed_in(world.modal, "reach")["value"] == "public"


async def test_too_many_open_invitations_are_refused_with_a_sentence(world: World, alice: Person) -> None:
    for number in range(20):
        await alice.command("initiate")
        await alice.submit(filled(world.modal, reach="local"))
        await alice.submit(filled(world.modal, rules="basic"))
        await alice.submit(filled(world.modal, local_name="acme", remote_name=f"p{number}"))
        await alice.submit(world.modal)
    await to_step(world, alice, 4)
    await alice.submit(world.modal)
    text = seen(world.modal)
    assert "20 invitations are open already" in text and "step 4 of 4" in text
