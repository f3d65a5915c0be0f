"""What an answer of Freshservice means: API v2, sections Authentication, Errors and Rate limits, read 2025-11.

Its texts are never repeated: they are somebody else's words, and may repeat what we sent.
"""

from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from sync.errors import RemoteError, RemoteGone, RemoteRefusedUs, RemoteUnavailable

_MAX_WAIT_SECONDS = 3600.0
_NO_RIGHT = frozenset({"access_denied", "require_feature"})
_LATER = "The desk does not answer properly at the moment. Try again in a few minutes."
_NOT_A_DESK = "There is no Freshservice desk at this address. Check how it is spelled."
_KEY = "The desk refused the API key. Copy it again from your Freshservice profile; its agent must be allowed the API."
_RIGHT = (
    "The desk knows this API key, but its agent may not read tickets. Give it a role that can, or take another key."
)
_SUSPENDED = "The desk says that its account is suspended. Talk to whoever pays for it, then try again."
_ENCRYPTED = "The desk at this address answers over https only. Type its address with https://."


class TicketList(BaseModel):
    """`{"tickets": […]}`; what a ticket holds is no matter here."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")
    tickets: list[dict[str, Any]]


class Refusal(BaseModel):
    """Both shapes of a refusal: a code of its own, or one for each field. Entries may lack the code."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")
    code: str | None = None
    errors: list["Refusal"] = []

    @property
    def codes(self) -> frozenset[str]:
        own = {self.code} if self.code else set()
        return frozenset(own.union(*(entry.codes for entry in self.errors)))


def codes_in(body: bytes) -> frozenset[str]:
    """The error codes of an answer; none when it is empty, HTML or anything else."""
    try:
        return Refusal.model_validate_json(body).codes
    except ValidationError:
        return frozenset()


def is_ticket_list(body: bytes) -> bool:
    try:
        TicketList.model_validate_json(body)
    except ValidationError:
        return False
    return True


def refusal(status: int, body: bytes, retry_after: float | None) -> RemoteError:
    """The error that stands for an answer that is no success."""
    codes = codes_in(body)
    if "ssl_required" in codes:
        return RemoteGone(_ENCRYPTED)
    if status in (401, 403):
        # Documented is 401 for a bad key, live accounts were seen to answer 403: the code tells more than the status.
        return RemoteRefusedUs(_SUSPENDED if "account_suspended" in codes else _RIGHT if codes & _NO_RIGHT else _KEY)
    if status == 404:
        return RemoteGone(_NOT_A_DESK)
    if status == 429:
        return RemoteUnavailable(_too_many(retry_after), retry_after)
    return RemoteUnavailable(_LATER, retry_after)


def unusable() -> RemoteUnavailable:
    return RemoteUnavailable(_LATER)


def redirected() -> RemoteGone:
    """The key must never travel to wherever a redirect points."""
    return RemoteGone("The desk at this address points to another one. Type the address that it has now.")


def wait_seconds(retry_after: str | None, date: str | None) -> float | None:
    """Seconds out of a Retry-After header: digits, or a date, which is measured from the answer's own Date header."""
    if retry_after is None:
        return None
    if retry_after.strip().isascii() and retry_after.strip().isdigit():
        return min(float(retry_after.strip()), _MAX_WAIT_SECONDS)
    then, now = _moment(retry_after), _moment(date or "")
    if then is None or now is None:
        return None
    return min(max((then - now).total_seconds(), 0.0), _MAX_WAIT_SECONDS)


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _too_many(retry_after: float | None) -> str:
    when = f"in {retry_after:.0f} seconds" if retry_after else "in a minute"
    return f"The desk has had too many calls. Try again {when}."
