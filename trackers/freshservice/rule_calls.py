"""A rule's own calls to its desk: this origin and this key, whatever the rule says, and within the account's budget."""

import re
from collections.abc import Mapping

import aiohttp

from sync.errors import RemoteUnavailable
from trackers.errors import CallNotAllowed
from trackers.freshservice import answers
from trackers.freshservice.http import Client
from trackers.own_calls import MAX_ANSWER, body_text, checked_method, checked_path, too_long
from trackers.port import CallKind, HttpAnswer

_API = "/api/v2/"
_TICKET = re.compile(r"tickets/[0-9]+")
_SHOWN = ("content-type", "date", "link", "location", "x-request-id")
_LISTS = {"tickets": CallKind.LIST, "agents": CallKind.LIST_AGENTS, "requesters": CallKind.LIST_REQUESTERS}


async def call_of_a_rule(client: Client, method: str, path: str, query: Mapping[str, str], body: object) -> HttpAnswer:
    verb = checked_method(method)
    target, pairs = checked_path(path, query)
    if not target.startswith(_API):
        raise CallNotAllowed("Freshservice has its interface below /api/v2/: write a path like /api/v2/tickets/7.")
    below = target.removeprefix(_API).strip("/")
    text = None if verb == "GET" else body_text(body)
    kind, price = _drawn(verb, below, pairs)
    async with client.raw(kind, price, verb, below, pairs, text) as answer:
        if answer.status == 429:
            wait = answers.wait_seconds(answer.headers.get("Retry-After"), answer.headers.get("Date"))
            raise RemoteUnavailable("The desk has had too many calls. It goes on by itself.", wait)
        got = await _body(answer)
        headers = {name: answer.headers[name] for name in _SHOWN if name in answer.headers}
        return HttpAnswer(answer.status, headers, got.decode("utf-8", "replace"))


async def _body(answer: aiohttp.ClientResponse) -> bytes:
    if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise answers.unusable()
    got = bytearray()
    async for piece in answer.content.iter_chunked(64 * 1024):
        got += piece
        if len(got) > MAX_ANSWER:
            raise too_long()
    return bytes(got)


def _drawn(verb: str, below: str, pairs: tuple[tuple[str, str], ...]) -> tuple[CallKind, int]:
    """Which limit the call draws on, and what it costs there."""
    included = {name.strip() for key, value in pairs if key == "include" for name in value.split(",") if name.strip()}
    if verb == "GET" and below in _LISTS:
        return _LISTS[below], 1 + 2 * len(included)
    if _TICKET.fullmatch(below):
        kinds = {"GET": CallKind.VIEW, "PUT": CallKind.UPDATE}
        return kinds.get(verb, CallKind.OTHER), 1 + len(included)
    return (CallKind.CREATE if verb == "POST" and below == "tickets" else CallKind.OTHER), 1 + len(included)
