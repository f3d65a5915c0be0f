"""Freshservice as a kind of desk. So far one question: may this key read tickets?"""

import base64
import re
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

import aiohttp

from pairing.secret import Secret
from sync.errors import RemoteRefusedUs
from trackers.freshservice import address as addresses
from trackers.freshservice import answers

_KEY = re.compile(r"[!-9;-~]{1,200}")  # visible ASCII without the colon, which ends the user name in Basic
MAX_BODY = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class FreshserviceDesks:
    """`session` is the node's one session: without cookies of its own, and closed by whoever made it.

    `trusted` holds exact origins that need not be https://….freshservice.com. `timeout_seconds` is for one whole
    question, from the look-up of the name to the last byte.
    """

    session: aiohttp.ClientSession
    trusted: frozenset[str] = frozenset()
    timeout_seconds: float = 10.0
    name: str = "freshservice"
    label: str = "Freshservice"
    address_hint: str = "acme.freshservice.com"

    def canonical_address(self, typed: str) -> str:
        return addresses.canonical_address(typed, self.trusted)

    async def check(self, address: str, key: Secret) -> None:
        # An address comes from our own table; a wrong row there must still not get to see a key.
        origin = self.canonical_address(address)
        if not _KEY.fullmatch(key.reveal()):
            raise RemoteRefusedUs(
                "That is not an API key: it has no spaces, no colon and no line breaks. Copy it again."
            )
        try:
            async with self._ask(f"{origin}/api/v2/tickets", key) as answer:
                await _judge(answer)
        except (aiohttp.ClientError, TimeoutError, OSError) as exc:
            raise answers.unusable() from exc

    def _ask(self, url: str, key: Secret) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        return self.session.get(
            url,
            params={"per_page": "1"},
            headers={"Authorization": _basic(key), "Accept": "application/json", "Accept-Encoding": "identity"},
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=self.timeout_seconds),
        )


async def _judge(answer: aiohttp.ClientResponse) -> None:
    """Returns when the answer is a list of tickets, else raises what it means."""
    if 300 <= answer.status < 400:
        raise answers.redirected()
    body = await _counted(answer)
    if answer.status != 200:
        waits = answers.wait_seconds(answer.headers.get("Retry-After"), answer.headers.get("Date"))
        raise answers.refusal(answer.status, body, waits)
    if not answers.is_ticket_list(body):
        raise answers.unusable()


async def _counted(answer: aiohttp.ClientResponse) -> bytes:
    """The whole body, as it came: one that is compressed or too long is no usable answer."""
    if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise answers.unusable()
    body = bytearray()
    async for chunk in answer.content.iter_chunked(64 * 1024):
        body += chunk
        if len(body) > MAX_BODY:
            raise answers.unusable()
    return bytes(body)


def _basic(key: Secret) -> str:
    return "Basic " + base64.b64encode(f"{key.reveal()}:X".encode()).decode()
