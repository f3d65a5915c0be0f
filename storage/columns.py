"""How the values of pairing/ and sync/ lie in columns: times, words, and whole dataclasses."""

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator

from sync.fields import Fields
from sync.link import OwnChange

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

V = TypeVar("V", bound="DataclassInstance")


class UtcTime(TypeDecorator[datetime]):
    """Aware UTC in and out; SQLite keeps it as text of fixed width, so that comparing texts compares times."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        assert value.tzinfo is not None, "times are aware UTC"
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Word(TypeDecorator[StrEnum]):
    """One word of an enumeration, as text."""

    impl = Text
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.words(value)


class FieldsText(TypeDecorator[Fields]):
    """Fields as JSON, escaped: a desk's text may hold what a database's text must not, a NUL or half a pair."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Fields | None, dialect: Dialect) -> str | None:
        return None if value is None else json.dumps(value.to_json(), separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Fields | None:
        return None if value is None else Fields(json.loads(value))


class OwnChangesText(TypeDecorator[tuple[OwnChange, ...]]):
    """A list of field, number and time each, as JSON."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[OwnChange, ...] | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return json.dumps([(own.field, own.number, own.at.isoformat()) for own in value], separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[OwnChange, ...] | None:
        if value is None:
            return None
        return tuple(OwnChange(field, number, datetime.fromisoformat(at)) for field, number, at in json.loads(value))


def value_of(kind: type[V], row: object) -> V:
    """The value of `kind` out of a row whose columns are named like its fields."""
    return kind(**{name: getattr(row, name) for name in _names(kind)})


def columns_of(value: "DataclassInstance") -> Mapping[str, Any]:
    return {name: getattr(value, name) for name in _names(type(value))}


@cache
def _names(kind: "type[DataclassInstance]") -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))
