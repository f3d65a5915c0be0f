"""Where an app may post and what it may post: the same for the Web API, acknowledgements and response URLs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.slack.checks import message_problems
from sandbox.slack.errors import ApiError
from sandbox.slack.forms import Json
from sandbox.slack.world import Channel, Install, World

TEXT_LIMIT = 40_000


@dataclass(frozen=True, slots=True)
class Content:
    """What a message says. None means: the app did not mention it, so an edited message keeps it."""

    text: str | None
    blocks: list[Json] | None
    attachments: list[Json] | None

    @property
    def is_empty(self) -> bool:
        return not (self.text or self.blocks or self.attachments)


def read_content(args: Mapping[str, Any]) -> Content:
    """Raises ApiError for what Slack refuses: `invalid_blocks`, `msg_too_long` and the like."""
    text = args.get("text")
    if text is not None and not isinstance(text, str):
        raise ApiError("invalid_arguments", "[ERROR] must be a string [json-pointer:/text]")
    if text is not None and len(text) > TEXT_LIMIT:
        raise ApiError("msg_too_long")
    blocks = _listed(args.get("blocks"), "invalid_blocks_format")
    if problems := message_problems(blocks or []):
        raise ApiError(problems.code, *problems.messages)
    return Content(text, blocks, _listed(args.get("attachments"), "invalid_attachments"))


def _listed(given: object, code: str) -> list[Json] | None:
    if given is None or given == "":
        return None
    try:
        parsed = json.loads(given) if isinstance(given, str) else given
    except ValueError:
        raise ApiError(code) from None
    if not isinstance(parsed, list):
        raise ApiError(code)
    return parsed


def channel_for(world: World, install: Install, wanted: object) -> Channel:
    """The channel as this app may know it, by id, name or the id of a person to write to.

    Raises ApiError `channel_not_found` for another organisation's, a private one without the bot, and unknown ones.
    """
    name = wanted if isinstance(wanted, str) else ""
    if name in world.people:
        return direct_messages(world, install, name)
    channel = world.channels.get(name) or _named(install, name.removeprefix("#"))
    if channel is None or install.team not in channel.teams:
        raise ApiError("channel_not_found")
    if channel.is_private and not channel.has(install.bot_user):
        raise ApiError("channel_not_found")
    return channel


def _named(install: Install, name: str) -> Channel | None:
    return next((channel for channel in install.team.channels.values() if channel.name == name), None)


def direct_messages(world: World, install: Install, user_id: str) -> Channel:
    """The bot's conversation with one person. Raises ApiError for people it cannot write to."""
    person, is_stranger = world.person_seen_by(install, user_id)
    if is_stranger:
        raise ApiError("user_not_found")
    if person.is_bot:
        raise ApiError("cannot_dm_bot")
    if person.is_deactivated:
        raise ApiError("user_disabled")
    return world.dm(install.bot_user, person)


def may_post(install: Install, channel: Channel) -> None:
    """Raises ApiError when the bot may not write there."""
    if channel.is_archived:
        raise ApiError("is_archived")
    if not channel.has(install.bot_user) and "chat:write.public" not in install.scopes:
        raise ApiError("not_in_channel")
