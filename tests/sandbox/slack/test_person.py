from __future__ import annotations

import pytest

from sandbox.slack.errors import NotOnScreen, SlackRefused
from tests.sandbox.slack.test_modals import opened
from tests.sandbox.slack.wizard import Stage, button, input_block, modal, section


async def test_until_says_what_the_person_saw_instead(http_stage: Stage) -> None:
    p = await opened(http_stage)
    with pytest.raises(AssertionError, match=r"(?s)not within 0.05 s. Alice sees:.*\[modal\] New connection 1/3"):
        await p.until(lambda: False, seconds=0.05)


async def test_people_who_cannot_be_picked_are_not_in_the_list(http_stage: Stage) -> None:
    p = await opened(http_stage)
    stranger = http_stage.globex.add_person("Gina")
    with pytest.raises(NotOnScreen, match="Gina is not in the list"):
        await p.pick_user("Person", stranger)
    with pytest.raises(NotOnScreen, match="Zoe is deactivated"):
        await p.pick_user("Person", http_stage.acme.add_person("Zoe", deactivated=True))
    await p.pick_user("Person", http_stage.gus)


async def test_the_filter_of_a_select_holds(http_stage: Stage) -> None:
    p = await opened(http_stage)
    assert p.modal is not None
    with pytest.raises(NotOnScreen, match="its filter leaves im out"):
        await p.pick_channel("Channel", p.notes)
    inside = {"type": "conversations_select", "filter": {"exclude_external_shared_channels": True}}
    view = modal([input_block("inside", "Inside", inside)])
    await http_stage.client.views_update(view_id=p.modal.raw["id"], view=view)
    with pytest.raises(NotOnScreen, match="its filter leaves shared channels out"):
        await p.pick_channel("Inside", http_stage.shared)
    secret = http_stage.slack.world.add_channel("secret", teams=[http_stage.acme], private=True)
    with pytest.raises(NotOnScreen, match="they cannot see it"):
        await p.pick_channel("Inside", secret)


async def test_only_the_file_types_asked_for_can_be_uploaded(http_stage: Stage) -> None:
    p = await opened(http_stage)
    with pytest.raises(SlackRefused, match=r"rule.txt can't be uploaded here: only groovy."):
        await p.upload("Script", "rule.txt", b"x")
    await p.upload("Script", "rule.groovy", b"x")
    with pytest.raises(SlackRefused, match=r"You can't add more files here\."):
        await p.upload("Script", "more.groovy", b"y")


async def test_a_single_line_has_no_line_breaks(http_stage: Stage) -> None:
    p = await opened(http_stage)
    assert p.modal is not None
    await p.fill({"Connection name": "one\ntwo", "Description": "one\ntwo"})
    assert p.modal.values["Connection name"] == "one two"
    assert p.modal.values["Description"] == "one\ntwo"


async def test_ticks_can_be_taken_back_and_radio_buttons_cannot(http_stage: Stage) -> None:
    p = await opened(http_stage)
    assert p.modal is not None
    await p.fill(Extras=["Auto", "Loud"])
    await p.untick("Extras", "Auto")
    assert p.modal.values["Extras"] == ["Loud"]
    with pytest.raises(NotOnScreen, match="cannot be taken back"):
        await p.clear("Reach")


async def test_text_is_dispatched_when_the_block_says_so(http_stage: Stage) -> None:
    p = await opened(http_stage)
    assert p.modal is not None
    on_enter = {"type": "plain_text_input", "action_id": "test"}
    on_character = {**on_enter, "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]}}
    blocks = [
        input_block("enter", "Enter", on_enter, dispatch_action=True),
        input_block("each", "Each", on_character, dispatch_action=True),
    ]
    await http_stage.client.views_update(view_id=p.modal.raw["id"], view=modal(blocks))
    await p.type("Enter", "quiet")
    assert not [body for body in http_stage.seen.bodies if body.get("type") == "block_actions"]
    await p.type("Enter", "loud", enter=True)
    assert http_stage.seen.last("block_actions")["actions"][0]["value"] == "loud"
    await p.type("Each", "x")
    assert http_stage.seen.last("block_actions")["actions"][0]["block_id"] == "each"


async def test_a_modal_without_submit_cannot_be_submitted(http_stage: Stage) -> None:
    p = await opened(http_stage)
    assert p.modal is not None
    view = {name: value for name, value in modal([section("Done")]).items() if name != "submit"}
    await http_stage.client.views_update(view_id=p.modal.raw["id"], view=view)
    assert p.modal.text == "New connection 1/3\nDone\nCancel"
    with pytest.raises(NotOnScreen, match="has no submit button"):
        await p.submit()


async def test_others_private_channels_cannot_be_read(http_stage: Stage) -> None:
    board = http_stage.slack.world.add_channel(
        "board", teams=[http_stage.acme], members=[http_stage.alice], private=True
    )
    with pytest.raises(NotOnScreen, match="Gus cannot see #board"):
        http_stage.slack.person(http_stage.gus).messages(board)


async def test_a_click_without_interactivity_in_the_manifest_goes_nowhere(http_stage: Stage) -> None:
    manifest = {"display_information": {"name": "Mute"}, "oauth_config": {"scopes": {"bot": ["chat:write"]}}}
    install = http_stage.slack.world.add_app("Mute", manifest=manifest, transport="http").install(http_stage.acme)
    http_stage.slack.world.post(
        http_stage.shared,
        install.bot_user,
        text="x",
        blocks=[{"type": "actions", "elements": [button("Go", "go")]}],
        install=install,
    )
    with pytest.raises(SlackRefused, match="Mute is not configured to handle interactive responses"):
        await http_stage.slack.person(http_stage.alice).click("Go")


async def test_two_buttons_of_one_name_are_told_apart_by_their_block(http_stage: Stage) -> None:
    p = await opened(http_stage)
    assert p.modal is not None
    rows = [{"type": "actions", "block_id": name, "elements": [button("Remove", "test")]} for name in ("a", "b")]
    await http_stage.client.views_update(view_id=p.modal.raw["id"], view=modal(rows))
    with pytest.raises(NotOnScreen, match="2 buttons are called “Remove”"):
        await p.click("Remove")
    await p.click(("b", "test"))
    assert http_stage.seen.last("block_actions")["actions"][0]["block_id"] == "b"


async def test_a_field_is_found_by_its_two_ids(http_stage: Stage) -> None:
    p = await opened(http_stage)
    assert p.modal is not None
    await p.type(("name", "value"), "mine")
    assert p.modal.values["Connection name"] == "mine"


async def test_what_was_picked_can_be_taken_out_again(http_stage: Stage) -> None:
    p = await opened(http_stage)
    assert p.modal is not None
    who = modal([input_block("who", "Who", {"type": "multi_users_select"})])
    await http_stage.client.views_update(view_id=p.modal.raw["id"], view=who)
    await p.pick_user("Who", http_stage.alice)
    await p.pick_user("Who", http_stage.gus)
    await p.unpick("Who", http_stage.alice.id)
    assert p.modal.values["Who"] == [http_stage.gus.id]
    with pytest.raises(NotOnScreen, match="does not hold"):
        await p.unpick("Who", http_stage.alice.id)


async def test_the_lists_of_selects_hold_what_can_be_picked(http_stage: Stage) -> None:
    p = http_stage.slack.person(http_stage.alice)
    http_stage.globex.add_person("Gina")  # shares no channel with Alice
    zoe = http_stage.acme.add_person("Zoe", deactivated=True)
    assert {http_stage.alice, http_stage.gus} <= set(p.people_offered())
    assert {"Gina", "Zoe"}.isdisjoint(one.name for one in p.people_offered())
    with pytest.raises(NotOnScreen, match="Zoe is deactivated"):
        p.direct(zoe)
    select = {"type": "conversations_select", "filter": {"include": ["public"]}}
    assert p.channels_offered(select) == (http_stage.shared,)
    assert p.direct(http_stage.gus) in p.channels_offered({"type": "conversations_select"})


async def test_messages_of_others_are_unread_until_they_are_looked_at(http_stage: Stage) -> None:
    alice, gus = http_stage.slack.person(http_stage.alice), http_stage.slack.person(http_stage.gus)
    await gus.say(http_stage.shared, "Hello")
    assert (alice.unread(http_stage.shared), gus.unread(http_stage.shared)) == (1, 0)
    await alice.command("/wizard help", channel=http_stage.shared)
    assert alice.unread(http_stage.shared) == 2
    alice.look_at(http_stage.shared)
    assert alice.unread(http_stage.shared) == 0


async def test_what_people_type_is_no_markup_but_for_mentions(http_stage: Stage) -> None:
    p = http_stage.slack.person(http_stage.alice)
    await p.say(http_stage.shared, "<b> & <@U1> for @gus, see https://acme.example")
    assert p.messages(http_stage.shared)[-1].text == "<b> & <@U1> for @Gus, see https://acme.example"


async def test_slacks_own_command_brings_people_and_apps_into_a_channel(http_stage: Stage) -> None:
    p = http_stage.slack.person(http_stage.alice)
    channel = http_stage.slack.world.add_channel("general", teams=[http_stage.acme], members=[http_stage.alice])
    await p.command("/invite @wizard", channel)
    assert channel.has(http_stage.install.bot_user)
    for nobody in ("/invite", "/invite @gus"):  # Gus is of another organisation
        with pytest.raises(SlackRefused, match="can be added here"):
            await p.command(nobody, channel)
