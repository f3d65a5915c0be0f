"""Files between us and Slack: to one person's direct messages, and out of a form; never to or from anywhere else."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from handlers.errors import SlackRefused
from handlers.slack import Deadlines, Slack
from handlers.workspaces import slack_client
from pairing.secret import Secret
from sync.errors import RemoteUnavailable

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Files:
    """A Slack that takes and gives files; `answer` stands for what is at the address of a file."""

    origin: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)
    taken: list[bytes] = field(default_factory=list)
    upload_at: str = ""
    status: int = 200
    answer: Answer | None = None

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((request.path, request.headers.get("Authorization", "")))
        match request.path:
            case "/api/conversations.open":
                return web.json_response({"ok": True, "channel": {"id": "D1"}})
            case "/api/files.getUploadURLExternal":
                address = self.upload_at or f"{self.origin}/upload/1"
                return web.json_response({"ok": True, "upload_url": address, "file_id": "F1"})
            case "/api/files.completeUploadExternal":
                assert {**request.query, **await request.post()}["channel_id"] == "D1"
                return web.json_response({"ok": True, "files": []})
            case "/upload/1":
                self.taken.append(await request.read())
                return web.Response(status=self.status)
        assert self.answer is not None
        return await self.answer(request)


@pytest.fixture
async def files() -> AsyncIterator[tuple[Files, Slack]]:
    made, app = Files(), web.Application()
    app.router.add_route("*", "/{path:.*}", made.handle)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        made.origin = str(server.make_url("")).rstrip("/")
        client = slack_client(Secret("xoxb-1"), session=session, api_url=made.origin + "/api/", proxy=None)
        yield made, Slack(client, session, frozenset({made.origin}), Deadlines(call=0.2))


def giving(content: bytes, **how: object) -> Answer:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(body=content, **how)  # type: ignore[arg-type]

    return answer


async def slowly(request: web.Request) -> web.Response:
    await asyncio.sleep(5)
    return web.Response()


async def test_a_file_is_shared_in_the_persons_direct_messages(files: tuple[Files, Slack]) -> None:
    there, slack = files
    await slack.share("U1", "rule.groovy", "ü = 1\n".encode(), "Here it is")
    assert there.taken == ["ü = 1\n".encode()]
    assert [path for path, _ in there.asked][-1] == "/api/files.completeUploadExternal"
    assert dict(there.asked)["/upload/1"] == "", "the token is for the API, not for the address of an upload"


@pytest.mark.parametrize("address", ["https://evil.example/upload", "http://files.slack.com/upload", "file:///etc"])
async def test_r8_no_rule_is_sent_anywhere_else(files: tuple[Files, Slack], address: str) -> None:
    there, slack = files
    there.upload_at = address
    with pytest.raises(SlackRefused, match="untrusted_host"):
        await slack.share("U1", "rule.groovy", b"x", "")


async def test_an_upload_that_slack_does_not_take_is_said(files: tuple[Files, Slack]) -> None:
    there, slack = files
    there.status = 500
    with pytest.raises(SlackRefused, match="500"):
        await slack.share("U1", "rule.groovy", b"x", "")
    there.upload_at = f"{there.origin}/slow"
    there.answer = slowly
    with pytest.raises(RemoteUnavailable):
        await slack.share("U1", "rule.groovy", b"x", "")


async def test_a_file_of_a_form_is_fetched_with_our_token(files: tuple[Files, Slack]) -> None:
    there, slack = files
    there.answer = giving(b"x = 1")
    assert await slack.fetch(f"{there.origin}/files/F1/rule.groovy", 5) == b"x = 1"
    assert there.asked[-1][1] == "Bearer xoxb-1"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (giving(b"<html>Sign in", content_type="text/html"), "not_readable"),
        (giving(b"x", status=404), "not_readable"),
        (giving(b"", status=302, headers={"Location": "https://evil.example"}), "not_readable"),
        (giving(b"123456"), "file_too_large"),
    ],
)
async def test_what_is_no_file_of_ours_is_refused(files: tuple[Files, Slack], answer: Answer, code: str) -> None:
    there, slack = files
    there.answer = answer
    with pytest.raises(SlackRefused, match=code):
        await slack.fetch(f"{there.origin}/files/F1/rule.groovy", 5)


@pytest.mark.parametrize("address", ["https://evil.example/F1", "https://slack.com@evil.example/", ""])
async def test_r8_our_token_goes_nowhere_else(files: tuple[Files, Slack], address: str) -> None:
    _, slack = files
    with pytest.raises(SlackRefused, match="untrusted_host"):
        await slack.fetch(address, 5)


async def test_a_file_that_does_not_come_is_nobodys_move(files: tuple[Files, Slack]) -> None:
    there, slack = files
    there.answer = slowly
    with pytest.raises(RemoteUnavailable):
        await slack.fetch(f"{there.origin}/files/F1/rule.groovy", 5)
