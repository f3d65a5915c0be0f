"""A hostile desk answer gets one of our errors, or is read for what it is; nothing else ever comes out."""

import copy
import random
from datetime import UTC, datetime
from typing import Any

import pytest

from sync.errors import RemoteError
from sync.fields import Fields
from sync.ticket import NewTicket, Upload
from tests.trackers.freshservice.scripted import AGENT, FORM, LISTED, NOTE, REQUESTER, VIEWED, WRITTEN, ScriptedDesk
from trackers.freshservice.tracker import FreshserviceTracker

SINCE = datetime(2026, 1, 5, tzinfo=UTC)
FILE = {"id": 41, "name": "a.txt", "size": 3, "content_type": "text/plain", "attachment_url": "https://x/"}
ODD: list[Any] = [
    None,
    True,
    -1,
    10**400,
    1.5,
    "",
    "x" * 5000,
    "\x00\ud800",
    "9999-99-99T99:99:99Z",
    "0001-01-01T00:00:00+14:00",
    [],
    [[[]]],
    {},
    {"id": {}},
    [None, 7, {"id": "x"}],
    "<div>" * 500,
    "drawbridge:abcdefgh2345",
    "<img data-id='99999999999999999999999'>",
    "=cmd|' /C calc'!A0",
]


def spoiled(value: Any, chance: random.Random, share: float) -> Any:
    """A copy in which some values are something else, or missing."""
    if chance.random() < share:
        return copy.deepcopy(chance.choice(ODD))
    if isinstance(value, dict):
        kept = {name: inner for name, inner in value.items() if chance.random() > share / 2}
        return {name: spoiled(inner, chance, share) for name, inner in kept.items()}
    return [spoiled(inner, chance, share) for inner in value] if isinstance(value, list) else value


def spoil(script: ScriptedDesk, chance: random.Random, share: float) -> None:
    viewed = {**VIEWED, "attachments": [FILE]}
    for line, body in (
        ("GET tickets", {"tickets": [LISTED, {**LISTED, "id": 373}]}),
        ("GET tickets/372", {"ticket": viewed}),
        ("GET tickets/372/conversations", {"conversations": [NOTE, {**NOTE, "id": 9, "attachments": [FILE]}]}),
        ("GET ticket_form_fields", FORM),
        ("GET agents/27001930207", AGENT),
        ("GET requesters/27001930551", REQUESTER),
        ("GET requesters", {"requesters": [REQUESTER["requester"]]}),
        ("GET agents/me", AGENT),
        ("PUT tickets/372", {"ticket": WRITTEN}),
        ("POST tickets", {"ticket": WRITTEN}),
        ("POST tickets/372/notes", {"conversation": NOTE}),
    ):
        script.on(line, spoiled(body, chance, share))


async def everything(tracker: FreshserviceTracker, index: int) -> None:
    """One of the calls, with what comes out of it."""
    upload = Upload("a.txt", "text/plain", b"abc")
    match index % 7:
        case 0:
            ticket = await tracker.read("372")
            assert len(ticket.fields.digest) == 64
            for file in ticket.files:
                async for _ in tracker.download("372", file):
                    pass
        case 1:
            await tracker.changed_since(SINCE)
        case 2:
            await tracker.tickets_since(SINCE)
        case 3:
            await tracker.update("372", Fields({"status": "Open", "description": "(image: x)"}), (upload,))
        case 4:
            await tracker.create(NewTicket(Fields({"summary": "x"}), "A · drawbridge:abcdefgh2345"))
        case 5:
            await tracker.add_comment("372", "x", "A · drawbridge:abcdefgh2345", (upload,))
        case _:
            await tracker.facts()
            await tracker.person_by_email("lena@northwind.example")
            await tracker.find_marked("abcdefgh2345", SINCE)


@pytest.mark.parametrize("share", [0.01, 0.05, 0.3])
async def test_a_spoiled_answer_is_one_of_our_errors_or_a_ticket(
    script: ScriptedDesk, tracker: FreshserviceTracker, share: float
) -> None:
    refusals: list[str] = []
    for seed in range(140):
        chance = random.Random(seed)
        spoil(script, chance, share)
        tracker.account.forms.forget()
        tracker.account.people._by_id.clear()
        tracker.account.people._by_email.clear()
        try:
            await everything(tracker, seed)
        except RemoteError as error:
            refusals.append(str(error))
    assert all(len(text) < 1000 for text in refusals)
