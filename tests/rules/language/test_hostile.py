"""Every hostile rule ends within its limits, whatever it catches, and takes little memory meanwhile."""

import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rules.language.errors import PlacedError
from rules.language.evaluate import RuleStopped, evaluate, read
from rules.language.limits import Limits
from tests.rules.language.hostile import LONG, RULES, WRAPPED, texts, wrapped

NOW = datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)
# A tenth of what a real rule may use, so that the whole table takes seconds.
SMALL = Limits(
    steps=60_000,
    wall_seconds=2.0,
    string=200_000,
    collection=100_000,
    allocated=4_000_000,
    regex_seconds=0.05,
    regex_total_seconds=0.2,
    log_characters=10_000,
)
# What one of them may take on a busy machine: the limits themselves are much smaller.
PATIENCE_SECONDS = 6.0


def refused_soon(text: str) -> None:
    start = time.perf_counter()
    with pytest.raises(PlacedError) as refused:
        read(text)
    assert refused.value.line >= 1
    assert time.perf_counter() - start < PATIENCE_SECONDS


@pytest.mark.parametrize("name", sorted(texts(1)))
def test_a_text_that_digs_is_refused_with_a_place(name: str) -> None:
    refused_soon(texts(1_000)[name])


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(texts(1)))
def test_one_that_digs_twenty_times_as_deep_is_refused_as_well(name: str) -> None:
    refused_soon(texts(20_000)[name])


@pytest.mark.parametrize("name", sorted(LONG))
def test_a_long_text_ends_soon_one_way_or_the_other(name: str) -> None:
    start = time.perf_counter()
    with suppress(PlacedError, RuleStopped):
        evaluate(LONG[name], now=NOW)
    assert time.perf_counter() - start < PATIENCE_SECONDS


@pytest.mark.parametrize("name", sorted(RULES))
def test_a_hostile_rule_ends_at_a_limit(name: str) -> None:
    start = time.perf_counter()
    with pytest.raises(RuleStopped) as stopped:
        evaluate(RULES[name], now=NOW, limits=SMALL)
    assert stopped.value.class_name == "LimitReached", stopped.value
    assert time.perf_counter() - start < PATIENCE_SECONDS


@pytest.mark.parametrize("way", range(len(WRAPPED)))
@pytest.mark.parametrize("name", sorted(RULES)[::3])
def test_no_catch_sees_a_limit_and_no_finally_gets_a_step(name: str, way: int) -> None:
    caught: list[str] = []
    with pytest.raises(RuleStopped) as stopped:
        evaluate(wrapped(RULES[name], way), {"caught": caught}, now=NOW, limits=SMALL)
    assert stopped.value.class_name == "LimitReached", stopped.value
    assert caught == []


WHOLE = """
import resource, sys
from datetime import UTC, datetime
from rules.language.evaluate import RuleStopped, evaluate
from rules.language.limits import Limits
from tests.rules.language.hostile import RULES

sys.setrecursionlimit(5_000)
resource.setrlimit(resource.RLIMIT_AS, (1_500_000_000, 1_500_000_000))
for name, rule in RULES.items():
    try:
        evaluate(rule, now=datetime(2024, 1, 2, tzinfo=UTC), limits=Limits(wall_seconds=1.5))
    except RuleStopped as stopped:
        print("" if stopped.class_name == "LimitReached" else f"{name}: {stopped}", end="")
    else:
        print(f"{name}: ended by itself")
print()
# Not ru_maxrss: a new process takes over that of whoever started it, and a test run may be large.
with open("/proc/self/status") as status:
    print(next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM:")))
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the kernel of this machine tells no peak in /proc")
def test_with_all_but_the_time_of_a_real_rule_they_stay_in_half_a_gigabyte() -> None:
    root = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", WHOLE], cwd=root, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr[-2_000:]
    *complaints, peak = [line for line in done.stdout.splitlines() if line]
    assert complaints == []
    assert int(peak) < 512
