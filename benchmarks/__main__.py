"""`python -m benchmarks [slack] [budget] [speed] [growth] [rules]`: what we claim about speed and cost, measured."""

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks import budget, desk_report, growth, rules, speed
from benchmarks.plan import QUICK, Plan, measured
from benchmarks.report import as_json, machine, show

Say = Callable[[str], None]
# Measures in a folder of its own; gives the result as JSON, and what shows it to people.
Bench = Callable[[argparse.Namespace, Path, Say], tuple[dict[str, Any], Callable[[Console], None]]]


@dataclass(frozen=True, slots=True)
class Named:
    """A benchmark and what it is about."""

    about: str
    run: Bench


def _slack(chosen: argparse.Namespace, folder: Path, say: Say) -> tuple[dict[str, Any], Callable[[Console], None]]:
    plan = QUICK if chosen.quick else Plan()
    result = asyncio.run(measured(replace(plan, rounds=chosen.rounds or plan.rounds), folder, say))
    return as_json(result), lambda console: show(result, console)


def _budget(chosen: argparse.Namespace, folder: Path, say: Say) -> tuple[dict[str, Any], Callable[[Console], None]]:
    found = asyncio.run(budget.measured(budget.SMALL if chosen.quick else budget.Scale(), say))
    return desk_report.budget_json(found), lambda console: desk_report.show_budget(found, console)


def _speed(chosen: argparse.Namespace, folder: Path, say: Say) -> tuple[dict[str, Any], Callable[[Console], None]]:
    scale = speed.SMALL if chosen.quick else speed.Scale()
    found = asyncio.run(speed.measured(replace(scale, rounds=chosen.rounds or scale.rounds), folder, say))
    return desk_report.speed_json(found), lambda console: desk_report.show_speed(found, console)


def _growth(chosen: argparse.Namespace, folder: Path, say: Say) -> tuple[dict[str, Any], Callable[[Console], None]]:
    found = asyncio.run(growth.measured(growth.SMALL if chosen.quick else growth.Scale(), folder, say))
    return desk_report.growth_json(found), lambda console: desk_report.show_growth(found, console)


def _rules(chosen: argparse.Namespace, folder: Path, say: Say) -> tuple[dict[str, Any], Callable[[Console], None]]:
    found = asyncio.run(rules.measured(rules.SMALL if chosen.quick else rules.Scale(), say))
    return rules.as_json(found), lambda console: rules.show(found, console)


BENCHES = {
    "slack": Named("how soon a command opens its window, beside a bare Bolt app", _slack),
    "budget": Named("what changes cost at the desks, and a back-fill under a plan's limits", _budget),
    "speed": Named("changes a second, their way, and bad tickets, through two real nodes", _speed),
    "growth": Named("more linked tickets, more connections", _growth),
    "rules": Named("what a pair of rules costs, and a rule that never ends", _rules),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when it could be measured, whatever came out; what falls short is said, not failed."""
    chosen = _parser().parse_args(arguments)
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
    found: dict[str, Any] = {}
    for name in chosen.benches or BENCHES:
        progress = Console(stderr=True)
        with tempfile.TemporaryDirectory(prefix="drawbridge-bench-") as folder, progress.status("starting") as status:
            found[name], shown = BENCHES[name].run(chosen, Path(folder), status.update)
        if not chosen.json:
            console.print(f"[bold]{BENCHES[name].about}[/bold]   {machine()}")
            shown(console)
    if chosen.json:
        sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("benches", nargs="*", choices=[*BENCHES, []], metavar="|".join(BENCHES), help="(all)")
    parser.add_argument("--quick", action="store_true", help="as little as possible: does it run at all?")
    parser.add_argument("--rounds", type=int, help="how many rounds (slack 5, speed 3)")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of tables")
    return parser


if __name__ == "__main__":
    sys.exit(main())
