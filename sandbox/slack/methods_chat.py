"""`chat.*`: posting, editing and deleting messages."""

from __future__ import annotations

from sandbox.slack.errors import ApiError
from sandbox.slack.forms import Json
from sandbox.slack.methods import Ask, Method
from sandbox.slack.posting import channel_for, may_post, read_content
from sandbox.slack.world import Channel, Message


def post_message(ask: Ask) -> Json:
    ask.need("chat:write")
    channel = channel_for(ask.world, ask.install, ask.text("channel"))
    content = read_content(ask.args)
    if content.is_empty:
        raise ApiError("no_text")
    may_post(ask.install, channel)
    message = ask.world.post(
        channel,
        ask.install.bot_user,
        text=content.text or "",
        blocks=content.blocks,
        attachments=content.attachments,
        thread_ts=ask.optional("thread_ts"),
        install=ask.install,
    )
    return {"channel": channel.id, "ts": message.ts, "message": message.payload()}


def post_ephemeral(ask: Ask) -> Json:
    ask.need("chat:write")
    channel = channel_for(ask.world, ask.install, ask.text("channel"))
    content = read_content(ask.args)
    if content.is_empty:
        raise ApiError("no_text")
    may_post(ask.install, channel)
    person = ask.world.people.get(ask.text("user"))
    if person is None or not channel.has(person):
        raise ApiError("user_not_in_channel")
    message = ask.world.post(
        channel,
        ask.install.bot_user,
        text=content.text or "",
        blocks=content.blocks,
        attachments=content.attachments,
        install=ask.install,
        only_for=person,
    )
    return {"message_ts": message.ts}


def update(ask: Ask) -> Json:
    """With a text and no blocks the blocks go; with neither the message keeps what is not mentioned."""
    ask.need("chat:write")
    message = _own_message(ask, "cant_update_message")
    content = read_content(ask.args)
    if content.text is None and content.blocks is None and content.attachments is None:
        raise ApiError("no_text")
    blocks = content.blocks if content.blocks is not None else [] if content.text is not None else message.blocks
    text = content.text if content.text is not None else message.text
    if not (text or blocks or content.attachments):
        raise ApiError("no_text")
    ask.world.edit(message, text=text, blocks=blocks, attachments=content.attachments)
    return {"channel": message.channel.id, "ts": message.ts, "text": text, "message": message.payload()}


def delete(ask: Ask) -> Json:
    ask.need("chat:write")
    message = _own_message(ask, "cant_delete_message")
    ask.world.delete(message)
    return {"channel": message.channel.id, "ts": message.ts}


def get_permalink(ask: Ask) -> Json:
    channel = channel_for(ask.world, ask.install, ask.text("channel"))
    message = _message(channel, ask.text("message_ts"))
    link = f"https://{ask.install.team.domain}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": link}


def _own_message(ask: Ask, refusal: str) -> Message:
    """Only ids are taken here, no names: `#general` and user ids are `channel_not_found`, as at Slack."""
    wanted = ask.text("channel")
    if wanted not in ask.world.channels:
        raise ApiError("channel_not_found")
    message = _message(channel_for(ask.world, ask.install, wanted), ask.text("ts"))
    if message.author is not ask.install.bot_user:
        raise ApiError(refusal)
    return message


def _message(channel: Channel, ts: str) -> Message:
    message = channel.messages.get(ts)
    if message is None:
        raise ApiError("message_not_found")
    return message


METHODS: dict[str, Method] = {
    "chat.postMessage": post_message,
    "chat.postEphemeral": post_ephemeral,
    "chat.update": update,
    "chat.delete": delete,
    "chat.getPermalink": get_permalink,
}
