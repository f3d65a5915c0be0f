"""Files come by links without the key, whole or not at all; their names are harmless."""

from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import RemoteGone, RemoteUnavailable
from sync.ticket import FileRef
from tests.trackers.freshservice.scripted import NOTE, VIEWED, ScriptedDesk, answered
from trackers.freshservice.files import file_name
from trackers.freshservice.tracker import FreshserviceTracker

CONTENT = bytes(range(256)) * 1000


def attachment(desk: ScriptedDesk, identity: int, name: str = "vpn.log", **more: object) -> dict[str, Any]:
    return {
        "id": identity,
        "content_type": "text/plain",
        "size": len(CONTENT),
        "name": name,
        "attachment_url": f"{desk.origin}/data/{identity}?Signature=x",
        "created_at": "2026-03-02T10:15:00Z",
        "updated_at": "2026-03-02T10:15:00Z",
        **more,
    }


def content(request: web.Request) -> web.Response:
    return web.Response(body=CONTENT, content_type="text/plain")


async def fetched(tracker: FreshserviceTracker, file: FileRef) -> bytes:
    return b"".join([piece async for piece in tracker.download("372", file)])


@pytest.fixture
def filed(script: ScriptedDesk) -> ScriptedDesk:
    """One file at the ticket, one at its note, an image in each text."""
    image = '<p>see <img src="x?token=t" class="inline-image" data-id="{}" alt="{}"></p>'
    script.on(
        "GET tickets/372",
        {
            "ticket": {
                **VIEWED,
                "description": image.format(51, "net.png"),
                "attachments": [attachment(script, 41)],
            }
        },
    )
    noted = {**NOTE, "body": image.format(52, ""), "attachments": [attachment(script, 42, "../b.txt")]}
    script.on("GET tickets/372/conversations", {"conversations": [noted]})
    for path in ("/data/41", "/data/42"):
        script.on(f"GET {path}", content)
    return script


async def test_files_of_the_ticket_and_of_comments_and_images_are_named(
    filed: ScriptedDesk, tracker: FreshserviceTracker
) -> None:
    ticket = await tracker.read("372")
    comment = ticket.comments[0].id
    assert ticket.files == (
        FileRef("41", "vpn.log", len(CONTENT), "text/plain"),
        FileRef("inline-51", "net.png", 0, "image/png"),
        FileRef("42", "b.txt", len(CONTENT), "text/plain", comment),
        FileRef("inline-52", "image-52", 0, "application/octet-stream", comment),
    )


async def test_r8_a_file_comes_by_its_link_without_the_key_and_without_another_call(
    filed: ScriptedDesk, tracker: FreshserviceTracker
) -> None:
    ticket = await tracker.read("372")
    filed.calls.clear()
    assert await fetched(tracker, ticket.files[0]) == CONTENT
    assert await fetched(tracker, ticket.files[2]) == CONTENT
    assert filed.lines() == ["GET /data/41", "GET /data/42"]
    assert not any("Authorization" in call.headers for call in filed.calls)


async def test_a_link_that_died_is_asked_for_again(filed: ScriptedDesk, tracker: FreshserviceTracker) -> None:
    ticket = await tracker.read("372")
    for number in (41, 42):
        filed.on(f"GET /data/{number}", answered("<html>", 403), content)
    assert await fetched(tracker, ticket.files[0]) == CONTENT
    assert await fetched(tracker, ticket.files[2]) == CONTENT


async def test_a_file_that_is_not_there_any_more_is_gone(filed: ScriptedDesk, tracker: FreshserviceTracker) -> None:
    with pytest.raises(RemoteGone):
        await fetched(tracker, FileRef("99", "x", 0, "text/plain"))
    filed.on("GET /data/41", answered("<html>", 404))
    ticket = await tracker.read("372")
    with pytest.raises(RemoteGone):
        await fetched(tracker, ticket.files[0])


async def test_an_image_in_a_text_is_asked_for_by_its_id(filed: ScriptedDesk, tracker: FreshserviceTracker) -> None:
    ticket = await tracker.read("372")
    filed.on("GET attachments/51", content)
    assert await fetched(tracker, ticket.files[1]) == CONTENT
    assert "Authorization" in filed.calls[-1].headers


async def test_r8_an_image_behind_a_redirect_comes_without_the_key(
    filed: ScriptedDesk, tracker: FreshserviceTracker
) -> None:
    ticket = await tracker.read("372")
    filed.on("GET attachments/51", answered("", 302, Location=f"{filed.origin}/data/41"))
    assert await fetched(tracker, ticket.files[1]) == CONTENT
    assert filed.calls[-1].path == "/data/41"
    assert "Authorization" not in filed.calls[-1].headers


@pytest.mark.parametrize(
    "link",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://acme.attachments.freshservice.com/x",  # no https
        "https://evil.example/x",
        "https://user@acme.freshservice.com/x",
        "https://acme.freshservice.com:8443/x",
        "https://acme.freshservice.com.evil.example/x",
        "file:///etc/passwd",
        "//x",
        "https://[::1/x",
    ],
)
async def test_a_file_is_fetched_from_the_vendors_places_only(
    filed: ScriptedDesk, tracker: FreshserviceTracker, link: str
) -> None:
    held = {**VIEWED, "attachments": [attachment(filed, 41, attachment_url=link)]}
    filed.on("GET tickets/372", {"ticket": held})
    ticket = await tracker.read("372")
    with pytest.raises(RemoteUnavailable):
        await fetched(tracker, ticket.files[0])


async def test_a_redirect_to_a_stranger_is_not_followed(filed: ScriptedDesk, tracker: FreshserviceTracker) -> None:
    ticket = await tracker.read("372")
    filed.on("GET /data/41", answered("", 302, Location="http://127.0.0.1:9/x"))
    with pytest.raises(RemoteUnavailable, match="does not fetch from"):
        await fetched(tracker, ticket.files[0])


async def test_redirects_come_to_an_end(filed: ScriptedDesk, tracker: FreshserviceTracker) -> None:
    ticket = await tracker.read("372")
    filed.on("GET /data/41", answered("", 302, Location=f"{filed.origin}/data/41"))
    with pytest.raises(RemoteUnavailable):
        await fetched(tracker, ticket.files[0])
    assert filed.lines().count("GET /data/41") == 4


def short(request: web.Request) -> web.Response:
    return web.Response(body=CONTENT[:-1], content_type="text/plain")


@pytest.mark.parametrize("answer", [short, answered("<html>", 502), answered("<html>", **{"Content-Encoding": "gzip"})])
async def test_i14_a_file_comes_whole_or_not_at_all(
    filed: ScriptedDesk, tracker: FreshserviceTracker, answer: Callable[[web.Request], Any]
) -> None:
    ticket = await tracker.read("372")
    filed.on("GET /data/41", answer)
    with pytest.raises(RemoteUnavailable):
        await fetched(tracker, ticket.files[0])


async def test_half_a_file_may_be_left_alone(filed: ScriptedDesk, tracker: FreshserviceTracker) -> None:
    ticket = await tracker.read("372")
    pieces = tracker.download("372", ticket.files[0])
    assert await anext(pieces)
    await pieces.aclose()


async def test_a_file_without_an_id_can_be_told_from_others(filed: ScriptedDesk, tracker: FreshserviceTracker) -> None:
    nameless = [{**attachment(filed, 41, name), "id": None} for name in ("a.txt", "b.txt")]
    filed.on("GET tickets/372", {"ticket": {**VIEWED, "attachments": nameless}})
    filed.on("GET tickets/372/conversations", {"conversations": []})
    one, two = (await tracker.read("372")).files
    assert one.id != two.id
    assert await fetched(tracker, one) == CONTENT


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("vpn.log", "vpn.log"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\a.txt", "a.txt"),
        ('a<b>:"|?*.txt', "a_b______.txt"),
        ("a\r\nX-Header: y.txt", "aX-Header_ y.txt"),
        ("txt.\u202eexe", "txt.exe"),
        (" .hidden. ", "hidden"),
        ("e\u0301.txt", "é.txt"),
        ("CON", "_CON"),
        ("aux.txt", "_aux.txt"),
        ("", "file"),
        ("..", "file"),
    ],
)
def test_a_file_name_is_harmless(name: str, safe: str) -> None:
    assert file_name(name) == safe


@given(st.text(max_size=300))
def test_a_file_name_is_short_and_stays_what_it_is(name: str) -> None:
    safe = file_name(name)
    assert 0 < len(safe.encode()) <= 120
    assert file_name(safe) == safe
    assert not set(safe) & set('/\\<>:"|?*\r\n\0')


def test_the_ending_of_a_long_name_stays() -> None:
    assert file_name("x" * 300 + ".tar.gz").endswith("x.gz")
