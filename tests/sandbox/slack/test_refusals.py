"""What an app can do wrong beside its blocks, each with the words that the refusals list then has."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import ClientSession

from sandbox.slack.errors import SlackRefused
from tests.sandbox.slack.bare import Bare, bare
from tests.sandbox.slack.wizard import button, input_block, modal, section

Json = dict[str, Any]

TROUBLE = "We had some trouble connecting. Try again?"


def form() -> Json:
    return modal([input_block("one", "One", {"type": "plain_text_input", "initial_value": "x"})])


async def test_an_answer_to_a_command_is_checked_like_any_message() -> None:
    async with bare() as made:
        made.listener.ack = {"blocks": [{"type": "nonsense"}]}
        with pytest.raises(SlackRefused, match="/wizard failed with the error “invalid_command_response”"):
            await made.slack.person(made.alice).command("/wizard")
        assert "the answer of Wizard to /wizard: invalid_blocks" in made.slack.refusals[-1]


async def test_an_answer_that_is_no_json_is_no_answer() -> None:
    async with bare() as made:
        made.listener.ack = "{"
        with pytest.raises(SlackRefused, match="/wizard failed with the error “invalid_service_response”"):
            await made.slack.person(made.alice).command("/wizard")


ACKS: dict[str, tuple[Json, str]] = {
    "unknown action": ({"response_action": "shut"}, "[ERROR] unknown response_action: shut"),
    "errors of nothing": (
        {"response_action": "errors", "errors": {}},
        "[ERROR] errors must map block_ids to texts [json-pointer:/errors]",
    ),
    "errors for no input": (
        {"response_action": "errors", "errors": {"two": "No."}},
        "[ERROR] no input block has this block_id [json-pointer:/errors/two]",
    ),
    "an empty error": (
        {"response_action": "errors", "errors": {"one": ""}},
        "[ERROR] must be a string [json-pointer:/errors/one]",
    ),
    "update to nothing": ({"response_action": "update"}, "[ERROR] missing required field: view [json-pointer:/view]"),
    "push of a Home": (
        {"response_action": "push", "view": {"type": "home", "blocks": [section("x")]}},
        "[ERROR] must be modal [json-pointer:/view/type]",
    ),
}


@pytest.mark.parametrize(("ack", "words"), ACKS.values(), ids=ACKS)
async def test_a_wrong_answer_to_a_submission_shows_trouble_and_keeps_the_modal(ack: Json, words: str) -> None:
    async with bare() as made:
        p = made.slack.person(made.alice)
        await made.call("views.open", trigger_id=made.trigger(), view=form())
        made.listener.ack = ack
        with pytest.raises(SlackRefused) as refused:
            await p.submit()
        assert str(refused.value) == TROUBLE
        assert made.slack.refusals[-1].endswith(words)
        assert p.modal is not None


async def test_a_submission_without_an_answer_shows_trouble_and_keeps_the_modal() -> None:
    async with bare() as made:
        p = made.slack.person(made.alice)
        await made.call("views.open", trigger_id=made.trigger(), view=form())
        made.listener.statuses = [500]
        with pytest.raises(SlackRefused, match=r"trouble connecting.*\(http_service_error\)"):
            await p.submit()
        assert p.modal is not None


async def test_a_click_without_an_answer_shows_trouble() -> None:
    async with bare() as made:
        actions = {"type": "actions", "elements": [button("Go", "go")]}
        await made.call("chat.postMessage", channel=made.alice.id, text="x", blocks=[actions])
        made.listener.statuses = [404]
        with pytest.raises(SlackRefused, match=r"trouble connecting.*\(http_client_error\)"):
            await made.slack.person(made.alice).click("Go")


async def test_an_unanswered_view_closed_and_repeat_are_said_aloud() -> None:
    async with bare() as made:
        p = made.slack.person(made.alice)
        await made.call("views.open", trigger_id=made.trigger(), view={**form(), "notify_on_close": True})
        made.listener.statuses = [500]
        await p.close_modal()
        assert made.slack.refusals[-1].endswith("no acknowledgement of view_closed by Wizard: http_service_error")
        made.slack.faults.redeliver_next()
        made.listener.statuses = [200, 500]
        await p.command("/wizard")
        assert made.slack.refusals[-1].endswith(
            "no acknowledgement of a repeated payload by Wizard: http_service_error"
        )


async def test_an_app_that_does_not_listen_yet_cannot_be_reached() -> None:
    async with bare() as made:
        made.app.request_url = None
        with pytest.raises(SlackRefused, match="dispatch_failed"):
            await made.slack.person(made.alice).command("/wizard")
        made.app.request_url = "http://127.0.0.1:9/"
        with pytest.raises(SlackRefused, match="dispatch_failed"):
            await made.slack.person(made.alice).command("/wizard")


async def test_without_a_home_in_the_manifest_there_is_none() -> None:
    async with bare() as made:
        plain = made.slack.world.add_app(
            "Plain", manifest={"display_information": {"name": "Plain"}}, transport="http"
        ).install(made.install.team)
        with pytest.raises(SlackRefused, match="Plain has no Home tab"):
            await made.slack.person(made.alice).open_home(plain)
        home = {"type": "home", "blocks": [section("x")]}
        assert (await made.call("views.publish", by=plain, user_id=made.alice.id, view=home))["error"] == "not_enabled"


CALLS: dict[str, tuple[str, Json, str]] = {
    "a view without a trigger": (
        "views.open",
        {"view": form()},
        "invalid_arguments: [ERROR] missing required field: trigger_id [json-pointer:/trigger_id]",
    ),
    "a trigger without a view": (
        "views.open",
        {"trigger_id": "1.2"},
        "invalid_arguments: [ERROR] missing required field: view [json-pointer:/view]",
    ),
    "a view that is no JSON": (
        "views.open",
        {"trigger_id": "1.2", "view": "{"},
        "invalid_arguments: [ERROR] invalid JSON [json-pointer:/view]",
    ),
    "an update of nothing": (
        "views.update",
        {"view": form()},
        "invalid_arguments: [ERROR] either view_id or external_id is required [json-pointer:/view_id]",
    ),
    "a trigger of nobody": ("views.open", {"trigger_id": "1.2", "view": form()}, "invalid_trigger_id"),
    "a text that is none": (
        "chat.postMessage",
        {"channel": "C", "text": {"a": 1}},
        "channel_not_found",
    ),
    "an ephemeral message of nothing": ("chat.postEphemeral", {"channel": "ALICE", "user": "ALICE"}, "no_text"),
    "a text that is an object": (
        "chat.postMessage",
        {"channel": "ALICE", "text": {"a": 1}},
        "invalid_arguments: [ERROR] must be a string [json-pointer:/text]",
    ),
    "blocks that are an object": (
        "chat.postMessage",
        {"channel": "ALICE", "blocks": {"type": "divider"}},
        "invalid_blocks_format",
    ),
    "attachments that are words": ("chat.postMessage", {"channel": "ALICE", "attachments": "x"}, "invalid_attachments"),
    "a message to a bot": ("conversations.open", {"users": "BOT"}, "cannot_dm_bot"),
    "a message to someone who left": ("conversations.open", {"users": "ZOE"}, "user_disabled"),
    "a group of people": ("conversations.open", {"users": "A,B"}, "method_not_supported_for_channel_type"),
    "a channel by name": ("conversations.info", {"channel": "general"}, "channel_not_found"),
    "a file that is not there": ("files.info", {"file": "F0"}, "file_not_found"),
    "a person that is not there": ("users.info", {"user": "U0"}, "user_not_found"),
    "nobody at all": (
        "users.info",
        {},
        "invalid_arguments: [ERROR] missing required field: user [json-pointer:/user]",
    ),
}


@pytest.mark.parametrize(("method", "args", "words"), CALLS.values(), ids=CALLS)
async def test_slack_refuses_this_call(method: str, args: Json, words: str) -> None:
    async with bare() as made:
        names = {"ALICE": made.alice.id, "BOT": made.install.bot_user_id, "ZOE": leaver(made)}
        filled: Json = {name: names.get(str(value), value) for name, value in args.items()}
        assert (await made.call(method, **filled))["ok"] is False
        assert made.slack.refusals[-1] == f"Slack would have refused: {method} by Wizard: {words}"


def leaver(made: Bare) -> str:
    return made.install.team.add_person("Zoe", deactivated=True).id


async def test_json_that_is_no_object_is_refused() -> None:
    async with bare() as made, ClientSession() as session:
        headers = {"Authorization": f"Bearer {made.install.bot_token}", "Content-Type": "application/json"}
        async with session.post(made.slack.api_url + "auth.test", data="[]", headers=headers) as answer:
            assert (await answer.json())["error"] == "json_not_object"


async def test_a_response_url_takes_json_only_and_must_be_known() -> None:
    async with bare() as made, ClientSession() as session:
        url = made.slack.world.permits.response_url(made.install, made.alice, made.slack.person(made.alice).notes)
        async with session.post(f"{made.slack.url}/actions/{url.path}", data="text=x") as answer:
            assert (answer.status, (await answer.json())["error"]) == (400, "invalid_payload")
        async with session.post(f"{made.slack.url}/actions/T/0", data="{}") as answer:
            assert (answer.status, (await answer.json())["error"]) == (404, "invalid_url")


async def test_a_modal_cannot_become_a_home() -> None:
    async with bare() as made:
        opened = await made.call("views.open", trigger_id=made.trigger(), view=form())
        home = {"type": "home", "blocks": [section("x")]}
        answer = await made.call("views.update", view_id=opened["view"]["id"], view=home)
        assert answer["response_metadata"]["messages"] == ["[ERROR] a modal view cannot become a home"]
