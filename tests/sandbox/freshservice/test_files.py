"""Files up as forms, down by links that die, and images that stand in texts."""

import re

import aiohttp
import pytest

from sandbox.freshservice import FreshserviceStandIn, Person
from sandbox.slack.clock import HandClock
from tests.sandbox.freshservice.conftest import Client, basic


def form(*files: tuple[str, bytes], **fields: str | list[str]) -> aiohttp.FormData:
    data = aiohttp.FormData()
    for name, value in fields.items():
        for one in value if isinstance(value, list) else [value]:
            data.add_field(f"{name}[]" if isinstance(value, list) else name, one)
    for name, content in files:
        data.add_field("attachments[]", content, filename=name, content_type="text/plain")
    return data


async def test_a_new_ticket_takes_files_in_a_form(desk: FreshserviceStandIn, call: Client, lena: Person) -> None:
    desk.form.add_custom("site", "dropdown", choices=("Ghent",))
    desk.form.add_custom("seats", "number")
    desk.form.add_custom("on_call", "checkbox")
    data = form(
        ("a.txt", b"one"), ("b.txt", b"two"),
        subject="S", description="D", status="2", priority="1", email="lena@northwind.example", tags=["x", "y"],
    )  # fmt: skip
    for name, value in {"site": "Ghent", "seats": "4", "on_call": "true"}.items():
        data.add_field(f"custom_fields[{name}]", value)
    made = (await call("POST", "tickets", data=data)).body["ticket"]
    assert [(file["name"], file["size"], file["content_type"]) for file in made["attachments"]] == [
        ("a.txt", 3, "text/plain"),
        ("b.txt", 3, "text/plain"),
    ]
    assert made["tags"] == ["x", "y"]
    assert made["custom_fields"] == {"site": "Ghent", "seats": 4, "on_call": True}


async def test_an_update_adds_files_and_a_call_takes_one_away(call: Client, lena: Person) -> None:
    lena.raise_ticket("A", files={"a.txt": b"one"})
    after = (await call("PUT", "tickets/1", data=form(("b.txt", b"two")))).body["ticket"]
    assert [file["name"] for file in after["attachments"]] == ["a.txt", "b.txt"]
    gone = after["attachments"][0]["id"]
    assert (await call("DELETE", f"tickets/1/attachments/{gone}")).status == 204
    assert [file["name"] for file in (await call.get("tickets/1"))["ticket"]["attachments"]] == ["b.txt"]


async def test_notes_and_replies_take_files(call: Client, lena: Person) -> None:
    lena.raise_ticket("A")
    note = (await call("POST", "tickets/1/notes", data=form(("a.txt", b"x"), body="n", private="false"))).body
    assert note["conversation"]["private"] is False
    (file,) = note["conversation"]["attachments"]
    reply = (await call("POST", "tickets/1/reply", data=form(("b.txt", b"x"), body="r"))).body
    assert [one["name"] for one in reply["conversation"]["attachments"]] == ["b.txt"]
    path = f"conversations/{note['conversation']['id']}"
    after = (await call("PUT", path, data=form(("c.txt", b"x")))).body["conversation"]
    assert [one["name"] for one in after["attachments"]] == ["a.txt", "c.txt"]
    assert (await call("DELETE", f"{path}/attachments/{file['id']}")).status == 204


async def test_wrong_forms_are_refused(call: Client, lena: Person) -> None:
    lena.raise_ticket("A")
    assert (await call("PUT", "tickets/1", data=form(("a.txt", b"x"), nonsense="1"))).codes == {
        "nonsense": "invalid_field"
    }
    other = aiohttp.FormData()
    other.add_field("file", b"x", filename="a.txt")
    assert (await call("PUT", "tickets/1", data=other)).body["code"] == "invalid_field"


async def test_all_files_of_a_ticket_have_one_limit(desk: FreshserviceStandIn, call: Client, lena: Person) -> None:
    desk.switches.attachment_limit = 10
    lena.raise_ticket("A", files={"a.txt": b"12345678"})
    got = await call("POST", "tickets/1/notes", data=form(("b.txt", b"123"), body="n"))
    assert (got.status, got.codes) == (400, {"attachments": "invalid_size"})
    assert (await call("POST", "tickets/1/notes", data=form(("b.txt", b"12"), body="n"))).status == 201


async def test_a_link_needs_no_key_and_lives_for_a_day(
    call: Client, http: aiohttp.ClientSession, lena: Person, clock: HandClock
) -> None:
    lena.raise_ticket("A", files={"vpn log.txt": b"bytes"})
    link = (await call.get("tickets/1"))["ticket"]["attachments"][0]["attachment_url"]
    assert "/api/v2/" not in link
    clock.advance(86399)
    async with http.get(link) as answer:
        assert (answer.status, await answer.read()) == (200, b"bytes")
        assert answer.headers["Content-Disposition"].startswith("attachment")
    clock.advance(1)
    async with http.get(link) as answer:
        assert answer.status == 403
    fresh = (await call.get("tickets/1"))["ticket"]["attachments"][0]["attachment_url"]
    async with http.get(fresh) as answer:
        assert answer.status == 200


async def test_a_link_may_be_dead_on_arrival_and_cannot_be_made_up(
    desk: FreshserviceStandIn, call: Client, http: aiohttp.ClientSession, lena: Person
) -> None:
    lena.raise_ticket("A", files={"a.txt": b"bytes"})
    link = (await call.get("tickets/1"))["ticket"]["attachments"][0]["attachment_url"]
    for wrong in (re.sub(r"Signature=.", "Signature=_", link), link.replace("/production/2", "/production/3")):
        async with http.get(wrong) as answer:
            assert answer.status == 403
    desk.switches.links_expire_at_once = True
    dead = (await call.get("tickets/1"))["ticket"]["attachments"][0]["attachment_url"]
    async with http.get(dead) as answer:
        assert answer.status == 403


async def test_a_key_that_comes_to_the_file_host_is_a_leak(
    desk: FreshserviceStandIn, call: Client, http: aiohttp.ClientSession, lena: Person
) -> None:
    lena.raise_ticket("A", files={"a.txt": b"bytes"})
    link = (await call.get("tickets/1"))["ticket"]["attachments"][0]["attachment_url"]
    assert desk.leaks == []
    async with http.get(link, headers=basic("good")) as answer:
        assert answer.status == 400
    assert len(desk.leaks) == 1


async def test_an_image_stands_in_the_text_and_is_fetched_by_its_id(
    call: Client, http: aiohttp.ClientSession, lena: Person, clock: HandClock
) -> None:
    lena.raise_ticket("A", f"See: {lena.image('shot.png', b'PNG')}", html=True)
    shown = (await call.get("tickets/1"))["ticket"]
    assert shown["attachments"] == []
    found = re.search(r'src="([^"]+)" class="inline-image" data-id="(\d+)"', shown["description"])
    assert found is not None
    assert (await call("GET", f"attachments/{found[2]}")).text == "PNG"
    async with http.get(found[1]) as answer:
        assert await answer.read() == b"PNG"
    clock.advance(301)
    async with http.get(found[1]) as answer:
        assert answer.status == 403


@pytest.mark.parametrize("path", ["attachments-host/data/x", "inline-host/attachment?token=a.b.c"])
async def test_nonsense_is_no_link(desk: FreshserviceStandIn, http: aiohttp.ClientSession, path: str) -> None:
    async with http.get(f"{desk.origin}/{path}") as answer:
        assert answer.status == 403
