"""The benchmark runs and says its ratios; how fast anything is, no test asserts."""

import json

import pytest

from benchmarks.__main__ import main
from benchmarks.contestants import BARE, OURS, SHARED
from benchmarks.figures import FIGURES

pytestmark = pytest.mark.slow


def test_a_quick_run_prints_every_figure_and_every_ratio(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--quick", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert set(said["contestants"]) == {OURS, BARE, SHARED}
    for contestant in said["contestants"].values():
        assert set(contestant["figures"]) == set(FIGURES)
        assert contestant["commands"] > 0
    assert {ratio["figure"] for ratio in said["ratios"]} >= {"ack p50", "modal p50", "modal p99", "commands/s"}
    assert all(ratio["median"] > 0 for ratio in said["ratios"])


def test_a_quick_run_is_readable(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--quick"]) == 0
    said = capsys.readouterr().out
    for words in ("commands/s", "modal p50", f"{OURS} by", "modals above 1 s"):
        assert words in said
