"""The few things that we ask of Slack, each with a deadline and with errors that say whose move it is."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers.blocks import Message, View
from handlers.errors import SlackRefused
from sync.errors import RemoteUnavailable

_BUSY = frozenset(
    {"ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"}
)


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Seconds. A trigger lives three, so a window gets less (`view`); so does what is asked before a submission is
    acknowledged (`check`); everything else may take its time (`call`)."""

    view: float = 2.5
    check: float = 1.5
    call: float = 8.0


DEADLINES = Deadlines()


@dataclass(frozen=True, slots=True)
class Posted:
    """A message of ours; `channel` is where it really went, also when it was sent to a person."""

    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class Person:
    """What Slack knows of a person; `team_id` is their own workspace."""

    team_id: str
    is_admin: bool
    is_guest: bool
    is_bot: bool
    is_deleted: bool
    is_stranger: bool


@dataclass(frozen=True, slots=True)
class Channel:
    id: str
    is_shared: bool  # with another organisation, or about to be
    bot_is_in: bool
    is_dm: bool = False


class Slack:
    """One workspace. Every method raises SlackRefused, or RemoteUnavailable when Slack gave no usable answer."""

    def __init__(
        self,
        client: AsyncWebClient,
        session: aiohttp.ClientSession,
        trusted: frozenset[str],
        deadlines: Deadlines = DEADLINES,
    ) -> None:
        self._client = client
        self._session = session
        self._trusted = trusted
        self._deadlines = deadlines

    async def open(self, trigger: str, view: View) -> str:
        """The id of the new modal."""
        answer = await _asked(
            "views.open", self._client.views_open(trigger_id=trigger, view=view), self._deadlines.view
        )
        return str(answer["view"]["id"])

    async def push(self, trigger: str, view: View) -> str:
        answer = await _asked(
            "views.push", self._client.views_push(trigger_id=trigger, view=view), self._deadlines.view
        )
        return str(answer["view"]["id"])

    async def update(self, view_id: str, view: View, view_hash: str = "") -> None:
        call = self._client.views_update(view_id=view_id, view=view, hash=view_hash or None)
        await _asked("views.update", call, self._deadlines.view)

    async def publish(self, user_id: str, view: View, view_hash: str = "") -> str:
        """The hash of the Home that stands there now."""
        call = self._client.views_publish(user_id=user_id, view=view, hash=view_hash or None)
        answer = await _asked("views.publish", call, self._deadlines.view)
        return str(answer["view"].get("hash", ""))

    async def post(self, channel: str, message: Message) -> Posted:
        """`channel` may be a person's id: then it is their direct message with us."""
        call = self._client.chat_postMessage(
            channel=channel,
            text=message.text,
            blocks=list(message.blocks) or None,
            parse="none",
            link_names=False,
            unfurl_links=False,
            unfurl_media=False,
        )
        answer = await _asked("chat.postMessage", call, self._deadlines.call)
        return Posted(str(answer["channel"]), str(answer["ts"]))

    async def replace(self, channel: str, ts: str, message: Message) -> None:
        call = self._client.chat_update(
            channel=channel, ts=ts, text=message.text, blocks=list(message.blocks), parse="none", link_names=False
        )
        await _asked("chat.update", call, self._deadlines.call)

    async def person(self, user_id: str) -> Person:
        user = (await _asked("users.info", self._client.users_info(user=user_id), self._deadlines.check))["user"]
        return Person(
            team_id=str(user.get("team_id", "")),
            is_admin=bool(user.get("is_admin") or user.get("is_owner") or user.get("is_primary_owner")),
            is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
            is_bot=bool(user.get("is_bot")),
            is_deleted=bool(user.get("deleted")),
            is_stranger=bool(user.get("is_stranger")),
        )

    async def group(self, group_id: str) -> frozenset[str]:
        """The members of a user group."""
        call = self._client.usergroups_users_list(usergroup=group_id)
        return frozenset((await _asked("usergroups.users.list", call, self._deadlines.check))["users"])

    async def channel(self, channel_id: str) -> Channel:
        call = self._client.conversations_info(channel=channel_id)
        found = (await _asked("conversations.info", call, self._deadlines.check))["channel"]
        shared = bool(found.get("is_ext_shared") or found.get("is_pending_ext_shared"))
        is_dm = bool(found.get("is_im") or found.get("is_mpim"))
        return Channel(str(found["id"]), shared, bool(found.get("is_member")), is_dm)

    async def answer(self, response_url: str, message: Message) -> None:
        """Says it to the one who acted, to them alone, in the place where they are."""
        if not self._may_answer_at(response_url):
            raise SlackRefused("response_url", "untrusted_host")
        body = {
            "response_type": "ephemeral",
            "replace_original": False,
            "text": message.text,
            "blocks": list(message.blocks),
            "parse": "none",
            "link_names": False,
            "unfurl_links": False,
            "unfurl_media": False,
        }
        try:
            async with (
                asyncio.timeout(self._deadlines.call),
                self._session.post(
                    response_url, json=body, allow_redirects=False, proxy=self._client.proxy or None
                ) as answer,
            ):
                status = answer.status
        except (aiohttp.ClientError, TimeoutError) as error:
            raise RemoteUnavailable("Slack did not take the answer") from error
        if status != 200:
            raise SlackRefused("response_url", str(status))

    async def share(self, user_id: str, name: str, content: bytes, said: str) -> None:
        """A file in the person's direct messages with us, and nowhere else."""
        direct = self._client.conversations_open(users=user_id)
        opened = await _asked("conversations.open", direct, self._deadlines.call)
        announced = self._client.files_getUploadURLExternal(filename=name, length=len(content))
        begun = await _asked("files.getUploadURLExternal", announced, self._deadlines.call)
        await self._send_bytes(str(begun["upload_url"]), content)
        done = self._client.files_completeUploadExternal(
            files=[{"id": str(begun["file_id"]), "title": name}],
            channel_id=str(opened["channel"]["id"]),
            initial_comment=said,
        )
        await _asked("files.completeUploadExternal", done, self._deadlines.call)

    async def _send_bytes(self, url: str, content: bytes) -> None:
        if not self._may_answer_at(url):
            raise SlackRefused("upload_url", "untrusted_host")
        proxy = self._client.proxy or None
        try:
            async with (
                asyncio.timeout(self._deadlines.call),
                self._session.post(url, data=content, allow_redirects=False, proxy=proxy) as answer,
            ):
                status = answer.status
        except (aiohttp.ClientError, TimeoutError) as error:
            raise RemoteUnavailable("Slack did not take the file") from error
        if status != 200:
            raise SlackRefused("upload_url", str(status))

    async def fetch(self, url: str, most: int) -> bytes:
        """A file that a person put into a form. Raises SlackRefused `file_too_large` for more than `most` bytes."""
        if not self._may_answer_at(url):
            raise SlackRefused("url_private", "untrusted_host")
        headers, proxy = {"Authorization": f"Bearer {self._client.token}"}, self._client.proxy or None
        try:
            async with (
                asyncio.timeout(self._deadlines.call),
                self._session.get(url, headers=headers, allow_redirects=False, proxy=proxy) as answer,
            ):
                # Without the right to read it Slack sends its page for signing in.
                if answer.status != 200 or answer.content_type == "text/html":
                    raise SlackRefused("url_private", "not_readable")
                return await _at_most(answer, most)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise RemoteUnavailable("Slack did not hand the file over") from error

    def _may_answer_at(self, url: str) -> bool:
        parts = urlsplit(url)
        if f"{parts.scheme}://{parts.netloc}" in self._trusted:
            return True
        return parts.scheme == "https" and (parts.hostname or "").endswith(".slack.com")


async def _at_most(answer: aiohttp.ClientResponse, most: int) -> bytes:
    content = bytearray()
    async for piece in answer.content.iter_chunked(64 * 1024):
        content += piece
        if len(content) > most:
            raise SlackRefused("url_private", "file_too_large")
    return bytes(content)


async def _asked(method: str, call: Awaitable[Any], seconds: float) -> Any:
    try:
        async with asyncio.timeout(seconds):
            return await call
    except SlackApiError as error:
        code, status, wait = _refusal(error)
        if code in _BUSY or status == 429 or status >= 500:
            raise RemoteUnavailable(f"{method}: Slack is busy", wait) from None
        # The SDK's own error holds Slack's whole answer: it goes no further.
        raise SlackRefused(method, code) from None
    except (aiohttp.ClientError, TimeoutError, ConnectionError) as error:
        raise RemoteUnavailable(f"{method}: Slack does not answer") from error


def _refusal(error: SlackApiError) -> tuple[str, int, float | None]:
    """Slack's error code, the HTTP status, and the seconds it asks us to wait."""
    answer: Any = error.response
    data = getattr(answer, "data", None)
    code = data.get("error", "unknown") if isinstance(data, dict) else "unreadable_answer"
    headers = getattr(answer, "headers", {}) or {}
    wait = str(headers.get("Retry-After", ""))
    status = getattr(answer, "status_code", None) or getattr(answer, "status", None) or 0
    return str(code), int(status), float(wait) if wait.isdigit() else None
