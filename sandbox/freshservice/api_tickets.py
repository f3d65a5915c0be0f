"""Tickets: list, search, view, create, update, trash, restore, move.

API v2 reference, Tickets, and recordings of live accounts, read 2025-11.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from sandbox.freshservice.checks import Check, check_size
from sandbox.freshservice.moments import read_moment, zulu
from sandbox.freshservice.paging import Window, includes, link_to_next, window
from sandbox.freshservice.query import NotAQuery, read_query
from sandbox.freshservice.records import PRIMARY_WORKSPACE, Activity, Agent, Json, Ticket
from sandbox.freshservice.shapes import Shapes
from sandbox.freshservice.wire import Answer, Asked, Refused, answered, coded, entry, invalid, only
from sandbox.freshservice.world import World

_LISTED_DAYS = 30
_SEARCHED = 30
_ACTIVITIES = 20
_VIEW_INCLUDES = (
    "tags",
    "conversations",
    "requester",
    "stats",
    "problem",
    "assets",
    "change",
    "changes",
    "related_tickets",
    "requested_for",
    "department",
    "feedback",
    "onboarding_context",
    "offboarding_context",
)
_LIST_INCLUDES = (
    "stats",
    "requester",
    "requested_for",
    "tags",
    "department",
    "onboarding_context",
    "offboarding_context",
)
_FILTERS = ("new_and_my_open", "watching", "spam", "deleted", "all_tickets")
_LIST_PARAMETERS = (
    "page",
    "per_page",
    "filter",
    "requester_id",
    "email",
    "type",
    "updated_since",
    "include",
    "order_type",
    "order_by",
)


class TicketsApi:
    def __init__(self, world: World, shapes: Shapes) -> None:
        self._world = world
        self._shapes = shapes
        self._switches = world.switches

    # many

    def list(self, asked: Asked) -> Answer:
        only(asked.query, *_LIST_PARAMETERS, *self._workspace_parameter())
        seen = window(asked.query, self._switches.most_per_page)
        names = includes(asked.query, _LIST_INCLUDES)
        workspace_id = self._workspace(asked)
        found = self._visible(asked.agent, self._chosen(asked, workspace_id))
        items, has_more = seen.cut(found)
        text = self._items(items, workspace_id, names)
        if self._switches.huge_bytes:
            text += f',"filler":"{"x" * self._switches.huge_bytes}"'
        return Answer(200, "{" + text + "}", link_to_next(asked, seen, has_more))

    def filter(self, asked: Asked) -> Answer:
        """Newest first, 30 a page, from an index that may be late."""
        only(asked.query, "query", "page", "per_page", *self._workspace_parameter())
        if "query" not in asked.query:
            raise invalid(entry("query", "Mandatory attribute missing", "missing_field"))
        seen = window(asked.query)
        size = seen.size if self._switches.filter_obeys_per_page else _SEARCHED
        workspace_id = self._workspace(asked)
        try:
            test = read_query(asked.query["query"], self._world.form.custom(workspace_id), self._addresses)
        except NotAQuery as error:
            raise invalid(*error.errors) from error
        found = [one for one in self._visible(asked.agent, self._indexed(workspace_id)) if test(one)]
        items, _ = Window(seen.page, size).cut(found)
        return Answer(200, "{" + self._items(items, workspace_id, ()) + f',"total":{len(found)}' + "}")

    def _items(self, items: Sequence[Ticket], workspace_id: int, names: tuple[str, ...]) -> str:
        return f'"tickets":{self._shapes.listed(items, everywhere=workspace_id == 0, includes=names)}'

    def _chosen(self, asked: Asked, workspace_id: int) -> Iterator[Ticket]:
        query = asked.query
        since, chosen = _since(query.get("updated_since")), query.get("filter")
        if chosen is not None and chosen not in _FILTERS:
            raise _not_among("filter", _FILTERS)
        if query.get("order_type", "desc") not in ("asc", "desc"):
            raise _not_among("order_type", ("asc", "desc"))
        if since is not None and self._switches.updated_since_is_exclusive:
            since += timedelta(seconds=1)
        ascending = query.get("order_type") == "asc"
        found = self._in_order(since, chosen, workspace_id, ascending=ascending)
        if self._switches.obeys_order_by and query.get("order_by") == "updated_at":
            found = iter(sorted(found, key=lambda one: (one.updated_at, one.id), reverse=not ascending))
        return (one for one in found if self._fits(one, asked))

    def _in_order(
        self, since: datetime | None, chosen: str | None, workspace_id: int, *, ascending: bool
    ) -> Iterator[Ticket]:
        """By the time of creation. Without `since`, those of the last thirty days alone."""
        lag = self._switches.list_lag_seconds
        is_plain = chosen not in ("spam", "deleted") and not lag
        month_ago = self._world.now() - timedelta(days=_LISTED_DAYS)
        if is_plain and since is None:
            return _of_the_month(self._world.listed(workspace_id, newest_first=not ascending), month_ago, ascending)
        if is_plain and since is not None:
            return self._touched(since, workspace_id, ascending=ascending)
        every = self._world.past.as_of(self._world.now() - timedelta(seconds=lag))
        fitting = [
            one
            for one in every
            if (one.deleted, one.spam and not one.deleted) == (chosen == "deleted", chosen == "spam")
            and workspace_id in (0, one.workspace_id)
            and (one.created_at >= month_ago if since is None else one.updated_at >= since)
        ]
        return iter(fitting[::-1] if ascending else fitting)

    def _touched(self, since: datetime, workspace_id: int, *, ascending: bool) -> Iterator[Ticket]:
        world = self._world
        oldest = next(iter(world.touched), None)
        if oldest is not None and world.tickets[oldest].updated_at >= since:  # that is all of them
            return world.listed(workspace_id, newest_first=not ascending)
        found = [
            one
            for one in world.touched_since(since)
            if not one.deleted and not one.spam and workspace_id in (0, one.workspace_id)
        ]
        found.sort(key=lambda one: one.id, reverse=not ascending)
        return iter(found)

    def _indexed(self, workspace_id: int) -> Iterator[Ticket]:
        lag = self._switches.filter_lag_seconds
        if not lag:
            return self._world.listed(workspace_id)
        every = self._world.past.as_of(self._world.now() - timedelta(seconds=lag))
        return (one for one in every if not (one.deleted or one.spam) and workspace_id in (0, one.workspace_id))

    def _fits(self, one: Ticket, asked: Asked) -> bool:
        query = asked.query
        if query.get("filter") == "new_and_my_open":
            return one.status == 2 and one.responder_id in (None, asked.agent.id)
        if query.get("filter") == "watching":
            return False
        return (
            query.get("requester_id", str(one.requester_id)) == str(one.requester_id)
            and ("email" not in query or query["email"].lower() in self._addresses(one))
            and query.get("type", one.type) == one.type
        )

    def _visible(self, agent: Agent, tickets: Iterable[Ticket]) -> Iterator[Ticket]:
        return (one for one in tickets if one.workspace_id in agent.workspace_ids)

    def _addresses(self, ticket: Ticket) -> tuple[str, ...]:
        person = self._world.people.person(ticket.requester_id)
        return (person.email.lower(),) if person and person.email else ()

    def _workspace_parameter(self) -> tuple[str, ...]:
        return ("workspace_id",) if self._switches.workspaces else ()

    def _workspace(self, asked: Asked) -> int:
        """Of a list: the primary one unless asked otherwise, 0 for all."""
        text = asked.query.get("workspace_id", str(PRIMARY_WORKSPACE))
        if not text.isascii() or not text.isdigit():
            raise invalid(entry("workspace_id", "It should be a/an Positive Integer", "datatype_mismatch"))
        if int(text) and int(text) not in asked.agent.workspace_ids:
            raise coded(403, "access_denied", "You are not authorized to perform this action.")
        return int(text)

    # one

    def view(self, asked: Asked) -> Answer:
        only(asked.query, "include")
        names = includes(asked.query, _VIEW_INCLUDES)
        ticket = self.ticket(asked)
        if ticket.deleted and self._switches.trashed_is_gone:
            raise Refused(404)
        return Answer(200, f'{{"ticket":{self._shapes.viewed(ticket, names)}}}')

    def create(self, asked: Asked) -> Answer:
        only(asked.query)
        check_size(self._world, None, sum(len(one.content) for one in asked.files))
        values = Check(self._world, asked.body, None, is_form=asked.is_form).values()
        if values.get("workspace_id", PRIMARY_WORKSPACE) not in asked.agent.workspace_ids:
            raise coded(403, "access_denied", "You are not authorized to perform this action.")
        ticket = self._world.add_ticket(values, asked.files, by=asked.agent.id)
        answer = self._written(201, ticket, {"Location": f"{asked.base}/api/v2/tickets/{ticket.id}"})
        self._world.apply_rule(ticket)
        return answer

    def update(self, asked: Asked) -> Answer:
        only(asked.query, "bypass_mandatory")
        before = self.live(asked)
        bypasses = asked.query.get("bypass_mandatory") == "true"
        if bypasses and not asked.agent.is_admin:
            raise coded(403, "access_denied", "Only an admin may skip mandatory fields.")
        values = Check(self._world, asked.body, before, is_form=asked.is_form).values(mandatory=not bypasses)
        check_size(self._world, before.id, sum(len(one.content) for one in asked.files))
        after = self._world.change(before.id, values, asked.files, by=asked.agent.id)
        return self._written(200, after, offset_times=self._switches.offset_times)

    def delete(self, asked: Asked) -> Answer:
        self._world.trash(self.live(asked).id, by=asked.agent.id)
        return Answer(204)

    def restore(self, asked: Asked) -> Answer:
        ticket = self.ticket(asked)
        if not ticket.deleted:
            raise Refused(404)
        self._world.restore(ticket.id, by=asked.agent.id)
        return Answer(204)

    def move(self, asked: Asked) -> Answer:
        """Into another workspace: custom fields that only the old one has are lost, and so are group and agent."""
        self.must_have_workspaces()
        before = self.live(asked)
        only(asked.body, "workspace_id", "group_id", "responder_id")
        wanted = asked.body.get("workspace_id")
        if wanted not in self._world.people.workspaces:
            raise invalid(entry("workspace_id", "There is no such workspace_id", "invalid_value"))
        kept = self._world.form.custom(0)
        values: Json = {
            "workspace_id": wanted,
            "group_id": asked.body.get("group_id"),
            "responder_id": asked.body.get("responder_id"),
            "custom_fields": {name: None for name in before.custom_fields if name not in kept},
        }
        return self._written(200, self._world.change(before.id, values, by=asked.agent.id))

    def remove_file(self, asked: Asked) -> Answer:
        ticket = self.live(asked)
        if asked.ids[1] not in ticket.files:
            raise Refused(404)
        self._world.remove_file(ticket.id, asked.ids[1], by=asked.agent.id)
        return Answer(204)

    def activities(self, asked: Asked) -> Answer:
        """Newest first, with a token for more."""
        only(asked.query, "start_token")
        ticket = self.ticket(asked)
        token = asked.query.get("start_token", "")
        lines = [one for one in self._world.histories.get(ticket.id, []) if not token or str(one.id) < token][::-1]
        shown, more = lines[:_ACTIVITIES], lines[_ACTIVITIES:]
        following = f"{asked.address}?start_token={shown[-1].id}" if more else None
        return answered(200, {"activities": [_activity(one) for one in shown], "next_page_url": following})

    def ticket(self, asked: Asked) -> Ticket:
        """Raises Refused: unknown, or in a workspace that the key's agent does not see."""
        found = self._world.tickets.get(asked.ids[0])
        if found is None:
            raise Refused(404)
        if found.workspace_id not in asked.agent.workspace_ids:
            raise coded(403, "access_denied", "You are not authorized to perform this action.")
        return found

    def live(self, asked: Asked) -> Ticket:
        """One that is not in the trash."""
        found = self.ticket(asked)
        if found.deleted:
            raise Refused(404)
        return found

    def must_have_workspaces(self) -> None:
        if not self._switches.workspaces:
            raise coded(403, "require_feature", "The workspaces feature is not part of your plan.")

    def _written(
        self, status: int, ticket: Ticket, headers: dict[str, str] | None = None, *, offset_times: bool = False
    ) -> Answer:
        return Answer(status, f'{{"ticket":{self._shapes.written(ticket, offset_times=offset_times)}}}', headers or {})


def _since(text: str | None) -> datetime | None:
    if text is None:
        return None
    moment = read_moment(text)
    if moment is None:
        raise invalid(entry("updated_since", "It should be a/an Date Time in ISO 8601", "invalid_value"))
    return moment


def _of_the_month(tickets: Iterator[Ticket], month_ago: datetime, ascending: bool) -> Iterator[Ticket]:
    for one in tickets:
        if one.created_at >= month_ago:
            yield one
        elif not ascending:  # the rest is older still
            return


def _not_among(name: str, known: tuple[str, ...]) -> Refused:
    return invalid(entry(name, f"It should be one of these values: '{', '.join(known)}'", "invalid_value"))


def _activity(one: Activity) -> Json:
    return {
        "actor": {"id": one.actor_id, "name": one.actor},
        "content": one.content,
        "sub_contents": list(one.more),
        "created_at": zulu(one.at),
    }
