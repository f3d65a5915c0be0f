"""Names: those our people choose, and those a partner states about itself."""

import re
import unicodedata

from pairing.errors import NameNotUsable

MAX_STATED = 80
MAX_SHORT = 18
_CONNECTION = re.compile(r"[a-z0-9_-]{1,40}")
_SHORT = re.compile(r"[a-z0-9_-]{1,18}")
_UNSHOWN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def stated_name(text: str, limit: int = MAX_STATED) -> str:
    """A partner's name fit to be shown: one line, no control or direction characters, at most `limit` characters."""
    kept = "".join(" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c) not in _UNSHOWN)
    return " ".join(kept.split())[:limit].rstrip()


def connection_name(text: str) -> str:
    """The name as stored. Raises NameNotUsable."""
    name = text.strip().lower()
    if not _CONNECTION.fullmatch(name):
        raise NameNotUsable(
            "A connection's name has 1 to 40 characters: a-z, 0-9, _ and -. For example acme_to_globex."
        )
    return name


def short_name(text: str) -> str:
    """A side's short name as stored. Raises NameNotUsable."""
    name = text.strip().lower()
    if not _SHORT.fullmatch(name):
        raise NameNotUsable(f"A short name has 1 to {MAX_SHORT} characters: a-z, 0-9, _ and -. For example acme.")
    return name


def proposed_name(local: str, remote: str, taken: frozenset[str] = frozenset()) -> str:
    """`local_to_remote`, with a number behind it when that name is taken."""
    base = f"{local}_to_{remote}"[:40]
    if base not in taken:
        return base
    numbered = (f"{base[: 39 - len(str(n))]}_{n}" for n in range(2, len(taken) + 3))
    return next(name for name in numbered if name not in taken)


def proposed_short_name(organisation: str) -> str:
    """A short name out of an organisation's full one; "desk" when nothing usable is left."""
    ascii_only = unicodedata.normalize("NFKD", organisation).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:MAX_SHORT].strip("-") or "desk"
