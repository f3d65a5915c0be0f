"""Narrows a statement to one organisation's rows, and refuses one with parts that the criterion would not reach.

The criterion reaches what is spoken of as a mapped class; it passes over texts, core tables and their aliases.
"""

from collections.abc import Iterator
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import Column, CompoundSelect, Delete, Executable, Select, TextClause, Update, bindparam
from sqlalchemy.orm import with_loader_criteria
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import ClauseElement, ColumnClause
from sqlalchemy.sql.selectable import CTE, Alias, Subquery, TableClause, TableSample

from storage.errors import StatementRefused
from storage.tables import AuditRow, Owned

# The parameter that says whose rows a narrowed statement is about.
WHOSE: Final = "whose_organisation"
# One criterion for all sessions: so the database layer knows the statement again.
_CRITERION = with_loader_criteria(
    Owned,
    lambda row: row.organisation_id == bindparam("whose_organisation"),
    include_aliases=True,
    propagate_to_loaders=True,
    track_closure_variables=False,
)
_narrowed: WeakKeyDictionary[Executable, Executable] = WeakKeyDictionary()


def narrowed(statement: Executable) -> Executable:
    """The same about the rows of WHOSE; looked through once where the statement lives in a module.

    Raises StatementRefused for what cannot be narrowed, and for a change of what is only added to.
    """
    known = _narrowed.get(statement)
    if known is None:
        known = _narrowed[statement] = _looked_through(statement)
    return known


def _looked_through(statement: Executable) -> Executable:
    if not isinstance(statement, Select | CompoundSelect | Update | Delete):
        raise StatementRefused("Only select, update and delete can be narrowed to an organisation.")
    if isinstance(statement, Update | Delete) and statement.entity_description.get("entity") is AuditRow:
        raise StatementRefused("The audit is only added to.")
    if isinstance(statement, Update | Delete) and len(_tables_of(statement)) > 1:
        raise StatementRefused("Only the table that is changed would be narrowed, not those beside it.")
    _refuse_unnarrowed(statement)
    narrow = statement.options(_CRITERION)
    if WHOSE not in narrow.compile().params:
        raise StatementRefused("Only statements about mapped classes can be narrowed to an organisation.")
    return narrow


def _refuse_unnarrowed(statement: Any) -> None:
    for part in (statement, *visitors.iterate(statement)):
        if _is_text(part) or _is_core_column(part):
            raise StatementRefused("A text or a core column cannot be narrowed to an organisation.")
        if _is_unowned(part):
            raise StatementRefused("Only rows that belong to an organisation can be narrowed to one.")
        if isinstance(part, Select) and _draws_from_core(part):
            raise StatementRefused("A core table cannot be narrowed to an organisation.")


def _tables_of(statement: ClauseElement) -> set[str]:
    """Those whose columns the statement names itself, outside of what it selects."""
    return {str(part.table.name) for part in _own_parts(statement) if isinstance(part, Column)}


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
