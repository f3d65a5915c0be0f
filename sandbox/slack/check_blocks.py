"""Which blocks Slack takes, and on which surface."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.slack.check_elements import ACCESSORY, ACTION, BUTTON, ID, IMAGE, INPUT, URL, any_text, plain_text
from sandbox.slack.check_shapes import (
    Check,
    Findings,
    anything,
    array,
    at_least_one_of,
    boolean,
    by_type,
    exactly_one_of,
    one_of,
    shape,
    string,
)

_EVERYWHERE = frozenset({"modal", "home", "message"})
_NOT_IN_MODALS = frozenset({"home", "message"})
_MESSAGES = frozenset({"message"})

# The surfaces of every block type Slack has. A type that stands here without a check below is let through as it is.
SURFACES: Mapping[str, frozenset[str]] = {
    "actions": _EVERYWHERE,
    "alert": frozenset({"modal"}),
    "card": _EVERYWHERE,
    "carousel": _NOT_IN_MODALS,
    "container": _NOT_IN_MODALS,
    "context": _EVERYWHERE,
    "context_actions": _MESSAGES,
    "data_table": _NOT_IN_MODALS,
    "data_visualization": _NOT_IN_MODALS,
    "divider": _EVERYWHERE,
    "file": _MESSAGES,
    "header": _EVERYWHERE,
    "image": _EVERYWHERE,
    "input": _EVERYWHERE,
    "markdown": _MESSAGES,
    "plan": _MESSAGES,
    "rich_text": _EVERYWHERE,
    "section": _EVERYWHERE,
    "table": _NOT_IN_MODALS,
    "task_card": _MESSAGES,
    "video": _EVERYWHERE,
}

MARKDOWN_LIMIT = 12_000


def _block(required: Mapping[str, Check], optional: Mapping[str, Check], *rules: Check) -> Check:
    return shape({"type": anything, **required}, {"block_id": ID, **optional}, *rules)


_TEXT_STYLE = shape(
    {},
    dict.fromkeys(
        ("bold", "italic", "strike", "code", "underline", "highlight", "unlink", "client_highlight"), boolean
    ),
)


def _rich(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    return shape({"type": anything, **required}, {"style": _TEXT_STYLE, **(optional or {})})


_RICH_PIECE = by_type(
    {
        "text": _rich({"text": string(40_000)}),
        "link": _rich({"url": URL}, {"text": string(3000), "unsafe": boolean}),
        "user": _rich({"user_id": ID}),
        "usergroup": _rich({"usergroup_id": ID}),
        "channel": _rich({"channel_id": ID}),
        "team": _rich({"team_id": ID}),
        "emoji": _rich({"name": string(255)}, {"unicode": string(255), "skin_tone": anything, "url": URL}),
        "broadcast": _rich({"range": one_of("here", "channel", "everyone")}),
        "date": _rich({"timestamp": anything, "format": string(1000)}, {"url": URL, "fallback": string(1000)}),
        "color": _rich({"value": string(255)}),
    }
)
_PIECES = array(_RICH_PIECE, 1000, least=0)
_RICH_SECTION = shape({"type": anything, "elements": _PIECES}, {})
_BORDERED = shape({"type": anything, "elements": _PIECES}, {"border": anything})
_RICH_LIST = shape(
    {
        "type": anything,
        "style": one_of("bullet", "ordered"),
        "elements": array(by_type({"rich_text_section": _RICH_SECTION}), 1000),
    },
    {"indent": anything, "offset": anything, "border": anything},
)
_RICH_PART = by_type(
    {
        "rich_text_section": _RICH_SECTION,
        "rich_text_list": _RICH_LIST,
        "rich_text_preformatted": _BORDERED,
        "rich_text_quote": _BORDERED,
    }
)

_RICH_TEXT = _block({"elements": array(_RICH_PART, 1000)}, {})
_CARD = _block(
    {},
    {
        "hero_image": IMAGE,
        "icon": IMAGE,
        "title": any_text(150),
        "subtitle": any_text(150),
        "body": any_text(200),
        "actions": array(by_type({"button": BUTTON}), 3),
    },
    at_least_one_of("hero_image", "title", "actions", "body"),
)
_CELL = by_type(
    {
        "raw_text": shape({"type": anything, "text": string(3000)}, {}),
        "raw_number": shape({"type": anything}, {}, is_open=True),
        "rich_text": _RICH_TEXT,
    }
)


def _child_block(value: Any, pointer: str, found: Findings) -> None:
    block(value, pointer, found)  # blocks stand inside of blocks


_CHECKS: Mapping[str, Check] = {
    "actions": _block({"elements": array(ACTION, 25)}, {}),
    "alert": _block({"text": any_text(200)}, {"level": one_of("default", "info", "warning", "error", "success")}),
    "card": _CARD,
    "carousel": _block({"elements": array(by_type({"card": _CARD}), 10)}, {}),
    "container": _block(
        {"child_blocks": array(_child_block, 10)},
        {
            "title": plain_text(150),
            "rich_text_title": _RICH_TEXT,
            "subtitle": any_text(150),
            "width": one_of("narrow", "standard", "wide", "full"),
            "icon": IMAGE,
            "is_collapsible": boolean,
            "default_collapsed": boolean,
            "has_header_divider": boolean,
        },
        at_least_one_of("title", "rich_text_title"),
    ),
    "context": _block(
        {"elements": array(by_type({"image": IMAGE, **dict.fromkeys(("plain_text", "mrkdwn"), any_text(3000))}), 10)},
        {},
    ),
    "divider": _block({}, {}),
    "header": _block({"text": plain_text(150)}, {}),
    "image": _block(
        {"alt_text": string(2000)},
        {"image_url": URL, "slack_file": anything, "title": plain_text(2000)},
        exactly_one_of("image_url", "slack_file"),
    ),
    "input": _block(
        {"label": plain_text(2000), "element": INPUT},
        {"hint": plain_text(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "markdown": _block({"text": string(MARKDOWN_LIMIT)}, {}),
    "rich_text": _RICH_TEXT,
    "section": _block(
        {},
        {"text": any_text(3000), "fields": array(any_text(2000), 10), "accessory": ACCESSORY, "expand": boolean},
        at_least_one_of("text", "fields"),
    ),
    "table": _block({"rows": array(array(_CELL, 20), 100)}, {"column_settings": array(anything, 20)}),
}
_LET_THROUGH = shape({"type": anything}, {"block_id": ID}, is_open=True)


def block(value: Any, pointer: str, found: Findings) -> None:
    """One block of any kind."""
    kind = str(value.get("type")) if isinstance(value, dict) else ""
    if kind in SURFACES and found.surface not in SURFACES[kind]:
        found.add(f"{pointer}/type", f"unsupported type: {kind}")
    else:
        _BY_TYPE(value, pointer, found)


_BY_TYPE = by_type({kind: _CHECKS.get(kind, _LET_THROUGH) for kind in SURFACES})
