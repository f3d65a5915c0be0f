"""Who somebody is costs few calls, and nobody is ever made."""

import pytest

from sync.errors import RemoteRefusedTicket, RemoteUnavailable
from sync.fields import Fields
from sync.ticket import NewTicket, Person
from tests.trackers.freshservice.scripted import AGENT, REQUESTER, WRITTEN, ScriptedDesk, answered
from trackers.freshservice.tracker import FreshserviceTracker

LENA = REQUESTER["requester"]
ANA = AGENT["agent"]
NEW = NewTicket(Fields({"summary": "VPN", "description": "Help."}), "Acme #1 · drawbridge:abcdefgh2345")


async def test_a_requester_is_found_by_e_mail_with_one_call_and_then_with_none(
    script: ScriptedDesk, tracker: FreshserviceTracker
) -> None:
    script.on("GET requesters", {"requesters": [LENA]})
    for _ in range(2):
        assert await tracker.person_by_email(" Lena@Northwind.example ") == Person(
            "Lena Maes", "lena@northwind.example"
        )
    assert script.lines() == ["GET requesters"]
    assert script.calls[0].query == {"email": "lena@northwind.example", "include_agents": "true"}


async def test_an_agent_is_found_too(script: ScriptedDesk, tracker: FreshserviceTracker) -> None:
    script.on("GET requesters", {"requesters": []})
    script.on("GET agents", {"agents": [ANA]})
    assert await tracker.person_by_email("ana@acme.example") == Person("Ana Ruiz", "ana@acme.example")


async def test_an_account_that_does_not_mix_agents_in_is_asked_the_plain_way(
    script: ScriptedDesk, tracker: FreshserviceTracker
) -> None:
    refused = answered({"errors": [{"field": "include_agents", "code": "invalid_field"}]}, 400)
    script.on("GET requesters", refused, {"requesters": [LENA]})
    assert await tracker.person_by_email("lena@northwind.example") is not None


async def test_a_desk_that_overlooks_the_filter_names_nobody_by_mistake(
    script: ScriptedDesk, tracker: FreshserviceTracker
) -> None:
    script.on("GET requesters", {"requesters": [LENA]})
    script.on("GET agents", {"agents": [ANA]})
    assert await tracker.person_by_email("other@acme.example") is None


async def test_a_second_address_counts(script: ScriptedDesk, tracker: FreshserviceTracker) -> None:
    script.on("GET requesters", {"requesters": [{**LENA, "secondary_emails": ["Lena@home.example"]}]})
    assert await tracker.person_by_email("lena@home.example") is not None


@pytest.mark.parametrize("typed", ["", "lena", "a b@c.example", "x@y@z", '"a"@b.example', "@", "a@" + "b" * 300])
async def test_what_is_no_address_costs_no_call(script: ScriptedDesk, tracker: FreshserviceTracker, typed: str) -> None:
    assert await tracker.person_by_email(typed) is None
    assert script.calls == []


async def test_a_plus_in_an_address_arrives_as_a_plus(script: ScriptedDesk, tracker: FreshserviceTracker) -> None:
    script.on("GET requesters", {"requesters": []})
    script.on("GET agents", {"agents": []})
    await tracker.person_by_email("a+b@c.example")
    assert script.calls[0].query["email"] == "a+b@c.example"


async def test_an_unknown_person_is_not_asked_for_again_at_once(
    script: ScriptedDesk, tracker: FreshserviceTracker
) -> None:
    script.on("GET requesters", {"requesters": []})
    script.on("GET agents", {"agents": []})
    for _ in range(3):
        assert await tracker.person_by_email("who@acme.example") is None
    assert script.lines() == ["GET requesters", "GET agents"]


async def test_people_that_may_not_be_seen_are_nobody(script: ScriptedDesk, tracker: FreshserviceTracker) -> None:
    script.on("GET requesters/27001930551", answered({"code": "access_denied"}, 403))
    script.on("GET agents/27001930551", answered("", 404))
    ticket = await tracker.read("372")
    assert ticket.requester is None
    assert ticket.comments[0].author == Person("Ana Ruiz", "ana@acme.example")


async def test_a_name_that_cannot_be_had_now_is_not_made_up(script: ScriptedDesk, tracker: FreshserviceTracker) -> None:
    script.on("GET agents/27001930207", answered("<html>", 502))
    with pytest.raises(RemoteUnavailable):
        await tracker.read("372")


async def test_a_new_ticket_is_the_known_persons(script: ScriptedDesk, tracker: FreshserviceTracker) -> None:
    script.on("GET requesters", {"requesters": [LENA]})
    script.on("POST tickets", answered({"ticket": WRITTEN}, 201))
    await tracker.create(NewTicket(NEW.fields, NEW.marker_line, Person("L", "lena@northwind.example")))
    body = script.calls[-1].body
    assert body["requester_id"] == 27001930551
    assert not {"email", "phone", "name"} & set(body)  # these would make somebody


async def test_a_new_ticket_of_a_stranger_is_whoevers_was_chosen(
    script: ScriptedDesk, tracker: FreshserviceTracker
) -> None:
    desk = {"id": 27001939999, "first_name": "Service", "last_name": "Desk", "primary_email": "desk@acme.example"}
    script.on("GET requesters", {"requesters": []}, {"requesters": [desk]})
    script.on("GET agents", {"agents": []})
    script.on("POST tickets", answered({"ticket": WRITTEN}, 201))
    await tracker.create(NewTicket(NEW.fields, NEW.marker_line, Person("S", "stranger@globex.example")))
    assert script.calls[-1].body["requester_id"] == 27001939999
    assert not [line for line in script.lines() if line.startswith("POST") and line != "POST tickets"]


async def test_without_anybody_to_stand_in_the_ticket_waits(script: ScriptedDesk, tracker: FreshserviceTracker) -> None:
    script.on("GET requesters", {"requesters": []})
    script.on("GET agents", {"agents": []})
    with pytest.raises(RemoteRefusedTicket, match="Choose one for such tickets in setup"):
        await tracker.create(NEW)
    assert "POST tickets" not in script.lines()
