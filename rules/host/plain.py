"""Frozen dataclasses to JSON and back, by their annotations: scenes and outcomes cross the border of a process."""

import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

Reader = Callable[[Any], Any]


def to_plain(value: Any) -> Any:
    """JSON of a value; times become ISO texts."""
    kind = type(value)
    if kind in _AS_THEY_ARE:
        return value
    if kind is tuple or kind is list:
        return [one if type(one) in _AS_THEY_ARE else to_plain(one) for one in value]
    names = _names(kind)  # type: ignore[arg-type]
    if names is not None:
        return {name: to_plain(getattr(value, name)) for name in names}
    if isinstance(value, Mapping):
        return {str(key): to_plain(one) for key, one in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(value)
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, datetime) else value


_AS_THEY_ARE = frozenset((str, int, float, bool, type(None)))


@cache
def _names(kind: Any) -> tuple[str, ...] | None:
    """Of a dataclass its fields."""
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else None


def from_plain(wanted: Any, held: Any) -> Any:
    """The value of that type again. Raises KeyError or TypeError for JSON of another shape."""
    return _reader(wanted)(held)


@cache
def _reader(wanted: Any) -> Reader:
    if is_dataclass(wanted):
        return _record(wanted)
    origin, inner = get_origin(wanted), get_args(wanted)
    if origin in (Union, types.UnionType):
        read = _reader(next(one for one in inner if one is not type(None)))
        return lambda held: None if held is None else read(held)
    if origin is tuple:
        return _tuple(inner)
    if wanted is datetime:
        return datetime.fromisoformat
    if origin is frozenset:
        return frozenset
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        return wanted
    return lambda held: held


def _record(wanted: Any) -> Reader:
    # Read at the first use: a record may hold more of its own kind.
    readers: dict[str, Reader] = {}

    def read(held: Any) -> Any:
        if not readers:
            hints = get_type_hints(wanted)
            readers.update({field.name: _reader(hints[field.name]) for field in fields(wanted)})
        return wanted(**{name: readers[name](value) for name, value in held.items()})

    return read


def _tuple(inner: tuple[Any, ...]) -> Reader:
    if len(inner) == 2 and inner[1] is Ellipsis:
        one = _reader(inner[0])
        return lambda held: tuple(one(value) for value in held)
    readers = tuple(_reader(part) for part in inner)
    return lambda held: tuple(read(value) for read, value in zip(readers, held, strict=True))
