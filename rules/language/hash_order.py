"""The order in which Java's HashMap and HashSet show what they hold: by the place that the hash code gives."""

import struct
from decimal import Decimal
from typing import Any

from rules.language.java import numbers_text

# Longer texts are not gone over for the sake of an order.
_LONGEST = 10_000
_DEEPEST = 10


class HashOrder:
    """How large the table is, and whether something came in since it was put in order."""

    __slots__ = ("is_dirty", "size")

    def __init__(self, room: int = 16) -> None:
        self.size = table_size(room)
        self.is_dirty = True

    def settled(self, held: dict[Any, Any], keys: list[Any]) -> dict[Any, Any]:
        """The same pairs in Java's order; as they are where a key has no hash code that means anything."""
        self.is_dirty = False
        while len(held) > self.size * 0.75:
            self.size *= 2
        places = []
        for key in keys:
            code = hash_code(key)
            if code is None:
                return held
            places.append((code ^ (code % 2**32 >> 16)) & (self.size - 1))
        pairs = list(held.items())
        return dict(pairs[at] for at in sorted(range(len(pairs)), key=places.__getitem__))


def table_size(room: int) -> int:
    """The power of two that holds so much."""
    return 1 << max(0, min(room, 1 << 20) - 1).bit_length()


def room_for(count: int) -> int:
    """What Java asks for when it copies so many items."""
    return max(int(count / 0.75) + 1, 16)


def hash_code(value: Any, depth: int = 0) -> int | None:
    """Java's hashCode, as an int of 32 bits; None where it depends on where the object is kept."""
    of = type(value)
    if of is str:
        return numbers_text.string_hash(value) if len(value) <= _LONGEST else None
    if value is None:
        return 0
    if of is bool:
        return 1231 if value else 1237
    if isinstance(value, (int, float, Decimal)):
        return number_hash(value)
    if isinstance(value, str):
        return ord(value)
    if depth > _DEEPEST:
        return None
    if of is list:
        found = 1
        for item in value[:1000]:
            own = hash_code(item, depth + 1)
            if own is None:
                return None
            found = _cut(found * 31 + own)
        return found
    millis = getattr(value, "millis", None)
    return _cut(millis ^ (millis >> 32)) if type(millis) is int else None


def number_hash(value: Any) -> int:
    """Java's hashCode of a number, by its class."""
    kind = type(value).__name__
    if kind in ("int", "Short", "Byte"):
        return int(value)
    if kind == "Long":
        return _cut(int(value) ^ (int(value) % 2**64 >> 32))
    if kind == "Float":
        return _cut(int.from_bytes(struct.pack(">f", value), "big"))
    if kind == "float":
        bits = int.from_bytes(struct.pack(">d", 0.0 + value), "big")
        return _cut(bits ^ (bits >> 32))
    if kind == "Decimal":
        sign, digits, exponent = value.as_tuple()
        unscaled = int("".join(map(str, digits)))
        return _cut(31 * _magnitude(-unscaled if sign else unscaled) - int(exponent))
    return _cut(_magnitude(int(value)))


def _magnitude(value: int) -> int:
    """BigInteger.hashCode before it is cut to 32 bits."""
    rest, words = abs(value), []
    while rest:
        words.append(rest & 0xFFFFFFFF)
        rest >>= 32
    found = 0
    for word in reversed(words):
        found = found * 31 + word
    return -found if value < 0 else found


def _cut(value: int) -> int:
    return (value + 2**31) % 2**32 - 2**31
