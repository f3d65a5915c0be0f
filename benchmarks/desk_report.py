"""What the benchmarks of tickets found, for people and for programs."""

from dataclasses import asdict
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.budget import Budgets, Spent
from benchmarks.figures import percentile
from benchmarks.growth import Growth
from benchmarks.speed import Speeds

_BUDGET_AIM, _POISON_AIM, _P99_AIM, _WAY_AIM_SECONDS = 1.05, 0.95, 1.2, 0.3


def budget_json(found: Budgets) -> dict[str, Any]:
    costs = {
        cost.kind: {"source": asdict(cost.source), "target": asdict(cost.target), "floor": list(cost.floor)}
        for cost in found.costs
    }
    return {"costs": costs, "backfill": {**asdict(found.backfilled), "ratio": found.backfilled.ratio}}


def show_budget(found: Budgets, console: Console) -> None:
    table = _table("Calls of one change, without polls (units of the limits in brackets)")
    for heading in ("at the source", "floor", "at the destination", "floor"):
        table.add_column(heading, justify="right" if heading == "floor" else "left")
    for cost in found.costs:
        source, target = cost.floor
        table.add_row(cost.kind, _calls(cost.source), str(source), _calls(cost.target), str(target))
    console.print(table)
    back = found.backfilled
    console.print(
        f"Back-fill of {back.tickets:,} tickets, plan Growth: {back.minutes:.1f} min, floor {back.floor:.1f} min,"
        f" {back.ratio:.3f} × ({_mark(back.ratio <= _BUDGET_AIM)}: at most {_BUDGET_AIM} ×);"
        f" {back.refused} refused ({_mark(back.refused == 0)}: 0)"
    )
    console.print(f"  a ticket of it: {_calls(back.source)} at the source, {_calls(back.target)} at the destination\n")


def speed_json(found: Speeds) -> dict[str, Any]:
    return {
        "changes_per_second": [asdict(one) | {"ratio": one.ratio} for one in found.passed],
        "ways": [
            {"direction": way.direction, "round_trip": way.round_trip, **_percentiles(way.seconds)}
            for way in found.ways
        ],
        "poller": _percentiles(found.poller),
        "poisoned": [asdict(one) for one in found.poisoned],
    }


def show_speed(found: Speeds, console: Console) -> None:
    ours, bare = median(one.ours for one in found.passed), median(one.bare for one in found.passed)
    ratio = median(one.ratio for one in found.passed)
    console.print(f"Changes a second through two nodes: {ours:.0f}; bare client: {bare:.0f}; ratio {ratio:.2f} ×")
    table = _table("From seen at one side to written at the other (ms)")
    for heading in ("round trip", "p50", "p99", "aim"):
        table.add_column(heading, justify="right")
    for way in found.ways:
        p50, p99 = percentile(way.seconds, 50), percentile(way.seconds, 99)
        aim = f"p99 at most {_WAY_AIM_SECONDS * 1000:.0f}: {_mark(p99 <= _WAY_AIM_SECONDS)}"
        table.add_row(way.direction, f"{way.round_trip * 1000:.0f}", f"{p50 * 1000:.0f}", f"{p99 * 1000:.0f}", aim)
    asked = found.poller
    p50, p99 = percentile(asked, 50), percentile(asked, 99)
    table.add_row("asking every 20 s", "0", f"{p50 * 1000:.0f}", f"{p99 * 1000:.0f}", "–")
    console.print(table)
    share = median(one.poisoned / one.clean for one in found.poisoned)
    late = median(one.poisoned_p99 / one.clean_p99 for one in found.poisoned)
    console.print(
        f"1 % of tickets fail for ever: the others' changes a second {share:.2f} × ({_mark(share >= _POISON_AIM)}:"
        f" at least {_POISON_AIM} ×), their p99 {late:.2f} × ({_mark(late <= _P99_AIM)}: at most {_P99_AIM} ×)\n"
    )


def growth_json(found: Growth) -> dict[str, Any]:
    return asdict(found)


def show_growth(found: Growth, console: Console) -> None:
    table = _table("Processor time as a node grows")
    for heading in ("ms", "by the smallest"):
        table.add_column(heading, justify="right")
    for label, figures in (
        ("a change, {:,} linked tickets", found.change_ms),
        ("a second, {:,} idle connections", found.idle_ms),
    ):
        first = next(iter(figures.values()))
        for number, value in figures.items():
            table.add_row(label.format(number), f"{value:.1f}", f"{value / first:.2f} ×" if first > 0 else "–")
    console.print(table)


def _table(title: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column("")
    return table


def _calls(spent: Spent) -> str:
    named = ", ".join(f"{number:.2g} {name}" for name, number in spent.calls.items() if name != "poll")
    return f"{spent.total:.2f} = {named} [{spent.units:.1f}]"


def _mark(is_met: bool) -> str:
    return "[green]met[/green]" if is_met else "[red]missed[/red]"


def _percentiles(seconds: tuple[float, ...]) -> dict[str, float]:
    return {"p50": percentile(seconds, 50), "p99": percentile(seconds, 99), "samples": len(seconds)}
