"""Frozen dataclasses as rows, the values of their fields in order, and back: so scenes and outcomes cross the pipe of a
worker. Both ends run the same text of the program, so no name has to travel; what is JSON already goes as it is. A
named tuple is its own row; the times in it are left to whoever writes the JSON."""

import types
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache, partial
from operator import attrgetter
from typing import Any, Union, get_args, get_origin, get_type_hints

Step = Callable[[Any], Any]
# By the place of a field, for those that JSON does not hold as they are; None has none.
_Steps = tuple[tuple[int, Step], ...]


def to_row(value: Any) -> list[Any]:
    """A dataclass of two fields or more; values whose type says that they are JSON are not looked at."""
    kind: Any = type(value)
    row: list[Any] = _writer(kind)(value)
    return row


def from_row(wanted: Any, held: Any) -> Any:
    """The dataclass again; `held` is used up. Raises KeyError, TypeError or ValueError for JSON of another shape."""
    return _reader(wanted)(held)


@cache
def _writer(wanted: Any) -> Step:
    get = attrgetter(*_names(wanted))
    return lambda value: _changed(list(get(value)), _write_steps(wanted))


@cache
def _reader(wanted: Any) -> Step:
    names = _names(wanted)
    make: Step = partial(tuple.__new__, wanted) if issubclass(wanted, tuple) else lambda row: wanted(*row)

    def read(held: Any) -> Any:
        if type(held) is not list or len(held) != len(names):
            raise TypeError(f"no row of {wanted.__name__}")
        return make(_changed(held, _read_steps(wanted)))

    return read


def _names(wanted: Any) -> tuple[str, ...]:
    """Of a dataclass or a named tuple."""
    return wanted._fields if issubclass(wanted, tuple) else tuple(one.name for one in fields(wanted))


def _changed(row: list[Any], steps: _Steps) -> list[Any]:
    for place, step in steps:
        if row[place] is not None:
            row[place] = step(row[place])
    return row


# Steps are found at the first use: a record may hold more of its own kind.


@cache
def _write_steps(wanted: Any) -> _Steps:
    return _steps(wanted, _written)


@cache
def _read_steps(wanted: Any) -> _Steps:
    return _steps(wanted, _read)


def _steps(wanted: Any, step_of: Callable[[Any], Step | None]) -> _Steps:
    hints = get_type_hints(wanted)
    found = ((place, step_of(_there(hints[name]))) for place, name in enumerate(_names(wanted)))
    return tuple((place, step) for place, step in found if step is not None)


def _there(wanted: Any) -> Any:
    """The type of what is not None."""
    if get_origin(wanted) in (Union, types.UnionType):
        return next(one for one in get_args(wanted) if one is not type(None))
    return wanted


def _is_record(wanted: Any) -> bool:
    return is_dataclass(wanted)


def _written(wanted: Any) -> Step | None:
    if _is_record(wanted):
        return _writer(wanted)
    if wanted is datetime:
        return datetime.isoformat
    if get_origin(wanted) is frozenset:
        return sorted
    # A tuple of different kinds of things holds nothing but JSON.
    if get_origin(wanted) is tuple and (step := _written(get_args(wanted)[0])) is not None:
        return lambda held: [step(one) for one in held]
    return None


def _read(wanted: Any) -> Step | None:
    if _is_record(wanted) or (isinstance(wanted, type) and issubclass(wanted, tuple)):
        return _reader(wanted)
    if wanted is datetime:
        return datetime.fromisoformat
    if get_origin(wanted) is frozenset:
        return frozenset
    if get_origin(wanted) is tuple:
        return _tuple_read(get_args(wanted))
    return wanted if isinstance(wanted, type) and issubclass(wanted, Enum) else None


def _tuple_read(inner: tuple[Any, ...]) -> Step:
    if inner[-1] is Ellipsis:
        step = _read(inner[0])
        return tuple if step is None else lambda held: tuple([step(one) for one in held])
    steps = tuple((place, step) for place, part in enumerate(inner) if (step := _read(part)) is not None)

    def read(held: Any) -> Any:
        if type(held) is not list or len(held) != len(inner):
            raise TypeError(f"not {len(inner)} values")
        return tuple(_changed(held, steps))

    return read
