"""How long a duty rests after an attempt that failed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: rests double from `first` to `most`. So many `conflicts` in a row are tried again at once."""

    first: float = 1
    most: float = 300
    conflicts: int = 5

    def rest_seconds(self, attempts: int, draw: float, asked: float | None = None) -> float:
        """`attempts` failed before this one, `draw` is from 0 to 1: those who failed together do not come together.

        What the other end asked for is kept to, and spread by a moment.
        """
        if asked:
            return asked + min(self.first, asked) * draw
        return float(min(self.most, self.first * 2 ** min(attempts, 20)) * draw)

    def rest_after_conflict(self, attempts: int, draw: float) -> float:
        """Somebody was faster: at once again, unless that goes on and on."""
        return 0.0 if attempts < self.conflicts else self.rest_seconds(attempts - self.conflicts, draw)
