"""Looks through a statement for parts that an organisation's criterion would not reach.

The criterion reaches what is spoken of as a mapped class; it passes over texts, core tables and their aliases.
"""

from collections.abc import Iterator
from typing import Any
from weakref import WeakSet

from sqlalchemy import Column, Select, TextClause
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import ClauseElement, ColumnClause
from sqlalchemy.sql.selectable import CTE, Alias, Subquery, TableClause, TableSample

from storage.errors import StatementRefused
from storage.tables import Owned

_vetted: WeakSet[Any] = WeakSet()


def refuse_unnarrowed(statement: Any) -> None:
    """Raises StatementRefused. A statement that lives in a module is looked through once."""
    if statement in _vetted:
        return
    for part in (statement, *visitors.iterate(statement)):
        if _is_text(part) or _is_core_column(part):
            raise StatementRefused("A text or a core column cannot be narrowed to an organisation.")
        if _is_unowned(part):
            raise StatementRefused("Only rows that belong to an organisation can be narrowed to one.")
        if isinstance(part, Select) and _draws_from_core(part):
            raise StatementRefused("A core table cannot be narrowed to an organisation.")
    _vetted.add(statement)


def _is_text(part: Any) -> bool:
    # COUNT(*) contains a literal star, which says nothing.
    return isinstance(part, TextClause) or (isinstance(part, ColumnClause) and part.is_literal and part.name != "*")


def _is_core_column(part: Any) -> bool:
    if not isinstance(part, ColumnClause) or part.is_literal or "parententity" in part._annotations:
        return False
    # A column of a sub-query is as narrow as the sub-query, which is looked at by itself.
    return not isinstance(part.table, Subquery | CTE)


def _is_unowned(part: Any) -> bool:
    entity = getattr(part, "_annotations", {}).get("parententity")
    return entity is not None and not issubclass(entity.mapper.class_, Owned)


def _draws_from_core(part: Select[Any]) -> bool:
    spoken_of: set[Any] = set()
    drawn_from: set[Any] = set()
    for child in _own_parts(part):
        if isinstance(child, TableClause | Alias | TableSample):
            (spoken_of if "parententity" in child._annotations else drawn_from).add(child)
        elif isinstance(child, Column) and "parententity" in child._annotations:
            spoken_of.add(child.table)
    return bool(drawn_from - spoken_of)


def _own_parts(part: ClauseElement) -> Iterator[ClauseElement]:
    """What belongs to this SELECT itself: not to one inside it, nor what an alias stands for."""
    for child in part.get_children():
        yield child
        if not isinstance(child, Select | Alias | Subquery | CTE):
            yield from _own_parts(child)
