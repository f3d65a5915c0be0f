from __future__ import annotations

import pytest
from slack_sdk.errors import SlackApiError

from sandbox.slack.errors import NotOnScreen, SlackRefused
from sandbox.slack.person import PersonDriver
from tests.sandbox.slack.wizard import Stage, input_block, modal, option, section, text, wizard

ADDRESS = {"Partner's address": "https://bridge.globex.example"}


async def opened(stage: Stage) -> PersonDriver:
    p = stage.slack.person(stage.alice)
    await p.command("/wizard", channel=stage.shared)
    await p.until(lambda: p.modal)
    return p


def refused(error: pytest.ExceptionInfo[SlackApiError]) -> str:
    return str(error.value.response["error"])


async def test_a_command_opens_the_wizard_with_its_initial_values(stage: Stage) -> None:
    p = await opened(stage)
    assert p.modal is not None
    assert p.modal.title == "New connection 1/3"
    assert p.modal.values["Connection name"] == "acme_to_globex"
    assert p.modal.values["Policy"] == "Latest wins"
    assert p.modal.values["Channel"] == stage.shared.id
    assert not stage.slack.refusals


async def test_the_current_conversation_is_filled_in_only_where_the_list_has_it(http_stage: Stage) -> None:
    p = http_stage.slack.person(http_stage.alice)
    await p.command("/wizard")  # typed into a direct message, which the filter leaves out
    await p.until(lambda: p.modal)
    assert p.modal is not None
    assert p.modal.values["Channel"] is None


async def test_untouched_inputs_are_submitted_with_their_initial_values(stage: Stage) -> None:
    p = await opened(stage)
    await p.fill(ADDRESS)
    assert await p.submit() == {}
    assert p.modal is None
    values = stage.seen.last("view_submission")["view"]["state"]["values"]
    assert values["name"]["value"] == {"type": "plain_text_input", "value": "acme_to_globex"}
    assert values["policy"]["value"]["selected_option"]["value"] == "latest_wins"
    assert values["about"]["value"] == {"type": "plain_text_input", "value": None}
    assert values["person"]["value"] == {"type": "users_select", "selected_user": None}
    assert values["extras"]["value"] == {"type": "checkboxes", "selected_options": []}
    assert values["script"]["value"] == {"type": "file_input", "files": []}


async def test_every_input_arrives_as_it_was_filled_in(stage: Stage) -> None:
    p = await opened(stage)
    bob = stage.acme.add_person("Bob")
    await p.fill(
        {
            **ADDRESS,
            "Connection name": "ours",
            "about": "two\nlines",
            "Hours": "24",
            "Policy": "Inviter wins",
            "Person": bob,
            "Channel": stage.shared,
            "Extras": ["Fast", "Auto"],
            "Script": ("rule.groovy", b"replica.summary = 1"),
        }
    )
    assert await p.submit() == {}
    values = stage.seen.last("view_submission")["view"]["state"]["values"]
    assert values["address"]["value"] == {"type": "url_text_input", "value": "https://bridge.globex.example"}
    assert values["about"]["value"]["value"] == "two\nlines"
    assert values["hours"]["value"] == {"type": "number_input", "value": "24"}
    assert values["policy"]["value"]["selected_option"] == option("Inviter wins")
    assert values["person"]["value"]["selected_user"] == bob.id
    assert values["channel"]["value"]["selected_conversation"] == stage.shared.id
    assert [one["value"] for one in values["extras"]["value"]["selected_options"]] == ["auto", "fast"]
    assert values["script"]["value"]["files"][0]["name"] == "rule.groovy"


async def test_a_submission_says_who_and_carries_the_view(stage: Stage) -> None:
    p = await opened(stage)
    await p.fill(ADDRESS)
    await p.submit()
    body = stage.seen.last("view_submission")
    assert body["user"]["id"] == stage.alice.id
    assert body["team"] == {"id": stage.acme.id, "domain": "acme"}
    assert body["view"]["callback_id"] == "wizard"
    assert body["view"]["app_installed_team_id"] == stage.acme.id
    assert body["view"]["hash"] and body["trigger_id"]
    assert "blocks" in body["view"]


async def test_an_uploaded_file_can_be_fetched_with_the_bots_token(stage: Stage) -> None:
    p = await opened(stage)
    await p.fill(ADDRESS, script=("rule.groovy", b"x = 1"))
    await p.submit()
    file_id = stage.seen.last("view_submission")["view"]["state"]["values"]["script"]["value"]["files"][0]["id"]
    answer = await stage.client.files_info(file=file_id)
    url = answer["file"]["url_private_download"]
    assert stage.client.session is not None
    async with stage.client.session.get(url, headers={"Authorization": f"Bearer {stage.install.bot_token}"}) as found:
        assert await found.read() == b"x = 1"
    async with stage.client.session.get(url) as page:
        assert page.content_type == "text/html"


async def test_what_was_typed_is_kept_when_a_choice_changes_the_view(stage: Stage) -> None:
    p = await opened(stage)
    await p.fill({"Connection name": "mine", "Extras": ["Fast", "Auto"]})
    await p.choose("Reach", "Private")
    changed = await p.until(lambda: p.modal if p.modal and "They will call you." in p.modal.text else None)
    assert changed.values["Connection name"] == "mine"
    assert changed.values["Extras"] == ["Auto", "Fast"]
    assert changed.values["Reach"] == "Private"
    assert "Partner's address" not in changed.labels


async def test_a_choice_arrives_as_an_action_with_the_state_of_the_whole_view(stage: Stage) -> None:
    p = await opened(stage)
    await p.type("Connection name", "mine")
    await p.choose("Reach", "Private")
    body = stage.seen.last("block_actions")
    action = body["actions"][0]
    assert (action["block_id"], action["action_id"], action["type"]) == ("reach", "reach", "radio_buttons")
    assert action["selected_option"] == option("Private")
    assert body["container"] == {"type": "view", "view_id": body["view"]["id"]}
    assert body["view"]["state"]["values"]["name"]["value"]["value"] == "mine"
    assert "response_url" not in body and "channel" not in body


async def test_inputs_without_dispatch_send_no_actions(stage: Stage) -> None:
    p = await opened(stage)
    await p.fill({"Policy": "Inviter wins", "Connection name": "mine"})
    assert not [body for body in stage.seen.bodies if body.get("type") == "block_actions"]


async def test_a_value_is_lost_when_its_block_id_changes(http_stage: Stage) -> None:
    p = await opened(http_stage)
    assert p.modal is not None
    await p.type("Connection name", "mine")
    other = modal([input_block("name_2", "Connection name", {"type": "plain_text_input"})])
    await http_stage.client.views_update(view_id=p.modal.raw["id"], view=other)
    assert p.modal.values == {"Connection name": None}


async def test_a_kept_value_hides_another_initial_value(http_stage: Stage) -> None:
    p = await opened(http_stage)
    assert p.modal is not None
    element = {"type": "plain_text_input", "initial_value": "other"}
    await http_stage.client.views_update(
        view_id=p.modal.raw["id"], view=modal([input_block("name", "Connection name", element)])
    )
    assert p.modal.values == {"Connection name": "acme_to_globex"}


async def test_errors_stand_below_their_inputs_and_the_modal_stays(stage: Stage) -> None:
    p = await opened(stage)
    await p.fill(ADDRESS)
    stage.seen.submission = {"response_action": "errors", "errors": {"name": "This name is taken."}}
    assert await p.submit() == {"Connection name": "This name is taken."}
    assert p.modal is not None
    assert "This name is taken." in p.modal.text
    stage.seen.submission = {}
    assert await p.submit() == {}


async def test_errors_for_something_that_is_no_input_are_refused(http_stage: Stage) -> None:
    p = await opened(http_stage)
    await p.fill(ADDRESS)
    http_stage.seen.submission = {"response_action": "errors", "errors": {"more": "No."}}
    with pytest.raises(SlackRefused, match="trouble connecting"):
        await p.submit()
    assert "no input block has this block_id" in http_stage.slack.refusals[-1]


async def test_an_update_replaces_the_view_in_place(stage: Stage) -> None:
    p = await opened(stage)
    await p.fill(ADDRESS)
    assert p.modal is not None
    view_id = p.modal.raw["id"]
    stage.seen.submission = {"response_action": "update", "view": modal([section("Done")], title=text("Step 2"))}
    assert await p.submit() == {}
    assert p.modal is not None
    assert (p.modal.title, p.modal.raw["id"]) == ("Step 2", view_id)


async def test_a_push_lies_on_top_and_going_back_keeps_what_was_typed(stage: Stage) -> None:
    p = await opened(stage)
    await p.fill(ADDRESS, name="mine")
    stage.seen.submission = {"response_action": "push", "view": modal([section("Sure?")], title=text("Check"))}
    assert await p.submit() == {}
    assert [one.title for one in p.modals] == ["New connection 1/3", "Check"]
    await p.close_modal()
    assert p.modal is not None
    assert p.modal.values["Connection name"] == "mine"


async def test_clear_closes_the_whole_stack(stage: Stage) -> None:
    p = await opened(stage)
    await p.fill(ADDRESS)
    stage.seen.submission = {"response_action": "clear"}
    assert await p.submit() == {}
    assert p.modals == ()


async def test_a_view_in_an_acknowledgement_is_checked_too(http_stage: Stage) -> None:
    p = await opened(http_stage)
    await p.fill(ADDRESS)
    long = modal([section("x")], title=text("t" * 25))
    http_stage.seen.submission = {"response_action": "update", "view": long}
    with pytest.raises(SlackRefused):
        await p.submit()
    assert "must be less than 25 characters [json-pointer:/view/title/text]" in http_stage.slack.refusals[-1]


async def test_an_old_hash_is_refused_and_the_newer_content_stays(http_stage: Stage) -> None:
    p = await opened(http_stage)
    assert p.modal is not None
    view_id, old_hash = p.modal.raw["id"], p.modal.raw["hash"]
    await http_stage.client.views_update(view_id=view_id, hash=old_hash, view=modal([section("newer")]))
    with pytest.raises(SlackApiError) as error:
        await http_stage.client.views_update(view_id=view_id, hash=old_hash, view=modal([section("older")]))
    assert refused(error) == "hash_conflict"
    assert "newer" in p.modal.text
    assert not http_stage.slack.refusals  # losing a race is normal life


async def test_a_closed_view_is_not_found(http_stage: Stage) -> None:
    p = await opened(http_stage)
    assert p.modal is not None
    view_id = p.modal.raw["id"]
    await p.close_modal()
    with pytest.raises(SlackApiError) as error:
        await http_stage.client.views_update(view_id=view_id, view=wizard())
    assert refused(error) == "not_found"


async def test_a_view_is_found_by_its_external_id_which_is_unique(http_stage: Stage) -> None:
    p = await opened(http_stage)
    trigger = http_stage.slack.world.permits.trigger(http_stage.install, http_stage.alice, None)
    await http_stage.client.views_open(trigger_id=trigger.id, view=modal([section("one")], external_id="e1"))
    await http_stage.client.views_update(external_id="e1", view=modal([section("two")], external_id="e1"))
    assert p.modal is not None
    assert "two" in p.modal.text
    bob = http_stage.acme.add_person("Bob")
    other = http_stage.slack.world.permits.trigger(http_stage.install, bob, None)
    with pytest.raises(SlackApiError) as error:
        await http_stage.client.views_open(trigger_id=other.id, view=modal([section("x")], external_id="e1"))
    assert refused(error) == "duplicate_external_id"


async def test_the_stack_holds_three_views(http_stage: Stage) -> None:
    p = await opened(http_stage)
    for _ in range(2):
        await push(http_stage)
    assert len(p.modals) == 3
    with pytest.raises(SlackApiError) as error:
        await push(http_stage)
    assert refused(error) == "push_limit_reached"


async def push(stage: Stage) -> None:
    """With a trigger as a button in the topmost view gives it."""
    top = stage.slack.world.screens.top(stage.alice)
    trigger = stage.slack.world.permits.trigger(stage.install, stage.alice, None, top)
    await stage.client.views_push(trigger_id=trigger.id, view=modal([section("more")]))


async def test_a_trigger_from_outside_of_a_modal_pushes_nothing(http_stage: Stage) -> None:
    await opened(http_stage)
    trigger = http_stage.slack.world.permits.trigger(http_stage.install, http_stage.alice, None)
    with pytest.raises(SlackApiError) as error:
        await http_stage.client.views_push(trigger_id=trigger.id, view=modal([section("x")]))
    assert refused(error) == "not_found"


async def test_cancel_tells_the_app_about_this_view(stage: Stage) -> None:
    p = await opened(stage)
    await p.click("Details")
    await p.until(lambda: len(p.modals) == 2)
    await p.close_modal()
    body = stage.seen.last("view_closed")
    assert (body["view"]["callback_id"], body["is_cleared"]) == ("details", False)
    assert [one.title for one in p.modals] == ["New connection 1/3"]


async def test_the_cross_tells_the_app_about_the_root_view_and_closes_all(stage: Stage) -> None:
    p = await opened(stage)
    await p.click("Details")
    await p.until(lambda: len(p.modals) == 2)
    await p.close_modal(everything=True)
    body = stage.seen.last("view_closed")
    assert (body["view"]["callback_id"], body["is_cleared"]) == ("wizard", True)
    assert body["view"]["state"]["values"]["name"]["value"]["value"] == "acme_to_globex"
    assert p.modals == ()


async def test_clear_on_close_makes_cancel_close_all(http_stage: Stage) -> None:
    p = await opened(http_stage)
    assert p.modal is not None
    await http_stage.client.views_update(view_id=p.modal.raw["id"], view=wizard(clear_on_close=True))
    await p.close_modal()
    assert http_stage.seen.last("view_closed")["is_cleared"] is True


async def test_a_view_that_did_not_ask_is_closed_in_silence(http_stage: Stage) -> None:
    p = await opened(http_stage)
    assert p.modal is not None
    await http_stage.client.views_update(view_id=p.modal.raw["id"], view=modal(wizard()["blocks"]))
    await p.close_modal()
    assert not [body for body in http_stage.seen.bodies if body.get("type") == "view_closed"]


async def test_a_chosen_channel_gives_a_response_url_that_needs_no_membership(http_stage: Stage) -> None:
    p = await opened(http_stage)
    private = http_stage.slack.world.add_channel(
        "board", teams=[http_stage.acme], members=[http_stage.alice], private=True
    )
    await p.fill({**ADDRESS, "Channel": private})
    await p.submit()
    (offer,) = http_stage.seen.last("view_submission")["response_urls"]
    assert (offer["channel_id"], offer["block_id"], offer["action_id"]) == (private.id, "channel", "value")
    assert http_stage.client.session is not None
    body = {"text": "Hello board", "response_type": "in_channel"}
    async with http_stage.client.session.post(offer["response_url"], json=body) as answer:
        assert answer.status == 200
    assert [one.text for one in p.messages(private)] == ["Hello board"]


async def test_nothing_that_is_not_on_the_screen_can_be_used(http_stage: Stage) -> None:
    p = await opened(http_stage)
    with pytest.raises(NotOnScreen, match="sees no button “Delete”, only \\['Test connection', 'Details'\\]"):
        await p.click("Delete")
    with pytest.raises(NotOnScreen, match="0 fields are called “Colour”"):
        await p.type("Colour", "red")
    with pytest.raises(NotOnScreen, match="0 options are called “Nobody wins”"):
        await p.choose("Policy", "Nobody wins")
    await p.close_modal()
    with pytest.raises(NotOnScreen, match="Alice has no modal open"):
        await p.submit()
