"""Checklist 8: sorted by ourselves, and only what says that it is public is."""

from typing import Any

import pytest

from sync.ticket import Comment, Person
from tests.trackers.freshservice.scripted import NOTE, ScriptedDesk, answered
from trackers.freshservice.tracker import FreshserviceTracker


async def comments(script: ScriptedDesk, tracker: FreshserviceTracker, *entries: dict[str, Any]) -> tuple[Comment, ...]:
    script.on("GET tickets/372/conversations", {"conversations": list(entries), "meta": {"count": len(entries)}})
    return (await tracker.read("372")).comments


def note(identity: int, at: str, **more: object) -> dict[str, Any]:
    return {**NOTE, "id": identity, "created_at": at, "updated_at": at, **more}


async def test_comments_are_sorted_by_time_and_number(script: ScriptedDesk, tracker: FreshserviceTracker) -> None:
    found = await comments(
        script,
        tracker,
        note(9, "2026-03-02T10:00:02Z"),
        note(11, "2026-03-02T10:00:01Z"),
        note(10, "2026-03-02T15:30:01+05:30"),
    )
    assert [comment.id for comment in found] == ["10", "11", "9"]


async def test_all_pages_are_read_and_what_moved_between_them_counts_once(
    script: ScriptedDesk, tracker: FreshserviceTracker
) -> None:
    first, second = note(1, "2026-03-02T10:00:01Z"), note(2, "2026-03-02T10:00:02Z")
    link = '<https://x/api/v2/tickets/372/conversations?page=2>;rel="next"'
    script.on(
        "GET tickets/372/conversations",
        answered({"conversations": [second, first]}, Link=link),
        answered({"conversations": [first]}),
    )
    assert [comment.id for comment in (await tracker.read("372")).comments] == ["1", "2"]


@pytest.mark.parametrize(
    ("more", "is_public"),
    [
        ({"private": False}, True),
        ({"private": False, "source": 0, "incoming": True}, True),
        ({"private": True}, False),
        ({"private": None}, False),
        ({"private": "maybe"}, False),
        ({"private": False, "source": 6}, False),  # forwarded to somebody else
        ({"private": False, "source": 4}, False),
    ],
)
async def test_i15_only_what_is_said_to_be_public_is(
    script: ScriptedDesk, tracker: FreshserviceTracker, more: dict[str, object], is_public: bool
) -> None:
    (comment,) = await comments(script, tracker, note(1, "2026-03-02T10:00:01Z", **more))
    assert comment.is_public is is_public


async def test_i15_a_list_that_does_not_say_is_not_public(script: ScriptedDesk, tracker: FreshserviceTracker) -> None:
    unsaid = {key: value for key, value in NOTE.items() if key != "private"}
    (comment,) = await comments(script, tracker, unsaid)
    assert not comment.is_public


async def test_our_line_is_taken_off_and_remembered(script: ScriptedDesk, tracker: FreshserviceTracker) -> None:
    body = "<div><p>Done.</p>\n<p>Acme #9 · drawbridge:abcdefgh2345</p></div>"
    (comment,) = await comments(script, tracker, {**NOTE, "body": body})
    assert (comment.text, comment.marker) == ("Done.", "abcdefgh2345")


async def test_an_edit_shows_in_its_time(script: ScriptedDesk, tracker: FreshserviceTracker) -> None:
    (comment,) = await comments(script, tracker, {**NOTE, "updated_at": "2026-03-02T10:20:00Z"})
    assert comment.edited_at > comment.at


@pytest.mark.parametrize(
    ("more", "author"),
    [
        ({}, Person("Ana Ruiz", "ana@acme.example")),
        (
            {"incoming": True, "from_email": '"Lena Maes" <lena@northwind.example>'},
            Person("Lena Maes", "lena@northwind.example"),
        ),
        ({"incoming": True, "user_id": 27001930551}, Person("Lena Maes", "lena@northwind.example")),
        ({"incoming": True, "user_id": 1, "from_email": "x@y.example"}, Person("x", "x@y.example")),
        ({"user_id": None}, Person("Unknown")),
        ({"from_email": "support@acme.example"}, Person("Ana Ruiz", "ana@acme.example")),
    ],
)
async def test_the_author_is_named(
    script: ScriptedDesk, tracker: FreshserviceTracker, more: dict[str, object], author: Person
) -> None:
    (comment,) = await comments(script, tracker, {**NOTE, **more})
    assert comment.author == author


async def test_a_person_is_looked_up_once(script: ScriptedDesk, tracker: FreshserviceTracker) -> None:
    await comments(script, tracker, *(note(number, "2026-03-02T10:00:01Z") for number in range(1, 30)))
    assert script.lines().count("GET agents/27001930207") == 1
