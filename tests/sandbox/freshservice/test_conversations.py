"""Replies and notes: how they are made, listed, changed, and who wrote them."""

import pytest

from sandbox.freshservice import FreshserviceStandIn, Person
from sandbox.slack.clock import HandClock
from tests.sandbox.freshservice.conftest import Client


async def test_a_note_is_private_unless_it_says_otherwise(call: Client, lena: Person) -> None:
    lena.raise_ticket("A")
    for body, private in (({"body": "x"}, True), ({"body": "x", "private": False}, False)):
        made = await call("POST", "tickets/1/notes", body)
        assert (made.status, made.body["conversation"]["private"]) == (201, private)
        assert made.body["conversation"]["body"] == "<div>x</div>"


async def test_a_reply_is_public_and_goes_to_the_requester(call: Client, lena: Person) -> None:
    lena.raise_ticket("A")
    made = await call("POST", "tickets/1/reply", {"body": "x", "cc_emails": ["pia@northwind.example"]})
    assert made.status == 201
    (said,) = (await call.get("tickets/1/conversations"))["conversations"]
    assert (said["private"], said["incoming"], said["source"]) == (False, False, 0)
    assert (said["to_emails"], said["cc_emails"]) == (["lena@northwind.example"], ["pia@northwind.example"])
    assert said["support_email"] == "support@acme.example"


async def test_whom_a_note_tells_is_listed(call: Client, lena: Person) -> None:
    lena.raise_ticket("A")
    made = await call("POST", "tickets/1/notes", {"body": "x", "notify_emails": ["pia@northwind.example"]})
    assert made.body["conversation"]["to_emails"] == ["pia@northwind.example"]
    (said,) = (await call.get("tickets/1/conversations"))["conversations"]
    assert said["bcc_emails"] is None


async def test_one_key_can_write_in_the_name_of_another(
    desk: FreshserviceStandIn, call: Client, lena: Person, ana: Person
) -> None:
    lena.raise_ticket("A")
    mine = await call("POST", "tickets/1/notes", {"body": "x"})
    hers = await call("POST", "tickets/1/notes", {"body": "x", "user_id": ana.id})
    assert mine.body["conversation"]["user_id"] == desk.people.bridge.id
    assert hers.body["conversation"]["user_id"] == ana.id


async def test_the_list_is_newest_first_and_the_view_oldest_first(
    desk: FreshserviceStandIn, call: Client, lena: Person, ana: Person
) -> None:
    lena.raise_ticket("A")
    said = [ana.note(1, f"n{number}").id for number in range(12)]
    listed = await call.get("tickets/1/conversations")
    assert [one["id"] for one in listed["conversations"]] == said[::-1]
    viewed = await call.get("tickets/1?include=conversations")
    assert [one["id"] for one in viewed["ticket"]["conversations"]] == said[:10]
    desk.switches.conversations_oldest_first, desk.switches.conversations_meta = True, False
    listed = await call.get("tickets/1/conversations")
    assert [one["id"] for one in listed["conversations"]] == said
    assert listed.keys() == {"conversations"}


async def test_the_list_has_pages(call: Client, lena: Person, ana: Person) -> None:
    lena.raise_ticket("A")
    for number in range(31):
        ana.note(1, f"n{number}")
    first = await call("GET", "tickets/1/conversations")
    assert len(first.body["conversations"]) == 30
    assert first.body["meta"] == {"count": 31}
    assert "page=2" in first.headers["Link"]
    assert len((await call.get("tickets/1/conversations?page=2"))["conversations"]) == 1


async def test_a_note_can_be_changed_and_is_kept_as_sent(
    call: Client, lena: Person, ana: Person, clock: HandClock
) -> None:
    lena.raise_ticket("A")
    note = ana.note(1, "x")
    clock.advance(5)
    after = (await call.put(f"conversations/{note.id}", {"body": "bare"}))["conversation"]
    assert after["body"] == "bare"
    assert (after["created_at"], after["updated_at"]) == ("2026-03-02T09:15:04Z", "2026-03-02T09:15:09Z")


async def test_a_reply_cannot_be_changed_but_deleted(call: Client, lena: Person, ana: Person) -> None:
    lena.raise_ticket("A")
    reply = ana.reply(1, "x")
    assert (await call("PUT", f"conversations/{reply.id}", {"body": "y"})).codes == {"body": "readonly_field"}
    assert (await call("DELETE", f"conversations/{reply.id}")).status == 204
    assert (await call("DELETE", f"conversations/{reply.id}")).status == 404
    assert (await call.get("tickets/1/conversations"))["conversations"] == []


async def test_what_is_said_on_a_trashed_ticket_can_be_read_only(call: Client, lena: Person, ana: Person) -> None:
    lena.raise_ticket("A")
    note = ana.note(1, "x")
    ana.trash(1)
    assert len((await call.get("tickets/1/conversations"))["conversations"]) == 1
    assert (await call("PUT", f"conversations/{note.id}", {"body": "y"})).status == 404


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        ("a<br>b", "a b"),
        ("<p>a</p><p>b</p>", "ab"),
        ("a&nbsp;b &lt;c&gt;", "a\N{NO-BREAK SPACE}b <c>"),
        ("a<script>x()</script>b", "ab"),
        ("1 < 2", "1 < 2"),
    ],
)
async def test_the_text_is_the_body_without_tags(call: Client, lena: Person, sent: str, text: str) -> None:
    lena.raise_ticket("A")
    made = await call("POST", "tickets/1/notes", {"body": sent})
    assert made.body["conversation"]["body_text"] == text
