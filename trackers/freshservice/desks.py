"""Freshservice as a kind of desk: which addresses it has, whether a key may read tickets, and an account to work on."""

import hashlib
import re
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field

import aiohttp

from pairing.secret import Secret
from sync.errors import RemoteRefusedUs
from trackers.freshservice import address as addresses
from trackers.freshservice import answers, http
from trackers.freshservice.account import Account
from trackers.freshservice.rates import SHARE, AccountLimits, Windows
from trackers.freshservice.tracker import FreshserviceTracker
from trackers.port import Budget

_KEY = re.compile(r"[!-9;-~]{1,200}")  # visible ASCII without the colon, which ends the user name in Basic
MAX_BODY = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class FreshserviceDesks:
    """`session` is the node's one session: without cookies of its own, and closed by whoever made it.

    `trusted` holds exact origins that need not be https://….freshservice.com. `timeout_seconds` is for one whole
    question about a key, from the look-up of the name to the last byte, `call_seconds` for any other call. `share` is
    the part of an account's limits that background work may use.
    """

    session: aiohttp.ClientSession
    trusted: frozenset[str] = frozenset()
    timeout_seconds: float = 10.0
    name: str = "freshservice"
    label: str = "Freshservice"
    address_hint: str = "acme.freshservice.com"
    share: float = SHARE
    call_seconds: float = 30.0
    clock: Callable[[], float] = time.monotonic
    _budgets: dict[str, Budget] = field(default_factory=dict, repr=False, compare=False)
    _accounts: dict[tuple[str, str], Account] = field(default_factory=dict, repr=False, compare=False)

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

    def limits(self, kept: str) -> AccountLimits:
        return AccountLimits.from_text(kept, self.share)

    def open(
        self,
        address: str,
        key: Secret,
        *,
        fallback_requester: str = "",
        budget: Budget | None = None,
        urgent: bool = False,
    ) -> FreshserviceTracker:
        """Whatever is opened on one account shares what is known of its limits, its form and its people."""
        origin = self.canonical_address(address)
        account = self._account(origin, key)
        spent = budget or account.budget
        client = http.Client(self.session, origin, key, spent, self.trusted, self.call_seconds, urgent)
        return FreshserviceTracker(client, account, fallback_requester)

    def _account(self, origin: str, key: Secret) -> Account:
        """Limits are the account's; what can be seen depends on the key."""
        known = (origin, hashlib.sha256(key.reveal().encode()).hexdigest())
        if known not in self._accounts:
            budget = self._budgets.setdefault(origin, Windows(self.share, clock=self.clock))
            self._accounts[known] = Account.fresh(budget, self.clock)
        return self._accounts[known]

    def _ask(self, url: str, key: Secret) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        return self.session.get(
            url,
            params={"per_page": "1"},
            headers={"Authorization": http.basic(key), "Accept": "application/json", "Accept-Encoding": "identity"},
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=self.timeout_seconds),
        )


async def _judge(answer: aiohttp.ClientResponse) -> None:
    """Returns when the answer is a list of tickets, else raises what it means."""
    if 300 <= answer.status < 400:
        raise answers.redirected()
    body = await http.whole_body(answer, MAX_BODY)
    if answer.status != 200:
        waits = answers.wait_seconds(answer.headers.get("Retry-After"), answer.headers.get("Date"))
        raise answers.refusal(answer.status, body, waits)
    if not answers.is_ticket_list(body):
        raise answers.unusable()
