"""What an answer of Freshservice means: API v2, sections Authentication, Errors and Rate limits, read 2025-11.

Its texts are never repeated: they are somebody else's words, and may repeat what we sent.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

from sync.errors import RemoteError, RemoteGone, RemoteRefusedTicket, RemoteRefusedUs, RemoteUnavailable
from trackers.freshservice.record import Record

_MAX_WAIT_SECONDS = 3600.0
_FIELD = re.compile(r"[A-Za-z0-9_.\[\]-]{1,80}")
_CODE = re.compile(r"[a-z_]{1,40}")
_REFUSED = (400, 405, 406, 409, 410, 411, 413, 415, 422)
_NO_RIGHT = frozenset({"access_denied", "require_feature"})
_LATER = "The desk does not answer properly at the moment. Try again in a few minutes."
_NOT_A_DESK = "There is no Freshservice desk at this address. Check how it is spelled."
_KEY = "The desk refused the API key. Copy it again from your Freshservice profile; its agent must be allowed the API."
_RIGHT = (
    "The desk knows this API key, but its agent may not read tickets. Give it a role that can, or take another key."
)
_NOT_FOR_US = "The desk's agent that we act as may not do this. Give it a role that can, then retry."
_GONE = "The desk has no such record any more."
_SUSPENDED = "The desk says that its account is suspended. Talk to whoever pays for it, then try again."
_ENCRYPTED = "The desk at this address answers over https only. Type its address with https://."


@dataclass(frozen=True, slots=True)
class Complaint:
    """One entry of a refusal: the field's name at the desk, and the documented code. Either may be empty."""

    field: str
    code: str


class DeskRefused(RemoteRefusedTicket):
    """The desk did not take what we sent. `complaints` say which fields, as far as it told."""

    def __init__(self, text: str, complaints: tuple[Complaint, ...] = ()) -> None:
        super().__init__(text)
        self.complaints = complaints


class NoRight(RemoteRefusedUs):
    """The key is known, but its agent may not do this: perhaps for this ticket only."""


class NothingThere(RemoteGone):
    """404: the record, or the whole desk."""


def complaints_in(body: bytes) -> tuple[Complaint, ...]:
    """Both shapes of a refusal: a code of its own, or one for each field. None when it is empty, HTML or else."""
    record = Record.of_json(body)
    if record is None:
        return ()
    entries = (record, *(record.records("errors") or ()))
    found = (Complaint(_word(_FIELD, entry.text("field")), _word(_CODE, entry.text("code"))) for entry in entries)
    return tuple(complaint for complaint in found if complaint.field or complaint.code)


def _word(shape: re.Pattern[str], text: str | None) -> str:
    """A name as the desk's documentation writes them; nothing for a text, which may repeat what was sent."""
    return text if text and shape.fullmatch(text) else ""


def codes_in(body: bytes) -> frozenset[str]:
    """The error codes of an answer; none when it is empty, HTML or anything else."""
    return frozenset(complaint.code for complaint in complaints_in(body) if complaint.code)


def is_ticket_list(body: bytes) -> bool:
    record = Record.of_json(body)
    return record is not None and record.records("tickets") is not None


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


def ticket_refusal(status: int, body: bytes, retry_after: float | None) -> RemoteError:
    """The same for a call about one record: what it says may concern this record only."""
    codes = codes_in(body)
    if status == 404:
        return NothingThere(_GONE)
    if status == 403 and codes & _NO_RIGHT:
        return NoRight(_NOT_FOR_US)
    if status in _REFUSED and "ssl_required" not in codes:
        complaints = complaints_in(body)
        return DeskRefused(_did_not_take(status, complaints), complaints)
    return refusal(status, body, retry_after)


def _did_not_take(status: int, complaints: tuple[Complaint, ...]) -> str:
    named = ", ".join(dict.fromkeys(_one_complaint(one) for one in complaints[:20]))
    return f"The desk did not take this: {named or f'status {status}'}. Correct the ticket or the rule, then retry."


def _one_complaint(one: Complaint) -> str:
    reason = one.code.replace("_", " ")
    return f"{one.field} ({reason})" if one.field and reason else one.field or reason


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


def path_id(text: str) -> str:
    """An id on its way into an address. Raises RemoteGone: the desk has no ticket of another name."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 20):
        raise RemoteGone("The desk has no record of that name: its ids are numbers.")
    return text
