"""Which texts, options and elements Slack takes, with their lengths."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.slack.check_shapes import (
    Check,
    Findings,
    anything,
    array,
    boolean,
    by_type,
    exactly_one_of,
    integer,
    matching,
    one_of,
    shape,
    string,
)

URL = string(3000)
ID = string(255)


def plain_text(most: int) -> Check:
    return by_type({"plain_text": shape({"type": anything, "text": string(most)}, {"emoji": boolean})})


def any_text(most: int) -> Check:
    plain = shape({"type": anything, "text": string(most)}, {"emoji": boolean})
    mrkdwn = shape({"type": anything, "text": string(most)}, {"verbatim": boolean})
    return by_type({"plain_text": plain, "mrkdwn": mrkdwn})


CONFIRM = shape(
    {"title": plain_text(100), "text": any_text(300)},
    {"confirm": plain_text(30), "deny": plain_text(30), "style": one_of("primary", "danger")},
)


def _option(text: Check, description: Check, more: Mapping[str, Check] | None = None) -> Check:
    return shape({"text": text, "value": string(150)}, {"description": description, **(more or {})})


_SELECT_OPTION = _option(plain_text(75), plain_text(75))
_RICH_OPTION = _option(any_text(75), any_text(75))
_MENU_OPTION = _option(plain_text(75), plain_text(75), {"url": URL})
_OPTION_GROUP = shape({"label": plain_text(75), "options": array(_SELECT_OPTION, 100)}, {})


def _all_options(element: Any) -> list[Any]:
    grouped = [option for group in element.get("option_groups", ()) for option in group["options"]]
    return [*element.get("options", ()), *grouped]


def _initial_option_exists(element: Any, pointer: str, found: Findings) -> None:
    if "initial_option" in element and _bare(element["initial_option"]) not in map(_bare, _all_options(element)):
        found.add(f"{pointer}/initial_option", "initial_option must be one of the options")


def _initial_options_exist(element: Any, pointer: str, found: Findings) -> None:
    options = [_bare(option) for option in _all_options(element)]
    for number, option in enumerate(element.get("initial_options", ())):
        if _bare(option) not in options:
            found.add(f"{pointer}/initial_options/{number}", "initial_options must be among the options")


def _bare(option: Any) -> Any:
    """An option without what Slack fills in by itself."""
    return {
        name: {key: value for key, value in part.items() if key not in ("emoji", "verbatim")}
        if isinstance(part, dict)
        else part
        for name, part in option.items()
    }


def _lengths_agree(element: Any, pointer: str, found: Findings) -> None:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if least > most:
        found.add(f"{pointer}/min_length", "min_length must not be greater than max_length")
    if len(element.get("initial_value", "")) > most:
        found.add(f"{pointer}/initial_value", f"must be less than {most + 1} characters")


_FOCUS = {"focus_on_load": boolean}
_PLACEHOLDER = {"placeholder": plain_text(150)}
_INTERACTIVE = {"action_id": ID, "confirm": CONFIRM}
_CHOICE = {**_INTERACTIVE, **_FOCUS}
_SELECT = {**_CHOICE, **_PLACEHOLDER}
_MULTI = {**_SELECT, "max_selected_items": integer(1, 1000)}
_DISPATCH = {
    "dispatch_action_config": shape(
        {}, {"trigger_actions_on": array(one_of("on_enter_pressed", "on_character_entered"), 2)}
    )
}
_TYPED = {"action_id": ID, **_FOCUS, **_PLACEHOLDER, **_DISPATCH}
_NUMBER = matching(r"-?\d+(\.\d+)?", "a number in a string")
_FILTER = shape(
    {},
    {
        "include": array(one_of("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)
_CONVERSATIONS = {"default_to_current_conversation": boolean, "filter": _FILTER}


def _element(required: Mapping[str, Check], optional: Mapping[str, Check], *rules: Check) -> Check:
    return shape({"type": anything, **required}, optional, *rules)


BUTTON = _element(
    {"text": plain_text(75)},
    {
        **_INTERACTIVE,
        "url": URL,
        "value": string(2000),
        "style": one_of("primary", "danger"),
        "accessibility_label": string(75),
    },
)
IMAGE = _element({"alt_text": string(2000)}, {"image_url": URL, "slack_file": anything})

SELECTS: Mapping[str, Check] = {
    "static_select": _element(
        {},
        {
            **_SELECT,
            "options": array(_SELECT_OPTION, 100),
            "option_groups": array(_OPTION_GROUP, 100),
            "initial_option": _SELECT_OPTION,
        },
        exactly_one_of("options", "option_groups"),
        _initial_option_exists,
    ),
    "external_select": _element(
        {}, {**_SELECT, "initial_option": _SELECT_OPTION, "min_query_length": integer(0, 1000)}
    ),
    "users_select": _element({}, {**_SELECT, "initial_user": ID}),
    "conversations_select": _element(
        {},
        {**_SELECT, **_CONVERSATIONS, "initial_conversation": ID, "response_url_enabled": boolean},
    ),
    "channels_select": _element({}, {**_SELECT, "initial_channel": ID, "response_url_enabled": boolean}),
    "multi_static_select": _element(
        {},
        {
            **_MULTI,
            "options": array(_SELECT_OPTION, 100),
            "option_groups": array(_OPTION_GROUP, 100),
            "initial_options": array(_SELECT_OPTION, 100),
        },
        exactly_one_of("options", "option_groups"),
        _initial_options_exist,
    ),
    "multi_external_select": _element(
        {}, {**_MULTI, "initial_options": array(_SELECT_OPTION, 100), "min_query_length": integer(0, 1000)}
    ),
    "multi_users_select": _element({}, {**_MULTI, "initial_users": array(ID, 1000)}),
    "multi_conversations_select": _element({}, {**_MULTI, **_CONVERSATIONS, "initial_conversations": array(ID, 1000)}),
    "multi_channels_select": _element({}, {**_MULTI, "initial_channels": array(ID, 1000)}),
}

CHOICES: Mapping[str, Check] = {
    "radio_buttons": _element(
        {"options": array(_RICH_OPTION, 10)}, {**_CHOICE, "initial_option": _RICH_OPTION}, _initial_option_exists
    ),
    "checkboxes": _element(
        {"options": array(_RICH_OPTION, 10)},
        {**_CHOICE, "initial_options": array(_RICH_OPTION, 10)},
        _initial_options_exist,
    ),
    "datepicker": _element({}, {**_SELECT, "initial_date": matching(r"\d{4}-\d{2}-\d{2}", "a date YYYY-MM-DD")}),
    "timepicker": _element(
        {}, {**_SELECT, "initial_time": matching(r"([01]\d|2[0-3]):[0-5]\d", "a time HH:mm"), "timezone": string(100)}
    ),
}
DATE_AND_TIME = _element({}, {**_CHOICE, "initial_date_time": integer(1_000_000_000, 9_999_999_999)})
OVERFLOW = _element({"options": array(_MENU_OPTION, 5)}, _INTERACTIVE)

TYPED: Mapping[str, Check] = {
    "plain_text_input": _element(
        {},
        {
            **_TYPED,
            "initial_value": string(3000, least=0),
            "multiline": boolean,
            "min_length": integer(0, 3000),
            "max_length": integer(1, 3000),
        },
        _lengths_agree,
    ),
    "url_text_input": _element({}, {**_TYPED, "initial_value": string(3000)}),
    "email_text_input": _element({}, {**_TYPED, "initial_value": string(3000)}),
    "number_input": _element(
        {"is_decimal_allowed": boolean},
        {**_TYPED, "initial_value": _NUMBER, "min_value": _NUMBER, "max_value": _NUMBER},
    ),
    "rich_text_input": _element({}, {**_TYPED, "initial_value": anything}),
    "file_input": _element({}, {"action_id": ID, "filetypes": array(string(100), 100), "max_files": integer(1, 10)}),
}

_ANYWHERE: Mapping[str, Check] = {**SELECTS, **CHOICES}
_WORKFLOW: Mapping[str, Check] = {"workflow_button": shape({"type": anything}, {}, is_open=True)}

ACCESSORY = by_type({**_ANYWHERE, **_WORKFLOW, "button": BUTTON, "overflow": OVERFLOW, "image": IMAGE})
ACTION = by_type({**_ANYWHERE, **_WORKFLOW, "button": BUTTON, "overflow": OVERFLOW, "datetimepicker": DATE_AND_TIME})
INPUT = by_type({**_ANYWHERE, **TYPED, "datetimepicker": DATE_AND_TIME})
