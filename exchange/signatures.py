"""HTTP message signatures (RFC 9421) in the one fixed profile that two nodes speak: Ed25519, no choices, no parser."""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from exchange.ports import Headers
from pairing.keys import key_id

JSON = "application/json"
_REQUEST = '("@method" "@target-uri" "content-type" "content-digest")'
_ANSWER = '("@status" "content-type" "content-digest")'
_PARAMETERS = r';created=([1-9][0-9]{9});keyid="([a-z2-7]{26})";nonce="([A-Za-z0-9_-]{22})";tag='
_REQUEST_INPUT = re.compile("sig=(" + re.escape(_REQUEST) + _PARAMETERS + '"bridge-req-v1")')
_ANSWER_INPUT = re.compile("sig=(" + re.escape(_ANSWER) + _PARAMETERS + '"bridge-res-v1")')
_DIGEST = re.compile("sha-256=:[A-Za-z0-9+/]{43}=:")
_SIGNATURE = re.compile("sig=:([A-Za-z0-9+/]{86}==):")


class NotSigned(Exception):
    """The headers are not those of this profile, each exactly once."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What a message's signature headers say, before anything of it is verified. `created` is in Unix seconds."""

    created: int
    key_id: str
    nonce: str
    parameters: str
    digest: str
    signature: bytes


def public_of(seed: bytes) -> bytes:
    """The 32 public bytes that belong to a private key's 32-byte seed."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def sign_request(seed: bytes, *, method: str, uri: str, body: bytes, created: int, nonce: str) -> Headers:
    """The four headers of a signed request, Content-Type among them."""
    return _signed(seed, (("@method", method), ("@target-uri", uri)), _REQUEST, "bridge-req-v1", body, created, nonce)


def sign_answer(seed: bytes, *, status: int, body: bytes, created: int, nonce: str) -> Headers:
    """The four headers of a signed answer; `nonce` is the request's, which ties the answer to its question."""
    return _signed(seed, (("@status", str(status)),), _ANSWER, "bridge-res-v1", body, created, nonce)


def read_request(headers: Headers) -> Stated:
    """Raises NotSigned."""
    return _stated(headers, _REQUEST_INPUT)


def read_answer(headers: Headers) -> Stated:
    """Raises NotSigned."""
    return _stated(headers, _ANSWER_INPUT)


def is_request_by(public: bytes, stated: Stated, *, method: str, uri: str, body: bytes) -> bool:
    """True when the holder of this key signed exactly this request."""
    return _is_signed_by(public, stated, (("@method", method), ("@target-uri", uri)), body)


def is_answer_by(public: bytes, stated: Stated, *, status: int, body: bytes) -> bool:
    """True when the holder of this key signed exactly this answer; the caller compares the nonce."""
    return _is_signed_by(public, stated, (("@status", str(status)),), body)


def _digest(body: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def signature_base(lines: tuple[tuple[str, str], ...], parameters: str) -> bytes:
    """RFC 9421 §2.5: one line for each covered component, the parameters last, no newline at the end."""
    return "\n".join(f'"{name}": {value}' for name, value in (*lines, ("@signature-params", parameters))).encode()


def _base(parts: tuple[tuple[str, str], ...], digest: str, parameters: str) -> bytes:
    return signature_base((*parts, ("content-type", JSON), ("content-digest", digest)), parameters)


def _signed(
    seed: bytes, parts: tuple[tuple[str, str], ...], covered: str, tag: str, body: bytes, created: int, nonce: str
) -> Headers:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    name = key_id(key.public_key().public_bytes_raw())
    parameters = f'{covered};created={created};keyid="{name}";nonce="{nonce}";tag="{tag}"'
    digest = _digest(body)
    signature = base64.b64encode(key.sign(_base(parts, digest, parameters))).decode()
    return (
        ("Content-Type", JSON),
        ("Content-Digest", digest),
        ("Signature-Input", f"sig={parameters}"),
        ("Signature", f"sig=:{signature}:"),
    )


def _stated(headers: Headers, pattern: re.Pattern[str]) -> Stated:
    found = pattern.fullmatch(_only(headers, "signature-input"))
    signature = _SIGNATURE.fullmatch(_only(headers, "signature"))
    digest = _DIGEST.fullmatch(_only(headers, "content-digest"))
    if found is None or signature is None or digest is None or _only(headers, "content-type") != JSON:
        raise NotSigned
    raw = base64.b64decode(signature[1])
    # 64 bytes leave slack bits in base64: another spelling of the same signature is refused.
    if base64.b64encode(raw).decode() != signature[1]:
        raise NotSigned
    return Stated(int(found[2]), found[3], found[4], found[1], digest[0], raw)


def _only(headers: Headers, name: str) -> str:
    values = [value for key, value in headers if key.lower() == name]
    if len(values) != 1:
        raise NotSigned
    return values[0]


def _is_signed_by(public: bytes, stated: Stated, parts: tuple[tuple[str, str], ...], body: bytes) -> bool:
    # Nothing returns early: a wrong digest must take as long as a wrong signature.
    is_body = hmac.compare_digest(stated.digest.encode(), _digest(body).encode())
    is_key = stated.key_id == key_id(public)
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(
            stated.signature, _base(parts, stated.digest, stated.parameters)
        )
    except (InvalidSignature, ValueError):
        return False
    return is_body and is_key
