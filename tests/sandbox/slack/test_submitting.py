from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.slack.test_modals import ADDRESS, opened
from tests.sandbox.slack.wizard import Stage, input_block, modal

Json = dict[str, Any]

TOO_LONG = "Please enter no more than 5 characters."

WRONG: dict[str, tuple[Json, str | None, str]] = {
    "required": ({"type": "plain_text_input"}, None, "Please complete this required field."),
    "too long": ({"type": "plain_text_input", "max_length": 5}, "sixsix", TOO_LONG),
    "too short": ({"type": "plain_text_input", "min_length": 2}, "x", "Please enter at least 2 characters."),
    "no address": ({"type": "url_text_input"}, "bridge", "Please enter a valid URL."),
    "no mail address": ({"type": "email_text_input"}, "alice", "Please enter a valid email address."),
    "no number": ({"type": "number_input", "is_decimal_allowed": True}, "two", "Please enter a valid number."),
    "half": ({"type": "number_input", "is_decimal_allowed": False}, "1.5", "Please enter a whole number."),
    "too small": (
        {"type": "number_input", "is_decimal_allowed": False, "min_value": "1"},
        "0",
        "Please enter a number of at least 1.",
    ),
    "too great": (
        {"type": "number_input", "is_decimal_allowed": False, "max_value": "9"},
        "10",
        "Please enter a number of at most 9.",
    ),
}


@pytest.mark.parametrize(("element", "typed", "words"), WRONG.values(), ids=WRONG)
async def test_slack_itself_holds_back_what_does_not_fit(
    http_stage: Stage, element: Json, typed: str | None, words: str
) -> None:
    p = await opened(http_stage)
    assert p.modal is not None
    view = modal([input_block("one", "One", element)])
    await http_stage.client.views_update(view_id=p.modal.raw["id"], view=view)
    if typed is not None:
        await p.type("One", typed)
    assert await p.submit() == {"One": words}
    assert not [body for body in http_stage.seen.bodies if body.get("type") == "view_submission"]


async def test_optional_inputs_may_stay_empty(http_stage: Stage) -> None:
    p = await opened(http_stage)
    await p.fill({**ADDRESS, "Hours": None, "Channel": None})
    assert await p.submit() == {}
