"""What ranges alone answer to."""

from typing import TYPE_CHECKING, Any

from rules.language import equality, kinds
from rules.language.kinds import RANGE
from rules.language.members import method
from rules.language.members.arguments import is_whole, sequence

if TYPE_CHECKING:
    from rules.language.run import Run


# Ranges


@method(RANGE, "getFrom")
def get_from(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return (
        value.item(0)
        if value.count and equality.compare(run, value.item(0), value.item(-1 % value.count)) <= 0
        else (value.item(value.count - 1) if value.count else value.first)
    )


@method(RANGE, "getTo")
def get_to(run: "Run", value: Any, arguments: list[Any]) -> Any:
    ends = [value.item(0), value.item(value.count - 1)] if value.count else [value.first, value.last]
    return ends[1] if equality.compare(run, ends[0], ends[1]) <= 0 else ends[0]


@method(RANGE, "isReverse")
def is_reverse(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return equality.compare(run, value.first, value.last) > 0


@method(RANGE, "containsWithinBounds", 1)
def within_bounds(run: "Run", value: Any, arguments: list[Any]) -> bool:
    low, high = get_from(run, value, []), get_to(run, value, [])
    if value.kind is kinds.INT_RANGE and not is_whole(arguments[0]):
        return False
    return equality.compare(run, low, arguments[0]) <= 0 <= equality.compare(run, high, arguments[0])


@method(RANGE, "step", (1, 2))
def step(run: "Run", value: Any, arguments: list[Any]) -> Any:
    by = int(arguments[0])
    if not by:
        run.fail("java.lang.IllegalArgumentException", "step cannot be 0")
    items = sequence(run, value)
    picked = items[::by] if by > 0 else items[::-1][::-by]
    if len(arguments) == 2:
        for item in picked:
            run.call(arguments[1], [item])
        return None
    return picked


@method(RANGE, "by", 1)
def by_(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return step(run, value, arguments)
