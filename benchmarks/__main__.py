"""`python -m benchmarks`: prints how fast we are next to a bare Bolt app."""

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from benchmarks.plan import QUICK, Plan, measured
from benchmarks.report import as_json, show


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when it could be measured, whatever came out; what falls short is said, not failed."""
    chosen = _parser().parse_args(arguments)
    plan = QUICK if chosen.quick else Plan()
    plan = replace(plan, rounds=chosen.rounds or plan.rounds)
    progress = Console(stderr=True)
    with tempfile.TemporaryDirectory(prefix="drawbridge-bench-") as folder, progress.status("starting") as status:
        result = asyncio.run(measured(plan, Path(folder), status.update))
    if chosen.json:
        sys.stdout.write(json.dumps(as_json(result), ensure_ascii=False) + "\n")
    else:
        show(result, Console(highlight=False, width=None if sys.stdout.isatty() else 120))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one round of a second each: does it run at all?")
    parser.add_argument("--rounds", type=int, help="how many interleaved rounds (5)")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of tables")
    return parser


if __name__ == "__main__":
    sys.exit(main())
