"""java.util.Random: the numbers that Java gives for a seed."""

import math

_MASK = (1 << 48) - 1
_FACTOR = 0x5DEECE66D


class LinearChance:
    """One generator; the same seed gives the same numbers."""

    def __init__(self, seed: int) -> None:
        self.state = (seed ^ _FACTOR) & _MASK
        self._spare: float | None = None

    def bits(self, count: int) -> int:
        """A signed number of that many bits."""
        self.state = (self.state * _FACTOR + 0xB) & _MASK
        found = self.state >> (48 - count)
        return found - (1 << count) if count == 32 and found >> 31 else found

    def whole(self, bound: int | None = None) -> int:
        """Any int, or one from 0 to below the bound."""
        if bound is None:
            return self.bits(32)
        if bound & -bound == bound:
            return (bound * self.bits(31)) >> 31
        while True:
            drawn = self.bits(31)
            found = drawn % bound
            if drawn - found + bound - 1 < 2**31:
                return found

    def between(self, low: int, high: int) -> int:
        """From `low` to below `high`, as `nextInt(low, high)` and `ints` draw it."""
        size = high - low
        if 0 < size < 2**31:
            return self.whole(size) + low
        while True:
            found = self.bits(32)
            if low <= found < high:
                return found

    def long(self) -> int:
        found = (self.bits(32) << 32) + self.bits(32)
        return (found + 2**63) % 2**64 - 2**63

    def double(self) -> float:
        return ((self.bits(26) << 27) + self.bits(27)) * 2.0**-53

    def single(self) -> float:
        return self.bits(24) / float(1 << 24)

    def gaussian(self) -> float:
        """The polar method, which makes two numbers at once."""
        if self._spare is not None:
            found, self._spare = self._spare, None
            return found
        while True:
            a, b = 2 * self.double() - 1, 2 * self.double() - 1
            square = a * a + b * b
            if 0 < square < 1:
                factor = math.sqrt(-2 * math.log(square) / square)
                self._spare = b * factor
                return a * factor
