"""New lists out of lists: sums, differences, products, groups of items."""

import itertools
from typing import TYPE_CHECKING, Any

from rules.language import equality, kinds, values
from rules.language.kinds import ARRAY, COLLECTION, LIST
from rules.language.members.arguments import amount, is_whole, sequence, wanted
from rules.language.members.collections import like, shared
from rules.language.members.lists import add_all

if TYPE_CHECKING:
    from rules.language.run import Run


@shared("plus", (1, 2), (COLLECTION, ARRAY))
def plus(run: "Run", value: Any, arguments: list[Any]) -> Any:
    other = arguments[-1]
    items = sequence(run, value)
    if len(arguments) == 2:
        add_all(run, items, arguments)
        return like(run, value, items)
    if type(other) in (list, values.OtherList, values.GSet, values.Range, values.Array):
        items.extend(sequence(run, other))
    else:
        items.append(other)
    run.collection(len(items))
    if type(value) is values.GSet and value.order is not None:
        return values.GSet(items, kinds.HASH_SET, room=int(len(value) / 0.75) + 1)
    return like(run, value, items)


@shared("minus", (1, 2), (COLLECTION, ARRAY))
def minus(run: "Run", value: Any, arguments: list[Any]) -> Any:
    other = arguments[0]
    key = arguments[1] if len(arguments) == 2 else None
    many = type(other) in (list, values.OtherList, values.GSet, values.Range, values.Array)
    gone = sequence(run, other) if many else [other]
    if key is not None:
        gone = [run.call(key, [it]) for it in gone]
    kept = []
    for item in run.items(value):
        run.steps(len(gone))
        mine = item if key is None else run.call(key, [item])
        if not any(equality.equal(run, mine, it) for it in gone):
            kept.append(item)
    return like(run, value, kept)


@shared("multiply", 1, (COLLECTION,))
def multiply(run: "Run", value: Any, arguments: list[Any]) -> Any:
    times = amount(run, value, "multiply", arguments, 0)
    if times < 0:
        message = f"multiply() should be called with a number of 0 or greater not: {times}"
        run.fail("java.lang.IllegalArgumentException", message)
    run.collection(len(value) * times)
    return sequence(run, value) * times if type(value) is not values.GSet else like(run, value, list(value) * times)


_MANY = (list, values.OtherList, values.GSet, values.Range, values.Array)


@shared("intersect", (1, 2), (COLLECTION,))
def intersect(run: "Run", value: Any, arguments: list[Any]) -> Any:
    wanted(run, value, "intersect", arguments, type(arguments[0]) in (*_MANY, values.GMap))
    others = sequence(run, arguments[0])
    items = sequence(run, value)
    kept = [item for item in items if any(equality.equal(run, item, other) for other in others)]
    run.steps(len(items) * len(others) >> 3)
    return like(run, value, kept)


@shared("disjoint", 1, (COLLECTION,))
def disjoint(run: "Run", value: Any, arguments: list[Any]) -> bool:
    wanted(run, value, "disjoint", arguments, type(arguments[0]) in _MANY)
    return not len(intersect(run, sequence(run, value), [sequence(run, arguments[0])]))


@shared("collate", (1, 3), (COLLECTION, ARRAY))
def collate(run: "Run", value: Any, arguments: list[Any]) -> list[Any]:
    numbers = [int(item) for item in arguments if is_whole(item)]
    keeps = arguments[-1] if type(arguments[-1]) is bool else True
    size, step = numbers[0], numbers[1] if len(numbers) > 1 else numbers[0]
    items = sequence(run, value)
    if size <= 0:
        return [items]
    if step <= 0:
        run.fail("java.lang.IllegalArgumentException", "step cannot be zero or less")
    found = []
    for at in range(0, len(items), step):
        part = items[at : at + size]
        if len(part) < size and not keeps:
            break
        run.collection(len(part))
        found.append(part)
    return found


@shared("chop", (1, None), (COLLECTION, ARRAY))
def chop(run: "Run", value: Any, arguments: list[Any]) -> list[Any]:
    items = sequence(run, value)
    found = []
    at = 0
    for size in arguments:
        end = len(items) if int(size) < 0 else at + int(size)
        found.append(items[at:end])
        at = end
    return found


@shared("transpose", 0, (LIST,))
def transpose(run: "Run", value: Any, arguments: list[Any]) -> list[Any]:
    rows = [sequence(run, row) for row in run.items(value)]
    return [list(column) for column in zip(*rows, strict=False)]


@shared("combinations", (0, 1), (COLLECTION,))
def combinations(run: "Run", value: Any, arguments: list[Any]) -> list[Any]:
    found: list[Any] = [[]]
    for part in run.items(value):
        options = sequence(run, part) if type(part) in (list, values.Range, values.GSet, values.Array) else [part]
        run.collection(len(found) * len(options))
        found = [[*start, option] for option in options for start in found]
    return [run.call(arguments[0], [item]) for item in found] if arguments else found


@shared("permutations", (0, 1), (LIST,))
def permutations(run: "Run", value: Any, arguments: list[Any]) -> Any:
    items = sequence(run, value)
    count = 1
    for at in range(1, len(items) + 1):
        count *= at
        run.collection(count)
    found = [list(one) for one in itertools.permutations(items)]
    return values.GSet(found, kinds.HASH_SET, room=16)


@shared("subsequences", 0, (LIST,))
def subsequences(run: "Run", value: Any, arguments: list[Any]) -> Any:
    found: list[Any] = []
    for item in run.items(value):
        run.collection(2 * len(found) + 1)
        found += [[*one, item] for one in found] + [[item]]
    return values.GSet(found, kinds.HASH_SET, room=16)


@shared("inits", 0, (COLLECTION,))
def inits(run: "Run", value: Any, arguments: list[Any]) -> list[Any]:
    items = sequence(run, value)
    run.collection(len(items) * len(items) // 2)
    return [items[:at] for at in range(len(items), -1, -1)]


@shared("tails", 0, (COLLECTION,))
def tails(run: "Run", value: Any, arguments: list[Any]) -> list[Any]:
    items = sequence(run, value)
    run.collection(len(items) * len(items) // 2)
    return [items[at:] for at in range(len(items) + 1)]
