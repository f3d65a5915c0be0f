"""java.util.regex over the `regex` module: compiling with a cache, matching under a time limit.

Positions are Python's, one for each character."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import regex

from rules.language.java.errors import Budget, JavaError, OverLimit, Room, illegal_argument
from rules.language.java.pattern_reader import translate

T = TypeVar("T")
Match = regex.Match[str]

FLAGS = {
    "UNIX_LINES": 1,
    "CASE_INSENSITIVE": 2,
    "COMMENTS": 4,
    "MULTILINE": 8,
    "LITERAL": 16,
    "DOTALL": 32,
    "UNICODE_CASE": 64,
    "CANON_EQ": 128,
    "UNICODE_CHARACTER_CLASS": 256,
}
_ALL_FLAGS = 511

# Compiled patterns that are kept; the oldest half goes when there are more.
MOST_KEPT = 512


@dataclass(frozen=True, slots=True)
class JavaPattern:
    source: str
    flags: int
    groups: int
    names: dict[str, int]
    engine: "regex.Pattern[str]"


_kept: dict[tuple[str, int], JavaPattern] = {}


def compile_pattern(source: str, flags: int = 0, budget: Budget | None = None) -> JavaPattern:
    """Raises JavaError (PatternSyntaxException, unknown flags) and OverLimit. What compiling takes is charged to
    `budget`, if there is one."""
    found = _kept.get((source, flags))
    if found is None:
        if flags & ~_ALL_FLAGS:
            raise illegal_argument(f"Unknown flag {hex(flags)}")
        if budget is not None:
            budget.regex_seconds()
        start = time.perf_counter()
        found = _compile(source, flags)
        if budget is not None:
            budget.regex_took(time.perf_counter() - start)
        _keep(found)
    return found


def _compile(source: str, flags: int) -> JavaPattern:
    translated = translate(source, flags)
    try:
        engine = regex.compile(translated.text, regex.V1, cache_pattern=False)
    except (regex.error, ValueError, OverflowError, RecursionError) as error:
        raise JavaError("java.util.regex.PatternSyntaxException", f"{error} in\n{source}") from error
    return JavaPattern(source, flags, translated.groups, dict(translated.names), engine)


def _keep(pattern: JavaPattern) -> None:
    if len(_kept) >= MOST_KEPT:
        for old in list(_kept)[: MOST_KEPT // 2]:
            _kept.pop(old, None)
    _kept[pattern.source, pattern.flags] = pattern


def _timed(budget: Budget, look: Callable[[float], T]) -> T:
    """Let `look` work for the seconds that are left. Raises OverLimit."""
    seconds = budget.regex_seconds()
    start = time.perf_counter()
    try:
        return look(seconds)
    except TimeoutError:
        raise OverLimit("a regular expression took too long on its text") from None
    finally:
        budget.regex_took(time.perf_counter() - start)


def search(pattern: JavaPattern, text: str, start: int, budget: Budget, end: int | None = None) -> Match | None:
    """The first match from `start` on; what stands before it is still seen by look-behind."""
    stop = len(text) if end is None else end
    return _timed(budget, lambda seconds: pattern.engine.search(text, start, stop, timeout=seconds))


def full_match(pattern: JavaPattern, text: str, budget: Budget) -> Match | None:
    return _timed(budget, lambda seconds: pattern.engine.fullmatch(text, timeout=seconds))


def prefix_match(pattern: JavaPattern, text: str, budget: Budget) -> Match | None:
    return _timed(budget, lambda seconds: pattern.engine.match(text, timeout=seconds))


def next_start(match: Match) -> int:
    """Where to look for the next one: behind an empty match by one, so that looking ends."""
    return match.end() + (match.end() == match.start())


def find_all(pattern: JavaPattern, text: str, budget: Budget, room: Room) -> Iterator[Match]:
    """One match after the other; between two the caller may do what it likes, its time is not counted."""
    at = 0
    while at <= len(text):
        match = search(pattern, text, at, budget)
        if match is None:
            return
        room(match.end() - match.start() + 1)
        yield match
        at = next_start(match)


def found_at_once(pattern: JavaPattern, text: str, budget: Budget, most: int = 0) -> list[Match]:
    """All matches, or the first `most`; under one time limit, and much faster than one by one."""

    def look(seconds: float) -> list[Match]:
        found: list[Match] = []
        for match in pattern.engine.finditer(text, timeout=seconds):
            found.append(match)
            if len(found) == most:
                break
        return found

    return _timed(budget, look)


def group(match: Match, pattern: JavaPattern, which: int | str) -> str | None:
    """None for a group that took no part. Raises JavaError."""
    if isinstance(which, str):
        if which not in pattern.names:
            raise illegal_argument(f"No group with name <{which}>")
        return match[pattern.names[which]]
    if not 0 <= which <= pattern.groups:
        raise JavaError("java.lang.IndexOutOfBoundsException", f"No group {which}")
    return match[which]


def groups(match: Match) -> list[str | None]:
    """The whole match, then its groups."""
    return [match[0], *match.groups()]


def split(pattern: JavaPattern, text: str, limit: int, budget: Budget, room: Room) -> list[str]:
    """As String.split: no limit drops empty parts at the end, a negative one keeps them, a positive one cuts."""
    room(len(text))
    parts: list[str] = []
    at = 0
    for match in found_at_once(pattern, text, budget):
        if 0 < limit <= len(parts) + 1:
            break
        if match.end() == 0:
            continue  # nothing at the very start splits nothing off
        parts.append(text[at : match.start()])
        at = match.end()
    if not parts:
        return [text]
    parts.append(text[at:])
    while limit == 0 and parts and not parts[-1]:
        parts.pop()
    return parts


def quote(text: str) -> str:
    """A pattern that matches exactly this text."""
    return "\\Q" + text.replace("\\E", "\\E\\\\E\\Q") + "\\E"
