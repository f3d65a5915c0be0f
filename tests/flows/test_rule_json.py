import json
from datetime import UTC, datetime

import pytest

from flows.rule_json import NotThisShape, read_replica_form, read_ticket_form
from sync.fields import Fields
from sync.replica import ReplicaComment, ReplicaFile
from sync.ticket import Comment, FileRef, Person

AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
TICKET = {
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
    ticket = read_ticket_form(json.dumps(TICKET)).value()
    assert (ticket.id, ticket.shown) == ("372", "#372")
    assert ticket.fields == Fields(
        {"summary": "Printer smokes", "tags": ("a", "b"), "custom.hours": 1.5, "custom.vip": True, "group": None}
    )
    assert ticket.comments == (
        Comment("9", Person("Ann"), "Hot", AT, AT, True),
        Comment("10", Person("Ben"), "Secret", AT, AT, False),
    )
    assert ticket.files == (FileRef("f1", "smoke.png", 7, "image/png", "9"),)
    assert ticket.requester == Person("Lena", "lena@acme.example")


def test_little_is_needed() -> None:
    assert read_ticket_form('{"id": "1", "fields": {}}').value().fields == Fields()
    assert read_replica_form('{"fields": {}}').previous is None


def test_a_replica_may_be_nested_and_names_the_one_before() -> None:
    text = {
        "fields": {"summary": "x", "site": {"city": "Ghent", "floors": [1, 2]}},
        "previous": {"summary": "w"},
        "comments": [{"id": "c1", "author": "Bob", "text": "Hi", "at": "2026-03-04T05:06:07"}],
        "files": [{"id": "f", "name": "a.txt", "sha256": "00"}],
    }
    replica = read_replica_form(json.dumps(text))
    assert replica.fields["site"] == {"city": "Ghent", "floors": [1, 2]} and replica.previous == {"summary": "w"}
    assert replica.comment_values() == (ReplicaComment("c1", "Bob", "Hi", AT),)
    assert replica.file_values() == (ReplicaFile("f", "a.txt", 0, "application/octet-stream", "00"),)


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
        read_ticket_form(text)
    assert str(refused.value).startswith(words)
