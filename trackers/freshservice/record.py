"""JSON of the desk, read leniently: unknown keys, absent keys, nulls, numbers in texts, times with offsets."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sync.fields import Value

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


def whole(value: object) -> int | None:
    """A whole number, also of "7" or "7000.0"."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return int(value) if not isinstance(value, str) or value.strip().isdecimal() else int(float(value))
    except (ValueError, OverflowError):
        return None


def moment(text: str | None) -> datetime | None:
    """Aware UTC, whole seconds, out of any ISO 8601 time; without an offset it is UTC."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text.strip())
        aware = found if found.tzinfo else found.replace(tzinfo=UTC)
        return aware.astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError):
        return None


def moment_text(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def plain(value: object) -> Value:
    """A value as fields hold it: lists become tuples of texts, objects their JSON."""
    if isinstance(value, str):
        return clean(value)
    if value is None or isinstance(value, int | float | bool):
        return value
    if isinstance(value, list):
        return tuple(clean(item) if isinstance(item, str) else json.dumps(item, sort_keys=True) for item in value)
    return json.dumps(value, sort_keys=True)


def clean(text: str) -> str:
    """Without NUL and half characters, which JSON can carry and databases and signatures cannot."""
    if text.isascii():
        return text.replace("\0", "")
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
