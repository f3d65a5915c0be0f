"""Each benchmark runs and says its figures; how fast anything is, no test asserts. What things cost, some do."""

import json
from typing import Any

import pytest

from benchmarks.__main__ import main
from benchmarks.contestants import BARE, OURS, SHARED
from benchmarks.figures import FIGURES

Captured = pytest.CaptureFixture[str]


def quick(capsys: Captured, bench: str) -> Any:
    assert main([bench, "--quick", "--json"]) == 0
    return json.loads(capsys.readouterr().out)[bench]


@pytest.mark.slow
def test_a_quick_run_prints_every_figure_and_every_ratio(capsys: Captured) -> None:
    said = quick(capsys, "slack")
    assert set(said["contestants"]) == {OURS, BARE, SHARED}
    for contestant in said["contestants"].values():
        assert set(contestant["figures"]) == set(FIGURES)
        assert contestant["commands"] > 0
    assert {ratio["figure"] for ratio in said["ratios"]} >= {"ack p50", "modal p50", "modal p99", "commands/s"}
    assert all(ratio["median"] > 0 for ratio in said["ratios"])


@pytest.mark.slow
def test_a_quick_run_is_readable(capsys: Captured) -> None:
    assert main(["slack", "--quick"]) == 0
    said = capsys.readouterr().out
    for words in ("commands/s", "modal p50", f"{OURS} by", "modals above 1 s"):
        assert words in said


@pytest.mark.slow
def test_g8_g9_g11_a_back_fill_keeps_inside_the_plan_and_near_its_floor(capsys: Captured) -> None:
    said = quick(capsys, "budget")
    assert said["backfill"]["refused"] == 0
    assert said["backfill"]["ratio"] <= 1.05
    for kind in ("create", "update"):
        cost = said["costs"][kind]
        assert cost["source"]["calls"]["view"] == 1
        assert cost["target"]["calls"][kind] == 1


@pytest.mark.slow
def test_changes_pass_two_nodes_and_bad_tickets_hold_up_no_other(capsys: Captured) -> None:
    said = quick(capsys, "speed")
    assert all(one["ours"] > 0 and one["bare"] > 0 for one in said["changes_per_second"])
    assert [way["round_trip"] for way in said["ways"]] == [0.0, 0.0, 0.1, 0.1]
    assert all(way["p50"] > 0 for way in said["ways"])
    assert said["poisoned"]


@pytest.mark.slow
def test_growth_is_measured_at_each_size(capsys: Captured) -> None:
    said = quick(capsys, "growth")
    assert len(said["change_ms"]) == len(said["idle_ms"]) == 2
    assert all(value > 0 for value in said["change_ms"].values())


def test_an_unknown_benchmark_is_not_guessed(capsys: Captured) -> None:
    with pytest.raises(SystemExit):
        main(["fast", "--quick"])
    assert "slack" in capsys.readouterr().err


@pytest.mark.slow
def test_g12_rules_are_measured_and_what_never_ends_is_stopped(capsys: Captured) -> None:
    said = quick(capsys, "rules")
    assert 0 < said["plain"] < said["in_process"]
    assert said["worker_p50"] > 0
    assert said["endless"] <= 13.2 and said["eater"] <= 13.2
