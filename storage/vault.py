"""Sealing of secrets: AES-256-GCM under a key of the organisation's own, bound to the place where the secret lies.

A sealed text is "s1.<kid>.<base64url of nonce, ciphertext and tag>".
"""

import base64
import binascii
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from pairing.digests import b64u, length_prefixed
from storage.errors import ConfigError, SecretUnreadable

_VERSION = "s1"
_NONCE = 12
_MAKE_ONE = (
    "make one with `python -m bot keygen` and set it as DRAWBRIDGE_SECRET_KEYS, or name a file that holds it in"
    " DRAWBRIDGE_SECRET_KEYS_FILE"
)


def new_key_text() -> str:
    """A fresh master key as the settings take it: base64 of 32 random bytes."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


def kid_of(sealed: str) -> str:
    """The short name of the key that sealed this text. Raises SecretUnreadable."""
    parts = sealed.split(".")
    if len(parts) != 3 or parts[0] != _VERSION:
        raise SecretUnreadable("A sealed secret has a form that this Drawbridge does not know.")
    return parts[1]


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The master keys, 32 bytes each: the first seals, all open."""

    masters: tuple[bytes, ...] = field(repr=False)

    @classmethod
    def from_texts(cls, texts: Sequence[str]) -> "KeyRing":
        """Raises ConfigError that names every unusable key by its place, never by its text."""
        masters = tuple(_read_key(text) for text in texts)
        problems = [
            f"Secret key {place} is not base64 of 32 bytes: {_MAKE_ONE}."
            for place, master in enumerate(masters, 1)
            if master is None
        ]
        if not masters:
            problems = [f"There is no secret key, and secrets are never stored unsealed: {_MAKE_ONE}."]
        if problems:
            raise ConfigError(problems)
        return cls(tuple(master for master in masters if master is not None))

    @property
    def kid(self) -> str:
        """The short name of the key that seals."""
        return _kid(self.masters[0])

    @property
    def kids(self) -> frozenset[str]:
        return frozenset(_kid(master) for master in self.masters)

    def seal(self, organisation_id: str, kind: str, ref: str, secret: bytes) -> str:
        nonce = secrets.token_bytes(_NONCE)
        cipher = _cipher(self.masters[0], organisation_id)
        sealed = nonce + cipher.encrypt(nonce, secret, _place(organisation_id, kind, ref))
        return f"{_VERSION}.{self.kid}.{b64u(sealed)}"

    def open(self, organisation_id: str, kind: str, ref: str, sealed: str) -> bytes:
        """Raises SecretUnreadable when no key fits, a bit was changed, or the text was sealed for another place."""
        master = next((master for master in self.masters if _kid(master) == kid_of(sealed)), None)
        if master is None:
            raise SecretUnreadable(f"A secret is sealed by the key {kid_of(sealed)}, which is not set.")
        raw = _raw(sealed.split(".")[2])
        try:
            cipher = _cipher(master, organisation_id)
            return cipher.decrypt(raw[:_NONCE], raw[_NONCE:], _place(organisation_id, kind, ref))
        except (InvalidTag, ValueError) as error:
            raise SecretUnreadable("A sealed secret was changed, or it lies where it was not sealed for.") from error


def _read_key(text: str) -> bytes | None:
    try:
        raw = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if len(raw) == 32 else None


def _kid(master: bytes) -> str:
    return hashlib.sha256(b"bridge/kid/v1" + master).hexdigest()[:8]


def _cipher(master: bytes, organisation_id: str) -> AESGCM:
    info = f"bridge/at-rest/v1|{organisation_id}".encode()
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(master))


def _place(organisation_id: str, kind: str, ref: str) -> bytes:
    return b"".join(length_prefixed(part) for part in (_VERSION, organisation_id, kind, ref))


def _raw(text: str) -> bytes:
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise SecretUnreadable("A sealed secret is damaged.") from error
    if len(raw) < _NONCE + 16 or b64u(raw) != text:
        raise SecretUnreadable("A sealed secret is damaged.")
    return raw
