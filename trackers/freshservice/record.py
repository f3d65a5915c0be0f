"""JSON of the desk, read leniently: unknown keys, absent keys, nulls, numbers in texts, times with offsets."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from trackers.lenient import clean, moment, whole

EMPTY: Mapping[str, object] = {}


@dataclass(frozen=True, slots=True)
class Record:
    """One JSON object. Every reader answers None, or nothing, for what is absent, null or of another kind."""

    held: Mapping[str, object]

    @classmethod
    def of_json(cls, body: bytes) -> "Record | None":
        """None for what is no JSON object: HTML, a list, a text cut in the middle."""
        try:
            held = json.loads(body)
        except (ValueError, RecursionError):
            return None
        return cls(held) if isinstance(held, dict) else None

    def text(self, name: str) -> str | None:
        value = self.held.get(name)
        return clean(value) if isinstance(value, str) else None

    def number(self, name: str) -> int | None:
        return whole(self.held.get(name))

    def flag(self, name: str) -> bool | None:
        value = self.held.get(name)
        if isinstance(value, str):
            return {"true": True, "false": False}.get(value.lower())
        return value if isinstance(value, bool) else None

    def moment(self, name: str) -> datetime | None:
        return moment(self.text(name))

    def texts(self, name: str) -> tuple[str, ...]:
        value = self.held.get(name)
        return tuple(clean(item) for item in value if isinstance(item, str)) if isinstance(value, list) else ()

    def record(self, name: str) -> "Record":
        value = self.held.get(name)
        return Record(value if isinstance(value, dict) else EMPTY)

    def records(self, name: str) -> "tuple[Record, ...] | None":
        """None where there is no list of objects: an answer without it is no empty answer."""
        value = self.held.get(name)
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            return None
        return tuple(Record(item) for item in value)
