"""Requests as they arrive: keys, bodies, forms."""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import Any

from aiohttp import BodyPartReader, web

from sandbox.freshservice.records import Json, Upload
from sandbox.freshservice.wire import coded

_JSON = "application/json"
_FORM = "multipart/form-data"
_PART = re.compile(r"(?P<name>\w+)(?:\[(?P<key>\w+)\])?(?P<many>\[\])?")
_FILES = "attachments[]"


def key_of(header: str) -> str | None:
    """The user name of a Basic header; any password goes."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        return base64.b64decode(encoded, validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return None


def check_accept(accept: str) -> None:
    """Raises Refused."""
    if accept in ("*/*", _JSON):
        return
    accepted = {part.partition(";")[0].strip() for part in accept.split(",")}
    if not accepted & {_JSON, "*/*"}:
        raise coded(406, "not_acceptable", "Only application/json is served.")


async def read_body(request: web.BaseRequest) -> tuple[Json, tuple[Upload, ...], bool]:
    """Attributes, files, and whether it was a form. Raises Refused."""
    if not request.body_exists:
        return {}, (), False
    if request.content_type == _FORM:
        body, files = await _form(request)
        return body, files, True
    content = await request.read()
    if not content:
        return {}, (), False
    if request.content_type != _JSON:
        raise coded(415, "invalid_content_type", "Only application/json and multipart/form-data are read.")
    return _object(content), (), False


def _object(content: bytes) -> Json:
    try:
        read = json.loads(content)
    except ValueError:
        read = None
    if not isinstance(read, dict):
        raise coded(400, "invalid_json", "The body is not a JSON object.")
    return read


async def _form(request: web.BaseRequest) -> tuple[Json, tuple[Upload, ...]]:
    body: Json = {}
    files: list[Upload] = []
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader) or part.name is None:
                continue
            content = bytes(await part.read(decode=True))
            if part.filename is None:
                _put(body, part.name, content.decode())
            else:
                kind = part.headers.get("Content-Type", "application/octet-stream").partition(";")[0]
                files.append(_upload(part.name, part.filename, content, kind))
    except ValueError as error:
        raise coded(400, "invalid_json", "The form cannot be read.") from error
    return body, tuple(files)


def _upload(name: str, filename: str, content: bytes, content_type: str) -> Upload:
    if name != _FILES:
        raise coded(400, "invalid_field", f"Files go into {_FILES}.")
    return Upload(filename.replace("\\", "/").rpartition("/")[2], content, content_type)


def _put(body: Json, name: str, value: str) -> None:
    """`tags[]` gathers a list, `custom_fields[x]` an object, `custom_fields[x][]` a list in it."""
    found = _PART.fullmatch(name)
    if found is None:
        body[name] = value
        return
    holder: dict[str, Any] = body
    key = found["name"]
    if found["key"]:
        holder, key = body.setdefault(key, {}), found["key"]
    if found["many"]:
        holder.setdefault(key, []).append(value)
    else:
        holder[key] = value
