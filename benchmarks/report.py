"""The result for people, and for programs."""

import math
import os
import platform
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.contestants import BARE, OURS, SHARED
from benchmarks.figures import FIGURES, Round, Spread, ratios, spread
from benchmarks.plan import Result


@dataclass(frozen=True, slots=True)
class Aim:
    """A ratio of ours by theirs that is to be at most, or at least, `limit`."""

    figure: str
    against: str
    limit: float
    is_most: bool

    def is_met_by(self, ratio: float) -> bool:
        return ratio <= self.limit if self.is_most else ratio >= self.limit

    @property
    def words(self) -> str:
        return f"{'at most' if self.is_most else 'at least'} {self.limit:.2g} ×"


AIMS = (
    Aim("ack p50", BARE, 1.0, is_most=True),
    Aim("ack p99", BARE, 1.0, is_most=True),
    Aim("modal p50", BARE, 1.0, is_most=True),
    Aim("modal p99", BARE, 1.0, is_most=True),
    Aim("commands/s", BARE, 1.5, is_most=False),
    Aim("commands/s", SHARED, 0.7, is_most=False),
    Aim("cpu/command", BARE, 1 / 1.5, is_most=True),  # the same aim where other programs keep the machine busy
)


def machine() -> str:
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def show(result: Result, console: Console) -> None:
    plan = result.plan
    console.print(f"\n[bold]Slash command to open modal[/bold]   {machine()}")
    console.print(f"[dim]{plan.rounds} interleaved rounds, medians of the rounds, their range in brackets[/dim]\n")
    steady = ("ack p50", "ack p99", "modal p50", "modal p99")
    console.print(_table(result, f"{plan.per_second:g} commands a second, come what may (ms)", steady))
    crowded = ("commands/s", "crowded modal p50", "crowded modal p99", "cpu/command")
    title = f"{plan.connections} connections, each with its next command once its modal is open (ms)"
    console.print(_table(result, title, crowded))
    console.print(_ratio_table(result))
    for name, rounds in result.rounds.items():
        late, all_of_them = _late(rounds)
        console.print(f"{name}: {late} of {all_of_them:,} modals above 1 s")
    console.print(f"[dim]The load and the stand-in took {_busiest(result):.0%} of one core at most.[/dim]\n")


def as_json(result: Result) -> dict[str, Any]:
    contestants = {
        name: {
            "figures": {figure: _spread(spread([of(one) for one in rounds])) for figure, of in FIGURES.items()},
            "above_1_s": _late(rounds)[0],
            "commands": _late(rounds)[1],
        }
        for name, rounds in result.rounds.items()
    }
    found = [
        {"figure": aim.figure, "against": aim.against, "aim": aim.words, "met": aim.is_met_by(ratio.middle)}
        | _spread(ratio)
        for aim, ratio in _ratios(result)
    ]
    return {
        "machine": machine(),
        "rounds": result.plan.rounds,
        "contestants": contestants,
        "ratios": found,
        "own_share_of_a_core": round(_busiest(result), 3),
    }


def _table(result: Result, title: str, figures: tuple[str, ...]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column("")
    for figure in figures:
        table.add_column(figure.removeprefix("crowded "), justify="right")
    for name, rounds in result.rounds.items():
        cells = [_cell(figure, spread([FIGURES[figure](one) for one in rounds])) for figure in figures]
        table.add_row(name, *cells)
    return table


def _ratio_table(result: Result) -> Table:
    table = Table(title=f"{OURS} by …, each round by itself", title_justify="left", title_style="bold")
    for heading in ("", "by", "ratio", "aim"):
        table.add_column(heading, justify="right" if heading == "ratio" else "left")
    for aim, ratio in _ratios(result):
        mark = "[green]met[/green]" if aim.is_met_by(ratio.middle) else "[red]missed[/red]"
        number = f"{ratio.middle:.2f} × [dim][{ratio.least:.2f}–{ratio.most:.2f}][/dim]"
        table.add_row(aim.figure, aim.against, number, f"{aim.words}: {mark}")
    return table


def _ratios(result: Result) -> list[tuple[Aim, Spread]]:
    ours = result.rounds[OURS]
    return [(aim, ratios(ours, result.rounds[aim.against], FIGURES[aim.figure])) for aim in AIMS]


def _cell(figure: str, found: Spread) -> str:
    scale, digits = (1, 0) if figure == "commands/s" else (1000, 2 if figure == "cpu/command" else 1)
    if math.isnan(found.middle):
        return "–"
    numbers = [f"{value * scale:.{digits}f}" for value in (found.middle, found.least, found.most)]
    return f"{numbers[0]} [dim][{numbers[1]}–{numbers[2]}][/dim]"


def _late(rounds: tuple[Round, ...]) -> tuple[int, int]:
    """Modals above a second, or never, of how many commands."""
    phases = [phase for one in rounds for phase in (one.steady, one.crowded)]
    return sum(phase.late for phase in phases), sum(phase.commands + phase.failed for phase in phases)


def _busiest(result: Result) -> float:
    return max(one.crowded.own_share for rounds in result.rounds.values() for one in rounds)


def _spread(found: Spread) -> dict[str, float | None]:
    named = {"median": found.middle, "least": found.least, "most": found.most}
    return {name: None if math.isnan(value) else round(value, 6) for name, value in named.items()}
