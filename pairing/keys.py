"""Public Ed25519 keys as values: which are acceptable, and their short name."""

from pairing.digests import b32, labelled_hash

_P = 2**255 - 19
# Points of low order: OpenSSL takes them as keys, and one constant signature then fits every message.
_LOW_ORDER = frozenset(
    {
        0,
        1,
        _P - 1,
        int.from_bytes(bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"),
        int.from_bytes(bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"), "little"),
    }
)


def is_good_key(raw: bytes) -> bool:
    """True for 32 canonical bytes that are not a point of low order."""
    y = int.from_bytes(raw, "little") & (2**255 - 1)
    return len(raw) == 32 and y < _P and y not in _LOW_ORDER


def key_id(public: bytes) -> str:
    """The 26 symbols by which a signature names its key."""
    return b32(labelled_hash("bridge/v1/key", public)[:16])
