"""A desk that answers word for word what a test tells it to: for answers that a well-behaved stand-in never gives."""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from pairing.secret import Secret
from sync.errors import RemoteUnavailable
from trackers.freshservice.desks import FreshserviceDesks
from trackers.freshservice.tracker import FreshserviceTracker
from trackers.port import CallKind, Reading

KEY = Secret("desk-key-1")
LIMITS = {"X-RateLimit-Total": "140", "X-Ratelimit-Remaining": "139", "x-ratelimit-used-currentrequest": "1"}
AT = "2026-03-02T09:15:04Z"

LISTED: dict[str, Any] = {
    "subject": "VPN drops every ten minutes",
    "group_id": 27000184410,
    "department_id": None,
    "category": "Network",
    "sub_category": "Access",
    "item_category": None,
    "requester_id": 27001930551,
    "responder_id": 27001930207,
    "due_by": "2026-03-03T09:15:04Z",
    "fr_escalated": False,
    "deleted": False,
    "spam": False,
    "email_config_id": None,
    "fwd_emails": [],
    "reply_cc_emails": [],
    "cc_emails": [],
    "is_escalated": False,
    "fr_due_by": "2026-03-02T17:15:04Z",
    "id": 372,
    "priority": 2,
    "status": 2,
    "source": 2,
    "created_at": AT,
    "updated_at": "2026-03-02T09:41:37Z",
    "requested_for_id": 27001930551,
    "to_emails": None,
    "type": "Incident",
    "description": "<div>Since Monday.</div>",
    "description_text": "Since Monday.",
    "custom_fields": {"affected_site": "Ghent", "seats": 2, "vendor_case": None},
    "workspace_id": 2,
}
# What the answer to a create or an update has: no `deleted`, but tags and files.
WRITTEN: dict[str, Any] = {
    **{name: value for name, value in LISTED.items() if name != "deleted"},
    "tags": ["vpn"],
    "attachments": [],
    "resolution_notes": None,
    "resolution_notes_html": None,
}
VIEWED: dict[str, Any] = {**LISTED, "urgency": 2, "impact": 1, "sla_policy_id": 5, "attachments": [], "tags": ["vpn"]}
NOTE: dict[str, Any] = {
    "id": 27009930188,
    "body": "<div>Supplier asked for logs.</div>",
    "body_text": "Supplier asked for logs.",
    "incoming": False,
    "private": False,
    "created_at": "2026-03-02T10:15:00Z",
    "updated_at": "2026-03-02T10:15:00Z",
    "user_id": 27001930207,
    "support_email": None,
    "source": 2,
    "ticket_id": 372,
    "to_emails": [],
    "from_email": None,
    "cc_emails": [],
    "bcc_emails": None,
    "attachments": [],
}
FORM: dict[str, Any] = {
    "ticket_fields": [
        {
            "name": "status",
            "label": "Status",
            "field_type": "default_status",
            "default_field": True,
            "required_for_agents": True,
            "workspace_id": 1,
            "choices": [
                {"id": 2, "value": "Open"},
                {"id": 3, "value": "Pending"},
                {"id": 4, "value": "Resolved"},
                {"id": 5, "value": "Closed"},
                {"id": 6, "value": "With the supplier"},
            ],
        },
        {
            "name": "affected_site",
            "label": "Affected site",
            "field_type": "custom_dropdown",
            "default_field": False,
            "required_for_agents": True,
            "workspace_id": 2,
            "choices": [
                {"id": 27000900010, "display_id": 4, "value": "Ghent"},
                {"id": 27000900011, "display_id": 5, "value": "Lyon"},
            ],
        },
        {"name": "seats", "field_type": "custom_number", "default_field": False, "workspace_id": 1},
    ]
}
AGENT = {"agent": {"id": 27001930207, "first_name": "Ana", "last_name": "Ruiz", "email": "ana@acme.example"}}
REQUESTER = {
    "requester": {
        "id": 27001930551,
        "first_name": "Lena",
        "last_name": "Maes",
        "primary_email": "lena@northwind.example",
    }
}


@dataclass(frozen=True)
class Call:
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any

    @property
    def line(self) -> str:
        return f"{self.method} {self.path.removeprefix('/api/v2/')}"


Answers = web.StreamResponse | Callable[[web.Request], Any]


def answered(body: object, status: int = 200, /, **headers: str) -> Callable[[web.Request], web.Response]:
    text = body if isinstance(body, str) else json.dumps(body)
    kind = "text/html" if text.startswith("<") else "application/json"

    def answer(request: web.Request) -> web.Response:
        return web.Response(status=status, text=text, content_type=kind, headers={**LIMITS, **headers})

    return answer


@dataclass
class ScriptedDesk:
    """`says` has the answers for "GET tickets/372", the last one for ever; everything else is 404."""

    says: dict[str, list[Callable[[web.Request], Any]]] = field(default_factory=lambda: defaultdict(list))
    calls: list[Call] = field(default_factory=list)
    origin: str = ""
    _runner: web.AppRunner | None = None

    def on(self, line: str, *answers: object) -> None:
        self.says[line] = [answer if callable(answer) else answered(answer) for answer in answers]

    def lines(self) -> list[str]:
        return [call.line for call in self.calls]

    async def start(self) -> "ScriptedDesk":
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.origin = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        body: Any = None
        if request.content_type == "application/json" and request.can_read_body:
            body = await request.json()
        elif request.content_type.startswith("multipart/"):
            body = await _parts(request)
        call = Call(request.method, request.path, dict(request.query), dict(request.headers), body)
        self.calls.append(call)
        answers = self.says.get(call.line)
        if not answers:
            return answered({"code": "not_found", "message": "none"}, 404)(request)
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        result = answer(request)
        return await result if not isinstance(result, web.StreamResponse) else result


async def _parts(request: web.Request) -> list[tuple[str, str | None, str, bytes]]:
    """Name, file name, content type and content of each."""
    reader = await request.multipart()
    found = []
    while (part := await reader.next()) is not None:
        assert isinstance(part, aiohttp.BodyPartReader)
        content = bytes(await part.read())
        found.append((str(part.name), part.filename, part.headers.get("Content-Type", ""), content))
    return found


@dataclass
class Unlimited:
    """A budget that lets everything pass and remembers what it was asked and told."""

    asked: list[tuple[CallKind, int, bool]] = field(default_factory=list)
    told: list[tuple[CallKind, Reading]] = field(default_factory=list)
    is_spent: bool = False

    async def reserve(self, kind: CallKind, price: int = 1, *, urgent: bool = False) -> None:
        if self.is_spent:
            raise RemoteUnavailable("spent", 7.0)
        self.asked.append((kind, price, urgent))

    def learned(self, kind: CallKind, reading: Reading) -> None:
        self.told.append((kind, reading))

    @property
    def has_room(self) -> bool:
        return not self.is_spent


def opened(
    desk: ScriptedDesk,
    session: aiohttp.ClientSession,
    *,
    fallback: str = "",
    seconds: float = 5.0,
    urgent: bool = False,
) -> tuple[FreshserviceTracker, Unlimited]:
    budget = Unlimited()
    kind = FreshserviceDesks(session, frozenset({desk.origin}), call_seconds=seconds)
    return kind.open(desk.origin, KEY, fallback_requester=fallback, budget=budget, urgent=urgent), budget
