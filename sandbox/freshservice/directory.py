"""The people of an account, their groups, departments and workspaces."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sandbox.freshservice.form import Choice
from sandbox.freshservice.records import PRIMARY_WORKSPACE, Agent, Department, Group, Requester, Workspace


class Directory:
    """`agents` holds first the one whom keys belong to that name nobody else."""

    def __init__(self, next_id: Callable[[], int], now: Callable[[], datetime], mail_host: str) -> None:
        self.mail_host = mail_host
        self.agents: dict[int, Agent] = {}
        self.requesters: dict[int, Requester] = {}
        self.groups: dict[int, Group] = {}
        self.departments: dict[int, Department] = {}
        self.workspaces: dict[int, Workspace] = {}
        self._next_id = next_id
        self._now = now
        self.add_workspace("IT")
        self.add_agent("Bridge", is_admin=True)
        self.add_group("Service Desk")

    def add_agent(self, name: str, email: str = "", **more: Any) -> Agent:
        """`name` is the first name, or both; `more` are attributes of Agent."""
        first, _, last = name.partition(" ")
        email = email or self._address(name)
        added = Agent(self._next_id(), email, first, last, self._now(), **more)
        self.agents[added.id] = added
        return added

    def add_requester(self, name: str, email: str | None = "", **more: Any) -> Requester:
        """Without an address one is made of the name; None for somebody who has none."""
        first, _, last = name.partition(" ")
        added = Requester(
            self._next_id(), self._address(name) if email == "" else email, first, last, self._now(), **more
        )
        self.requesters[added.id] = added
        return added

    def add_group(self, name: str, *, workspace_id: int = PRIMARY_WORKSPACE, **more: Any) -> Group:
        added = Group(self._next_id(), name, workspace_id, self._now(), **more)
        self.groups[added.id] = added
        return added

    def add_department(self, name: str) -> Department:
        added = Department(self._next_id(), name, self._now())
        self.departments[added.id] = added
        return added

    def add_workspace(self, name: str) -> Workspace:
        """Ids count from 2, the primary one. Agents see it when they are told to: see `change_agent`."""
        added = Workspace(PRIMARY_WORKSPACE + len(self.workspaces), name, self._now())
        self.workspaces[added.id] = added
        return added

    def change_agent(self, agent: Agent, **changed: Any) -> Agent:
        self.agents[agent.id] = dataclasses.replace(self.agents[agent.id], **changed)
        return self.agents[agent.id]

    @property
    def bridge(self) -> Agent:
        """Whom keys belong to that name nobody else."""
        return next(iter(self.agents.values()))

    def person(self, identity: int | None) -> Agent | Requester | None:
        if identity is None:
            return None
        return self.agents.get(identity) or self.requesters.get(identity)

    def by_email(self, email: str) -> Agent | Requester | None:
        """Agents first; letters in any case, second addresses too."""
        wanted = email.lower()
        everybody: list[Agent | Requester] = [*self.agents.values(), *self.requesters.values()]
        return next((one for one in everybody if wanted in addresses_of(one)), None)

    def requester_for(self, email: str, name: str = "") -> Agent | Requester:
        """An address nobody has makes a new requester."""
        return self.by_email(email) or self.add_requester(name or email.partition("@")[0], email)

    def name_of(self, identity: int | None) -> str:
        found = self.person(identity)
        return found.name if found else "Ticket Workflow"

    def choices(self, me: Agent, workspace_id: int) -> dict[str, list[Choice]]:
        """What the form offers for people and places."""
        return {
            "agent": [Choice(one.id, _decorated(one, me), one.id) for one in self.agents.values()],
            "group": [
                Choice(one.id, one.name, one.id) for one in self.groups.values() if one.workspace_id == workspace_id
            ],
            "department": [Choice(one.id, one.name, one.id) for one in self.departments.values()],
            "workspace": [Choice(one.id, one.name, one.id) for one in self.workspaces.values()],
        }

    def _address(self, name: str) -> str:
        return f"{name.lower().replace(' ', '.')}@{self.mail_host}"


def addresses_of(one: Agent | Requester) -> tuple[str, ...]:
    """In small letters."""
    second = one.secondary_emails if isinstance(one, Requester) else ()
    return tuple(address.lower() for address in (one.email, *second) if address)


def _decorated(one: Agent, me: Agent) -> str:
    if one.id == me.id:
        return f"{one.name} (Me)"
    return one.name if one.active else f"{one.name} (Deactivated)"
