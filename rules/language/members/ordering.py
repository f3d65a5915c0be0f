"""Sorting, the greatest and the least, and what is there once."""

from typing import TYPE_CHECKING, Any

from rules.language import equality, kinds, sorting, values
from rules.language.kinds import ARRAY, COLLECTION, ITERATOR, MAP
from rules.language.members.arguments import is_callable, is_text, sequence, wanted
from rules.language.members.collections import like, shared
from rules.language.raised import Raised

if TYPE_CHECKING:
    from rules.language.run import Run


def _better(run: "Run", value: Any, arguments: list[Any], sign: int) -> Any:
    best: Any = run
    best_key: Any = None
    for item in run.items(value):
        if not arguments:
            if item is None:
                continue
            better = best is run or equality.compare(run, item, best) * sign > 0
        elif run.takes(arguments[0]) == 2 and is_callable(arguments[0]):
            better = best is run or order(run, arguments[0], item, best) * sign > 0
        else:
            key = run.call(arguments[0], [item])
            better = best is run or equality.compare(run, key, best_key) * sign > 0
            best_key = key if better else best_key
        best = item if better else best
    return None if best is run else best


def order(run: "Run", function: Any, a: Any, b: Any) -> int:
    """What a comparator closure of two parameters says."""
    found = run.call(function, [a, b])
    if type(found) is bool:
        message = f"Cannot cast object '{run.text(found)}' with class 'java.lang.Boolean' to class 'int'"
        run.fail("org.codehaus.groovy.runtime.typehandling.GroovyCastException", message)
    return 0 if found is None else (found > 0) - (found < 0)


@shared("max", (0, 1), (COLLECTION, ARRAY, MAP, ITERATOR))
def max_(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return _better(run, value, arguments, 1)


@shared("min", (0, 1), (COLLECTION, ARRAY, MAP, ITERATOR))
def min_(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return _better(run, value, arguments, -1)


@shared("join", (0, 1), (COLLECTION, ARRAY, ITERATOR))
def join(run: "Run", value: Any, arguments: list[Any]) -> str:
    wanted(run, value, "join", arguments, not arguments or arguments[0] is None or is_text(arguments[0]))
    separator = run.text(arguments[0]) if arguments and arguments[0] is not None else ""
    parts = []
    length = 0
    for item in run.items(value):
        part = run.text(item)
        length += len(part) + len(separator)
        run.string(length) if length > run.limits.string else run.allocate(len(part) + len(separator))
        parts.append(part)
    return separator.join(parts)


def compare_somehow(run: "Run", a: Any, b: Any) -> int:
    """`a <=> b`, by their hash codes where there is no order: sorting never fails for the sake of an item."""
    try:
        return equality.compare(run, a, b)
    except Raised as raised:
        if kinds.kind_of(raised.value).simple != "IllegalArgumentException":
            raise
    mine, theirs = (int(run.call_method(item, "hashCode")) for item in (a, b))
    return 0 if mine == theirs and run.call_method(a, "equals", [b]) else 1 if mine > theirs else -1


def comparison(run: "Run", value: Any, function: Any) -> Any:
    """How a sort compares: naturally, by a closure of two, or by the key that a closure of one gives."""
    if function is None:
        return lambda a, b: compare_somehow(run, a, b)
    if is_callable(function) and run.takes(function) != 2:
        return None
    if not is_callable(function):
        return lambda a, b: int(run.call_method(function, "compare", [a, b]))
    return lambda a, b: order(run, function, a, b)


def sorted_items(run: "Run", items: list[Any], function: Any = None) -> list[Any]:
    """The items in order. Keys of a one-parameter closure are made once each."""
    compare = comparison(run, items, function)
    if compare is not None:
        return sorting.merged(run, items, compare)
    keyed = [(run.call(function, [item]), item) for item in items]
    done = sorting.merged(run, keyed, lambda a, b: compare_somehow(run, a[0], b[0]))
    return [item for _, item in done]


def _closure_in(arguments: list[Any]) -> Any:
    return next((item for item in arguments if type(item) is not bool), None)


@shared("sort", (0, 2), (COLLECTION, ARRAY, ITERATOR))
def sort(run: "Run", value: Any, arguments: list[Any]) -> Any:
    mutates = not arguments or arguments[0] is not False
    if mutates and (type(value) is values.Range or getattr(value, "fixed", False) is True):
        run.fail("java.lang.UnsupportedOperationException", None)
    how = _closure_in(arguments)
    done = sorted_items(run, sequence(run, value), how)
    if type(value) is values.Array and how is not None:
        return values.Array(done, value.component)
    if type(value) is values.OtherList and not kinds.is_kind(value.kind, kinds.LIST):
        return done
    if mutates and type(value) in (list, values.OtherList, values.Array):
        value[:] = done
        # With a comparator instead of a closure this is Java's own method, which gives nothing.
        return None if len(arguments) == 1 and kinds.kind_of(how).simple == "Comparator" else value
    return done


@shared("toSorted", (0, 1), (COLLECTION, ARRAY, MAP, ITERATOR))
def to_sorted(run: "Run", value: Any, arguments: list[Any]) -> Any:
    if type(value) is values.GSet:
        return sorted_items(run, sequence(run, value), _closure_in(arguments))
    return like(run, value, sorted_items(run, sequence(run, value), _closure_in(arguments)))


def uniques(run: "Run", items: list[Any], function: Any) -> list[Any]:
    """Without what equals something before it, by value, by key or by comparator."""
    kept: list[Any] = []
    keys: list[Any] = []
    seen: set[Any] = set()
    for item in items:
        run.steps()
        is_pair = function is not None and run.takes(function) == 2
        key = item if function is None or is_pair else run.call(function, [item])
        if is_pair:
            known = any(order(run, function, item, other) == 0 for other in kept)
        elif type(key) is str:
            known = key in seen
            seen.add(key)
        else:
            run.steps(len(keys))
            known = any(equality.equal(run, key, other) for other in keys)
        if not known:
            kept.append(item)
            if type(key) is not str:
                keys.append(key)
    return kept


@shared("unique", (0, 2), (COLLECTION, ARRAY, ITERATOR))
def unique(run: "Run", value: Any, arguments: list[Any]) -> Any:
    if type(value) is values.Range and (not arguments or arguments[0] is not False):
        run.fail("java.lang.UnsupportedOperationException", None)
    kept = uniques(run, sequence(run, value), _closure_in(arguments))
    if type(value) in (list, values.OtherList) and (not arguments or arguments[0] is not False):
        value[:] = kept
        return value
    if type(value) is values.GSet and (not arguments or arguments[0] is not False):
        for item in sequence(run, value):
            if not any(item is one for one in kept):
                value.remove(item)
        return value
    return like(run, value, kept)


@shared("toUnique", (0, 1), (COLLECTION, ARRAY, ITERATOR))
def to_unique(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return like(run, value, uniques(run, sequence(run, value), _closure_in(arguments)))
