"""What differs between two texts of a rule, as people know it from other tools."""

import difflib


def unified(old: str, new: str, old_name: str, new_name: str) -> tuple[str, ...]:
    """Lines without line ends, three of context around each change; empty when the two are the same."""
    return tuple(difflib.unified_diff(_lines(old), _lines(new), old_name, new_name, lineterm=""))


def _lines(text: str) -> list[str]:
    """Whether the last line ends with a line feed makes no difference."""
    return text.removesuffix("\n").split("\n")


def counts(diff: tuple[str, ...]) -> tuple[int, int]:
    """Added and removed lines."""
    body = diff[2:]
    return sum(line.startswith("+") for line in body), sum(line.startswith("-") for line in body)
