"""What was measured, and what is said about it. Times are seconds."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

LATE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Phase:
    """One contestant under one load, once. `acks` and `modals` are of the commands that ended well within `seconds`.

    `cpu_seconds` is what the contestant's process used meanwhile, None where the system does not tell; `own_share` the
    share of one core that the load and the stand-in took.
    """

    acks: tuple[float, ...]
    modals: tuple[float, ...]
    failed: int
    seconds: float
    cpu_seconds: float | None
    own_share: float

    @property
    def commands(self) -> int:
        return len(self.modals)

    @property
    def late(self) -> int:
        """Commands whose modal came after more than a second, or never."""
        return sum(1 for seconds in self.modals if seconds > LATE_SECONDS) + self.failed

    @property
    def per_second(self) -> float:
        return self.commands / self.seconds

    @property
    def cpu_per_command(self) -> float:
        return math.nan if self.cpu_seconds is None or not self.commands else self.cpu_seconds / self.commands


@dataclass(frozen=True, slots=True)
class Round:
    """What one contestant did in one round."""

    steady: Phase
    crowded: Phase


Figure = Callable[[Round], float]
FIGURES: dict[str, Figure] = {
    "ack p50": lambda one: percentile(one.steady.acks, 50),
    "ack p99": lambda one: percentile(one.steady.acks, 99),
    "modal p50": lambda one: percentile(one.steady.modals, 50),
    "modal p99": lambda one: percentile(one.steady.modals, 99),
    "commands/s": lambda one: one.crowded.per_second,
    "crowded modal p50": lambda one: percentile(one.crowded.modals, 50),
    "crowded modal p99": lambda one: percentile(one.crowded.modals, 99),
    "cpu/command": lambda one: one.crowded.cpu_per_command,
}


def percentile(values: Sequence[float], of_hundred: float) -> float:
    """The smallest value that at least so many of a hundred do not exceed; not a number when there is none."""
    if not values:
        return math.nan
    place = math.ceil(len(values) * of_hundred / 100) - 1
    return sorted(values)[max(place, 0)]


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle of several rounds, and their range."""

    middle: float
    least: float
    most: float


def spread(values: Sequence[float]) -> Spread:
    return Spread(median(values), min(values), max(values))


def ratios(ours: Sequence[Round], theirs: Sequence[Round], figure: Figure) -> Spread:
    """Ours by theirs, round by round: what disturbed the machine in one round disturbed both."""
    return spread([figure(one) / figure(other) for one, other in zip(ours, theirs, strict=True)])
