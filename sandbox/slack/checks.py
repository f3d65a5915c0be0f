"""What Slack refuses to show: the checks of whole views and whole messages."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.slack.check_blocks import MARKDOWN_LIMIT, block
from sandbox.slack.check_elements import plain_text
from sandbox.slack.check_shapes import Check, Findings, anything, array, boolean, shape, string
from sandbox.slack.forms import Json, interactive

VIEW_BYTES = 250_000
MESSAGE_TEXT_LIMIT = 13_000  # not documented; where Slack was seen to begin to refuse


@dataclass(frozen=True, slots=True)
class Problems:
    """The error code and the lines of `response_metadata.messages`."""

    code: str
    messages: tuple[str, ...] = ()


def view_problems(view: Json, surface: str) -> Problems | None:
    """For a view that is to be a `modal` or a `home`; None when Slack would take it."""
    if len(json.dumps(view)) > VIEW_BYTES:
        return Problems("view_too_large")
    found = Findings(surface)
    if view.get("type") != surface:
        found.add("/view/type", f"must be {surface}" if surface in _VIEWS else f"unsupported type: {surface}")
    else:
        _VIEWS[surface](view, "/view", found)
    return Problems("invalid_arguments", tuple(found.lines)) if found.lines else None


def message_problems(blocks: Sequence[Json]) -> Problems | None:
    """For the blocks of a message; None when Slack would take them."""
    if not blocks:
        return None
    found = Findings("message")
    _MESSAGE_BLOCKS(blocks, "/blocks", found)
    if found.lines:
        return Problems("invalid_blocks", tuple(found.lines))
    return Problems("msg_blocks_too_long") if _text_length(blocks) > MESSAGE_TEXT_LIMIT else None


def _blocks(most: int) -> Check:
    """Blocks with what only holds for all of them together."""
    each = array(block, most)

    def check(value: Any, pointer: str, found: Findings) -> None:
        before = len(found.lines)
        each(value, pointer, found)
        if len(found.lines) == before:
            _ids_are_unique(value, pointer, found)
            _one_focus(value, pointer, found)
            _response_urls_only_in_inputs(value, pointer, found)
            _whole_payload_limits(value, pointer, found)

    return check


def _ids_are_unique(blocks: Sequence[Json], pointer: str, found: Findings) -> None:
    for block_id, times in Counter(one["block_id"] for one in blocks if "block_id" in one).items():
        if times > 1:
            found.add(pointer, f"`block_id` already exists: {block_id}")
    for number, one in enumerate(blocks):
        ids = Counter(element["action_id"] for _, element in interactive([one]) if "action_id" in element)
        for action_id in (name for name, times in ids.items() if times > 1):
            found.add(f"{pointer}/{number}", f"`action_id` already exists: {action_id}")


def _one_focus(blocks: Sequence[Json], pointer: str, found: Findings) -> None:
    if sum(bool(element.get("focus_on_load")) for _, element in interactive(blocks)) > 1:
        found.add(pointer, "only one element can have `focus_on_load` set to true")


def _response_urls_only_in_inputs(blocks: Sequence[Json], pointer: str, found: Findings) -> None:
    for one, element in interactive(blocks):
        if element.get("response_url_enabled") and (found.surface != "modal" or one["type"] != "input"):
            found.add(pointer, "response_url_enabled works in input blocks of modals only")


def _whole_payload_limits(blocks: Sequence[Json], pointer: str, found: Findings) -> None:
    if sum(len(one["text"]) for one in blocks if one["type"] == "markdown") > MARKDOWN_LIMIT:
        found.add(pointer, f"the text of all markdown blocks must be less than {MARKDOWN_LIMIT + 1} characters")
    if found.surface == "message" and sum(one["type"] == "table" for one in blocks) > 1:
        found.add(pointer, "only_one_table_allowed")


def _inputs_have_a_submit(view: Json, pointer: str, found: Findings) -> None:
    if "submit" not in view and any(one["type"] == "input" for one in view["blocks"]):
        found.add(pointer, "must define `submit` to use an `input` block in modals")


_COMMON = {
    "private_metadata": string(3000, least=0),
    "callback_id": string(255, least=0),
    "external_id": string(255, least=0),
}
_VIEWS = {
    "modal": shape(
        {"type": anything, "title": plain_text(24), "blocks": _blocks(100)},
        {
            **_COMMON,
            "submit": plain_text(24),
            "close": plain_text(24),
            "clear_on_close": boolean,
            "notify_on_close": boolean,
        },
        _inputs_have_a_submit,
    ),
    "home": shape({"type": anything, "blocks": _blocks(100)}, _COMMON),
}
_MESSAGE_BLOCKS = _blocks(50)


def _text_length(blocks: Sequence[Json]) -> int:
    return sum(len(text) for text in _texts(blocks))


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for one in node:
            yield from _texts(one)
    elif isinstance(node, dict):
        for name, part in node.items():
            if name == "text" and isinstance(part, str):
                yield part
            else:
                yield from _texts(part)
