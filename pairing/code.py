"""The invitation code: an address, the fingerprint of a key made for this one invitation, and a one-time token."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from itertools import takewhile

from pairing.address import canonical_address, is_local
from pairing.digests import labelled_hash, length_prefixed
from pairing.errors import AddressNotUsable, CodeChecksum, CodeNewerVersion, CodeNotReadable, CodeTruncated
from pairing.terms import Reach

PREFIX = "brg_"
MAX_PASTE = 4000
_SYMBOLS = "0123456789abcdefghjkmnpqrstvwxyz"
_LOOK_ALIKES = str.maketrans("oil", "011")
_VALUE = {symbol: value for value, symbol in enumerate(_SYMBOLS)}
_REACH_NIBBLE = {Reach.PUBLIC: 0, Reach.PRIVATE: 1, Reach.LOCAL: 2}
_NIBBLE_REACH = {nibble: reach for reach, nibble in _REACH_NIBBLE.items()}
_VERSION = 1
_HEAD = 50
_CHECKSUM = 4
_MAX_ADDRESS = 180
_MOST_SYMBOLS = -(-(_HEAD + _MAX_ADDRESS + _CHECKSUM) * 8 // 5)
_DROPPED = re.compile(r"[\s`'\"<>|*~\\‘’‚‛“”„‟«»‹›]")
_NO_ADDRESS = "This invitation code names no address that Drawbridge can call. Ask your partner for a new code."
_CONTRADICTION = "This invitation code contradicts itself. Ask your partner for a new code."


@dataclass(frozen=True, slots=True)
class InvitationCode:
    """What a code says: reach, 16 bytes of token, 32 bytes of commitment to the inviter's key, canonical address."""

    reach: Reach
    token: bytes = field(repr=False)
    commitment: bytes
    address: str

    @property
    def raw(self) -> bytes:
        """All decoded bytes, checksum included: what the number is made from."""
        return _with_checksum(_body(self))

    @property
    def text(self) -> str:
        return PREFIX + _to_symbols(self.raw)


def commitment_to(inviter_key: bytes) -> bytes:
    """The fingerprint that stands in the code for a key that nobody may see before a claim."""
    return labelled_hash("bridge/v1/commit", inviter_key)


def token_hash(token: bytes) -> bytes:
    """What the inviter keeps of a token; a fast hash is right for 128 random bits."""
    return labelled_hash("bridge/v1/token", token)


def read_code(pasted: str, trusted: frozenset[str] = frozenset()) -> InvitationCode:
    """The code inside whatever was pasted: a whole Slack message, quotes, line breaks and all.

    Raises CodeNotReadable or a subclass that says what is wrong; never anything else.
    """
    problem = CodeNotReadable()
    for symbols in sorted(_candidates_in(pasted), key=len):
        try:
            return _read(symbols, trusted)
        except CodeNotReadable as error:
            problem = error  # in the end that of the longest: the others only mention the prefix
    raise problem


def _read(symbols: str, trusted: frozenset[str]) -> InvitationCode:
    raw, _ = _from_symbols(symbols)
    if raw and raw[0] >> 4 > _VERSION:
        raise CodeNewerVersion
    if len(raw) < 2:
        raise CodeTruncated
    size = _HEAD + raw[1] + _CHECKSUM
    if raw[0] >> 4 != _VERSION or not 1 <= raw[1] <= _MAX_ADDRESS:
        raise CodeChecksum
    if len(raw) < size:
        raise CodeTruncated
    # The code says its own length, so words that follow it do no harm.
    raw, slack_bits = _from_symbols(symbols[: -(-size * 8 // 5)])
    if slack_bits or _with_checksum(raw[:-_CHECKSUM]) != raw:
        raise CodeChecksum
    return _decoded(raw, trusted)


def _decoded(raw: bytes, trusted: frozenset[str]) -> InvitationCode:
    reach = _NIBBLE_REACH.get(raw[0] & 15)
    try:
        address = raw[_HEAD:-_CHECKSUM].decode("ascii")
        is_canonical = canonical_address(address, trusted) == address
    except (UnicodeDecodeError, AddressNotUsable) as error:
        raise CodeNotReadable(_NO_ADDRESS) from error
    if not is_canonical:
        raise CodeNotReadable(_NO_ADDRESS)
    if reach is None or is_local(address) != (reach is Reach.LOCAL):
        raise CodeNotReadable(_CONTRADICTION)
    return InvitationCode(reach, token=raw[2:18], commitment=raw[18:_HEAD], address=address)


def _body(code: InvitationCode) -> bytes:
    address = code.address.encode("ascii")
    assert 1 <= len(address) <= _MAX_ADDRESS
    assert (len(code.token), len(code.commitment)) == (16, 32)
    head = bytes([_VERSION << 4 | _REACH_NIBBLE[code.reach], len(address)])
    return head + code.token + code.commitment + address


def _with_checksum(body: bytes) -> bytes:
    return body + hashlib.sha256(length_prefixed("bridge/v1/code") + body).digest()[:_CHECKSUM]


def _to_symbols(raw: bytes) -> str:
    bits = "".join(f"{byte:08b}" for byte in raw)
    bits += "0" * (-len(bits) % 5)
    return "".join(_SYMBOLS[int(bits[at : at + 5], 2)] for at in range(0, len(bits), 5))


def _from_symbols(symbols: str) -> tuple[bytes, int]:
    """The whole bytes in the symbols, and the value of the bits left over (which must be 0 in a code)."""
    number = 0
    for symbol in symbols:
        number = number << 5 | _VALUE[symbol]
    left = len(symbols) * 5 % 8
    return (number >> left).to_bytes(len(symbols) * 5 // 8, "big"), number & ((1 << left) - 1)


def _candidates_in(pasted: str) -> list[str]:
    """What follows each `brg_`, as far as it is made of symbols; a message may mention the prefix before the code."""
    if len(pasted) > MAX_PASTE:
        raise CodeNotReadable("That is too long for an invitation code. Paste only the message that holds the code.")
    text = unicodedata.normalize("NFKC", pasted)
    text = "".join(character for character in text if unicodedata.category(character) != "Cf")
    text = _DROPPED.sub("", text.lower())
    _, *rests = text.split(PREFIX)
    return ["".join(takewhile(_VALUE.__contains__, rest[:_MOST_SYMBOLS].translate(_LOOK_ALIKES))) for rest in rests]
