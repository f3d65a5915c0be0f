"""Numbers, times and texts out of somebody else's JSON, read leniently: numbers in texts, times with offsets."""

import json
from datetime import UTC, datetime

from sync.fields import Value


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
