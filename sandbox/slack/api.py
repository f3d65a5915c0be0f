"""The Web API over HTTP: GET and POST, form and JSON, bearer tokens, Slack's own codes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web

from sandbox.slack import methods_chat, methods_files, methods_people, methods_views
from sandbox.slack.errors import ApiError
from sandbox.slack.faults import Faults
from sandbox.slack.forms import Json
from sandbox.slack.methods import Ask, Method
from sandbox.slack.record import Call, Record
from sandbox.slack.world import App, World

METHODS: Mapping[str, Method] = {
    **methods_chat.METHODS,
    **methods_files.METHODS,
    **methods_people.METHODS,
    **methods_views.METHODS,
}

# What happens all the time to an app that does nothing wrong: the person closed the modal, or someone was faster.
_NORMAL_LIFE = frozenset({("views.update", "not_found"), ("views.update", "hash_conflict")})


class WebApi:
    """`open_socket` makes the address of a new Socket Mode connection; `base_url` is the stand-in's own."""

    def __init__(self, world: World, record: Record, faults: Faults, open_socket: Callable[[App], str]) -> None:
        self._world = world
        self._record = record
        self._faults = faults
        self._open_socket = open_socket
        self.base_url = ""

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/api/{method}", self.handle), web.post("/api/{method}", self.handle)]

    async def handle(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        if self._faults.delay_ms:
            await asyncio.sleep(self._faults.delay_ms / 1000)
        if (bad_day := self._bad_day(method)) is not None:
            return bad_day
        try:
            args = await _arguments(request)
        except ApiError as error:
            return web.json_response(self._refused(method, None, error))
        return self._answer(method, args, _token(request, args))

    def _bad_day(self, method: str) -> web.Response | None:
        """The answer that a fault switch wants instead of ours."""
        seconds, error = self._faults.take_limit(method), self._faults.take_failure(method)
        if seconds is None and error is None:
            return None
        word = error or "ratelimited"
        self._record.calls.append(Call(method, "", word))
        body = {"ok": False, "error": word}
        if seconds is None:
            return web.json_response(body)
        return web.json_response(body, status=429, headers={"Retry-After": str(seconds)})

    def _answer(self, method: str, args: Mapping[str, Any], token: str) -> web.Response:
        install = self._world.tokens.get(token)
        headers = {"X-OAuth-Scopes": ",".join(install.scopes)} if install else {}
        try:
            body = {"ok": True, **self._called(method, args, token)}
        except ApiError as error:
            return web.json_response(self._refused(method, token, error), headers=headers)
        self._record.calls.append(Call(method, install.team.id if install else "", _summary(args)))
        return web.json_response(body, headers=headers)

    def _called(self, method: str, args: Mapping[str, Any], token: str) -> Json:
        if method == "apps.connections.open":
            return self._connection(token)
        if method not in METHODS:
            raise ApiError("unknown_method", req_method=method)
        if not token:
            raise ApiError("not_authed")
        if token in self._world.app_tokens:
            raise ApiError("not_allowed_token_type")
        install = self._world.tokens.get(token)
        if install is None:
            raise ApiError("invalid_auth")
        if install.is_revoked:
            raise ApiError("token_revoked")
        return METHODS[method](Ask(self._world, install, args, self.base_url))

    def _connection(self, token: str) -> Json:
        if not token:
            raise ApiError("not_authed")
        if token in self._world.tokens:
            raise ApiError("not_allowed_token_type")
        app = self._world.app_tokens.get(token)
        if app is None:
            raise ApiError("invalid_auth")
        if app.transport != "socket":
            raise ApiError("forbidden_team", "[ERROR] Socket Mode is not turned on for this app")
        return {"url": self._open_socket(app)}

    def _refused(self, method: str, token: str | None, error: ApiError) -> Json:
        install = self._world.tokens.get(token or "")
        self._record.calls.append(Call(method, install.team.id if install else "", str(error)))
        if (method, error.code) not in _NORMAL_LIFE and not (self._faults.expire_triggers and "trigger" in error.code):
            self._record.refuse(f"{method} by {install.app.name if install else 'an unknown app'}: {error}")
        self._world.changes.ring()
        body: Json = {"ok": False, "error": error.code, **error.fields}
        if error.messages:
            body["response_metadata"] = {"messages": list(error.messages)}
            if error.code == "invalid_blocks":
                body["errors"] = [message.removeprefix("[ERROR] ") for message in error.messages]
        return body


async def _arguments(request: web.Request) -> Mapping[str, Any]:
    if request.method == "GET":
        return dict(request.query)
    if request.content_type == "application/json":
        return _json_arguments(await request.text())
    return {**request.query, **await request.post()}


def _json_arguments(text: str) -> Mapping[str, Any]:
    try:
        parsed = json.loads(text) if text else {}
    except ValueError:
        raise ApiError("invalid_json") from None
    if not isinstance(parsed, dict):
        raise ApiError("json_not_object")
    return parsed


def _token(request: web.Request, args: Mapping[str, Any]) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else str(args.get("token", ""))


def _summary(args: Mapping[str, Any]) -> str:
    """Ids only: what was written is in the world."""
    named = ("channel", "user", "user_id", "users", "ts", "view_id", "external_id")
    return " ".join(f"{name}={args[name]}" for name in named if args.get(name))
