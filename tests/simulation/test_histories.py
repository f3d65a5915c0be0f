"""Random histories over two complete sides (I1 to I8, I14, I18), and seeded faults that they must find."""

from concurrent.futures import ProcessPoolExecutor

import pytest

from rules.worker.in_process import InProcess
from tests.databases import PostgresqlServer, SqliteFiles
from tests.simulation.__main__ import first_broken
from tests.simulation.databases import first_broken_on
from tests.simulation.history import Broken, History
from tests.simulation.mutants import MUTANTS, Mutant
from tests.simulation.plain import BothRules

MOST = 1000  # histories in which a seeded fault has to show


def test_a_seed_replays_exactly() -> None:
    one, same = History(11), History(11)
    one.run()
    same.run()
    assert one.story == same.story


def test_nothing_is_lost_nothing_comes_twice_and_both_ends_are_equal() -> None:
    assert first_broken(0, 30) is None


@pytest.mark.parametrize("seed", [2905, 10023, 12051, 54756])
def test_a_history_that_once_broke_holds(seed: int) -> None:
    assert first_broken(seed, 1) is None


def test_rules_that_map_statuses_people_and_custom_fields_hold_too() -> None:
    assert first_broken(0, 8, scripted=True) is None


def test_the_shipped_rules_say_what_most_histories_are_told_with() -> None:
    both = BothRules()
    assert first_broken(0, 6, runner=both) is None
    assert both.runs > 180


@pytest.mark.slow
@pytest.mark.parametrize("first", range(41_000, 41_300, 50))
def test_three_hundred_histories_with_the_shipped_rules_themselves_hold(first: int) -> None:
    assert first_broken(first, 50, runner=InProcess()) is None


@pytest.mark.slow
@pytest.mark.parametrize("first", range(40_000, 40_300, 50))
def test_three_hundred_histories_in_script_mode_hold(first: int) -> None:
    assert first_broken(first, 50, scripted=True) is None


@pytest.mark.slow
def test_three_thousand_histories_hold() -> None:
    with ProcessPoolExecutor() as pool:
        starts = range(10_000, 13_000, 50)
        broken = [story for story in pool.map(first_broken, starts, [50] * len(starts)) if story is not None]
    assert not broken, broken[0]


@pytest.mark.slow
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.title)
def test_a_seeded_fault_is_found(mutant: Mutant) -> None:
    assert found_after(mutant) <= MOST


def found_after(mutant: Mutant) -> int:
    """In which history it showed; more than MOST when it did not."""
    with mutant.alive():
        for number in range(1, MOST + 1):
            try:
                History(20_000 + number).run()
            except Broken:
                return number
    return MOST + 1


# On real databases: in parts, so that all cores have some


def test_a_history_holds_on_sqlite(memory_files: SqliteFiles) -> None:
    assert first_broken_on([5], memory_files) is None


@pytest.mark.slow
@pytest.mark.parametrize("first", range(30_000, 30_300, 50))
def test_three_hundred_histories_hold_on_sqlite(first: int, memory_files: SqliteFiles) -> None:
    assert first_broken_on(range(first, first + 50), memory_files) is None


@pytest.mark.slow
@pytest.mark.parametrize("first", range(31_000, 31_100, 25))
def test_a_hundred_histories_hold_on_postgresql(first: int, postgresql: PostgresqlServer) -> None:
    assert first_broken_on(range(first, first + 25), postgresql) is None
