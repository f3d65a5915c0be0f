"""The six digits that both keys agree on: shown at the partner, typed at the initiator, never the other way round."""

import hmac
import re
import unicodedata

from pairing.digests import labelled_hash

MAX_TRIES = 3


def pairing_number(code_bytes: bytes, inviter_key: bytes, claim_sha256: bytes) -> str:
    """Six digits. `code_bytes` are all decoded bytes of the code, `claim_sha256` the hash of the claim's raw body."""
    digest = labelled_hash("bridge/v1/sas", code_bytes, inviter_key, claim_sha256)
    return f"{int.from_bytes(digest[:8], 'big') % 10**6:06d}"


def shown(number: str) -> str:
    """As people read it aloud: "274 578"."""
    return f"{number[:3]} {number[3:]}"


def is_same_number(typed: str, number: str) -> bool:
    """Compares in constant time; spaces and dashes of any kind do not count, full-width digits do."""
    digits = re.sub(r"[\s\-‐-―−]", "", unicodedata.normalize("NFKC", typed))
    return hmac.compare_digest(digits.encode("utf-8", "replace"), number.encode())
