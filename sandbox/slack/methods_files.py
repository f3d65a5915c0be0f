"""`files.*`: looking one up, and the two steps around an upload by an app."""

from __future__ import annotations

import json

from sandbox.slack.errors import ApiError
from sandbox.slack.forms import Json
from sandbox.slack.ids import secret
from sandbox.slack.methods import Ask, Method
from sandbox.slack.posting import channel_for, may_post
from sandbox.slack.world import Channel, StoredFile, file_shape

_MOST_BYTES = 1024 * 1024 * 1024


def files_info(ask: Ask) -> Json:
    ask.need("files:read")
    stored = ask.world.files.get(ask.text("file"))
    if stored is None:
        raise ApiError("file_not_found")
    return {"file": file_shape(stored, ask.base_url)}


def get_upload_url(ask: Ask) -> Json:
    """An address that takes exactly so many bytes, once; nobody sees the file before the upload is completed."""
    ask.need("files:write")
    name, length = ask.text("filename"), ask.text("length")
    if not (length.isascii() and length.isdigit() and 0 < int(length) <= _MOST_BYTES):
        raise ApiError("invalid_arguments", "[ERROR] must be a number of bytes [json-pointer:/length]")
    token = secret("", 12)
    stored = ask.world.add_file(ask.install.bot_user, name, None)
    ask.world.uploads[token] = (stored, int(length))
    return {"upload_url": f"{ask.base_url}/upload/{token}", "file_id": stored.id}


def complete_upload(ask: Ask) -> Json:
    """Shares what was uploaded in one channel, named by its id."""
    ask.need("files:write")
    wanted = [_uploaded(ask, one) for one in _listed(ask.args.get("files"))]
    channel = _channel(ask)
    for stored, title in wanted:
        stored.title = title or stored.name
    files = [stored for stored, _ in wanted]
    if channel is not None:
        text = ask.optional("initial_comment") or ""
        ask.world.post(channel, ask.install.bot_user, text=text, install=ask.install, files=files)
    return {"files": [file_shape(stored, ask.base_url) for stored in files]}


def _channel(ask: Ask) -> Channel | None:
    wanted = ask.optional("channel_id")
    if wanted is None:
        return None
    if wanted not in ask.world.channels:  # neither a name nor a person
        raise ApiError("channel_not_found")
    channel = channel_for(ask.world, ask.install, wanted)
    may_post(ask.install, channel)
    return channel


def _listed(given: object) -> list[Json]:
    try:
        parsed = json.loads(given) if isinstance(given, str) else given
    except ValueError:
        parsed = None
    if not isinstance(parsed, list) or not parsed or not all(isinstance(one, dict) and one.get("id") for one in parsed):
        raise ApiError("invalid_arguments", "[ERROR] must be a list of files with their ids [json-pointer:/files]")
    return parsed


def _uploaded(ask: Ask, one: Json) -> tuple[StoredFile, str]:
    stored = ask.world.files.get(one["id"])
    if stored is None or stored.owner is not ask.install.bot_user or stored.content is None:
        raise ApiError("file_not_found")
    return stored, str(one.get("title") or "")


METHODS: dict[str, Method] = {
    "files.info": files_info,
    "files.getUploadURLExternal": get_upload_url,
    "files.completeUploadExternal": complete_upload,
}
