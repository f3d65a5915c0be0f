"""Time zones by name, and what they say at a moment.

The data is the machine's own, through `zoneinfo`. UTC and fixed offsets need none."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import TZPATH, ZoneInfo, ZoneInfoNotFoundError

from rules.language.java.errors import JavaError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# The first and last moments that a zone is asked about; beyond them its offset stays as it is there.
_FIRST = -62_135_510_400_000
_LAST = 253_402_214_400_000

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+\-]*(?:/[A-Za-z0-9_+\-]+){0,3}")
_OFFSET = re.compile(r"([+-])([0-9]{1,2})(?::?([0-9]{2}))?(?::?([0-9]{2}))?")

# Java's old short names.
_SHORT = {
    "ACT": "Australia/Darwin",
    "AET": "Australia/Sydney",
    "ART": "Africa/Cairo",
    "AST": "America/Anchorage",
    "BET": "America/Sao_Paulo",
    "BST": "Asia/Dhaka",
    "CAT": "Africa/Harare",
    "CST": "America/Chicago",
    "CTT": "Asia/Shanghai",
    "ECT": "Europe/Paris",
    "IST": "Asia/Kolkata",
    "JST": "Asia/Tokyo",
    "NET": "Asia/Yerevan",
    "NST": "Pacific/Auckland",
    "PLT": "Asia/Karachi",
    "PST": "America/Los_Angeles",
    "VST": "Asia/Ho_Chi_Minh",
}


def fixed(seconds: int, name: str) -> tzinfo:
    return timezone(timedelta(seconds=seconds), name)


GMT = fixed(0, "GMT")
ZULU = fixed(0, "Z")


def zone_of(name: str) -> tzinfo:
    """TimeZone.getTimeZone: a name that nobody knows is GMT."""
    if name == "UTC":
        return UTC
    if name.startswith("GMT"):
        seconds = _seconds(name[3:])
        return GMT if not seconds else fixed(seconds, "GMT" + offset_text(seconds))
    return _by_name(_SHORT.get(name, name)) or GMT


def strict_zone(name: str) -> tzinfo:
    """ZoneId.of. Raises JavaError for a name that nobody knows."""
    if name == "UTC":
        return UTC
    if name in ("Z", "z"):
        return ZULU
    if name[:1] in ("+", "-"):
        seconds = _seconds(name)
        if seconds is None:
            raise _date_time(f"Invalid ID for ZoneOffset, invalid format: {name}")
        return fixed(seconds, offset_text(seconds)) if seconds else ZULU
    for prefix in ("UTC", "GMT", "UT"):
        if name.startswith(prefix) and (seconds := _seconds(name[len(prefix) :] or "+0")) is not None:
            return fixed(seconds, prefix + (offset_text(seconds) if seconds else ""))
    if not _NAME.fullmatch(name):
        raise _date_time(f"Invalid ID for region-based ZoneId, invalid format: {name}")
    found = _by_name(name)
    if found is None:
        raise JavaError("java.time.zone.ZoneRulesException", f"Unknown time-zone ID: {name}")
    return found


def _date_time(message: str) -> JavaError:
    return JavaError("java.time.DateTimeException", message)


def _seconds(text: str) -> int | None:
    found = _OFFSET.fullmatch(text)
    if found is None:
        return None
    seconds = int(found[2]) * 3600 + int(found[3] or 0) * 60 + int(found[4] or 0)
    if seconds > 18 * 3600 or int(found[3] or 0) > 59 or int(found[4] or 0) > 59:
        return None
    return -seconds if found[1] == "-" else seconds


def _by_name(name: str) -> tzinfo | None:
    """None for a name without data. Raises JavaError where the machine has no data at all."""
    if len(name) > 60 or not _NAME.fullmatch(name):
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        pass
    try:
        ZoneInfo("Europe/Paris")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        places = ", ".join(TZPATH)
        raise JavaError(
            "java.time.zone.ZoneRulesException",
            f"this machine has no time zone data (looked in {places}): install tzdata",
        ) from None
    return None


def zone_id(zone: tzinfo) -> str:
    if isinstance(zone, ZoneInfo):
        return zone.key
    return zone.tzname(None) or "UTC"


def offset_seconds(millis: int, zone: tzinfo) -> int:
    """What to add to UTC at that moment."""
    if zone is UTC or isinstance(zone, timezone):
        found: timedelta | None = zone.utcoffset(None)
    else:
        moment = EPOCH + timedelta(milliseconds=min(max(millis, _FIRST), _LAST))
        found = moment.astimezone(zone).utcoffset()
    return int(found.total_seconds()) if found else 0


def zone_name(millis: int, zone: tzinfo) -> str:
    """The short name at that moment: `UTC`, `CET`, `CEST`."""
    if isinstance(zone, timezone):
        return zone.tzname(None)
    moment = EPOCH + timedelta(milliseconds=min(max(millis, _FIRST), _LAST))
    return moment.astimezone(zone).tzname() or "UTC"


def local_offset(wall: datetime, zone: tzinfo) -> int:
    """The offset in seconds of a wall clock's time: in a gap the one before it, twice in a night the later one, as
    Calendar has it."""
    first = wall.replace(tzinfo=zone, fold=0).utcoffset()
    second = wall.replace(tzinfo=zone, fold=1).utcoffset()
    offsets = [int(found.total_seconds()) for found in (first, second) if found is not None]
    return min(offsets) if offsets else 0


def offset_text(seconds: int, colon: str = ":") -> str:
    """`+01:00`, with seconds only where there are some."""
    sign = "-" if seconds < 0 else "+"
    minutes, rest = divmod(abs(seconds), 60)
    text = f"{sign}{minutes // 60:02d}{colon}{minutes % 60:02d}"
    return text + f"{colon}{rest:02d}" if rest else text
