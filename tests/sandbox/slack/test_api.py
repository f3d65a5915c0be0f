from __future__ import annotations

import json
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack.world import Install
from tests.sandbox.slack.wizard import MANIFEST, Stage, modal, section, wizard

Json = dict[str, Any]


def client_of(stage: Stage, token: str) -> AsyncWebClient:
    return AsyncWebClient(token=token, base_url=stage.slack.api_url, session=stage.client.session)


def other_install(stage: Stage, *scopes: str) -> Install:
    """Another app in Acme, with these scopes only."""
    manifest = {**MANIFEST, "oauth_config": {"scopes": {"bot": list(scopes)}}}
    return stage.slack.world.add_app("Other", manifest=manifest, transport="http").install(stage.acme)


async def raw(stage: Stage, method: str, http: str = "POST", **request: Any) -> Json:
    """One call without the SDK."""
    assert stage.client.session is not None
    headers = {"Authorization": f"Bearer {stage.install.bot_token}", **request.pop("headers", {})}
    url = stage.slack.api_url + method
    async with stage.client.session.request(http, url, headers=headers, **request) as answer:
        body: Json = await answer.json()
        return body


async def test_auth_test_says_who_the_bot_is_and_what_it_may(http_stage: Stage) -> None:
    answer = await http_stage.client.auth_test()
    assert (answer["team_id"], answer["user_id"]) == (http_stage.acme.id, http_stage.install.bot_user_id)
    assert answer["bot_id"] == http_stage.install.bot_id
    assert "chat:write" in answer.headers["x-oauth-scopes"]


async def test_get_form_and_json_say_the_same(http_stage: Stage) -> None:
    user = {"user": http_stage.alice.id}
    answers = [
        await raw(http_stage, "users.info", "GET", params=user),
        await raw(http_stage, "users.info", data=user),
        await raw(http_stage, "users.info", json=user),
    ]
    assert [answer["user"]["real_name"] for answer in answers] == ["Alice"] * 3


async def test_a_view_may_come_as_the_text_of_a_form_field(http_stage: Stage) -> None:
    trigger = http_stage.slack.world.permits.trigger(http_stage.install, http_stage.alice, None)
    form = {"trigger_id": trigger.id, "view": json.dumps(modal([section("x")]))}
    assert (await raw(http_stage, "views.open", data=form))["ok"]


async def test_broken_json_and_unknown_methods_have_their_own_words(http_stage: Stage) -> None:
    broken = await raw(http_stage, "users.info", data="{", headers={"Content-Type": "application/json"})
    assert broken["error"] == "invalid_json"
    unknown = await raw(http_stage, "views.close")
    assert (unknown["error"], unknown["req_method"]) == ("unknown_method", "views.close")


async def test_a_wrong_token_a_missing_one_and_one_of_another_kind_are_told_apart(http_stage: Stage) -> None:
    app_token = http_stage.install.app.app_token
    assert (await raw(http_stage, "auth.test", headers={"Authorization": ""}))["error"] == "not_authed"
    assert (await raw(http_stage, "auth.test", headers={"Authorization": "Bearer xoxb-no"}))["error"] == "invalid_auth"
    wrong_kind = await raw(http_stage, "auth.test", headers={"Authorization": f"Bearer {app_token}"})
    assert wrong_kind["error"] == "not_allowed_token_type"
    assert (await raw(http_stage, "apps.connections.open"))["error"] == "not_allowed_token_type"


async def test_a_revoked_token_says_so(http_stage: Stage) -> None:
    http_stage.install.is_revoked = True
    assert (await raw(http_stage, "auth.test"))["error"] == "token_revoked"


async def test_a_missing_scope_is_named(http_stage: Stage) -> None:
    poor = client_of(http_stage, other_install(http_stage, "commands").bot_token)
    with pytest.raises(SlackApiError) as error:
        await poor.chat_postMessage(channel=http_stage.alice.id, text="x")
    assert error.value.response["error"] == "missing_scope"
    assert (error.value.response["needed"], error.value.response["provided"]) == ("chat:write", "commands")
    assert http_stage.slack.refusals[-1] == (
        "Slack would have refused: chat.postMessage by Other: missing_scope: needed: chat:write; provided: commands"
    )


async def test_people_are_described_with_their_roles(http_stage: Stage) -> None:
    acme = http_stage.acme
    owner = acme.add_person("Olga", owner=True)
    guest = acme.add_person("Sam", single_channel_guest=True)
    gone = acme.add_person("Zoe", deactivated=True)
    found = {one["id"]: one for one in (await http_stage.client.users_list())["members"]}
    assert (found[http_stage.alice.id]["is_admin"], found[http_stage.alice.id]["is_owner"]) == (True, False)
    assert (found[owner.id]["is_admin"], found[owner.id]["is_owner"]) == (True, True)
    assert (found[guest.id]["is_restricted"], found[guest.id]["is_ultra_restricted"]) == (True, True)
    assert found[gone.id]["deleted"] is True
    assert found[http_stage.install.bot_user_id]["is_bot"] is True
    assert http_stage.gus.id not in found


async def test_a_partners_person_is_no_stranger_once_they_share_a_channel(http_stage: Stage) -> None:
    partner = (await http_stage.client.users_info(user=http_stage.gus.id))["user"]
    assert (partner["team_id"], partner["is_stranger"]) == (http_stage.globex.id, False)
    assert "is_admin" not in partner
    stranger = http_stage.globex.add_person("Gina")
    assert (await http_stage.client.users_info(user=stranger.id))["user"]["is_stranger"] is True
    nobody = http_stage.slack.world.add_team("Initech").add_person("Ivan")
    with pytest.raises(SlackApiError, match="user_not_found"):
        await http_stage.client.users_info(user=nobody.id)


async def test_a_user_group_lists_its_active_people(http_stage: Stage) -> None:
    gone = http_stage.acme.add_person("Zoe", deactivated=True)
    group = http_stage.acme.add_user_group("admins", [http_stage.alice, gone])
    assert (await http_stage.client.usergroups_users_list(usergroup=group.id))["users"] == [http_stage.alice.id]
    with pytest.raises(SlackApiError, match="no_such_subteam"):
        await http_stage.client.usergroups_users_list(usergroup="S0")


async def test_a_channel_says_whether_it_is_shared_and_private(http_stage: Stage) -> None:
    shared = (await http_stage.client.conversations_info(channel=http_stage.shared.id))["channel"]
    assert (shared["is_ext_shared"], shared["is_private"], shared["is_member"]) == (True, False, True)
    assert set(shared["shared_team_ids"]) == {http_stage.acme.id, http_stage.globex.id}
    assert shared["connected_team_ids"] == [http_stage.globex.id]
    own = http_stage.slack.world.add_channel("own", teams=[http_stage.acme], members=[http_stage.alice])
    assert (await http_stage.client.conversations_info(channel=own.id))["channel"]["is_ext_shared"] is False


async def test_a_private_channel_without_the_bot_does_not_exist_for_it(http_stage: Stage) -> None:
    board = http_stage.slack.world.add_channel(
        "board", teams=[http_stage.acme], members=[http_stage.alice], private=True
    )
    for call in (http_stage.client.conversations_info, http_stage.client.conversations_members):
        with pytest.raises(SlackApiError, match="channel_not_found"):
            await call(channel=board.id)
    with pytest.raises(SlackApiError, match="channel_not_found"):
        await http_stage.client.chat_postMessage(channel=board.id, text="x")
    board.invite(http_stage.install)
    assert (await http_stage.client.conversations_info(channel=board.id))["channel"]["is_private"] is True


async def test_a_public_channel_without_the_bot_is_read_but_not_written(http_stage: Stage) -> None:
    own = http_stage.slack.world.add_channel("own", teams=[http_stage.acme], members=[http_stage.alice])
    assert (await http_stage.client.conversations_info(channel=own.id))["ok"]
    with pytest.raises(SlackApiError, match="not_in_channel"):
        await http_stage.client.chat_postMessage(channel=own.id, text="x")
    own.is_archived = True
    with pytest.raises(SlackApiError, match="is_archived"):
        await http_stage.client.chat_postMessage(channel=own.id, text="x")


async def test_two_peoples_direct_messages_are_not_the_bots(http_stage: Stage) -> None:
    bob = http_stage.acme.add_person("Bob")
    between = http_stage.slack.world.dm(http_stage.alice, bob)
    with pytest.raises(SlackApiError, match="channel_not_found"):
        await http_stage.client.chat_postMessage(channel=between.id, text="x")


async def test_lists_come_in_pages(http_stage: Stage) -> None:
    for number in range(4):
        http_stage.slack.world.add_channel(f"c{number}", teams=[http_stage.acme])
    first = await http_stage.client.conversations_list(limit=3)
    rest = await http_stage.client.conversations_list(
        limit=3, cursor=first["response_metadata"]["next_cursor"], types="public_channel"
    )
    assert [len(first["channels"]), len(rest["channels"])] == [3, 2]
    assert rest["response_metadata"]["next_cursor"] == ""
    with pytest.raises(SlackApiError, match="invalid_cursor"):
        await http_stage.client.conversations_list(cursor="next:3")
    with pytest.raises(SlackApiError, match="missing_scope"):
        await http_stage.client.conversations_list(types="im")


async def test_the_bot_can_only_touch_its_own_messages(http_stage: Stage) -> None:
    p = http_stage.slack.person(http_stage.alice)
    await p.say(http_stage.shared, "mine")
    ts = p.messages(http_stage.shared)[0].ts
    with pytest.raises(SlackApiError, match="cant_update_message"):
        await http_stage.client.chat_update(channel=http_stage.shared.id, ts=ts, text="x")
    with pytest.raises(SlackApiError, match="cant_delete_message"):
        await http_stage.client.chat_delete(channel=http_stage.shared.id, ts=ts)
    with pytest.raises(SlackApiError, match="message_not_found"):
        await http_stage.client.chat_update(channel=http_stage.shared.id, ts="1.2", text="x")
    with pytest.raises(SlackApiError, match="channel_not_found"):
        await http_stage.client.chat_update(channel=http_stage.alice.id, ts=ts, text="x")


async def test_a_message_of_nothing_and_one_of_too_much_are_refused(http_stage: Stage) -> None:
    assert (await raw(http_stage, "chat.postMessage", json={"channel": http_stage.shared.id}))["error"] == "no_text"
    with pytest.raises(SlackApiError, match="msg_too_long"):
        await http_stage.client.chat_postMessage(channel=http_stage.shared.id, text="x" * 40_001)


async def test_invalid_blocks_are_refused_and_said_aloud(http_stage: Stage) -> None:
    with pytest.raises(SlackApiError) as error:
        await http_stage.client.chat_postMessage(channel=http_stage.shared.id, text="x", blocks=[{"type": "nonsense"}])
    assert error.value.response["error"] == "invalid_blocks"
    assert error.value.response["errors"] == ["unsupported type: nonsense [json-pointer:/blocks/0/type]"]
    assert http_stage.slack.refusals[-1] == (
        "Slack would have refused: chat.postMessage by Wizard: invalid_blocks: "
        "[ERROR] unsupported type: nonsense [json-pointer:/blocks/0/type]"
    )
    form = {"channel": http_stage.shared.id, "text": "x", "blocks": "["}
    assert (await raw(http_stage, "chat.postMessage", data=form))["error"] == "invalid_blocks_format"


async def test_an_invalid_view_uses_no_trigger_up_and_a_valid_one_does(http_stage: Stage) -> None:
    trigger = http_stage.slack.world.permits.trigger(http_stage.install, http_stage.alice, None)
    without_submit = {name: value for name, value in wizard().items() if name != "submit"}
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        await http_stage.client.views_open(trigger_id=trigger.id, view=without_submit)
    await http_stage.client.views_open(trigger_id=trigger.id, view=wizard())
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        await http_stage.client.views_open(trigger_id=trigger.id, view=wizard())


async def test_calls_are_remembered_with_their_team(http_stage: Stage) -> None:
    await http_stage.client.users_info(user=http_stage.alice.id)
    assert http_stage.slack.calls[-1] == ("users.info", http_stage.acme.id, f"user={http_stage.alice.id}")


async def test_a_limited_method_answers_429_as_often_as_told(http_stage: Stage) -> None:
    http_stage.slack.faults.rate_limit("auth.test", times=1, retry_after=7)
    with pytest.raises(SlackApiError) as error:
        await http_stage.client.auth_test()
    assert (error.value.response.status_code, error.value.response.headers["Retry-After"]) == (429, "7")
    assert (await http_stage.client.auth_test())["ok"]


async def test_a_method_can_be_made_to_fail(http_stage: Stage) -> None:
    http_stage.slack.faults.fail("chat.postMessage", times=1, error="fatal_error")
    with pytest.raises(SlackApiError, match="fatal_error"):
        await http_stage.client.chat_postMessage(channel=http_stage.shared.id, text="x")
    await http_stage.client.chat_postMessage(channel=http_stage.shared.id, text="x")


async def test_triggers_can_be_made_to_expire(http_stage: Stage) -> None:
    http_stage.slack.faults.expire_triggers = True
    trigger = http_stage.slack.world.permits.trigger(http_stage.install, http_stage.alice, None)
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        await http_stage.client.views_open(trigger_id=trigger.id, view=wizard())
    assert not http_stage.slack.refusals  # it was the switch, not the app
