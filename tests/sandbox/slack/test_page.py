from __future__ import annotations

import pytest
from slack_sdk.errors import SlackApiError

from tests.sandbox.slack.test_modals import opened
from tests.sandbox.slack.wizard import Stage


async def test_the_page_shows_what_people_see_and_what_slack_refuses(http_stage: Stage) -> None:
    await opened(http_stage)
    with pytest.raises(SlackApiError):
        await http_stage.client.api_call("views.close")
    assert http_stage.client.session is not None
    async with http_stage.client.session.get(http_stage.slack.page_url) as answer:
        text = await answer.text()
    assert "New connection 1/3" in text
    assert "Slack would have refused: views.close by Wizard: unknown_method: req_method: views.close" in text
