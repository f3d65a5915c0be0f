"""People, groups, departments, workspaces, the ticket form, and files by their id.

API v2 reference, Agents, Requesters, Groups, Departments, Workspaces and Ticket fields, read 2025-11.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from sandbox.freshservice.api_tickets import TicketsApi
from sandbox.freshservice.directory import addresses_of
from sandbox.freshservice.moments import zulu
from sandbox.freshservice.paging import link_to_next, window
from sandbox.freshservice.records import (
    PRIMARY_WORKSPACE,
    Agent,
    Department,
    Group,
    Json,
    Requester,
    Workspace,
)
from sandbox.freshservice.wire import Answer, Asked, Refused, answered, coded, entry, invalid, only
from sandbox.freshservice.world import World

_QUERY = re.compile(r"\"?(?P<name>\w+)\s*:\s*'(?P<value>[^']*)'\"?")
_STARTS = re.compile(r"\"?~\[first_name\|last_name\]\s*:\s*'(?P<value>[^']*)'\"?")
_NO = ("true", "false")


class PeopleApi:
    def __init__(self, world: World, tickets: TicketsApi) -> None:
        self._world = world
        self._people = world.people
        self._tickets = tickets

    def agents(self, asked: Asked) -> Answer:
        """By first name."""
        only(asked.query, "page", "per_page", "email", "active", "state", "query")
        start = _start(asked)
        wanted, active, state = _address(asked, "email"), asked.query.get("active"), asked.query.get("state")
        if active not in (None, *_NO):
            raise invalid(entry("active", "It should be a/an Boolean", "datatype_mismatch"))
        if state not in (None, "fulltime", "occasional"):
            raise invalid(entry("state", "It should be one of these values: 'fulltime, occasional'", "invalid_value"))
        found = [
            one
            for one in self._people.agents.values()
            if wanted in (None, one.email.lower())
            and _starts(one, start)
            and active in (None, str(one.active).lower())
            and state in (None, "occasional" if one.occasional else "fulltime")
        ]
        return self._page(asked, "agents", sorted(found, key=lambda one: one.first_name), self._agent)

    def agent(self, asked: Asked) -> Answer:
        return _one("agent", self._people.agents.get(asked.ids[0]), self._agent)

    def me(self, asked: Asked) -> Answer:
        return _one("agent", asked.agent if self._world.switches.agents_me else None, self._agent)

    def requesters(self, asked: Asked) -> Answer:
        """Agents are missing unless they are asked for."""
        only(asked.query, "page", "per_page", "email", "include_agents", "query")
        wanted, mixed = _address(asked, "primary_email"), asked.query.get("include_agents", "false")
        if mixed not in _NO:
            raise invalid(entry("include_agents", "It should be a/an Boolean", "datatype_mismatch"))
        everybody: list[Agent | Requester] = [*self._people.requesters.values()]
        everybody += self._people.agents.values() if mixed == "true" else ()
        found = [one for one in everybody if wanted is None or wanted in addresses_of(one)]
        found = [one for one in found if _starts(one, _start(asked))]
        return self._page(asked, "requesters", sorted(found, key=lambda one: one.first_name), self._requester)

    def requester(self, asked: Asked) -> Answer:
        return _one("requester", self._people.requesters.get(asked.ids[0]), self._requester)

    def groups(self, asked: Asked) -> Answer:
        """Of one workspace, by name."""
        only(asked.query, "page", "per_page", *self._workspace_parameter())
        workspace_id = self._workspace(asked)
        found = [one for one in self._people.groups.values() if one.workspace_id == workspace_id]
        return self._page(asked, "groups", sorted(found, key=lambda one: one.name), self._group)

    def group(self, asked: Asked) -> Answer:
        return _one("group", self._people.groups.get(asked.ids[0]), self._group)

    def departments(self, asked: Asked) -> Answer:
        only(asked.query, "page", "per_page", "query")
        return self._page(asked, "departments", self._people.departments.values(), _department)

    def department(self, asked: Asked) -> Answer:
        return _one("department", self._people.departments.get(asked.ids[0]), _department)

    def workspaces(self, asked: Asked) -> Answer:
        self._tickets.must_have_workspaces()
        only(asked.query, "page", "per_page")
        found = [one for one in self._people.workspaces.values() if one.id in asked.agent.workspace_ids]
        return self._page(asked, "workspaces", found, _workspace)

    def workspace(self, asked: Asked) -> Answer:
        self._tickets.must_have_workspaces()
        if asked.ids[0] in self._people.workspaces and asked.ids[0] not in asked.agent.workspace_ids:
            raise coded(403, "access_denied", "You are not authorized to perform this action.")
        return _one("workspace", self._people.workspaces.get(asked.ids[0]), _workspace)

    def fields(self, asked: Asked) -> Answer:
        """The whole form at once, for those who may see it."""
        only(asked.query, *self._workspace_parameter())
        if not asked.agent.may_see_fields:
            raise coded(403, "access_denied", "You are not authorized to perform this action.")
        workspace_id = self._workspace(asked)
        choices = self._people.choices(asked.agent, workspace_id)
        shown = self._world.form.as_json(workspace_id, choices, workspaces=self._world.switches.workspaces)
        return answered(200, {"ticket_fields": shown})

    def file(self, asked: Asked) -> Answer:
        """Also an image that stands in a text."""
        found = self._world.files.get(asked.ids[0])
        if found is None:
            raise Refused(404)
        return Answer(200, content=found.content, content_type=found.content_type)

    # shapes

    def _agent(self, one: Agent) -> Json:
        roles = {"role_id": 27_000_000_002, "assignment_scope": "entire_helpdesk", "groups": []}
        scopes = one.workspace_ids if self._world.switches.workspaces else ()
        return {
            **_who(one),
            "email": one.email,
            "occasional": one.occasional,
            "time_format": "24h",
            "scoreboard_level_id": None,
            "scoreboard_points": None,
            "signature": None,
            "auto_assign_tickets": True,
            "auto_assign_status_changed_at": None,
            "member_of": one.member_of,
            "observer_of": [],
            "member_of_pending_approval": [],
            "observer_of_pending_approval": [],
            "roles": [{**roles, "workspace_id": scope} for scope in scopes] or [roles],
            **({"workspace_ids": one.workspace_ids} if self._world.switches.workspaces else {}),
            "last_login_at": None,
            "last_active_at": None,
        }

    def _requester(self, one: Agent | Requester) -> Json:
        second = one.secondary_emails if isinstance(one, Requester) else ()
        phone = one.phone if isinstance(one, Requester) else None
        return {
            **_who(one),
            "primary_email": one.email,
            "secondary_emails": second,
            "mobile_phone_number": phone,
            "is_agent": isinstance(one, Agent),
        }

    def _group(self, one: Group) -> Json:
        shown = {
            "id": one.id,
            "name": one.name,
            "description": None,
            "escalate_to": None,
            "unassigned_for": None,
            "business_hours_id": None,
            "auto_ticket_assign": False,
            "restricted": one.restricted,
            "approval_required": False,
            "ocs_schedule_id": None,
            "workspace_id": one.workspace_id,
            "agent_ids": one.members,
            "members": one.members,
            "observers": [],
            "leaders": [],
            "members_pending_approval": [],
            "observers_pending_approval": [],
            "leaders_pending_approval": [],
            "created_at": zulu(one.created_at),
            "updated_at": zulu(one.created_at),
        }
        if not self._world.switches.workspaces:
            del shown["workspace_id"]
        return shown

    # how it is done

    def _page(self, asked: Asked, name: str, found: Iterable[Any], shape: Callable[[Any], Json]) -> Answer:
        seen = window(asked.query)
        items, has_more = seen.cut(found)
        return answered(200, {name: [shape(one) for one in items]}, link_to_next(asked, seen, has_more))

    def _workspace_parameter(self) -> tuple[str, ...]:
        return ("workspace_id",) if self._world.switches.workspaces else ()

    def _workspace(self, asked: Asked) -> int:
        text = asked.query.get("workspace_id", str(PRIMARY_WORKSPACE))
        if not (text.isascii() and text.isdigit()) or int(text) not in self._people.workspaces:
            raise invalid(entry("workspace_id", "There is no such workspace_id", "invalid_value"))
        return int(text)


def _one(name: str, found: Any, shape: Callable[[Any], Json]) -> Answer:
    if found is None:
        raise Refused(404)
    return answered(200, {name: shape(found)})


def _address(asked: Asked, field_name: str) -> str | None:
    """Whom a list asks for, by `email=` or by a query, in small letters."""
    if "query" not in asked.query or _STARTS.fullmatch(asked.query["query"]):
        return asked.query["email"].lower() if "email" in asked.query else None
    found = _QUERY.fullmatch(asked.query["query"])
    if found is None or found["name"] != field_name:
        raise invalid(entry(found["name"] if found else "query", "[:invalid_field]", "invalid_value"))
    return found["value"].lower()


def _start(asked: Asked) -> str:
    """What the first or the last name starts with; nothing where nobody asked."""
    found = _STARTS.fullmatch(asked.query.get("query", ""))
    return found["value"].lower() if found else ""


def _starts(one: Agent | Requester, start: str) -> bool:
    return any(name.lower().startswith(start) for name in (one.first_name, one.last_name or ""))


def _who(one: Agent | Requester) -> Json:
    """What agents and requesters have in common."""
    return {
        "id": one.id,
        "first_name": one.first_name,
        "last_name": one.last_name or None,
        "active": one.active,
        "job_title": None,
        "work_phone_number": None,
        "mobile_phone_number": None,
        "department_ids": [],
        "can_see_all_tickets_from_associated_departments": False,
        "reporting_manager_id": None,
        "address": None,
        "time_zone": "Brussels",
        "time_format": "24h",
        "language": "en",
        "location_id": None,
        "background_information": None,
        "vip_user": False,
        "external_id": None,
        "custom_fields": {},
        "has_logged_in": True,
        "created_at": zulu(one.created_at),
        "updated_at": zulu(one.created_at),
    }


def _department(one: Department) -> Json:
    stamp = f"{one.created_at:%Y-%m-%dT%H:%M:%S}.{one.created_at.microsecond // 1000:03}Z"
    return {
        "id": one.id,
        "name": one.name,
        "description": None,
        "head_user_id": None,
        "prime_user_id": None,
        "domains": [],
        "custom_fields": {},
        "created_at": stamp,
        "updated_at": stamp,
    }


def _workspace(one: Workspace) -> Json:
    return {
        "id": one.id,
        "name": one.name,
        "description": None,
        "primary": one.is_primary,
        "restricted": False,
        "state": "active",
        "template_name": one.name.lower(),
        "type": "workspace",
        "created_at": zulu(one.created_at),
        "updated_at": zulu(one.created_at),
    }
