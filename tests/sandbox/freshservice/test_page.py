"""The page: what a person sees and does there, and what it keeps out."""

import aiohttp
import pytest

from sandbox.freshservice import FreshserviceStandIn, Person

HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">{{ 7*7 }}'


async def read(http: aiohttp.ClientSession, desk: FreshserviceStandIn, path: str) -> str:
    async with http.get(desk.page_url + path) as answer:
        assert answer.status == 200
        return await answer.text()


async def send(http: aiohttp.ClientSession, desk: FreshserviceStandIn, path: str, data: object) -> str:
    async with http.post(desk.page_url + path, data=data) as answer:
        assert answer.status == 200
        return await answer.text()


async def test_the_list_shows_tickets_to_those_who_may_see_them(
    desk: FreshserviceStandIn, http: aiohttp.ClientSession, ana: Person, lena: Person
) -> None:
    lena.raise_ticket("of Lena", tags=["vpn"])
    desk.add_requester("Pia").raise_ticket("of Pia")
    ana.trash(ana.raise_ticket("thrown away").id)
    as_ana, as_lena = await read(http, desk, ""), await read(http, desk, f"as/{lena.id}")
    assert "of Lena" in as_ana and "of Pia" in as_ana and "vpn" in as_ana
    assert "of Lena" in as_lena and "of Pia" not in as_lena
    assert "thrown away" not in as_ana
    assert "thrown away" in await read(http, desk, f"as/{ana.id}?show=trash")


async def test_a_ticket_shows_what_was_said_and_hides_private_notes_from_requesters(
    desk: FreshserviceStandIn, http: aiohttp.ClientSession, ana: Person, lena: Person
) -> None:
    lena.raise_ticket("VPN", "Since Monday.", files={"vpn.log": b"x"})
    ana.note(1, "for us only")
    ana.reply(1, "for you")
    as_ana = await read(http, desk, f"as/{ana.id}/tickets/1")
    assert all(text in as_ana for text in ("Since Monday.", "vpn.log", "for us only", "for you"))
    as_lena = await read(http, desk, f"as/{lena.id}/tickets/1")
    assert "for you" in as_lena
    assert "for us only" not in as_lena


async def test_hostile_text_is_only_text(
    desk: FreshserviceStandIn, http: aiohttp.ClientSession, ana: Person, lena: Person
) -> None:
    desk.add_requester(HOSTILE, "x@northwind.example").raise_ticket(HOSTILE, HOSTILE, html=True, tags=[HOSTILE])
    ana.note(1, HOSTILE)
    ana.reply(1, HOSTILE, html=True, files={HOSTILE: b"x"})
    for path in ("", f"as/{ana.id}/tickets/1"):
        page = await read(http, desk, path)
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "49" not in page.partition("<main")[2].partition("</h1>")[0]


async def test_the_page_forbids_scripts_of_others(desk: FreshserviceStandIn, http: aiohttp.ClientSession) -> None:
    async with http.get(desk.page_url) as answer:
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "headers",
    [{"Host": "desk.example"}, {"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}],
)
async def test_other_pages_cannot_use_it(
    desk: FreshserviceStandIn, http: aiohttp.ClientSession, ana: Person, headers: dict[str, str]
) -> None:
    ana.raise_ticket("A")
    address = f"{desk.page_url}as/{ana.id}/tickets/1"
    async with http.post(address, data={"act": "trash"}, headers=headers) as answer:
        assert answer.status == 403
    assert not desk.ticket(1).deleted


async def test_a_form_changes_only_what_was_changed_in_it(
    desk: FreshserviceStandIn, http: aiohttp.ClientSession, ana: Person, lena: Person
) -> None:
    """Somebody else set the status while it was open."""
    lena.raise_ticket("VPN", "a\nb")
    ana.edit(1, status="Pending")
    sent = {
        "act": "edit",
        "subject": "VPN",
        "was.subject": "VPN",
        "status": "2",
        "was.status": "2",
        "priority": "3",
        "was.priority": "1",
        "tags": "x, y",
        "was.tags": "",
        "description": "a\r\nb",
        "was.description": "a\nb",
    }
    await send(http, desk, f"as/{ana.id}/tickets/1", sent)
    after = desk.ticket(1)
    assert (after.status, after.priority, after.tags, after.description) == (3, 3, ("x", "y"), "<div>a<br>b</div>")


async def test_people_say_things_there(
    desk: FreshserviceStandIn, http: aiohttp.ClientSession, ana: Person, lena: Person
) -> None:
    lena.raise_ticket("VPN")
    path = f"as/{ana.id}/tickets/1"
    for how in ("reply", "note", "private"):
        await send(http, desk, path, {"act": "say", "how": how, "text": how})
    assert [(one.source, one.private) for one in desk.said_on(1)] == [(0, False), (2, False), (2, True)]
    note = desk.said_on(1)[1]
    await send(http, desk, path, {"act": "reword", "said": str(note.id), "text": "better"})
    assert desk.said_on(1)[1].body == "<div>better</div>"
    await send(http, desk, path, {"act": "unsay", "said": str(note.id)})
    assert len(desk.said_on(1)) == 2
    assert "Write something first" in await send(http, desk, path, {"act": "say", "how": "reply", "text": " "})


async def test_people_raise_attach_trash_and_restore_there(
    desk: FreshserviceStandIn, http: aiohttp.ClientSession, ana: Person, lena: Person
) -> None:
    desk.form.add_custom("seats", "number")
    new = aiohttp.FormData({"subject": "New", "description": "a\r\nb", "seats": "4", "requester": str(lena.id)})
    new.add_field("files", b"log", filename="a.log")
    await send(http, desk, f"as/{ana.id}", new)
    ticket = desk.ticket(1)
    assert (ticket.requester_id, ticket.custom_fields, ticket.description) == (
        lena.id,
        {"seats": 4},
        "<div>a<br>b</div>",
    )
    more = aiohttp.FormData({"act": "attach"})
    more.add_field("files", b"x", filename="b.log")
    await send(http, desk, f"as/{ana.id}/tickets/1", more)
    assert [one.name for one in desk.files_of(desk.ticket(1))] == ["a.log", "b.log"]
    assert "Restore from the trash" in await send(http, desk, f"as/{ana.id}/tickets/1", {"act": "trash"})
    assert desk.ticket(1).deleted
    await send(http, desk, f"as/{ana.id}/tickets/1", {"act": "restore"})
    assert not desk.ticket(1).deleted


async def test_open_tabs_hear_of_changes(desk: FreshserviceStandIn, http: aiohttp.ClientSession, lena: Person) -> None:
    async with http.get(f"{desk.page_url}changes?after={desk.world.changes.version}") as stream:
        lena.raise_ticket("A")
        assert (await stream.content.readline()).startswith(b"data: ")


@pytest.mark.parametrize("path", ["as/7", "as/x", "as/{ana}/tickets/9", "static/..%2fpage.py", "nothing"])
async def test_what_is_not_there_is_404(
    desk: FreshserviceStandIn, http: aiohttp.ClientSession, ana: Person, path: str
) -> None:
    async with http.get(desk.page_url + path.format(ana=ana.id)) as answer:
        assert answer.status == 404
