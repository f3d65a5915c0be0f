"""A stable sort in Python code, so that comparing costs steps and a script's comparator may fail or be stopped."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rules.language.run import Run


def merged(run: "Run", items: list[Any], compare: Callable[[Any, Any], int]) -> list[Any]:
    """A new list, sorted; equal items keep their order."""
    run.collection(len(items))
    width = 1
    found = list(items)
    while width < len(found):
        found = _pass(run, found, width, compare)
        width *= 2
    return found


def _pass(run: "Run", items: list[Any], width: int, compare: Callable[[Any, Any], int]) -> list[Any]:
    result: list[Any] = []
    for start in range(0, len(items), 2 * width):
        left, right = items[start : start + width], items[start + width : start + 2 * width]
        i = j = 0
        while i < len(left) and j < len(right):
            run.steps()
            # The later one is asked about first, as Java does: it shows where a comparator contradicts itself.
            if compare(right[j], left[i]) < 0:
                result.append(right[j])
                j += 1
            else:
                result.append(left[i])
                i += 1
        result.extend(left[i:])
        result.extend(right[j:])
    return result
