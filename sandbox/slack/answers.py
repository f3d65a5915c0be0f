"""What an app says back to a command or a click: in its acknowledgement or through a response URL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.slack.errors import ApiError
from sandbox.slack.permits import ResponseUrl
from sandbox.slack.posting import Content, read_content
from sandbox.slack.world import Channel, Install, Message, Person, World


def acknowledge_command(
    world: World, install: Install, person: Person, channel: Channel, typed: str, ack: Mapping[str, Any]
) -> None:
    """Shows the acknowledgement's text: to the person alone unless it says `in_channel`.

    In the channel it comes together with the command as it was typed. Raises ApiError for what Slack refuses.
    """
    is_public = ack.get("response_type") == "in_channel"
    content = read_content(ack)
    if is_public:
        world.post(channel, person, text=typed)
    if not content.is_empty:
        _say(world, install, None if is_public else person, channel, content)


def use_response_url(world: World, path: str, body: Mapping[str, Any]) -> None:
    """One use of a response URL. Raises ApiError for what Slack refuses."""
    url = world.permits.use_response_url(path)
    original = url.message
    if body.get("delete_original") in (True, "true"):
        if original is not None:
            world.delete(original)
        return
    content = read_content(body)
    if content.is_empty:
        raise ApiError("no_text")
    if original is not None and body.get("replace_original") in (True, "true"):
        world.edit(original, text=content.text or "", blocks=content.blocks or [], attachments=content.attachments)
        return
    _post_by_url(world, url, content, is_public=body.get("response_type") == "in_channel")


def _post_by_url(world: World, url: ResponseUrl, content: Content, *, is_public: bool) -> None:
    _say(world, url.install, None if is_public else url.person, url.channel, content)


def _say(world: World, install: Install, only_for: Person | None, channel: Channel, content: Content) -> Message:
    return world.post(
        channel,
        install.bot_user,
        text=content.text or "",
        blocks=content.blocks,
        attachments=content.attachments,
        install=install,
        only_for=only_for,
    )
