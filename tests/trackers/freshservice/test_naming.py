"""People, groups and departments cost few calls, and a modest agent's blind spots are no reason to fail."""

from collections import Counter
from typing import Any

import pytest

from sync.errors import RemoteRefusedTicket
from sync.fields import Fields
from sync.ticket import Person
from tests.trackers.freshservice.scripted import AGENT, FORM, VIEWED, ScriptedDesk, answered
from trackers.freshservice.tracker import FreshserviceTracker

GROUPS = {"groups": [{"id": 27000184410, "name": "Network"}, {"id": 27000184411, "name": "Field Service"}]}
WITH_PLACES = {
    "ticket_fields": [
        *FORM["ticket_fields"],
        {
            "name": "group",
            "label": "Group",
            "field_type": "default_group",
            "default_field": True,
            "choices": [{"id": 27000184410, "value": "Network"}],
        },
    ]
}


def updates(script: ScriptedDesk) -> list[Any]:
    return [call.body for call in script.calls if call.method == "PUT"]


async def test_ten_looks_ask_for_each_person_once_and_for_no_group_that_the_form_names(
    script: ScriptedDesk, tracker: FreshserviceTracker
) -> None:
    script.on("GET ticket_form_fields", WITH_PLACES)
    for _ in range(10):
        assert (await tracker.read("372")).fields["group"] == "Network"
    asked = Counter(script.lines())
    assert asked["GET agents/27001930207"] == asked["GET requesters/27001930551"] == 1
    assert asked["GET ticket_form_fields"] == 1
    assert asked["GET groups"] == 0


async def test_groups_that_the_form_does_not_name_are_listed_once(
    script: ScriptedDesk, tracker: FreshserviceTracker
) -> None:
    script.on("GET groups", GROUPS)
    script.on("PUT tickets/372", {"ticket": VIEWED})
    assert [(await tracker.read("372")).fields["group"] for _ in range(3)] == ["Network"] * 3
    await tracker.update("372", Fields({"group": "field service"}))
    with pytest.raises(RemoteRefusedTicket, match="It has: Network, Field Service"):
        await tracker.update("372", Fields({"group": "Moon"}))
    assert script.lines().count("GET groups") == 1
    assert updates(script) == [{"group_id": 27000184411}]


async def test_who_cannot_be_seen_is_called_by_number_and_can_be_written_back(
    script: ScriptedDesk, tracker: FreshserviceTracker
) -> None:
    """Nobody, where somebody has the ticket, would be a lie that a rule might carry over."""
    forbidden = answered({"code": "access_denied"}, 403)
    for line in ("GET agents/27001930207", "GET requesters/27001930207", "GET groups"):
        script.on(line, forbidden)
    script.on("PUT tickets/372", {"ticket": VIEWED})
    ticket = await tracker.read("372")
    assert ticket.fields.only(("assignee", "group")) == Fields({"assignee": "27001930207", "group": "27000184410"})
    await tracker.update("372", ticket.fields.only(("assignee", "group")))
    assert updates(script) == [{"responder_id": 27001930207, "group_id": 27000184410}]


async def test_an_agent_whom_the_requesters_list_shows_as_a_requester_is_looked_for_among_agents(
    script: ScriptedDesk, tracker: FreshserviceTracker
) -> None:
    listed = {"id": 1, "first_name": "Ana", "primary_email": "ana@acme.example"}
    script.on("GET requesters", {"requesters": [listed]})
    script.on("GET agents", {"agents": [AGENT["agent"]]})
    script.on("PUT tickets/372", {"ticket": VIEWED})
    for _ in range(2):
        await tracker.update("372", Fields({"assignee": "ana@acme.example"}))
    assert updates(script) == [{"responder_id": 27001930207}] * 2
    assert script.lines().count("GET agents") == 1


async def test_names_are_searched_in_one_list_of_agents_an_hour(
    script: ScriptedDesk, tracker: FreshserviceTracker
) -> None:
    script.on("GET agents", {"agents": [AGENT["agent"]]})
    script.on("GET requesters", {"requesters": [{"id": 5, "first_name": "Ana", "last_name": "Rossi"}]})
    assert await tracker.people_by_name("Ana Ruiz") == (Person("Ana Ruiz", "ana@acme.example"),)
    assert await tracker.people_by_name("ana rossi") == (Person("Ana Rossi", None),)
    assert await tracker.people_by_name("Ana Rossi") == (Person("Ana Rossi", None),)
    assert Counter(script.lines()) == {"GET agents": 1, "GET requesters": 2}
    assert script.calls[1].query == {"query": "\"~[first_name|last_name]:'ana'\""}


async def test_an_answer_to_our_write_costs_no_look_at_people(
    script: ScriptedDesk, tracker: FreshserviceTracker
) -> None:
    script.on("PUT tickets/372", {"ticket": VIEWED})
    written = await tracker.update("372", Fields({"summary": "y"}))
    assert Counter(script.lines()) == {"GET ticket_form_fields": 1, "PUT tickets/372": 1}
    assert "assignee" not in written.fields  # nobody knows who that is yet, and nobody asked
