"""A toy desk's own little interface over paths, so that rules with calls of their own can be tried on it.

GET  /tickets/7                PUT /tickets/7 {"priority": "High"}
GET  /people?email=ana@acme.example
GET  /groups
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sync.errors import RemoteGone, RemoteRefusedTicket
from sync.fields import Fields
from sync.ticket import Person
from trackers.own_calls import MAX_ANSWER, body_text, checked_method, checked_path, too_long
from trackers.port import HttpAnswer, Tracker


@dataclass(frozen=True, slots=True)
class ToyInterface:
    """`groups` are names, `people` go by their addresses."""

    tracker: Tracker
    people: Mapping[str, Person]
    groups: tuple[str, ...]

    async def answer(self, method: str, path: str, query: Mapping[str, str], body: object) -> HttpAnswer:
        verb = checked_method(method)
        target, pairs = checked_path(path, query)
        text = None if verb == "GET" else body_text(body)
        try:
            status, said = await self._said(verb, target.strip("/").split("/"), dict(pairs), text)
        except RemoteGone:
            status, said = 404, {"message": "There is no such ticket."}
        except RemoteRefusedTicket as error:
            status, said = 400, {"message": str(error)}
        shown = json.dumps(said)
        if len(shown.encode()) > MAX_ANSWER:
            raise too_long()
        return HttpAnswer(status, {"content-type": "application/json"}, shown)

    async def _said(
        self, verb: str, parts: list[str], query: Mapping[str, str], text: str | None
    ) -> tuple[int, dict[str, object]]:
        if parts == ["groups"] and verb == "GET":
            return 200, {"groups": [{"name": name} for name in self.groups]}
        if parts == ["people"] and verb == "GET":
            wanted = query.get("email", "").strip().lower()
            found = [one for address, one in self.people.items() if wanted in ("", address)]
            return 200, {"people": [{"name": one.name, "email": one.email} for one in found]}
        if len(parts) == 2 and parts[0] == "tickets" and verb in ("GET", "PUT"):
            if verb == "PUT":
                await self.tracker.update(parts[1], _fields(text))
            ticket = await self.tracker.read(parts[1])
            return 200, {"ticket": {"id": ticket.id, **ticket.fields.to_json()}}
        return 404, {"message": "The toy desk has nothing there."}


def _fields(text: str | None) -> Fields:
    try:
        read = json.loads(text or "")
        return Fields(read if isinstance(read, dict) else {})
    except (ValueError, AssertionError, RecursionError) as exc:
        raise RemoteRefusedTicket("The body must be a JSON object of fields.") from exc
