"""Hashes and encodings of the pairing protocol: one way to write each, and no second way to read it."""

import base64
import binascii
import hashlib


def length_prefixed(item: bytes | str) -> bytes:
    """Two bytes of big-endian length, then the item (text as UTF-8)."""
    raw = item.encode() if isinstance(item, str) else item
    return len(raw).to_bytes(2, "big") + raw


def labelled_hash(*items: bytes | str) -> bytes:
    """SHA-256 over the length-prefixed items, the label first: 32 bytes."""
    return hashlib.sha256(b"".join(length_prefixed(item) for item in items)).digest()


def b32(raw: bytes) -> str:
    """Lower-case RFC 4648 base32 without padding; 16 bytes give 26 symbols."""
    return base64.b32encode(raw).decode().lower().rstrip("=")


def b64u(raw: bytes) -> str:
    """Base64url without padding; 16 bytes give 22 symbols, 32 give 43."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def read_b64u(text: str, size: int) -> bytes:
    """The `size` bytes behind canonical unpadded base64url. Raises ValueError for any other spelling."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("not base64url") from error
    # Base64 has slack bits: another spelling of the same bytes would be a second name for one thing.
    if len(raw) != size or b64u(raw) != text:
        raise ValueError("not canonical base64url of the right size")
    return raw
