"""What is said about measured times is what they say."""

import math

import pytest

from benchmarks.figures import FIGURES, Phase, Round, percentile, ratios, spread


def phase(modals: tuple[float, ...], *, failed: int = 0, cpu_seconds: float | None = 1.0) -> Phase:
    return Phase(modals, modals, failed, seconds=2.0, cpu_seconds=cpu_seconds, own_share=0.5)


@pytest.mark.parametrize(("of_hundred", "expected"), [(50, 50), (99, 99), (100, 100), (1, 1)])
def test_a_percentile_is_one_of_the_values(of_hundred: float, expected: float) -> None:
    assert percentile(range(100, 0, -1), of_hundred) == expected


def test_nothing_measured_is_no_number() -> None:
    assert math.isnan(percentile((), 50))
    assert math.isnan(phase(()).cpu_per_command)
    assert math.isnan(phase((0.1,), cpu_seconds=None).cpu_per_command)


def test_a_command_without_a_modal_is_late_too() -> None:
    assert phase((0.1, 1.5), failed=2).late == 3


def test_commands_are_counted_by_the_time_they_took_together() -> None:
    assert phase((0.1,) * 10).per_second == 5


def test_a_spread_has_the_middle_and_both_ends() -> None:
    assert spread([3.0, 1.0, 2.0]) == spread([1.0, 2.0, 3.0])
    assert (spread([3.0, 1.0, 2.0]).middle, spread([3.0, 1.0]).least, spread([3.0, 1.0]).most) == (2.0, 1.0, 3.0)


def test_a_slow_round_is_compared_with_its_own_neighbour() -> None:
    ours = [Round(phase((value,)), phase((value,))) for value in (1.0, 10.0, 3.0)]
    theirs = [Round(phase((value,)), phase((value,))) for value in (2.0, 20.0, 6.0)]
    assert ratios(ours, theirs, FIGURES["modal p50"]) == spread([0.5, 0.5, 0.5])
