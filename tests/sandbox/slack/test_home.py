from __future__ import annotations

import pytest
from slack_sdk.errors import SlackApiError

from sandbox.slack.errors import SlackRefused
from tests.sandbox.slack.wizard import Stage, modal, section


async def test_opening_home_tells_the_app_which_publishes_it(stage: Stage) -> None:
    p = stage.slack.person(stage.alice)
    await p.open_home(stage.install.app)
    home = await p.until(lambda: p.home(stage.install.app))
    assert home.text == "Connections\nInitiate"
    event = next(body for body in stage.seen.bodies if body.get("type") == "event_callback")
    assert (event["event"]["type"], event["event"]["user"]) == ("app_home_opened", stage.alice.id)
    assert event["authorizations"][0]["team_id"] == stage.acme.id
    assert not stage.slack.refusals


async def test_a_click_in_home_has_a_view_and_no_channel(stage: Stage) -> None:
    p = stage.slack.person(stage.alice)
    await p.open_home(stage.install.app)
    await p.until(lambda: p.home())
    await p.click("Initiate", where="home")
    await p.until(lambda: p.modal)
    body = stage.seen.last("block_actions")
    assert (body["container"]["type"], body["view"]["type"]) == ("view", "home")
    assert "channel" not in body and "response_url" not in body and body["view"]["hash"]


async def test_every_person_has_a_home_of_their_own_that_keeps_its_id(http_stage: Stage) -> None:
    bob = http_stage.acme.add_person("Bob")
    first = await http_stage.client.views_publish(user_id=bob.id, view={"type": "home", "blocks": [section("for Bob")]})
    again = await http_stage.client.views_publish(user_id=bob.id, view={"type": "home", "blocks": [section("newer")]})
    assert first["view"]["id"] == again["view"]["id"]
    home = http_stage.slack.person(bob).home(http_stage.install)
    assert home is not None
    assert home.text == "newer"
    assert http_stage.slack.person(http_stage.alice).home(http_stage.install) is None
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await http_stage.client.views_publish(
            user_id=bob.id, hash=first["view"]["hash"], view={"type": "home", "blocks": [section("older")]}
        )


async def test_a_partner_without_the_app_has_no_home(http_stage: Stage) -> None:
    with pytest.raises(SlackRefused, match="is not installed in Globex"):
        await http_stage.slack.person(http_stage.gus).open_home(http_stage.install.app)
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        await http_stage.client.views_publish(
            user_id=http_stage.gus.id, view={"type": "home", "blocks": [section("x")]}
        )


async def test_a_modal_cannot_be_published(http_stage: Stage) -> None:
    with pytest.raises(SlackApiError) as error:
        await http_stage.client.views_publish(user_id=http_stage.alice.id, view=modal([section("x")]))
    assert error.value.response["response_metadata"]["messages"] == ["[ERROR] must be home [json-pointer:/view/type]"]
