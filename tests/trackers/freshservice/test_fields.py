"""Checklist 11: the form per workspace, kept for minutes, read again when it is out of date; and without the right."""

from dataclasses import dataclass

import aiohttp
import pytest

from sync.errors import RemoteRefusedTicket, RemoteUnavailable
from sync.fields import Fields
from tests.trackers.freshservice.scripted import FORM, KEY, LISTED, VIEWED, WRITTEN, ScriptedDesk, Unlimited, answered
from trackers.freshservice.desks import FreshserviceDesks
from trackers.freshservice.fields import KEPT_SECONDS
from trackers.freshservice.form import read_form
from trackers.freshservice.record import Record
from trackers.freshservice.tracker import FreshserviceTracker


@dataclass
class Clock:
    now: float = 5000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tracker(script: ScriptedDesk, http_session: aiohttp.ClientSession, clock: Clock) -> FreshserviceTracker:
    kind = FreshserviceDesks(http_session, frozenset({script.origin}), clock=clock)
    return kind.open(script.origin, KEY, budget=Unlimited())


def forms_read(script: ScriptedDesk) -> int:
    return script.lines().count("GET ticket_form_fields")


async def test_facts_have_the_labels_of_the_form_and_what_it_demands(tracker: FreshserviceTracker) -> None:
    facts = await tracker.facts()
    assert facts.labels("status") == ("Open", "Pending", "Resolved", "Closed", "With the supplier")
    assert facts.labels("priority") == ("Low", "Medium", "High", "Urgent")  # not in this form: the documented ones
    assert facts.labels("custom.affected_site") == ("Ghent", "Lyon")
    assert facts.labels("custom.seats") is None
    assert facts.custom == {"affected_site", "seats"}
    assert {"status", "custom.affected_site", "summary", "description"} <= facts.required


async def test_the_form_is_kept_for_minutes(script: ScriptedDesk, tracker: FreshserviceTracker, clock: Clock) -> None:
    await tracker.facts()
    clock.now += KEPT_SECONDS - 1
    await tracker.facts()
    assert forms_read(script) == 1
    clock.now += 2
    await tracker.facts()
    assert forms_read(script) == 2


async def test_a_refused_value_has_the_form_read_again(script: ScriptedDesk, tracker: FreshserviceTracker) -> None:
    script.on("PUT tickets/372", answered({"errors": [{"field": "status", "code": "invalid_value"}]}, 400))
    with pytest.raises(RemoteRefusedTicket):
        await tracker.update("372", Fields({"status": "With the supplier"}))
    await tracker.facts()
    assert forms_read(script) == 2


@pytest.mark.parametrize("refusal", [answered({"code": "access_denied"}, 403), answered("<html>", 403)])
async def test_without_the_right_to_see_the_form_the_documented_choices_do(
    script: ScriptedDesk, tracker: FreshserviceTracker, refusal: object
) -> None:
    script.on("GET ticket_form_fields", refusal)
    script.on("PUT tickets/372", {"ticket": {**WRITTEN, "status": 6}})
    assert (await tracker.facts()).labels("status") == ("Open", "Pending", "Resolved", "Closed")
    written = await tracker.update("372", Fields({"status": "Pending"}))
    assert written.fields["status"] == "6"  # a status without a label that we may see is called by its number
    await tracker.update("372", Fields({"status": "6"}))
    assert [call.body for call in script.calls if call.method == "PUT"] == [{"status": 3}, {"status": 6}]


async def test_a_status_made_since_is_found_by_reading_the_form_again(
    script: ScriptedDesk, tracker: FreshserviceTracker, clock: Clock
) -> None:
    await tracker.facts()
    newer = {"ticket_fields": [{**FORM["ticket_fields"][0], "choices": [{"id": 7, "value": "Waiting"}]}]}
    script.on("GET ticket_form_fields", newer)
    script.on("GET tickets/372", {"ticket": {**VIEWED, "status": 7}})
    clock.now += 31
    assert (await tracker.read("372")).fields["status"] == "Waiting"
    script.on("PUT tickets/372", {"ticket": {**WRITTEN, "status": 7}})
    await tracker.update("372", Fields({"status": "waiting"}))
    assert forms_read(script) == 2


async def test_a_label_that_the_desk_does_not_have_is_refused_with_the_list(
    script: ScriptedDesk, tracker: FreshserviceTracker
) -> None:
    with pytest.raises(RemoteRefusedTicket, match=r"no such status. It has: Open, Pending, Resolved, Closed, With the"):
        await tracker.update("372", Fields({"status": "On the moon"}))
    assert "PUT tickets/372" not in script.lines()


async def test_a_form_that_cannot_be_had_is_no_form(script: ScriptedDesk, tracker: FreshserviceTracker) -> None:
    script.on("GET ticket_form_fields", answered("<html>", 502))
    with pytest.raises(RemoteUnavailable):
        await tracker.facts()


async def test_a_ticket_of_another_workspace_is_read_with_its_own_form(
    script: ScriptedDesk, tracker: FreshserviceTracker
) -> None:
    script.on("GET tickets/372", {"ticket": {**VIEWED, "workspace_id": 3}})
    await tracker.read("372")
    assert [call.query for call in script.calls if call.line.endswith("form_fields")] == [{"workspace_id": "3"}]


def test_a_label_is_found_in_any_case_and_the_exact_one_first() -> None:
    entry = {"name": "status", "choices": [{"id": 6, "value": "on hold"}, {"id": 7, "value": "On Hold"}]}
    form = read_form((Record(entry),))
    assert form.number("status", "On Hold") == 7
    assert form.number("status", "ON HOLD") == 6
    assert form.spelled("type", "incident") == "Incident"


def test_entries_without_a_name_or_with_strange_choices_are_passed_over() -> None:
    form = read_form((Record({}), Record({"name": "status", "choices": [7]}), Record({"name": "x", "choices": None})))
    assert form.facts().labels("status") == ("Open", "Pending", "Resolved", "Closed")
    assert LISTED["status"] == 2
