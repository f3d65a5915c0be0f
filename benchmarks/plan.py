"""Which loads run, how often, and in which order."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.contestants import arena
from benchmarks.figures import Round
from benchmarks.load import Load, loads

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """Each round measures every contestant once under each load, for so many seconds."""

    rounds: int = 5
    per_second: float = 50
    steady_seconds: float = 8
    connections: int = 64
    crowded_seconds: float = 5
    warm_seconds: float = 2


QUICK = Plan(rounds=1, steady_seconds=1, crowded_seconds=1, warm_seconds=0.2)


@dataclass(frozen=True, slots=True)
class Result:
    """The rounds of each contestant, by name."""

    plan: Plan
    rounds: dict[str, tuple[Round, ...]]


async def measured(plan: Plan, folder: Path, say: Say) -> Result:
    async with arena(folder) as place, loads(place) as all_loads:
        named = dict(zip((one.name for one in place.contestants), all_loads, strict=True))
        done: dict[str, list[Round]] = {name: [] for name in named}
        for name, load in named.items():
            say(f"warming up {name}")
            await load.everybody_once()
            await load.crowded(plan.connections, plan.warm_seconds)
        for number in range(plan.rounds):
            # Interleaved, and each time another one first: whatever else the machine does meets all of them.
            for name in _turned(list(named), number):
                say(f"round {number + 1} of {plan.rounds}: {name}")
                done[name].append(await _one_round(named[name], plan, seed=number))
        return Result(plan, {name: tuple(rounds) for name, rounds in done.items()})


async def _one_round(load: Load, plan: Plan, seed: int) -> Round:
    """The commands of a round come at the same moments for every contestant."""
    steady = await load.steady(plan.per_second, plan.steady_seconds, random.Random(seed))
    return Round(steady, await load.crowded(plan.connections, plan.crowded_seconds))


def _turned(names: list[str], by: int) -> list[str]:
    first = by % len(names)
    return names[first:] + names[:first]
