"""Pages: numbered from 1, 30 entries unless asked for up to 100, cut at the time of the call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar
from urllib.parse import urlencode

from sandbox.freshservice.wire import Asked, entry, invalid

_DEFAULT, _MOST = 30, 100
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Window:
    page: int
    size: int

    def cut(self, items: Iterable[Item]) -> tuple[list[Item], bool]:
        """The entries of this page, and whether there are more."""
        first = (self.page - 1) * self.size
        found = list(islice(items, first, first + self.size + 1))
        return found[: self.size], len(found) > self.size


def window(query: Mapping[str, str], most: int | None = None) -> Window:
    """Raises Refused: a wrong number is an error, not cut to what would be right. `most` is for stubborn lists."""
    errors = [
        entry(name, f"It should be a positive integer, at most {limit}", "invalid_value")
        for name, limit in (("page", 10**9), ("per_page", _MOST))
        if name in query and not (query[name].isascii() and query[name].isdigit() and 1 <= int(query[name]) <= limit)
    ]
    if errors:
        raise invalid(*errors)
    size = int(query.get("per_page", _DEFAULT))
    return Window(int(query.get("page", 1)), min(size, most or size))


def link_to_next(asked: Asked, seen: Window, has_more: bool) -> dict[str, str]:
    """The header, with all other parameters kept."""
    if not has_more:
        return {}
    query = {**asked.query, "page": str(seen.page + 1), "per_page": asked.query.get("per_page", str(seen.size))}
    return {"Link": f'<{asked.address}?{urlencode(query)}>;rel="next"'}


def includes(query: Mapping[str, str], known: tuple[str, ...]) -> tuple[str, ...]:
    """The names in `include=`. Raises Refused."""
    if "include" not in query:
        return ()
    names = tuple(name.strip() for name in query["include"].split(",") if name.strip())
    if any(name not in known for name in names):
        raise invalid(entry("include", f"It should be one of these values: '{', '.join(known)}'", "invalid_value"))
    return tuple(dict.fromkeys(names))
