"""`python -m tests.simulation 100000`: so many histories, on all cores; the first that breaks tells its story."""

import argparse
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor

from rules.worker.runner import Runner
from tests.simulation.history import Broken, History
from tests.simulation.plain import PlainRules

_CHUNK = 50


def first_broken(
    first: int, number: int, acts: int = 24, scripted: bool = False, runner: Runner | None = None
) -> str | None:
    """The story of the first history of these seeds in which an invariant breaks."""
    for seed in range(first, first + number):
        try:
            History(seed, acts=acts, scripted=scripted, runner=runner or PlainRules()).run()
        except Broken as broken:
            return str(broken)
    return None


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("number", type=int, nargs="?", default=3000)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--acts", type=int, default=24, help="human acts in each history")
    parser.add_argument("--script", action="store_true", help="both sides in Script mode, with rules of their own")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    begun, done = time.monotonic(), 0
    with ProcessPoolExecutor(asked.jobs) as pool:
        starts = range(asked.first, asked.first + asked.number, _CHUNK)
        sizes = [min(_CHUNK, asked.first + asked.number - start) for start in starts]
        for size, broken in zip(
            sizes,
            pool.map(first_broken, starts, sizes, [asked.acts] * len(sizes), [asked.script] * len(sizes)),
            strict=True,
        ):
            done += size
            if broken is not None:
                sys.stdout.write(f"{broken}\n")
                pool.shutdown(cancel_futures=True)
                return 1
            if done % 1000 < size:
                sys.stdout.write(f"{done} histories, {time.monotonic() - begun:.0f} s\n")
                sys.stdout.flush()
    seconds = time.monotonic() - begun
    sys.stdout.write(f"{done} histories, none broken, {seconds:.0f} s ({done / seconds:.0f} a second)\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
