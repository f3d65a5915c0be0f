"""MessageDigest: fingerprints of bytes, as rules make them to tell whether something changed."""

import hashlib
from typing import TYPE_CHECKING, Any

from rules.language import kinds, values
from rules.language.members import method, static
from rules.language.members.text_values import bytes_of

if TYPE_CHECKING:
    from rules.language.run import Run

DIGEST = kinds.kind("java.security.MessageDigest", kinds.OBJECT)
_NO_SUCH = kinds.kind("java.security.NoSuchAlgorithmException", kinds.EXCEPTION)
_KNOWN = {"MD5": hashlib.md5, "SHA-1": hashlib.sha1, "SHA-256": hashlib.sha256, "SHA-512": hashlib.sha512}
_KNOWN["SHA"] = _KNOWN["SHA1"] = hashlib.sha1


@static(DIGEST, "getInstance", 1)
def get_instance(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    name = run.text(arguments[0])
    make = _KNOWN.get(name.upper())
    if make is None:
        run.fail(_NO_SUCH.name, f"{name} MessageDigest not available")
    return values.Box(DIGEST, make(usedforsecurity=False))


def _taken(run: "Run", value: Any, given: Any) -> None:
    run.steps(len(given) >> 6)
    value.content.update(bytes_of(given))


@method(DIGEST, "update", 1)
def update(run: "Run", value: Any, arguments: list[Any]) -> None:
    _taken(run, value, arguments[0])


@method(DIGEST, "digest", (0, 1))
def digest(run: "Run", value: Any, arguments: list[Any]) -> Any:
    """The bytes, signed as Java's are; the digest begins anew."""
    if arguments:
        _taken(run, value, arguments[0])
    found = value.content.digest()
    value.content = hashlib.new(value.content.name, usedforsecurity=False)
    return values.Array([values.Byte(byte - 256 if byte > 127 else byte) for byte in found], "byte")
