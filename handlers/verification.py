"""Is an HTTP request really Slack's? Slack, Verifying requests from Slack (signing secrets, version v0)."""

import hmac
import re
from collections.abc import Mapping

from pairing.secret import Secret

TIMESTAMP = "X-Slack-Request-Timestamp"
SIGNATURE = "X-Slack-Signature"
ALLOWED_SECONDS = 300
_DIGITS = re.compile(r"[0-9]{1,12}")
_SIGNED = re.compile(r"v0=[0-9a-f]{64}")


def is_from_slack(secret: Secret, headers: Mapping[str, str], body: bytes, *, now: float) -> bool:
    """True when `body`, as raw as it came, was signed with our secret within five minutes of `now` (Unix seconds).

    False for whatever else stands in the headers; it never raises. Answer 401 then, and never log the body.
    """
    stamp, signature = _only(headers, TIMESTAMP), _only(headers, SIGNATURE)
    if not _DIGITS.fullmatch(stamp) or not _SIGNED.fullmatch(signature):
        return False
    if abs(now - int(stamp)) > ALLOWED_SECONDS:
        return False
    return hmac.compare_digest(signature, signature_of(secret, stamp, body))


def signature_of(secret: Secret, stamp: str, body: bytes) -> str:
    signed = b"v0:" + stamp.encode("ascii") + b":" + body
    return "v0=" + hmac.digest(secret.reveal().encode(), signed, "sha256").hex()


def _only(headers: Mapping[str, str], name: str) -> str:
    """The value of a header that stands there once; "" otherwise."""
    found = [value for held, value in headers.items() if held.lower() == name.lower()]
    return found[0] if len(found) == 1 else ""
