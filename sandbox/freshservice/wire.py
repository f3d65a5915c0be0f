"""A call as the endpoints see it, and what they answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.freshservice.records import Agent, Json, Upload

_NO_HEADERS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it arrived, and how it ended: 0 for a cut connection. The key is not kept."""

    method: str
    path: str
    query: str
    status: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A call that passed the door. `ids` are the numbers in its path, `agent` whose key it is, `base` the address of
    the account, `address` that of the call without its query."""

    method: str
    address: str
    base: str
    ids: tuple[int, ...]
    query: Mapping[str, str]
    body: Json
    files: tuple[Upload, ...]
    is_form: bool
    agent: Agent


@dataclass(frozen=True, slots=True)
class Answer:
    """`text` is JSON unless `content` is given."""

    status: int
    text: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None
    content_type: str = "application/json"


@dataclass(slots=True)
class Refused(Exception):
    """The call is answered with this, and changes nothing."""

    status: int
    body: Json | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def answer(self) -> Answer:
        return Answer(self.status, "" if self.body is None else dumped(self.body), self.headers)


def dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def answered(status: int, body: Json, headers: Mapping[str, str] = _NO_HEADERS) -> Answer:
    return Answer(status, dumped(body), headers)


def coded(status: int, code: str, message: str) -> Refused:
    """The short form of an error."""
    return Refused(status, {"code": code, "message": message})


def entry(name: str, message: str, code: str) -> Json:
    return {"field": name, "message": message, "code": code}


def invalid(*errors: Json) -> Refused:
    """The long form: what is wrong with each field."""
    return Refused(400, {"description": "Validation failed", "errors": list(errors)})


def only(given: Mapping[str, Any], *known: str) -> None:
    """Raises Refused for names that the endpoint does not know."""
    errors = [
        entry(name, "Unexpected/invalid field in request", "invalid_field") for name in given if name not in known
    ]
    if errors:
        raise invalid(*errors)
