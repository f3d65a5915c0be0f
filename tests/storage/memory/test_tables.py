from typing import Any

import pytest

from storage.errors import RowConflict, StatementRefused
from storage.memory.tables import Journal, Table, Unique

Row = tuple[str, str]


def tables() -> tuple[Journal, Table[Row], Table[Row]]:
    """Parents by name and owner; children by name and parent."""
    journal = Journal()
    parents: Table[Row] = Table(journal, "A")
    children: Table[Row] = Table(journal, "A")
    children.belongs_to(parents, lambda _, row: row[1] or None)
    journal.begin(writable=True)
    return journal, parents, children


def test_a_key_is_added_once_and_replaced_at_will() -> None:
    _, parents, _ = tables()
    parents.add("p", ("one", ""))
    with pytest.raises(RowConflict):
        parents.add("p", ("two", ""))
    parents.put("p", ("two", ""))
    assert parents.get("p") == ("two", "")


def test_a_unique_part_is_taken_until_its_row_goes_or_changes() -> None:
    _, parents, _ = tables()
    names = parents.unique(lambda _, row: row[0] or None)
    parents.add("p", ("name", ""))
    with pytest.raises(RowConflict):
        parents.add("q", ("name", ""))
    parents.put("p", ("name", "changed"))
    parents.put("p", ("other", ""))
    parents.add("q", ("name", ""))
    assert parents.of(names, "name") == ("name", "")
    parents.add("r", ("", ""))
    parents.add("s", ("", ""))  # None is never taken
    parents.remove("q")
    assert parents.of(names, "name") is None


def test_a_shared_unique_part_is_taken_for_every_organisation() -> None:
    journal, shared = Journal(), Unique[Row]()
    ours, theirs = Table[Row](journal, "A"), Table[Row](journal, "B")
    journal.begin(writable=True)
    for table in (ours, theirs):
        table.unique(lambda _, row: row[0], shared)
    ours.add("p", ("name", ""))
    with pytest.raises(RowConflict):
        theirs.add("p", ("name", ""))
    assert shared.owner("name") == ("A", "p")


def test_a_child_needs_its_parent_and_goes_with_it() -> None:
    _, parents, children = tables()
    with pytest.raises(RowConflict):
        children.add("c", ("child", "p"))
    parents.add("p", ("", ""))
    children.add("c", ("child", "p"))
    children.add("free", ("child", ""))
    assert parents.remove("p")
    assert not parents.remove("p")
    assert set(children.rows) == {"free"}


def state(*all_tables: Table[Any]) -> list[Any]:
    return [
        (
            dict(table.rows),
            [dict(unique.held) for unique, _ in table._uniques],
            [{part: set(keys) for part, keys in index.items()} for index, _ in table._indexes],
        )
        for table in all_tables
    ]


def test_i16_everything_is_taken_back_in_the_reverse_order() -> None:
    journal, parents, children = tables()
    parents.unique(lambda _, row: row[0])
    children.index(lambda _, row: row[0])
    parents.add("p", ("name", ""))
    children.add("c", ("child", "p"))
    before = state(parents, children)
    journal.begin(writable=True)
    children.put("c", ("renamed", "p"))
    children.add("d", ("child", "p"))
    parents.remove("p")
    parents.add("q", ("name", ""))
    parents.put("q", ("other", ""))
    children.add("e", ("child", "q"))
    journal.undo()
    assert state(parents, children) == before


def test_a_refused_row_leaves_no_trace() -> None:
    _, parents, _ = tables()
    parents.unique(lambda _, row: row[0])
    parents.add("p", ("name", ""))
    before = state(parents)
    with pytest.raises(RowConflict):
        parents.put("q", ("name", ""))
    assert state(parents) == before


def test_who_only_reads_writes_nothing() -> None:
    journal, parents, children = tables()
    parents.add("p", ("name", ""))
    children.add("c", ("child", "p"))
    before = state(parents, children)
    journal.begin(writable=False)
    for attempt in (lambda: parents.put("q", ("", "")), lambda: parents.remove("p"), lambda: children.remove("c")):
        with pytest.raises(StatementRefused):
            attempt()
    assert state(parents, children) == before
