"""The text that a person reads on a surface: mentions as names, links as their words, no markup of ours added."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from sandbox.slack.forms import Json

NameOf = Callable[[str], str | None]  # the name for the id of a person or a channel, None when unknown

_REFERENCE = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")


def plain(text: str, name_of: NameOf) -> str:
    """A mrkdwn text as it is read; `*` and backticks stay as they are."""
    shown = _REFERENCE.sub(lambda found: _read(found, name_of), text)
    return shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _read(found: re.Match[str], name_of: NameOf) -> str:
    sign, target, words = found.groups()
    if sign in ("@", "#") and target:
        return sign + (name_of(target) or words or target)
    if sign == "!":
        return words if words is not None else f"@{target.partition('^')[0]}"
    return words if words is not None else target


def block_text(block: Json, name_of: NameOf) -> str:
    """All of one block, a line for each piece."""
    return "\n".join(line for line in _lines(block, name_of) if line)


def all_text(blocks: Sequence[Json], name_of: NameOf) -> str:
    return "\n".join(text for block in blocks if (text := block_text(block, name_of)))


_PIECES = ("title", "subtitle", "body", "caption", "text", "label", "hint", "fields", "placeholder", "options")
_PARTS = ("option_groups", "rows", "accessory", "element", "elements", "actions", "child_blocks", "description")


def _lines(node: object, name_of: NameOf) -> Iterator[str]:
    if isinstance(node, str):
        yield plain(node, name_of)
    elif isinstance(node, list):
        for one in node:
            yield from _lines(one, name_of)
    elif isinstance(node, dict):
        yield from _object_lines(node, name_of)


def _object_lines(node: Json, name_of: NameOf) -> Iterator[str]:
    kind = node.get("type")
    if kind in ("plain_text", "raw_text"):
        yield str(node["text"])
    elif kind in ("rich_text_section", "rich_text_preformatted", "rich_text_quote"):
        yield "".join(_rich(piece, name_of) for piece in node["elements"])
    elif kind == "image":
        yield str(node.get("alt_text", ""))
    else:
        for name in (*_PIECES, *_PARTS):
            yield from _lines(node.get(name), name_of)


def _rich(piece: Json, name_of: NameOf) -> str:
    kind = piece["type"]
    if kind == "link":
        return str(piece.get("text") or piece["url"])
    if kind == "user":
        return "@" + (name_of(piece["user_id"]) or piece["user_id"])
    if kind == "channel":
        return "#" + (name_of(piece["channel_id"]) or piece["channel_id"])
    if kind == "emoji":
        return f":{piece['name']}:"
    if kind == "date":
        return str(piece.get("fallback", ""))
    return str(piece.get("text", ""))
