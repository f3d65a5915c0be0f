"""What differs between two texts of a rule, as people know it from other tools."""

import difflib


def unified(old: str, new: str, old_name: str, new_name: str) -> tuple[str, ...]:
    """Lines without line ends, three of context around each change; empty when the two are the same."""
    lines = difflib.unified_diff(old.split("\n"), new.split("\n"), old_name, new_name, lineterm="")
    return tuple(lines)


def counts(diff: tuple[str, ...]) -> tuple[int, int]:
    """Added and removed lines."""
    body = diff[2:]
    return sum(line.startswith("+") for line in body), sum(line.startswith("-") for line in body)
