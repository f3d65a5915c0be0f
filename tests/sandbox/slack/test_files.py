"""Files that an app shares: uploaded in three steps, read by people where they stand."""

from __future__ import annotations

import json
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from tests.sandbox.slack.test_api import client_of, other_install
from tests.sandbox.slack.wizard import Stage, modal

FILE_INPUT = {
    "type": "input",
    "block_id": "file",
    "label": {"type": "plain_text", "text": "File"},
    "element": {"type": "file_input", "action_id": "value"},
}


def view(*blocks: Any) -> Any:
    return modal(list(blocks)) | {"submit": {"type": "plain_text", "text": "Go"}}


async def sent(stage: Stage, address: str, content: bytes) -> int:
    assert stage.client.session is not None
    async with stage.client.session.post(address, data=content) as answer:
        return answer.status


async def test_slacks_own_sdk_shares_a_file_where_a_person_reads_it(http_stage: Stage) -> None:
    driver = http_stage.slack.person(http_stage.alice)
    channel = driver.dm(http_stage.install.app)
    await http_stage.client.files_upload_v2(
        channel=channel.id, filename="rule.groovy", title="Our rule", content="x = 1\n", initial_comment="Here it is"
    )
    (message,) = driver.messages(channel)
    assert message.text == "Here it is\nOur rule"
    shared = message.raw["files"][0]
    assert (shared["name"], shared["size"]) == ("rule.groovy", 6)
    assert http_stage.client.session is not None
    address = f"{http_stage.slack.url}/as/{http_stage.alice.id}/file/{shared['id']}"
    async with http_stage.client.session.get(address) as found:
        assert (await found.read(), found.content_type) == (b"x = 1\n", "text/plain")
        assert found.headers["Content-Disposition"] == "attachment"
    outsider = http_stage.acme.add_person("Bob")
    async with http_stage.client.session.get(address.replace(http_stage.alice.id, outsider.id)) as found:
        assert found.status == 404
    async with http_stage.client.session.get(f"{http_stage.slack.url}/as/{http_stage.alice.id}/c/{channel.id}") as page:
        assert "Our rule" in await page.text()


async def test_an_upload_has_the_length_that_was_announced_and_its_address_serves_once(http_stage: Stage) -> None:
    for content in (b"toolong", b""):
        announced = await http_stage.client.files_getUploadURLExternal(filename="a.txt", length=3)
        assert await sent(http_stage, announced["upload_url"], content) == 400
        assert await sent(http_stage, announced["upload_url"], b"abc") == 400
    good = await http_stage.client.files_getUploadURLExternal(filename="a.txt", length=3)
    assert [await sent(http_stage, good["upload_url"], b"abc") for _ in range(2)] == [200, 400]


@pytest.mark.parametrize(
    ("files", "channel", "code"),
    [
        ([{"id": "F0"}], "dm", "file_not_found"),
        ("nothing", "dm", "invalid_arguments"),
        ([], "dm", "invalid_arguments"),
        ("uploaded", "person", "channel_not_found"),
        ("uploaded", "elsewhere", "not_in_channel"),
        ("unfinished", "dm", "file_not_found"),
    ],
)
async def test_a_file_is_shared_only_where_the_app_may_and_once_it_arrived(
    http_stage: Stage, files: Any, channel: str, code: str
) -> None:
    announced = await http_stage.client.files_getUploadURLExternal(filename="a.txt", length=3)
    if files == "uploaded":
        await sent(http_stage, announced["upload_url"], b"abc")
    if files in ("uploaded", "unfinished"):
        files = [{"id": announced["file_id"]}]
    elsewhere = http_stage.slack.world.add_channel("elsewhere", teams=[http_stage.acme])
    places = {
        "dm": http_stage.slack.person(http_stage.alice).dm(http_stage.install.app).id,
        "person": http_stage.alice.id,
        "elsewhere": elsewhere.id,
    }
    with pytest.raises(SlackApiError, match=code):
        await http_stage.client.api_call(
            "files.completeUploadExternal", params={"files": json.dumps(files), "channel_id": places[channel]}
        )


async def test_files_need_their_scopes(http_stage: Stage) -> None:
    poor = other_install(http_stage, "chat:write")
    client = client_of(http_stage, poor.bot_token)
    with pytest.raises(SlackApiError, match="missing_scope"):
        await client.files_getUploadURLExternal(filename="a.txt", length=3)
    trigger = http_stage.slack.world.permits.trigger(poor, http_stage.alice, None)
    with pytest.raises(SlackApiError, match="missing_scope"):
        await client.views_open(trigger_id=trigger.id, view=view(FILE_INPUT))
