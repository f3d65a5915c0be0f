from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from sandbox.slack.clock import HandClock
from sandbox.slack.errors import NotOnScreen
from sandbox.slack.server import SlackStandIn
from tests.sandbox.slack.wizard import MANIFEST, Stage, button, invitation, options, section, text

Json = dict[str, Any]


async def invited(stage: Stage) -> None:
    await stage.client.chat_postMessage(channel=stage.shared.id, text="Acme invites you", blocks=invitation())


async def answered(stage: Stage, body: Json) -> tuple[int, str]:
    """Uses the last response URL that the app got: status and error."""
    url = next(one["response_url"] for one in reversed(stage.seen.bodies) if "response_url" in one)
    assert stage.client.session is not None
    async with stage.client.session.post(url, json=body) as answer:
        return answer.status, (await answer.json()).get("error", "")


async def test_everyone_in_a_shared_channel_reads_what_the_bot_posts(stage: Stage) -> None:
    await invited(stage)
    for person in (stage.alice, stage.gus):
        (message,) = stage.slack.person(person).messages(stage.shared)
        assert message.text == "*Acme* invites you\nAccept\nAsk"
        assert message.notification == "Acme invites you"
        assert (message.author, message.buttons) == ("Wizard", ("Accept", "Ask"))


async def test_a_click_says_where_it_was_and_what_it_was(stage: Stage) -> None:
    await invited(stage)
    await stage.slack.person(stage.alice).click("Accept")
    body = stage.seen.last("block_actions")
    (action,) = body["actions"]
    assert (action["action_id"], action["block_id"], action["value"]) == ("accept", "answer", "i1")
    assert body["channel"] == {"id": stage.shared.id, "name": "acme-globex"}
    assert body["container"]["message_ts"] == body["message"]["ts"]
    assert body["container"]["is_ephemeral"] is False
    assert body["message"]["blocks"][0]["text"]["text"] == "*Acme* invites you"
    assert "view" not in body


async def test_a_partners_click_comes_with_our_organisation_and_their_own(stage: Stage) -> None:
    await invited(stage)
    await stage.slack.person(stage.gus).click("Accept")
    body = stage.seen.last("block_actions")
    assert body["team"]["id"] == stage.acme.id
    assert body["user"] == {"id": stage.gus.id, "username": "gus", "name": "gus", "team_id": stage.globex.id}


async def test_a_partner_can_open_a_modal_and_submits_it_as_their_own_organisation(stage: Stage) -> None:
    await invited(stage)
    p = stage.slack.person(stage.gus)
    await p.click("Ask")
    await p.until(lambda: p.modal)
    assert await p.submit() == {}
    body = stage.seen.last("view_submission")
    assert (body["team"]["id"], body["user"]["team_id"]) == (stage.globex.id, stage.globex.id)
    assert (body["view"]["team_id"], body["view"]["app_installed_team_id"]) == (stage.globex.id, stage.acme.id)


async def test_a_response_replaces_the_message_for_all(stage: Stage) -> None:
    await invited(stage)
    await stage.slack.person(stage.gus).click("Accept")
    p = stage.slack.person(stage.alice)
    await p.until(lambda: p.messages(stage.shared)[0].text == "Accepted")
    assert p.messages(stage.shared)[0].buttons == ()


async def test_a_response_is_for_the_clicker_alone_unless_it_says_otherwise(stage: Stage) -> None:
    await invited(stage)
    p = stage.slack.person(stage.gus)
    await p.click("Ask")
    await p.until(lambda: p.ephemerals(stage.shared))
    assert p.ephemerals(stage.shared)[0].text == "Ask whom?"
    assert stage.slack.person(stage.alice).ephemerals() == ()
    assert len(p.messages(stage.shared)) == 1


async def test_saying_no_in_the_confirm_dialog_sends_nothing(http_stage: Stage) -> None:
    await invited(http_stage)
    await http_stage.slack.person(http_stage.alice).click("Accept", confirm=False)
    assert not http_stage.seen.bodies


async def test_a_response_url_is_good_for_five_uses(http_stage: Stage) -> None:
    await http_stage.slack.person(http_stage.alice).command("/wizard help", channel=http_stage.shared)
    for _ in range(5):
        assert await answered(http_stage, {"text": "more"}) == (200, "")
    assert await answered(http_stage, {"text": "more"}) == (404, "used_url")
    assert http_stage.slack.refusals[-1] == "Slack would have refused: a response_url: used_url"


async def test_a_response_url_refuses_what_slack_refuses(http_stage: Stage) -> None:
    await http_stage.slack.person(http_stage.alice).command("/wizard help", channel=http_stage.shared)
    assert await answered(http_stage, {"response_type": "in_channel"}) == (400, "no_text")
    assert await answered(http_stage, {"blocks": [{"type": "nonsense"}]}) == (400, "invalid_blocks")


async def test_a_response_can_delete_the_original_or_speak_to_all(http_stage: Stage) -> None:
    await invited(http_stage)
    p = http_stage.slack.person(http_stage.alice)
    await p.click("Ask")
    await p.until(lambda: p.ephemerals(http_stage.shared))
    assert await answered(http_stage, {"text": "To all", "response_type": "in_channel"}) == (200, "")
    assert await answered(http_stage, {"delete_original": True}) == (200, "")
    assert [one.text for one in p.messages(http_stage.shared)] == ["To all"]


async def test_an_ephemeral_message_can_be_replaced_through_its_own_click_only(http_stage: Stage) -> None:
    client, p = http_stage.client, http_stage.slack.person(http_stage.alice)
    posted = await client.chat_postEphemeral(
        channel=http_stage.shared.id, user=http_stage.alice.id, text="For you", blocks=invitation()
    )
    with pytest.raises(SlackApiError, match="message_not_found"):
        await client.chat_update(channel=http_stage.shared.id, ts=posted["message_ts"], text="x")
    await p.click("Accept")
    body = http_stage.seen.last("block_actions")
    assert body["container"]["is_ephemeral"] is True
    assert "message" not in body
    await p.until(lambda: p.ephemerals()[0].text == "Accepted")
    assert p.messages(http_stage.shared) == ()


async def test_an_ephemeral_message_needs_the_person_in_the_channel(http_stage: Stage) -> None:
    bob = http_stage.acme.add_person("Bob")
    with pytest.raises(SlackApiError, match="user_not_in_channel"):
        await http_stage.client.chat_postEphemeral(channel=http_stage.shared.id, user=bob.id, text="Hi")


async def test_a_message_to_a_person_is_a_direct_message(stage: Stage) -> None:
    posted = await stage.client.chat_postMessage(channel=stage.alice.id, text="Your code")
    p = stage.slack.person(stage.alice)
    assert posted["channel"] == p.dm(stage.install.app).id
    assert [one.text for one in p.messages(p.dm(stage.install.app))] == ["Your code"]


async def test_a_partner_in_the_shared_channel_can_be_written_to_and_a_stranger_cannot(http_stage: Stage) -> None:
    await http_stage.client.chat_postMessage(channel=http_stage.gus.id, text="Hello partner")
    p = http_stage.slack.person(http_stage.gus)
    assert [one.text for one in p.messages(p.dm(http_stage.install))] == ["Hello partner"]
    stranger = http_stage.globex.add_person("Gina")
    with pytest.raises(SlackApiError, match="user_not_found"):
        await http_stage.client.conversations_open(users=stranger.id)


async def test_an_update_with_a_text_alone_takes_the_blocks_away(http_stage: Stage) -> None:
    posted = await http_stage.client.chat_postMessage(
        channel=http_stage.shared.id, text="Acme invites you", blocks=invitation()
    )
    p = http_stage.slack.person(http_stage.alice)
    only_blocks = {"channel": http_stage.shared.id, "ts": posted["ts"], "blocks": [section("other")]}
    await http_stage.client.api_call("chat.update", json=only_blocks)
    assert p.messages(http_stage.shared)[0].text == "other"
    assert p.messages(http_stage.shared)[0].notification == "Acme invites you"
    await http_stage.client.chat_update(channel=http_stage.shared.id, ts=posted["ts"], text="used by Globex")
    assert p.messages(http_stage.shared)[0].text == "used by Globex"


async def test_a_deleted_message_cannot_be_clicked(http_stage: Stage) -> None:
    posted = await http_stage.client.chat_postMessage(channel=http_stage.shared.id, text="x", blocks=invitation())
    p = http_stage.slack.person(http_stage.alice)
    (seen,) = p.messages(http_stage.shared)
    await http_stage.client.chat_delete(channel=http_stage.shared.id, ts=posted["ts"])
    with pytest.raises(NotOnScreen, match="no longer there"):
        await p.click("Accept", where=seen)


async def test_a_permalink_names_the_message(http_stage: Stage) -> None:
    posted = await http_stage.client.chat_postMessage(channel=http_stage.shared.id, text="x")
    link = await http_stage.client.chat_getPermalink(channel=http_stage.shared.id, message_ts=posted["ts"])
    digits = posted["ts"].replace(".", "")
    assert link["permalink"] == f"https://acme.slack.com/archives/{http_stage.shared.id}/p{digits}"


async def test_equal_buttons_are_told_apart_by_what_stands_near_or_by_value(http_stage: Stage) -> None:
    rows = [
        section("one_to_two"),
        {"type": "actions", "elements": [button("Ask", "ask", value="c1")]},
        section("three_to_four", accessory=button("Ask", "ask", value="c2")),
    ]
    await http_stage.client.chat_postMessage(channel=http_stage.shared.id, text="Connections", blocks=rows)
    p = http_stage.slack.person(http_stage.alice)
    with pytest.raises(NotOnScreen, match="2 buttons are called “Ask”"):
        await p.click("Ask")
    await p.click("Ask", near="one_to_two")
    assert http_stage.seen.last("block_actions")["actions"][0]["value"] == "c1"
    await p.until(lambda: p.modal)
    await p.close_modal()
    await p.click("Ask", value="c2")
    assert http_stage.seen.last("block_actions")["actions"][0]["value"] == "c2"


async def test_inputs_in_a_message_tell_the_app_at_once_with_the_state(http_stage: Stage) -> None:
    select = {"type": "static_select", "action_id": "ask", "options": options("One", "Two")}
    menu = {"type": "overflow", "action_id": "test", "options": options("Edit", "Close")}
    blocks = [{"type": "actions", "block_id": "pick", "elements": [select]}, section("Menu", accessory=menu)]
    await http_stage.client.chat_postMessage(channel=http_stage.shared.id, text="x", blocks=blocks)
    p = http_stage.slack.person(http_stage.alice)
    (message,) = p.messages(http_stage.shared)
    await p.choose("ask", "Two", where=message)
    body = http_stage.seen.last("block_actions")
    assert body["state"]["values"]["pick"]["ask"]["selected_option"]["value"] == "two"
    await p.until(lambda: p.modal)
    await p.choose("test", "Close", where=message)
    assert http_stage.seen.last("block_actions")["actions"][0]["selected_option"]["value"] == "close"


async def test_mentions_links_and_dates_are_read_as_words(http_stage: Stage) -> None:
    said = (
        f"<@{http_stage.gus.id}> in <#{http_stage.shared.id}>: <https://x.example|docs> &amp; <!date^0^{{date}}|today>"
    )
    await http_stage.client.chat_postMessage(channel=http_stage.shared.id, text=said)
    (message,) = http_stage.slack.person(http_stage.alice).messages(http_stage.shared)
    assert message.text == "@Gus in #acme-globex: docs & today"


async def test_rich_text_is_read_as_words(http_stage: Stage) -> None:
    pieces = [{"type": "text", "text": "brg_1"}, {"type": "user", "user_id": http_stage.gus.id}]
    code = {"type": "rich_text", "elements": [{"type": "rich_text_preformatted", "elements": pieces}]}
    await http_stage.client.chat_postMessage(
        channel=http_stage.shared.id, text="x", blocks=[code, {"type": "header", "text": text("Code")}]
    )
    (message,) = http_stage.slack.person(http_stage.alice).messages(http_stage.shared)
    assert message.text == "brg_1@Gus\nCode"


async def test_a_response_url_expires_after_half_an_hour(hand_clock: HandClock) -> None:
    slack = await SlackStandIn.start(clock=hand_clock)
    try:
        acme = slack.world.add_team("Acme")
        alice = acme.add_person("Alice")
        install = slack.world.add_app("Wizard", manifest=MANIFEST, transport="http").install(acme)
        url = slack.world.permits.response_url(install, alice, slack.person(alice).notes)
        hand_clock.advance(30 * 60)
        assert slack.world.permits.use_response_url(url.path) is url
        hand_clock.advance(1)
        with pytest.raises(Exception, match="expired_url"):
            slack.world.permits.use_response_url(url.path)
    finally:
        await slack.stop()
