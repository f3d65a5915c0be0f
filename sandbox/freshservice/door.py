"""The way of a call: faults, limits, what is accepted, the key, the endpoint."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import ceil

from aiohttp import web

from sandbox.freshservice.api_conversations import ConversationsApi
from sandbox.freshservice.api_people import PeopleApi
from sandbox.freshservice.api_tickets import TicketsApi
from sandbox.freshservice.faults import ERROR_PAGE, Faults
from sandbox.freshservice.limits import Drawn, Limits, Taken
from sandbox.freshservice.links import Links
from sandbox.freshservice.reading import check_accept, key_of, read_body
from sandbox.freshservice.records import Agent
from sandbox.freshservice.shapes import Shapes
from sandbox.freshservice.wire import Answer, Asked, Refused, coded
from sandbox.freshservice.world import World

API = "/api/v2/"
Endpoint = Callable[[Asked], Answer]
_LISTS = frozenset({"tickets", "agents", "requesters", "groups", "departments", "workspaces"})
_NO_BODY = ("GET", "DELETE", "HEAD")


@dataclass(frozen=True, slots=True)
class Route:
    """What a path does, by method, and what each draws on."""

    endpoints: Mapping[str, Endpoint]
    drawn: Mapping[str, Drawn]


class Door:
    """`keys` maps keys to agents' ids; None for the bridge's agent. `limited` keys may not read tickets."""

    def __init__(self, world: World, links: Links, limits: Limits, keys: set[str], limited: set[str]) -> None:
        self.world = world
        self.links = links
        self.limits = limits
        self.keys = keys
        self.limited = limited
        self.owners: dict[str, int] = {}
        self.faults = Faults()
        self._routes = _routes(world, Shapes(world, links))

    def take(self, method: str, path: str, query: Mapping[str, str]) -> Taken:
        """Every call costs, also one that is refused."""
        name, ids = _name_of(path)
        route = self._routes.get(name)
        return self.limits.take(route.drawn.get(method) if route else None, _price(query, single=bool(ids)))

    async def answer(self, request: web.BaseRequest, path: str, query: Mapping[str, str], taken: Taken) -> Answer:
        if taken.wait_seconds is not None:
            return Answer(429, '{"message":"Too many calls."}', {"Retry-After": str(ceil(taken.wait_seconds))})
        try:
            check_accept("*/*" if path.startswith("attachments/") else request.headers.get("Accept", "*/*"))
            agent = self._agent(request.headers.get("Authorization", ""))
            name, ids = _name_of(path)
            endpoint = self._endpoint(request.method, name)
            body, files, is_form = ({}, (), False) if request.method in _NO_BODY else await read_body(request)
            base = self.links.base
            asked = Asked(request.method, f"{base}{API}{path}", base, ids, query, body, files, is_form, agent)
            return endpoint(asked)
        except Refused as refusal:
            return self._with_body(refusal).answer()

    def switched(self) -> Answer | None:
        """What a switch answers before the account is even looked at."""
        on = self.world.switches
        if on.unknown:
            return Answer(404)
        if on.redirect_to:
            return Answer(302, headers={"Location": on.redirect_to})
        if on.ssl_required:
            return coded(403, "ssl_required", "This call needs https.").answer()
        if on.retry_after is not None:
            return Answer(429, '{"message":"Too many calls."}', {"Retry-After": on.retry_after})
        if on.server_error:
            return Answer(on.server_error, ERROR_PAGE, content_type="text/html")
        if on.internal_error:
            return coded(500, "internal_error", "Something broke on our side.").answer()
        return Answer(200, ERROR_PAGE, content_type="text/html") if on.html else None

    def _agent(self, header: str) -> Agent:
        """Whose key it is. Raises Refused."""
        if self.world.switches.suspended:
            raise coded(403, "account_suspended", "This account is suspended.")
        key = key_of(header)
        bridge = self.world.people.bridge
        if key in self.limited:
            return replace(bridge, may_see_tickets=False)
        if key is None or key not in self.keys:
            raise coded(
                self.world.switches.refusal_status,
                "invalid_credentials",
                "You have to be logged in to perform this action.",
            )
        agent = self.world.people.agents[self.owners.get(key, bridge.id)]
        if not agent.active:
            raise coded(403, "access_denied", "This agent is deactivated.")
        return agent

    def _endpoint(self, method: str, name: str) -> Endpoint:
        route = self._routes.get(name)
        if route is None:
            raise Refused(404)
        endpoint = route.endpoints.get(method)
        if endpoint is None:
            allowed = ", ".join(route.endpoints)
            raise Refused(
                405, {"message": f"{method} is not allowed here. It should be one of: {allowed}"}, {"Allow": allowed}
            )
        return endpoint

    def _with_body(self, refusal: Refused) -> Refused:
        if refusal.status != 404 or not self.world.switches.not_found_has_json:
            return refusal
        return coded(404, "not_found", "The record was not found.")


def page_of(method: str, path: str, query: Mapping[str, str]) -> int | None:
    """Which page of a list a call asked for; None for anything else."""
    text = query.get("page", "1")
    return int(text) if method == "GET" and path in _LISTS and text.isdigit() else None


def _name_of(path: str) -> tuple[str, tuple[int, ...]]:
    """`tickets/7/notes` is `tickets/#/notes` and 7."""
    parts = path.split("/")
    ids = tuple(int(part) for part in parts if part.isascii() and part.isdigit())
    return ("/".join("#" if part.isascii() and part.isdigit() else part for part in parts), ids) if ids else (path, ())


def _price(query: Mapping[str, str], *, single: bool) -> int:
    """One, and for each thing embedded one more on a single record, two more on a list."""
    if "include" not in query:
        return 1
    names = {name.strip() for name in query["include"].split(",") if name.strip()}
    return 1 + len(names) * (1 if single else 2)


def _routes(world: World, shapes: Shapes) -> dict[str, Route]:
    tickets = TicketsApi(world, shapes)
    said = ConversationsApi(world, shapes, tickets)
    people = PeopleApi(world, tickets)

    def about_tickets(endpoint: Endpoint) -> Endpoint:
        def permitted(asked: Asked) -> Answer:
            if not asked.agent.may_see_tickets:
                raise coded(403, "access_denied", "You are not authorized to perform this action.")
            return endpoint(asked)

        return permitted

    table: dict[str, dict[str, Endpoint]] = {
        "tickets": {"GET": tickets.list, "POST": tickets.create},
        "tickets/filter": {"GET": tickets.filter},
        "tickets/#": {"GET": tickets.view, "PUT": tickets.update, "DELETE": tickets.delete},
        "tickets/#/restore": {"PUT": tickets.restore},
        "tickets/#/move_workspace": {"PUT": tickets.move},
        "tickets/#/activities": {"GET": tickets.activities},
        "tickets/#/attachments/#": {"DELETE": tickets.remove_file},
        "tickets/#/conversations": {"GET": said.list},
        "tickets/#/reply": {"POST": said.reply},
        "tickets/#/notes": {"POST": said.note},
        "conversations/#": {"PUT": said.edit, "DELETE": said.delete},
        "conversations/#/attachments/#": {"DELETE": said.remove_file},
        "attachments/#": {"GET": people.file},
    }
    others: dict[str, dict[str, Endpoint]] = {
        "ticket_form_fields": {"GET": people.fields},
        "agents": {"GET": people.agents},
        "agents/me": {"GET": people.me},
        "agents/#": {"GET": people.agent},
        "requesters": {"GET": people.requesters},
        "requesters/#": {"GET": people.requester},
        "groups": {"GET": people.groups},
        "groups/#": {"GET": people.group},
        "departments": {"GET": people.departments},
        "departments/#": {"GET": people.department},
        "workspaces": {"GET": people.workspaces},
        "workspaces/#": {"GET": people.workspace},
    }
    guarded = {
        name: {verb: about_tickets(endpoint) for verb, endpoint in verbs.items()} for name, verbs in table.items()
    }
    return {name: Route(verbs, _DRAWN.get(name, {})) for name, verbs in (guarded | others).items()}


_DRAWN: Mapping[str, Mapping[str, Drawn]] = {
    "tickets": {"GET": Drawn.LIST_TICKETS, "POST": Drawn.CREATE},
    "tickets/#": {"GET": Drawn.VIEW, "PUT": Drawn.UPDATE},
    "agents": {"GET": Drawn.LIST_AGENTS},
    "requesters": {"GET": Drawn.LIST_REQUESTERS},
}
