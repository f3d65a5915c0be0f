"""What every method of the Web API gets, and how methods are listed by their names."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.slack.errors import ApiError
from sandbox.slack.forms import Json
from sandbox.slack.world import App, Install, World


@dataclass(frozen=True, slots=True)
class Ask:
    """One call: who asks and with which arguments. `base_url` is the stand-in's own, without a slash at its end."""

    world: World
    install: Install
    args: Mapping[str, Any]
    base_url: str

    def need(self, scope: str) -> None:
        """Raises ApiError `missing_scope` when the app was not given this scope."""
        if scope not in self.install.scopes:
            raise ApiError("missing_scope", needed=scope, provided=",".join(self.install.scopes))

    def text(self, name: str) -> str:
        """A required argument. Raises ApiError `invalid_arguments`."""
        value = self.args.get(name)
        if value is None or value == "":
            raise ApiError("invalid_arguments", f"[ERROR] missing required field: {name} [json-pointer:/{name}]")
        return str(value)

    def optional(self, name: str) -> str | None:
        value = self.args.get(name)
        return None if value is None or value == "" else str(value)

    def is_true(self, name: str) -> bool:
        return self.args.get(name) in (True, "true", "1", 1)

    def structure(self, name: str) -> Json:
        """A required object, given as JSON or as its text. Raises ApiError `invalid_arguments`."""
        value = self.args.get(name)
        if isinstance(value, str) and value:
            try:
                value = json.loads(value)
            except ValueError:
                raise ApiError("invalid_arguments", f"[ERROR] invalid JSON [json-pointer:/{name}]") from None
        if not isinstance(value, dict):
            raise ApiError("invalid_arguments", f"[ERROR] missing required field: {name} [json-pointer:/{name}]")
        return value

    def page(self, key: str, rows: Sequence[Json]) -> Json:
        """One page of rows, as `limit` and `cursor` ask for it."""
        start = _offset(self.optional("cursor"))
        end = start + min(int(self.args.get("limit") or 1000), 1000)
        following = base64.b64encode(b"next:%d" % end).decode() if end < len(rows) else ""
        return {key: list(rows[start:end]), "response_metadata": {"next_cursor": following}}


Method = Callable[[Ask], Json]
AppMethod = Callable[[World, App, str], Json]


def _offset(cursor: str | None) -> int:
    if not cursor:
        return 0
    try:
        word, _, number = base64.b64decode(cursor, validate=True).decode().partition(":")
        if word == "next":
            return int(number)
    except ValueError:
        pass
    raise ApiError("invalid_cursor")
