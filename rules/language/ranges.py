"""Ranges of whole numbers, characters, texts, decimals and dates, without a list of their items."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rules.language import equality, kinds, values
from rules.language.equality import INTEGERS, NUMBERS, TEXTS

if TYPE_CHECKING:
    from rules.language.run import Run


def make_range(run: "Run", first: Any, last: Any, excludes_first: bool, excludes_last: bool) -> values.Range:
    """`first..last` with one or both ends left out. Raises Raised."""
    if first is None or last is None:
        run.fail(
            "java.lang.IllegalArgumentException",
            "Must specify a non-null value for the 'from' index in a Range"
            if first is None
            else "Must specify a non-null value for the 'to' index in a Range",
        )
    if type(first) in INTEGERS and type(last) in INTEGERS:
        made = _whole(first, last, excludes_first, excludes_last)
    elif type(first) in TEXTS and type(last) in TEXTS:
        made = _texts(run, run.text(first), run.text(last), excludes_first, excludes_last)
    elif type(first) in NUMBERS and type(last) in NUMBERS:
        made = _numbers(run, first, last, excludes_first, excludes_last)
    else:
        made = _steps(run, first, last, excludes_first, excludes_last)
    if not made.count:
        made.kind = kinds.EMPTY_RANGE
    made.excludes_first = excludes_first
    made.excludes_last = excludes_last
    return made


def _whole(first: Any, last: Any, excludes_first: bool, excludes_last: bool) -> values.Range:
    low, high = int(first), int(last)
    step = 1 if low <= high else -1
    start = low + step * excludes_first
    count = max(0, (high - start) * step + 1 - excludes_last)
    of = type(first) if type(first) is not int else type(last)
    item = (lambda index: start + step * index) if of is int else (lambda index: of(start + step * index))
    kind = kinds.INT_RANGE if of is int and type(last) is int else kinds.OBJECT_RANGE
    return values.Range(first, last, count, item, kind)


def _texts(run: "Run", first: str, last: str, excludes_first: bool, excludes_last: bool) -> values.Range:
    if len(first) != 1 or len(last) != 1:
        if len(first) != len(last):
            message = "Incompatible Strings for Range: different length"
            run.fail("java.lang.IllegalArgumentException", message)
        return _steps(run, first, last, excludes_first, excludes_last)
    low, high = ord(first), ord(last)
    step = 1 if low <= high else -1
    start = low + step * excludes_first
    count = max(0, (high - start) * step + 1 - excludes_last)
    return values.Range(first, last, count, lambda index: chr(start + step * index), kinds.OBJECT_RANGE)


def _numbers(run: "Run", first: Any, last: Any, excludes_first: bool, excludes_last: bool) -> values.Range:
    first = Decimal(str(first)) if type(first) in (float, values.Float) else first
    step = 1 if equality.compare_numbers(first, last) <= 0 else -1
    start = first + step * excludes_first
    count = int((Decimal(str(last)) - Decimal(str(start))) * step) + 1
    if excludes_last and count and equality.compare_numbers(start + step * (count - 1), last) == 0:
        count -= 1
    run.integer(count.bit_length())
    return values.Range(first, last, max(0, count), lambda index: start + step * index, kinds.NUMBER_RANGE)


def _steps(run: "Run", first: Any, last: Any, excludes_first: bool, excludes_last: bool) -> values.Range:
    """A range over anything with `next()`, `previous()` and an order: its items are made at once."""
    sign = equality.compare(run, first, last)
    method = "next" if sign <= 0 else "previous"
    items = [first]
    while equality.compare(run, items[-1], last) * (1 if sign <= 0 else -1) < 0:
        run.steps()
        run.grow(len(items) + 1)
        following = run.call_method(items[-1], method)
        if type(following) is str and len(following) > len(run.text(last)):
            break
        items.append(following)
        if equality.compare(run, items[-1], last) * (1 if sign <= 0 else -1) > 0:
            items.pop()
            break
    if excludes_first:
        items = items[1:]
    if excludes_last and items and equality.equal(run, items[-1], last):
        items.pop()
    return values.Range(first, last, len(items), lambda index: items[index], kinds.OBJECT_RANGE)


def contains(run: "Run", held: values.Range, value: Any) -> bool:
    """Whether the range's items hold the value."""
    if held.kind is kinds.INT_RANGE and type(value) not in (int, values.BigInt):
        return False
    if type(value) in NUMBERS and held.kind in (kinds.INT_RANGE, kinds.NUMBER_RANGE):
        if not held.count:
            return False
        ends = sorted((held.item(0), held.item(held.count - 1)))
        if equality.compare_numbers(ends[0], value) > 0 or equality.compare_numbers(value, ends[1]) > 0:
            return False
        return bool(Decimal(str(value)) % 1 == Decimal(str(ends[0])) % 1)
    if held.count and type(value) in TEXTS and type(held.item(0)) is str:
        run.collection(held.count)
        return any(item == run.text(value) for item in held)
    return any(equality.equal(run, item, value) for item in run.items(held))
