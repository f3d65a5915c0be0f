"""What flows draw by chance: ids, tokens and keys."""

from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from flows.node import Node
from pairing.digests import b32


@dataclass(frozen=True, slots=True)
class KeyPair:
    """An Ed25519 pair as raw bytes, 32 each."""

    seed: bytes = field(repr=False)
    public: bytes


def new_id(node: Node) -> str:
    """26 base32 symbols out of 16 random bytes."""
    return b32(node.chance(16))


def new_code(node: Node) -> str:
    """The 12 base32 symbols of a marker line."""
    return b32(node.chance(8))[:12]


def new_key(node: Node) -> KeyPair:
    seed = node.chance(32)
    return KeyPair(seed, Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw())
