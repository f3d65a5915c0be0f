"""Times as the API writes and reads them."""

import re
from datetime import UTC, datetime, timedelta, timezone

_READ = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)(?:T(?P<time>\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(?P<zone>Z|[+-]\d\d(?::?\d\d)?)?)?"
)
_INDIA = timezone(timedelta(hours=5, minutes=30))


def zulu(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def zulu_or_none(at: datetime | None) -> str | None:
    return None if at is None else zulu(at)


def with_offset(at: datetime) -> str:
    return at.astimezone(_INDIA).isoformat(timespec="seconds")


def read_moment(text: object) -> datetime | None:
    """Aware UTC; None for what is no time. Without a zone it is UTC."""
    found = _READ.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        return None
    zone = found["zone"] or "Z"
    offset = "+00:00" if zone == "Z" else f"{zone[:3]}:{zone[3:].lstrip(':') or '00'}"
    try:
        return datetime.fromisoformat(f"{found['day']}T{found['time'] or '00:00'}{offset}").astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def is_day(text: object) -> bool:
    return isinstance(text, str) and len(text) == len("yyyy-mm-dd") and read_moment(text) is not None


def cut(at: datetime, grain_seconds: int) -> datetime:
    """Down to whole seconds, or coarser."""
    whole = at.replace(microsecond=0)
    return whole if grain_seconds <= 1 else whole - timedelta(seconds=whole.timestamp() % grain_seconds)
