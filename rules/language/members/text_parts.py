"""Parts of texts: by position, by count, by what stands around them."""

from typing import TYPE_CHECKING, Any

from rules.language import values
from rules.language.kinds import CHAR_SEQUENCE
from rules.language.members import method
from rules.language.members.arguments import is_text, wanted, whole_count
from rules.language.members.text import INDEX, built, joined, plain, units

if TYPE_CHECKING:
    from rules.language.run import Run


@method(CHAR_SEQUENCE, "getAt", 1)
def get_at(run: "Run", value: Any, arguments: list[Any]) -> str:
    text, key = units(run.text(value)), arguments[0]
    if type(key) is values.Range:
        return joined(_slice(run, text, key))
    if type(key) in (list, values.OtherList, values.Array):
        return joined(built(run, "".join(_one(run, text, item) for item in run.items(key))))
    if is_text(key):
        return str(run.get(value, run.text(key)))
    wanted(run, value, "getAt", arguments, type(key) is int or type(key) is values.Long)
    return _one(run, text, key)


def _one(run: "Run", text: str, key: Any) -> str:
    if type(key) is values.Range:
        return _slice(run, text, key)
    at = int(key)
    if at < 0:
        if at < -len(text):
            message = f"Negative array index [{at}] too large for array size {len(text)}"
            run.fail("java.lang.ArrayIndexOutOfBoundsException", message)
        at += len(text)
    if at >= len(text):
        run.fail(INDEX, f"begin {at}, end {at + 1}, length {len(text)}")
    return text[at]


def bounds(first: int, last: int, size: int) -> tuple[int, int, bool]:
    """First and last index with negative ones counted from the end, and whether the order is reversed."""
    low = first + size if first < 0 else first
    high = last + size if last < 0 else last
    return (high, low, True) if low > high else (low, high, False)


def _slice(run: "Run", text: str, key: values.Range) -> str:
    if not key.count and key.excludes_last and int(key.first) == int(key.last):
        return ""
    low, high, is_reversed = range_bounds(key, len(text))
    if low < 0 or high >= len(text):
        run.fail(INDEX, f"begin {low}, end {high + 1}, length {len(text)}")
    found = built(run, text[low : high + 1])
    return found[::-1] if is_reversed else found


def range_bounds(key: values.Range, size: int) -> tuple[int, int, bool]:
    """What an index range means in something of that size: first and last index, and whether it runs backwards."""
    first, last = int(key.first), int(key.last)
    low, high, is_reversed = bounds(first, last, size)
    if key.excludes_last:
        if is_reversed:
            low += 1
        else:
            high -= 1
    if key.excludes_first:
        if is_reversed:
            high -= 1
        else:
            low += 1
    return low, high, is_reversed


@method(CHAR_SEQUENCE, "take", 1)
def take(run: "Run", value: Any, arguments: list[Any]) -> str:
    return built(run, run.text(value)[: max(0, whole_count(run, value, "take", arguments, 0))])


@method(CHAR_SEQUENCE, "drop", 1)
def drop(run: "Run", value: Any, arguments: list[Any]) -> str:
    return built(run, run.text(value)[max(0, whole_count(run, value, "drop", arguments, 0)) :])


@method(CHAR_SEQUENCE, "takeRight", 1)
def take_right(run: "Run", value: Any, arguments: list[Any]) -> str:
    count = max(0, whole_count(run, value, "takeRight", arguments, 0))
    return built(run, run.text(value)[-count:] if count else "")


@method(CHAR_SEQUENCE, "dropRight", 1)
def drop_right(run: "Run", value: Any, arguments: list[Any]) -> str:
    text = run.text(value)
    return built(run, text[: max(0, len(text) - max(0, whole_count(run, value, "dropRight", arguments, 0)))])


@method(CHAR_SEQUENCE, "takeWhile", 1)
def take_while(run: "Run", value: Any, arguments: list[Any]) -> str:
    text = run.text(value)
    return built(run, text[: _prefix(run, text, arguments[0])])


@method(CHAR_SEQUENCE, "dropWhile", 1)
def drop_while(run: "Run", value: Any, arguments: list[Any]) -> str:
    text = run.text(value)
    return built(run, text[_prefix(run, text, arguments[0]) :])


def _prefix(run: "Run", text: str, condition: Any) -> int:
    for at, character in enumerate(text):
        if not run.truth(run.call(condition, [character])):
            return at
    return len(text)


@method(CHAR_SEQUENCE, "takeBefore", 1)
def take_before(run: "Run", value: Any, arguments: list[Any]) -> str:
    before, found, _ = run.text(value).partition(plain(run, arguments[0]))
    return built(run, before if found else "")


@method(CHAR_SEQUENCE, "takeAfter", 1)
def take_after(run: "Run", value: Any, arguments: list[Any]) -> str:
    return built(run, run.text(value).partition(plain(run, arguments[0]))[2])


@method(CHAR_SEQUENCE, "takeBetween", (1, 2))
def take_between(run: "Run", value: Any, arguments: list[Any]) -> str:
    first, last = plain(run, arguments[0]), plain(run, arguments[-1])
    _, found, rest = run.text(value).partition(first)
    middle, ended, _ = rest.partition(last)
    return built(run, middle if found and ended else "")
