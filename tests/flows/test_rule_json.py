import json
from datetime import UTC, datetime
from typing import Any

import pytest

from flows.rule_json import NotThisShape, read_replica, read_ticket
from rules.host.scene import SeenComment, SeenFile, SeenReplica, SeenTicket
from sync.ticket import Person

AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
TICKET: dict[str, Any] = {
    "id": 372,
    "url": "https://acme.example/a/tickets/372",
    "fields": {"summary": "Printer smokes", "tags": ["a", "b"], "custom.hours": 1.5, "custom.vip": True, "group": None},
    "requester": {"name": "Lena", "email": "lena@acme.example"},
    "comments": [
        {"id": 9, "author": "Ann", "text": "Hot", "at": "2026-03-04T06:06:07+01:00"},
        {"id": "10", "author": {"name": "Ben"}, "text": "Secret", "at": "2026-03-04T05:06:07Z", "is_public": False},
    ],
    "files": [{"id": "f1", "name": "smoke.png", "size": 7, "content_type": "image/png", "comment_id": 9}],
}


def test_a_ticket_is_read_with_all_that_it_holds() -> None:
    ticket = read_ticket(json.dumps(TICKET))
    assert ticket is not None and (ticket.id, ticket.shown) == ("372", "#372")
    assert ticket.fields == TICKET["fields"]
    assert ticket.comments == (
        SeenComment("9", "Hot", "Ann", None, AT),
        SeenComment("10", "Secret", "Ben", None, AT, is_public=False),
    )
    assert ticket.files == (SeenFile("f1", "smoke.png", 7, "image/png", "9"),)
    assert ticket.requester == Person("Lena", "lena@acme.example")


def test_little_is_needed() -> None:
    assert read_ticket('{"id": "1", "fields": {}}') == SeenTicket("1", "#1")
    assert read_ticket(" null\n") is None
    assert read_replica('{"fields": {}}') == (SeenReplica(), None)


def test_a_replica_may_be_nested_and_names_the_one_before() -> None:
    text = {
        "key": "118",
        "fields": {"summary": "x", "site": {"city": "Ghent", "floors": [1, 2]}},
        "previous": {"summary": "w"},
        "comments": [{"id": "c1", "author": "Bob", "text": "Hi", "at": "2026-03-04T05:06:07"}],
        "files": [{"id": "f", "name": "a.txt"}],
        "removed": [{"id": "c0", "twin": 7}],
    }
    replica, previous = read_replica(json.dumps(text))
    assert replica.fields["site"] == {"city": "Ghent", "floors": [1, 2]} and previous == {"summary": "w"}
    assert replica.comments == (SeenComment("c1", "Hi", "Bob", None, AT),)
    assert replica.files == (SeenFile("f", "a.txt"),) and replica.removed[0].twin == "7"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "it is not JSON: "),
        ("[" * 100_000, "it is n"),
        ("[]", "the whole: input should be a valid dictionary"),
        ('{"fields": {}}', "id: field required"),
        ('{"id": "1", "fields": {"summary": {"a": 1}}}', "fields.summary"),
        ('{"id": "1", "fields": {}, "coments": []}', "coments: extra inputs are not permitted"),
        ('{"id": "1", "fields": {}, "comments": [{"id": "1", "at": "yesterday"}]}', "comments.0.at: input should be"),
        ('{"id": "1", "fields": {}, "comments": [{"id": "1", "is_public": "yes"}]}', "comments.0.is_public"),
    ],
)
def test_what_is_wrong_is_named_with_the_way_to_it(text: str, words: str) -> None:
    with pytest.raises(NotThisShape) as refused:
        read_ticket(text)
    assert str(refused.value).startswith(words)
