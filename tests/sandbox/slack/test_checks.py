from __future__ import annotations

from typing import Any

import pytest

from sandbox.slack.checks import message_problems, view_problems
from tests.sandbox.slack.wizard import (
    button,
    input_block,
    invitation,
    modal,
    option,
    options,
    section,
    text,
    wizard,
)

Json = dict[str, Any]


def inputs(*elements: Json) -> Json:
    return modal([input_block(f"b{number}", "Label", element) for number, element in enumerate(elements)])


def select(**more: Any) -> Json:
    return {"type": "static_select", "options": options("One", "Two"), **more}


def typed(**more: Any) -> Json:
    return {"type": "plain_text_input", **more}


def home(*blocks: Json) -> Json:
    return {"type": "home", "blocks": list(blocks)}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def with_confirm(**parts: Json) -> Json:
    confirm = {"title": text("Sure?"), "text": text("It stops."), **parts}
    return modal([actions(button("Stop", "stop", confirm=confirm))])


def without(view: Json, *names: str) -> Json:
    return {name: value for name, value in view.items() if name not in names}


SELECT_IN_SECTION = section("Where", accessory={"type": "conversations_select", "response_url_enabled": True})
TWO_FOCUSED = (typed(focus_on_load=True), typed(focus_on_load=True))
RADIO_11 = {"type": "radio_buttons", "options": options(*(f"Option {number}" for number in range(11)))}
GROUP = {"label": text("Group"), "options": options("One")}

REFUSED_MODALS: dict[str, tuple[Json, str]] = {
    "no title": (without(modal([section("x")]), "title"), "missing required field: title [json-pointer:/view]"),
    "no blocks": (without(modal([]), "blocks"), "missing required field: blocks [json-pointer:/view]"),
    "empty blocks": (modal([]), "no fewer than 1 items allowed [json-pointer:/view/blocks]"),
    "title of 25": (
        modal([section("x")], title=text("t" * 25)),
        "must be less than 25 characters [json-pointer:/view/title/text]",
    ),
    "submit of 25": (
        modal([section("x")], submit=text("s" * 25)),
        "must be less than 25 characters [json-pointer:/view/submit/text]",
    ),
    "close of 25": (
        modal([section("x")], close=text("c" * 25)),
        "must be less than 25 characters [json-pointer:/view/close/text]",
    ),
    "mrkdwn title": (
        modal([section("x")], title={"type": "mrkdwn", "text": "Hi"}),
        "unsupported type: mrkdwn [json-pointer:/view/title/type]",
    ),
    "101 blocks": (
        modal([{"type": "divider"}] * 101),
        "no more than 100 items allowed [json-pointer:/view/blocks]",
    ),
    "metadata of 3001": (
        modal([section("x")], private_metadata="m" * 3001),
        "must be less than 3001 characters [json-pointer:/view/private_metadata]",
    ),
    "callback of 256": (
        modal([section("x")], callback_id="c" * 256),
        "must be less than 256 characters [json-pointer:/view/callback_id]",
    ),
    "external id of 256": (
        modal([section("x")], external_id="e" * 256),
        "must be less than 256 characters [json-pointer:/view/external_id]",
    ),
    "unknown key": (modal([section("x")], color="red"), "invalid additional property: color [json-pointer:/view]"),
    "input without submit": (
        without(wizard(), "submit"),
        "must define `submit` to use an `input` block in modals [json-pointer:/view]",
    ),
    "unknown block": (
        modal([{"type": "nonsense"}]),
        "unsupported type: nonsense [json-pointer:/view/blocks/0/type]",
    ),
    "markdown in a modal": (
        modal([{"type": "markdown", "text": "# Hi"}]),
        "unsupported type: markdown [json-pointer:/view/blocks/0/type]",
    ),
    "table in a modal": (
        modal([{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}]),
        "unsupported type: table [json-pointer:/view/blocks/0/type]",
    ),
    "unknown key of a block": (
        modal([section("x", colour="red")]),
        "invalid additional property: colour [json-pointer:/view/blocks/0]",
    ),
    "section of nothing": (
        modal([{"type": "section"}]),
        "must define either `text` or `fields` [json-pointer:/view/blocks/0]",
    ),
    "empty text": (
        modal([section("")]),
        "must be more than 0 characters [json-pointer:/view/blocks/0/text/text]",
    ),
    "section of 3001": (
        modal([section("s" * 3001)]),
        "must be less than 3001 characters [json-pointer:/view/blocks/0/text/text]",
    ),
    "11 fields": (
        modal([{"type": "section", "fields": [text("x")] * 11}]),
        "no more than 10 items allowed [json-pointer:/view/blocks/0/fields]",
    ),
    "field of 2001": (
        modal([{"type": "section", "fields": [text("x" * 2001)]}]),
        "must be less than 2001 characters [json-pointer:/view/blocks/0/fields/0/text]",
    ),
    "header of 151": (
        modal([{"type": "header", "text": text("h" * 151)}]),
        "must be less than 151 characters [json-pointer:/view/blocks/0/text/text]",
    ),
    "11 in a context": (
        modal([{"type": "context", "elements": [text("x")] * 11}]),
        "no more than 10 items allowed [json-pointer:/view/blocks/0/elements]",
    ),
    "26 buttons": (
        modal([actions(*(button("B", f"b{number}") for number in range(26)))]),
        "no more than 25 items allowed [json-pointer:/view/blocks/0/elements]",
    ),
    "image without alt text": (
        modal([{"type": "image", "image_url": "https://example.com/x.png"}]),
        "missing required field: alt_text [json-pointer:/view/blocks/0]",
    ),
    "alert of 201": (
        modal([{"type": "alert", "text": text("a" * 201)}]),
        "must be less than 201 characters [json-pointer:/view/blocks/0/text/text]",
    ),
    "button of 76": (
        modal([actions(button("b" * 76, "b"))]),
        "must be less than 76 characters [json-pointer:/view/blocks/0/elements/0/text/text]",
    ),
    "button value of 2001": (
        modal([actions(button("B", "b", value="v" * 2001))]),
        "must be less than 2001 characters [json-pointer:/view/blocks/0/elements/0/value]",
    ),
    "button url of 3001": (
        modal([actions(button("B", "b", url="u" * 3001))]),
        "must be less than 3001 characters [json-pointer:/view/blocks/0/elements/0/url]",
    ),
    "button label of 76": (
        modal([actions(button("B", "b", accessibility_label="a" * 76))]),
        "must be less than 76 characters [json-pointer:/view/blocks/0/elements/0/accessibility_label]",
    ),
    "button in green": (
        modal([actions(button("B", "b", style="green"))]),
        "must be one of primary, danger [json-pointer:/view/blocks/0/elements/0/style]",
    ),
    "button in an input": (
        inputs(button("B", "b")),
        "unsupported type: button [json-pointer:/view/blocks/0/element/type]",
    ),
    "text field in actions": (
        modal([actions(typed(action_id="t"))]),
        "unsupported type: plain_text_input [json-pointer:/view/blocks/0/elements/0/type]",
    ),
    "action id of 256": (
        modal([actions(button("B", "b" * 256))]),
        "must be less than 256 characters [json-pointer:/view/blocks/0/elements/0/action_id]",
    ),
    "block id of 256": (
        modal([section("x", block_id="b" * 256)]),
        "must be less than 256 characters [json-pointer:/view/blocks/0/block_id]",
    ),
    "block id twice": (
        modal([section("x", block_id="same"), section("y", block_id="same")]),
        "`block_id` already exists: same [json-pointer:/view/blocks]",
    ),
    "action id twice": (
        modal([actions(button("A", "same"), button("B", "same"))]),
        "`action_id` already exists: same [json-pointer:/view/blocks/0]",
    ),
    "confirm title of 101": (
        with_confirm(title=text("t" * 101)),
        "must be less than 101 characters [json-pointer:/view/blocks/0/elements/0/confirm/title/text]",
    ),
    "confirm text of 301": (
        with_confirm(text=text("t" * 301)),
        "must be less than 301 characters [json-pointer:/view/blocks/0/elements/0/confirm/text/text]",
    ),
    "confirm yes of 31": (
        with_confirm(confirm=text("y" * 31)),
        "must be less than 31 characters [json-pointer:/view/blocks/0/elements/0/confirm/confirm/text]",
    ),
    "confirm no of 31": (
        with_confirm(deny=text("n" * 31)),
        "must be less than 31 characters [json-pointer:/view/blocks/0/elements/0/confirm/deny/text]",
    ),
    "label of 2001": (
        modal([input_block("b", "l" * 2001, typed())]),
        "must be less than 2001 characters [json-pointer:/view/blocks/0/label/text]",
    ),
    "hint of 2001": (
        modal([input_block("b", "L", typed(), hint=text("h" * 2001))]),
        "must be less than 2001 characters [json-pointer:/view/blocks/0/hint/text]",
    ),
    "placeholder of 151": (
        inputs(typed(placeholder=text("p" * 151))),
        "must be less than 151 characters [json-pointer:/view/blocks/0/element/placeholder/text]",
    ),
    "text field of 3001": (
        inputs(typed(max_length=3001)),
        "must be less than 3001 [json-pointer:/view/blocks/0/element/max_length]",
    ),
    "initial text of 3001": (
        inputs(typed(initial_value="v" * 3001)),
        "must be less than 3001 characters [json-pointer:/view/blocks/0/element/initial_value]",
    ),
    "initial text over its own limit": (
        inputs(typed(initial_value="four", max_length=3)),
        "must be less than 4 characters [json-pointer:/view/blocks/0/element/initial_value]",
    ),
    "min over max": (
        inputs(typed(min_length=5, max_length=3)),
        "min_length must not be greater than max_length [json-pointer:/view/blocks/0/element/min_length]",
    ),
    "dispatch on a whim": (
        inputs(typed(dispatch_action_config={"trigger_actions_on": ["on_blur"]})),
        "must be one of on_enter_pressed, on_character_entered "
        "[json-pointer:/view/blocks/0/element/dispatch_action_config/trigger_actions_on/0]",
    ),
    "dispatch on the element": (
        inputs(typed(dispatch_action=True)),
        "invalid additional property: dispatch_action [json-pointer:/view/blocks/0/element]",
    ),
    "number without decimals said": (
        inputs({"type": "number_input"}),
        "missing required field: is_decimal_allowed [json-pointer:/view/blocks/0/element]",
    ),
    "number limits as numbers": (
        inputs({"type": "number_input", "is_decimal_allowed": True, "min_value": 1}),
        "must be a number in a string [json-pointer:/view/blocks/0/element/min_value]",
    ),
    "option of 76": (
        inputs(select(options=options("o" * 76))),
        "must be less than 76 characters [json-pointer:/view/blocks/0/element/options/0/text/text]",
    ),
    "option value of 151": (
        inputs(select(options=[{"text": text("One"), "value": "v" * 151}])),
        "must be less than 151 characters [json-pointer:/view/blocks/0/element/options/0/value]",
    ),
    "option description of 76": (
        inputs(select(options=[{**option("One"), "description": text("d" * 76)}])),
        "must be less than 76 characters [json-pointer:/view/blocks/0/element/options/0/description/text]",
    ),
    "mrkdwn option of a select": (
        inputs(select(options=[{"text": {"type": "mrkdwn", "text": "*One*"}, "value": "one"}])),
        "unsupported type: mrkdwn [json-pointer:/view/blocks/0/element/options/0/text/type]",
    ),
    "101 options": (
        inputs(select(options=options(*(f"Option {number}" for number in range(101))))),
        "no more than 100 items allowed [json-pointer:/view/blocks/0/element/options]",
    ),
    "no options": (
        inputs(select(options=[])),
        "no fewer than 1 items allowed [json-pointer:/view/blocks/0/element/options]",
    ),
    "options and groups": (
        inputs(select(option_groups=[GROUP])),
        "must define exactly one of `options` or `option_groups` [json-pointer:/view/blocks/0/element]",
    ),
    "initial option of another list": (
        inputs(select(initial_option=option("Three"))),
        "initial_option must be one of the options [json-pointer:/view/blocks/0/element/initial_option]",
    ),
    "initial option outside of the groups": (
        inputs({"type": "static_select", "option_groups": [GROUP], "initial_option": option("Two")}),
        "initial_option must be one of the options [json-pointer:/view/blocks/0/element/initial_option]",
    ),
    "initial radio of another list": (
        inputs({"type": "radio_buttons", "options": options("One"), "initial_option": option("Two")}),
        "initial_option must be one of the options [json-pointer:/view/blocks/0/element/initial_option]",
    ),
    "initial ticks of another list": (
        inputs({"type": "checkboxes", "options": options("One"), "initial_options": options("One", "Two")}),
        "initial_options must be among the options [json-pointer:/view/blocks/0/element/initial_options/1]",
    ),
    "11 radio buttons": (
        inputs(RADIO_11),
        "no more than 10 items allowed [json-pointer:/view/blocks/0/element/options]",
    ),
    "11 checkboxes": (
        inputs({**RADIO_11, "type": "checkboxes"}),
        "no more than 10 items allowed [json-pointer:/view/blocks/0/element/options]",
    ),
    "6 in a menu": (
        modal([section("x", accessory={"type": "overflow", "action_id": "m", "options": options(*"abcdef")})]),
        "no more than 5 items allowed [json-pointer:/view/blocks/0/accessory/options]",
    ),
    "two focused": (
        inputs(*TWO_FOCUSED),
        "only one element can have `focus_on_load` set to true [json-pointer:/view/blocks]",
    ),
    "11 files": (
        inputs({"type": "file_input", "max_files": 11}),
        "must be less than 11 [json-pointer:/view/blocks/0/element/max_files]",
    ),
    "filter of nothing known": (
        inputs({"type": "conversations_select", "filter": {"include": ["shared"]}}),
        "must be one of im, mpim, private, public [json-pointer:/view/blocks/0/element/filter/include/0]",
    ),
    "response url outside of an input": (
        modal([SELECT_IN_SECTION]),
        "response_url_enabled works in input blocks of modals only [json-pointer:/view/blocks]",
    ),
    "unknown element": (
        inputs({"type": "password_input"}),
        "unsupported type: password_input [json-pointer:/view/blocks/0/element/type]",
    ),
    "a text that is no object": (
        modal([{"type": "section", "text": "words"}]),
        "must provide an object [json-pointer:/view/blocks/0/text]",
    ),
    "optional in words": (
        modal([input_block("b", "L", typed(), optional="yes")]),
        "must provide a boolean [json-pointer:/view/blocks/0/optional]",
    ),
    "rich text of something": (
        modal([{"type": "rich_text", "elements": [{"type": "rich_text_code", "elements": []}]}]),
        "unsupported type: rich_text_code [json-pointer:/view/blocks/0/elements/0/type]",
    ),
}


@pytest.mark.parametrize(("view", "words"), REFUSED_MODALS.values(), ids=REFUSED_MODALS)
def test_slack_refuses_this_modal_and_says_where_it_is_wrong(view: Json, words: str) -> None:
    problems = view_problems(view, "modal")
    assert problems is not None
    assert problems.code == "invalid_arguments"
    assert problems.messages == (f"[ERROR] {words}",)


TABLE = {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}

REFUSED_HOMES: dict[str, tuple[Json, str]] = {
    "alert in Home": (
        home({"type": "alert", "text": text("Careful")}),
        "unsupported type: alert [json-pointer:/view/blocks/0/type]",
    ),
    "title in Home": (
        {**home(section("x")), "title": text("Home")},
        "invalid additional property: title [json-pointer:/view]",
    ),
    "101 blocks": (
        home(*[{"type": "divider"}] * 101),
        "no more than 100 items allowed [json-pointer:/view/blocks]",
    ),
    "a modal": (modal([section("x")]), "must be home [json-pointer:/view/type]"),
}


@pytest.mark.parametrize(("view", "words"), REFUSED_HOMES.values(), ids=REFUSED_HOMES)
def test_slack_refuses_this_home_and_says_where_it_is_wrong(view: Json, words: str) -> None:
    problems = view_problems(view, "home")
    assert problems is not None
    assert problems.messages == (f"[ERROR] {words}",)


REFUSED_MESSAGES: dict[str, tuple[list[Json], str]] = {
    "51 blocks": ([{"type": "divider"}] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
    "alert": (
        [{"type": "alert", "text": text("Careful")}],
        "unsupported type: alert [json-pointer:/blocks/0/type]",
    ),
    "two tables": ([TABLE, TABLE], "only_one_table_allowed [json-pointer:/blocks]"),
    "markdown in pieces over 12000": (
        [{"type": "markdown", "text": "m" * 7000}] * 2,
        "the text of all markdown blocks must be less than 12001 characters [json-pointer:/blocks]",
    ),
    "cards with four buttons": (
        [{"type": "card", "title": text("C"), "actions": [button("B", f"b{number}") for number in range(4)]}],
        "no more than 3 items allowed [json-pointer:/blocks/0/actions]",
    ),
    "a block that is no object": ([["x"]], "must provide an object [json-pointer:/blocks/0]"),  # type: ignore[list-item]
    "a block of no type": ([{"text": text("x")}], "missing required field: type [json-pointer:/blocks/0]"),
}


@pytest.mark.parametrize(("blocks", "words"), REFUSED_MESSAGES.values(), ids=REFUSED_MESSAGES)
def test_slack_refuses_these_blocks_and_says_where_they_are_wrong(blocks: list[Json], words: str) -> None:
    problems = message_problems(blocks)
    assert problems is not None
    assert problems.code == "invalid_blocks"
    assert problems.messages == (f"[ERROR] {words}",)


def test_a_view_of_more_than_250_kilobytes_is_too_large() -> None:
    problems = view_problems(modal([section("x" * 3000)] * 90), "modal")
    assert problems is not None
    assert problems.code == "view_too_large"


def test_blocks_with_more_text_than_slack_shows_are_too_long() -> None:
    problems = message_problems([section("x" * 3000)] * 5)
    assert problems is not None
    assert problems.code == "msg_blocks_too_long"


def test_every_input_in_use_is_taken() -> None:
    assert view_problems(wizard(), "modal") is None


def test_what_stands_exactly_at_its_limit_is_taken() -> None:
    view = modal([section("s" * 3000, block_id="b" * 255), *[{"type": "divider"}] * 99], title=text("t" * 24))
    assert view_problems(view, "modal") is None


def test_the_same_action_id_may_stand_in_two_blocks() -> None:
    view = home(actions(button("A", "same")), actions(button("B", "same")))
    assert view_problems(view, "home") is None


def test_an_initial_option_may_leave_out_what_slack_fills_in() -> None:
    with_emoji = {"text": {**text("One"), "emoji": True}, "value": "one"}
    assert view_problems(inputs(select(options=[with_emoji], initial_option=option("One"))), "modal") is None


def test_rich_text_alerts_and_cards_are_taken_where_they_belong() -> None:
    code = {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "brg_1"}]}
    alert = {"type": "alert", "level": "warning", "text": text("Read this")}
    assert view_problems(modal([{"type": "rich_text", "elements": [code]}, alert]), "modal") is None
    assert message_problems([*invitation(), TABLE, {"type": "markdown", "text": "**hi**"}]) is None
