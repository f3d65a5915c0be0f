"""Bringing payloads to apps: over signed HTTP or Socket Mode, within the deadline, again when Slack would."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

from aiohttp import ClientError, ClientSession, ClientTimeout

from sandbox.slack.errors import NoAnswer
from sandbox.slack.faults import Faults
from sandbox.slack.forms import Json
from sandbox.slack.ids import secret
from sandbox.slack.record import Record
from sandbox.slack.sockets import Sockets
from sandbox.slack.world import App, Install, World

Kind = Literal["slash_commands", "interactive", "events_api"]

ACK_SECONDS = 3.0
EVENT_RETRY_SECONDS = (0.0, 60.0, 300.0)  # Slack tries an event three more times: at once, after 1 and 5 minutes


@dataclass(frozen=True, slots=True)
class Attempt:
    """The how-manieth repeat this is, and why; number 0 is the first delivery."""

    number: int = 0
    reason: str = ""


class Delivery:
    """`ack_seconds` and `event_retry_seconds` are Slack's, shorter only where a test says so."""

    def __init__(
        self,
        world: World,
        record: Record,
        faults: Faults,
        sockets: Sockets,
        session: ClientSession,
        *,
        ack_seconds: float = ACK_SECONDS,
        event_retry_seconds: Sequence[float] = EVENT_RETRY_SECONDS,
    ) -> None:
        self._world = world
        self._record = record
        self._faults = faults
        self._sockets = sockets
        self._session = session
        self._ack_seconds = ack_seconds
        self._event_retry_seconds = tuple(event_retry_seconds)
        self._verified: set[tuple[str, str]] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def send(self, app: App, kind: Kind, payload: Json) -> Json:
        """The body of the acknowledgement, empty when there is none. Raises NoAnswer."""
        answer = await self._once(app, kind, payload, Attempt())
        if self._faults.take_redelivery():
            await self._again(app, kind, payload)
        return answer

    async def _again(self, app: App, kind: Kind, payload: Json) -> None:
        try:
            await self._once(app, kind, payload, Attempt(1, "timeout"))
        except NoAnswer as error:
            self._record.refuse(f"no acknowledgement of a repeated payload by {app.name}: {error.code}")

    def event(self, install: Install, event: Json) -> asyncio.Task[None]:
        """Sends an event the app subscribed to, in the background and again until it is acknowledged."""
        payload = self._event_payload(install, event)
        task = asyncio.ensure_future(self._send_event(install.app, payload))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _send_event(self, app: App, payload: Json) -> None:
        attempt = Attempt()
        for wait_seconds in (*self._event_retry_seconds, None):
            try:
                await self._url_is_verified(app)
                await self._once(app, "events_api", payload, attempt)
            except NoAnswer as error:
                if wait_seconds is None:
                    self._record.refuse(f"the event {payload['event']['type']} was never acknowledged by {app.name}")
                    return
                await asyncio.sleep(wait_seconds)
                attempt = Attempt(attempt.number + 1, _retry_reason(error))
            else:
                if self._faults.take_redelivery():
                    await self._again(app, "events_api", payload)
                return

    def _event_payload(self, install: Install, event: Json) -> Json:
        authorization = {
            "enterprise_id": None,
            "team_id": install.team.id,
            "user_id": install.bot_user_id,
            "is_bot": True,
            "is_enterprise_install": False,
        }
        channel = self._world.channels.get(str(event.get("channel", "")))
        return {
            "token": install.app.verification_token,
            "team_id": install.team.id,
            "api_app_id": install.app.id,
            "event": event,
            "type": "event_callback",
            "event_id": self._world.ids.draw("Ev"),
            "event_time": int(self._world.clock.now().timestamp()),
            "authorizations": [authorization],
            "is_ext_shared_channel": bool(channel and channel.is_ext_shared and not channel.is_dm),
        }

    async def _url_is_verified(self, app: App) -> None:
        """Slack sends events only to a URL that once repeated a challenge."""
        if app.transport != "http" or (app.id, app.request_url or "") in self._verified:
            return
        challenge = secret("", 16)
        question = {"token": app.verification_token, "challenge": challenge, "type": "url_verification"}
        answer = await self._once(app, "events_api", question, Attempt())
        if challenge not in (answer.get("challenge"), answer.get("text")):
            self._record.refuse(f"events for {app.name}: its URL did not answer with the challenge")
            raise NoAnswer("url_verification_failed")
        self._verified.add((app.id, app.request_url or ""))

    async def _once(self, app: App, kind: Kind, payload: Json, attempt: Attempt) -> Json:
        late_seconds = self._faults.delay_ms / 1000
        if late_seconds:
            await asyncio.sleep(late_seconds)
        left = max(self._ack_seconds - late_seconds, 0.001)  # the person has been waiting all the while
        if app.transport == "socket":
            return await self._sockets.deliver(app, _envelope(kind, payload, attempt), left)
        return await self._post(app, kind, payload, attempt, left)

    async def _post(self, app: App, kind: Kind, payload: Json, attempt: Attempt, seconds: float) -> Json:
        if app.request_url is None:
            raise NoAnswer("dispatch_failed")
        body = _body(kind, payload)
        headers = signed_headers(app.signing_secret, body, int(self._world.clock.now().timestamp()))
        headers["Content-Type"] = "application/json" if kind == "events_api" else "application/x-www-form-urlencoded"
        if attempt.number:
            headers |= {"X-Slack-Retry-Num": str(attempt.number), "X-Slack-Retry-Reason": attempt.reason}
        try:
            return await self._answer_of(app.request_url, body, headers, seconds)
        except TimeoutError:
            raise NoAnswer("operation_timeout") from None
        except ClientError:
            raise NoAnswer("dispatch_failed") from None

    async def _answer_of(self, url: str, body: bytes, headers: Mapping[str, str], seconds: float) -> Json:
        timeout = ClientTimeout(total=seconds)
        async with self._session.post(
            url, data=body, headers=headers, timeout=timeout, allow_redirects=False
        ) as response:
            text = await response.text()
            if response.status != 200:
                raise NoAnswer("http_service_error" if response.status >= 500 else "http_client_error")
            return _read_ack(text, response.content_type)


def signed_headers(signing_secret: str, body: bytes, timestamp: int) -> dict[str, str]:
    """Slack's v0 signature over the exact bytes that are sent."""
    base = b"v0:%d:" % timestamp + body
    digest = hmac.new(signing_secret.encode(), base, hashlib.sha256).hexdigest()
    return {
        "X-Slack-Request-Timestamp": str(timestamp),
        "X-Slack-Signature": f"v0={digest}",
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
    }


def _body(kind: Kind, payload: Json) -> bytes:
    if kind == "events_api":
        return json.dumps(payload).encode()
    return urlencode(payload if kind == "slash_commands" else {"payload": json.dumps(payload)}).encode()


def _envelope(kind: Kind, payload: Json, attempt: Attempt) -> Json:
    envelope: Json = {"type": kind, "payload": payload, "accepts_response_payload": kind != "events_api"}
    if kind == "events_api" or attempt.number:
        envelope |= {"retry_attempt": attempt.number, "retry_reason": attempt.reason}
    return envelope


def _read_ack(text: str, content_type: str) -> Json:
    if not text.strip():
        return {}
    if content_type == "application/json":
        try:
            parsed = json.loads(text)
        except ValueError:
            raise NoAnswer("invalid_service_response") from None
        return parsed if isinstance(parsed, dict) else {}
    return {"text": text}


def _retry_reason(error: NoAnswer) -> str:
    return {"operation_timeout": "http_timeout", "dispatch_failed": "connection_failed"}.get(error.code, "http_error")
